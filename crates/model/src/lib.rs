#![doc = include_str!("../README.md")]

pub mod definition;
mod digest;
pub mod folder_hash;
mod ids;
mod image_reference;
pub mod json;
pub mod list;
mod size;
mod text;
pub mod version;

pub use definition::SchemaForm;
pub use digest::{Digest, DigestError};
pub use ids::{
    AgentId, IdError, ListingId, PlacementId, RegistryId, SessionId, TokenId, UserId, WorkspaceId,
};
pub use image_reference::{ImageReference, ImageReferenceError};
pub use size::{ByteLimit, ByteSize};
pub use text::{compare_names, fold};
