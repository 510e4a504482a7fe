//! Sites of real registries, published by our own publisher.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;
use testkit::{TestSite, repository, run_quayside};

use super::Options;

/// The branches that become a site: those that are named as the forms are.
const SCHEMAS: [&str; 2] = ["1.0", "1.1"];

/// Published registries, served over HTTP.
pub(crate) struct Sites {
    pub(crate) urls: Vec<String>,
    _servers: Vec<TestSite>,
    _folder: TempDir,
}

impl Sites {
    /// Publishes the corpus, or the example registry where there is none, icons included.
    pub(crate) async fn publish(options: &Options) -> Self {
        let folder = tempfile::tempdir().expect("a folder for sites");
        let registries = match &options.corpus {
            Some(corpus) => folders(corpus),
            None => vec![repository().join("examples/registry")],
        };
        let mut sites = Vec::new();
        for (number, registry) in registries.iter().enumerate() {
            let site = folder.path().join(format!("site-{number}"));
            let source = folder.path().join("source");
            for schema in SCHEMAS {
                let branch = registry.join(schema);
                if branch.join("workspaces").is_dir() {
                    copy(&branch, &source);
                    describe(&branch, &source, schema);
                    publish(options, &source, &site);
                    fs::remove_dir_all(&source).expect("the folder is ours");
                }
            }
            if site.join("versions.txt").is_file() {
                sites.push(TestSite::folder(&site).await);
            }
        }
        assert!(!sites.is_empty(), "there is no registry to publish");
        Self {
            urls: sites.iter().map(TestSite::url).collect(),
            _servers: sites,
            _folder: folder,
        }
    }
}

/// A branch that cannot be published has no site; there are such.
fn publish(options: &Options, source: &Path, site: &Path) {
    let (source, site) = (source.display().to_string(), site.display().to_string());
    run_quayside(
        &options.program,
        &["publish", "build", &source, "--out", &site],
    );
}

/// Writes `registry.toml` where there is none, with what the template's settings say.
fn describe(branch: &Path, source: &Path, schema: &str) {
    let path = source.join("registry.toml");
    if path.exists() {
        return;
    }
    let settings = fs::read(branch.join("site/next.config.env.json")).unwrap_or_default();
    let settings: Value = serde_json::from_slice(&settings).unwrap_or_default();
    let name = settings["name"].as_str().unwrap_or("Unnamed");
    // A JSON string is a TOML string.
    let text = format!(
        "name = {}\nlist_url = \"https://registry.example/\"\nschema = \"{schema}\"\n",
        Value::from(name)
    );
    fs::write(path, text).expect("the folder is ours");
}

/// The folders in a folder, by name.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder is ours");
    let entries = fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    for entry in entries.filter_map(Result::ok) {
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).expect("files can be copied");
        }
    }
}
