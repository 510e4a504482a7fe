use std::fmt;
use std::io;

use model::definition::{Definition, Trouble};
use model::json::{self, Limits, Value, line_column};

use crate::discover::{WORKSPACE_FILE, workspace_folders};
use crate::path::join;
use crate::report::Report;
use crate::{BuildError, SourceTree};

/// The longest `workspace.json` that is read.
const LONGEST_FILE: u64 = 4 * 1024 * 1024;

/// What becomes of the files of a registry.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files with another text, in the order of the list.
    pub changed: Vec<Change>,
    /// How many files stay as they are because they are right already.
    pub unchanged: usize,
    /// Files that cannot be changed.
    pub untouched: Vec<Untouched>,
}

/// A file with another text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file, relative to the registry's folder.
    pub file: String,
    /// Its new text.
    pub text: Vec<u8>,
    /// What there is to know about it, such as what is lost.
    pub notes: Vec<String>,
}

/// A file that cannot be changed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untouched {
    /// The file, relative to the registry's folder.
    pub file: String,
    /// Line and column, both from 1, where the reason has a place.
    pub place: Option<(usize, usize)>,
    /// Why.
    pub reason: String,
}

/// One `workspace.json` that can be changed.
pub(crate) struct Document {
    pub(crate) file: String,
    pub(super) text: Vec<u8>,
    pub(crate) value: Value,
    pub(super) definition: Definition,
}

/// What a change of one file came to.
pub(super) enum Outcome {
    Changed { text: Vec<u8>, notes: Vec<String> },
    Unchanged,
    Untouched(String),
}

impl Changes {
    /// Reads every `workspace.json` of a tree and asks what becomes of it.
    pub(super) fn of(
        tree: &dyn SourceTree,
        mut change: impl FnMut(&Document) -> Outcome,
    ) -> Result<Self, BuildError> {
        let mut changes = Self::default();
        let mut report = Report::default();
        for folder in workspace_folders(tree, &mut report)? {
            let file = join(&folder, WORKSPACE_FILE);
            let document = match Document::read(tree, file) {
                Ok(document) => document,
                Err(untouched) => {
                    changes.untouched.push(untouched);
                    continue;
                }
            };
            match change(&document) {
                Outcome::Changed { text, notes } => changes.changed.push(Change {
                    file: document.file,
                    text,
                    notes,
                }),
                Outcome::Unchanged => changes.unchanged += 1,
                Outcome::Untouched(reason) => changes.untouched.push(Untouched {
                    file: document.file,
                    place: None,
                    reason,
                }),
            }
        }
        Ok(changes)
    }
}

impl Document {
    /// Reads one file.
    pub(crate) fn read(tree: &dyn SourceTree, file: String) -> Result<Self, Untouched> {
        match tree.read(&file, LONGEST_FILE) {
            Ok(text) => Self::parse(file, text),
            Err(error) => {
                let reason = match error.kind() {
                    io::ErrorKind::FileTooLarge => "it is larger than 4 MiB".to_owned(),
                    _ => error.to_string(),
                };
                Err(Untouched {
                    file,
                    place: None,
                    reason,
                })
            }
        }
    }

    /// Reads the text of one file.
    pub(super) fn parse(file: String, text: Vec<u8>) -> Result<Self, Untouched> {
        let parsed = json::parse(&text, &Limits::default());
        let at = |span: json::Span| Some(line_column(&text, span.start));
        let Some(value) = parsed.value else {
            let first = parsed.errors.into_iter().next();
            let place = first.as_ref().and_then(|error| at(error.span));
            let reason = first.map_or_else(String::new, |error| error.message);
            return Err(Untouched {
                file,
                place,
                reason: format!("it is not JSON: {reason}"),
            });
        };
        match Definition::read(&value) {
            Ok((definition, _)) => Ok(Self {
                file,
                text,
                value,
                definition,
            }),
            Err(Trouble { span, message, .. }) => Err(Untouched {
                place: at(span),
                file,
                reason: message,
            }),
        }
    }

    /// The value of `compatibility`, and how the file spells it.
    pub(super) fn compatibility(&self) -> Option<&json::Member> {
        let object = self.value.as_object()?;
        ["compatibility", "compatability"]
            .iter()
            .find_map(|key| object.member(key))
    }
}

impl fmt::Display for Untouched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some((line, column)) = self.place {
            write!(formatter, ":{line}:{column}")?;
        }
        write!(formatter, ": {}", self.reason)
    }
}
