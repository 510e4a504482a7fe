//! A page that stays open: filters follow every kind of choice, and who was signed out meanwhile is told so.

use http::StatusCode;
use serde_json::json;
use testkit::{
    Browser, ServerOptions, TestListing, TestRegistry, TestServer, TestSite, wait_until,
};
use thirtyfour::prelude::*;

use super::Pages;
use crate::PROGRAM;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_follow_and_signing_out_is_told() {
    let listing = |name: &str, category: &str| {
        TestListing::new(name, "image-registry.invalid/x:1").with("categories", json!([category]))
    };
    let listings = [listing("Anchor", "Iron"), listing("Buoy", "Wood")];
    let site = TestSite::files(TestRegistry::new("Harbour", listings).files()).await;
    let server = TestServer::start(ServerOptions::new(PROGRAM).with(&["--engine", "none"])).await;
    let body = json!({"url": site.url()});
    let added = server
        .with_token("write")
        .post("/api/v1/registries", body)
        .await;
    assert_eq!(added.status, StatusCode::CREATED);

    let browser = Browser::start(1400, 900).await;
    let origin = server.origin().as_str().trim_end_matches('/').to_owned();
    let pages = Pages {
        browser: &browser,
        origin,
    };
    let run = async |script: &str| {
        browser.driver().execute(script, Vec::new()).await.unwrap();
    };
    browser
        .driver()
        .goto(&server.sign_in_link().await)
        .await
        .unwrap();
    pages.click("//button[normalize-space()='Sign in']").await;
    pages
        .click("//button[normalize-space()='Skip for now']")
        .await;
    pages.find("//a[normalize-space()='Buoy']").await;

    // Password managers and some browsers tell a choice by `change` alone.
    run(
        "const field = document.querySelector('#filter-category'); field.value = 'iron'; \
         if (!field.value) field.selectedIndex = 1; \
         field.dispatchEvent(new Event('change', { bubbles: true }));",
    )
    .await;
    wait_until("the choice", async || pages.count(".tile").await == 1).await;
    let here = browser.driver().current_url().await.unwrap();
    assert!(here.query().unwrap().starts_with("category="), "{here}");
    pages.assert_quiet().await;

    // Signed out in another tab.
    run("const csrf = document.querySelector('form[action=\"/sign-out\"] input').value; \
         return fetch('/sign-out', { method: 'POST', redirect: 'manual', body: new URLSearchParams({ csrf }) });")
    .await;
    pages
        .click("//button[starts-with(@aria-label, 'Update Harbour')]")
        .await;
    let told = pages.find("//*[@id='signed-out']").await;
    let words = told.text().await.unwrap();
    assert!(
        words.starts_with("You are signed out. Sign in again"),
        "{words}"
    );
    told.find(By::Css("a"))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    pages
        .find("//h1[normalize-space()='Sign in to Quayside']")
        .await;
    let address = browser.driver().current_url().await.unwrap();
    let next = address.query_pairs().find(|(name, _)| name == "next");
    let (_, next) = next.expect("the way back");
    assert_eq!(next, format!("/?{}", here.query().unwrap()));
    browser.quit().await;
}
