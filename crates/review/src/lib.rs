#![doc = include_str!("../README.md")]

mod finding;
mod properties;
mod review;
mod rules;

pub use finding::{Finding, FindingId, Section};
pub use review::review;
