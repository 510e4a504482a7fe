//! `quayside admin …`.

pub(crate) mod link;
pub(crate) mod reset_password;
