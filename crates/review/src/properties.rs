use std::collections::HashMap;

use model::json::{Object, Value};

use crate::Section;

/// One property as a consumer would use it.
pub(crate) struct Property<'a> {
    pub(crate) section: Section,
    pub(crate) name: String,
    pub(crate) value: &'a Value,
}

impl Property<'_> {
    /// Whether it stands beside a start option or a command, where `user` and `privileged` have their meaning.
    pub(crate) fn runs_something(&self) -> bool {
        match &self.section {
            Section::RunConfig => true,
            Section::ExecConfig(command) => !command.is_empty(),
            Section::VolumeMappings => false,
        }
    }
}

const COMMANDS: [&str; 3] = ["first_launch", "go", "assign"];

/// Every property of the three sections, in the order of the document.
pub(crate) fn properties<'a>(
    run_config: Option<&'a Value>,
    exec_config: Option<&'a Value>,
    volume_mappings: Option<&'a Value>,
) -> Vec<Property<'a>> {
    let mut found = Vec::new();
    section(&mut found, &Section::RunConfig, "run_config", run_config);
    exec_properties(&mut found, exec_config);
    if let Some(value) = volume_mappings.filter(|value| !is_empty(value)) {
        found.push(Property {
            section: Section::VolumeMappings,
            name: "volume_mappings".to_owned(),
            value,
        });
    }
    found
}

fn exec_properties<'a>(found: &mut Vec<Property<'a>>, exec_config: Option<&'a Value>) {
    let whole = Section::ExecConfig(String::new());
    let Some(object) = exec_config.and_then(Value::as_object) else {
        section(found, &whole, "exec_config", exec_config);
        return;
    };
    for (name, value) in effective_members(object) {
        if COMMANDS.contains(&name.as_str()) && value.as_object().is_some() {
            section(found, &Section::ExecConfig(name), "", Some(value));
        } else if !(COMMANDS.contains(&name.as_str()) && is_empty(value)) {
            found.push(Property {
                section: whole.clone(),
                name,
                value,
            });
        }
    }
}

/// The properties of an object; something else that is not empty is one property, because nobody can say what it does.
fn section<'a>(
    found: &mut Vec<Property<'a>>,
    section: &Section,
    own_name: &str,
    value: Option<&'a Value>,
) {
    let Some(value) = value else { return };
    match value.as_object() {
        Some(object) => {
            found.extend(
                effective_members(object)
                    .into_iter()
                    .map(|(name, value)| Property {
                        section: section.clone(),
                        name,
                        value,
                    }),
            );
        }
        None if is_empty(value) => {}
        None => found.push(Property {
            section: section.clone(),
            name: own_name.to_owned(),
            value,
        }),
    }
}

/// The members as a consumer sees them: a key that occurs twice has its first place and its last value.
///
/// Looking at the first value only would let `"privileged": false, "privileged": true` through.
fn effective_members(object: &Object) -> Vec<(String, &Value)> {
    let mut places = HashMap::new();
    let mut effective: Vec<(String, &Value)> = Vec::new();
    for member in object.members() {
        let place = *places
            .entry(member.key.as_bytes())
            .or_insert(effective.len());
        match effective.get_mut(place) {
            Some((_, value)) => *value = &member.value,
            None => effective.push((member.key.to_string_lossy().into_owned(), &member.value)),
        }
    }
    effective
}

fn is_empty(value: &Value) -> bool {
    value.is_null()
        || value.as_object().is_some_and(Object::is_empty)
        || value.as_array().is_some_and(<[Value]>::is_empty)
        || value.as_str().is_some_and(|text| text.trim().is_empty())
}
