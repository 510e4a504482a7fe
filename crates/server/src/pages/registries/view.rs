use api::{HealthState, ListingSummary, Problem, Registry, Step, StepReport, Workspace};
use askama::Template;
use serde::Deserialize;
use ui::{Glyph, Mark};

use super::steps::Steps;
use crate::pages::context::{Frame, PageContext, Place, Theme};
use crate::pages::registry::health;

/// The table of all registries.
#[derive(Template)]
#[template(path = "registries.html")]
pub(crate) struct RegistriesPage<'a> {
    frame: Frame<'a>,
    rows: Vec<&'a Registry>,
    total: usize,
    search: &'a str,
}

impl<'a> RegistriesPage<'a> {
    /// Those of `registries` that have all words of `search` in name or address.
    pub(crate) fn new(
        page: &'a PageContext<'a>,
        registries: &'a [Registry],
        search: &'a str,
    ) -> Self {
        let folded = search.to_lowercase();
        let has_words = |registry: &&Registry| {
            let text = format!("{} {}", registry.name, registry.url).to_lowercase();
            folded.split_whitespace().all(|word| text.contains(word))
        };
        Self {
            frame: Frame::new(page, Place::Registry),
            rows: registries.iter().filter(has_words).collect(),
            total: registries.len(),
            search,
        }
    }

    fn count(&self) -> String {
        if self.rows.len() == self.total {
            ui::plural(self.total as u64, "registry")
        } else {
            format!("{} of {}", self.rows.len(), self.total)
        }
    }

    fn mark(registry: &Registry) -> Mark {
        let (tone, glyph, word) = match registry.health.state {
            HealthState::Loading => ("busy", Glyph::Busy, "Being read"),
            HealthState::Ok => ("ready", Glyph::Done, "Good"),
            HealthState::Empty => ("late", Glyph::Warn, "Empty"),
            HealthState::Failing => ("failed", Glyph::Fail, "Failing"),
        };
        Mark { tone, glyph, word }
    }
}

/// The fields of the form that adds a registry, as a person typed them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AddForm {
    /// Address as pasted.
    pub(crate) url: String,
    /// For a registry behind basic authentication.
    pub(crate) username: String,
    /// Never shown again.
    pub(crate) password: String,
    /// `on` where it shall be stored even if it cannot be read.
    pub(crate) keep: String,
}

impl AddForm {
    /// Whether it shall be stored even if it cannot be read.
    pub(crate) fn keeps(&self) -> bool {
        self.keep == "on"
    }
}

/// Add a registry, with the steps of reading it.
#[derive(Template)]
#[template(path = "add-registry.html")]
pub(crate) struct AddRegistry<'a> {
    frame: Frame<'a>,
    form: &'a AddForm,
    steps: Steps,
    problem: Option<&'a Problem>,
    first_party_gone: Option<&'a str>,
}

impl<'a> AddRegistry<'a> {
    /// The form as typed, the steps if it was checked, and why it was refused.
    pub(crate) fn new(
        page: &'a PageContext<'a>,
        form: &'a AddForm,
        steps: &[StepReport],
        problem: Option<&'a Problem>,
        first_party_gone: Option<&'a str>,
    ) -> Self {
        Self {
            frame: Frame::new(page, Place::Registry),
            form,
            steps: Steps::of_reports(steps),
            problem,
            first_party_gone,
        }
    }

    /// The problem, unless a step tells it already.
    fn problem_beside_steps(&self) -> Option<&'a Problem> {
        let has_failed = self.steps.lines.iter().any(|line| line.state == "failed");
        self.problem.filter(|_| !has_failed)
    }

    /// Only after a failure that time may heal: not of the address itself, nor of what is there already.
    fn offers_to_keep(&self) -> bool {
        let failed = self.steps.lines.iter().find(|line| line.state == "failed");
        match (failed, self.problem) {
            (Some(line), _) => line.key != "address",
            (None, Some(problem)) => problem.step.is_some_and(|step| step != Step::Address),
            (None, None) => self.form.keeps(),
        }
    }

    /// Whether credentials belong to what is wrong; then their fields are shown.
    fn is_about_credentials(&self) -> bool {
        let failed = self.steps.lines.iter().find(|line| line.state == "failed");
        failed
            .map(|line| line.detail.as_str())
            .or_else(|| Some(self.problem?.detail.as_str()))
            .is_some_and(|detail| detail.contains("user name"))
    }
}

/// One registry: how reading it went, what was set aside, settings.
#[derive(Template)]
#[template(path = "registry-detail.html")]
pub(crate) struct RegistryDetail<'a> {
    frame: Frame<'a>,
    registry: &'a Registry,
    unfit: &'a [ListingSummary],
    steps: Steps,
    health: String,
}

impl<'a> RegistryDetail<'a> {
    /// `unfit` are its listings that do not fit here.
    pub(crate) fn new(
        page: &'a PageContext<'a>,
        registry: &'a Registry,
        unfit: &'a [ListingSummary],
    ) -> Self {
        Self {
            frame: Frame::new(page, Place::Registry),
            registry,
            unfit,
            steps: Steps::of_registry(registry),
            health: health(registry, page.now),
        }
    }

    fn site(&self) -> Option<&'a str> {
        self.registry.site_url.as_deref().and_then(ui::followable)
    }

    fn contact(&self) -> Option<&'a str> {
        self.registry
            .contact_url
            .as_deref()
            .and_then(ui::followable)
    }
}

/// Asks once before a registry is removed.
#[derive(Template)]
#[template(path = "remove-registry.html")]
pub(crate) struct RemoveRegistry<'a> {
    frame: Frame<'a>,
    registry: &'a Registry,
    staying: &'a [Workspace],
}

impl<'a> RemoveRegistry<'a> {
    /// `staying` are the workspaces installed from it.
    pub(crate) const fn new(
        page: &'a PageContext<'a>,
        registry: &'a Registry,
        staying: &'a [Workspace],
    ) -> Self {
        Self {
            frame: Frame::new(page, Place::Registry),
            registry,
            staying,
        }
    }
}
