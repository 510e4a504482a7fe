//! The storefront of a published registry, as a visitor has it from a plain web server.

use std::path::Path;

use testkit::{Browser, TestSite, run_quayside, wait_until};

use super::{EXAMPLE, Pages};
use crate::PROGRAM;

/// A picture that is not square.
const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/registry.png");

/// The example registry below a folder of a site, as on hosts that give each registry one.
async fn site(folder: &Path) -> (TestSite, String) {
    let out = folder.join("below").join("site");
    std::fs::create_dir_all(out.parent().unwrap()).unwrap();
    for schema in ["1.0", "1.1"] {
        let source = Path::new(EXAMPLE).with_file_name(schema);
        let arguments = [
            "publish",
            "build",
            source.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ];
        let built = run_quayside(Path::new(PROGRAM), &arguments);
        assert!(built.status.success(), "{built:?}");
    }
    let site = TestSite::folder(folder).await;
    let origin = format!("{}below/site", site.url());
    (site, origin)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_searches_chooses_and_makes_a_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let (_site, origin) = site(folder.path()).await;
    let browser = Browser::start(1400, 900).await;
    let pages = Pages {
        browser: &browser,
        origin,
    };

    // The root leads to the highest version.
    pages.open("/").await;
    pages.find("//h3[normalize-space()='Tide Table']").await;
    assert!(
        pages.path().await.ends_with("/1.1/index.html"),
        "{}",
        pages.path().await
    );
    assert_eq!(shown(&pages).await, 12);
    let search = pages.find("//input[@type='search']").await;
    search.send_keys("tide").await.unwrap();
    wait_until("one tile", async || shown(&pages).await == 1).await;
    pages
        .click("//button[normalize-space()='Clear Filters']")
        .await;
    wait_until("all tiles", async || shown(&pages).await == 12).await;
    let category = pages.find("//select[@id='category']").await;
    category.send_keys("Games").await.unwrap();
    wait_until("the games", async || shown(&pages).await == 2).await;

    pages.open("/1.1/").await;
    pages.click("//a[normalize-space()='Engine Room']").await;
    pages.find("//*[@id='findings']").await;
    pages.find("//h1[normalize-space()='Engine Room']").await;

    pages.click("//nav//a[normalize-space()='New']").await;
    for (label, text) in [
        ("Friendly Name", "Ölzeug 雨"),
        ("Description", "Rain gear, drawn."),
        ("Image", "ghcr.io/ann/rain"),
        ("Uncompressed size (MB)", "12"),
    ] {
        pages.fill(label, text).await;
    }
    pages
        .find("//*[@id='preview']//h3[normalize-space()='Ölzeug 雨']")
        .await;
    // No tag yet: the check says so by the field's own words.
    pages.find("//*[@id='checks']//*[contains(., 'tag')]").await;
    pages.fill("Image", "ghcr.io/ann/rain:1.0").await;
    let picture = std::fs::canonicalize(PICTURE).unwrap();
    let icon = pages.find("//*[@id='icon']").await;
    icon.send_keys(picture.to_str().unwrap()).await.unwrap();
    wait_until("the fitted icon", async || {
        pages
            .count("#icon-shown[src^='blob:'], #icon-shown[src^='data:']")
            .await
            == 1
    })
    .await;
    let name = pages.find("//*[@id='folder']").await.text().await.unwrap();
    pages.press("Download").await;
    let zip = browser.downloaded(&format!("{name}.zip")).await;
    let holds = |text: &str| zip.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(zip.starts_with(b"PK"), "a zip");
    assert!(holds(&format!("{name}/workspace.json")) && holds("\"Ölzeug 雨\"") && holds("IHDR"));
    pages.assert_quiet().await;
    browser.quit().await;
}

/// How many tiles can be seen.
async fn shown(pages: &Pages<'_>) -> usize {
    pages.count("#tiles > .tile:not([hidden])").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_without_script_sees_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (_site, origin) = site(folder.path()).await;
    let browser = Browser::start_without_script(390, 844).await;
    let pages = Pages {
        browser: &browser,
        origin,
    };
    for schema in ["1.1", "1.0"] {
        pages.open(&format!("/{schema}/")).await;
        assert!(shown(&pages).await >= 10);
        pages.assert_fits(schema).await;
        pages.click("//a[normalize-space()='Tide Table']").await;
        pages.find("//h1[normalize-space()='Tide Table']").await;
        pages.find("//*[contains(., '\"friendly_name\"')]").await;
    }
    pages.open("/1.1/").await;
    pages
        .click("//a[contains(., 'workspaces on one page')]")
        .await;
    pages.find("//*[normalize-space()='Navigation']").await;
    pages.open("/1.1/new/").await;
    pages
        .find("//*[normalize-space()='This form needs JavaScript']")
        .await;
    pages.assert_quiet().await;
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_storefront_shuts_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let (_site, origin) = site(folder.path()).await;
    let browser = Browser::start(1400, 900).await;
    let pages = Pages {
        browser: &browser,
        origin,
    };
    let paths = [
        "/1.1/",
        "/1.0/",
        "/1.1/all.html",
        "/1.1/warnings.html",
        "/1.1/workspace/engine-room.html",
        "/1.1/workspace/tide-table.html",
        "/1.1/new/",
    ];
    pages.assert_accessible(&paths).await;
    pages.assert_quiet().await;
    browser.quit().await;
}
