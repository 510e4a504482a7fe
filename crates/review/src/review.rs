use model::definition::Definition;
use model::json;

use crate::properties::{Property, properties};
use crate::{Finding, FindingId, rules};

/// How many characters of a value a finding keeps.
const LONGEST_VALUE: usize = 200;
/// How many findings of the general kind a listing gets: more tell nobody more.
const MOST_FLAGS: usize = 200;

/// Goes through a listing's configuration and reports what deserves a look, in the order of the document.
pub fn review(definition: &Definition) -> Vec<Finding> {
    let mut flags = 0;
    properties(
        definition.run_config.as_ref(),
        definition.exec_config.as_ref(),
        definition.volume_mappings.as_ref(),
    )
    .into_iter()
    .filter_map(|property| {
        let id = rules::check(&property)?;
        if id == FindingId::FlagProperty {
            flags += 1;
            if flags > MOST_FLAGS {
                return None;
            }
        }
        Some(finding(id, property))
    })
    .collect()
}

fn finding(id: FindingId, property: Property<'_>) -> Finding {
    let text = String::from_utf8_lossy(&json::stringify(property.value)).into_owned();
    let value = match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    Finding {
        id,
        section: property.section,
        property: property.name,
        value,
    }
}
