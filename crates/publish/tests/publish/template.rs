//! Registries that were made from the public template.

use diagnostics::render_full;
use model::SchemaForm;
use publish::template::TemplateConfig;

use crate::trees::Memory;

fn shown(text: &str) -> String {
    let (_, diagnostics) = TemplateConfig::parse(text);
    render_full(&diagnostics, &|_| Some(text.as_bytes().to_vec()), false)
}

const PLAIN: &str = r#"/** @type {import('next').NextConfig} */
const nextConfig = {
  env: {
    name: 'Ann\'s registry',
    "description": "For the " + 'harbour', // not: description: 'x'
    icon: `/img/logo.svg`,
    listUrl: 'https://ann.example/registry/',
    contactUrl: 'https://ann.example/contact',
  },
  reactStrictMode: true,
  basePath: '/registry/1.1',
  images: { unoptimized: true, name: 'not this' },
}
module.exports = nextConfig
"#;

#[test]
fn the_literals_are_read() {
    let tree = Memory::default().with("site/next.config.js", PLAIN).with(
        "processing/processjson.js",
        "let json = { default_channel: 'stable' };",
    );
    let (config, diagnostics) = TemplateConfig::read(&tree).expect("a template");
    assert_eq!(diagnostics, []);
    assert_eq!(config.schema(), Some(SchemaForm::V1_1));
    assert_eq!(
        config,
        TemplateConfig {
            name: "Ann's registry".to_owned(),
            description: "For the harbour".to_owned(),
            icon: "/img/logo.svg".to_owned(),
            list_url: "https://ann.example/registry/".to_owned(),
            contact_url: "https://ann.example/contact".to_owned(),
            base_path: "/registry/1.1".to_owned(),
            default_channel: Some("stable".to_owned()),
        }
    );
    assert!(TemplateConfig::read(&Memory::default()).is_none());
}

#[test]
fn an_apostrophe_costs_nothing_but_a_word() {
    let text = "module.exports = {\n  env: {\n    name: 'Ann's registry',\n    listUrl: 'https://ann.example/',\n  },\n  basePath: '/x/1.0',\n}\n";
    let (config, _) = TemplateConfig::parse(text);
    assert_eq!(config.name, "Ann's registry");
    assert_eq!(config.list_url, "https://ann.example/");
    assert_eq!(config.base_path, "/x/1.0");
    insta::assert_snapshot!(shown(text), @r"
    error[template-broken]: `site/next.config.js` is not JavaScript: the text of `name` ends too early
     --> site/next.config.js:3:11
      |
    3 |     name: 'Ann's registry',
      |           ^^^^^^^^^^^^^^^^ one of these quotes belongs to the text
      |
      = hint: it is read as `Ann's registry`; the template publishes nothing until it is written `\'`

    warning[config-key-missing]: `site/next.config.js` has no `contactUrl`: whoever wonders about a workspace cannot ask before installing it
     --> site/next.config.js:2:3
      |
    2 |   env: {
      |   ^^^
      |
      = hint: add `contactUrl: 'https://registry.example/contact',` to `env`
    ");
}

#[test]
fn what_is_computed_is_not_run() {
    let text = "module.exports = { env: { name: process.env.NAME || 'x', icon: `${base}/i.svg`, contactUrl: 'https://c.example/' } }\n";
    let (config, _) = TemplateConfig::parse(text);
    assert_eq!(config.name, "");
    assert_eq!(config.contact_url, "https://c.example/");
    insta::assert_snapshot!(shown(text), @"
    warning[template-not-literal]: `name` in `site/next.config.js` is computed, and the file is not run
     --> site/next.config.js:1:27
      |
    1 | module.exports = { env: { name: process.env.NAME || 'x', icon: `${base}/i.svg`, contactUrl: 'https://c.example/' } }
      |                           ^^^^^^^^^^^^^ is no text in quotes
      |
      = hint: write the text itself, or set it in `registry.toml`

    warning[template-not-literal]: `icon` in `site/next.config.js` is computed, and the file is not run
     --> site/next.config.js:1:58
      |
    1 | module.exports = { env: { name: process.env.NAME || 'x', icon: `${base}/i.svg`, contactUrl: 'https://c.example/' } }
      |                                                          ^^^^^^^^^^^^^^^^^^^^^ is no text in quotes
      |
      = hint: write the text itself, or set it in `registry.toml`
    ");
}

#[test]
fn a_file_without_names_says_so() {
    insta::assert_snapshot!(shown("module.exports = {}\n"), @"
    error[template-without-names]: `site/next.config.js` has no `env: {…}` with the registry's name
    --> site/next.config.js
    ");
}

#[test]
fn what_is_wrong_is_told_where_it_is_written() {
    let workspace = r#"{"friendly_name": "A", "compatibility": [{"version": "1.17.x", "image": "a/b:1", "available_tags": ["x"]}]}"#;
    let tree = Memory::default()
        .with(
            "site/next.config.js",
            PLAIN.replace("ann.example/registry", "registry.kasmweb.com"),
        )
        .with(
            "processing/processjson.js",
            "let json = { default_channel: 'stable' };",
        )
        .with("workspaces/a/workspace.json", workspace);
    let (config, found) = publish::Config::read(&tree);
    let checked = publish::check(&tree, config.as_ref(), found).expect("a checked registry");
    let places: Vec<String> = checked
        .diagnostics
        .iter()
        .filter(|found| {
            ["list-url-of-template", "default-channel-unknown"].contains(&found.code.as_str())
        })
        .map(|found| {
            let file = found.file.as_deref().unwrap_or_default();
            let text = publish::SourceTree::read(&tree, file, 10_000).expect("a file");
            let span = found.span.expect("a place");
            format!(
                "{file}: {}",
                String::from_utf8_lossy(&text[span.start..span.end])
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            "processing/processjson.js: 'stable'",
            "site/next.config.js: 'https://registry.kasmweb.com/'"
        ]
    );
}
