//! Builds over earlier builds: whatever changed in between, the site is that of a first build.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read};

use diagnostics::Diagnostic;
use publish::{Config, Edition, Entry, Fingerprint, Memory, Sink, SourceTree, Stamp, build};

use crate::trees::{self, MODIFIED, Site};

const REGISTRY: &str = "name = \"X\"\nschema = \"1.1\"\nlist_url = \"https://x.example/\"\n";
const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>";

fn workspace(name: &str, icon: &str) -> String {
    format!(
        r#"{{"friendly_name":"{name}","image_src":"{icon}","categories":["Desktop"],"run_config":{{"privileged":true}},"compatibility":[{{"version":"1.17.x","image":"a/b:1","available_tags":["edge"]}}]}}"#
    )
}

/// A tree whose files have stamps, and that knows which were read.
struct Stamped {
    tree: trees::Memory,
    read: RefCell<BTreeSet<String>>,
}

impl SourceTree for Stamped {
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let mut entries = self.tree.entries(folder)?;
        for entry in &mut entries {
            let path = format!("{folder}/{}", entry.name);
            let content = self.tree.read(path.trim_start_matches('/'), 1 << 20);
            let mut hasher = DefaultHasher::new();
            content.unwrap_or_default().hash(&mut hasher);
            let mut stamp = [0; 32];
            stamp[..8].copy_from_slice(&hasher.finish().to_le_bytes());
            entry.stamp = Some(Stamp(stamp));
        }
        Ok(entries)
    }

    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>> {
        let content = self.tree.open(path)?;
        if path.starts_with("workspaces/") {
            self.read.borrow_mut().insert(path.to_owned());
        }
        Ok(content)
    }
}

/// A site that is there before and after a build.
#[derive(Default)]
struct Lasting {
    site: Site,
    made_from: BTreeMap<String, Fingerprint>,
}

impl Sink for Lasting {
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.made_from.remove(path);
        self.site.write(path, bytes)
    }

    fn write_made(&mut self, path: &str, made_from: Fingerprint, bytes: Vec<u8>) -> io::Result<()> {
        self.write(path, &bytes)?;
        self.made_from.insert(path.to_owned(), made_from);
        Ok(())
    }

    fn holds(&mut self, path: &str, made_from: Fingerprint) -> bool {
        self.site.files.contains_key(path) && self.made_from.get(path) == Some(&made_from)
    }
}

/// A registry that is built again and again into the same site.
struct Registry {
    sources: BTreeMap<String, String>,
    site: Lasting,
    memory: Memory,
}

/// What a build did.
struct Did {
    read: Vec<String>,
    written: Vec<String>,
}

impl Registry {
    fn new() -> Self {
        let mut sources = BTreeMap::from([("registry.toml".to_owned(), REGISTRY.to_owned())]);
        for name in ["a", "b", "c"] {
            let icon = format!("{name}.svg");
            sources.insert(
                format!("workspaces/{name}/workspace.json"),
                workspace(&name.to_uppercase(), &icon),
            );
            let icon = format!("workspaces/{name}/{icon}");
            sources.insert(icon, PICTURE.to_owned());
        }
        let mut registry = Self {
            sources,
            site: Lasting::default(),
            memory: Memory::default(),
        };
        registry.build();
        registry
    }

    fn write(&mut self, path: &str, content: impl Into<String>) {
        self.sources.insert(path.to_owned(), content.into());
    }

    /// Builds over what is there, and compares with a first build.
    fn build(&mut self) -> Did {
        let mut first = Lasting::default();
        let (_, expected, _) = build_into(&self.sources, &mut first, &Memory::default());
        self.site.site.order.clear();
        let (tree, diagnostics, memory) = build_into(&self.sources, &mut self.site, &self.memory);
        assert_eq!(self.site.site.files, first.site.files);
        assert_eq!(diagnostics, expected);
        self.memory = memory;
        Did {
            read: tree.read.into_inner().into_iter().collect(),
            written: self.site.site.order.clone(),
        }
    }
}

fn build_into(
    sources: &BTreeMap<String, String>,
    site: &mut Lasting,
    memory: &Memory,
) -> (Stamped, Vec<Diagnostic>, Memory) {
    let mut tree = trees::Memory::default();
    for (path, content) in sources {
        tree = tree.with(path, content.as_str());
    }
    let tree = Stamped {
        tree,
        read: RefCell::default(),
    };
    let (config, _) = Config::read(&tree);
    let config = config.expect("a configuration");
    tree.read.borrow_mut().clear();
    let edition = Edition {
        memory: Some(memory),
        ..Edition::new(&tree, &config, MODIFIED)
    };
    let built = build(&edition, site).expect("a build");
    site.site.files.retain(|path, _| built.files.contains(path));
    (tree, built.diagnostics, built.memory)
}

#[test]
fn what_did_not_change_is_neither_read_nor_written() {
    let mut registry = Registry::new();
    let did = registry.build();
    assert_eq!(did.read, Vec::<String>::new());
    let pages = did
        .written
        .iter()
        .filter(|path| path.contains("/workspace/") || path.contains("/icons/"));
    assert_eq!(pages.count(), 0, "{:?}", did.written);
    // A memory can be kept as bytes.
    let parts = registry.memory.parts().map(<[u8]>::to_vec);
    registry.memory = Memory::from_parts(parts);
    assert_eq!(registry.build().read, Vec::<String>::new());
}

#[test]
fn only_what_changed_is_read() {
    let mut registry = Registry::new();
    registry.write("workspaces/b/workspace.json", workspace("Bee", "b.svg"));
    let did = registry.build();
    assert_eq!(
        did.read,
        ["workspaces/b/b.svg", "workspaces/b/workspace.json"]
    );
    let page = |path: &str| did.written.iter().any(|written| written == path);
    assert!(page("1.1/workspace/b.html") && page("1.1/index.html") && page("1.1/list.json"));
    assert!(!page("1.1/workspace/a.html") && !page("1.1/icons/b.svg"));

    registry.write("workspaces/c/c.svg", PICTURE.replace("0 0 1 1", "0 0 2 2"));
    let did = registry.build();
    assert_eq!(
        did.read,
        ["workspaces/c/c.svg", "workspaces/c/workspace.json"]
    );
}

#[test]
fn every_change_gives_the_site_of_a_first_build() {
    let mut registry = Registry::new();
    // A workspace goes, comes, and has another name.
    let gone = registry.sources.split_off("workspaces/b");
    registry.build();
    for (path, content) in &gone {
        registry.write(&path.replace("/b/", "/bb/"), content.as_str());
    }
    registry.build();
    registry.sources.extend(gone);
    registry.build();
    // One that nobody else changed gets another page, because one before it has its name now.
    registry.write("workspaces/a-1/workspace.json", workspace("A 1", "no.svg"));
    registry.build();
    registry.write("workspaces/0/a/workspace.json", workspace("A 0", "a.svg"));
    registry.build();
    // Two have the same icon, then different ones of the same name.
    registry.write("workspaces/0/a/a.svg", PICTURE);
    registry.build();
    registry.write("workspaces/0/a/a.svg", PICTURE.replace('1', "2"));
    registry.build();
    registry.sources.remove("workspaces/a/a.svg");
    registry.build();
    // What all pages are made of.
    registry.write(
        "registry.toml",
        format!("{REGISTRY}description = \"New.\"\n"),
    );
    registry.build();
    registry.write(
        "registry.toml",
        format!("{REGISTRY}[severity]\nicon-not-found = \"error\"\n"),
    );
    registry.build();
    registry.write("registry.toml", REGISTRY.replace("1.1", "1.0"));
    registry.build();
    // Files in folders, one that cannot be published, and one that can again.
    registry.write("workspaces/c/deep/er/notes.txt", "one");
    registry.build();
    registry.write("workspaces/c/deep/er/notes.txt", "two");
    registry.build();
    registry.write("workspaces/c/workspace.json", "{");
    registry.build();
    registry.write("workspaces/c/workspace.json", workspace("C", "c.svg"));
    registry.build();
}

#[test]
fn a_file_of_the_site_that_is_missing_is_made_again() {
    let mut registry = Registry::new();
    let made: Vec<String> = registry.site.site.files.keys().cloned().collect();
    for path in made {
        registry.site.site.files.remove(&path);
        registry.build();
    }
}

#[test]
fn a_memory_that_is_damaged_counts_as_none() {
    let mut registry = Registry::new();
    let [records, listings] = registry.memory.parts().map(<[u8]>::to_vec);
    for end in (0..records.len()).step_by(101) {
        registry.memory = Memory::from_parts([records[..end].to_vec(), listings.clone()]);
        registry.build();
    }
    registry.memory = Memory::from_parts([records, Vec::new()]);
    registry.build();
}
