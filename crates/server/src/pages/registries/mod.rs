pub(crate) mod handlers;
mod steps;
pub(crate) mod view;
