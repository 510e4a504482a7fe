use anyhow::Context as _;
use publish::authoring::NewVersion;

use super::changes::{self, Options};
use super::source_files;
use crate::Ending;
use crate::arguments::AddVersionArguments;

pub(super) fn run(arguments: &AddVersionArguments) -> anyhow::Result<Ending> {
    let tree = source_files::open(&arguments.folder)?;
    let new = NewVersion {
        version: arguments.added,
        tag: arguments.tag.clone(),
        size_mb: arguments.size,
    };
    let changes = publish::authoring::add_version(&tree, &new)
        .with_context(|| format!("failed to read `{}`", arguments.folder.display()))?;
    let options = Options {
        dry_run: arguments.dry_run,
        all_or_none: false,
        json: arguments.json,
    };
    changes::apply(&arguments.folder, &changes, options)
}
