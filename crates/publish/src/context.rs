//! What rules are given to look at.

use diagnostics::Diagnostic;
use model::SchemaForm;
use model::definition::{Definition, Trouble};
use model::json::{self, Object, Parsed, Value};

use crate::config;
use crate::icon::Icon;
use crate::path::name_of;
use crate::report::span;
use crate::rules::Rule;
use crate::summary::Summary;
use crate::{Config, SourceTree};

/// The text of one `workspace.json`, which may be anything.
pub(crate) struct Text<'a> {
    /// The file's path.
    pub(crate) file: &'a str,
    /// What it holds.
    pub(crate) bytes: &'a [u8],
    /// What was made of it.
    pub(crate) parsed: &'a Parsed,
}

/// One workspace whose `workspace.json` holds an object.
pub(crate) struct Context<'a> {
    /// The path of its `workspace.json`.
    pub(crate) file: &'a str,
    /// The folder that it lies in.
    pub(crate) folder: &'a str,
    /// The text.
    pub(crate) bytes: &'a [u8],
    /// The object, with the places of all its parts and all duplicate keys.
    pub(crate) object: &'a Object,
    /// Where the object stands.
    pub(crate) place: json::Span,
    /// The form that the registry is published in; that of the workspace itself where the registry names none.
    pub(crate) form: SchemaForm,
    /// What a consumer reads from the object, and what it passes over; an error if it can show nothing.
    pub(crate) definition: Result<(&'a Definition, &'a [Trouble]), &'a Trouble>,
    /// The icon that it names.
    pub(crate) icon: &'a Icon,
}

/// What is kept of all workspaces.
pub(crate) struct All<'a> {
    pub(crate) tree: &'a dyn SourceTree,
    /// What the registry says about itself, if that could be read.
    pub(crate) config: Option<&'a Config>,
    /// The workspaces that are published, in the order of the list.
    pub(crate) workspaces: &'a [Summary],
    /// How many were left out.
    pub(crate) left_out: usize,
}

impl Text<'_> {
    /// A diagnostic about some bytes of the file.
    pub(crate) fn found(
        &self,
        rule: &Rule,
        place: json::Span,
        message: impl Into<String>,
    ) -> Diagnostic {
        rule.found(message).in_file(self.file).at(span(place))
    }
}

impl Context<'_> {
    /// The name that it shows, or that of its folder.
    pub(crate) fn name(&self) -> &str {
        match self.definition {
            Ok((definition, _)) => &definition.friendly_name,
            Err(_) => name_of(self.folder),
        }
    }

    /// The items of `compatibility`, in either spelling.
    pub(crate) fn compatibility(&self) -> &[Value] {
        let value = self
            .value("compatibility")
            .or_else(|| self.value("compatability"));
        value.and_then(Value::as_array).unwrap_or_default()
    }

    /// The versions that it is made for, as they are written.
    pub(crate) fn versions(&self) -> impl Iterator<Item = (&str, json::Span)> {
        self.compatibility().iter().filter_map(|item| {
            let version = if item.as_object().is_some() {
                item.get("version")?
            } else {
                item
            };
            written(version)
        })
    }

    /// Its images as they are written: the one for all versions, then those of single versions.
    pub(crate) fn images(&self) -> impl Iterator<Item = (&str, json::Span)> {
        let of_versions = self.compatibility().iter().map(|item| item.get("image"));
        std::iter::once(self.value("name"))
            .chain(of_versions)
            .flatten()
            .filter_map(written)
    }

    /// The value of a property, unless it is `null`; of several, the one that counts.
    pub(crate) fn value(&self, key: &str) -> Option<&Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    /// A diagnostic about some bytes of the file.
    pub(crate) fn found(
        &self,
        rule: &Rule,
        place: json::Span,
        message: impl Into<String>,
    ) -> Diagnostic {
        rule.found(message).in_file(self.file).at(span(place))
    }

    /// A diagnostic about the workspace as a whole: the opening brace alone, for a file underlined from end to end
    /// shows nothing.
    pub(crate) fn found_in_whole(&self, rule: &Rule, message: impl Into<String>) -> Diagnostic {
        let start = self.place.start;
        self.found(rule, json::Span::new(start, start + 1), message)
    }

    /// A diagnostic about the value of a property, or about the workspace as a whole where that lacks it.
    pub(crate) fn found_in(
        &self,
        rule: &Rule,
        key: &str,
        message: impl Into<String>,
    ) -> Diagnostic {
        match self.object.get(key) {
            Some(value) => self.found(rule, value.span, message),
            None => self.found_in_whole(rule, message),
        }
    }
}

impl All<'_> {
    /// A diagnostic about what the registry says of itself under a key.
    pub(crate) fn found_in_config(
        &self,
        rule: &Rule,
        key: &str,
        message: impl Into<String>,
    ) -> Diagnostic {
        // Read again, because it is seldom asked for.
        config::about_key(rule.found(message), self.tree, key)
    }
}

/// A text with its place, unless it is empty or none.
fn written(value: &Value) -> Option<(&str, json::Span)> {
    let text = value.as_str()?;
    (!text.trim().is_empty()).then_some((text, value.span))
}
