use std::sync::{Arc, Mutex};

use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use store::{Store, UnchangedRegistry};
use testkit::{
    HttpServer, Reply, SiteMode, TestListing, TestRegistry, TestServer, TestSite, wait_until,
};

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
async fn the_step_that_failed_has_its_own_name() {
    let server = server().await;
    let client = server.with_token("write");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    let plain = TestSite::files(TestRegistry::numbered("Harbour", 1).files()).await;
    for (url, step) in [
        ("ftp://127.0.0.1/".to_owned(), "address"),
        (format!("http://{closed}/"), "connection"),
        (format!("https://{closed}/"), "connection"),
        (plain.url().replace("http:", "https:"), "tls"),
    ] {
        let body = json!({"url": url, "keep": true});
        let answer = client.post("/api/v1/registries", body).await;
        let told = match answer.status {
            StatusCode::CREATED => answer.json()["health"]["step"].clone(),
            _ => answer.json()["step"].clone(),
        };
        assert_eq!(told, step, "{url}");
    }
}

#[tokio::test]
async fn registries_of_one_name_say_where_they_lie() {
    let fixture = with_registry(TestRegistry::numbered("Harbour", 1)).await;
    assert_eq!(fixture.registry.get("place"), None);
    let twin = TestSite::files(TestRegistry::numbered("Harbour", 1).files()).await;
    let body = json!({"url": twin.url()});
    let added = fixture.client.post("/api/v1/registries", body).await;
    let twin_id = added.expect(StatusCode::CREATED).json()["id"].clone();

    let place = |url: &str| {
        url.trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned()
    };
    let mut expected = [place(&fixture.site.url()), place(&twin.url())];
    expected.sort();
    let all = fixture.client.get("/api/v1/registries").await.json();
    let mut places = names(&all, "place");
    places.sort();
    assert_eq!(places, expected);

    let found = fixture.client.get("/api/v1/listings").await.json();
    for listing in found["items"].as_array().unwrap() {
        let place = listing["registry"]["place"].as_str().unwrap();
        assert!(expected.iter().any(|known| known == place), "{listing}");
    }
    for facet in found["facets"]["registry"].as_array().unwrap() {
        assert!(
            facet["label"]
                .as_str()
                .unwrap()
                .starts_with("Harbour (127.0.0.1:"),
            "{facet}"
        );
    }

    let path = format!("/api/v1/registries/{}", twin_id.as_str().unwrap());
    let removed = fixture.client.send(Method::DELETE, &path, None).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    let left = fixture.client.get("/api/v1/registries").await.json();
    assert_eq!(left["items"][0].get("place"), None);
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

/// Serves one registry and notes who sent credentials; the other sends everybody there.
async fn redirected() -> (HttpServer, HttpServer, Arc<Mutex<Vec<bool>>>) {
    let files = TestRegistry::numbered("Harbour", 1).files();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    let target = HttpServer::start(move |request| {
        let has_credentials = request.headers.contains_key(header::AUTHORIZATION);
        noted.lock().unwrap().push(has_credentials);
        let reply = match files.get(request.path.trim_start_matches('/')) {
            Some(bytes) => Reply::new(StatusCode::OK, bytes.clone()),
            None => Reply::new(StatusCode::NOT_FOUND, ""),
        };
        Box::pin(async { reply })
    })
    .await;
    let to = target.address();
    let typed = HttpServer::start(move |request| {
        let location = format!("http://{to}{}", request.path);
        let reply = Reply::new(StatusCode::MOVED_PERMANENTLY, "");
        let reply = reply.header(header::LOCATION, &location);
        Box::pin(async { reply })
    })
    .await;
    (typed, target, seen)
}

#[tokio::test]
async fn credentials_never_follow_a_redirect_not_even_at_the_next_refresh() {
    let (typed, target, seen) = redirected().await;
    let server = server().await;
    let client = server.with_token("write");
    let url = format!("http://{}/", typed.address());
    let body = json!({"url": url, "username": "harbour", "password": "tide-table"});
    let added = client.post("/api/v1/registries", body).await;
    let registry = added.expect(StatusCode::CREATED).json();
    assert_eq!(registry["url"], url);
    let asked = seen.lock().unwrap().len();
    assert!(asked > 0, "{}", target.address());
    read_long_ago(&server, &registry).await;

    let path = format!("/api/v1/registries/{}", registry["id"].as_str().unwrap());
    let refreshed = client.post(&format!("{path}/refresh"), json!({})).await;
    assert_eq!(
        refreshed.status,
        StatusCode::ACCEPTED,
        "{}",
        refreshed.text()
    );
    wait_until("the next reading", async || {
        seen.lock().unwrap().len() > asked
    })
    .await;
    let seen = seen.lock().unwrap();
    assert!(seen.iter().all(|credentials| !credentials), "{seen:?}");
}

/// Makes the server believe that it read a registry an hour ago: it reads none twice in a minute.
async fn read_long_ago(server: &TestServer, registry: &Value) {
    let database = server.data().join("quayside.sqlite");
    let store = Store::open(&format!("sqlite:{}", database.display()))
        .await
        .unwrap();
    let unchanged = UnchangedRegistry {
        id: registry["id"].as_str().unwrap().parse().unwrap(),
        next_attempt_at: None,
    };
    let long_ago = 1_764_000_000_000;
    let registries = store.registries();
    registries
        .record_unchanged(&[unchanged], long_ago)
        .await
        .unwrap();
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_logo_that_changed_is_fetched_again() {
    let registry = |logo: Value| {
        let mut files = TestRegistry::numbered("Harbour", 1).files();
        let list = &files["1.1/list.json"];
        let mut list: Value = serde_json::from_slice(list).unwrap();
        list["icon"] = logo;
        files.insert("1.1/list.json".to_owned(), list.to_string().into());
        for (name, colour) in [("one", "red"), ("two", "blue")] {
            let svg = format!(
                "<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9' fill='{colour}'/></svg>"
            );
            files.insert(format!("1.1/{name}.svg"), svg.into());
        }
        files
    };
    let server = server().await;
    let client = server.with_token("write");
    let site = TestSite::files(registry(json!("one.svg"))).await;
    let added = client
        .post("/api/v1/registries", json!({"url": site.url()}))
        .await;
    let added = added.expect(StatusCode::CREATED).json();
    let path = format!("/api/v1/registries/{}", added["id"].as_str().unwrap());
    let icon = async || client.get(&path).await.json()["icon"].clone();
    let drawn = added["icon"].clone();
    wait_until("the logo", async || icon().await != drawn).await;
    let one = icon().await;

    for (logo, asked) in [("two.svg", "/1.1/two.svg"), ("none.svg", "/1.1/none.svg")] {
        let before = icon().await;
        site.replace(registry(json!(logo)));
        read_long_ago(&server, &added).await;
        client.post(&format!("{path}/refresh"), json!({})).await;
        wait_until("another logo", async || icon().await != before).await;
        assert!(site.asked().iter().any(|(path, _)| path == asked));
    }
    // Where the new one cannot be had, neither is the old one shown.
    assert_eq!(icon().await, drawn);
    assert_ne!(one, drawn);
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
    let tag = changed.header(header::ETAG).unwrap().to_owned();
    let late = fixture.client.clone().with(header::IF_MATCH, "\"1\"");
    let body = json!({"automatic_updates": true});
    let refused = late.send(Method::PATCH, &path, Some(body.clone())).await;
    let problem = refused.expect(StatusCode::PRECONDITION_FAILED).json();
    assert_eq!(problem["code"], "version-conflict");
    let kept = late.send(Method::DELETE, &path, None).await;
    assert_eq!(kept.status, StatusCode::PRECONDITION_FAILED);
    let shown = fixture.client.get(&path).await;
    assert_eq!(shown.header(header::ETAG), Some(tag.as_str()));
    assert_eq!(shown.json()["automatic_updates"], false);
    let reader = fixture.client.clone().with(header::IF_MATCH, &tag);
    let changed = reader.send(Method::PATCH, &path, Some(body)).await;
    assert_eq!(
        changed.expect(StatusCode::OK).json()["automatic_updates"],
        true
    );
    let unknown = json!({"automatic": false});
    let refused = fixture
        .client
        .send(Method::PATCH, &path, Some(unknown))
        .await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
}
