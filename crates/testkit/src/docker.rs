use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::process::Process;
use crate::wait::wait_until;

/// A Docker Engine of its own, without networks, reached by a socket in its folder.
///
/// It has a mount namespace of its own too, so that no mount outlives it.
pub struct TestDocker {
    process: Option<Process>,
    folder: TempDir,
}

impl TestDocker {
    /// Starts an engine that holds nothing.
    pub async fn start() -> Self {
        let mut docker = Self {
            process: None,
            folder: tempfile::tempdir().expect("a folder for the engine"),
        };
        docker.restart().await;
        docker
    }

    /// Kills the engine and all that it started.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts the engine again, with what it held.
    pub async fn restart(&mut self) {
        self.kill();
        let folder = self.folder.path();
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--propagation", "private", "--", "dockerd"])
            .args(["--bridge=none", "--iptables=false", "--ip6tables=false"])
            .arg("--data-root")
            .arg(self.data())
            .arg("--exec-root")
            .arg(folder.join("exec"))
            .arg("--pidfile")
            .arg(folder.join("pid"))
            .arg("--host")
            .arg(self.host());
        // Image registries of tests are on this machine.
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
            command.env_remove(proxy);
        }
        // A killed engine leaves process ids behind, which may belong to somebody else by now.
        let _ = std::fs::remove_file(folder.join("pid"));
        let _ = std::fs::remove_dir_all(folder.join("exec"));
        let process = self.process.insert(Process::start("dockerd", command));
        process
            .find_line("its socket", |line| {
                line.contains("API listen on").then_some(())
            })
            .await;
        wait_until("the engine", async || self.answers()).await;
    }

    /// Path of the socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("docker.sock")
    }

    /// The value of `DOCKER_HOST`.
    pub fn host(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Where the engine keeps what it holds.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs the docker client against this engine and gives its output.
    pub fn docker(&self, arguments: &[&str]) -> String {
        let output = self
            .client(arguments)
            .output()
            .expect("the docker client starts");
        assert!(
            output.status.success(),
            "docker {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()
    }

    /// Everything that the engine lists as an image, dangling ones included.
    pub fn images(&self) -> Vec<String> {
        let images = self.docker(&[
            "image",
            "ls",
            "--all",
            "--digests",
            "--format",
            "{{json .}}",
        ]);
        images.lines().map(str::to_owned).collect()
    }

    fn answers(&self) -> bool {
        let output = self.client(&["version"]).output();
        output.is_ok_and(|output| output.status.success())
    }

    fn client(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command
            .arg("--host")
            .arg(self.host())
            .args(arguments)
            .env("DOCKER_CONFIG", no_configuration(self.folder.path()));
        command
    }
}

/// The client would read the machine's credentials otherwise.
fn no_configuration(folder: &Path) -> PathBuf {
    folder.join("client")
}
