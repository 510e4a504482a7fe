use api::{AgentContact, Cause, EngineKind, Finding, PlacementState, Step, Unfit, WorkspaceState};

use crate::Glyph;

/// A state as pages show it: a shape and a word; the colour only helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Value of `data-state`, which chooses the colour.
    pub tone: &'static str,
    /// The shape.
    pub glyph: Glyph,
    /// The word.
    pub word: &'static str,
}

const fn mark(tone: &'static str, glyph: Glyph, word: &'static str) -> Mark {
    Mark { tone, glyph, word }
}

/// A workspace's state.
pub const fn workspace_mark(state: WorkspaceState) -> Mark {
    match state {
        WorkspaceState::Removing => mark("busy", Glyph::Busy, "Removing"),
        WorkspaceState::Failed => mark("failed", Glyph::Fail, "Failed"),
        WorkspaceState::Pulling => mark("busy", Glyph::Busy, "Pulling"),
        WorkspaceState::Waiting => mark("busy", Glyph::Wait, "Waiting"),
        WorkspaceState::Ready => mark("ready", Glyph::Done, "Ready"),
        WorkspaceState::NoAgentFits => mark("late", Glyph::Warn, "No agent fits"),
    }
}

/// A placement's state.
pub const fn placement_mark(state: PlacementState) -> Mark {
    match state {
        PlacementState::Waiting => mark("busy", Glyph::Wait, "Waiting"),
        PlacementState::Pulling => mark("busy", Glyph::Busy, "Pulling"),
        PlacementState::Ready => mark("ready", Glyph::Done, "Ready"),
        PlacementState::Failed => mark("failed", Glyph::Fail, "Failed"),
        PlacementState::Removing => mark("busy", Glyph::Busy, "Removing"),
    }
}

/// A placement whose workspace failed before any agent was asked.
pub const NOT_STARTED: Mark = mark("offline", Glyph::Off, "Not started");

/// Whether an agent is heard of.
pub const fn contact_mark(contact: AgentContact) -> Mark {
    match contact {
        AgentContact::Online => mark("ready", Glyph::Done, "Online"),
        AgentContact::Late => mark("late", Glyph::Warn, "Late"),
        AgentContact::Offline => mark("offline", Glyph::Off, "Offline"),
    }
}

/// What holds images, by its name.
pub const fn engine_name(engine: EngineKind) -> &'static str {
    match engine {
        EngineKind::Docker => "Docker Engine",
        EngineKind::Store => "Built-in store",
    }
}

/// Why a placement failed, in a few words.
pub const fn cause_name(cause: Cause) -> &'static str {
    match cause {
        Cause::NotFound => "Image not found",
        Cause::Denied => "Access to the image denied",
        Cause::RateLimited => "Asked too often",
        Cause::NameNotResolved => "Host not found",
        Cause::TimedOut => "No answer in time",
        Cause::WrongArchitecture => "Not made for this host",
        Cause::NoSpace => "Disk full",
        Cause::DigestMismatch => "Bytes do not match",
        Cause::EngineUnreachable => "Engine does not answer",
        Cause::RefusedByPolicy => "Address refused",
        Cause::Other => "Engine reported an error",
    }
}

/// A step of reading a registry.
pub const fn step_name(step: Step) -> &'static str {
    match step {
        Step::Address => "Address",
        Step::Dns => "Name",
        Step::Connection => "Connection",
        Step::Tls => "TLS",
        Step::Versions => "Versions",
        Step::List => "List",
        Step::Schema => "Schema",
        Step::Listings => "Listings",
        Step::Icons => "Icons",
    }
}

/// That a step of reading a registry failed, in a few words.
pub const fn step_failed(step: Step) -> &'static str {
    match step {
        Step::Address => "Address refused",
        Step::Dns => "Name not found",
        Step::Connection => "Not reachable",
        Step::Tls => "TLS failed",
        Step::Versions => "Versions failed",
        Step::List => "List failed",
        Step::Schema => "Schema failed",
        Step::Listings => "Listings failed",
        Step::Icons => "Icons failed",
    }
}

/// Why a listing does not fit, in a few words.
pub fn unfit_reason(unfit: &Unfit) -> String {
    match unfit {
        Unfit::Version { version } => format!("Not made for version {version}"),
        Unfit::Channel { channel } => format!("Not in the channel {channel}"),
        Unfit::Architecture => "Made for another architecture".to_owned(),
        Unfit::Image { detail } => format!("Its image cannot be used: {detail}"),
    }
}

/// What a finding means, as the heading of its entry.
pub fn finding_words(finding: &Finding) -> String {
    match finding.id.as_str() {
        "user_error" => "Runs as another user than 1000".to_owned(),
        "privilege" => "Runs in privileged mode".to_owned(),
        _ => format!("Sets {}", finding.property),
    }
}
