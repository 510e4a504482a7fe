#![doc = include_str!("../README.md")]

mod digest;
mod ids;
pub mod json;

pub use digest::{Digest, DigestError};
pub use ids::{
    AgentId, IdError, ListingId, PlacementId, RegistryId, SessionId, TokenId, UserId, WorkspaceId,
};
