//! Every page of the server, at both widths and in both themes, by the rules of axe-core.

use testkit::{Browser, ImagePlan, ServerOptions, TestImageRegistry, TestServer, wait_until};

use super::{Pages, publish, tile};
use crate::PROGRAM;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_shut_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let images = TestImageRegistry::start().await;
    let image = ImagePlan::new(7, &[40_000]).build();
    images.push("tide-table", "stable", &image).await;
    let site = publish(&images, folder.path()).await;
    let server = TestServer::start(ServerOptions::new(PROGRAM).with(&["--engine", "store"])).await;
    let browser = Browser::start(1400, 900).await;
    let origin = server.origin().as_str().trim_end_matches('/').to_owned();
    let pages = Pages {
        browser: &browser,
        origin,
    };
    pages
        .assert_accessible(&["/sign-in/link", "/sign-in"])
        .await;
    let link = server.sign_in_link().await;
    browser.driver().goto(&link).await.unwrap();
    pages.click("//button[normalize-space()='Sign in']").await;
    pages
        .find("//h1[normalize-space()='Choose a password']")
        .await;
    pages.assert_accessible(&["/password"]).await;
    pages
        .click("//button[normalize-space()='Skip for now']")
        .await;
    pages.assert_accessible(&["/"]).await;

    pages.open("/").await;
    pages.click("//a[normalize-space()='Add new']").await;
    pages.fill("Workspace Registry Link", &site.url()).await;
    pages
        .click("//dialog//button[normalize-space()='Add']")
        .await;
    pages.find(&tile("Tide Table", "normal")).await;
    pages.click("//a[normalize-space()='Tide Table']").await;
    pages
        .click("//li[contains(@class, 'tile')][@data-turned]//button[normalize-space()='Install']")
        .await;
    pages.find(&tile("Tide Table", "installed")).await;

    let registry = pages
        .link("//h2/a[normalize-space()='Harbour Light']")
        .await;
    let listing = pages.link("//a[normalize-space()='Engine Room']").await;
    pages.open("/workspaces").await;
    wait_until("the workspace", async || {
        pages.count(".workspace").await == 1
    })
    .await;
    let row = pages.find("//*[@data-workspace]").await;
    let workspace = row.attr("data-workspace").await.unwrap().unwrap();
    let paths = [
        "/",
        "/?unfit=show",
        "/?search=nothing-has-this-name",
        "/workspaces",
        "/agents",
        "/registries",
        "/registries/new",
        &registry,
        &format!("{registry}/remove"),
        &listing,
        &format!("{listing}/review"),
        &format!("{listing}/edit"),
        &format!("/workspaces/{workspace}/definition"),
        &format!("/workspaces/{workspace}/edit"),
        &format!("/workspaces/{workspace}/uninstall"),
        "/help/warnings",
    ];
    pages.assert_accessible(&paths).await;
    pages.assert_quiet().await;
    browser.quit().await;
}
