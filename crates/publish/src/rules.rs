//! What can be wrong with a registry: one rule a file, each with its code, docs, check and tests.
//!
//! A rule that needs to see no more than one workspace, its text or all workspaces together has a check of its own.
//! What comes up while files are read is reported by the reader, through the rule.

pub(crate) mod accent_too_pale;
pub(crate) mod address_not_reached;
pub(crate) mod architecture_not_offered;
pub(crate) mod architecture_unknown;
mod byte_order_mark;
pub(crate) mod categories_too_many;
mod category_misspelt;
mod category_near_duplicate;
mod category_twice;
mod channel_invalid;
pub(crate) mod channel_not_found;
mod channels_mixed;
pub(crate) mod command_not_waiting;
pub(crate) mod command_unbalanced_quotes;
mod compatibility_misspelt;
mod compatibility_of_other_form;
pub(crate) mod config_code_unknown;
pub(crate) mod config_key_missing;
pub(crate) mod config_key_unknown;
pub(crate) mod config_not_a_color;
pub(crate) mod config_not_an_address;
pub(crate) mod config_not_found;
pub(crate) mod config_not_toml;
pub(crate) mod config_schema_unknown;
pub(crate) mod config_severity_unknown;
pub(crate) mod config_wrong_type;
pub(crate) mod configuration_warning;
mod cores_unlikely;
mod cpu_allocation_method_unknown;
mod default_channel_unknown;
mod duplicate_key;
pub(crate) mod entry_left_out;
pub(crate) mod environment_value_not_text;
pub(crate) mod exec_config_key_unknown;
pub(crate) mod file_too_large;
pub(crate) mod folder_too_large;
pub(crate) mod folder_without_workspace;
mod gpu_count_unlikely;
mod icon_elsewhere;
pub(crate) mod icon_name_taken;
pub(crate) mod icon_not_a_picture;
mod icon_not_found;
mod icon_not_named;
mod icon_not_square;
mod icon_of_other_format;
mod icon_outside_folder;
mod icon_too_large;
mod icon_too_small;
mod icon_unsafe_svg;
mod icon_wasteful;
mod image_host_ambiguous;
mod image_invalid;
mod image_missing;
pub(crate) mod image_not_answered;
pub(crate) mod image_not_found;
pub(crate) mod image_tag_latest;
pub(crate) mod image_tag_missing;
pub(crate) mod invalid_json;
mod line_ends_crlf;
mod list_url_not_encrypted;
pub(crate) mod list_url_not_root;
mod list_url_of_template;
mod memory_unlikely;
mod name_look_alike;
mod name_too_long;
pub(crate) mod name_twice;
mod no_workspaces;
pub(crate) mod not_readable;
mod not_utf8;
pub(crate) mod privileged_as_text;
mod property_missing;
mod property_misspelt;
mod property_of_other_form;
mod property_unknown;
pub(crate) mod registry_icon_not_a_picture;
pub(crate) mod registry_icon_not_found;
pub(crate) mod run_config_key_unknown;
mod run_key_in_exec_config;
mod secret_in_the_open;
mod size_as_text;
pub(crate) mod size_far_off;
mod size_unlikely;
pub(crate) mod template_broken;
pub(crate) mod template_not_literal;
pub(crate) mod template_not_readable;
pub(crate) mod template_without_names;
mod text_direction;
pub(crate) mod too_many_findings;
mod too_many_workspaces;
mod unexpected_value;
pub(crate) mod unusable_workspace;
pub(crate) mod version_invalid;
mod version_of_other_form;
mod version_too_old;
mod version_twice;
mod versions_out_of_order;
pub(crate) mod workspace_too_large;
pub(crate) mod workspace_without_folder;

#[cfg(test)]
pub(crate) mod testing;

use std::fmt::Write as _;

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
    accent_too_pale::RULE,
    address_not_reached::RULE,
    architecture_not_offered::RULE,
    architecture_unknown::RULE,
    byte_order_mark::RULE,
    categories_too_many::RULE,
    category_misspelt::RULE,
    category_near_duplicate::RULE,
    category_twice::RULE,
    channel_invalid::RULE,
    channel_not_found::RULE,
    channels_mixed::RULE,
    command_not_waiting::RULE,
    command_unbalanced_quotes::RULE,
    compatibility_misspelt::RULE,
    compatibility_of_other_form::RULE,
    config_code_unknown::RULE,
    config_key_missing::RULE,
    config_key_unknown::RULE,
    config_not_a_color::RULE,
    config_not_an_address::RULE,
    config_not_found::RULE,
    config_not_toml::RULE,
    config_schema_unknown::RULE,
    config_severity_unknown::RULE,
    config_wrong_type::RULE,
    configuration_warning::RULE,
    cores_unlikely::RULE,
    cpu_allocation_method_unknown::RULE,
    default_channel_unknown::RULE,
    duplicate_key::RULE,
    entry_left_out::RULE,
    environment_value_not_text::RULE,
    exec_config_key_unknown::RULE,
    file_too_large::RULE,
    folder_too_large::RULE,
    folder_without_workspace::RULE,
    gpu_count_unlikely::RULE,
    icon_elsewhere::RULE,
    icon_name_taken::RULE,
    icon_not_a_picture::RULE,
    icon_not_found::RULE,
    icon_not_named::RULE,
    icon_not_square::RULE,
    icon_of_other_format::RULE,
    icon_outside_folder::RULE,
    icon_too_large::RULE,
    icon_too_small::RULE,
    icon_unsafe_svg::RULE,
    icon_wasteful::RULE,
    image_host_ambiguous::RULE,
    image_invalid::RULE,
    image_missing::RULE,
    image_not_answered::RULE,
    image_not_found::RULE,
    image_tag_latest::RULE,
    image_tag_missing::RULE,
    invalid_json::RULE,
    line_ends_crlf::RULE,
    list_url_not_encrypted::RULE,
    list_url_not_root::RULE,
    list_url_of_template::RULE,
    memory_unlikely::RULE,
    name_look_alike::RULE,
    name_too_long::RULE,
    name_twice::RULE,
    no_workspaces::RULE,
    not_readable::RULE,
    not_utf8::RULE,
    privileged_as_text::RULE,
    property_missing::RULE,
    property_misspelt::RULE,
    property_of_other_form::RULE,
    property_unknown::RULE,
    registry_icon_not_a_picture::RULE,
    registry_icon_not_found::RULE,
    run_config_key_unknown::RULE,
    run_key_in_exec_config::RULE,
    secret_in_the_open::RULE,
    size_as_text::RULE,
    size_far_off::RULE,
    size_unlikely::RULE,
    template_broken::RULE,
    template_not_literal::RULE,
    template_not_readable::RULE,
    template_without_names::RULE,
    text_direction::RULE,
    too_many_findings::RULE,
    too_many_workspaces::RULE,
    unexpected_value::RULE,
    unusable_workspace::RULE,
    version_invalid::RULE,
    version_of_other_form::RULE,
    version_too_old::RULE,
    version_twice::RULE,
    versions_out_of_order::RULE,
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

    /// What it looks for, in a sentence.
    pub fn summary(&self) -> String {
        let text = self.docs.trim_start_matches("## What it does").trim_start();
        let paragraph = text.find("\n\n").map_or(text, |end| &text[..end]);
        let sentence = paragraph.find(". ").or_else(|| paragraph.find(".\n"));
        let sentence = sentence.map_or(paragraph, |end| &paragraph[..=end]);
        sentence.replace('\n', " ")
    }

    /// All about it, as Markdown with the code as its title.
    pub fn explanation(&self) -> String {
        format!(
            "# {}\n\nSeverity: {}\n\n{}",
            self.code, self.severity, self.docs
        )
    }

    /// A diagnostic of this rule.
    pub(crate) fn found(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.code, self.severity, message)
    }
}

/// All rules on one page of Markdown: a table, and then each rule with all about it.
pub fn rules_page() -> String {
    let mut page = String::from(
        "# What `quayside publish check` finds\n\n\
         This page is what `quayside publish explain --all` prints. Severities can be set in `registry.toml`:\n\n\
         ```toml\n\
         [severity]\n\
         icon-not-found = \"warning\"   # or \"error\", \"note\", \"allow\"\n\
         ```\n\n\
         | code | severity | what it does |\n\
         |---|---|---|\n",
    );
    for rule in RULES {
        let summary = rule.summary().replace('|', "\\|");
        let (code, severity) = (rule.code, rule.severity);
        let _ = writeln!(page, "| [{code}](#{code}) | {severity} | {summary} |");
    }
    for rule in RULES {
        // One level down, below the page's own title.
        let explanation = rule.explanation();
        page.push('\n');
        for line in explanation.lines() {
            let is_heading = line.starts_with("## ") || line == format!("# {}", rule.code);
            if is_heading {
                page.push('#');
            }
            page.push_str(line);
            page.push('\n');
        }
    }
    page
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
    fn summaries_are_one_sentence() {
        for rule in RULES {
            let summary = rule.summary();
            assert!(summary.ends_with('.'), "{}: {summary}", rule.code);
            assert!(summary.len() < 250, "{}: {summary}", rule.code);
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
