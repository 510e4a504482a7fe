//! What authors rely on when they publish.

mod authoring;
mod config;
mod deviations;
mod docs;
mod exact;
mod examples;
mod memory;
mod online;
mod schemas;
mod site;
mod storefront;
mod template;
mod trees;
