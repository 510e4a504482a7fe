//! `quayside publish check`.

use std::path::{Component, Path};

use anyhow::Context as _;
use camino::Utf8Path;
use diagnostics::{Diagnostic, Severity, Tool, ToolRule};
use publish::{Checked, Config, RULES, SourceTree};
use sources::FolderTree;

use super::fix_files::{Checksums, fix_files};
use super::online::check_online;
use crate::arguments::{CheckArguments, CheckFormat};
use crate::{Ending, console};

/// The largest source file shown around a diagnostic, bytes.
const SHOWN: u64 = 4 << 20;
/// One repair may bring another to light, such as a property behind a comma too many.
const MOST_ROUNDS: usize = 8;

pub(crate) async fn run(arguments: &CheckArguments) -> anyhow::Result<Ending> {
    let folder = Utf8Path::from_path(&arguments.folder)
        .with_context(|| format!("the name of `{}` is not UTF-8", arguments.folder.display()))?;
    let tree = FolderTree::open(folder)
        .with_context(|| format!("failed to open the folder `{folder}`"))?;
    let mut checked = if arguments.fix {
        check_and_fix(folder, &tree)?
    } else {
        check(folder, &tree)?
    };
    if arguments.online {
        let (config, _) = Config::read(&tree);
        let mut found = check_online(&tree, config.as_ref()).await?;
        checked.diagnostics.append(&mut found);
        publish::sort_diagnostics(&mut checked.diagnostics);
    }
    let format = if arguments.json {
        CheckFormat::Json
    } else {
        arguments.format
    };
    print(&checked.diagnostics, format, folder, &tree);
    console::note(&summary(&checked, arguments.fix));
    let worst = checked.diagnostics.iter().map(|found| found.severity).max();
    let tolerated = if arguments.deny_warnings {
        Severity::Note
    } else {
        Severity::Warning
    };
    Ok(if worst > Some(tolerated) {
        Ending::Refused
    } else {
        Ending::Done
    })
}

fn check(folder: &Utf8Path, tree: &dyn SourceTree) -> anyhow::Result<Checked> {
    let (config, found) = Config::read(tree);
    publish::check(tree, config.as_ref(), found)
        .with_context(|| format!("failed to check the registry `{folder}`"))
}

/// Repairs until nothing is left that can be repaired.
fn check_and_fix(folder: &Utf8Path, tree: &FolderTree) -> anyhow::Result<Checked> {
    let (mut fixed, mut files) = (0, std::collections::BTreeSet::new());
    let mut rounds = 0;
    loop {
        let seen = Checksums::new(tree);
        let checked = check(folder, &seen)?;
        let made = fix_files(folder, &checked.diagnostics, &seen)?;
        fixed += made.values().sum::<usize>();
        rounds += 1;
        let is_done = made.is_empty() || rounds == MOST_ROUNDS;
        files.extend(made.into_keys());
        if is_done {
            if fixed > 0 {
                console::note(&format!(
                    "{} put right in {}",
                    console::count(fixed, "finding"),
                    console::count(files.len(), "file")
                ));
            }
            return if rounds == MOST_ROUNDS {
                check(folder, tree)
            } else {
                Ok(checked)
            };
        }
    }
}

fn print(diagnostics: &[Diagnostic], format: CheckFormat, folder: &Utf8Path, tree: &FolderTree) {
    let source = |file: &str| tree.read(file, SHOWN).ok();
    // Where a report is read by something else, it shows files from where it runs.
    let prefix = prefix(folder);
    let source_below = |file: &str| source(file.strip_prefix(prefix.as_str()).unwrap_or(file));
    let below = || below(diagnostics, &prefix);
    let text = match format {
        CheckFormat::Full => {
            diagnostics::render_full(diagnostics, &source, console::has_color_on_stdout())
        }
        CheckFormat::Concise => {
            diagnostics::render_concise(diagnostics, &source, console::has_color_on_stdout())
        }
        CheckFormat::Json => diagnostics::render_json(diagnostics, &source),
        CheckFormat::Sarif => diagnostics::render_sarif(&below(), &source_below, &tool()),
        CheckFormat::Github => diagnostics::render_github(&below(), &source_below),
        CheckFormat::Gitlab => diagnostics::render_gitlab(&below(), &source_below),
    };
    if !text.is_empty() {
        console::data(text.trim_end());
    }
}

/// The checked folder as a prefix of paths; empty if it is the current one or does not lie below it.
fn prefix(folder: &Utf8Path) -> String {
    let mut prefix = String::new();
    for part in Path::new(folder).components() {
        match part {
            Component::CurDir => {}
            Component::Normal(name) => {
                prefix.push_str(&name.to_string_lossy());
                prefix.push('/');
            }
            _ => return String::new(),
        }
    }
    prefix
}

fn below(diagnostics: &[Diagnostic], prefix: &str) -> Vec<Diagnostic> {
    let mut below = diagnostics.to_vec();
    for diagnostic in &mut below {
        if let Some(file) = &mut diagnostic.file {
            file.insert_str(0, prefix);
        }
    }
    below
}

fn tool() -> Tool<'static> {
    Tool {
        name: "quayside",
        version: env!("CARGO_PKG_VERSION"),
        rules: RULES
            .iter()
            .map(|rule| ToolRule {
                code: rule.code,
                severity: rule.severity,
                summary: rule.summary(),
                docs: rule.docs,
            })
            .collect(),
    }
}

/// What was checked and found, in a line.
fn summary(checked: &Checked, fixed: bool) -> String {
    let mut line = format!(
        "{} checked",
        console::count(checked.workspaces + checked.left_out, "workspace")
    );
    let count = |severity| {
        let has = |diagnostic: &&Diagnostic| diagnostic.severity == severity;
        checked.diagnostics.iter().filter(has).count()
    };
    let found: Vec<String> = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ]
    .into_iter()
    .filter(|(severity, _)| count(*severity) > 0)
    .map(|(severity, name)| console::count(count(severity), name))
    .collect();
    line.push_str(": ");
    line.push_str(&match found.as_slice() {
        [] => "nothing to say".to_owned(),
        found => found.join(", "),
    });
    if checked.left_out > 0 {
        line.push_str("; ");
        line.push_str(&console::count(checked.left_out, "workspace"));
        line.push_str(" would be left out");
    }
    let fixable = checked
        .diagnostics
        .iter()
        .filter(|found| found.fix.is_some());
    let fixable = fixable.count();
    if fixable > 0 && !fixed {
        line.push_str("; ");
        line.push_str(&console::count(fixable, "finding"));
        line.push_str(" can be put right with `--fix`");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_where_the_command_runs() {
        for (folder, expected) in [
            (".", ""),
            ("", ""),
            ("a", "a/"),
            ("./a/b/", "a/b/"),
            ("../a", ""),
            ("/a", ""),
        ] {
            assert_eq!(prefix(Utf8Path::new(folder)), expected, "{folder}");
        }
    }
}
