pub(crate) mod definition;
pub(crate) mod handlers;
mod list;
mod rows;
pub(crate) mod view;
