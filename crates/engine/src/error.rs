use std::fmt;

/// Why an engine could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct EngineError {
    /// The class of it.
    pub cause: Cause,
    /// Words on it, the engine's own where there are any.
    pub text: String,
}

impl EngineError {
    /// An error of a cause with words on it.
    pub fn new(cause: Cause, text: impl Into<String>) -> Self {
        Self {
            cause,
            text: text.into(),
        }
    }

    /// The answer of a pull that was cancelled.
    pub fn cancelled() -> Self {
        Self::new(Cause::Other, "the pull was cancelled")
    }

    /// The engine itself does not answer.
    pub fn unreachable(reason: impl fmt::Display) -> Self {
        Self::new(
            Cause::EngineUnreachable,
            format!("the engine does not answer: {reason}"),
        )
    }
}

/// The class of an [`EngineError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The image registry has no such image.
    NotFound,
    /// The image registry wants other credentials.
    Denied,
    /// The image registry asks to come back later.
    RateLimited,
    /// The image registry's name does not resolve.
    NameNotResolved,
    /// The image registry does not answer, or broke off.
    TimedOut,
    /// The image has no variant for this host.
    WrongArchitecture,
    /// The disk is full.
    NoSpace,
    /// The bytes are not those that were promised.
    DigestMismatch,
    /// The engine does not answer.
    EngineUnreachable,
    /// The address guard refused.
    RefusedByPolicy,
    /// Something else; the text says what.
    Other,
}
