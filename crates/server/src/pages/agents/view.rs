use std::borrow::Cow;

use api::{Agent, AgentImage};
use askama::Template;
use time::OffsetDateTime;
use url::Url;

use crate::config::is_loopback;
use crate::pages::context::{Frame, PageContext, Place, Theme};

/// Hosts with an engine.
#[derive(Template)]
#[template(path = "agents.html")]
pub(crate) struct AgentsPage<'a> {
    frame: Frame<'a>,
    cards: Vec<AgentCard<'a>>,
    join: Join<'a>,
}

impl<'a> AgentsPage<'a> {
    /// `address` is what people type, and what a new agent shall connect to.
    pub(crate) fn new(page: &'a PageContext<'a>, agents: &'a [Agent], address: &'a Url) -> Self {
        Self {
            frame: Frame::new(page, Place::Agents),
            cards: cards(page, agents),
            join: Join::new(address),
        }
    }
}

/// How another host's agent gets here.
struct Join<'a> {
    address: &'a str,
    /// Whether only this host reaches the address.
    is_here_only: bool,
    /// Whether tokens travel in the clear.
    is_open: bool,
}

impl<'a> Join<'a> {
    fn new(address: &'a Url) -> Self {
        Self {
            address: address.as_str(),
            is_here_only: address.host().is_some_and(|host| is_loopback(&host)),
            is_open: address.scheme() == "http",
        }
    }

    fn command(&self) -> String {
        match (self.is_here_only, self.is_open) {
            (true, _) => "quayside agent --server https://SERVER/ --token-file token".to_owned(),
            (false, false) => {
                format!(
                    "quayside agent --server {} --token-file token",
                    self.address
                )
            }
            (false, true) => format!(
                "quayside agent --server {} --insecure-http --token-file token",
                self.address
            ),
        }
    }
}

/// The cards alone.
#[derive(Template)]
#[template(path = "agents-fragment.html")]
pub(crate) struct AgentsFragment<'a> {
    cards: Vec<AgentCard<'a>>,
}

impl<'a> AgentsFragment<'a> {
    pub(crate) fn new(page: &'a PageContext<'a>, agents: &'a [Agent]) -> Self {
        Self {
            cards: cards(page, agents),
        }
    }
}

fn cards<'a>(page: &PageContext<'_>, agents: &'a [Agent]) -> Vec<AgentCard<'a>> {
    let card = |agent| AgentCard {
        agent,
        now: page.now,
    };
    agents.iter().map(card).collect()
}

struct AgentCard<'a> {
    agent: &'a Agent,
    now: OffsetDateTime,
}

impl AgentCard<'_> {
    /// Part of the disk in use, in percent.
    fn used(&self) -> u8 {
        self.agent.disk.as_ref().map_or(0, |disk| {
            let used = disk.total_bytes.saturating_sub(disk.free_bytes);
            ui::percent(used, disk.total_bytes)
        })
    }

    fn images(&self) -> String {
        let images = &self.agent.images;
        let bytes: u64 = images.iter().map(|image| image.size_bytes).sum();
        match images.len() {
            0 => "none".to_owned(),
            count => format!(
                "{}, {}",
                ui::plural(count as u64, "image"),
                ui::bytes(bytes)
            ),
        }
    }

    fn image_name(image: &AgentImage) -> Cow<'_, str> {
        match (image.references.first(), image.digests.first()) {
            (Some(reference), _) => reference.into(),
            (None, Some(digest)) => digest.to_string().into(),
            (None, None) => "without a name".into(),
        }
    }
}
