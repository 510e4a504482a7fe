//! The author's tools.

use std::fmt::Write as _;

use model::SchemaForm;
use publish::authoring::{
    Change, Changes, NewVersion, Starter, add_version, convert, registry_toml, size_entries,
    starter, with_size,
};
use publish::template::TemplateConfig;

use crate::trees::{Memory, publish};

const WITH_TABS: &str = "{\n\t\"friendly_name\": \"A\",\n\t\"name\": \"x/a:1.0\",\n\t\"zoom\": {\"deep\": [1,  2]},\n\t\"compatibility\": [\"1.13.x\", \"1.14.x\"],\n\t\"uncompressed_size_mb\": 1240,\n\t\"memory\": 2768\n}\n";

const NEW: &str = r#"{
  "friendly_name": "B",
  "compatability": [
    {
      "version": "1.16.x",
      "image": "x/b:1.16.0",
      "uncompressed_size_mb": 900,
      "available_tags": ["develop", "1.16.0"]
    },
    { "version": "1.17.x", "image": "x/b:1.17.0", "uncompressed_size_mb": 1000, "memory": 4000 }
  ],
  "notes": "kept"
}
"#;

fn tree(files: &[(&str, &str)]) -> Memory {
    files.iter().fold(Memory::default(), |tree, (name, text)| {
        tree.with(&format!("workspaces/{name}/workspace.json"), *text)
    })
}

fn shown(changes: &Changes) -> String {
    let mut text = String::new();
    for Change {
        file,
        text: new,
        notes,
    } in &changes.changed
    {
        write!(text, "== {file}\n{}", String::from_utf8_lossy(new)).expect("a String takes it");
        for note in notes {
            writeln!(text, "note: {note}").expect("a String takes it");
        }
    }
    for untouched in &changes.untouched {
        writeln!(text, "untouched: {untouched}").expect("a String takes it");
    }
    text + &format!("unchanged: {}\n", changes.unchanged)
}

#[test]
fn one_image_becomes_an_entry_for_each_version() {
    let tree = tree(&[
        ("a", WITH_TABS),
        ("b", NEW),
        (
            "compact",
            r#"{"friendly_name":"C","name":"c:1","compatibility":["1.13.x"]}"#,
        ),
        ("nothing", r#"{"friendly_name":"D","name":"d:1"}"#),
        ("broken", "{\n  \"friendly_name\": ,\n}"),
    ])
    .with(
        "registry.toml",
        "# mine\nname = \"N\"\nschema = '1.0' # old\n",
    );
    let changes = convert(&tree, SchemaForm::V1_1).unwrap();
    insta::assert_snapshot!(shown(&changes), @r#"
    == workspaces/a/workspace.json
    {
    	"friendly_name": "A",
    	"zoom": {"deep": [1,  2]},
    	"compatibility": [
    		{
    			"version": "1.13.x",
    			"image": "x/a:1.0",
    			"uncompressed_size_mb": 1240
    		},
    		{
    			"version": "1.14.x",
    			"image": "x/a:1.0",
    			"uncompressed_size_mb": 1240
    		}
    	],
    	"memory": 2768
    }
    == workspaces/compact/workspace.json
    {"friendly_name":"C","compatibility":[{"version":"1.13.x","image":"c:1","uncompressed_size_mb":0}]}note: it has no size: `quayside publish sizes` measures it
    == registry.toml
    # mine
    name = "N"
    schema = "1.1" # old
    untouched: workspaces/broken/workspace.json:2:20: it is not JSON: a value is missing before this comma
    untouched: workspaces/nothing/workspace.json: it has no `compatibility`: in the form 1.1 its image would have no place
    unchanged: 1
    "#);
}

#[test]
fn what_the_older_form_cannot_hold_is_told() {
    let tree = tree(&[("a", WITH_TABS), ("b", NEW)]);
    let changes = convert(&tree, SchemaForm::V1_0).unwrap();
    insta::assert_snapshot!(shown(&changes), @r#"
    == workspaces/b/workspace.json
    {
      "friendly_name": "B",
      "name": "x/b:1.17.0",
      "compatibility": ["1.16.x", "1.17.x"],
      "uncompressed_size_mb": 1000,
      "notes": "kept"
    }
    note: version 1.16.x gets the image of 1.17.x: `x/b:1.17.0` instead of `x/b:1.16.0`
    note: its channels are lost: `1.16.0`, `develop`
    note: what its entries say besides is lost: `memory`
    unchanged: 1
    "#);
}

#[test]
fn there_and_back_again_is_nothing_changed() {
    let there = convert(&tree(&[("a", WITH_TABS)]), SchemaForm::V1_1).unwrap();
    let there = String::from_utf8(there.changed[0].text.clone()).unwrap();
    let back = convert(&tree(&[("a", &there)]), SchemaForm::V1_0).unwrap();
    let back = String::from_utf8(back.changed[0].text.clone()).unwrap();
    let mut lines: Vec<&str> = back.lines().collect();
    let mut expected: Vec<&str> = WITH_TABS.lines().collect();
    lines.sort_unstable();
    expected.sort_unstable();
    assert_eq!(lines, expected);
}

#[test]
fn a_version_is_added_as_the_newest_one_is_written() {
    let new = NewVersion {
        version: "1.20".parse().unwrap(),
        tag: Some("1.20.0".to_owned()),
        size_mb: Some(0),
    };
    let tree = tree(&[
        ("a", WITH_TABS),
        ("b", NEW),
        (
            "has",
            r#"{"friendly_name":"C","compatibility":[{"version":"1.20.x","image":"c:1"}]}"#,
        ),
        ("none", r#"{"friendly_name":"D"}"#),
    ]);
    let changes = add_version(&tree, &new).unwrap();
    insta::assert_snapshot!(shown(&changes), @r#"
    == workspaces/a/workspace.json
    {
    	"friendly_name": "A",
    	"name": "x/a:1.0",
    	"zoom": {"deep": [1,  2]},
    	"compatibility": ["1.13.x", "1.14.x", "1.20.x"],
    	"uncompressed_size_mb": 1240,
    	"memory": 2768
    }
    note: in the form 1.0 image and size are the same for all versions and stay as they are
    == workspaces/b/workspace.json
    {
      "friendly_name": "B",
      "compatability": [
        {
          "version": "1.16.x",
          "image": "x/b:1.16.0",
          "uncompressed_size_mb": 900,
          "available_tags": ["develop", "1.16.0"]
        },
        { "version": "1.17.x", "image": "x/b:1.17.0", "uncompressed_size_mb": 1000, "memory": 4000 },
        { "version": "1.20.x", "image": "x/b:1.20.0", "uncompressed_size_mb": 0, "memory": 4000 }
      ],
      "notes": "kept"
    }
    untouched: workspaces/none/workspace.json: it has no `compatibility` to add to
    unchanged: 1
    "#);
}

#[test]
fn sizes_are_written_where_they_belong() {
    let tree = tree(&[("a", WITH_TABS), ("b", NEW)]);
    let (entries, untouched) = size_entries(&tree).unwrap();
    assert_eq!(untouched, []);
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry.pointer.as_str(),
                entry.image.as_str(),
                entry.stated_mb,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("", "x/a:1.0", Some(1240)),
            ("/compatability/0", "x/b:1.16.0", Some(900)),
            ("/compatability/1", "x/b:1.17.0", Some(1000)),
        ]
    );
    let changed = with_size(NEW.as_bytes(), "/compatability/1", "x/b:1.17.0", 2460).unwrap();
    let expected = NEW.replace("1000", "2460");
    assert_eq!(String::from_utf8(changed).unwrap(), expected);
    let without = r#"{ "image": "x" , "version": "1" }"#;
    let changed = with_size(without.as_bytes(), "", "x", 7).unwrap();
    assert_eq!(
        String::from_utf8(changed).unwrap(),
        r#"{ "image": "x", "uncompressed_size_mb": 7 , "version": "1" }"#
    );
    assert_eq!(
        with_size(NEW.as_bytes(), "/compatability/1", "other", 1),
        None
    );
    assert_eq!(with_size(b"{", "", "x", 1), None);
}

#[test]
fn a_registry_begins_without_anything_to_report() {
    for schema in [SchemaForm::V1_0, SchemaForm::V1_1] {
        let files = starter(&Starter {
            name: "Ann's \"{{address}}\" *tools*".to_owned(),
            list_url: "https://ann.example/registry/".to_owned(),
            contact_url: "https://ann.example/contact".to_owned(),
            schema,
            quayside: "https://ann.example/quayside".to_owned(),
        });
        let tree = files.iter().fold(Memory::default(), |tree, (path, text)| {
            assert!(text.ends_with('\n'), "{path}");
            tree.with(path, text.as_str())
        });
        let (site, built) = publish(&tree);
        assert_eq!(built.diagnostics, []);
        let list = site.text(&format!("{schema}/list.json"));
        assert!(
            list.starts_with(r#"{"name":"Ann's \"{{address}}\" *tools*","workspacecount":1,"#),
            "{list}"
        );
        let file = |name: &str| &files.iter().find(|(path, _)| path == name).unwrap().1;
        assert!(file("VISITORS.md").starts_with("# Ann's \"\\{\\{address\\}\\}\" \\*tools\\*\n"));
        for pipeline in [".github/workflows/publish.yml", ".gitlab-ci.yml"] {
            let line = "  QUAYSIDE: \"https://ann.example/quayside\"\n";
            assert_eq!(file(pipeline).matches(line).count(), 1, "{pipeline}");
        }
        assert!(
            !files
                .iter()
                .any(|(_, text)| text.contains("{{name}}") || text.contains("{{schema}}"))
        );
    }
}

#[test]
fn a_template_based_registry_gets_its_configuration() {
    let template = TemplateConfig {
        name: "Ann's \"own\"".to_owned(),
        list_url: "https://ann.example/".to_owned(),
        default_channel: Some("stable".to_owned()),
        ..TemplateConfig::default()
    };
    insta::assert_snapshot!(registry_toml(&template, SchemaForm::V1_1), @r#"
    # What the registry says about itself, taken from site/next.config.js.
    name = "Ann's \"own\""
    description = ""
    icon = ""
    list_url = "https://ann.example/"
    contact_url = ""

    # The form of the workspace.json files, and the folder they are published to.
    schema = "1.1"

    # The channel that is offered where a consumer has not chosen one.
    default_channel = "stable"
    "#);
}
