use std::fmt;

use serde::Serialize;

/// The name of a kind of diagnostic, in kebab-case: `icon-not-found`.
///
/// It names the bad state and reads well as "allow `code`". A code is never reused for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Code(&'static str);

impl Code {
    /// Takes a code; one that is not kebab-case does not compile in a constant.
    pub const fn new(text: &'static str) -> Self {
        assert!(
            is_kebab_case(text.as_bytes()),
            "a code is lower-case words joined by single hyphens"
        );
        Self(text)
    }

    /// The code as text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

const fn is_kebab_case(text: &[u8]) -> bool {
    let mut index = 0;
    let mut after_hyphen = true;
    while index < text.len() {
        match text[index] {
            b'a'..=b'z' => after_hyphen = false,
            b'0'..=b'9' if index > 0 && !after_hyphen => {}
            b'-' if !after_hyphen => after_hyphen = true,
            _ => return false,
        }
        index += 1;
    }
    !after_hyphen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_kebab_case() {
        for good in ["a", "icon-not-found", "sha256-differs"] {
            assert!(is_kebab_case(good.as_bytes()), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "Icon", "icon_not_found", "1a", "é"] {
            assert!(!is_kebab_case(bad.as_bytes()), "{bad}");
        }
    }
}
