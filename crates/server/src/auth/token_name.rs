use std::fmt;
use std::str::FromStr;

/// What an administrator calls a token; an agent's token gives its name to the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenName(String);

/// The longest name, characters.
const LONGEST: usize = 100;

/// A text that is no name of a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenNameError {
    /// Nothing, or nothing that could be seen.
    #[error("a token needs a name that says what it is for, such as that of the agent's host")]
    Empty,
    /// Longer than anybody wants to read.
    #[error("a token's name has at most {LONGEST} characters")]
    TooLong,
    /// Signs that are no letters, such as a line end.
    #[error("a token's name has no control characters")]
    NotPrintable,
}

impl TokenName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for TokenName {
    type Err = TokenNameError;

    fn from_str(text: &str) -> Result<Self, TokenNameError> {
        let name = text.trim();
        if name.is_empty() {
            Err(TokenNameError::Empty)
        } else if name.chars().count() > LONGEST {
            Err(TokenNameError::TooLong)
        } else if name.chars().any(char::is_control) {
            Err(TokenNameError::NotPrintable)
        } else {
            Ok(Self(name.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_read() {
        let name: TokenName = " docker host 2 ".parse().unwrap();
        assert_eq!(name.as_str(), "docker host 2");
        for (text, expected) in [
            ("", TokenNameError::Empty),
            (" \t", TokenNameError::Empty),
            (&"a".repeat(101), TokenNameError::TooLong),
            ("a\nb", TokenNameError::NotPrintable),
        ] {
            assert_eq!(text.parse::<TokenName>(), Err(expected), "{text:?}");
        }
    }
}
