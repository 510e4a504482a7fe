#![doc = include_str!("../README.md")]

mod code;
mod diagnostic;
mod fix;
mod position;
mod render;

pub use code::Code;
pub use diagnostic::{Diagnostic, Severity};
pub use fix::{Edit, Fix, apply};
pub use position::{Position, Span, position};
pub use render::{Sources, render_concise, render_full, render_json};
