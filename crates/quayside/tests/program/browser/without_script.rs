//! The same with script switched off: every step is a page and a form.

use testkit::{Browser, ImagePlan, ServerOptions, TestImageRegistry, TestServer, wait_until};

use super::{Pages, publish, tile};
use crate::PROGRAM;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_works_without_script() {
    let folder = tempfile::tempdir().unwrap();
    let images = TestImageRegistry::start().await;
    for (seed, name) in [(7, "tide-table"), (8, "weather-glass")] {
        let image = ImagePlan::new(seed, &[200_000, 100_000]).build();
        images.push(name, "stable", &image).await;
    }
    let site = publish(&images, folder.path()).await;
    let server = TestServer::start(ServerOptions::new(PROGRAM).with(&["--engine", "store"])).await;
    let browser = Browser::start_without_script(1400, 900).await;
    let origin = server.origin().as_str().trim_end_matches('/').to_owned();
    let pages = Pages {
        browser: &browser,
        origin,
    };

    // The secret stays in the address: it is pasted.
    let link = server.sign_in_link().await;
    pages.open("/sign-in/link").await;
    pages.fill("Link", &link).await;
    pages.press("Sign in").await;
    pages.fill("New password", "a long enough one").await;
    pages.fill("Once more", "a long enough two").await;
    pages.press("Set password").await;
    pages
        .find("//*[@role='alert'][contains(., 'differ')]")
        .await;
    pages.assert_refused("/password ").await;
    pages.fill("New password", "a long enough one").await;
    pages.fill("Once more", "a long enough one").await;
    pages.press("Set password").await;

    add_registry(&pages, &site.url()).await;
    look_for(&pages).await;
    install(&pages).await;
    install_edited(&pages).await;
    uninstall(&pages, "Barometer").await;

    let registry = pages
        .link("//h2/a[normalize-space()='Harbour Light']")
        .await;
    pages.open(&format!("{registry}/remove")).await;
    pages.find("//li[normalize-space()='Tide Table']").await;
    pages.press("Remove").await;
    pages
        .find("//*[contains(., 'There is no registry.')]")
        .await;
    uninstall(&pages, "Tide Table").await;
    pages.open("/workspaces").await;
    pages
        .find("//*[contains(., 'Nothing is installed yet')]")
        .await;

    pages.click("//button[@aria-label='Sign out']").await;
    pages.fill("User name", "admin").await;
    pages.fill("Password", "a long enough one").await;
    pages.press("Sign in").await;
    pages.find("//h1[normalize-space()='Registry']").await;
    pages.assert_quiet().await;
    browser.quit().await;
}

async fn add_registry(pages: &Pages<'_>, url: &str) {
    pages.click("//a[normalize-space()='Add new']").await;
    pages
        .fill("Workspace Registry Link", "http://127.0.0.1:1/")
        .await;
    pages.press("Check").await;
    pages
        .find("//li[@data-step='failed'][contains(., 'refused the connection')]")
        .await;
    pages.fill("Workspace Registry Link", url).await;
    pages.press("Check").await;
    pages
        .find("//li[@data-name='icons'][@data-step='done']")
        .await;
    pages.press("Add").await;
    pages.find(&tile("Weather Glass", "normal")).await;
    pages.click("//a[normalize-space()='Clear Filters']").await;
}

async fn look_for(pages: &Pages<'_>) {
    pages.fill("Search workspaces", "tide").await;
    pages.press("Apply").await;
    wait_until("the search", async || pages.count(".tile").await == 1).await;
    pages.click("//a[normalize-space()='Clear Filters']").await;
    pages
        .click("//select[@name='category']/option[@value='Navigation']")
        .await;
    pages.press("Apply").await;
    wait_until("the category", async || pages.count(".tile").await == 3).await;
    pages.click("//a[normalize-space()='Clear Filters']").await;
    pages
        .click("//button[contains(@aria-label, 'Warnings for Sonar')]")
        .await;
    pages
        .find("//*[@popover]//a[normalize-space()='privilege']")
        .await;
    pages.open("/").await;
    pages
        .click("//a[normalize-space()='Show what does not fit']")
        .await;
    pages.click("//a[normalize-space()='Lantern Clock']").await;
    pages
        .find("//button[@aria-disabled='true'][normalize-space()='Install']")
        .await;

    pages.open("/").await;
    pages.click("//a[normalize-space()='Sonar']").await;
    pages.click("//a[normalize-space()='Install…']").await;
    pages
        .find("//dialog//button[normalize-space()='Install anyway']")
        .await;
    pages.click("//dialog//a[normalize-space()='Cancel']").await;
}

/// The page of the listing tells by itself when it is done.
async fn install(pages: &Pages<'_>) {
    pages.open("/").await;
    pages.click("//a[normalize-space()='Tide Table']").await;
    pages.press("Install").await;
    pages
        .find("//*[@id='listing-actions'][contains(., 'Ready')]")
        .await;
    pages.open("/").await;
    pages.find(&tile("Tide Table", "installed")).await;
}

async fn install_edited(pages: &Pages<'_>) {
    const RUN_CONFIG: &str = "Docker Run Config Override (JSON)";
    pages.click("//a[normalize-space()='Weather Glass']").await;
    pages.click("//a[normalize-space()='Edit']").await;
    pages.fill("Friendly Name", "Barometer").await;
    pages.fill(RUN_CONFIG, "{\n\"hostname\" \"glass\"\n}").await;
    pages.press("Install").await;
    pages
        .find("//*[contains(., 'Line 2, column 12')][contains(@class, 'field-error')]")
        .await;
    pages.assert_refused("/edit ").await;
    pages
        .fill(RUN_CONFIG, "{\n\"hostname\": \"glass\"\n}")
        .await;
    pages.press("Install").await;
    pages
        .find("//tbody[contains(., 'Barometer') and contains(., 'Ready')]")
        .await;
    assert_eq!(pages.path().await, "/workspaces");
}

async fn uninstall(pages: &Pages<'_>, name: &str) {
    pages.open("/workspaces").await;
    pages
        .click(&format!("//button[@aria-label='Actions for {name}']"))
        .await;
    pages
        .click("//ul[@popover]//a[normalize-space()='Uninstall…']")
        .await;
    pages.press("Uninstall").await;
    // What is opened before the answer came would be left for it.
    wait_until("the answer", async || {
        !pages.path().await.ends_with("/uninstall")
    })
    .await;
    wait_until("it is gone", async || {
        pages.open("/").await;
        pages.count(".tile[data-state='installing']").await == 0
    })
    .await;
}
