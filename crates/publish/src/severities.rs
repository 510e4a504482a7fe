use std::collections::BTreeMap;

use diagnostics::{Code, Severity};

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
