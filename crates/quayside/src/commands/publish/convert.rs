use anyhow::Context as _;

use super::changes::{self, Options};
use super::source_files;
use crate::Ending;
use crate::arguments::ConvertArguments;

pub(super) fn run(arguments: &ConvertArguments) -> anyhow::Result<Ending> {
    let tree = source_files::open(&arguments.folder)?;
    let changes = publish::authoring::convert(&tree, arguments.to.into())
        .with_context(|| format!("failed to read `{}`", arguments.folder.display()))?;
    let options = Options {
        dry_run: arguments.dry_run,
        // Files of both forms in one registry fit no consumer.
        all_or_none: true,
        json: arguments.json,
    };
    changes::apply(&arguments.folder, &changes, options)
}
