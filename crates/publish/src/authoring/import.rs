use std::fmt::Write as _;

use model::SchemaForm;

use super::Changes;
use super::changes::Outcome;
use super::toml_text::quoted;
use crate::SourceTree;
use crate::discover::workspace_folders;
use crate::report::Report;
use crate::rules::list_url_not_root;
use crate::template::TemplateConfig;

/// The form that a template-based registry is published in: that of its workspaces, else what its paths say.
///
/// In this order, because branches for a new form are copied from the old one, and the path is often left as it was.
pub fn schema_of(tree: &dyn SourceTree, template: &TemplateConfig) -> Option<SchemaForm> {
    let mut older = 0;
    let mut newer = 0;
    let asked = Changes::of(tree, |document| {
        match document.definition.form {
            SchemaForm::V1_0 => older += 1,
            SchemaForm::V1_1 => newer += 1,
        }
        Outcome::Unchanged
    });
    match (asked, older, newer) {
        (Err(_), ..) | (_, 0, 0) => template.schema(),
        (_, older, newer) if older > newer => Some(SchemaForm::V1_0),
        _ => Some(SchemaForm::V1_1),
    }
}

/// The address that people are to copy, where a template names one that leads below the registry's root.
pub fn address_in_order(list_url: &str) -> Option<String> {
    list_url_not_root::root(list_url)
}

/// How many workspaces a tree has, whether they can be published or not.
pub fn count_workspaces(tree: &dyn SourceTree) -> usize {
    workspace_folders(tree, &mut Report::default()).map_or(0, |folders| folders.len())
}

/// The `registry.toml` of a registry that was made from the template.
pub fn registry_toml(template: &TemplateConfig, schema: SchemaForm) -> String {
    let mut text =
        String::from("# What the registry says about itself, taken from site/next.config.js.\n");
    for (key, value) in [
        ("name", template.name.as_str()),
        ("description", &template.description),
        ("icon", &template.icon),
        ("list_url", &template.list_url),
        ("contact_url", &template.contact_url),
    ] {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{key} = {}", quoted(value));
    }
    let _ = write!(
        text,
        "\n# The form of the workspace.json files, and the folder they are published to.\nschema = \"{schema}\"\n"
    );
    if let Some(channel) = &template.default_channel
        && schema != SchemaForm::V1_0
    {
        let _ = write!(
            text,
            "\n# The channel that is offered where a consumer has not chosen one.\ndefault_channel = {}\n",
            quoted(channel)
        );
    }
    text
}
