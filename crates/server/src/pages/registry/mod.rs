mod cards;
pub(crate) mod handlers;
mod query;
mod results;
mod space;
pub(crate) mod view;

pub(crate) use cards::health;
