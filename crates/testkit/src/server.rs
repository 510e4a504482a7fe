use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use http::{HeaderName, StatusCode, header};
use tempfile::TempDir;
use url::Url;

use crate::client::{Answer, TestClient};
use crate::process::Process;
use crate::wait::{wait_for, wait_until};

/// How a [`TestServer`] is started.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// The program, `env!("CARGO_BIN_EXE_quayside")` in a test of the binary.
    pub program: PathBuf,
    /// Further arguments of `serve`.
    pub arguments: Vec<String>,
    /// Further variables of its environment.
    pub environment: Vec<(String, String)>,
}

impl ServerOptions {
    /// A server without an agent, a first-party registry and a Docker Engine in reach.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            arguments: ["--first-party", "none"].map(str::to_owned).to_vec(),
            environment: vec![("DOCKER_HOST".to_owned(), "unix:///nonexistent".to_owned())],
        }
    }

    /// Adds arguments of `serve`.
    #[must_use]
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments
            .extend(arguments.iter().copied().map(str::to_owned));
        self
    }

    /// Adds a variable to its environment.
    #[must_use]
    pub fn with_environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// `quayside serve`, on a port and in a data folder of its own.
pub struct TestServer {
    options: ServerOptions,
    process: Option<Process>,
    folder: TempDir,
    origin: Url,
    tokens: AtomicUsize,
}

impl TestServer {
    /// Starts a server and waits until it answers.
    pub async fn start(options: ServerOptions) -> Self {
        let folder = tempfile::tempdir().expect("a data folder");
        // Outside the range that the system gives out, so that nobody gets it while the server is down.
        for port in candidate_ports() {
            let origin = Url::parse(&format!("http://127.0.0.1:{port}/")).expect("an address");
            if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
                let mut server = Self {
                    options,
                    process: None,
                    folder,
                    origin,
                    tokens: AtomicUsize::new(0),
                };
                server.restart().await;
                return server;
            }
        }
        panic!("no port is free");
    }

    /// Kills the server and all that it started.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts the server again, at the same address and on the same data.
    pub async fn restart(&mut self) {
        self.launch();
        let client = TestClient::new(&self.origin);
        let process = self.process.as_mut().expect("it was just launched");
        wait_until("the server", async || {
            assert!(
                process.is_running(),
                "the server ended\n{}",
                process.errors()
            );
            client.is_up("/healthz").await
        })
        .await;
    }

    /// The same without waiting until it answers.
    pub fn launch(&mut self) {
        self.kill();
        let mut command = Command::new(&self.options.program);
        command
            .arg("serve")
            .arg("--listen")
            .arg(format!(
                "127.0.0.1:{}",
                self.origin.port().unwrap_or_default()
            ))
            .arg("--data")
            .arg(self.data())
            .args(&self.options.arguments)
            .envs(
                self.options
                    .environment
                    .iter()
                    .map(|(name, value)| (name, value)),
            );
        self.process = Some(Process::start("quayside serve", command));
    }

    /// The running process.
    pub fn process(&mut self) -> &mut Process {
        self.process.as_mut().expect("the server was started")
    }

    /// The address of the root.
    pub fn origin(&self) -> &Url {
        &self.origin
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A client that nobody knows.
    pub fn client(&self) -> TestClient {
        TestClient::new(&self.origin)
    }

    /// A client with a fresh token.
    pub fn with_token(&self, scopes: &str) -> TestClient {
        let number = self.tokens.fetch_add(1, Ordering::Relaxed);
        let token = self.token(&format!("test {number}"), scopes);
        self.client().with_token(&token)
    }

    /// The sign-in link printed at the last start.
    pub async fn sign_in_link(&self) -> String {
        let process = self.process.as_ref().expect("the server was started");
        wait_for("the sign-in link", async || {
            let output = process.output();
            let mut words = output.split_whitespace();
            words
                .find(|word| word.contains("/sign-in/link#"))
                .map(str::to_owned)
        })
        .await
    }

    /// A client with the session of the administrator, signed in by the printed link, with its CSRF token.
    pub async fn sign_in(&self) -> TestClient {
        let link = self.sign_in_link().await;
        let (client, answer) = self.use_link(&link).await;
        let cookies = answer.expect(StatusCode::SEE_OTHER).cookies();
        let client = client.with(header::COOKIE, &cookies);
        let page = client.get("/").await.expect(StatusCode::OK);
        let csrf = page.hidden_field("csrf").expect("a CSRF token on the page");
        client.with(HeaderName::from_static("x-csrf-token"), &csrf)
    }

    /// Presses the button that a sign-in link leads to.
    pub async fn use_link(&self, link: &str) -> (TestClient, Answer) {
        let page = self
            .client()
            .get("/sign-in/link")
            .await
            .expect(StatusCode::OK);
        let csrf = page.hidden_field("csrf").expect("a CSRF token on the page");
        let visitor = self.client().with(header::COOKIE, &page.cookies());
        let answer = visitor
            .post_form("/sign-in/link", &[("csrf", &csrf), ("secret", link)])
            .await;
        (self.client(), answer)
    }

    /// A fresh token, from the command line while the server runs.
    pub fn token(&self, name: &str, scopes: &str) -> String {
        let output = self.run(&["token", "create", name, "--scope", scopes]);
        assert!(
            output.status.success(),
            "token create: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()
    }

    /// Runs another command on the same data.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let data = self.data().display().to_string();
        let mut arguments = arguments.to_vec();
        arguments.extend(["--data", &data]);
        if let Some(database) = self.database() {
            arguments.extend(["--database", database]);
        }
        run_quayside(&self.options.program, &arguments)
    }

    fn database(&self) -> Option<&str> {
        let arguments = &self.options.arguments;
        let option = arguments
            .iter()
            .position(|argument| argument == "--database")?;
        arguments.get(option + 1).map(String::as_str)
    }
}

/// Runs a command of the binary to its end, with nothing of the machine's settings.
pub fn run_quayside(program: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("QUAYSIDE_")) {
        command.env_remove(name);
    }
    command
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()))
}

fn candidate_ports() -> impl Iterator<Item = u16> {
    let random = uuid::Uuid::now_v7().as_u128() & u128::from(u64::MAX);
    (0..200_u128).map(move |each| 12_000 + ((random + each * 97) % 18_000) as u16)
}
