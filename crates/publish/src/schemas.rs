//! JSON Schema (draft 2020-12) of the files of a registry, for editors.

use model::SchemaForm;
use model::json::{self, Limits, Value};

use crate::{Level, RULES};

/// The schema of `workspace.json` in that form.
pub const fn workspace_schema(form: SchemaForm) -> &'static str {
    match form {
        SchemaForm::V1_0 => include_str!("schemas/workspace-1.0.json"),
        SchemaForm::V1_1 => include_str!("schemas/workspace-1.1.json"),
    }
}

/// The schema of `registry.toml`; it knows the codes whose severity can be set.
pub fn registry_schema() -> String {
    let text = include_str!("schemas/registry.json");
    let parsed = json::parse(text.as_bytes(), &Limits::default());
    let mut schema = parsed
        .value
        .expect("the schema is JSON, which a test holds");
    let levels = RULES.iter().map(|rule| {
        let level = Value::object([
            ("$ref", Value::string("#/$defs/level")),
            ("description", Value::string(rule.summary())),
            ("default", Value::string(rule.severity.to_string())),
        ]);
        (rule.code.as_str(), level)
    });
    if let Some(schema) = schema.as_object_mut() {
        let severity = Value::object([
            ("type", Value::string("object")),
            ("properties", Value::object(levels)),
            ("additionalProperties", Value::bool(false)),
        ]);
        let level = Value::object([
            ("type", Value::string("string")),
            ("enum", Value::array(Level::WORDS.map(Value::string))),
        ]);
        schema.set(
            "$defs",
            Value::object([("severity", severity), ("level", level)]),
        );
    }
    json::stringify_pretty(&schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KEYS;
    use crate::storefront_config::STOREFRONT_KEYS;

    fn keys(schema: &Value, pointer: &str) -> Vec<String> {
        let properties = json::locate(schema, pointer).and_then(Value::as_object);
        let members = properties.expect("an object").members();
        let mut keys: Vec<_> = members
            .iter()
            .map(|member| member.key.to_string())
            .collect();
        keys.sort_unstable();
        keys
    }

    #[test]
    fn the_schema_knows_every_key_of_the_configuration() {
        let schema = json::parse(registry_schema().as_bytes(), &Limits::default());
        let schema = schema.value.expect("JSON");
        for (pointer, expected) in [
            ("/properties", KEYS.as_slice()),
            ("/properties/storefront/properties", &STOREFRONT_KEYS),
        ] {
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(keys(&schema, pointer), expected);
        }
    }
}
