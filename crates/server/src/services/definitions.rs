//! From the stored JSON of a listing or workspace to what pages and plans need of it.

use model::ImageReference;
use model::definition::{Choice, Definition, WantedChannel, WantedVersion};
use model::json;

use crate::error::{AppError, AppResult};

/// A definition with the JSON it was read from.
#[derive(Debug)]
pub(crate) struct ReadDefinition {
    pub(crate) value: json::Value,
    pub(crate) definition: Definition,
}

/// Reads JSON that was accepted before it was stored.
pub(crate) fn read(text: &str) -> AppResult<ReadDefinition> {
    let value = json::parse(text.as_bytes(), &json::Limits::default()).value;
    let value = value.ok_or_else(|| AppError::internal("a stored definition is no JSON"))?;
    let (definition, _) =
        Definition::read(&value).map_err(|trouble| AppError::internal(trouble.message))?;
    Ok(ReadDefinition { value, definition })
}

/// The entry that an install would use when nobody set a version or channel.
pub(crate) fn default_choice(
    definition: &Definition,
    registry_default_channel: Option<&str>,
) -> Choice {
    let choice = definition.choose(
        &WantedVersion::Any,
        &WantedChannel::Default,
        registry_default_channel,
    );
    // Any version and the default channel fit always; a listing may still name no image.
    choice.unwrap_or(Choice {
        version: None,
        channel: None,
        image: None,
        uncompressed_size_mb: None,
    })
}

/// Whether an agent's architecture is one that the definition names. Who names none fits everywhere: the image decides.
pub(crate) fn fits_architecture(definition: &Definition, architecture: Option<&str>) -> bool {
    definition.architectures.is_empty()
        || architecture.is_some_and(|own| {
            definition
                .architectures
                .iter()
                .any(|named| named.eq_ignore_ascii_case(own))
        })
}

/// The image of a choice, as a reference that can be pulled.
pub(crate) fn image_reference(choice: &Choice) -> Result<ImageReference, String> {
    let image = choice
        .image
        .as_deref()
        .ok_or_else(|| "The listing names no image.".to_owned())?;
    ImageReference::parse(image)
        .map_err(|error| format!("The image `{image}` cannot be used: {error}."))
}

/// JSON text of an object for the edit form and pages.
pub(crate) fn pretty(value: Option<&json::Value>) -> Option<String> {
    value.map(json::stringify_pretty)
}

/// A number as its author would write it.
pub(crate) fn number_text(number: f64) -> String {
    number.to_string()
}
