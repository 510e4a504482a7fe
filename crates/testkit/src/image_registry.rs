use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::image::TestImage;
use crate::process::Process;
use crate::push::push;

/// A Debian docker-registry with a folder of its own.
pub struct TestImageRegistry {
    _process: Process,
    folder: TempDir,
    address: String,
    authorization: Option<String>,
}

impl TestImageRegistry {
    /// The user that a registry with a password knows.
    pub const USER: &str = "harbour";
    /// The password of [`Self::USER`].
    pub const PASSWORD: &str = "open-sesame-2417";
    /// The bcrypt hash of [`Self::PASSWORD`], the only kind that docker-registry reads.
    const PASSWORD_HASH: &str = "$2b$05$QuaysideTestSaltAbcdeesn20cSGNEHjaoJmprDwKrHSOs/TPSm2";

    /// Starts a registry that everybody may read and write.
    pub async fn start() -> Self {
        Self::launch(false).await
    }

    /// Starts a registry that only [`Self::USER`] may read and write.
    pub async fn start_with_password() -> Self {
        Self::launch(true).await
    }

    async fn launch(password: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the image registry");
        let settings = folder.path().join("settings.yml");
        let mut text = format!(
            "version: 0.1\nlog: {{level: info}}\nstorage:\n  filesystem: {{rootdirectory: {}}}\n  delete: {{enabled: true}}\n\
             http: {{addr: '127.0.0.1:0', secret: test}}\n",
            folder.path().join("storage").display()
        );
        if password {
            let users = folder.path().join("users");
            let line = format!("{}:{}\n", Self::USER, Self::PASSWORD_HASH);
            fs::write(&users, line).expect("the folder is ours");
            text.push_str("auth: {htpasswd: {realm: test, path: ");
            text.push_str(&users.display().to_string());
            text.push_str("}}\n");
        }
        fs::write(&settings, text).expect("the folder is ours");
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(&settings);
        let mut process = Process::start("docker-registry", command);
        let address = process
            .find_line("its port", |line| {
                let (_, rest) = line.split_once("listening on 127.0.0.1:")?;
                let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
                Some(format!("127.0.0.1:{digits}"))
            })
            .await;
        let authorization = password.then(|| {
            let pair = format!("{}:{}", Self::USER, Self::PASSWORD);
            format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes()))
        });
        Self {
            _process: process,
            folder,
            address,
            authorization,
        }
    }

    /// Host and port, as an image reference names it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Publishes an image and gives its reference.
    pub async fn push(&self, repository: &str, tag: &str, image: &TestImage) -> String {
        push(
            &self.address,
            self.authorization.as_deref(),
            repository,
            tag,
            image,
        )
        .await;
        format!("{}/{repository}:{tag}", self.address)
    }

    /// Changes the bytes of a stored blob, which the registry serves without looking.
    pub fn corrupt(&self, digest: &model::Digest) {
        let path = self.blob(digest);
        let mut bytes = fs::read(&path).expect("the blob was pushed");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
        fs::write(&path, bytes).expect("the folder is ours");
    }

    fn blob(&self, digest: &model::Digest) -> PathBuf {
        let root = Path::new("storage/docker/registry/v2/blobs/sha256");
        let hex = digest.hex();
        self.folder
            .path()
            .join(root)
            .join(&hex[..2])
            .join(hex)
            .join("data")
    }
}
