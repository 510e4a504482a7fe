//! What can be wrong with a registry: one rule a file, each with its code, docs, check and tests.
//!
//! A rule that needs to see no more than one workspace, its text or all workspaces together has a check of its own.
//! What comes up while files are read is reported by the reader, through the rule.

pub(crate) mod address_not_reached;
pub(crate) mod architecture_not_offered;
mod byte_order_mark;
pub(crate) mod channel_not_found;
pub(crate) mod config_code_unknown;
pub(crate) mod config_key_missing;
pub(crate) mod config_key_unknown;
pub(crate) mod config_not_an_address;
pub(crate) mod config_not_found;
pub(crate) mod config_not_toml;
pub(crate) mod config_schema_unknown;
pub(crate) mod config_severity_unknown;
pub(crate) mod config_wrong_type;
mod default_channel_unknown;
mod duplicate_key;
pub(crate) mod entry_left_out;
pub(crate) mod file_too_large;
pub(crate) mod folder_too_large;
mod icon_elsewhere;
pub(crate) mod icon_name_taken;
mod icon_not_found;
mod icon_not_named;
mod icon_outside_folder;
mod icon_too_large;
pub(crate) mod image_not_answered;
pub(crate) mod image_not_found;
mod invalid_json;
mod no_workspaces;
pub(crate) mod not_readable;
mod not_utf8;
pub(crate) mod registry_icon_not_found;
pub(crate) mod size_far_off;
pub(crate) mod template_broken;
pub(crate) mod template_not_literal;
pub(crate) mod template_not_readable;
pub(crate) mod template_without_names;
pub(crate) mod too_many_findings;
mod too_many_workspaces;
mod unexpected_value;
pub(crate) mod unusable_workspace;
pub(crate) mod workspace_too_large;
pub(crate) mod workspace_without_folder;

#[cfg(test)]
pub(crate) mod testing;

use diagnostics::{Code, Diagnostic, Severity};

use crate::context::{All, Context, Text};
use crate::report::Report;

/// One thing that can be wrong.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name.
    pub code: Code,
    /// How bad it is, unless `registry.toml` says otherwise.
    pub severity: Severity,
    /// What it does, why that is bad, an example and what to use instead; Markdown.
    pub docs: &'static str,
    pub(crate) check: Check,
}

/// When a rule looks, and at what.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    /// While files are read: the reader reports it.
    Reading,
    /// At the text of each `workspace.json`, whether it is JSON or not.
    Text(fn(&Text<'_>, &mut Report)),
    /// At each workspace whose text is an object.
    Workspace(fn(&Context<'_>, &mut Report)),
    /// At what is left of all workspaces, once.
    All(fn(&All<'_>, &mut Report)),
}

/// All rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    address_not_reached::RULE,
    architecture_not_offered::RULE,
    byte_order_mark::RULE,
    channel_not_found::RULE,
    config_code_unknown::RULE,
    config_key_missing::RULE,
    config_key_unknown::RULE,
    config_not_an_address::RULE,
    config_not_found::RULE,
    config_not_toml::RULE,
    config_schema_unknown::RULE,
    config_severity_unknown::RULE,
    config_wrong_type::RULE,
    default_channel_unknown::RULE,
    duplicate_key::RULE,
    entry_left_out::RULE,
    file_too_large::RULE,
    folder_too_large::RULE,
    icon_elsewhere::RULE,
    icon_name_taken::RULE,
    icon_not_found::RULE,
    icon_not_named::RULE,
    icon_outside_folder::RULE,
    icon_too_large::RULE,
    image_not_answered::RULE,
    image_not_found::RULE,
    invalid_json::RULE,
    no_workspaces::RULE,
    not_readable::RULE,
    not_utf8::RULE,
    registry_icon_not_found::RULE,
    size_far_off::RULE,
    template_broken::RULE,
    template_not_literal::RULE,
    template_not_readable::RULE,
    template_without_names::RULE,
    too_many_findings::RULE,
    too_many_workspaces::RULE,
    unexpected_value::RULE,
    unusable_workspace::RULE,
    workspace_too_large::RULE,
    workspace_without_folder::RULE,
];

impl Rule {
    /// The rule of that code.
    pub fn find(code: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.code.as_str() == code)
    }

    /// The code that somebody may have meant by another one.
    pub fn nearest(code: &str) -> Option<&'static str> {
        crate::nearest::nearest(code, RULES.iter().map(|rule| rule.code.as_str()))
    }

    /// A diagnostic of this rule.
    pub(crate) fn found(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.code, self.severity, message)
    }
}

/// Runs the rules that look at the text of a `workspace.json`.
pub(crate) fn check_text(text: &Text<'_>, report: &mut Report) {
    for rule in RULES {
        if let Check::Text(check) = rule.check {
            check(text, report);
        }
    }
}

/// Runs the rules that look at a workspace.
pub(crate) fn check_workspace(context: &Context<'_>, report: &mut Report) {
    for rule in RULES {
        if let Check::Workspace(check) = rule.check {
            check(context, report);
        }
    }
}

/// Runs the rules that look at all workspaces together.
pub(crate) fn check_all(all: &All<'_>, report: &mut Report) {
    for rule in RULES {
        if let Check::All(check) = rule.check {
            check(all, report);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        let codes: Vec<&str> = RULES.iter().map(|rule| rule.code.as_str()).collect();
        assert!(codes.is_sorted_by(|left, right| left < right), "{codes:?}");
    }

    #[test]
    fn docs_have_their_four_parts() {
        for rule in RULES {
            let headings: Vec<&str> = rule
                .docs
                .lines()
                .filter(|line| line.starts_with("## "))
                .collect();
            assert_eq!(
                headings,
                [
                    "## What it does",
                    "## Why is this bad?",
                    "## Example",
                    "## Use instead"
                ],
                "{}",
                rule.code
            );
            assert!(rule.docs.ends_with('\n') && !rule.docs.ends_with("\n\n"));
        }
    }

    #[test]
    fn a_code_that_is_nearly_right_is_recognised() {
        assert_eq!(Rule::nearest("icon-not-fond"), Some("icon-not-found"));
        assert_eq!(Rule::nearest("icon_not_found"), Some("icon-not-found"));
        assert_eq!(Rule::nearest("weather"), None);
        assert!(Rule::find("icon-not-found").is_some());
    }
}
