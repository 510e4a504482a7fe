use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde::Deserialize;

/// The root of this repository.
pub fn repository() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let root = crates
        .and_then(Path::parent)
        .expect("crates lie two folders deep");
    root.to_owned()
}

/// What cargo says of the workspace and all that it depends on.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// Every package that a build on this system may use.
    pub packages: Vec<Package>,
    workspace_members: Vec<String>,
}

/// One package.
#[derive(Debug, Deserialize)]
pub struct Package {
    id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SPDX expression of its licence.
    pub license: Option<String>,
    /// Where it comes from; nothing for our own.
    pub source: Option<String>,
    /// Path of its manifest.
    pub manifest_path: PathBuf,
    /// What it depends on directly.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// Name of the package.
    pub name: String,
    /// `dev`, `build` or nothing.
    pub kind: Option<String>,
}

impl Metadata {
    /// Asks cargo, once.
    pub fn read() -> &'static Self {
        static READ: OnceLock<Metadata> = OnceLock::new();
        READ.get_or_init(|| {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
            let output = Command::new(cargo)
                .args(["metadata", "--format-version", "1", "--locked", "--offline"])
                // What other systems need is not fetched by a build.
                .args(["--filter-platform", &platform])
                .current_dir(repository())
                .output()
                .expect("cargo starts");
            assert!(
                output.status.success(),
                "cargo metadata: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
        })
    }

    /// Our own crates by name.
    pub fn own(&self) -> BTreeMap<&str, &Package> {
        let own = self
            .packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id));
        own.map(|package| (package.name.as_str(), package))
            .collect()
    }
}

impl Package {
    /// The names of what it depends on outside of tests.
    pub fn normal_dependencies(&self) -> impl Iterator<Item = &str> {
        let normal = self
            .dependencies
            .iter()
            .filter(|each| each.kind.as_deref() != Some("dev"));
        normal.map(|each| each.name.as_str())
    }

    /// The folder of its manifest.
    pub fn folder(&self) -> &Path {
        self.manifest_path
            .parent()
            .expect("a manifest lies in a folder")
    }
}
