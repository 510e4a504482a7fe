use anyhow::Context as _;
use publish::authoring::{Starter, starter};

use super::source_files::create_all;
use crate::arguments::InitArguments;
use crate::{Ending, console};

/// Where this version can be fetched from; `--quayside` names another place.
const RELEASE: &str = concat!(
    "https://releases.quayside.example/v",
    env!("CARGO_PKG_VERSION"),
    "/quayside-linux-amd64"
);

pub(super) fn run(arguments: &InitArguments) -> anyhow::Result<Ending> {
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder)
        .with_context(|| format!("failed to make the folder `{}`", folder.display()))?;
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => std::fs::canonicalize(folder)?.file_name().map_or_else(
            || "Registry".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        ),
    };
    let files: Vec<(String, Vec<u8>)> = starter(&Starter {
        name,
        list_url: arguments.list_url.clone(),
        contact_url: arguments.contact_url.clone(),
        schema: arguments.schema.into(),
        quayside: arguments
            .quayside
            .clone()
            .unwrap_or_else(|| RELEASE.to_owned()),
    })
    .into_iter()
    .map(|(path, text)| (path, text.into_bytes()))
    .collect();
    if let Err(there) = create_all(folder, &files)? {
        console::error(&format!(
            "nothing was written to `{}`: `{}` would be overwritten; name another folder, or move what is there",
            folder.display(),
            there.join("`, `")
        ));
        return Ok(Ending::Refused);
    }
    let names: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    if arguments.json {
        console::data(&serde_json::json!({"files": names}).to_string());
    } else {
        for name in names {
            console::data(name);
        }
    }
    if arguments.quayside.is_none() {
        console::note(&format!(
            "the pipelines fetch quayside from {RELEASE}; the line at their top, or `--quayside URL`, names another place"
        ));
    }
    console::note(&format!(
        "next: read `{}`",
        folder.join("README.md").display()
    ));
    Ok(Ending::Done)
}
