//! One entity per table; nothing of it leaves this crate.

#![expect(
    unreachable_pub,
    reason = "the derives of sea-orm ask for and make public items"
)]

pub(crate) mod agent;
pub(crate) mod brought_image;
pub(crate) mod icon;
pub(crate) mod icon_source;
pub(crate) mod job;
pub(crate) mod kept_image;
pub(crate) mod listing;
pub(crate) mod listing_document;
pub(crate) mod login_failure;
pub(crate) mod login_link;
pub(crate) mod placement;
pub(crate) mod registry;
pub(crate) mod revision;
pub(crate) mod session;
pub(crate) mod setting;
pub(crate) mod stored_answer;
pub(crate) mod token;
pub(crate) mod user;
pub(crate) mod workspace;
