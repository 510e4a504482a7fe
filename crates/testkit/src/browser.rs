use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};

use crate::process::Process;
use crate::wait::wait_for;

/// A headless Chromium with a fresh profile, driven by Debian's chromedriver.
pub struct Browser {
    driver: WebDriver,
    _process: Process,
    profile: TempDir,
}

/// Names axe-core's script.
const AXE: &str = "QUAYSIDE_TEST_AXE";

fn downloads(profile: &TempDir) -> PathBuf {
    profile.path().join("downloads")
}

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Runs,
    Blocked,
}

impl Browser {
    /// Starts a browser with a window of this size.
    pub async fn start(width: u32, height: u32) -> Self {
        Self::launch(width, height, Script::Runs).await
    }

    /// Starts a browser that runs no script of any page.
    pub async fn start_without_script(width: u32, height: u32) -> Self {
        Self::launch(width, height, Script::Blocked).await
    }

    async fn launch(width: u32, height: u32, script: Script) -> Self {
        outbound::install_crypto_provider();
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").env("TMPDIR", profile.path());
        let mut process = Process::start("chromedriver", command);
        let port = process
            .find_line("its port", |line| {
                let (_, rest) = line.split_once("started successfully on port ")?;
                rest.trim_end_matches('.').parse::<u16>().ok()
            })
            .await;
        let mut capabilities = DesiredCapabilities::chrome();
        let arguments = [
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--force-device-scale-factor=1".to_owned(),
            format!("--window-size={width},{height}"),
            format!(
                "--user-data-dir={}",
                profile.path().join("profile").display()
            ),
        ];
        for argument in &arguments {
            capabilities.add_arg(argument).expect("an argument");
        }
        capabilities
            .set_binary("/usr/bin/chromium")
            .expect("a path");
        capabilities
            .set_browser_log_level(LoggingPrefsLogLevel::All)
            .expect("a level");
        let javascript = if script == Script::Blocked { 2 } else { 1 };
        let preferences = json!({
            "profile.managed_default_content_settings.javascript": javascript,
            "download.default_directory": downloads(&profile),
        });
        capabilities
            .add_experimental_option("prefs", preferences)
            .expect("preferences");
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities)
            .await
            .expect("chromedriver starts a browser");
        Self {
            driver,
            _process: process,
            profile,
        }
    }

    /// The content of a file that a page gave to the person, once it is there.
    pub async fn downloaded(&self, name: &str) -> Vec<u8> {
        let path = downloads(&self.profile).join(name);
        wait_for(&format!("the download of {name}"), async || {
            std::fs::read(&path).ok()
        })
        .await
    }

    /// What axe-core holds against the page: the rule, how grave it is, and the elements.
    pub async fn accessibility_violations(&self) -> Vec<String> {
        let path =
            std::env::var_os(AXE).expect("QUAYSIDE_TEST_AXE names axe.min.js; ./test fetches it");
        let axe = std::fs::read_to_string(path).expect("axe.min.js");
        self.driver
            .execute(axe, Vec::new())
            .await
            .expect("axe-core runs in the page");
        let run = r#"
            const done = arguments[0];
            const told = ({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map((node) => node.html).join(" ")}`;
            axe.run({ resultTypes: ["violations"] }).then(({ violations }) => done(violations.map(told)), (error) => done([String(error)]));
        "#;
        let answer = self.driver.execute_async(run, Vec::new()).await;
        let violations = answer.expect("axe-core ends").convert();
        violations.expect("a list of texts")
    }

    /// What drives the browser.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// What the console has said since the last call, without what is only told.
    pub async fn console_errors(&self) -> Vec<String> {
        let entries = self.driver.browser_log().await.expect("the console's log");
        let errors = entries.into_iter().filter(|entry| {
            let level = entry.level.as_str();
            level == "SEVERE" || level == "WARNING"
        });
        errors
            .map(|entry| format!("{}: {}", entry.level, entry.message))
            .collect()
    }

    /// Makes the window this large.
    pub async fn resize(&self, width: u32, height: u32) {
        self.driver
            .set_window_rect(0, 0, width, height)
            .await
            .expect("another size of the window");
    }

    /// Keeps a picture of the window as PNG.
    pub async fn screenshot(&self, path: &Path) {
        self.driver
            .screenshot(path)
            .await
            .expect("a picture of the window");
    }

    /// Ends the browser.
    pub async fn quit(self) {
        self.driver.quit().await.expect("the browser ends");
    }
}
