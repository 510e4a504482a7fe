use std::fmt;

/// Something that a form does not express.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The property, such as `exec_config.go`.
    pub property: String,
    /// Why, as a sentence without a capital and a full stop.
    pub reason: String,
}

/// How much of a stranger's name is shown.
const LONGEST_PROPERTY: usize = 120;

impl Remark {
    /// The remark for a line of comment: on one line, and without any sign that a shell gives a meaning, for some shells
    /// know no comments where they are typed into.
    pub(crate) fn comment(&self) -> String {
        let harmless = |sign: char| match sign {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '_' | '-' | '.' | ',' | ':' | '/' => sign,
            _ => '_',
        };
        let property: String = self.property.chars().take(LONGEST_PROPERTY).collect();
        let reason = self.reason.replace('`', "");
        format!("{property}: {reason}")
            .chars()
            .map(harmless)
            .collect()
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`: {}", self.property, self.reason)
    }
}

/// Remarks on one form.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    kept: Vec<Remark>,
    more: usize,
}

/// A definition may hold thousands of properties that nobody knows; more remarks tell nobody more.
const MOST_REMARKS: usize = 200;

impl Remarks {
    pub(crate) fn add(&mut self, property: &str, reason: impl Into<String>) {
        let remark = Remark {
            property: property.to_owned(),
            reason: reason.into(),
        };
        if self.kept.last() == Some(&remark) {
            return;
        }
        if self.kept.len() < MOST_REMARKS {
            self.kept.push(remark);
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Remark> {
        let mut remarks = self.kept;
        if self.more > 0 {
            remarks.push(Remark {
                property: "…".to_owned(),
                reason: format!("{} more things are not expressed", self.more),
            });
        }
        remarks
    }
}
