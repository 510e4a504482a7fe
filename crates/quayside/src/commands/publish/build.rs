use std::path::Path;
use std::time::UNIX_EPOCH;

use anyhow::{Context as _, bail};
use camino::Utf8Path;
use publish::{Built, Config, Sink as _, SourceTree as _, merge_versions};
use sources::FolderTree;

use crate::arguments::BuildArguments;
use crate::commands::publish::FolderSink;
use crate::{Ending, console};

/// The largest source file shown around a diagnostic, bytes.
const SHOWN: u64 = 4 << 20;

pub(crate) fn run(arguments: &BuildArguments) -> anyhow::Result<Ending> {
    let site = build_site(&arguments.folder, &arguments.out)?;
    if arguments.json {
        let report = serde_json::json!({
            "schema": site.schema,
            "workspaces": site.built.workspaces,
            "left_out": site.built.left_out,
            "files_changed": site.changed,
            "diagnostics": serde_json::from_str::<serde_json::Value>(&diagnostics::render_json(&site.built.diagnostics, &site.source()))?,
        });
        console::data(&report.to_string());
        return Ok(Ending::Done);
    }
    console::report(&diagnostics::render_full(
        &site.built.diagnostics,
        &site.source(),
        console::has_color(),
    ));
    let left_out = match site.built.left_out {
        0 => String::new(),
        1 => ", 1 workspace left out".to_owned(),
        count => format!(", {count} workspaces left out"),
    };
    console::data(&format!(
        "{}: {} workspaces published as schema {}, {} files changed{left_out}",
        arguments.out.display(),
        site.built.workspaces,
        site.schema,
        site.changed
    ));
    Ok(Ending::Done)
}

/// A site that was written.
pub(crate) struct Site {
    pub(crate) schema: String,
    pub(crate) built: Built,
    /// Files that were changed.
    pub(crate) changed: u64,
    /// Bytes of the site's files.
    pub(crate) bytes: u64,
    tree: FolderTree,
}

impl Site {
    fn source(&self) -> impl Fn(&str) -> Option<Vec<u8>> {
        |file| self.tree.read(file, SHOWN).ok()
    }
}

/// Builds a folder of workspaces into a site, beside what other schemas published there.
pub(crate) fn build_site(folder: &Path, out: &Path) -> anyhow::Result<Site> {
    let path = Utf8Path::from_path(folder)
        .with_context(|| format!("the name of `{}` is not UTF-8", folder.display()))?;
    let tree =
        FolderTree::open(path).with_context(|| format!("failed to open the folder `{path}`"))?;
    let (config, mut found) = Config::read(&tree);
    let Some(config) = config else {
        let source = |file: &str| tree.read(file, SHOWN).ok();
        console::report(&diagnostics::render_full(
            &found,
            &source,
            console::has_color(),
        ));
        bail!(
            "`{path}` has no usable `{}`, so nothing was written",
            publish::CONFIG_FILE
        );
    };
    let mut sink = FolderSink::open(out)
        .with_context(|| format!("failed to open the site's folder `{}`", out.display()))?;
    let mut built = publish::build(&tree, &config, modified(folder)?, &[], &mut sink)
        .with_context(|| format!("failed to write the site `{}`", out.display()))?;
    let versions = sink.read("versions.txt")?.unwrap_or_default();
    let versions = merge_versions(&String::from_utf8_lossy(&versions), config.schema);
    sink.write("versions.txt", versions.as_bytes())?;
    let schema = config.schema.to_string();
    sink.remove_stale_icons(&schema, &built.files)?;
    found.append(&mut built.diagnostics);
    built.diagnostics = found;
    Ok(Site {
        schema,
        built,
        changed: sink.written(),
        bytes: sink.bytes(),
        tree,
    })
}

/// `modified` of the list, milliseconds since 1970: SOURCE_DATE_EPOCH, else the newest file's time.
fn modified(folder: &Path) -> anyhow::Result<i64> {
    if let Ok(seconds) = std::env::var("SOURCE_DATE_EPOCH") {
        let seconds: i64 = seconds
            .parse()
            .context("`SOURCE_DATE_EPOCH` is no number of seconds")?;
        return Ok(seconds.saturating_mul(1000));
    }
    let mut newest = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next)
            .with_context(|| format!("failed to read `{}`", next.display()))?
        {
            let entry = entry?;
            let meta = entry.metadata()?;
            if meta.is_dir() {
                folders.push(entry.path());
            } else if let Ok(since) = meta.modified()?.duration_since(UNIX_EPOCH) {
                newest = newest.max(since.as_millis() as i64);
            }
        }
    }
    Ok(newest)
}
