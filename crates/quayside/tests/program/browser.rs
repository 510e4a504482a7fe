//! What an administrator does on the pages, in a real browser, against a real Docker Engine and image registry.

use std::fs;
use std::path::Path;

use testkit::{
    Browser, ImagePlan, ServerOptions, TestDocker, TestImageRegistry, TestServer, TestSite,
    run_quayside, wait_for, wait_until,
};
use thirtyfour::prelude::*;

use crate::PROGRAM;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/registry/1.1");

/// Set to a path, keeps a picture of the registry page there, as the README shows it.
const PICTURE: &str = "QUAYSIDE_TEST_PICTURE";

struct Pages<'a> {
    browser: &'a Browser,
    origin: String,
}

impl Pages<'_> {
    async fn open(&self, path: &str) {
        let address = format!("{}{path}", self.origin);
        self.browser.driver().goto(address).await.unwrap();
    }

    /// The first element that can be seen, once there is one. What live updates replace meanwhile is looked for again.
    async fn find(&self, xpath: &str) -> WebElement {
        wait_for(&format!("something at {xpath}"), async || {
            let found = self
                .browser
                .driver()
                .find_all(By::XPath(xpath))
                .await
                .ok()?;
            for element in found {
                if element.is_displayed().await.unwrap_or(false) {
                    return Some(element);
                }
            }
            None
        })
        .await
    }

    /// Clicks as soon as nothing lies over it: tiles turn, dialogs open.
    async fn click(&self, xpath: &str) {
        let what = format!("something to click at {xpath}");
        wait_until(&what, async || self.find(xpath).await.click().await.is_ok()).await;
    }

    async fn fill(&self, label: &str, text: &str) {
        let field = self
            .find(&format!(
                "//*[@id=//label[normalize-space()='{label}']/@for]"
            ))
            .await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    async fn count(&self, css: &str) -> usize {
        self.browser
            .driver()
            .find_all(By::Css(css))
            .await
            .unwrap()
            .len()
    }

    /// Nothing was refused or failed on the way.
    async fn assert_quiet(&self) {
        assert_eq!(self.browser.console_errors().await, Vec::<String>::new());
    }
}

/// The tile of a workspace in a state.
fn tile(name: &str, state: &str) -> String {
    format!(
        "//li[contains(@class, 'tile')][.//h3[normalize-space()='{name}']][@data-state='{state}']"
    )
}

/// Builds the example registry with images of a real image registry.
async fn publish(images: &TestImageRegistry, folder: &Path) -> TestSite {
    let source = folder.join("source");
    copy(Path::new(EXAMPLE), &source, images.address());
    let site = folder.join("site");
    let arguments = [
        "publish",
        "build",
        source.to_str().unwrap(),
        "--out",
        site.to_str().unwrap(),
    ];
    let output = run_quayside(Path::new(PROGRAM), &arguments);
    assert!(output.status.success(), "{output:?}");
    TestSite::folder(&site).await
}

fn copy(from: &Path, to: &Path, images: &str) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target, images);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            fs::write(target, text.replace("quayside.example", images)).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_is_added_a_workspace_installed_and_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let images = TestImageRegistry::start().await;
    let image = ImagePlan::new(7, &[400_000, 300_000]).build();
    images.push("tide-table", "stable", &image).await;
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
        pages.count(".tile").await == 12 && drawn == 0
    })
    .await;
    if let Ok(path) = std::env::var(PICTURE) {
        browser.screenshot(Path::new(&path)).await;
    }

    let search = pages.find("//input[@type='search']").await;
    search.send_keys("tide").await.unwrap();
    wait_until("the search", async || pages.count(".tile").await == 1).await;
    pages.click("//*[normalize-space()='Clear Filters']").await;
    wait_until("all of them", async || pages.count(".tile").await == 12).await;

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

    pages.open("/workspaces").await;
    pages
        .find("//*[contains(normalize-space(), 'Ready')]")
        .await;
    pages.open("/").await;
    let registry = pages
        .find("//h2/a[normalize-space()='Harbour Light']")
        .await;
    let registry = registry.attr("href").await.unwrap().unwrap();
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

    pages.open("/workspaces").await;
    let uninstall = pages
        .browser
        .driver()
        .find(By::Css("a[href$='/uninstall']"))
        .await
        .unwrap();
    let uninstall = uninstall.attr("href").await.unwrap().unwrap();
    pages.open(&uninstall).await;
    pages
        .click("//dialog//button[normalize-space()='Uninstall']")
        .await;
    wait_until("no image", async || docker.images().is_empty()).await;
    wait_until("no workspace", async || {
        pages.open("/workspaces").await;
        pages.count("a[href$='/uninstall']").await == 0
    })
    .await;
    pages.assert_quiet().await;
    browser.quit().await;
}
