//! What a build does with trees that are not as they should be.

use std::collections::BTreeSet;
use std::io;

use crate::trees::{MODIFIED, Memory, Site, publish};
use diagnostics::{render_concise, render_full};
use publish::{BuildError, Config, Edition, Sink, SourceTree, Unusable, build};

const REGISTRY: &str = "name = \"R\"\nlist_url = \"https://r.example/\"\nschema = \"1.1\"\n";

fn tree() -> Memory {
    Memory::default().with("registry.toml", REGISTRY)
}

/// The rest of a workspace that there is nothing else to say about.
const REST: &str = r#""description":"d","architecture":["amd64"],"compatibility":[{"version":"1.17.x","image":"a/b:1","uncompressed_size_mb":9}]"#;

const PICTURE: &str = "<svg/>";

fn workspace(name: &str, icon: &str) -> String {
    format!(r#"{{"friendly_name":"{name}","image_src":"{icon}",{REST}}}"#)
}

/// The concise diagnostics of a build, and the names in its list.
fn outcome(tree: &Memory) -> (String, Vec<String>) {
    let (site, built) = publish(tree);
    let sources = |file: &str| tree.read(file, u64::MAX).ok();
    let list = site.text("1.1/list.json");
    let names: Vec<String> = list
        .match_indices(r#""friendly_name":""#)
        .map(|(start, key)| {
            let rest = &list[start + key.len()..];
            rest[..rest.find('"').expect("a closing quote")].to_owned()
        })
        .collect();
    assert_eq!(built.workspaces, names.len());
    assert!(list.contains(&format!("\"workspacecount\":{},", names.len())));
    (render_concise(&built.diagnostics, &sources, false), names)
}

/// What was written beside the storefront, in that order.
fn without_storefront(site: &Site) -> Vec<&str> {
    let is_data = |path: &&str| path.contains("/icons/") || path.ends_with("json");
    let paths = site.order.iter().map(String::as_str);
    paths.filter(is_data).collect()
}

#[test]
fn one_bad_workspace_costs_no_other() {
    let tree = tree()
        .with("workspaces/a/workspace.json", workspace("A", "a.svg"))
        .with("workspaces/a/a.svg", PICTURE)
        .with(
            "workspaces/b/workspace.json",
            "{\n  \"friendly_name\": \"B\",\n  \"x\": tru,\n  \"y\": 01\n}",
        )
        .with("workspaces/c/workspace.json", "[]")
        .with(
            "workspaces/d/workspace.json",
            format!(r#"{{"friendly_name": " ",{REST}}}"#),
        )
        .with("workspaces/e/workspace.json", "")
        .with_broken("workspaces/f/workspace.json")
        .with("workspaces/g/workspace.json", workspace("G", "g.svg"))
        .with("workspaces/g/g.svg", PICTURE)
        .with_broken("workspaces/g/data.bin")
        .with("workspaces/h/workspace.json", workspace("H", "h.svg"))
        .with("workspaces/h/h.svg", PICTURE);
    let (diagnostics, names) = outcome(&tree);
    assert_eq!(names, ["A", "H"]);
    insta::assert_snapshot!(diagnostics, @r"
    workspaces/b/workspace.json:3:8: error[invalid-json]: `workspaces/b/workspace.json` is not JSON and is left out: `tru` is not a JSON value
    workspaces/b/workspace.json:4:8: error[invalid-json]: `workspaces/b/workspace.json` is not JSON and is left out: `01` is not a JSON number
    workspaces/c/workspace.json:1:1: error[unusable-workspace]: `workspaces/c/workspace.json` is left out: expected an object, found an array
    workspaces/d/workspace.json:1:1: warning[icon-not-named]: workspace `d` names no icon
    workspaces/d/workspace.json:1:19: error[unusable-workspace]: `workspaces/d/workspace.json` is left out: `friendly_name` is empty
    workspaces/e/workspace.json:1:1: error[invalid-json]: `workspaces/e/workspace.json` is not JSON and is left out: the document is empty
    workspaces/f/workspace.json: error[not-readable]: `workspaces/f/workspace.json` cannot be read: permission denied
    workspaces/g/data.bin: error[not-readable]: `workspaces/g/data.bin` cannot be read: permission denied
    ");
}

#[test]
fn what_is_odd_but_usable_is_published_and_said() {
    let tree = tree()
        .with(
            "workspaces/a/workspace.json",
            "\u{feff}{\"friendly_name\":\"A\",\"image_src\":\"a.svg\",\"notes\":\"x\",\"notes\":\"y\",\"cores\":\"many\",".to_owned() + REST + "}",
        )
        .with("workspaces/a/a.svg", PICTURE)
        .with(
            "workspaces/b/workspace.json",
            [
                b"{\"friendly_name\":\"B\xff\",\"image_src\":\"b.svg\",",
                REST.as_bytes(),
                b"}",
            ]
            .concat(),
        )
        .with("workspaces/b/b.svg", PICTURE);
    let (diagnostics, names) = outcome(&tree);
    assert_eq!(names, ["A", "B\u{fffd}"]);
    insta::assert_snapshot!(diagnostics, @r#"
    workspaces/a/workspace.json:1:1: warning[byte-order-mark]: `workspaces/a/workspace.json` begins with a byte-order mark
    workspaces/a/workspace.json:1:55: warning[duplicate-key]: `workspaces/a/workspace.json` has "notes" twice in one object
    workspaces/a/workspace.json:1:75: warning[unexpected-value]: `/cores` in `workspaces/a/workspace.json`: expected a number of cores, found a string
    workspaces/b/workspace.json:1:20: warning[not-utf8]: `workspaces/b/workspace.json` is not UTF-8; what cannot be read is shown as �
    "#);
}

#[test]
fn an_icon_that_cannot_be_published_is_said_and_the_workspace_stays() {
    let tree = tree()
        .with("index.html", "precious")
        .with(
            "workspaces/a/workspace.json",
            workspace("A", "../../index.html"),
        )
        .with("workspaces/b/workspace.json", workspace("B", ""))
        .with(
            "workspaces/c/workspace.json",
            workspace("C", "blob:https://c.example/1"),
        )
        .with(
            "workspaces/d/workspace.json",
            workspace("D", "https://d.example/d.png"),
        )
        .with("workspaces/e/workspace.json", workspace("E", "E.svg"))
        .with("workspaces/e/e.svg", PICTURE)
        .with("workspaces/f/workspace.json", workspace("F", "f"))
        .with("workspaces/f/f/f.svg", PICTURE)
        .with("workspaces/g/workspace.json", workspace("G", "big.png"))
        .with("workspaces/g/big.png", vec![0; 2 * 1024 * 1024 + 1])
        .with("workspaces/h/workspace.json", workspace("H", "link.png"))
        .with_unusable("workspaces/h/link.png", Unusable::LeavesTree)
        .with(
            "workspaces/i/workspace.json",
            format!(r#"{{"friendly_name":"I",{REST}}}"#),
        );
    let (diagnostics, names) = outcome(&tree);
    assert_eq!(names, ["A", "B", "C", "D", "E", "F", "G", "H", "I"]);
    insta::assert_snapshot!(diagnostics, @r"
    workspaces/a/workspace.json:1:34: warning[icon-outside-folder]: icon `../../index.html` of workspace `A` leads out of its folder
    workspaces/b/workspace.json:1:34: warning[icon-not-named]: workspace `B` names no icon
    workspaces/c/workspace.json:1:34: warning[icon-elsewhere]: icon of workspace `C` is an address: blob:https://c.example/1
    workspaces/d/workspace.json:1:34: warning[icon-elsewhere]: icon of workspace `D` is an address: https://d.example/d.png
    workspaces/e/workspace.json:1:34: warning[icon-not-found]: icon `E.svg` of workspace `E` does not exist
    workspaces/f/workspace.json:1:34: warning[icon-not-found]: icon `f` of workspace `F` does not exist
    workspaces/g/workspace.json:1:34: warning[icon-too-large]: icon `big.png` of workspace `G` is larger than 2 MiB
    workspaces/h/link.png: warning[entry-left-out]: `workspaces/h/link.png` is left out: a link that leads out of the registry's folder
    workspaces/h/workspace.json:1:34: warning[icon-not-found]: icon `link.png` of workspace `H` does not exist
    workspaces/i/workspace.json:1:1: warning[icon-not-named]: workspace `I` names no icon
    ");
    let (site, _) = publish(&tree);
    assert_eq!(
        without_storefront(&site),
        ["1.1/list.json", "1.1/versions.json"]
    );
}

#[test]
fn the_first_icon_of_a_name_stays() {
    let tree = tree()
        .with("workspaces/a/workspace.json", workspace("A", "icon.svg"))
        .with("workspaces/a/icon.svg", "<svg id='1'/>")
        .with("workspaces/b/workspace.json", workspace("B", "icon.svg"))
        .with("workspaces/b/icon.svg", "<svg id='2'/>")
        .with("workspaces/c/workspace.json", workspace("C", "./icon.svg"))
        .with("workspaces/c/icon.svg", "<svg id='1'/>")
        .with(
            "workspaces/d/workspace.json",
            workspace("D", "icon.svg/d.svg"),
        )
        .with("workspaces/d/icon.svg/d.svg", PICTURE)
        .with("workspaces/e/workspace.json", workspace("E", "img/e.svg"))
        .with("workspaces/e/img/e.svg", PICTURE)
        .with("workspaces/f/workspace.json", workspace("F", "img"))
        .with("workspaces/f/img", PICTURE);
    let (diagnostics, _) = outcome(&tree);
    insta::assert_snapshot!(diagnostics, @r"
    workspaces/b/workspace.json:1:34: warning[icon-name-taken]: icon `icon.svg` of workspace `B` has the same name as a different one of workspace `A`
    workspaces/d/workspace.json:1:34: warning[icon-name-taken]: icon `icon.svg/d.svg` of workspace `D` has the same name as a different one of workspace `A`
    workspaces/f/workspace.json:1:34: warning[icon-of-other-format]: icon `img` of workspace `F` is SVG, named as no picture
    workspaces/f/workspace.json:1:34: warning[icon-name-taken]: icon `img` of workspace `F` has the same name as a different one of workspace `E`
    ");
    let (site, _) = publish(&tree);
    assert_eq!(site.text("1.1/icons/icon.svg"), "<svg id='1'/>");
    assert_eq!(
        without_storefront(&site),
        [
            "1.1/icons/icon.svg",
            "1.1/icons/img/e.svg",
            "1.1/list.json",
            "1.1/versions.json"
        ]
    );
}

#[test]
fn only_own_workspaces_are_published() {
    let tree = tree()
        .with("workspace.json", workspace("Root", "x.svg"))
        .with(
            "site/node_modules/x/workspace.json",
            workspace("Dependency", "x.svg"),
        )
        .with(".cache/workspace.json", workspace("Hidden", "x.svg"))
        .with("site/docs/workspace.json", workspace("Elsewhere", "x.svg"))
        .with("site/docs/x.svg", PICTURE)
        .with(
            "workspaces/Workspace.json",
            workspace("Other name", "x.svg"),
        );
    let (diagnostics, names) = outcome(&tree);
    assert_eq!(names, ["Elsewhere"]);
    assert_eq!(publish(&tree).1.left_out, 1);
    insta::assert_snapshot!(diagnostics, @r"workspace.json: error[workspace-without-folder]: `workspace.json` lies beside `registry.toml` and is left out");
}

#[test]
fn links_that_lead_astray_are_left_out_of_the_hash() {
    let plain = tree()
        .with("workspaces/a/workspace.json", workspace("A", "a.svg"))
        .with("workspaces/a/a.svg", PICTURE);
    let (expected, _) = publish(&plain);
    let linked = plain
        .with_unusable("workspaces/a/out", Unusable::LeavesTree)
        .with_unusable("workspaces/a/self", Unusable::Loop)
        .with_unusable("workspaces/gone", Unusable::Dangling)
        .with_unusable("site/socket", Unusable::Special);
    let (site, _) = publish(&linked);
    assert_eq!(site.files, expected.files);
    let (diagnostics, _) = outcome(&linked);
    insta::assert_snapshot!(diagnostics, @"
    workspaces/a/out: warning[entry-left-out]: `workspaces/a/out` is left out: a link that leads out of the registry's folder
    workspaces/a/self: warning[entry-left-out]: `workspaces/a/self` is left out: a link that leads round in a circle
    workspaces/gone: warning[entry-left-out]: `workspaces/gone` is left out: a link that leads nowhere
    ");
}

#[test]
fn an_empty_registry_is_published_and_said() {
    let (diagnostics, names) = outcome(&tree());
    assert!(names.is_empty());
    insta::assert_snapshot!(diagnostics, @r"warning[no-workspaces]: the registry has no workspaces");
    let (site, _) = publish(&tree());
    assert_eq!(
        site.text("1.1/list.json"),
        r#"{"name":"R","workspacecount":0,"icon":null,"description":null,"list_url":"https://r.example/","contact_url":null,"modified":1700000000000,"workspaces":[],"channels":[],"default_channel":null}"#
    );
}

#[test]
fn what_was_meant_to_be_a_workspace_is_said() {
    let tree = tree()
        .with("logo.png", "<!DOCTYPE html>")
        .with("registry.toml", format!("{REGISTRY}icon = \"logo.png\"\n"))
        .with("workspaces/a/workspace.json", workspace("A", "a.svg"))
        .with("workspaces/a/a.svg", PICTURE)
        .with("workspaces/b/Workspace.json", workspace("B", "b.svg"))
        .with("workspaces/c/README.md", "later")
        .with("workspaces/d/e/workspace.json", workspace("E", "e.svg"))
        .with("workspaces/d/e/e.svg", PICTURE)
        .with("workspaces/README.md", "how to")
        .with("workspaces/.hidden/x", "x");
    let (diagnostics, names) = outcome(&tree);
    assert_eq!(names, ["A", "E"]);
    insta::assert_snapshot!(diagnostics, @r"
    registry.toml:4:8: warning[registry-icon-not-a-picture]: icon `logo.png` of the registry is no picture
    workspaces/b: warning[folder-without-workspace]: `workspaces/b` holds no `workspace.json`
    workspaces/c: warning[folder-without-workspace]: `workspaces/c` holds no `workspace.json`
    ");
}

#[test]
fn what_was_told_already_is_not_told_again() {
    let mut deep = "workspaces/deep".to_owned();
    for _ in 0..40 {
        deep.push_str("/x");
    }
    let tree = tree()
        .with_unusable("workspaces/pipe/workspace.json", Unusable::Special)
        .with_unusable("workspaces/gone/workspace.json", Unusable::Dangling)
        .with_unusable("workspaces/round/below/workspace.json", Unusable::Loop)
        .with_unusable("workspaces/iconless/icon.png", Unusable::Dangling)
        .with("workspaces/pipe/README.md", "")
        .with("workspaces/gone/README.md", "")
        .with("workspaces/round/below/README.md", "")
        .with("workspaces/iconless/README.md", "")
        .with_closed("workspaces/closed")
        .with(
            &format!("{deep}/workspace.json"),
            workspace("Deep", "x.svg"),
        );
    let (diagnostics, _) = outcome(&tree);
    insta::assert_snapshot!(diagnostics, @"
    workspaces/closed: error[not-readable]: `workspaces/closed` cannot be read: permission denied
    workspaces/deep/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x: warning[folder-too-large]: `workspaces/deep/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x` is passed over: more than 32 folders deep
    workspaces/gone/workspace.json: warning[entry-left-out]: `workspaces/gone/workspace.json` is left out: a link that leads nowhere
    workspaces/iconless: warning[folder-without-workspace]: `workspaces/iconless` holds no `workspace.json`
    workspaces/iconless/icon.png: warning[entry-left-out]: `workspaces/iconless/icon.png` is left out: a link that leads nowhere
    workspaces/pipe/workspace.json: warning[entry-left-out]: `workspaces/pipe/workspace.json` is left out: neither a file nor a folder
    workspaces/round/below/workspace.json: warning[entry-left-out]: `workspaces/round/below/workspace.json` is left out: a link that leads round in a circle
    warning[no-workspaces]: the registry has no workspaces
    ");
}

#[test]
fn registries_below_are_named() {
    let tree = Memory::default()
        .with("1.1/registry.toml", REGISTRY)
        .with("1.0/registry.toml", REGISTRY)
        .with("docs/index.md", "x");
    let (config, diagnostics) = Config::read(&tree);
    assert!(config.is_none());
    assert_eq!(
        diagnostics[0].hint.as_deref(),
        Some("one lies in each of: `1.0`, `1.1`; name one of these folders")
    );
}

#[test]
fn the_default_channel_should_exist() {
    let tree = tree()
        .with(
            "workspaces/a/workspace.json",
            workspace("A", "a.svg")
                .replace("\"version\"", "\"available_tags\":[\"stable\"],\"version\""),
        )
        .with("workspaces/a/a.svg", PICTURE);
    let (diagnostics, _) = outcome(&tree);
    insta::assert_snapshot!(diagnostics, @"registry.toml: warning[default-channel-unknown]: no workspace has the default channel `develop`, which is built in where `default_channel` is not set");
    let (site, _) = publish(&tree);
    assert!(
        site.text("1.1/list.json")
            .ends_with(r#""channels":["stable"],"default_channel":"develop"}"#)
    );
}

#[test]
fn a_diagnostic_points_at_its_line() {
    let tree = tree()
        .with(
            "workspaces/fox/workspace.json",
            format!("{{\n    \"friendly_name\": \"Fox\",\n    \"image_src\": \"fox.png\",\n    {REST}\n}}\n"),
        )
        .with("workspaces/fox/fox.svg", PICTURE)
        .with("workspaces/fox/logo.png", "l");
    let (_, built) = publish(&tree);
    let sources = |file: &str| tree.read(file, u64::MAX).ok();
    insta::assert_snapshot!(render_full(&built.diagnostics, &sources, false), @r#"
    warning[icon-not-found]: icon `fox.png` of workspace `Fox` does not exist
     --> workspaces/fox/workspace.json:3:18
      |
    3 |     "image_src": "fox.png",
      |                  ^^^^^^^^^ no such file in this folder: the workspace is published without a picture
      |
      = hint: did you mean `fox.svg`?
    "#);
}

#[test]
fn the_same_tree_gives_the_same_site() {
    let tree = tree()
        .with("workspaces/b/workspace.json", workspace("B", "b.svg"))
        .with("workspaces/b/b.svg", PICTURE)
        .with("workspaces/a/workspace.json", workspace("A", "a.svg"))
        .with("workspaces/a/a.svg", PICTURE);
    let (first, built) = publish(&tree);
    let (second, _) = publish(&tree);
    assert_eq!(first.files, second.files);
    assert_eq!(
        built.files.iter().collect::<BTreeSet<_>>(),
        first.files.keys().collect::<BTreeSet<_>>()
    );
}

/// A site that has room for a few files only.
struct Full(Site, usize);

impl Sink for Full {
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        if self.0.order.len() == self.1 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.write(path, bytes)
    }
}

#[test]
fn a_build_that_is_cut_off_never_leaves_a_list_before_its_icons() {
    let tree = tree()
        .with("workspaces/a/workspace.json", workspace("A", "a.svg"))
        .with("workspaces/a/a.svg", PICTURE)
        .with("workspaces/b/workspace.json", workspace("B", "b.svg"))
        .with("workspaces/b/b.svg", PICTURE);
    let (config, _) = Config::parse(REGISTRY);
    let config = config.expect("a configuration");
    let whole = publish(&tree).0.order.len();
    for room in 0..whole {
        let mut site = Full(Site::default(), room);
        let error = build(&Edition::new(&tree, &config, MODIFIED), &mut site).expect_err("no room");
        assert!(matches!(error, BuildError::Write { .. }), "{error}");
        let has_list = site.0.files.contains_key("1.1/list.json");
        // `versions.json` alone comes after it.
        assert_eq!(has_list, room == whole - 1);
    }
}
