use api::{Remark, Workspace};
use askama::Template;
use ui::JsonView;

use crate::pages::context::{Frame, PageContext, Place, Theme};
use crate::services::forms::Forms;

/// A workspace's definition in every form, to copy.
#[derive(Template)]
#[template(path = "definition.html")]
pub(crate) struct DefinitionPage<'a> {
    frame: Frame<'a>,
    workspace: &'a Workspace,
    forms: [Form<'a>; 3],
    json: JsonView<'a>,
}

/// A form other than the definition itself.
struct Form<'a> {
    /// Its name in addresses.
    name: &'static str,
    title: &'static str,
    text: &'a str,
    remarks: &'a [Remark],
}

impl<'a> DefinitionPage<'a> {
    pub(crate) fn new(
        page: &'a PageContext<'a>,
        workspace: &'a Workspace,
        forms: &'a Forms,
    ) -> Self {
        let left_out = &forms.definition.not_expressed;
        let form = |name, title, text, remarks| Form {
            name,
            title,
            text,
            remarks,
        };
        Self {
            frame: Frame::new(page, Place::Workspaces),
            workspace,
            forms: [
                form(
                    "docker",
                    "docker run",
                    &forms.docker.text,
                    left_out.docker.as_slice(),
                ),
                form(
                    "compose",
                    "Compose file",
                    &forms.compose.text,
                    &left_out.compose,
                ),
                form(
                    "kasm",
                    "Image of Kasm Workspaces",
                    &forms.kasm.text,
                    &left_out.kasm,
                ),
            ],
            json: JsonView::new(forms.definition.definition.get(), &workspace.findings),
        }
    }
}
