//! Who asks, and what they may do.

pub(crate) mod cookie;
pub(crate) mod csrf;
pub(crate) mod password;
mod password_strength;
mod principal;
mod scope;
mod token_name;

pub(crate) use password_strength::{LONGEST as PASSWORD_LIMIT, check_password};
pub(crate) use principal::{Caller, Person, Principal, SessionPrincipal, TokenPrincipal};
pub use scope::{Scope, UnknownScope};
pub use token_name::{TokenName, TokenNameError};
