use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::process::Process;
use crate::server::TestServer;

/// How a [`TestAgent`] is started.
#[derive(Debug, Clone)]
pub struct AgentOptions {
    /// The program.
    pub program: PathBuf,
    /// Name of its token, which becomes the agent's.
    pub name: String,
    /// The engine: `store` or `docker`.
    pub engine: String,
    /// `DOCKER_HOST` of the agent.
    pub docker_host: String,
}

impl AgentOptions {
    /// An agent with the built-in store.
    pub fn with_store(program: impl Into<PathBuf>, name: &str) -> Self {
        Self {
            program: program.into(),
            name: name.to_owned(),
            engine: "store".to_owned(),
            docker_host: "unix:///nonexistent".to_owned(),
        }
    }

    /// An agent with a Docker Engine.
    pub fn with_docker(program: impl Into<PathBuf>, name: &str, host: &str) -> Self {
        Self {
            engine: "docker".to_owned(),
            docker_host: host.to_owned(),
            ..Self::with_store(program, name)
        }
    }
}

/// `quayside agent`, with a data folder of its own.
pub struct TestAgent {
    options: AgentOptions,
    process: Option<Process>,
    folder: TempDir,
    server: String,
}

impl TestAgent {
    /// Starts an agent of a server with a token of its own.
    pub fn start(options: AgentOptions, server: &TestServer) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the agent");
        let token = server.token(&options.name, "agent");
        fs::write(folder.path().join("token"), token).expect("the folder is ours");
        let mut agent = Self {
            options,
            process: None,
            folder,
            server: server.origin().to_string(),
        };
        agent.restart();
        agent
    }

    /// Kills the agent and all that it started.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts the agent again, on the same data.
    pub fn restart(&mut self) {
        self.kill();
        let mut command = Command::new(&self.options.program);
        command
            .args([
                "agent",
                "--server",
                &self.server,
                "--engine",
                &self.options.engine,
            ])
            .arg("--token-file")
            .arg(self.folder.path().join("token"))
            .arg("--data")
            .arg(self.data())
            .env("DOCKER_HOST", &self.options.docker_host);
        self.process = Some(Process::start("quayside agent", command));
    }

    /// The running process.
    pub fn process(&mut self) -> &mut Process {
        self.process.as_mut().expect("the agent was started")
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}
