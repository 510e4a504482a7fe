//! `quayside token …`.

pub(crate) mod create;
