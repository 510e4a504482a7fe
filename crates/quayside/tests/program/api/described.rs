//! The description of the API against what its routes really answer.

use std::collections::BTreeSet;

use http::{HeaderName, Method, StatusCode, header};
use serde_json::{Value, json};
use testkit::{Answer, TestClient};

use super::server;

const UNKNOWN: &str = "01930000-0000-7000-8000-000000000001";

/// An operation of the description.
struct Operation {
    method: Method,
    path: String,
    description: Value,
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, description) in item.as_object().unwrap() {
            operations.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                description: description.clone(),
            });
        }
    }
    assert!(operations.len() > 15, "{}", operations.len());
    operations
}

impl Operation {
    fn has_parameter(&self, place: &str, name: Option<&str>) -> bool {
        let parameters = self.description["parameters"].as_array();
        parameters.into_iter().flatten().any(|parameter| {
            parameter["in"] == place && name.is_none_or(|name| parameter["name"] == name)
        })
    }

    fn statuses(&self) -> BTreeSet<u16> {
        let answers = self.description["responses"].as_object().unwrap();
        answers
            .keys()
            .map(|status| status.parse().unwrap())
            .collect()
    }

    async fn ask(&self, client: &TestClient, id: &str, query: &str, body: Option<Value>) -> Answer {
        let path = format!("{}{query}", self.path.replace("{id}", id));
        client.send(self.method.clone(), &path, body).await
    }
}

#[tokio::test]
async fn operations_refuse_as_they_are_described() {
    let server = server().await;
    let (write, agent) = (server.with_token("write"), server.with_token("agent"));
    let document = write.get("/api/v1/openapi.json").await.json();
    let key = HeaderName::from_static("idempotency-key");
    for (number, operation) in operations(&document).iter().enumerate() {
        let has_body = !operation.description["requestBody"].is_null();
        let valid = match (&operation.method, operation.path.as_str()) {
            (&Method::PATCH, _) => json!({}),
            (_, "/api/v1/workspaces") => json!({"listing": UNKNOWN}),
            _ => json!({"url": "ftp://nowhere"}),
        };
        let body = || has_body.then(|| valid.clone());
        let keyed = |text: &str| write.clone().with(key.clone(), text);
        let mut answers = vec![
            operation.ask(&server.client(), UNKNOWN, "", body()).await,
            operation.ask(&agent, UNKNOWN, "", body()).await,
            operation
                .ask(
                    &write.clone().with(header::HOST, "other.example"),
                    UNKNOWN,
                    "",
                    body(),
                )
                .await,
        ];
        answers.push(operation.ask(&write, UNKNOWN, "", body()).await);
        if operation.path.contains("{id}") {
            answers.push(operation.ask(&write, "not-an-id", "", body()).await);
        }
        if operation.has_parameter("query", None) {
            let wrong = "?per_page=0&forget=perhaps&format=none";
            answers.push(operation.ask(&write, UNKNOWN, wrong, body()).await);
        }
        if has_body {
            answers.push(operation.ask(&write, UNKNOWN, "", Some(json!(7))).await);
            let form = [("url", "no JSON")];
            if operation.method == Method::POST {
                answers.push(write.post_form(&operation.path, &form).await);
            }
            let large = json!("x".repeat(4 << 20));
            answers.push(operation.ask(&write, UNKNOWN, "", Some(large)).await);
        }
        if operation.has_parameter("header", Some("Idempotency-Key")) {
            assert_eq!(operation.method, Method::POST);
            answers.push(
                operation
                    .ask(&keyed(&"k".repeat(256)), UNKNOWN, "", body())
                    .await,
            );
            let client = keyed(&format!("key-{number}"));
            answers.push(
                operation
                    .ask(&client, UNKNOWN, "", Some(json!({"first": 1})))
                    .await,
            );
            let again = operation
                .ask(&client, UNKNOWN, "", Some(json!({"second": 2})))
                .await;
            assert_eq!(
                again.json()["code"],
                "idempotency-key-reused",
                "{}",
                operation.path
            );
            answers.push(again);
            let large = json!("x".repeat(1 << 20));
            answers.push(
                operation
                    .ask(&keyed("large"), UNKNOWN, "", Some(large))
                    .await,
            );
        }
        let described = operation.statuses();
        let mut given = BTreeSet::new();
        for answer in &answers {
            let status = answer.status.as_u16();
            let what = format!("{} {}: {}", operation.method, operation.path, answer.text());
            assert!(
                described.contains(&status),
                "{status} is not described: {what}"
            );
            if !answer.status.is_success() {
                assert_eq!(
                    answer.header(header::CONTENT_TYPE),
                    Some("application/problem+json"),
                    "{what}"
                );
                assert_eq!(answer.json()["status"], status, "{what}");
            }
            given.insert(status);
        }
        // A PATCH that is no JSON cannot be sent by this client; what reads the body is the same.
        let untried = operation.method == Method::PATCH;
        for status in [400, 401, 403, 404, 413, 421, 422] {
            if described.contains(&status) && !(untried && status == 400) {
                let what = format!("{} {}", operation.method, operation.path);
                assert!(given.contains(&status), "{status} was never given: {what}");
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_says_what_is_wrong_with_the_credentials() {
    let server = server().await;
    let path = "/api/v1/registries";
    let code = |answer: Answer| answer.expect(StatusCode::UNAUTHORIZED).json()["code"].clone();
    assert_eq!(code(server.client().get(path).await), "sign-in-needed");
    let unknown = server
        .client()
        .with_token("quayside_nobody")
        .get(path)
        .await;
    let challenge = unknown.header(header::WWW_AUTHENTICATE);
    assert_eq!(challenge, Some("Bearer error=\"invalid_token\""));
    assert_eq!(code(unknown), "token-unknown");

    let session = server.sign_in().await;
    assert_eq!(session.get(path).await.status, StatusCode::OK);
    let page = session.get("/").await;
    let csrf = page.hidden_field("csrf").unwrap();
    let left = session.post_form("/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    assert_eq!(code(session.get(path).await), "signed-out");
    assert_eq!(
        code(
            session
                .post(path, json!({"url": "http://127.0.0.1:9/"}))
                .await
        ),
        "signed-out"
    );
}

#[tokio::test]
async fn a_page_that_stayed_open_leads_back_after_signing_in() {
    let server = server().await;
    let session = server.sign_in().await;
    let page = session.get("/workspaces?search=a").await;
    let csrf = page.hidden_field("csrf").unwrap();
    let left = session.post_form("/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    // The browser has dropped the cookie by now, and the page's forms still have the old token.
    let referer = server.origin().join("/workspaces?search=a").unwrap();
    let browser = session
        .without(&header::COOKIE)
        .with(header::ACCEPT, "text/html")
        .with(header::REFERER, referer.as_str());
    let refused = browser
        .post_form("/registries/refresh", &[("csrf", &csrf)])
        .await
        .expect(StatusCode::UNAUTHORIZED)
        .text();
    assert!(refused.contains("You are signed out."), "{refused}");
    assert!(
        refused.contains("href=\"/sign-in?next=%2Fworkspaces%3Fsearch%3Da\""),
        "{refused}"
    );
    // Another site's page leads nowhere but to the start.
    let elsewhere = browser.with(header::REFERER, "https://elsewhere.example/x");
    let refused = elsewhere
        .post_form("/registries/refresh", &[("csrf", &csrf)])
        .await
        .text();
    assert!(refused.contains("href=\"/sign-in?next=%2F\""), "{refused}");
}
