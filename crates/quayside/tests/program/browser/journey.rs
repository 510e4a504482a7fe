//! From an empty server to an empty server, against a real Docker Engine.

use std::path::Path;

use testkit::{
    Browser, ImagePlan, ServerOptions, TestDocker, TestImageRegistry, TestServer, wait_until,
};

use super::{Pages, publish, tile};
use crate::PROGRAM;

/// Set to a path, keeps a picture of the registry page there, as the README shows it.
const PICTURE: &str = "QUAYSIDE_TEST_PICTURE";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_is_added_a_workspace_installed_and_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let images = TestImageRegistry::start().await;
    let image = ImagePlan::new(7, &[400_000, 300_000]).build();
    images.push("tide-table", "stable", &image).await;
    let image = ImagePlan::new(8, &[200_000]).build();
    images.push("weather-glass", "stable", &image).await;
    let site = publish(&images, folder.path()).await;
    let docker = TestDocker::start().await;
    let options = ServerOptions::new(PROGRAM)
        .with(&["--engine", "docker"])
        .with_environment("DOCKER_HOST", &docker.host());
    let server = TestServer::start(options).await;
    let browser = Browser::start(1400, 900).await;
    let origin = server.origin().as_str().trim_end_matches('/').to_owned();
    let pages = Pages {
        browser: &browser,
        origin,
    };

    let link = server.sign_in_link().await;
    browser.driver().goto(&link).await.unwrap();
    pages.click("//button[normalize-space()='Sign in']").await;
    pages
        .click("//button[normalize-space()='Skip for now']")
        .await;

    pages.click("//a[normalize-space()='Add new']").await;
    pages.fill("Workspace Registry Link", &site.url()).await;
    pages
        .click("//dialog//button[normalize-space()='Add']")
        .await;
    pages.find(&tile("Weather Glass", "normal")).await;
    wait_until("the icons", async || {
        pages.open("/").await;
        let drawn = pages.count(".tile img[src^='/icons/initials/']").await;
        pages.count(".tile").await == 11 && drawn == 0
    })
    .await;
    if let Ok(path) = std::env::var(PICTURE) {
        browser.screenshot(Path::new(&path)).await;
    }

    let search = pages.find("//input[@type='search']").await;
    search.send_keys("tide").await.unwrap();
    wait_until("the search", async || pages.count(".tile").await == 1).await;
    pages.click("//*[normalize-space()='Clear Filters']").await;
    wait_until("all of them", async || pages.count(".tile").await == 11).await;

    // The one for another architecture is counted, and shown on demand.
    pages
        .click("//a[normalize-space()='Show what does not fit']")
        .await;
    pages.find(&tile("Lantern Clock", "unfit")).await;
    pages
        .click("//a[normalize-space()='Hide what does not fit']")
        .await;
    wait_until("all that fit", async || pages.count(".tile").await == 11).await;

    // One workspace for each of the three warnings.
    assert_eq!(pages.count(".tile[data-warned]").await, 3);
    pages
        .click("//button[contains(@aria-label, 'Warnings for Sonar')]")
        .await;
    pages
        .find("//*[contains(@class, 'finding')]//a[normalize-space()='privilege']")
        .await;

    pages.open("/").await;
    pages.click("//a[normalize-space()='Tide Table']").await;
    pages
        .click("//button[@aria-label='Install Tide Table']")
        .await;
    pages.find(&tile("Tide Table", "installed")).await;
    let held = docker.images();
    let repository = format!("\"Repository\":\"{}/tide-table\"", images.address());
    assert!(
        matches!(&held[..], [only] if only.contains(&repository)),
        "{held:?}"
    );

    install_edited(&pages).await;
    pages.open("/workspaces").await;
    pages
        .find("//tbody[contains(., 'Barometer') and contains(., 'Ready')]")
        .await;
    look_around(&pages).await;
    pages.open("/").await;
    let registry = pages
        .link("//h2/a[normalize-space()='Harbour Light']")
        .await;
    pages.open(&format!("{registry}/remove")).await;
    pages.find("//*[contains(., 'Tide Table')]").await;
    pages
        .click("//dialog//button[normalize-space()='Remove']")
        .await;
    wait_until("an empty page", async || {
        pages.open("/").await;
        pages.count(".tile").await == 0
    })
    .await;

    for name in ["Tide Table", "Barometer"] {
        pages.open("/workspaces").await;
        pages
            .click(&format!("//button[@aria-label='Actions for {name}']"))
            .await;
        pages
            .click("//ul[@popover]//a[normalize-space()='Uninstall…']")
            .await;
        pages
            .click("//dialog//button[normalize-space()='Uninstall']")
            .await;
    }
    wait_until("no image", async || docker.images().is_empty()).await;
    // Live: nobody asks for the page again.
    wait_until("no workspace", async || {
        pages.count(".workspace").await == 0
    })
    .await;
    pages.assert_quiet().await;
    browser.quit().await;
}

/// Edits before installing: a mistake is told by its place and nothing is sent, then the edit is what is installed.
async fn install_edited(pages: &Pages<'_>) {
    const RUN_CONFIG: &str = "Docker Run Config Override (JSON)";
    pages.open("/").await;
    pages.click("//a[normalize-space()='Weather Glass']").await;
    pages.click("//a[@aria-label='Edit Weather Glass']").await;
    pages.fill("Friendly Name", "Barometer").await;
    pages
        .fill(
            RUN_CONFIG,
            "{\n\"user\": \"root\"\n\"hostname\": \"glass\"\n}",
        )
        .await;
    pages
        .find("//*[contains(., 'Line 3, column 1')][contains(@class, 'field-error')]")
        .await;
    pages
        .click("//dialog//button[normalize-space()='Install']")
        .await;
    pages.find("//textarea[@aria-invalid='true']").await;

    pages
        .fill(
            RUN_CONFIG,
            "{\n\"user\": \"root\",\n\"hostname\": \"glass\"\n}",
        )
        .await;
    // What the edit raises is told before it is installed.
    pages
        .find("//dialog//aside//a[normalize-space()='user_error']")
        .await;
    pages
        .click("//dialog//button[starts-with(normalize-space(), 'Install')]")
        .await;
    pages.find(&tile("Weather Glass", "installed")).await;
}

/// Every page on a phone at night: nothing sticks out, and the ground is dark.
async fn look_around(pages: &Pages<'_>) {
    pages.browser.resize(390, 844).await;
    pages.open("/").await;
    for change in ["system. Change to light", "light. Change to dark"] {
        pages
            .click(&format!("//button[@aria-label='Theme: {change}']"))
            .await;
    }
    let listing = pages.link("//a[normalize-space()='Sonar']").await;
    let registry = pages
        .link("//h2/a[normalize-space()='Harbour Light']")
        .await;
    let paths = [
        "/",
        "/?unfit=show",
        "/workspaces",
        "/agents",
        "/registries",
        "/registries/new",
        "/help/warnings",
        &registry,
        &format!("{registry}/remove"),
        &listing,
        &format!("{listing}/review"),
        &format!("{listing}/edit"),
    ];
    for path in paths {
        pages.open(path).await;
        pages.assert_fits(path).await;
        let script = "return getComputedStyle(document.documentElement).backgroundColor";
        let answer = pages.browser.driver().execute(script, Vec::new()).await;
        let ground: String = answer.unwrap().convert().unwrap();
        assert_eq!(ground, "rgb(13, 18, 23)", "{path}");
    }
    pages.browser.resize(1400, 900).await;
}
