use askama::Template;
use model::SchemaForm;
use model::json::{Value, stringify};
use review::FindingId;
use ui::ShopTile;

use super::frame::{Frame, Markup, Place};
use super::search::CHUNK;
use super::site::{Facets, Site};
use crate::authoring::NewWorkspace;
use crate::rules::{
    categories_too_many, command_not_waiting, command_unbalanced_quotes, configuration_warning,
    environment_value_not_text, exec_config_key_unknown, image_tag_latest, image_tag_missing,
    invalid_json, name_twice, privileged_as_text, run_config_key_unknown, version_invalid,
};
use crate::words::Words;
use crate::{Rule, Severities};

/// Where the page lies: at the address that the template had it at.
pub(super) const PATH: &str = "new/index.html";

/// The form for a new workspace.
#[derive(Template)]
#[template(path = "new.html")]
pub(super) struct NewPage<'a> {
    frame: Frame<'a>,
    facets: &'a Facets,
    chunks: usize,
    /// The version that most will want.
    newest: String,
    is_with_channels: bool,
    /// What to write by hand.
    example: String,
    /// What `check` says about what can be filled in, for the script.
    words: String,
}

impl<'a> NewPage<'a> {
    pub(super) fn new(site: &'a Site, facets: &'a Facets, severities: &Severities) -> Self {
        let description = "A form that makes the folder of a new workspace";
        let mut frame = Frame::new(site, PATH.to_owned(), Some("New workspace"), description);
        frame.place = Place::New;
        let newest = facets.versions().into_iter().next();
        let newest = newest.unwrap_or_else(|| "1.18.x".to_owned());
        Self {
            example: example(site.schema, &newest),
            words: words(severities),
            frame,
            facets,
            chunks: (facets.total as usize).div_ceil(CHUNK),
            newest,
            is_with_channels: site.schema == SchemaForm::V1_1,
        }
    }

    fn tile() -> Markup {
        Markup::of(&ShopTile {
            page: "",
            icon: "../storefront/blank.svg",
            name: "Friendly Name",
            description: "Description",
            kind: "",
            size: Some(""),
            flags: 1,
        })
    }
}

/// The findings that the script looks for, by their codes, with the severity that this registry gives them: their words
/// are those of `check`.
fn words(severities: &Severities) -> String {
    const SHARED: [(&Rule, Words); 13] = [
        (&categories_too_many::RULE, categories_too_many::WORDS),
        (&command_not_waiting::RULE, command_not_waiting::WORDS),
        (
            &command_unbalanced_quotes::RULE,
            command_unbalanced_quotes::WORDS,
        ),
        (&configuration_warning::RULE, configuration_warning::WORDS),
        (
            &environment_value_not_text::RULE,
            environment_value_not_text::WORDS,
        ),
        (
            &exec_config_key_unknown::RULE,
            exec_config_key_unknown::WORDS,
        ),
        (&image_tag_latest::RULE, image_tag_latest::WORDS),
        (&image_tag_missing::RULE, image_tag_missing::WORDS),
        (&invalid_json::RULE, invalid_json::WORDS),
        (&name_twice::RULE, name_twice::WORDS),
        (&privileged_as_text::RULE, privileged_as_text::WORDS),
        (&run_config_key_unknown::RULE, run_config_key_unknown::WORDS),
        (&version_invalid::RULE, version_invalid::WORDS),
    ];
    let rules = SHARED.iter().filter_map(|(rule, words)| {
        let severity = severities.of(rule.code, rule.severity)?;
        let told = Value::object([
            ("severity", Value::string(severity.to_string())),
            ("message", Value::string(words.message)),
            ("hint", Value::string(words.hint)),
        ]);
        Some((rule.code.as_str(), told))
    });
    let warnings = FindingId::ALL.map(|id| (id.as_str(), Value::string(id.description())));
    let keys = |keys: &[&str]| Value::array(keys.iter().map(|key| Value::string(*key)));
    let table = Value::object([
        ("rules", Value::object(rules)),
        ("warnings", Value::object(warnings)),
        ("run_keys", keys(run_config_key_unknown::RUN_KEYS)),
        ("exec_keys", keys(&exec_config_key_unknown::KEYS)),
        ("command_keys", keys(&exec_config_key_unknown::COMMAND_KEYS)),
        (
            "most_categories",
            Value::number(categories_too_many::MOST as u64),
        ),
    ]);
    String::from_utf8_lossy(&stringify(&table)).into_owned()
}

fn example(schema: SchemaForm, version: &str) -> String {
    let workspace = NewWorkspace {
        friendly_name: "Chart Plotter".to_owned(),
        description: "Lay a course over the bay and print the passage plan.".to_owned(),
        image: "ghcr.io/you/chart-plotter:1.0"
            .parse()
            .expect("it is a reference"),
        image_src: "chart-plotter.png".to_owned(),
        architectures: vec!["amd64".to_owned()],
        versions: version.parse().into_iter().collect(),
        size_mb: 2400,
        categories: vec!["Office".to_owned()],
        notes: String::new(),
    };
    workspace.json(schema)
}
