use api::{ListingDetail, ListingSummary, Registry, Space, WorkspaceState};
use askama::Template;
use ui::{AgentFit, Facts, FindingsPanel, Flags, JsonPanel, VersionsPanel};

use crate::pages::context::{Frame, PageContext, Place, Theme};

/// A listing: warnings before the buttons, what it may do, versions, JSON as published.
#[derive(Template)]
#[template(path = "listing.html")]
pub(crate) struct ListingPage<'a> {
    frame: Frame<'a>,
    listing: &'a ListingSummary,
    contact: Option<&'a str>,
    obstacle: Option<String>,
    fits: Vec<AgentFit>,
    findings: FindingsPanel<'a>,
    versions: VersionsPanel<'a>,
    json: JsonPanel<'a>,
    facts: Facts,
}

impl<'a> ListingPage<'a> {
    /// `registry` is there while the listing has one.
    pub(crate) fn new(
        page: &'a PageContext<'a>,
        listing: &'a ListingDetail,
        registry: Option<&'a Registry>,
        space: &Space,
    ) -> Self {
        let contact = contact(registry);
        let summary = &listing.summary;
        Self {
            frame: Frame::new(page, Place::Registry),
            listing: summary,
            contact,
            obstacle: ui::install_obstacle(summary, space),
            fits: ui::agent_fits(summary, space),
            findings: FindingsPanel::new("findings", &summary.findings, contact),
            versions: VersionsPanel::new(listing),
            json: JsonPanel::new(listing),
            facts: Facts::new(listing),
        }
    }

    fn state(&self) -> Option<WorkspaceState> {
        Some(self.listing.installed.as_ref()?.state)
    }

    fn has_failed(&self) -> bool {
        self.state() == Some(WorkspaceState::Failed)
    }

    /// Without script the page asks again by itself while something is under way.
    fn is_busy(&self) -> bool {
        use WorkspaceState::{Pulling, Removing, Waiting};
        matches!(self.state(), Some(Pulling | Removing | Waiting))
    }

    fn page(&self) -> String {
        format!("/listings/{}", self.listing.id)
    }
}

/// The findings of a flagged listing, before it is installed.
#[derive(Template)]
#[template(path = "review.html")]
pub(crate) struct ReviewPage<'a> {
    frame: Frame<'a>,
    listing: &'a ListingSummary,
    contact: Option<&'a str>,
    flags: Flags<'a>,
}

impl<'a> ReviewPage<'a> {
    /// `registry` is there while the listing has one.
    pub(crate) fn new(
        page: &'a PageContext<'a>,
        listing: &'a ListingDetail,
        registry: Option<&'a Registry>,
    ) -> Self {
        let summary = &listing.summary;
        let details = format!("/listings/{}#findings", summary.id);
        Self {
            frame: Frame::new(page, Place::Registry),
            listing: summary,
            contact: contact(registry),
            flags: Flags::new(&summary.findings, usize::MAX, details),
        }
    }
}

fn contact(registry: Option<&Registry>) -> Option<&str> {
    ui::followable(registry?.contact_url.as_deref()?)
}
