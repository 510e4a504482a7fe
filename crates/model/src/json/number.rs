use std::fmt;

/// A number as it was written.
///
/// The text is kept because a double cannot hold all of it: `9007199254740993` is only rounded when it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number {
    text: Box<str>,
}

/// Integers up to this size are exact in JavaScript.
const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;

impl Number {
    /// The text as it was written.
    pub fn as_written(&self) -> &str {
        &self.text
    }

    /// The nearest double; too large numbers become infinite.
    pub fn as_f64(&self) -> f64 {
        self.text.parse().unwrap_or(f64::NAN)
    }

    /// The integer, if it is one and not negative; `2.0` and `2e3` are integers too.
    pub fn as_u64(&self) -> Option<u64> {
        self.text.parse().ok().or_else(|| {
            self.as_exact_integer()
                .and_then(|value| value.try_into().ok())
        })
    }

    /// The integer, if it is one; `2.0` and `2e3` are integers too.
    pub fn as_i64(&self) -> Option<i64> {
        self.text.parse().ok().or_else(|| self.as_exact_integer())
    }

    /// The number as JavaScript prints it, `null` if it is infinite.
    pub fn to_javascript(&self) -> String {
        print(self.as_f64())
    }

    pub(crate) fn from_f64(value: f64) -> Option<Self> {
        value.is_finite().then(|| Self::from_text(&print(value)))
    }

    /// Wraps text that the reader has checked.
    pub(crate) fn from_text(text: &str) -> Self {
        Self { text: text.into() }
    }

    fn as_exact_integer(&self) -> Option<i64> {
        let value = self.as_f64();
        (value.fract() == 0.0 && value.abs() <= EXACT_INTEGERS).then_some(value as i64)
    }
}

/// Prints a double as `JSON.stringify` does.
fn print(value: f64) -> String {
    if !value.is_finite() {
        return "null".to_owned();
    }
    if value == 0.0 {
        // JavaScript drops the sign of zero.
        return "0".to_owned();
    }
    ryu_js::Buffer::new().format_finite(value).to_owned()
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self::from_text(&value.to_string())
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::from_text(&value.to_string())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
