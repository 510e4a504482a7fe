use api::{ListingSummary, Space, WorkspaceState};
use askama::Template;
use askama::filters::HtmlSafe;

use crate::{Flags, bytes, bytes_left, cause_name, megabytes, unfit_reason};

/// Findings on a tile's turned side and agents below them; the listing's page has all.
const SHORT: usize = 3;

/// Findings in the panel behind the triangle.
const LONG: usize = 12;

/// A listing in the grid: it turns from name and state to description and buttons.
///
/// Its buttons belong to the form `act` of the page, which carries what every change needs.
#[derive(Debug, Clone, Template)]
#[template(path = "tile.html")]
pub struct Tile<'a> {
    listing: &'a ListingSummary,
    /// Address of the publisher's contact, for the panel of warnings.
    contact: Option<&'a str>,
    state: TileState,
    fits: Vec<AgentFit>,
    /// Why Install is off.
    obstacle: Option<String>,
}

/// What a tile shows in its foot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TileState {
    /// Not installed.
    Plain,
    /// Not installed, and it does not fit: why.
    Unfit(String),
    /// Installed and ready; a word where that is not so on every agent.
    Installed(Option<String>),
    /// Under way: in words, and in percent while layers arrive.
    Busy {
        /// What happens.
        words: &'static str,
        /// How much is done.
        percent: Option<u8>,
    },
    /// It failed: why, and what to do.
    Failed {
        /// In a few words.
        name: &'static str,
        /// One line; empty where there is no more to say.
        sentence: String,
        /// What to try.
        hint: Option<&'static str>,
    },
}

impl TileState {
    /// Tells the state of `listing` from what is installed of it.
    pub fn of(listing: &ListingSummary) -> Self {
        let Some(installed) = &listing.installed else {
            return match &listing.unfit {
                Some(unfit) => Self::Unfit(unfit_reason(unfit)),
                None => Self::Plain,
            };
        };
        match installed.state {
            WorkspaceState::Ready => Self::Installed(installed.detail.clone()),
            WorkspaceState::Removing => Self::busy("Removing", None),
            WorkspaceState::Waiting => Self::busy("Waiting for its agent", Some(0)),
            WorkspaceState::Pulling => {
                Self::busy("Installing", Some(installed.percent.unwrap_or(0)))
            }
            WorkspaceState::NoAgentFits => Self::Failed {
                name: "No agent fits",
                sentence: String::new(),
                hint: Some("It is installed as soon as one that fits connects."),
            },
            WorkspaceState::Failed => Self::Failed {
                name: installed.cause.map_or("Failed", cause_name),
                sentence: installed
                    .detail
                    .clone()
                    .or_else(|| installed.cause.map(|cause| cause.sentence().to_owned()))
                    .unwrap_or_default(),
                hint: installed.cause.map(api::Cause::hint),
            },
        }
    }

    const fn busy(words: &'static str, percent: Option<u8>) -> Self {
        Self::Busy { words, percent }
    }

    /// Value of `data-state`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Plain => "normal",
            Self::Unfit(_) => "unfit",
            Self::Installed(_) => "installed",
            Self::Busy { .. } => "installing",
            Self::Failed { .. } => "failed",
        }
    }
}

/// What installing a listing would mean on one agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentFit {
    /// The agent's name.
    pub agent: String,
    /// Whether it can hold the image.
    pub fits: bool,
    /// What is needed, or why it cannot.
    pub need: String,
    /// What stays free; empty where that cannot be told.
    pub after: String,
}

/// What installing `listing` would mean on every agent.
pub fn agent_fits(listing: &ListingSummary, space: &Space) -> Vec<AgentFit> {
    let size = listing
        .uncompressed_size_mb
        .map(|size| size.saturating_mul(1_000_000));
    space
        .agents
        .iter()
        .map(|agent| {
            let name = agent.name.clone();
            if !listing.architectures.is_empty()
                && !listing.architectures.contains(&agent.architecture)
            {
                return AgentFit {
                    agent: name,
                    fits: false,
                    need: format!("no image for {}", agent.architecture),
                    after: String::new(),
                };
            }
            let left = agent
                .after_bytes
                .zip(size)
                .map(|(after, size)| after.saturating_sub_unsigned(size));
            let after = match (left, agent.free_bytes) {
                (Some(left), _) if left < 0 => format!("{} short", bytes(left.unsigned_abs())),
                (Some(left), _) => format!("{} free after", bytes_left(left)),
                (None, Some(free)) => format!("{} free now", bytes(free)),
                (None, None) => "free space unknown".to_owned(),
            };
            AgentFit {
                agent: name,
                fits: left.is_none_or(|left| left >= 0),
                need: size.map_or_else(
                    || "size unknown".to_owned(),
                    |size| format!("needs {}", bytes(size)),
                ),
                after,
            }
        })
        .collect()
}

/// Why `listing` cannot be installed here, if so.
pub fn install_obstacle(listing: &ListingSummary, space: &Space) -> Option<String> {
    if listing.withdrawn {
        return Some("Its registry no longer offers it".to_owned());
    }
    if let Some(unfit) = &listing.unfit {
        return Some(unfit_reason(unfit));
    }
    if space.agents.is_empty() {
        return Some("No agent is connected yet".to_owned());
    }
    let has_place = listing.architectures.is_empty()
        || space
            .agents
            .iter()
            .any(|agent| listing.architectures.contains(&agent.architecture));
    (!has_place).then(|| "No agent has an architecture it is made for".to_owned())
}

impl<'a> Tile<'a> {
    /// Shows `listing`, with what it would need on the agents of `space`.
    pub fn new(listing: &'a ListingSummary, contact: Option<&'a str>, space: &Space) -> Self {
        Self {
            listing,
            contact: contact.and_then(crate::followable),
            state: TileState::of(listing),
            fits: agent_fits(listing, space),
            obstacle: install_obstacle(listing, space),
        }
    }

    fn size(&self) -> Option<String> {
        self.listing.uncompressed_size_mb.map(megabytes)
    }

    fn kind(&self) -> String {
        let architectures = self.listing.architectures.join(" ");
        match self.listing.categories.first() {
            Some(category) if architectures.is_empty() => category.clone(),
            Some(category) => format!("{architectures} · {category}"),
            None => architectures,
        }
    }

    const fn is_ready(&self) -> bool {
        matches!(self.state, TileState::Installed(_))
    }

    fn page(&self) -> String {
        format!("/listings/{}", self.listing.id)
    }

    fn flags(&self, limit: usize) -> Flags<'a> {
        Flags::new(&self.listing.findings, limit, self.page())
    }

    fn short_fits(&self) -> &[AgentFit] {
        &self.fits[..self.fits.len().min(SHORT)]
    }

    fn more_fits(&self) -> usize {
        self.fits.len().saturating_sub(SHORT)
    }
}

impl HtmlSafe for Tile<'_> {}

#[cfg(test)]
mod tests;
