use http::{Method, StatusCode, header};
use serde_json::json;
use testkit::{SiteMode, TestListing, TestRegistry, TestSite, wait_until};

use super::{names, server, with_registry};

#[tokio::test]
async fn a_registry_is_added_by_its_address_and_shown() {
    let fixture = with_registry(TestRegistry::numbered("Harbour", 3)).await;
    let registry = &fixture.registry;
    assert_eq!(registry["name"], "Harbour");
    assert_eq!(registry["listing_count"], 3);
    assert_eq!(registry["health"]["state"], "ok");
    let path = format!("/api/v1/registries/{}", registry["id"].as_str().unwrap());
    assert_eq!(
        fixture.client.get(&path).await.json()["url"],
        fixture.site.url()
    );
    let all = fixture.client.get("/api/v1/registries").await.json();
    assert_eq!(names(&all, "name"), ["Harbour"]);
    assert_eq!(all["total"], 1);
}

#[tokio::test]
async fn the_same_registry_again_is_a_conflict_that_names_it() {
    let fixture = with_registry(TestRegistry::numbered("Harbour", 1)).await;
    let pasted = format!(" {}1.1/list.json ", fixture.site.url());
    let again = fixture
        .client
        .post("/api/v1/registries", json!({"url": pasted}))
        .await;
    let problem = again.expect(StatusCode::CONFLICT).json();
    assert_eq!(problem["code"], "registry-exists");
    assert_eq!(problem["registry"], fixture.registry["id"]);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_with_its_step_and_not_stored() {
    let server = server().await;
    let client = server.with_token("write");
    let site = TestSite::files(TestRegistry::numbered("Harbour", 1).files()).await;
    site.behave(SiteMode::WebPage);
    let answer = client
        .post("/api/v1/registries", json!({"url": site.url()}))
        .await;
    assert_eq!(
        answer.header(header::CONTENT_TYPE),
        Some("application/problem+json")
    );
    let problem = answer.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
    assert_eq!(problem["code"], "registry-unreadable");
    assert_eq!(problem["step"], "list");
    assert!(!problem["detail"].as_str().unwrap().is_empty());
    assert_eq!(client.get("/api/v1/registries").await.json()["total"], 0);

    let body = json!({"url": site.url(), "keep": true});
    let kept = client
        .post("/api/v1/registries", body)
        .await
        .expect(StatusCode::CREATED)
        .json();
    assert_eq!(kept["health"]["state"], "failing");
    assert_eq!(kept["health"]["step"], "list");
}

#[tokio::test]
async fn a_bad_entry_is_set_aside_while_the_rest_is_shown() {
    let good = TestListing::new("Good", "image-registry.invalid/good:1");
    let bad =
        TestListing::new("Bad", "image-registry.invalid/bad:1").with("friendly_name", json!({}));
    let fixture = with_registry(TestRegistry::new("Mixed", [bad, good])).await;
    assert_eq!(fixture.registry["listing_count"], 1);
    let aside = &fixture.registry["set_aside"][0];
    assert!(
        aside["place"]
            .as_str()
            .unwrap()
            .starts_with("/workspaces/0"),
        "{aside}"
    );
    assert!(!aside["reason"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn a_refresh_right_after_another_is_shared() {
    let fixture = with_registry(TestRegistry::numbered("Harbour", 2)).await;
    let path = format!(
        "/api/v1/registries/{}",
        fixture.registry["id"].as_str().unwrap()
    );
    let asked = fixture
        .site
        .asked()
        .iter()
        .filter(|(path, _)| path.ends_with("list.json"))
        .count();
    for _ in 0..3 {
        let answer = fixture
            .client
            .post(&format!("{path}/refresh"), json!({}))
            .await;
        assert_eq!(
            answer.expect(StatusCode::ACCEPTED).header(header::LOCATION),
            Some(path.as_str())
        );
    }
    let again = fixture
        .site
        .asked()
        .iter()
        .filter(|(path, _)| path.ends_with("list.json"))
        .count();
    assert_eq!(again, asked);
}

#[tokio::test]
async fn a_check_tells_each_step_as_a_line() {
    let server = server().await;
    let client = server.with_token("write");
    let site = TestSite::files(TestRegistry::numbered("Harbour", 2).files()).await;
    let answer = client
        .post("/api/v1/registries/inspect", json!({"url": site.url()}))
        .await;
    assert_eq!(
        answer.header(header::CONTENT_TYPE),
        Some("application/x-ndjson")
    );
    let text = answer.expect(StatusCode::OK).text();
    let steps: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(steps.len() >= 5, "{text}");
    assert!(
        steps.iter().all(|step| step["outcome"] == "passed"),
        "{text}"
    );
    assert_eq!(client.get("/api/v1/registries").await.json()["total"], 0);
}

#[tokio::test]
async fn a_removed_registry_takes_its_listings_along() {
    let fixture = with_registry(TestRegistry::numbered("Harbour", 2)).await;
    let path = format!(
        "/api/v1/registries/{}",
        fixture.registry["id"].as_str().unwrap()
    );
    let gone = fixture.client.send(Method::DELETE, &path, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(
        fixture.client.get(&path).await.status,
        StatusCode::NOT_FOUND
    );
    wait_until("the listings to go", async || {
        fixture.client.get("/api/v1/listings").await.json()["total"] == 0
    })
    .await;
}

#[tokio::test]
async fn settings_of_a_registry_are_changed_one_by_one() {
    let fixture = with_registry(TestRegistry::numbered("Harbour", 1)).await;
    let path = format!(
        "/api/v1/registries/{}",
        fixture.registry["id"].as_str().unwrap()
    );
    let body = json!({"automatic_updates": false});
    let changed = fixture
        .client
        .send(Method::PATCH, &path, Some(body))
        .await
        .expect(StatusCode::OK);
    assert_eq!(changed.json()["automatic_updates"], false);
    let unknown = json!({"automatic": false});
    let refused = fixture
        .client
        .send(Method::PATCH, &path, Some(unknown))
        .await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
}
