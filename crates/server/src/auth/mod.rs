//! Who asks, and what they may do.

pub(crate) mod cookie;
pub(crate) mod csrf;
pub(crate) mod password;
mod principal;
mod scope;
mod token_name;

pub(crate) use principal::{Caller, Person, Principal, SessionPrincipal, TokenPrincipal};
pub use scope::{Scope, UnknownScope};
pub use token_name::{TokenName, TokenNameError};
