use std::ops::RangeInclusive;

use api::{FieldError, Finding, ListingDetail, Registry, Workspace};
use askama::Template;
use ui::{EditForm, FindingsPanel};

use crate::pages::context::{Frame, PageContext, Place, Theme};

const FIELDS: [&str; 7] = [
    "friendly_name",
    "description",
    "image",
    "cores",
    "memory_mb",
    "run_config",
    "exec_config",
];

/// The edit form: of a listing before it is installed, or of an installed workspace.
#[derive(Template)]
#[template(path = "edit.html")]
pub(crate) struct EditPage<'a> {
    frame: Frame<'a>,
    title: String,
    registry_name: String,
    icon: &'a str,
    contact: Option<&'a str>,
    /// Identifier of the listing or workspace.
    subject: String,
    action: String,
    back: String,
    form: &'a EditForm,
    /// What the registry publishes, where it is known.
    published: Option<EditForm>,
    errors: &'a [FieldError],
    findings: FindingsPanel<'a>,
    warned: bool,
    is_installed: bool,
    copy: bool,
    version: Option<u64>,
}

impl<'a> EditPage<'a> {
    /// Before installing; `copy` where one is installed already.
    pub(crate) fn for_listing(
        page: &'a PageContext<'a>,
        listing: &'a ListingDetail,
        registry: Option<&'a Registry>,
        form: &'a EditForm,
        errors: &'a [FieldError],
        copy: bool,
    ) -> Self {
        let summary = &listing.summary;
        let name = &summary.friendly_name;
        Self {
            frame: Frame::new(page, Place::Registry),
            title: if copy {
                format!("Edit {name}, then install another copy")
            } else {
                format!("Edit {name}, then install")
            },
            registry_name: summary.registry.title(),
            icon: &summary.icon,
            contact: contact(registry),
            subject: summary.id.to_string(),
            action: format!("/listings/{}/edit", summary.id),
            back: format!("/listings/{}", summary.id),
            form,
            published: Some(EditForm::of_listing(listing)),
            errors,
            findings: FindingsPanel::new(
                "edit-findings-panel",
                &summary.findings,
                contact(registry),
            )
            .partial(hide_findings(errors)),
            warned: summary.warned,
            is_installed: false,
            copy,
            version: None,
        }
    }

    /// Of what is installed; `registry` is there while it is.
    pub(crate) fn for_workspace(
        page: &'a PageContext<'a>,
        workspace: &'a Workspace,
        registry: Option<&'a Registry>,
        form: &'a EditForm,
        errors: &'a [FieldError],
    ) -> Self {
        Self {
            frame: Frame::new(page, Place::Workspaces),
            title: format!("Edit {}", workspace.friendly_name),
            registry_name: workspace.registry_name.clone(),
            icon: &workspace.icon,
            contact: contact(registry),
            subject: workspace.id.to_string(),
            action: format!("/workspaces/{}/edit", workspace.id),
            back: format!("/workspaces#workspace-{}", workspace.id),
            form,
            published: None,
            errors,
            findings: FindingsPanel::new(
                "edit-findings-panel",
                &workspace.findings,
                contact(registry),
            )
            .partial(hide_findings(errors)),
            warned: false,
            is_installed: true,
            copy: false,
            version: Some(workspace.version),
        }
    }

    fn is_flagged(&self) -> bool {
        self.warned
    }

    fn has_commands(&self) -> bool {
        !self.form.run_config.trim().is_empty() || !self.form.exec_config.trim().is_empty()
    }

    fn published_value(&self, name: &str) -> Option<&str> {
        let published = self.published.as_ref()?;
        Some(match name {
            "friendly_name" => &published.friendly_name,
            "description" => &published.description,
            "image" => &published.image,
            "cores" => &published.cores,
            "memory_mb" => &published.memory_mb,
            "run_config" => &published.run_config,
            "exec_config" => &published.exec_config,
            _ => return None,
        })
    }

    fn error(&self, name: &str) -> Option<&'a FieldError> {
        self.errors.iter().find(|error| field_of(error) == name)
    }

    fn other_errors(&self) -> Vec<&'a FieldError> {
        let is_other = |error: &&FieldError| !FIELDS.contains(&field_of(error));
        self.errors.iter().filter(is_other).collect()
    }

    /// Numbers of the lines of `text`.
    fn lines(text: &str) -> Vec<usize> {
        let numbers: RangeInclusive<usize> = 1..=text.split('\n').count().max(3);
        numbers.collect()
    }

    fn is_wrong(&self, name: &str, line: usize) -> bool {
        self.error(name)
            .and_then(|error| line_of(&error.detail))
            .is_some_and(|wrong| wrong == line)
    }
}

/// Whether errors stand in fields that hold what is warned of.
fn hide_findings(errors: &[FieldError]) -> bool {
    errors
        .iter()
        .any(|error| matches!(field_of(error), "run_config" | "exec_config"))
}

/// The field that an error stands at: the first part of its pointer.
fn field_of(error: &FieldError) -> &str {
    let path = error.pointer.trim_start_matches('/');
    match path.split('/').next().unwrap_or_default() {
        "memory" => "memory_mb",
        field => field,
    }
}

/// The line that the text of an error names, as in `line 4, column 3: …`.
fn line_of(detail: &str) -> Option<usize> {
    let lower = detail.to_ascii_lowercase();
    let (_, after) = lower.split_once("line ")?;
    let end = after
        .find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(after.len());
    after[..end].parse().ok()
}

fn contact(registry: Option<&Registry>) -> Option<&str> {
    ui::followable(registry?.contact_url.as_deref()?)
}

/// Findings of the copy as edited, and what is wrong with its fields, for the form as one types.
#[derive(Template)]
#[template(path = "findings-fragment.html")]
pub(crate) struct FindingsFragment<'a> {
    findings: FindingsPanel<'a>,
    errors: &'a [FieldError],
}

impl<'a> FindingsFragment<'a> {
    /// The findings are those of the fields that can be read.
    pub(crate) fn new(findings: &'a [Finding], errors: &'a [FieldError]) -> Self {
        Self {
            findings: FindingsPanel::new("edit-findings-panel", findings, None)
                .partial(hide_findings(errors)),
            errors,
        }
    }

    fn field(error: &FieldError) -> &str {
        field_of(error)
    }

    fn line(error: &FieldError) -> usize {
        line_of(&error.detail).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn the_line_of_an_error_is_found() {
        assert_eq!(line_of("Line 4, column 3: a comma is missing"), Some(4));
        assert_eq!(line_of("line x"), None);
        assert_eq!(line_of("no place"), None);
    }
}
