use std::path::Path;

use anyhow::bail;
use diagnostics::{Diagnostic, Severity};
use publish::{Built, SourceTree};

use super::editions::{Failed, Prepared, Sources};
use super::live::{self, Loss};
use super::site;
use super::site_folder::Written;
use crate::arguments::BuildArguments;
use crate::{Ending, console};

/// The largest source file shown around a diagnostic, bytes.
const SHOWN: u64 = 4 << 20;

pub(crate) async fn run(arguments: &BuildArguments) -> anyhow::Result<Ending> {
    let sources = Sources::open(&arguments.source, &arguments.out)?;
    tell_failures(&sources);
    refuse_if_nothing_is_left(&sources)?;
    if arguments.strict || arguments.live.is_some() {
        let (built, lists) = site::rehearse(&sources)?;
        if arguments.strict && !is_flawless(&sources, &built) {
            tell_diagnostics(&sources, &built);
            console::error("there are errors, so nothing was written");
            return Ok(Ending::Refused);
        }
        if let Some(address) = &arguments.live {
            let live = live::read(address, arguments.allow_shrink).await?;
            let losses = live::losses(&live, &lists, &sources, &arguments.out);
            if !losses.is_empty() {
                tell_losses(&losses, address);
                if !arguments.allow_shrink {
                    console::error(
                        "nothing was written, because of what would be gone; if that is meant, pass `--allow-shrink`",
                    );
                    return Ok(Ending::Refused);
                }
            }
        }
    }
    let (built, written) = site::write(&sources, &arguments.out)?;
    if arguments.json {
        console::data(&json(&sources, &built, written)?);
    } else {
        tell_diagnostics(&sources, &built);
        for (prepared, built) in sources.editions.iter().zip(&built) {
            console::data(&summary(&arguments.out, prepared, built));
        }
        let changed = match written.changed {
            0 => "nothing changed".to_owned(),
            changed => format!("{} changed", console::count(changed as usize, "file")),
        };
        console::data(&format!("{}: {changed}", arguments.out.display()));
    }
    if !sources.failed.is_empty() {
        bail!(
            "{} could not be published; the others were",
            failed_names(&sources)
        );
    }
    Ok(Ending::Done)
}

/// What building a folder gave.
pub(crate) struct Site {
    pub(crate) built: Built,
    pub(crate) written: Written,
}

/// Builds a folder of workspaces into a site, beside what other schemas published there.
pub(crate) fn build_site(folder: &Path, out: &Path) -> anyhow::Result<Site> {
    let sources = Sources::of_folder(folder, out)?;
    tell_failures(&sources);
    refuse_if_nothing_is_left(&sources)?;
    let (mut built, written) = site::write(&sources, out)?;
    match built.pop() {
        Some(built) => Ok(Site { built, written }),
        None => bail!("`{}` holds nothing to publish", folder.display()),
    }
}

pub(super) fn refuse_if_nothing_is_left(sources: &Sources) -> anyhow::Result<()> {
    if sources.editions.is_empty() {
        bail!(
            "{} cannot be published, so nothing was written",
            failed_names(sources)
        );
    }
    Ok(())
}

pub(super) fn failed_names(sources: &Sources) -> String {
    let names: Vec<String> = sources.failed.iter().map(Failed::name).collect();
    names.join(", ")
}

impl Failed {
    fn name(&self) -> String {
        match &self.branch {
            Some(branch) => format!("branch `{branch}`"),
            None => "the registry".to_owned(),
        }
    }
}

/// Whether nothing is left out and nothing is an error.
fn is_flawless(sources: &Sources, built: &[Built]) -> bool {
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    sources.failed.is_empty()
        && built.iter().all(|built| built.left_out == 0)
        && all_diagnostics(sources, built)
            .iter()
            .all(|(_, found)| !found.iter().any(is_error))
}

/// What there is to say about each edition, in its order.
fn all_diagnostics<'s>(
    sources: &'s Sources,
    built: &[Built],
) -> Vec<(&'s Prepared, Vec<Diagnostic>)> {
    let editions = sources.editions.iter().zip(built);
    editions
        .map(|(prepared, built)| {
            let found = prepared.found.iter().chain(&built.diagnostics);
            (prepared, found.cloned().collect())
        })
        .collect()
}

pub(super) fn tell_failures(sources: &Sources) {
    for note in &sources.notes {
        console::note(&format!("note: {note}"));
    }
    for failed in &sources.failed {
        if let Some(tree) = &failed.tree {
            tell(&failed.found, tree.as_ref());
        }
        if failed.branch.is_some() {
            console::error(&format!("{}: {}", failed.name(), failed.why));
        }
    }
}

fn tell_diagnostics(sources: &Sources, built: &[Built]) {
    for (prepared, found) in all_diagnostics(sources, built) {
        if let Some(branch) = &prepared.branch
            && !found.is_empty()
        {
            console::note(&format!("In branch `{branch}`:\n"));
        }
        tell(&found, prepared.tree.as_ref());
    }
}

fn tell(found: &[Diagnostic], tree: &dyn SourceTree) {
    let source = |file: &str| tree.read(file, SHOWN).ok();
    console::report(&diagnostics::render_full(
        found,
        &source,
        console::has_color(),
    ));
}

fn tell_losses(losses: &[Loss], address: &str) {
    console::note(&format!("Published at {address}, but not in this build:"));
    for loss in losses {
        console::note(&format!("  {loss}"));
    }
}

fn summary(out: &Path, prepared: &Prepared, built: &Built) -> String {
    let from = match &prepared.branch {
        Some(branch) if *branch != prepared.folder => format!(" from branch `{branch}`"),
        _ => String::new(),
    };
    let workspaces = console::count(built.workspaces, "workspace");
    let left_out = match built.left_out {
        0 => String::new(),
        count => format!(", {} left out", console::count(count, "workspace")),
    };
    format!(
        "{}/{}: {workspaces}{from} published in schema {}{left_out}",
        out.display(),
        prepared.folder,
        prepared.config.schema
    )
}

fn json(sources: &Sources, built: &[Built], written: Written) -> anyhow::Result<String> {
    let mut versions = Vec::new();
    let diagnostics = all_diagnostics(sources, built);
    for ((prepared, found), built) in diagnostics.iter().zip(built) {
        versions.push(serde_json::json!({
            "folder": prepared.folder,
            "branch": prepared.branch,
            "schema": prepared.config.schema.to_string(),
            "workspaces": built.workspaces,
            "left_out": built.left_out,
            "diagnostics": rendered(found, prepared.tree.as_ref())?,
        }));
    }
    let mut failed = Vec::new();
    for version in &sources.failed {
        let found = match &version.tree {
            Some(tree) => rendered(&version.found, tree.as_ref())?,
            None => serde_json::Value::Array(Vec::new()),
        };
        failed.push(serde_json::json!({
            "folder": version.folder,
            "branch": version.branch,
            "why": version.why,
            "diagnostics": found,
        }));
    }
    let report = serde_json::json!({
        "versions": versions,
        "failed": failed,
        "files_changed": written.changed,
        "bytes": written.bytes,
    });
    Ok(report.to_string())
}

fn rendered(found: &[Diagnostic], tree: &dyn SourceTree) -> anyhow::Result<serde_json::Value> {
    let source = |file: &str| tree.read(file, SHOWN).ok();
    let text = diagnostics::render_json(found, &source);
    Ok(serde_json::from_str(&text)?)
}
