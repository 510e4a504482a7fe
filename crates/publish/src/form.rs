use model::SchemaForm;
use model::definition::Definition;
use model::json::{self, Limits};

use crate::SourceTree;
use crate::discover::{WORKSPACE_FILE, discover};
use crate::path::join;
use crate::report::Report;
use crate::workspace::LONGEST_FILE;

/// So many workspaces are asked for their form.
const MOST_ASKED: usize = 25;

/// The form that most workspaces of a tree have; of equals the newer one. Nothing where there is none to ask.
pub(crate) fn form_of(tree: &dyn SourceTree) -> Option<SchemaForm> {
    let found = discover(tree, &mut Report::default()).ok()?;
    let forms: Vec<SchemaForm> = found
        .places
        .iter()
        .take(MOST_ASKED)
        .filter_map(|place| {
            let bytes = tree
                .read(&join(&place.folder, WORKSPACE_FILE), LONGEST_FILE)
                .ok()?;
            let value = json::parse(&bytes, &Limits::default()).value?;
            Some(Definition::read(&value).ok()?.0.form)
        })
        .collect();
    let count = |form| forms.iter().filter(|known| **known == form).count();
    [SchemaForm::V1_0, SchemaForm::V1_1]
        .into_iter()
        .filter(|form| count(*form) > 0)
        .max_by_key(|form| (count(*form), *form))
}
