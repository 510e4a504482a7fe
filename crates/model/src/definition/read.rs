use super::fields::Fields;
use super::{CompatibilityEntry, Definition, MAX_CATEGORIES, SchemaForm, Trouble};
use crate::json::{self, Kind, Value};

/// The key as the format's manual spells it, and as nearly all real files do.
const SPELLINGS: [&str; 2] = ["compatibility", "compatability"];

const MAX_ARCHITECTURES: usize = 16;
const MAX_CHANNELS: usize = 200;

impl Definition {
    /// Reads a workspace's JSON in either form.
    ///
    /// Only what makes it unusable is an error: it is no object or has no name to show. Everything else that is wrong
    /// is left out and noted.
    pub fn read(value: &Value) -> Result<(Self, Vec<Trouble>), Trouble> {
        let object = value.as_object().ok_or_else(|| Trouble {
            pointer: String::new(),
            span: value.span,
            message: format!("expected an object, found {}", value.kind_in_words()),
        })?;
        let mut troubles = Vec::new();
        let mut fields = Fields::new(object, "", &mut troubles);
        let friendly_name = friendly_name(&mut fields, value)?;
        let image = fields.text("name").or_else(|| fields.text("image"));
        let uncompressed_size_mb = fields.megabytes("uncompressed_size_mb");
        let description = fields.text("description");
        let notes = fields.text("notes");
        let image_src = fields.text("image_src");
        let mut architectures = fields.texts("architecture", MAX_ARCHITECTURES);
        for architecture in &mut architectures {
            architecture.make_ascii_lowercase();
        }
        let categories = fields.texts("categories", MAX_CATEGORIES);
        let docker_registry = fields.text("docker_registry");
        let cores = fields.cores("cores");
        let memory_mb = fields.megabytes("memory");
        let gpu_count = fields.count("gpu_count");
        let cpu_allocation_method = fields.text("cpu_allocation_method");
        let run_config = fields.settings("run_config");
        let exec_config = fields.settings("exec_config");
        let volume_mappings = fields.settings("volume_mappings");
        let persistent_profile_path = fields.text("persistent_profile_path");
        let sha = fields.text("sha");
        let items = compatibility_items(&mut fields);
        let form = form_of(&items, object);
        let whole = CompatibilityEntry {
            image: image.clone(),
            uncompressed_size_mb,
            ..CompatibilityEntry::default()
        };
        let compatibility = read_compatibility(&items, &whole, &mut troubles);
        let definition = Self {
            friendly_name,
            description,
            notes,
            image_src,
            architectures,
            categories,
            docker_registry,
            form,
            compatibility,
            image,
            uncompressed_size_mb,
            cores,
            memory_mb,
            gpu_count,
            cpu_allocation_method,
            run_config,
            exec_config,
            volume_mappings,
            persistent_profile_path,
            sha,
        };
        Ok((definition, troubles))
    }
}

fn friendly_name(fields: &mut Fields<'_, '_>, whole: &Value) -> Result<String, Trouble> {
    const KEY: &str = "friendly_name";
    let member = fields.member(KEY);
    let text = fields.text(KEY);
    match (text, member) {
        (Some(text), _) => Ok(text.trim().to_owned()),
        (None, None) => Err(Trouble {
            pointer: String::new(),
            span: whole.span,
            message: format!("`{KEY}` is missing"),
        }),
        (None, Some(member)) => Err(Trouble {
            pointer: format!("/{KEY}"),
            span: member.value.span,
            message: match member.value.kind {
                Kind::String(_) => format!("`{KEY}` is empty"),
                _ => format!("`{KEY}` is {}, not a string", member.value.kind_in_words()),
            },
        }),
    }
}

/// The items of `compatibility`, with the spelling that they stand under.
struct Items<'v> {
    key: &'static str,
    values: &'v [Value],
}

fn compatibility_items<'v>(fields: &mut Fields<'v, '_>) -> Items<'v> {
    let [right, manual] = SPELLINGS;
    let none = Items {
        key: right,
        values: &[],
    };
    let Some((key, member)) = SPELLINGS
        .iter()
        .find_map(|key| fields.member(key).map(|member| (*key, member)))
    else {
        return none;
    };
    if key == manual {
        fields.note(
            key,
            member.key_span,
            format!("`{manual}` is read as `{right}`"),
        );
    }
    match &member.value.kind {
        Kind::Array(values) => Items { key, values },
        Kind::String(_) | Kind::Object(_) => {
            let found = member.value.kind_in_words();
            fields.note(
                key,
                member.value.span,
                format!("expected an array, found {found}"),
            );
            Items {
                key,
                values: std::slice::from_ref(&member.value),
            }
        }
        _ => {
            let found = member.value.kind_in_words();
            fields.note(
                key,
                member.value.span,
                format!("expected an array, found {found}"),
            );
            none
        }
    }
}

/// Tells the form by content: branches are named after one form and filled in the other.
fn form_of(items: &Items<'_>, object: &json::Object) -> SchemaForm {
    let decided = items.values.iter().find_map(|item| match item.kind {
        Kind::Object(_) => Some(SchemaForm::V1_1),
        Kind::String(_) => Some(SchemaForm::V1_0),
        _ => None,
    });
    decided.unwrap_or(if object.get("name").is_some() {
        SchemaForm::V1_0
    } else {
        SchemaForm::V1_1
    })
}

/// Reads the entries; what one does not say itself is taken from the workspace as a whole.
fn read_compatibility(
    items: &Items<'_>,
    whole: &CompatibilityEntry,
    troubles: &mut Vec<Trouble>,
) -> Vec<CompatibilityEntry> {
    let mut entries = Vec::new();
    for (index, item) in items.values.iter().enumerate() {
        let prefix = format!("/{}/{index}", items.key);
        match &item.kind {
            Kind::Object(object) => {
                let mut fields = Fields::new(object, &prefix, troubles);
                let Some(version) = fields.text("version") else {
                    fields.note("version", item.span, "a version is missing here");
                    continue;
                };
                entries.push(CompatibilityEntry {
                    version: version.trim().to_owned(),
                    image: fields.text("image").or_else(|| whole.image.clone()),
                    uncompressed_size_mb: fields
                        .megabytes("uncompressed_size_mb")
                        .or(whole.uncompressed_size_mb),
                    available_tags: fields.texts("available_tags", MAX_CHANNELS),
                });
            }
            Kind::String(version) => {
                let version = super::fields::storable(version).trim().to_owned();
                if !version.is_empty() {
                    entries.push(CompatibilityEntry {
                        version,
                        ..whole.clone()
                    });
                }
            }
            _ => troubles.push(Trouble {
                pointer: prefix,
                span: item.span,
                message: format!("expected a version, found {}", item.kind_in_words()),
            }),
        }
    }
    entries
}
