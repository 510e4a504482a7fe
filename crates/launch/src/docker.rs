use crate::workspace::gather;
use crate::{Workspace, Written, shell};

/// The `docker run` line that starts a container of a workspace, to paste into a POSIX shell.
pub fn docker_line(workspace: &Workspace<'_>) -> Written {
    let sheet = gather(workspace);
    let mut text = "docker run --detach".to_owned();
    let mut flags = sheet.flags;
    let mut entrypoint = sheet.entrypoint.into_iter();
    flags.extend(
        entrypoint
            .next()
            .map(|first| vec!["--entrypoint".to_owned(), first]),
    );
    for flag in flags {
        text.push_str(" \\\n ");
        append(&mut text, flag);
    }
    text.push_str(" \\\n ");
    append(
        &mut text,
        [workspace.pinned_image()]
            .into_iter()
            .chain(entrypoint)
            .chain(sheet.command),
    );
    text.push('\n');
    Written {
        text,
        remarks: sheet.docker_remarks.into_vec(),
    }
}

fn append(text: &mut String, words: impl IntoIterator<Item = String>) {
    for word in words {
        text.push(' ');
        text.push_str(&shell::quote(&word));
    }
}
