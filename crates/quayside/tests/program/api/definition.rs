use http::{StatusCode, header};
use serde_json::{Value, json};
use testkit::{TestListing, TestRegistry};

use super::{listing, with_registry};

#[tokio::test]
async fn a_definition_in_every_form() {
    let offered = TestListing::new("Notes", "127.0.0.1:9/notes:1.0").with(
        "run_config",
        json!({"hostname": "kasm", "environment": {"NOTE": "it's"}}),
    );
    let fixture = with_registry(TestRegistry::new("Harbour", [offered])).await;
    let client = &fixture.client;
    let listing = listing(client, "Notes").await;
    let changes = json!({"run_config": {"hostname": "quay", "shm-size": 1}, "exec_config": {"go": {"cmd": "x"}}});
    let body = json!({"listing": listing, "changes": changes});
    let installed = client.post("/api/v1/workspaces", body).await;
    let workspace = installed.expect(StatusCode::ACCEPTED).json();
    let path = format!(
        "/api/v1/workspaces/{}/definition",
        workspace["id"].as_str().unwrap()
    );

    let whole = client.get(&path).await.expect(StatusCode::OK).json();
    assert_eq!(whole["workspace"], workspace["id"]);
    assert_eq!(whole["base"]["run_config"]["hostname"], "kasm");
    assert_eq!(whole["changes"], changes);
    assert_eq!(
        whole["definition"]["run_config"],
        json!({"hostname": "quay", "environment": {"NOTE": "it's"}, "shm-size": 1})
    );
    assert_eq!(whole["image"], "127.0.0.1:9/notes:1.0");
    let left_out: Vec<&str> = whole["not_expressed"]["docker"]
        .as_array()
        .unwrap()
        .iter()
        .map(|remark| remark["property"].as_str().unwrap())
        .collect();
    for property in ["image", "run_config.shm-size", "exec_config.go"] {
        assert!(left_out.contains(&property), "{left_out:?}");
    }
    let same = client.get(&format!("{path}?format=json")).await.json();
    assert_eq!(same, whole);

    let line = client
        .get(&format!("{path}?format=docker"))
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        line.header(header::CONTENT_TYPE),
        Some("text/plain; charset=utf-8")
    );
    assert!(
        line.text().contains("# Not expressed: exec_config.go: "),
        "{}",
        line.text()
    );
    assert!(line.text().contains("--hostname quay"), "{}", line.text());
    assert!(
        line.text().contains(r"--env 'NOTE=it'\''s'"),
        "{}",
        line.text()
    );
    let file = client
        .get(&format!("{path}?format=compose"))
        .await
        .expect(StatusCode::OK);
    assert_eq!(file.header(header::CONTENT_TYPE), Some("application/yaml"));
    assert!(
        file.text().contains("    hostname: \"quay\"\n"),
        "{}",
        file.text()
    );
    let image: Value = client
        .get(&format!("{path}?format=kasm"))
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(image["run_config"]["hostname"], "quay");
    assert_eq!(image["name"], "127.0.0.1:9/notes:1.0");
    assert!(
        image["image_src"]
            .as_str()
            .unwrap()
            .starts_with(&fixture.site.url())
    );

    let unknown = client.get(&format!("{path}?format=helm")).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let missing = client
        .get(&format!("/api/v1/workspaces/{listing}/definition"))
        .await;
    assert_eq!(
        missing.expect(StatusCode::NOT_FOUND).json()["code"],
        "workspace-not-found"
    );
}
