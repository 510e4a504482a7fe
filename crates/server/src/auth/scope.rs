use std::fmt;
use std::str::FromStr;

/// What an API token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Read everything under `/api/v1`.
    Read,
    /// Change everything under `/api/v1`; includes `read`.
    Write,
    /// Be an agent.
    Agent,
    /// Pull images from `/v2/`.
    ImagesRead,
    /// Read `/metrics`.
    Metrics,
}

/// A text that names no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no scope `{0}`; there are: read, write, agent, images:read, metrics")]
pub struct UnknownScope(String);

impl Scope {
    /// Its name in commands and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Agent => "agent",
            Self::ImagesRead => "images:read",
            Self::Metrics => "metrics",
        }
    }

    /// Whether having this scope is enough where `wanted` is asked for.
    pub fn grants(self, wanted: Self) -> bool {
        self == wanted || (self == Self::Write && wanted == Self::Read)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        [
            Self::Read,
            Self::Write,
            Self::Agent,
            Self::ImagesRead,
            Self::Metrics,
        ]
        .into_iter()
        .find(|scope| scope.as_str() == text)
        .ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn write_includes_read_and_nothing_else_includes_anything() {
        assert!(Scope::Write.grants(Scope::Read));
        assert!(!Scope::Read.grants(Scope::Write));
        assert!(!Scope::Write.grants(Scope::Agent));
        assert!(!Scope::Agent.grants(Scope::Read));
        assert!(
            "images:read"
                .parse::<Scope>()
                .is_ok_and(|scope| scope == Scope::ImagesRead)
        );
        assert!("root".parse::<Scope>().is_err());
    }
}
