use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A text that is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct IdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID (version 7) that somebody made.
            pub const fn from_uuid(id: Uuid) -> Self {
                Self(id)
            }

            /// The UUID itself.
            pub const fn to_uuid(self) -> Uuid {
                self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // What the library says of a text that is no UUID is nothing for people.
                let id = Uuid::deserialize(deserializer);
                id.map(Self).map_err(|_| D::Error::custom(IdError))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::parse_str(text).map(Self).map_err(|_| IdError)
            }
        }
    };
}

id!(
    /// Identifies a registry.
    RegistryId
);
id!(
    /// Identifies a listing; survives refreshes.
    ListingId
);
id!(
    /// Identifies an installed workspace.
    WorkspaceId
);
id!(
    /// Identifies an agent.
    AgentId
);
id!(
    /// Identifies one workspace on one agent.
    PlacementId
);
id!(
    /// Identifies a person.
    UserId
);
id!(
    /// Identifies an API token.
    TokenId
);
id!(
    /// Identifies a browser session.
    SessionId
);
