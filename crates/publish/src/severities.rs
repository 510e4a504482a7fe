use std::collections::BTreeMap;

use diagnostics::{Code, Severity};

use crate::nearest::nearest;

/// How bad each diagnostic is to this registry, where its rule says otherwise: the table `[severity]` of
/// `registry.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Severities(BTreeMap<Code, Level>);

/// What `registry.toml` can say of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Report nothing.
    Allow,
    /// Report with this severity.
    Report(Severity),
}

impl Level {
    /// The words that stand for levels.
    pub const WORDS: [&str; 4] = ["error", "warning", "note", "allow"];

    /// The level of that word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "error" => Some(Self::Report(Severity::Error)),
            "warning" => Some(Self::Report(Severity::Warning)),
            "note" => Some(Self::Report(Severity::Note)),
            "allow" => Some(Self::Allow),
            _ => None,
        }
    }
}

impl Level {
    /// The word that somebody may have meant by another one.
    pub(crate) fn nearest(word: &str) -> Option<&'static str> {
        let word = word.trim().to_lowercase();
        match word.as_str() {
            "err" | "fatal" | "critical" | "deny" | "forbid" | "fail" => Some("error"),
            "warn" => Some("warning"),
            "info" | "hint" | "notice" | "minor" => Some("note"),
            "off" | "none" | "ignore" | "silent" | "skip" | "false" => Some("allow"),
            word => nearest(word, Self::WORDS),
        }
    }
}

impl Severities {
    /// Sets the level of a code.
    pub fn set(&mut self, code: Code, level: Level) {
        self.0.insert(code, level);
    }

    /// The severity to report a code with; nothing if it is allowed.
    pub(crate) fn of(&self, code: Code, severity: Severity) -> Option<Severity> {
        match self.0.get(&code) {
            None => Some(severity),
            Some(Level::Report(severity)) => Some(*severity),
            Some(Level::Allow) => None,
        }
    }
}
