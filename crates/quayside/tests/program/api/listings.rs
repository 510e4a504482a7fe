use http::{Method, StatusCode};
use serde_json::json;
use testkit::{TestListing, TestRegistry};

use super::{listing, names, with_registry};

fn harbour() -> TestRegistry {
    let listing = |name: &str| TestListing::new(name, "image-registry.invalid/harbour/x:1.0");
    TestRegistry::new(
        "Harbour",
        [
            listing("Zebra").with("description", json!("Knows chromium by name.")),
            listing("Ungoogled Chromium").with("categories", json!(["Browser"])),
            listing("Chromium").with("categories", json!(["Browser", "Office"])),
            listing("Café").with("run_config", json!({"privileged": true})),
            listing("Arm only").with("architecture", json!(["arm64"])),
        ],
    )
}

#[tokio::test]
async fn search_puts_beginnings_first_and_folds_case_and_accents() {
    let fixture = with_registry(harbour()).await;
    let found = fixture
        .client
        .get("/api/v1/listings?search=CHROM")
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        names(&found.json(), "friendly_name"),
        ["Chromium", "Ungoogled Chromium", "Zebra"]
    );
    let found = fixture
        .client
        .get("/api/v1/listings?search=cafe")
        .await
        .json();
    assert_eq!(names(&found, "friendly_name"), ["Café"]);
    let found = fixture
        .client
        .get("/api/v1/listings?search=nothing+of+this")
        .await
        .json();
    assert_eq!(found["total"], 0);
}

#[tokio::test]
async fn filters_and_facets_agree() {
    let fixture = with_registry(harbour()).await;
    let all = fixture.client.get("/api/v1/listings").await.json();
    let facet = |name: &str, value: &str| {
        let facets = all["facets"][name].as_array().unwrap();
        facets.iter().find(|facet| facet["value"] == value).unwrap()["count"].clone()
    };
    assert_eq!(facet("category", "Browser"), 2);
    assert_eq!(facet("architecture", "arm64"), 5);
    assert_eq!(facet("architecture", "amd64"), 4);
    for (query, count) in [
        ("category=Browser", 2),
        ("category=browser", 2),
        ("architecture=amd64", 4),
        ("risk=flagged", 1),
        ("risk=unflagged", 4),
        ("installed=true", 0),
        ("installed=false", 5),
    ] {
        let found = fixture
            .client
            .get(&format!("/api/v1/listings?{query}"))
            .await
            .json();
        assert_eq!(found["total"], count, "{query}");
    }
    let id = fixture.registry["id"].as_str().unwrap();
    let found = fixture
        .client
        .get(&format!("/api/v1/listings?registry={id}"))
        .await
        .json();
    assert_eq!(found["total"], 5);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    let fixture = with_registry(TestRegistry::numbered("Many", 130)).await;
    let mut seen = Vec::new();
    for page in 1..=4 {
        let path = format!("/api/v1/listings?per_page=40&page={page}");
        let listings = fixture.client.get(&path).await.json();
        assert_eq!(listings["total"], 130);
        assert_eq!(listings["page"], page);
        assert_eq!(listings["per_page"], 40);
        seen.extend(names(&listings, "friendly_name"));
    }
    assert_eq!(seen.len(), 130);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 130);
    assert_eq!(
        fixture.client.get("/api/v1/listings").await.json()["per_page"],
        60
    );
    let beyond = fixture.client.get("/api/v1/listings?page=99").await.json();
    assert_eq!(beyond["items"], json!([]));
    for query in [
        "per_page=0",
        "per_page=201",
        "page=0",
        "page=x",
        "registry=x",
        "sort=colour",
    ] {
        let refused = fixture
            .client
            .get(&format!("/api/v1/listings?{query}"))
            .await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn a_listing_is_told_with_its_json_as_published_and_its_findings() {
    let fixture = with_registry(harbour()).await;
    let id = listing(&fixture.client, "Café").await;
    let answer = fixture
        .client
        .get(&format!("/api/v1/listings/{id}"))
        .await
        .expect(StatusCode::OK);
    let told = answer.json();
    assert_eq!(told["json"]["run_config"], json!({"privileged": true}));
    assert_eq!(told["findings"][0]["id"], "privilege");
    assert_eq!(told["warned"], true);
    let unknown = "/api/v1/listings/0190a5f0-0000-7000-8000-000000000000";
    assert_eq!(
        fixture.client.get(unknown).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_no_agent_can_run_is_counted_and_shown_on_demand() {
    let fixture = with_registry(harbour()).await;
    let observed = json!({
        "hostname": "dock",
        "engine": "store",
        "version": "1.0",
        "architecture": "amd64",
        "disk": null,
        "images": [],
    });
    let agent = fixture.server.with_token("agent");
    let answer = agent.send(Method::PUT, "/api/agent/v1/observed", Some(observed));
    assert_eq!(answer.await.status, StatusCode::NO_CONTENT);

    let fitting = fixture.client.get("/api/v1/listings").await.json();
    assert_eq!(fitting["total"], 4);
    let unfit = &fitting["facets"]["unfit"][0];
    assert_eq!(
        (&unfit["value"], &unfit["count"]),
        (&json!("architecture"), &json!(1))
    );

    let all = fixture
        .client
        .get("/api/v1/listings?unfit=show")
        .await
        .json();
    assert_eq!(names(&all, "friendly_name")[0], "Arm only");
    assert_eq!(all["items"][0]["unfit"], json!({"reason": "architecture"}));
    assert_eq!(all["items"][1]["unfit"], json!(null));
    let path = format!(
        "/api/v1/listings/{}",
        all["items"][0]["id"].as_str().unwrap()
    );
    let told = fixture.client.get(&path).await.json();
    assert_eq!(told["unfit"], json!({"reason": "architecture"}));
}

#[tokio::test]
async fn fields_that_were_left_empty_say_nothing() {
    let fixture = with_registry(harbour()).await;
    let query = "search=&category=&registry=&architecture=&risk=&installed=&unfit=&sort=&page=";
    let all = fixture
        .client
        .get(&format!("/api/v1/listings?{query}"))
        .await;
    assert_eq!(all.expect(StatusCode::OK).json()["total"], 5);
}
