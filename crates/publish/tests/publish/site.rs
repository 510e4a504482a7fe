//! What a site has beside its lists, and which form and time they have.

use std::io::{self, Read};

use model::SchemaForm;
use publish::{Config, Edition, Entry, Modified, SourceTree, build, publish_root};

use crate::trees::{MODIFIED, Memory, Site, publish};

const OLD: &str = r#"{"friendly_name":"A","name":"a/a:1","compatibility":["1.13.x"]}"#;
const NEW: &str = r#"{"friendly_name":"B","compatibility":[{"version":"1.17.x","image":"a/b:1"}]}"#;

#[test]
fn the_form_is_that_of_most_workspaces_where_none_is_named() {
    let schema = |tree: &Memory| Config::read(tree).0.map(|config| config.schema);
    let tree = Memory::default()
        .with(
            "registry.toml",
            "name = \"X\"\nlist_url = \"https://x.example/\"\n",
        )
        .with("workspaces/a/workspace.json", OLD);
    assert_eq!(schema(&tree), Some(SchemaForm::V1_0));
    let tree = tree
        .with("workspaces/b/workspace.json", NEW)
        .with("workspaces/broken/workspace.json", "{");
    assert_eq!(schema(&tree), Some(SchemaForm::V1_1), "as many of each");
    let tree = tree.with("workspaces/c/workspace.json", OLD);
    assert_eq!(schema(&tree), Some(SchemaForm::V1_0));
    let empty = Memory::default().with("registry.toml", "name = \"X\"\n");
    assert_eq!(schema(&empty), None);
}

#[test]
fn a_registry_made_from_the_template_is_built_as_it_is() {
    let tree = Memory::default()
        .with(
            "site/next.config.js",
            "module.exports = { env: { name: 'Harbour', listUrl: 'https://x.example/' }, basePath: '/r/1.1' }",
        )
        .with("site/public/favicon.ico", "icon")
        .with("site/public/img/logo.svg", "<svg/>")
        .with("site/public/list.json", "stale")
        .with("site/public/icons/stale.png", "stale")
        .with("workspaces/a/workspace.json", NEW);
    let (site, built) = publish(&tree);
    assert!(
        site.text("1.1/list.json")
            .starts_with("{\"name\":\"Harbour\"")
    );
    assert_eq!(site.text("1.1/img/logo.svg"), "<svg/>");
    assert_eq!(site.text("1.1/favicon.ico"), "icon");
    assert!(!site.files.contains_key("1.1/icons/stale.png"));
    assert_eq!(built.files.len(), site.files.len());
    let list = site.order.iter().position(|path| path == "1.1/list.json");
    let logo = site
        .order
        .iter()
        .position(|path| path == "1.1/img/logo.svg");
    assert!(logo < list);
}

#[test]
fn a_published_site_among_the_sources_is_not_published_again() {
    let tree = Memory::default()
        .with("registry.toml", "name = \"X\"\nschema = \"1.1\"\n")
        .with("public/.quayside", "")
        .with("public/1.1/copy/workspace.json", NEW)
        .with("workspaces/a/workspace.json", NEW);
    assert_eq!(publish(&tree).1.workspaces, 1);
}

/// A tree whose files each have a time: the length of their path.
struct Aged(Memory);

impl SourceTree for Aged {
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let mut entries = self.0.entries(folder)?;
        for entry in &mut entries {
            entry.modified_ms = Some(entry.name.len() as i64);
        }
        Ok(entries)
    }

    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>> {
        self.0.open(path)
    }
}

#[test]
fn a_list_is_as_old_as_the_newest_file() {
    let tree = Aged(
        Memory::default()
            .with("registry.toml", "name = \"X\"\nschema = \"1.1\"\n")
            .with("workspaces/a/a-rather-long-name.txt", "")
            .with(".git/a-name-that-is-longer-than-all-others.txt", "")
            .with("workspaces/a/workspace.json", NEW),
    );
    let config = Config::read(&tree).0.expect("a configuration");
    let mut site = Site::default();
    build(
        &Edition::new(&tree, &config, Modified::NewestFile),
        &mut site,
    )
    .expect("a build");
    let list = site.text("1.1/list.json");
    assert!(list.contains("\"modified\":22,"), "{list}");
}

#[test]
fn an_edition_can_have_a_folder_of_another_name() {
    let tree = Memory::default()
        .with("registry.toml", "name = \"X\"\nschema = \"1.1\"\n")
        .with("workspaces/a/workspace.json", NEW);
    let config = Config::read(&tree).0.expect("a configuration");
    let edition = Edition {
        folder: "feature_x",
        ..Edition::new(&tree, &config, MODIFIED)
    };
    let mut site = Site::default();
    build(&edition, &mut site).expect("a build");
    assert!(site.files.keys().all(|path| path.starts_with("feature_x/")));
}

#[test]
fn the_root_has_what_hosts_look_for() {
    let tree = Memory::default().with("CNAME", "registry.example\n");
    let mut site = Site::default();
    publish_root("1.1", "Harbour", &tree, None, &mut site).expect("a site");
    assert_eq!(
        site.order,
        ["index.html", "favicon.ico", ".nojekyll", "CNAME"]
    );
    assert!(site.text("index.html").contains("url=1.1/"));
    assert_eq!(&site.files["favicon.ico"][..4], [0, 0, 1, 0]);
    let tree = tree.with("site/public/CNAME", "better.example\n");
    let mut site = Site::default();
    publish_root("1.1", "Harbour", &tree, None, &mut site).expect("a site");
    assert_eq!(site.text("CNAME"), "better.example\n");
    let mut site = Site::default();
    let bare = Memory::default();
    publish_root("1.1", "Harbour", &bare, Some(b"kept.example"), &mut site).expect("a site");
    assert_eq!(site.text("CNAME"), "kept.example");
}
