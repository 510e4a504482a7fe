#![doc = include_str!("../README.md")]

mod detect;
mod disk;
mod docker;
mod error;
mod image;
mod memory;
mod platform;
mod store;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

pub use detect::{Detected, Wanted, detect};
pub use disk::{Disk, disk_of};
pub use docker::{DockerAddress, DockerAddressError, DockerEngine};
pub use error::{Cause, EngineError};
pub use image::{
    Brought, EngineImage, EngineInfo, EngineKind, Holder, LayerProgress, PinnedImage, Pulled,
    Removal,
};
pub use memory::{Call, Gate, MemoryEngine, Offer};
pub use platform::{architecture_of, host_architecture};
pub use store::StoreEngine;

/// What holds images on a host.
///
/// Every method may be called twice and be cut off anywhere; calling it again finishes the work.
#[async_trait]
pub trait Engine: Send + Sync {
    /// Which engine this is.
    fn kind(&self) -> EngineKind;

    /// Version, architecture and disk, asked anew at every call.
    async fn info(&self) -> Result<EngineInfo, EngineError>;

    /// Every image that has a name or a digest.
    async fn images(&self) -> Result<Vec<EngineImage>, EngineError>;

    /// Whether the image is here, under its repository and with its digest.
    async fn holds(&self, image: &PinnedImage) -> Result<bool, EngineError>;

    /// Brings an image and tags it as published; cheap when it is here already.
    ///
    /// It ends with success only once the engine shows the digest. The published tag is left alone
    /// where it names an image that is not in `ours`. `progress` is called often and must be quick.
    /// After `cancel` the answer is an error, unless the work was done by then.
    async fn pull(
        &self,
        image: &PinnedImage,
        ours: &Brought,
        progress: &(dyn Fn(LayerProgress) + Send + Sync),
        cancel: CancellationToken,
    ) -> Result<Pulled, EngineError>;

    /// Drops the published tag while the image stays, because others want its digest.
    ///
    /// The tag stays where dropping it would take the digest along.
    async fn untag(&self, image: &PinnedImage) -> Result<(), EngineError>;

    /// Drops our names of an image, and with the last name the image: the published tag, `tags` of the
    /// same repository that we left on it besides, and the digest.
    ///
    /// Never by force and never by identifier: an image that a container uses, or that somebody gave
    /// another name, stays.
    async fn remove(&self, image: &PinnedImage, tags: &[String]) -> Result<Removal, EngineError>;
}
