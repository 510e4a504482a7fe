use std::convert::Infallible;
use std::str::FromStr;

use super::{CompatibilityEntry, Definition};
use crate::ImageReference;
use crate::version::{self, CompatibilityVersion, CompatibilityVersionError};

/// The version that listings are wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WantedVersion {
    /// Every listing, with its newest entry.
    #[default]
    Any,
    /// Listings made for this version or its line.
    Exact(CompatibilityVersion),
}

/// The channel that images are wanted from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WantedChannel {
    /// Each registry's own.
    #[default]
    Default,
    /// The one of this name.
    Named(String),
}

/// What a listing offers for a version and a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The version of the chosen entry; none if the listing names no versions.
    pub version: Option<String>,
    /// The chosen channel; none if the entry has no channels.
    pub channel: Option<String>,
    /// The image, under the channel's tag.
    pub image: Option<String>,
    /// How much disk space the image takes at worst, in decimal megabytes.
    pub uncompressed_size_mb: Option<u64>,
}

/// Why a listing does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoFit {
    /// It is not made for the wanted version.
    Version,
    /// It is not published in the wanted channel.
    Channel,
}

impl Definition {
    /// What this listing offers for a version and a channel.
    ///
    /// A version is looked for exactly, then by its line. By default a listing's channel is the registry's default where
    /// the entry has it, else the image's own tag, else the first; entries without channels fit all of them.
    pub fn choose(
        &self,
        version: &WantedVersion,
        channel: &WantedChannel,
        registry_default_channel: Option<&str>,
    ) -> Result<Choice, NoFit> {
        let entry = version::choose(&self.compatibility, version);
        if entry.is_none() && *version != WantedVersion::Any {
            return Err(NoFit::Version);
        }
        let Some(entry) = entry else {
            return Ok(Choice {
                version: None,
                channel: None,
                image: self.image.clone(),
                uncompressed_size_mb: self.uncompressed_size_mb,
            });
        };
        let channel = choose_channel(entry, channel, registry_default_channel)?;
        Ok(Choice {
            version: Some(entry.version.clone()),
            image: entry
                .image
                .as_deref()
                .map(|image| in_channel(image, channel)),
            channel: channel.map(str::to_owned),
            uncompressed_size_mb: entry.uncompressed_size_mb,
        })
    }
}

fn choose_channel<'e>(
    entry: &'e CompatibilityEntry,
    wanted: &WantedChannel,
    registry_default: Option<&str>,
) -> Result<Option<&'e str>, NoFit> {
    let channels = &entry.available_tags;
    let find = |name: &str| channels.iter().find(|channel| *channel == name);
    let Some(first) = channels.first() else {
        return Ok(None);
    };
    match wanted {
        WantedChannel::Named(name) => Ok(Some(find(name).ok_or(NoFit::Channel)?)),
        WantedChannel::Default => {
            let own_tag = || {
                let reference = ImageReference::parse(entry.image.as_deref()?).ok()?;
                find(reference.tag_or_latest())
            };
            let channel = registry_default.and_then(find).or_else(own_tag);
            Ok(Some(channel.unwrap_or(first)))
        }
    }
}

/// The image under a channel's tag; as it is written where one of the two cannot be read.
fn in_channel(image: &str, channel: Option<&str>) -> String {
    channel
        .and_then(|channel| ImageReference::parse(image).ok()?.with_tag(channel).ok())
        .map_or_else(|| image.to_owned(), String::from)
}

impl FromStr for WantedVersion {
    type Err = CompatibilityVersionError;

    /// Reads `any` or a version.
    fn from_str(text: &str) -> Result<Self, CompatibilityVersionError> {
        match text {
            "any" => Ok(Self::Any),
            _ => text.parse().map(Self::Exact),
        }
    }
}

impl FromStr for WantedChannel {
    type Err = Infallible;

    /// Reads `default` or a channel's name.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "default" => Self::Default,
            name => Self::Named(name.to_owned()),
        })
    }
}
