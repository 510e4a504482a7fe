use std::fmt::Write as _;

use model::SchemaForm;

use super::toml_text::quoted;
use crate::template::TemplateConfig;

/// The `registry.toml` of a registry that was made from the template.
pub fn registry_toml(template: &TemplateConfig, schema: Option<SchemaForm>) -> String {
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
    if let Some(schema) = schema {
        let _ = write!(
            text,
            "\n# The form of the workspace.json files, and the folder they are published to.\nschema = \"{schema}\"\n"
        );
    }
    if let Some(channel) = &template.default_channel
        && schema != Some(SchemaForm::V1_0)
    {
        let _ = write!(
            text,
            "\n# The channel that is offered where a consumer has not chosen one.\ndefault_channel = {}\n",
            quoted(channel)
        );
    }
    text
}
