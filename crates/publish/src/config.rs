use std::ops::Range;

use diagnostics::{Diagnostic, Span};
use model::SchemaForm;
use toml::de::DeTable;

use crate::{SourceTree, codes};

/// The name of the file that describes a registry, at the root of its source tree.
pub const CONFIG_FILE: &str = "registry.toml";

/// The longest `registry.toml` that is read.
const LONGEST_CONFIG: u64 = 256 * 1024;

const KEYS: [&str; 7] = [
    "name",
    "description",
    "icon",
    "list_url",
    "contact_url",
    "schema",
    "default_channel",
];

/// What a registry says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Its name; if empty, consumers read "Unknown store".
    pub name: String,
    /// A sentence about it; may be empty.
    pub description: String,
    /// Its picture, an address or the name of a file beside `registry.toml`; may be empty.
    pub icon: String,
    /// The address that people give to a consumer; may be empty.
    pub list_url: String,
    /// Where to ask; may be empty.
    pub contact_url: String,
    /// The form of its `workspace.json` files and the name of the folder it is published to.
    pub schema: SchemaForm,
    /// The channel that is offered where nobody chose one; without it `develop`, as in the template.
    pub default_channel: Option<String>,
}

impl Config {
    /// Reads `registry.toml` of a source tree.
    pub fn read(tree: &dyn SourceTree) -> (Option<Self>, Vec<Diagnostic>) {
        let text = tree
            .read(CONFIG_FILE, LONGEST_CONFIG)
            .map_err(|error| error.to_string())
            .and_then(|bytes| String::from_utf8(bytes).map_err(|error| error.to_string()));
        match text {
            Ok(text) => Self::parse(&text),
            Err(error) => {
                let diagnostic = Diagnostic::error(
                    codes::CONFIG_NOT_FOUND,
                    format!("`{CONFIG_FILE}` cannot be read: {error}"),
                )
                .with_hint("write one with at least `name`, `list_url` and `schema`")
                .in_file(CONFIG_FILE);
                (None, vec![diagnostic])
            }
        }
    }

    /// Reads the text of a `registry.toml`; there is no configuration if one of the diagnostics is an error.
    pub fn parse(text: &str) -> (Option<Self>, Vec<Diagnostic>) {
        let (document, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            return (None, errors.iter().map(not_toml).collect());
        }
        let mut reader = Reader {
            table: document.get_ref(),
            end: text.len(),
            diagnostics: Vec::new(),
            failed: false,
        };
        let config = reader.config();
        let mut diagnostics = reader.diagnostics;
        diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
        (config.filter(|_| !reader.failed), diagnostics)
    }
}

struct Reader<'a> {
    table: &'a DeTable<'a>,
    end: usize,
    diagnostics: Vec<Diagnostic>,
    failed: bool,
}

impl Reader<'_> {
    fn config(&mut self) -> Option<Config> {
        self.report_unknown_keys();
        let name = self.text("name");
        let description = self.text("description");
        let icon = self.text("icon");
        let list_url = self.address("list_url");
        let contact_url = self.address("contact_url");
        let default_channel = self.text("default_channel");
        let schema = self.schema();
        for (key, why) in [
            ("name", "the registry is shown as `Unknown store`"),
            (
                "list_url",
                "nobody can copy the registry's address from its pages",
            ),
        ] {
            if !self.table.contains_key(key) {
                self.diagnostics.push(missing(key, self.end, why));
            }
        }
        Some(Config {
            name: name.unwrap_or_default(),
            description: description.unwrap_or_default(),
            icon: icon.unwrap_or_default(),
            list_url: list_url.unwrap_or_default(),
            contact_url: contact_url.unwrap_or_default(),
            schema: schema?,
            default_channel: default_channel.filter(|channel| !channel.is_empty()),
        })
    }

    fn text(&mut self, key: &str) -> Option<String> {
        let value = self.table.get(key)?;
        if let Some(text) = value.get_ref().as_str() {
            return Some(text.to_owned());
        }
        self.fail(
            Diagnostic::error(
                codes::CONFIG_WRONG_TYPE,
                format!(
                    "`{key}` in `{CONFIG_FILE}` is of the wrong type: {}",
                    value.get_ref().type_str()
                ),
            )
            .with_label("expected a text in quotes")
            .at(span(&value.span())),
        );
        None
    }

    fn address(&mut self, key: &str) -> Option<String> {
        let text = self.text(key)?;
        let is_address = text.starts_with("https://") || text.starts_with("http://");
        if !text.is_empty() && !is_address {
            self.diagnostics.push(
                Diagnostic::warning(
                    codes::CONFIG_NOT_AN_ADDRESS,
                    format!("`{key}` in `{CONFIG_FILE}` is no address: {text}"),
                )
                .with_label("does not begin with `https://`")
                .in_file(CONFIG_FILE)
                .at(self.span_of(key)),
            );
        }
        Some(text)
    }

    fn schema(&mut self) -> Option<SchemaForm> {
        if !self.table.contains_key("schema") {
            let diagnostic = Diagnostic::error(
                codes::CONFIG_KEY_MISSING,
                format!("`{CONFIG_FILE}` does not say which `schema` its workspaces have"),
            )
            .with_hint("add a line `schema = \"1.1\"`")
            .at(Span {
                start: self.end,
                end: self.end,
            });
            self.fail(diagnostic);
            return None;
        }
        let text = self.text("schema")?;
        let schema = match text.as_str() {
            "1.0" => Some(SchemaForm::V1_0),
            "1.1" => Some(SchemaForm::V1_1),
            _ => None,
        };
        if schema.is_none() {
            let diagnostic = Diagnostic::error(
                codes::CONFIG_SCHEMA_UNKNOWN,
                format!("`schema` in `{CONFIG_FILE}` names no form of the registry format: {text}"),
            )
            .with_hint("write `\"1.0\"` or `\"1.1\"`")
            .at(self.span_of("schema"));
            self.fail(diagnostic);
        }
        schema
    }

    fn report_unknown_keys(&mut self) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !KEYS.contains(&name) {
                self.diagnostics.push(
                    Diagnostic::warning(
                        codes::CONFIG_KEY_UNKNOWN,
                        format!("`{name}` in `{CONFIG_FILE}` means nothing"),
                    )
                    .with_hint(format!("known keys are: `{}`", KEYS.join("`, `")))
                    .in_file(CONFIG_FILE)
                    .at(span(&key.span())),
                );
            }
        }
    }

    fn span_of(&self, key: &str) -> Span {
        self.table.get(key).map_or(
            Span {
                start: self.end,
                end: self.end,
            },
            |value| span(&value.span()),
        )
    }

    fn fail(&mut self, diagnostic: Diagnostic) {
        self.failed = true;
        self.diagnostics.push(diagnostic.in_file(CONFIG_FILE));
    }
}

fn missing(key: &str, end: usize, why: &str) -> Diagnostic {
    Diagnostic::warning(
        codes::CONFIG_KEY_MISSING,
        format!("`{CONFIG_FILE}` has no `{key}`: {why}"),
    )
    .in_file(CONFIG_FILE)
    .at(Span { start: end, end })
}

fn not_toml(error: &toml::de::Error) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::CONFIG_NOT_TOML,
        format!("`{CONFIG_FILE}` is not TOML: {}", error.message()),
    )
    .in_file(CONFIG_FILE);
    match error.span() {
        Some(range) => diagnostic.at(span(&range)),
        None => diagnostic,
    }
}

fn span(range: &Range<usize>) -> Span {
    Span {
        start: range.start,
        end: range.end,
    }
}
