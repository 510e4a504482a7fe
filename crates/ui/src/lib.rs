#![doc = include_str!("../README.md")]

mod assets;
mod edit_form;
mod findings;
mod format;
mod glyph;
mod initials;
mod json_text;
mod links;
mod listing;
mod prose;
mod published;
mod shop_tile;
mod tile;
mod words;

pub use assets::{ASSETS, Asset, LOGO};
pub use edit_form::EditForm;
pub use findings::{Flags, HELP};
pub use format::{
    age, bytes, bytes_left, date, duration_ms, megabytes, minute, percent, plural, short_digest,
    timestamp,
};
pub use glyph::Glyph;
pub use initials::initials;
pub use json_text::{JsonView, lay_out};
pub use links::followable;
pub use listing::{Facts, FindingsPanel, JsonPanel, VersionsPanel};
pub use prose::{Prose, phrase, plain, prose, sentence};
pub use published::Published;
pub use shop_tile::ShopTile;
pub use tile::{AgentFit, Tile, TileState, agent_fits, install_obstacle};
pub use words::{
    Mark, NOT_STARTED, cause_name, contact_mark, engine_name, finding_words, placement_mark,
    step_failed, step_name, unfit_reason, workspace_mark,
};
