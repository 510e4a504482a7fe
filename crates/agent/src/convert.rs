//! From the engine's words to those of the agent API.

use api::agent::Observed;
use api::{AgentImage, Cause, Disk, EngineKind, LayerProgress};
use engine::{EngineImage, EngineInfo};

pub(crate) fn cause(cause: engine::Cause) -> Cause {
    match cause {
        engine::Cause::NotFound => Cause::NotFound,
        engine::Cause::Denied => Cause::Denied,
        engine::Cause::RateLimited => Cause::RateLimited,
        engine::Cause::NameNotResolved => Cause::NameNotResolved,
        engine::Cause::TimedOut => Cause::TimedOut,
        engine::Cause::WrongArchitecture => Cause::WrongArchitecture,
        engine::Cause::NoSpace => Cause::NoSpace,
        engine::Cause::DigestMismatch => Cause::DigestMismatch,
        engine::Cause::EngineUnreachable => Cause::EngineUnreachable,
        engine::Cause::RefusedByPolicy => Cause::RefusedByPolicy,
        engine::Cause::Other => Cause::Other,
    }
}

/// The engine in memory passes for the built-in store: it exists in tests alone.
fn kind(kind: engine::EngineKind) -> EngineKind {
    match kind {
        engine::EngineKind::Docker => EngineKind::Docker,
        engine::EngineKind::Store | engine::EngineKind::Memory => EngineKind::Store,
    }
}

pub(crate) fn layer(layer: engine::LayerProgress) -> LayerProgress {
    LayerProgress {
        id: layer.id,
        done: layer.done,
        total: layer.total,
    }
}

/// What is reported of an engine; without `info` it does not answer.
pub(crate) fn observed(
    hostname: &str,
    engine: engine::EngineKind,
    architecture: &str,
    info: Option<&EngineInfo>,
    images: &[EngineImage],
) -> Observed {
    let disk = info.and_then(|info| info.disk.as_ref());
    Observed {
        hostname: hostname.to_owned(),
        engine: kind(engine),
        version: info.map(|info| info.version.clone()),
        architecture: architecture.to_owned(),
        disk: disk.map(|disk| Disk {
            free_bytes: disk.free_bytes,
            total_bytes: disk.total_bytes,
            filesystem: disk.filesystem.clone(),
        }),
        images: images
            .iter()
            .map(|image| AgentImage {
                references: image.references.clone(),
                digests: image.digests.clone(),
                size_bytes: image.size_bytes,
            })
            .collect(),
    }
}
