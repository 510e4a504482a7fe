use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use diagnostics::Severity;
use model::SchemaForm;
use publish::template::{NEXT_CONFIG_FILE, TemplateConfig};
use publish::{CONFIG_FILE, SourceTree as _};

use super::source_files;
use crate::arguments::ImportArguments;
use crate::{Ending, console};

/// The largest source file shown around a diagnostic, bytes.
const SHOWN: u64 = 256 * 1024;

pub(super) fn run(arguments: &ImportArguments) -> anyhow::Result<Ending> {
    let folder = fetch(arguments)?;
    let tree = source_files::open(&folder)?;
    let Some((mut template, diagnostics)) = TemplateConfig::read(&tree) else {
        bail!(
            "`{}` was not made from the template: it has no `{NEXT_CONFIG_FILE}`",
            folder.display()
        );
    };
    let mut notes = Vec::new();
    if let Some(address) = publish::authoring::address_in_order(&template.list_url) {
        notes.push(format!(
            "`{}` is not the address of the registry's root, so `list_url` is `{address}`",
            template.list_url
        ));
        template.list_url = address;
    }
    let known = publish::authoring::schema_of(&tree, &template);
    let schema = known.unwrap_or(SchemaForm::V1_1);
    if publish::authoring::count_workspaces(&tree) == 0 {
        notes.push(
            "the registry has no workspaces yet: `quayside publish new` adds the first".to_owned(),
        );
    }
    if known.is_none() {
        notes.push(format!(
            "nothing tells its schema, so `schema` is `{schema}`"
        ));
    }
    let text = publish::authoring::registry_toml(&template, schema);
    let file = (CONFIG_FILE.to_owned(), text.clone().into_bytes());
    if source_files::create_all(&folder, &[file])?.is_err() {
        console::error(&format!(
            "`{}` is there already, and nothing was changed; to take over the template's texts again, remove it first",
            folder.join(CONFIG_FILE).display()
        ));
        return Ok(Ending::Refused);
    }
    let source = |file: &str| tree.read(file, SHOWN).ok();
    if arguments.json {
        let report = serde_json::json!({
            "folder": folder,
            "name": template.name,
            "description": template.description,
            "icon": template.icon,
            "list_url": template.list_url,
            "contact_url": template.contact_url,
            "schema": schema.to_string(),
            "default_channel": template.default_channel,
            "diagnostics": serde_json::from_str::<serde_json::Value>(&diagnostics::render_json(&diagnostics, &source))?,
        });
        console::data(&report.to_string());
    } else {
        console::report(&diagnostics::render_full(
            &diagnostics,
            &source,
            console::has_color(),
        ));
        console::data(&folder.join(CONFIG_FILE).display().to_string());
    }
    for note in notes {
        console::note(&format!("note: {note}"));
    }
    console::note(
        "next: `quayside publish check`; then let your pipeline call `quayside publish build`, as those do that `quayside publish init` writes",
    );
    let is_whole = diagnostics
        .iter()
        .all(|found| found.severity < Severity::Error);
    Ok(if is_whole {
        Ending::Done
    } else {
        Ending::Refused
    })
}

/// The folder to work in: the one that is named, a copy of it, or a clone.
fn fetch(arguments: &ImportArguments) -> anyhow::Result<PathBuf> {
    let source = Path::new(&arguments.source);
    if !source.is_dir() && is_address(&arguments.source) {
        let out = match &arguments.out {
            Some(out) => out.clone(),
            None => PathBuf::from(repository_name(&arguments.source)?),
        };
        source_files::require_empty(&out)?;
        clone(&arguments.source, &out)?;
        return Ok(out);
    }
    match &arguments.out {
        None => Ok(source.to_owned()),
        Some(out) => {
            source_files::copy_folder(source, out)?;
            Ok(out.clone())
        }
    }
}

fn is_address(source: &str) -> bool {
    let is_short_ssh = source
        .split_once(':')
        .is_some_and(|(host, _)| host.contains('@') && !host.contains('/'));
    source.contains("://") || is_short_ssh
}

fn repository_name(address: &str) -> anyhow::Result<&str> {
    address
        .trim_end_matches('/')
        .rsplit(['/', ':'])
        .next()
        .map(|name| name.trim_end_matches(".git"))
        .filter(|name| !name.is_empty() && !name.starts_with('.') && !name.starts_with('-'))
        .with_context(|| {
            format!("`{address}` does not end with a name: name a folder with `--out`")
        })
}

/// Clones a repository without asking anybody anything, and without running what lies in it.
fn clone(address: &str, out: &Path) -> anyhow::Result<()> {
    let mut git = Command::new("git");
    git.args([
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "core.fsmonitor=false",
    ])
    .args(["clone", "--quiet", "--no-recurse-submodules", "--"])
    .arg(address)
    .arg(out)
    .env("GIT_TERMINAL_PROMPT", "0")
    .env("GIT_ALLOW_PROTOCOL", "http:https:ssh:git:file")
    .stdin(Stdio::null())
    .stdout(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let is_git = name.to_str().is_some_and(|name| {
            name.starts_with("GIT_")
                && !name.starts_with("GIT_SSH")
                && name != "GIT_TERMINAL_PROMPT"
                && name != "GIT_ALLOW_PROTOCOL"
        });
        if is_git {
            git.env_remove(name);
        }
    }
    let status = git
        .status()
        .context("failed to run `git`: is it installed?")?;
    if !status.success() {
        bail!("`git clone` of `{address}` failed; what git says stands above");
    }
    Ok(())
}
