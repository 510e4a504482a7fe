//! Manifests, indexes and configs as they travel, and what is refused in them.

use model::Digest;
use serde::{Deserialize, Serialize};

/// Media types of the OCI image specification and of Docker's older one.
pub(crate) mod media_type {
    pub(crate) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
    pub(crate) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
    pub(crate) const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
    pub(crate) const DOCKER_LIST: &str =
        "application/vnd.docker.distribution.manifest.list.v2+json";
    pub(crate) const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

    /// What we ask image registries for.
    pub(crate) const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, \
         application/vnd.docker.distribution.manifest.list.v2+json, \
         application/vnd.oci.image.manifest.v1+json, \
         application/vnd.docker.distribution.manifest.v2+json";
}

pub(crate) const MAX_MANIFEST: u64 = 4 * 1024 * 1024;
pub(crate) const MAX_CONFIG: u64 = 8 * 1024 * 1024;
const MAX_LAYERS: usize = 127;
const MAX_CHILDREN: usize = 1_000;

/// Points at content by digest and size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Descriptor {
    #[serde(rename = "mediaType", default)]
    pub(crate) media_type: String,
    pub(crate) digest: Digest,
    pub(crate) size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<Platform>,
}

/// What an image runs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Platform {
    pub(crate) architecture: String,
    pub(crate) os: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) variant: Option<String>,
}

/// One image of one platform.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    pub(crate) config: Descriptor,
    pub(crate) layers: Vec<Descriptor>,
}

/// What a tag or a digest may answer with.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Index(Vec<Descriptor>),
    Manifest(Manifest),
}

/// A document that was read, with the media type it goes by.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) media_type: String,
    pub(crate) kind: Kind,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "schemaVersion")]
    schema_version: u64,
    #[serde(rename = "mediaType")]
    media_type: Option<String>,
    manifests: Option<Vec<serde_json::Value>>,
    config: Option<Descriptor>,
    layers: Option<Vec<Descriptor>>,
}

impl Document {
    /// Reads a manifest or an index; `content_type` is the header it came with, if any.
    ///
    /// A document that could be taken for either is refused: two programs that take it
    /// differently would run different content under one digest.
    pub(crate) fn read(bytes: &[u8], content_type: Option<&str>) -> Result<Self, String> {
        let wire: Wire = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if wire.schema_version != 2 {
            return Err(format!(
                "schema version {} is too old, only 2 is supported",
                wire.schema_version
            ));
        }
        let kind = match (wire.manifests, wire.config, wire.layers) {
            (Some(children), None, None) => Kind::Index(index(children)?),
            (None, Some(config), Some(layers)) => Kind::Manifest(manifest(config, layers)?),
            (Some(_), _, _) => return Err("it is an index and a manifest at once".to_owned()),
            _ => return Err("it is neither an index nor a manifest".to_owned()),
        };
        let is_index = matches!(kind, Kind::Index(_));
        let header = content_type
            .map(|text| {
                text.split(';')
                    .next()
                    .unwrap_or(text)
                    .trim()
                    .to_ascii_lowercase()
            })
            .filter(|text| says_index(text).is_some());
        for said in [wire.media_type.as_deref(), header.as_deref()]
            .into_iter()
            .flatten()
        {
            if says_index(said).is_some_and(|said| said != is_index) {
                return Err(format!(
                    "its content is not what its media type `{said}` says"
                ));
            }
        }
        let media_type = wire.media_type.or(header).unwrap_or_else(|| {
            let guess = if is_index {
                media_type::OCI_INDEX
            } else {
                media_type::OCI_MANIFEST
            };
            guess.to_owned()
        });
        Ok(Self { media_type, kind })
    }
}

fn says_index(media_type: &str) -> Option<bool> {
    match media_type {
        media_type::OCI_INDEX | media_type::DOCKER_LIST => Some(true),
        media_type::OCI_MANIFEST | media_type::DOCKER_MANIFEST => Some(false),
        _ => None,
    }
}

/// Entries that we cannot address (another digest algorithm) are left out, the others stay usable.
fn index(children: Vec<serde_json::Value>) -> Result<Vec<Descriptor>, String> {
    if children.len() > MAX_CHILDREN {
        return Err(format!("it names more than {MAX_CHILDREN} manifests"));
    }
    Ok(children
        .into_iter()
        .filter_map(|child| serde_json::from_value(child).ok())
        .collect())
}

fn manifest(config: Descriptor, layers: Vec<Descriptor>) -> Result<Manifest, String> {
    if layers.len() > MAX_LAYERS {
        return Err(format!(
            "it has {} layers, more than {MAX_LAYERS}",
            layers.len()
        ));
    }
    if config.size > MAX_CONFIG {
        return Err(format!("its config is larger than {MAX_CONFIG} bytes"));
    }
    let mut total = config.size;
    for layer in &layers {
        total = total
            .checked_add(layer.size)
            .ok_or_else(|| "the sizes of its layers are absurd".to_owned())?;
        let differs = layers
            .iter()
            .any(|other| other.digest == layer.digest && other.size != layer.size);
        if differs {
            return Err(format!("it gives layer `{}` two sizes", layer.digest));
        }
    }
    Ok(Manifest { config, layers })
}

impl Manifest {
    /// The layers, each digest once.
    pub(crate) fn distinct_layers(&self) -> Vec<&Descriptor> {
        let mut distinct: Vec<&Descriptor> = Vec::new();
        for layer in &self.layers {
            if !distinct.iter().any(|known| known.digest == layer.digest) {
                distinct.push(layer);
            }
        }
        distinct
    }
}

/// Reads the platform out of an image's config.
pub(crate) fn config_platform(bytes: &[u8]) -> Result<Platform, String> {
    #[derive(Deserialize)]
    struct Config {
        architecture: Option<String>,
        os: Option<String>,
        variant: Option<String>,
    }
    let config: Config = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    match (config.architecture, config.os) {
        (Some(architecture), Some(os)) if !architecture.is_empty() && !os.is_empty() => {
            Ok(Platform {
                architecture,
                os,
                variant: config.variant.filter(|variant| !variant.is_empty()),
            })
        }
        _ => Err("it does not say which platform it is for".to_owned()),
    }
}

impl Platform {
    pub(crate) fn runs_on(&self, architecture: &str) -> bool {
        self.os == "linux" && self.architecture == architecture
    }

    /// Such as `linux/arm64`.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.os, self.architecture)
    }
}

/// The entry of an index for an architecture, if the index says so.
///
/// Of several variants the oldest that every machine of the architecture runs comes first:
/// none at all, `v8` for arm64, `v1` for amd64; then the order of the index.
pub(crate) fn choose<'a>(children: &'a [Descriptor], architecture: &str) -> Option<&'a Descriptor> {
    let fits = |child: &&Descriptor| {
        child
            .platform
            .as_ref()
            .is_some_and(|platform| platform.runs_on(architecture))
    };
    let plain = |child: &&Descriptor| {
        let variant = child
            .platform
            .as_ref()
            .and_then(|platform| platform.variant.as_deref());
        matches!(
            (architecture, variant),
            (_, None | Some("")) | ("arm64", Some("v8")) | ("amd64", Some("v1"))
        )
    };
    children
        .iter()
        .filter(fits)
        .find(plain)
        .or_else(|| children.iter().find(fits))
}

/// The names of the platforms in an index, for messages; attestations are left out.
pub(crate) fn offered(children: &[Descriptor]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for platform in children.iter().filter_map(|child| child.platform.as_ref()) {
        let name = platform.name();
        if platform.os != "unknown" && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn descriptor(size: u64) -> serde_json::Value {
        serde_json::json!({"mediaType": "x", "digest": DIGEST, "size": size})
    }

    fn read(value: &serde_json::Value, content_type: Option<&str>) -> Result<Document, String> {
        Document::read(value.to_string().as_bytes(), content_type)
    }

    #[test]
    fn an_ambiguous_document_is_refused() {
        let both = serde_json::json!({
            "schemaVersion": 2, "manifests": [], "config": descriptor(1), "layers": [],
        });
        assert!(read(&both, None).unwrap_err().contains("at once"));
        let lies = serde_json::json!({"schemaVersion": 2, "mediaType": media_type::OCI_MANIFEST, "manifests": []});
        assert!(read(&lies, None).is_err());
        let header = serde_json::json!({"schemaVersion": 2, "manifests": []});
        assert!(read(&header, Some(media_type::DOCKER_MANIFEST)).is_err());
        assert!(read(&header, Some("text/plain; charset=utf-8")).is_ok());
    }

    #[test]
    fn limits_hold() {
        let many: Vec<_> = (0..128).map(|_| descriptor(1)).collect();
        let layers =
            serde_json::json!({"schemaVersion": 2, "config": descriptor(1), "layers": many});
        assert!(read(&layers, None).unwrap_err().contains("127"));
        let two = serde_json::json!({
            "schemaVersion": 2, "config": descriptor(1), "layers": [descriptor(1), descriptor(2)],
        });
        assert!(read(&two, None).unwrap_err().contains("two sizes"));
        let absurd = serde_json::json!({
            "schemaVersion": 2, "config": descriptor(1), "layers": [descriptor(u64::MAX)],
        });
        assert!(read(&absurd, None).is_err());
        let old = serde_json::json!({"schemaVersion": 1, "name": "x", "fsLayers": []});
        assert!(read(&old, None).unwrap_err().contains("too old"));
    }

    #[test]
    fn the_plain_variant_is_chosen() {
        let child = |variant: Option<&str>, size| Descriptor {
            media_type: String::new(),
            digest: DIGEST.parse().unwrap(),
            size,
            platform: Some(Platform {
                architecture: "amd64".to_owned(),
                os: "linux".to_owned(),
                variant: variant.map(str::to_owned),
            }),
        };
        let children = [child(Some("v3"), 1), child(None, 2)];
        assert_eq!(
            choose(&children, "amd64").map(|chosen| chosen.size),
            Some(2)
        );
        assert_eq!(
            choose(&children[..1], "amd64").map(|chosen| chosen.size),
            Some(1)
        );
        assert!(choose(&children, "arm64").is_none());
        assert_eq!(offered(&children), ["linux/amd64"]);
    }
}
