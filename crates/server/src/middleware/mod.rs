//! Layers around every request, outermost first: log, panics, headers, host, who asks, forgery.

pub(crate) mod client_address;
pub(crate) mod error_pages;
pub(crate) mod forgery;
pub(crate) mod headers;
pub(crate) mod host;
pub(crate) mod identify;
pub(crate) mod log;
