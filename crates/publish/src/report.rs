use std::collections::BTreeSet;

use diagnostics::{Diagnostic, Span};
use model::json;

use crate::{Unusable, codes};

/// Collects what a build has to say.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) diagnostics: Vec<Diagnostic>,
    left_out: BTreeSet<String>,
}

impl Report {
    pub(crate) fn add(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a name that cannot be published, once, however many workspaces it lies in.
    pub(crate) fn leave_out(&mut self, path: &str, why: Unusable) {
        if !self.left_out.insert(path.to_owned()) {
            return;
        }
        let why = match why {
            Unusable::LeavesTree => "a link that leads out of the registry's folder",
            Unusable::Dangling => "a link that leads nowhere",
            Unusable::Loop => "a link to a folder that it lies in",
            Unusable::Special => "neither a file nor a folder",
            Unusable::NameNotUtf8 => "a name that is not UTF-8",
            Unusable::Submodule => "a submodule, whose files are in another repository",
        };
        self.add(
            Diagnostic::warning(
                codes::ENTRY_LEFT_OUT,
                format!("`{path}` is left out: {why}"),
            )
            .in_file(path),
        );
    }
}

/// The same bytes, as diagnostics count them.
pub(crate) fn span(span: json::Span) -> Span {
    Span {
        start: span.start,
        end: span.end,
    }
}
