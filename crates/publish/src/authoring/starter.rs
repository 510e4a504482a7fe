use model::ImageReference;
use model::SchemaForm;

use super::NewWorkspace;
use super::toml_text::quoted;

/// A registry that is begun.
#[derive(Debug, Clone)]
pub struct Starter {
    /// Its name.
    pub name: String,
    /// The address that it will have.
    pub list_url: String,
    /// Where people can ask.
    pub contact_url: String,
    /// The form of its `workspace.json` files.
    pub schema: SchemaForm,
    /// Where pipelines fetch this program from.
    pub quayside: String,
}

/// The files of a registry that is begun, by their paths: ready to be checked, previewed and published.
pub fn starter(starter: &Starter) -> Vec<(String, String)> {
    let other = match starter.schema {
        SchemaForm::V1_0 => SchemaForm::V1_1,
        SchemaForm::V1_1 => SchemaForm::V1_0,
    };
    let fill = |template: &str| {
        let contact = if starter.contact_url.is_empty() {
            "Ask where you found this registry.".to_owned()
        } else {
            format!("Ask here: {}", starter.contact_url)
        };
        let address = if starter.list_url.is_empty() {
            "(the author has not written it down yet)".to_owned()
        } else {
            format!("`{}`", starter.list_url)
        };
        filled(
            template,
            &[
                ("schema", starter.schema.to_string()),
                ("other", other.to_string()),
                ("quayside", yaml_quoted(&starter.quayside)),
                ("title", in_markdown(&starter.name)),
                ("address", address),
                ("contact", contact),
                ("list_url", quoted(&starter.list_url)),
                ("contact_url", quoted(&starter.contact_url)),
                ("name", quoted(&starter.name)),
            ],
        )
    };
    let files = [
        ("registry.toml", fill(include_str!("starter/registry.toml"))),
        (
            "registry.svg",
            include_str!("starter/registry.svg").to_owned(),
        ),
        ("README.md", fill(include_str!("starter/README.md"))),
        ("VISITORS.md", fill(include_str!("starter/VISITORS.md"))),
        (".gitignore", include_str!("starter/gitignore").to_owned()),
        (
            ".github/workflows/publish.yml",
            fill(include_str!("starter/publish.yml")),
        ),
        (
            ".gitlab-ci.yml",
            fill(include_str!("starter/gitlab-ci.yml")),
        ),
        (
            "workspaces/Chromium/chromium.svg",
            include_str!("starter/chromium.svg").to_owned(),
        ),
        (
            "workspaces/Chromium/workspace.json",
            example().json(starter.schema),
        ),
    ];
    files.map(|(path, text)| (path.to_owned(), text)).to_vec()
}

fn example() -> NewWorkspace {
    NewWorkspace {
        friendly_name: "Chromium".to_owned(),
        description: "A web browser that is gone when its window closes.".to_owned(),
        image: ImageReference::parse("kasmweb/chromium:1.17.0").expect("a reference"),
        image_src: "chromium.svg".to_owned(),
        architectures: ["amd64", "arm64"].map(str::to_owned).to_vec(),
        versions: ["1.17.x".parse().expect("a version")].to_vec(),
        size_mb: 2643,
        categories: vec!["Browser".to_owned()],
        notes: String::new(),
    }
}

/// A template with its places filled, in one pass: what an author gives is never taken for a place.
fn filled(template: &str, values: &[(&str, String)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let value = after.split_once("}}").and_then(|(key, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == key)?;
            Some((value, after))
        });
        // The workflow has such brackets of its own.
        let (value, after) = value.map_or(("{{", after), |(value, after)| (value.as_str(), after));
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    text
}

/// A text as a YAML string; JSON's strings are also YAML's.
fn yaml_quoted(text: &str) -> String {
    crate::edit::json_string(text)
}

fn in_markdown(text: &str) -> String {
    let mut shown = String::new();
    for sign in text.chars() {
        if matches!(
            sign,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|'
        ) {
            shown.push('\\');
        }
        shown.push(if sign.is_control() { ' ' } else { sign });
    }
    shown
}
