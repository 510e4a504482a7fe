//! What is said about a `registry.toml`.

use diagnostics::render_full;
use model::SchemaForm;
use publish::{Color, Config, Severities, StorefrontConfig};

use crate::trees::Memory;

fn shown(text: &str) -> String {
    let (_, diagnostics) = Config::parse(text);
    render_full(&diagnostics, &|_| Some(text.as_bytes().to_vec()), false)
}

#[test]
fn a_whole_configuration() {
    let (config, diagnostics) = Config::parse(
        "name = \"N\"\ndescription = \"D\"\nicon = \"i.svg\"\nlist_url = \"https://n.example/\"\n\
         contact_url = \"https://n.example/contact\"\nschema = \"1.1\"\ndefault_channel = \"stable\"\n\
         [storefront]\naccent = \"#0b6a8a\"\nheadline = \"H\"\nlogo = \"l.svg\"\n",
    );
    assert_eq!(diagnostics, []);
    assert_eq!(
        config,
        Some(Config {
            name: "N".to_owned(),
            description: "D".to_owned(),
            icon: "i.svg".to_owned(),
            list_url: "https://n.example/".to_owned(),
            contact_url: "https://n.example/contact".to_owned(),
            schema: SchemaForm::V1_1,
            default_channel: Some("stable".to_owned()),
            severities: Severities::default(),
            storefront: StorefrontConfig {
                accent: Color::parse("#0b6a8a"),
                headline: "H".to_owned(),
                logo: "l.svg".to_owned(),
            },
        })
    );
}

#[test]
fn the_looks_of_the_storefront_never_cost_the_site() {
    let text = "name = \"N\"\nlist_url = \"https://n.example/\"\nschema = \"1.1\"\n\
        [storefront]\naccent = \"red}body{display:none\"\nlogos = \"x\"\n";
    assert!(Config::parse(text).0.is_some());
    insta::assert_snapshot!(shown(text), @r#"
    warning[config-not-a-color]: `storefront.accent` in `registry.toml` is no colour: red}body{display:none
     --> registry.toml:5:10
      |
    5 | accent = "red}body{display:none"
      |          ^^^^^^^^^^^^^^^^^^^^^^^
      |
      = hint: write it as `#rrggbb`, such as `#0b6a8a`

    warning[config-key-unknown]: `storefront.logos` in `registry.toml` means nothing
     --> registry.toml:6:1
      |
    6 | logos = "x"
      | ^^^^^
      |
      = hint: did you mean `logo`? known keys are: `accent`, `headline`, `logo`

    warning[config-key-missing]: `registry.toml` has no `contact_url`: whoever wonders about a workspace cannot ask before installing it
     --> registry.toml:7:1
      |
    7 |
      | ^
      |
      = hint: add a line `contact_url = "https://registry.example/contact"` above the first table
    "#);
    let pale = text.replace("red}body{display:none", "#ffd54f");
    insta::assert_snapshot!(shown(&pale), @r##"
    note[accent-too-pale]: `storefront.accent` in `registry.toml` is too pale to be read on white: #ffd54f
     --> registry.toml:5:10
      |
    5 | accent = "#ffd54f"
      |          ^^^^^^^^^ contrast 1.4 to 1; text needs 4.5
      |
      = hint: its pages show a darker shade; choose a darker colour to see that very colour

    warning[config-key-unknown]: `storefront.logos` in `registry.toml` means nothing
     --> registry.toml:6:1
      |
    6 | logos = "x"
      | ^^^^^
      |
      = hint: did you mean `logo`? known keys are: `accent`, `headline`, `logo`

    warning[config-key-missing]: `registry.toml` has no `contact_url`: whoever wonders about a workspace cannot ask before installing it
     --> registry.toml:7:1
      |
    7 |
      | ^
      |
      = hint: add a line `contact_url = "https://registry.example/contact"` above the first table
    "##);
}

#[test]
fn only_the_schema_is_needed() {
    let (config, diagnostics) = Config::parse("schema = \"1.0\"\n");
    let config = config.expect("a configuration");
    assert_eq!(config.schema, SchemaForm::V1_0);
    assert_eq!(config.name, "");
    assert_eq!(config.default_channel, None);
    let keys: Vec<&str> = diagnostics
        .iter()
        .filter_map(|found| found.message.split('`').nth(3))
        .collect();
    assert_eq!(keys, ["name", "list_url", "contact_url"]);
}

#[test]
fn a_registry_says_that_nobody_is_to_ask() {
    let text =
        "name = \"N\"\nlist_url = \"https://n.example/\"\ncontact_url = \"\"\nschema = \"1.1\"\n";
    assert_eq!(Config::parse(text).1, []);
}

#[test]
fn a_severity_that_was_meant_is_named() {
    let hint = |level: &str| {
        let text = format!(
            "name = \"N\"\nlist_url = \"https://n.example/\"\ncontact_url = \"\"\nschema = \"1.1\"\n[severity]\nicon-not-found = {level}\n"
        );
        let (_, diagnostics) = Config::parse(&text);
        diagnostics[0].hint.clone().expect("a hint")
    };
    let all = "write one of: `\"error\"`, `\"warning\"`, `\"note\"`, `\"allow\"`";
    for (level, meant) in [
        ("\"warn\"", Some("warning")),
        ("\"eror\"", Some("error")),
        ("\"Notes\"", Some("note")),
        ("\"off\"", Some("allow")),
        ("\"weather\"", None),
        ("1", None),
    ] {
        let near = meant.map_or(String::new(), |meant| {
            format!("did you mean `\"{meant}\"`? ")
        });
        assert_eq!(hint(level), format!("{near}{all}"));
    }
}

#[test]
fn another_encoding_is_named() {
    let utf16: Vec<u8> = "\u{feff}name = \"N\""
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, message) in [
        (
            utf16,
            "`registry.toml` is not TOML: it is UTF-16, not UTF-8",
        ),
        (
            b"name = \"caf\xe9\"".to_vec(),
            "`registry.toml` is not TOML: it is not UTF-8",
        ),
    ] {
        let tree = Memory::default().with("registry.toml", bytes);
        let (config, diagnostics) = Config::read(&tree);
        assert!(config.is_none());
        assert_eq!(diagnostics[0].message, message);
        let hint = diagnostics[0].hint.as_deref().unwrap_or_default();
        assert!(hint.starts_with("save it as UTF-8"), "{hint}");
    }
}

#[test]
fn a_missing_schema_is_an_error() {
    let text = "name = \"N\"\nlist_url = \"https://n.example/\"\n";
    assert_eq!(Config::parse(text).0, None);
    insta::assert_snapshot!(shown(text), @r#"
    error[config-key-missing]: `registry.toml` does not say which `schema` its workspaces have
     --> registry.toml:3:1
      |
    3 |
      | ^
      |
      = hint: add a line `schema = "1.1"`

    warning[config-key-missing]: `registry.toml` has no `contact_url`: whoever wonders about a workspace cannot ask before installing it
     --> registry.toml:3:1
      |
    3 |
      | ^
      |
      = hint: add a line `contact_url = "https://registry.example/contact"` above the first table
    "#);
}

#[test]
fn a_schema_needs_its_quotes() {
    let text = "name = \"N\"\nlist_url = \"https://n.example/\"\nschema = 1.1\n";
    assert_eq!(Config::parse(text).0, None);
    insta::assert_snapshot!(shown(text), @r#"
    error[config-wrong-type]: `schema` in `registry.toml` is of the wrong type: float
     --> registry.toml:3:10
      |
    3 | schema = 1.1
      |          ^^^ expected a text in quotes
      |
      = hint: put it in quotes: `schema = "1.1"`

    warning[config-key-missing]: `registry.toml` has no `contact_url`: whoever wonders about a workspace cannot ask before installing it
     --> registry.toml:4:1
      |
    4 |
      | ^
      |
      = hint: add a line `contact_url = "https://registry.example/contact"` above the first table
    "#);
}

#[test]
fn all_mistakes_are_said_at_once_in_their_order() {
    let text = "name = 5\ntitle = \"N\"\nlist_url = \"n.example\"\nschema = \"2.0\"\n";
    assert_eq!(Config::parse(text).0, None);
    insta::assert_snapshot!(shown(text), @r#"
    error[config-wrong-type]: `name` in `registry.toml` is of the wrong type: integer
     --> registry.toml:1:8
      |
    1 | name = 5
      |        ^ expected a text in quotes
      |
      = hint: put it in quotes: `name = "5"`

    warning[config-key-unknown]: `title` in `registry.toml` means nothing
     --> registry.toml:2:1
      |
    2 | title = "N"
      | ^^^^^
      |
      = hint: known keys are: `name`, `description`, `icon`, `list_url`, `contact_url`, `schema`, `default_channel`, `severity`, `storefront`

    warning[config-not-an-address]: `list_url` in `registry.toml` is no address: n.example
     --> registry.toml:3:12
      |
    3 | list_url = "n.example"
      |            ^^^^^^^^^^^ begins with neither `https://` nor `http://`

    error[config-schema-unknown]: `schema` in `registry.toml` names no form of the registry format: 2.0
     --> registry.toml:4:10
      |
    4 | schema = "2.0"
      |          ^^^^^
      |
      = hint: write `"1.0"` or `"1.1"`

    warning[config-key-missing]: `registry.toml` has no `contact_url`: whoever wonders about a workspace cannot ask before installing it
     --> registry.toml:5:1
      |
    5 |
      | ^
      |
      = hint: add a line `contact_url = "https://registry.example/contact"` above the first table
    "#);
}

#[test]
fn what_is_not_toml_is_shown_where() {
    let text = "name = \"N\nschema = \"1.1\"\n";
    assert_eq!(Config::parse(text).0, None);
    insta::assert_snapshot!(shown(text), @r#"
    error[config-not-toml]: `registry.toml` is not TOML: invalid basic string, expected `"`
     --> registry.toml:1:10
      |
    1 | name = "N
      |          ^
    "#);
}
