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
pub use render::{
    Sources, Tool, ToolRule, render_concise, render_full, render_github, render_gitlab,
    render_json, render_sarif,
};
