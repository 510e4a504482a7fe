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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_says_what_check_says() {
    let folder = tempfile::tempdir().unwrap();
    let (_site, origin) = site(folder.path()).await;
    let browser = Browser::start(1400, 900).await;
    let pages = Pages {
        browser: &browser,
        origin,
    };
    let says = async |text: &str| {
        pages
            .find(&format!(
                "//*[@id='checks']/li[contains(normalize-space(), \"{text}\")]"
            ))
            .await;
    };
    pages.open("/1.1/new/").await;
    pages.fill("Friendly Name", "Gull").await;
    pages.fill("Image", "ghcr.io/ann/gull:latest").await;
    says("image ghcr.io/ann/gull:latest of workspace Gull is another one with time").await;
    pages.fill("Categories", "a, b, c, d").await;
    says("workspace Gull has 4 categories; 3 are the most").await;
    let exec = "Docker Exec Config (JSON)";
    pages
        .fill(exec, r#"{"first_launch": {"cmd": "echo it's late"}}"#)
        .await;
    says("exec_config.first_launch.cmd of workspace Gull cannot be taken apart into words").await;
    says("exec_config.first_launch.cmd of workspace Gull does not wait for the desktop").await;
    let run = "Docker Run Config Override (JSON)";
    pages
        .fill(
            run,
            r#"{"privileged": "true", "enviroment": {}, "environment": {"A": 1}}"#,
        )
        .await;
    says("run_config.privileged of workspace Gull is a string, not true or false").await;
    says("run_config.environment.A of workspace Gull is a number, not a text").await;
    says("run_config of workspace Gull has enviroment, which no container has").await;
    says("run_config.privileged of workspace Gull warns administrators: privilege").await;
    // What is no JSON is not in the workspace: that is said while it is typed.
    pages.fill(run, r#"{"privileged": true"#).await;
    says("run_config is not JSON and is left out").await;
    says("without it, run_config is missing below").await;
    pages.assert_quiet().await;
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_of_the_template_is_the_form_filled_in() {
    let folder = tempfile::tempdir().unwrap();
    let (_site, origin) = site(folder.path()).await;
    let browser = Browser::start(1400, 900).await;
    let pages = Pages {
        browser: &browser,
        origin,
    };
    // As the template's own page would have been asked for it.
    let name = data_encoding::BASE64.encode(b"Engine Room");
    for schema in ["1.1", "1.0"] {
        pages.open(&format!("/{schema}/new/{name}/")).await;
        pages
            .find("//*[@id='from'][contains(., 'Filled in from')]//a[.='Engine Room']")
            .await;
        let json = pages.find("//*[@id='json']").await.text().await.unwrap();
        let made: serde_json::Value = serde_json::from_str(&json).unwrap();
        let list = std::fs::read(folder.path().join(format!("below/site/{schema}/list.json")));
        let list: serde_json::Value = serde_json::from_slice(&list.unwrap()).unwrap();
        let listings = list["workspaces"].as_array().unwrap();
        let listing = listings
            .iter()
            .find(|listing| listing["friendly_name"] == "Engine Room")
            .unwrap();
        for (key, value) in listing.as_object().unwrap() {
            if key != "sha" && key != "image_src" {
                assert_eq!(&made[key], value, "{schema}: {key}");
            }
        }
        wait_until("its icon", async || {
            pages.count("#icon-shown[src^='blob:']").await == 1
        })
        .await;
    }
    pages.assert_quiet().await;
    browser.quit().await;
}

/// Names that nothing can be broken at, or that are written another way.
const NAMES: [&str; 3] = [
    "Unbroken",
    "محطة عمل لتصفح الإنترنت وقراءة البريد",
    "仮想端末仮想端末仮想端末仮想端末仮想端末仮想端末仮想端末仮想端末",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_of_all_kinds_fit() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    super::copy(Path::new(EXAMPLE), &source, "quayside.example");
    for (number, name) in NAMES.iter().enumerate() {
        let name = name.replace("Unbroken", &"W".repeat(200));
        let workspace = serde_json::json!({
            "friendly_name": name, "description": name, "notes": name, "image_src": "none.png",
            "architecture": ["amd64"], "categories": [name],
            "compatibility": [{"version": "1.18.x", "image": "a/b:1", "uncompressed_size_mb": 9}],
        });
        let place = source.join(format!("workspaces/name-{number}"));
        std::fs::create_dir(&place).unwrap();
        std::fs::write(place.join("workspace.json"), workspace.to_string()).unwrap();
    }
    let site = folder.path().join("site");
    let arguments = [
        "publish",
        "build",
        source.to_str().unwrap(),
        "--out",
        site.to_str().unwrap(),
    ];
    assert!(
        run_quayside(Path::new(PROGRAM), &arguments)
            .status
            .success()
    );
    let site = TestSite::folder(&site).await;
    let browser = Browser::start(1400, 900).await;
    let pages = Pages {
        browser: &browser,
        origin: site.url().trim_end_matches('/').to_owned(),
    };
    // Nothing shows beyond the part that holds it, but where that cuts it off or scrolls.
    let script = "return [...document.querySelectorAll('main *, header *')].filter((part) => { \
        const outer = part.closest('.tile, .panel, main, header').getBoundingClientRect(); \
        const box = part.getBoundingClientRect(); \
        const isCut = (at) => at && (getComputedStyle(at).overflowX !== 'visible' || isCut(at.parentElement?.closest('main *, header *'))); \
        return box.width > 0 && !isCut(part.parentElement) && (box.right > outer.right + 1 || box.left < outer.left - 1); \
    }).map((part) => part.outerHTML.slice(0, 200))";
    for width in [390, 1400] {
        browser.resize(width, 900).await;
        for path in [
            "/1.1/",
            "/1.1/all.html",
            "/1.1/workspace/name-0.html",
            "/1.1/workspace/name-1.html",
            "/1.1/workspace/name-2.html",
            "/1.1/new/index.html?from=name-0",
        ] {
            pages.open(path).await;
            if path.contains("from") {
                pages
                    .find("//*[@id='from'][contains(., 'Filled in from')]")
                    .await;
            }
            pages.assert_fits(path).await;
            let answer = browser.driver().execute(script, Vec::new()).await;
            let beyond: Vec<String> = answer.unwrap().convert().unwrap();
            assert_eq!(beyond, Vec::<String>::new(), "{path}, {width} wide");
        }
    }
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
