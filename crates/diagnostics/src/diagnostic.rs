use std::fmt;

use serde::Serialize;

use crate::{Code, Fix, Span};

/// One thing that is wrong, or worth a look, in what somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of thing it is.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, where, and with which name; makes sense alone.
    pub message: String,
    /// Why it is wrong, said at the place itself.
    pub label: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// The file it is about, relative to what was checked.
    pub file: Option<String>,
    /// The bytes of the file it is about.
    pub span: Option<Span>,
    /// Whether the bytes of the file are a secret, which is never shown.
    pub secret: bool,
    /// A change of the file that puts it right and alters nothing else.
    pub fix: Option<Fix>,
}

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing has to be done.
    Note,
    /// Works, but probably not as meant.
    Warning,
    /// Does not work: something was left out.
    Error,
}

impl Diagnostic {
    /// A diagnostic of the severity `Error`.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// A diagnostic of the severity `Warning`.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// A diagnostic of the severity `Note`.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message)
    }

    /// Says why, at the place itself.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names the file it is about.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// Names the bytes of the file it is about.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Offers a change that puts it right; only one that cannot be wrong.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Keeps the bytes that it is about from being shown.
    #[must_use]
    pub fn keeping_secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// A diagnostic of that severity.
    pub fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            label: None,
            hint: None,
            file: None,
            span: None,
            secret: false,
            fix: None,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}
