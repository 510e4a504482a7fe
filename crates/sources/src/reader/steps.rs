use std::{fmt, time::Duration};

use tokio::time::Instant;

use super::ReadFailure;

/// A step of reading a registry, in the order they happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The address is one that can be asked.
    Address,
    /// The host's name resolves; not told of an address without a name.
    Dns,
    /// The host answers.
    Connection,
    /// TLS came about; not told of http.
    Tls,
    /// `versions.txt` names folders, or there is none.
    Versions,
    /// A `list.json` was found and received whole.
    List,
    /// It is JSON of a form that is understood.
    Schema,
    /// It has listings that can be used.
    Listings,
    /// Icons were received; told by whoever fetches them.
    Icons,
}

impl Step {
    /// The step in one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Dns => "dns",
            Self::Connection => "connection",
            Self::Tls => "tls",
            Self::Versions => "versions",
            Self::List => "list",
            Self::Schema => "schema",
            Self::Listings => "listings",
            Self::Icons => "icons",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Usable, with something to tell.
    Warned,
    /// It ends here.
    Failed,
}

/// A step that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepReport {
    /// Which one.
    pub step: Step,
    /// How it ended.
    pub outcome: Outcome,
    /// What was found.
    pub detail: String,
    /// What to try where it failed or warned.
    pub hint: Option<String>,
    /// How long it took.
    pub duration: Duration,
}

/// Tells steps with the time since the one before.
pub(crate) struct Steps<'r> {
    report: &'r mut (dyn FnMut(StepReport) + Send),
    since: Instant,
}

impl<'r> Steps<'r> {
    pub(crate) fn new(report: &'r mut (dyn FnMut(StepReport) + Send)) -> Self {
        Self {
            report,
            since: Instant::now(),
        }
    }

    pub(crate) fn passed(&mut self, step: Step, detail: impl Into<String>) {
        self.tell(step, Outcome::Passed, detail.into(), None);
    }

    pub(crate) fn warned(&mut self, step: Step, detail: impl Into<String>, hint: Option<String>) {
        self.tell(step, Outcome::Warned, detail.into(), hint);
    }

    pub(crate) fn failed(&mut self, failure: &ReadFailure) {
        let ReadFailure {
            step, detail, hint, ..
        } = failure;
        self.tell(*step, Outcome::Failed, detail.clone(), hint.clone());
    }

    fn tell(&mut self, step: Step, outcome: Outcome, detail: String, hint: Option<String>) {
        let now = Instant::now();
        (self.report)(StepReport {
            step,
            outcome,
            detail,
            hint,
            duration: now - self.since,
        });
        self.since = now;
    }
}
