//! What authors rely on when they publish.

mod authoring;
mod config;
mod deviations;
mod exact;
mod examples;
mod online;
mod site;
mod storefront;
mod template;
mod trees;
