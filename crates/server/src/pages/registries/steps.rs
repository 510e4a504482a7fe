use api::{HealthState, Outcome, Registry, Step, StepReport};
use url::Url;

const ORDER: [Step; 9] = [
    Step::Address,
    Step::Dns,
    Step::Connection,
    Step::Tls,
    Step::Versions,
    Step::List,
    Step::Schema,
    Step::Listings,
    Step::Icons,
];

/// The steps of reading a registry, those not reached included.
#[derive(Debug)]
pub(crate) struct Steps {
    pub(crate) lines: Vec<StepLine>,
    /// Without a frame of its own, inside a panel.
    pub(crate) is_bare: bool,
    /// There, but only for script to fill.
    pub(crate) is_hidden: bool,
}

/// One step.
#[derive(Debug)]
pub(crate) struct StepLine {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    /// Value of `data-step`.
    pub(crate) state: &'static str,
    pub(crate) detail: String,
    pub(crate) hint: Option<String>,
    pub(crate) duration_ms: Option<u64>,
    /// Left out of this run, such as TLS where the address is http.
    pub(crate) is_left_out: bool,
}

impl StepLine {
    fn new(step: Step, state: &'static str, detail: impl Into<String>) -> Self {
        Self {
            key: key(step),
            name: ui::step_name(step),
            state,
            detail: detail.into(),
            hint: None,
            duration_ms: None,
            is_left_out: false,
        }
    }

    fn left_out(step: Step) -> Self {
        Self {
            is_left_out: true,
            ..Self::new(step, "waiting", "")
        }
    }

    /// The state in words, for those who do not see the shape.
    pub(crate) fn word(&self) -> &'static str {
        match self.state {
            "done" => "done",
            "late" => "with remarks",
            "failed" => "failed",
            _ => "not reached",
        }
    }
}

impl Steps {
    /// The steps of a check that just ran; none of them yet if `reports` is empty.
    pub(crate) fn of_reports(reports: &[StepReport]) -> Self {
        let over_http = reports
            .iter()
            .any(|report| report.step == Step::Address && report.detail.starts_with("http:"));
        let lines = ORDER.map(|step| {
            let Some(report) = reports.iter().rev().find(|report| report.step == step) else {
                let is_passed = reports.iter().any(|report| report.step > step);
                return if is_passed || (step == Step::Tls && over_http) {
                    StepLine::left_out(step)
                } else {
                    StepLine::new(step, "waiting", "")
                };
            };
            let state = match report.outcome {
                Outcome::Passed => "done",
                Outcome::Warned => "late",
                Outcome::Failed => "failed",
            };
            StepLine {
                hint: report.hint.clone(),
                duration_ms: Some(report.duration_ms),
                ..StepLine::new(step, state, &report.detail)
            }
        });
        Self {
            lines: lines.into(),
            is_bare: false,
            is_hidden: reports.is_empty(),
        }
    }

    /// What is known of the last run over `registry`.
    pub(crate) fn of_registry(registry: &Registry) -> Self {
        let health = &registry.health;
        let url = Url::parse(&registry.url).ok();
        let has_name = url.as_ref().is_some_and(|url| url.domain().is_some());
        let has_tls = url.as_ref().is_some_and(|url| url.scheme() == "https");
        let lines = ORDER.map(|step| {
            if (step == Step::Dns && !has_name) || (step == Step::Tls && !has_tls) {
                return StepLine::left_out(step);
            }
            let failed_at = health.step.filter(|_| health.state == HealthState::Failing);
            match failed_at {
                Some(failed) if step == failed => StepLine {
                    hint: health.hint.clone(),
                    ..StepLine::new(step, "failed", health.detail.clone().unwrap_or_default())
                },
                Some(failed) if step > failed => StepLine::new(step, "waiting", "Not reached"),
                None if health.state == HealthState::Failing => {
                    StepLine::new(step, "waiting", "Not reached")
                }
                _ if health.state == HealthState::Loading => {
                    StepLine::new(step, "waiting", "Being read")
                }
                _ => done(step, registry),
            }
        });
        Self {
            lines: lines.into(),
            is_bare: true,
            is_hidden: false,
        }
    }
}

fn done(step: Step, registry: &Registry) -> StepLine {
    let aside = registry.set_aside.len() as u64;
    match step {
        Step::Address => StepLine::new(step, "done", &registry.url),
        Step::Versions => match registry.folder.as_deref() {
            Some("") => StepLine::new(step, "done", "The list lies at the address itself"),
            Some(folder) => StepLine::new(step, "done", format!("The folder {folder} is read")),
            None => StepLine::new(step, "done", ""),
        },
        Step::Schema => {
            let form = registry.schema.as_deref().unwrap_or("unknown");
            if aside == 0 {
                StepLine::new(step, "done", format!("Form {form}"))
            } else {
                let entries = ui::plural(aside, "entry");
                StepLine::new(step, "late", format!("Form {form}; {entries} set aside"))
            }
        }
        Step::Listings if registry.health.state == HealthState::Empty => {
            StepLine::new(step, "late", "It offers no workspaces")
        }
        Step::Listings => StepLine::new(
            step,
            "done",
            ui::plural(registry.listing_count, "workspace"),
        ),
        Step::Dns | Step::Connection | Step::Tls | Step::List | Step::Icons => {
            StepLine::new(step, "done", "Passed")
        }
    }
}

/// The step's name in the API.
const fn key(step: Step) -> &'static str {
    match step {
        Step::Address => "address",
        Step::Dns => "dns",
        Step::Connection => "connection",
        Step::Tls => "tls",
        Step::Versions => "versions",
        Step::List => "list",
        Step::Schema => "schema",
        Step::Listings => "listings",
        Step::Icons => "icons",
    }
}
