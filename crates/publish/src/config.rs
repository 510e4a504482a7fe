use std::ops::Range;

use diagnostics::{Diagnostic, Span};
use model::SchemaForm;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::form::form_of;
use crate::report::Report;
use crate::rules::{
    self, config_key_missing, config_key_unknown, config_not_an_address, config_not_found,
    config_not_toml, config_schema_unknown, config_severity_unknown, config_wrong_type,
};
use crate::severities::{Level, Severities};
use crate::storefront_config::StorefrontConfig;
use crate::template::{self, TemplateConfig};
use crate::{Rule, SourceTree};

/// The name of the file that describes a registry, at the root of its source tree.
pub const CONFIG_FILE: &str = "registry.toml";

/// The longest `registry.toml` that is read.
const LONGEST_CONFIG: u64 = 256 * 1024;

pub(crate) const KEYS: [&str; 9] = [
    "name",
    "description",
    "icon",
    "list_url",
    "contact_url",
    "schema",
    "default_channel",
    "severity",
    "storefront",
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
    /// The form that it is published in.
    pub schema: SchemaForm,
    /// The channel that is offered where nobody chose one; without it `develop`, as in the template.
    pub default_channel: Option<String>,
    /// How bad each diagnostic is to it.
    pub severities: Severities,
    /// The looks of its storefront.
    pub storefront: StorefrontConfig,
}

impl Config {
    /// Reads `registry.toml` of a source tree, or where there is none, what a registry that was made from the public
    /// template has in its place.
    ///
    /// A registry that does not say which form its workspaces have is asked for it.
    pub fn read(tree: &dyn SourceTree) -> (Option<Self>, Vec<Diagnostic>) {
        let error = match tree.read(CONFIG_FILE, LONGEST_CONFIG) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => return Self::parse_with(&text, &|| form_of(tree)),
                Err(error) => {
                    let found = config_not_toml::found_not_utf8(error.as_bytes());
                    return (None, vec![found]);
                }
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if let Some((template, diagnostics)) = TemplateConfig::read(tree) {
                    return (Some(Self::of_template(template, tree)), diagnostics);
                }
                error
            }
            Err(error) => error,
        };
        (None, vec![config_not_found::found(tree, &error)])
    }

    /// Reads the text of a `registry.toml`; there is no configuration if one of the diagnostics is an error.
    pub fn parse(text: &str) -> (Option<Self>, Vec<Diagnostic>) {
        Self::parse_with(text, &|| None)
    }

    fn of_template(template: TemplateConfig, tree: &dyn SourceTree) -> Self {
        // Only the build of the form 1.1 writes channels.
        let by_build = template.default_channel.as_ref().map(|_| SchemaForm::V1_1);
        let schema = by_build
            .or_else(|| template.schema())
            .or_else(|| form_of(tree));
        Self {
            name: template.name,
            description: template.description,
            icon: template.icon,
            list_url: template.list_url,
            contact_url: template.contact_url,
            schema: schema.unwrap_or(SchemaForm::V1_0),
            default_channel: template.default_channel,
            severities: Severities::default(),
            storefront: StorefrontConfig::default(),
        }
    }

    fn parse_with(
        text: &str,
        form: &dyn Fn() -> Option<SchemaForm>,
    ) -> (Option<Self>, Vec<Diagnostic>) {
        let (document, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            return (None, errors.iter().map(config_not_toml::found).collect());
        }
        let mut reader = Reader {
            table: document.get_ref(),
            text,
            form,
            diagnostics: Vec::new(),
            failed: false,
        };
        let severities = reader.severities();
        let config = reader.config(severities.clone());
        let mut report = Report::new(severities);
        for diagnostic in reader.diagnostics {
            report.add(diagnostic);
        }
        (config.filter(|_| !reader.failed), report.finish())
    }
}

struct Reader<'a> {
    table: &'a DeTable<'a>,
    text: &'a str,
    /// The form to take where none is named.
    form: &'a dyn Fn() -> Option<SchemaForm>,
    diagnostics: Vec<Diagnostic>,
    failed: bool,
}

impl Reader<'_> {
    fn config(&mut self, severities: Severities) -> Option<Config> {
        self.report_unknown_keys();
        let name = self.text("name");
        let description = self.text("description");
        let icon = self.text("icon");
        let list_url = self.address("list_url");
        let contact_url = self.address("contact_url");
        let default_channel = self.text("default_channel");
        let schema = self.schema();
        let storefront = self.storefront();
        for (key, why) in [
            ("name", "the registry is shown as `Unknown store`"),
            (
                "list_url",
                "nobody can copy the registry's address from its pages",
            ),
            ("contact_url", config_key_missing::NO_CONTACT),
        ] {
            if !self.table.contains_key(key) {
                self.diagnostics
                    .push(config_key_missing::found(key, self.text.len(), why));
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
            severities,
            storefront,
        })
    }

    fn storefront(&mut self) -> StorefrontConfig {
        let Some(value) = self.table.get("storefront") else {
            return StorefrontConfig::default();
        };
        let Some(table) = value.get_ref().as_table() else {
            self.fail_with_type("storefront", value, "a table");
            return StorefrontConfig::default();
        };
        let (config, found) = StorefrontConfig::read(table, self.text);
        self.diagnostics.extend(found);
        config
    }

    fn text(&mut self, key: &str) -> Option<String> {
        let value = self.table.get(key)?;
        if let Some(text) = value.get_ref().as_str() {
            return Some(text.to_owned());
        }
        self.fail_with_type(key, value, "a text in quotes");
        None
    }

    fn address(&mut self, key: &str) -> Option<String> {
        let text = self.text(key)?;
        // One can be asked by mail, but no registry lies there.
        let is_mail = key == "contact_url" && text.starts_with("mailto:");
        let is_address = text.starts_with("https://") || text.starts_with("http://") || is_mail;
        if !text.is_empty() && !is_address {
            self.diagnostics
                .push(config_not_an_address::found(key, &text, self.span_of(key)));
        }
        Some(text)
    }

    fn schema(&mut self) -> Option<SchemaForm> {
        if !self.table.contains_key("schema") {
            let form = (self.form)();
            if form.is_none() {
                self.fail(config_key_missing::found_schema(self.text.len()));
            }
            return form;
        }
        let text = self.text("schema")?;
        let schema = match text.as_str() {
            "1.0" => Some(SchemaForm::V1_0),
            "1.1" => Some(SchemaForm::V1_1),
            _ => None,
        };
        if schema.is_none() {
            self.fail(config_schema_unknown::found(&text, self.span_of("schema")));
        }
        schema
    }

    fn report_unknown_keys(&mut self) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !KEYS.contains(&name) {
                self.diagnostics
                    .push(config_key_unknown::found(name, span(&key.span())));
            }
        }
    }

    fn span_of(&self, key: &str) -> Span {
        self.table.get(key).map_or(
            Span {
                start: self.text.len(),
                end: self.text.len(),
            },
            |value| span(&value.span()),
        )
    }

    /// The table `[severity]`: what is wrong with it leaves the rules as they are.
    fn severities(&mut self) -> Severities {
        let mut severities = Severities::default();
        let Some(value) = self.table.get("severity") else {
            return severities;
        };
        let Some(table) = value.get_ref().as_table() else {
            self.fail_with_type("severity", value, "a table");
            return severities;
        };
        for (code, level) in table {
            let Some(rule) = Rule::find(code.get_ref()) else {
                self.diagnostics.push(rules::config_code_unknown::found(
                    code.get_ref(),
                    span(&code.span()),
                ));
                continue;
            };
            match level.get_ref().as_str().and_then(Level::parse) {
                Some(level) => severities.set(rule.code, level),
                None => self.diagnostics.push(config_severity_unknown::found(
                    rule.code,
                    level.get_ref().as_str(),
                    span(&level.span()),
                )),
            }
        }
        severities
    }

    fn fail_with_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        self.fail(config_wrong_type::found(
            key,
            value.get_ref().type_str(),
            expected,
            self.text.get(value.span()).unwrap_or_default(),
            span(&value.span()),
        ));
    }

    fn fail(&mut self, diagnostic: Diagnostic) {
        self.failed = true;
        self.diagnostics.push(diagnostic);
    }
}

/// A diagnostic about what the registry says of itself under a key, in the file where it says that.
pub(crate) fn about_key(diagnostic: Diagnostic, tree: &dyn SourceTree, key: &str) -> Diagnostic {
    let (file, place) = locate(tree, key);
    let diagnostic = diagnostic.in_file(file);
    match place {
        Some(place) => diagnostic.at(place),
        None => diagnostic,
    }
}

/// The file where a registry says of itself what has this key in `registry.toml`, and where in it.
pub(crate) fn locate(tree: &dyn SourceTree, key: &str) -> (&'static str, Option<Span>) {
    let is_there = |file: &str| tree.open(file).is_ok();
    if is_there(CONFIG_FILE) || !is_there(template::NEXT_CONFIG_FILE) {
        (CONFIG_FILE, place_of(tree, key))
    } else {
        template::place_of(tree, key)
    }
}

/// Where the value of a key of `registry.toml` stands; keys of tables have the table's name and a dot before them.
fn place_of(tree: &dyn SourceTree, key: &str) -> Option<Span> {
    let text = String::from_utf8(tree.read(CONFIG_FILE, LONGEST_CONFIG).ok()?).ok()?;
    let (document, _) = DeTable::parse_recoverable(&text);
    let mut keys = key.split('.');
    let mut value = document.get_ref().get(keys.next()?)?;
    for key in keys {
        value = value.get_ref().as_table()?.get(key)?;
    }
    Some(span(&value.span()))
}

pub(crate) fn span(range: &Range<usize>) -> Span {
    Span {
        start: range.start,
        end: range.end,
    }
}
