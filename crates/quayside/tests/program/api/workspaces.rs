use http::{HeaderName, Method, StatusCode, header};
use serde_json::{Value, json};
use testkit::{TestClient, TestListing, TestRegistry};

use super::{Fixture, listing, with_registry};

async fn one() -> (Fixture, String) {
    let offered = TestListing::new("Notes", "127.0.0.1:9/notes:1.0");
    let fixture = with_registry(TestRegistry::new("Harbour", [offered])).await;
    let id = listing(&fixture.client, "Notes").await;
    (fixture, id)
}

async fn install(client: &TestClient, listing: &str) -> Value {
    let answer = client
        .post("/api/v1/workspaces", json!({"listing": listing}))
        .await;
    answer.expect(StatusCode::ACCEPTED).json()
}

fn path(workspace: &Value) -> String {
    format!("/api/v1/workspaces/{}", workspace["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_second_install_does_nothing_twice() {
    let (fixture, listing) = one().await;
    let client = &fixture.client;
    let first = client
        .post("/api/v1/workspaces", json!({"listing": listing}))
        .await;
    let first = first.expect(StatusCode::ACCEPTED);
    let workspace = first.json();
    assert_eq!(
        first.header(header::LOCATION),
        Some(path(&workspace).as_str())
    );
    assert_eq!(workspace["friendly_name"], "Notes");
    let again = client
        .post("/api/v1/workspaces", json!({"listing": listing}))
        .await;
    assert_eq!(again.expect(StatusCode::OK).json()["id"], workspace["id"]);
    let copy = client
        .post(
            "/api/v1/workspaces",
            json!({"listing": listing, "copy": true}),
        )
        .await;
    assert_ne!(
        copy.expect(StatusCode::ACCEPTED).json()["id"],
        workspace["id"]
    );
    assert_eq!(client.get("/api/v1/workspaces").await.json()["total"], 2);
    let listed = client.get("/api/v1/listings?installed=true").await.json();
    assert_eq!(listed["total"], 1);
}

#[tokio::test]
async fn many_clicks_at_once_are_one_install() {
    let (fixture, listing) = one().await;
    let clicks = (0..8).map(|_| {
        let client = fixture.client.clone();
        let body = json!({"listing": listing});
        tokio::spawn(async move { client.post("/api/v1/workspaces", body).await })
    });
    let mut begun = 0;
    for click in clicks.collect::<Vec<_>>() {
        let answer = click.await.unwrap();
        assert!(answer.status.is_success(), "{}", answer.text());
        begun += usize::from(answer.status == StatusCode::ACCEPTED);
    }
    assert_eq!(begun, 1);
    assert_eq!(
        fixture.client.get("/api/v1/workspaces").await.json()["total"],
        1
    );
}

#[tokio::test]
async fn without_an_agent_the_state_says_so() {
    let (fixture, listing) = one().await;
    let workspace = install(&fixture.client, &listing).await;
    assert_eq!(workspace["state"], "no_agent_fits");
}

#[tokio::test]
async fn a_change_over_a_newer_one_is_refused() {
    let (fixture, listing) = one().await;
    let workspace = install(&fixture.client, &listing).await;
    let shown = fixture.client.get(&path(&workspace)).await;
    let tag = shown.header(header::ETAG).unwrap().to_owned();
    let editor = fixture.client.clone().with(header::IF_MATCH, &tag);
    let body = json!({"changes": {"cores": 3}});
    let changed = editor
        .send(Method::PATCH, &path(&workspace), Some(body))
        .await;
    assert_eq!(
        changed.expect(StatusCode::OK).json()["changes"],
        json!({"cores": 3})
    );
    let body = json!({"changes": {"cores": 4}});
    let late = editor
        .send(Method::PATCH, &path(&workspace), Some(body))
        .await;
    let problem = late.expect(StatusCode::PRECONDITION_FAILED).json();
    assert_eq!(problem["code"], "version-conflict");
    let kept = fixture.client.get(&path(&workspace)).await.json();
    assert_eq!(kept["changes"], json!({"cores": 3}));
}

#[tokio::test]
async fn changes_are_checked_like_a_listing() {
    let (fixture, listing) = one().await;
    for changes in [
        json!({"friendly_name": ""}),
        json!({"friendly_name": null}),
        json!({"cores": "two"}),
    ] {
        let body = json!({"listing": listing, "changes": changes});
        let refused = fixture.client.post("/api/v1/workspaces", body).await;
        let problem = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
        let pointer = problem["errors"][0]["pointer"].as_str().unwrap();
        assert!(pointer.starts_with("/changes"), "{problem}");
    }
    assert_eq!(
        fixture.client.get("/api/v1/workspaces").await.json()["total"],
        0
    );
    let body = json!({"listing": listing, "changes": {"friendly_name": "My notes", "memory": 512}});
    let installed = fixture.client.post("/api/v1/workspaces", body).await;
    let installed = installed.expect(StatusCode::ACCEPTED).json();
    assert_eq!(installed["friendly_name"], "My notes");
    assert_eq!(installed["memory_mb"], 512);
}

#[tokio::test]
async fn a_repeated_post_with_its_key_is_answered_as_before() {
    let (fixture, listing) = one().await;
    let key = HeaderName::from_static("idempotency-key");
    let client = fixture.client.clone().with(key, "one");
    let body = json!({"listing": listing, "copy": true});
    let first = client
        .post("/api/v1/workspaces", body.clone())
        .await
        .expect(StatusCode::ACCEPTED);
    let again = client
        .post("/api/v1/workspaces", body)
        .await
        .expect(StatusCode::ACCEPTED);
    assert_eq!(again.body, first.body);
    assert_eq!(
        again.header(header::LOCATION),
        first.header(header::LOCATION)
    );
    assert_eq!(
        fixture.client.get("/api/v1/workspaces").await.json()["total"],
        1
    );
    let other = client
        .post("/api/v1/workspaces", json!({"listing": listing}))
        .await;
    let problem = other.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
    assert_eq!(problem["code"], "idempotency-key-reused");
}

#[tokio::test]
async fn an_uninstalled_workspace_is_gone_and_can_come_back() {
    let (fixture, listing) = one().await;
    let workspace = install(&fixture.client, &listing).await;
    let removed = fixture
        .client
        .send(Method::DELETE, &path(&workspace), None)
        .await;
    assert_eq!(removed.status, StatusCode::ACCEPTED);
    assert_eq!(
        fixture.client.get(&path(&workspace)).await.status,
        StatusCode::NOT_FOUND
    );
    let again = install(&fixture.client, &listing).await;
    assert_ne!(again["id"], workspace["id"], "ids are never used again");
}

#[tokio::test]
async fn a_workspace_outlives_its_registry() {
    let (fixture, listing) = one().await;
    let workspace = install(&fixture.client, &listing).await;
    let registry = format!(
        "/api/v1/registries/{}",
        fixture.registry["id"].as_str().unwrap()
    );
    fixture.client.send(Method::DELETE, &registry, None).await;
    let kept = fixture
        .client
        .get(&path(&workspace))
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(kept["friendly_name"], "Notes");
    assert_eq!(kept["registry_name"], "Harbour");
}

#[tokio::test]
async fn what_a_person_edits_is_held_to_more_than_a_list() {
    let (fixture, listing) = one().await;
    let client = &fixture.client;
    let workspace = install(client, &listing).await;
    let deep = format!("{}1{}", "{\"a\":".repeat(70), "}".repeat(70));
    let deep: Value = serde_json::from_str(&deep).unwrap();
    for (changes, place, words) in [
        (
            json!({"friendly_name": "n".repeat(201)}),
            "/changes/friendly_name",
            "200 characters",
        ),
        (
            json!({"exec_config": {"go": 5}}),
            "/changes/exec_config",
            "not an object",
        ),
        (json!({"run_config": deep}), "/changes", "64"),
    ] {
        let answer = client
            .send(
                Method::PATCH,
                &path(&workspace),
                Some(json!({"changes": changes})),
            )
            .await;
        let problem = answer.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
        assert_eq!(problem["errors"][0]["pointer"], place, "{problem}");
        let detail = problem["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{problem}");
    }
}

#[tokio::test]
async fn an_install_for_no_agent_is_refused_whatever_is_there() {
    let (fixture, listing) = one().await;
    let client = &fixture.client;
    let nobody = "01900000-0000-7000-8000-000000000000";
    for _ in 0..2 {
        for agents in [json!([]), json!([nobody])] {
            let body = json!({"listing": listing, "agents": agents});
            let answer = client.post("/api/v1/workspaces", body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        client
            .post("/api/v1/workspaces", json!({"listing": listing}))
            .await;
    }
}
