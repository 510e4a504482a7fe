//! What an administrator does on the pages, in a real browser, with images from a real image registry.

mod accessibility;
mod journey;
mod open_page;
mod storefront;
mod without_script;

use std::fs;
use std::path::Path;

use testkit::{Browser, TestImageRegistry, TestSite, run_quayside, wait_for, wait_until};
use thirtyfour::prelude::*;

use crate::PROGRAM;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/registry/1.1");

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

    /// Presses a button of the page's own form or of the dialog that is shown.
    async fn press(&self, words: &str) {
        self.click(&format!("//main//button[normalize-space()='{words}']"))
            .await;
    }

    /// Where a link leads.
    async fn link(&self, xpath: &str) -> String {
        self.find(xpath).await.attr("href").await.unwrap().unwrap()
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

    /// The path of the page that is shown.
    async fn path(&self) -> String {
        let url = self.browser.driver().current_url().await.unwrap();
        url.path().to_owned()
    }

    async fn count(&self, css: &str) -> usize {
        self.browser
            .driver()
            .find_all(By::Css(css))
            .await
            .unwrap()
            .len()
    }

    /// The page is not wider than its window: only parts of it that say so scroll sideways.
    async fn assert_fits(&self, path: &str) {
        let script = "return document.documentElement.scrollWidth - window.innerWidth";
        let answer = self.browser.driver().execute(script, Vec::new()).await;
        let beyond: i64 = answer.unwrap().convert().unwrap();
        assert!(beyond <= 0, "{path} is {beyond} pixels too wide");
    }

    /// Pages have no fault that axe-core knows, on wide and narrow windows, light and dark, and fit their window.
    async fn assert_accessible(&self, paths: &[&str]) {
        for (width, height) in [(1400, 900), (390, 844)] {
            self.browser.resize(width, height).await;
            for path in paths {
                self.open(path).await;
                self.assert_fits(path).await;
                for theme in ["light", "dark"] {
                    let wear = format!("document.documentElement.dataset.theme = '{theme}'");
                    self.browser
                        .driver()
                        .execute(wear, Vec::new())
                        .await
                        .unwrap();
                    let violations = self.browser.accessibility_violations().await;
                    assert_eq!(
                        violations,
                        Vec::<String>::new(),
                        "{path}, {width} wide, {theme}"
                    );
                }
            }
        }
        self.browser.resize(1400, 900).await;
    }

    /// Only this page was refused since the last look, which is how a form's mistakes come back.
    async fn assert_refused(&self, path_end: &str) {
        let told = self.browser.console_errors().await;
        let is_it = |line: &String| line.contains(path_end) && line.contains("status of 422");
        assert!(matches!(&told[..], [only] if is_it(only)), "{told:?}");
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
