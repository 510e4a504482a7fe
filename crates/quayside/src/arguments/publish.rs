//! `quayside publish …`: each verb's arguments, in the order of `--help`.

mod add_version;
mod build;
mod check;
mod convert;
mod diff;
mod explain;
mod form;
mod import;
mod init;
mod new;
mod preview;
mod schema;
mod sizes;
mod source;

use clap::Subcommand;

pub(crate) use add_version::AddVersionArguments;
pub(crate) use build::BuildArguments;
pub(crate) use check::{CheckArguments, CheckFormat};
pub(crate) use convert::ConvertArguments;
pub(crate) use diff::{DiffArguments, DiffFormat};
pub(crate) use explain::ExplainArguments;
pub(crate) use form::FormArgument;
pub(crate) use import::ImportArguments;
pub(crate) use init::InitArguments;
pub(crate) use new::NewArguments;
pub(crate) use preview::PreviewArguments;
pub(crate) use schema::{SchemaArguments, SchemaName};
pub(crate) use sizes::SizesArguments;
pub(crate) use source::{SourceArguments, milliseconds};

#[derive(Debug, Subcommand)]
pub(crate) enum PublishCommand {
    /// Begin a registry: its configuration, an example, pipelines for GitHub and GitLab, and two READMEs.
    ///
    /// Nothing that is there is overwritten: if one of the files exists, nothing is written and the exit code is 1.
    /// README.md then leads on: add, check, preview, publish, next version, a domain of your own.
    ///
    /// Example: quayside publish init registry --name "Ann's tools" --list-url https://ann.example/registry/
    Init(InitArguments),
    /// Add a workspace: asks for what it needs, or takes it from the options.
    ///
    /// Writes workspaces/NAME/workspace.json and an icon. Asks the image registry for architectures and size, for 30
    /// seconds at most; without an answer it says so and the size is left to `quayside publish sizes`.
    ///
    /// Example: quayside publish new --image docker.io/kasmweb/firefox:1.17.0 --name Firefox --category Browser
    New(NewArguments),
    /// Take over a registry that was made from the public template.
    ///
    /// Reads the texts in site/next.config.js and the default channel in processing/processjson.js, and writes them to
    /// registry.toml. Neither file is run; one that is broken still gives what can be read. Everything else stays as it
    /// is. Exit code 1 if something could not be read.
    ///
    /// Example: quayside publish import https://github.com/ann/kasm-registry
    Import(ImportArguments),
    /// Write every workspace.json in the other form of the format, and say what is lost.
    ///
    /// Order, unknown keys and blanks stay as they are. To 1.1, each version gets the image and size of the workspace;
    /// to 1.0, all versions get those of the newest one, and channels are lost. Nothing is written unless every file
    /// can be converted; then the exit code is 1.
    ///
    /// Example: git checkout -b 1.1 && quayside publish convert --to 1.1
    Convert(ConvertArguments),
    /// Add an entry for a version of the server to every workspace that has none.
    ///
    /// In the form 1.1 it is a copy of the newest entry, with another tag and size if you say so; in the form 1.0 the
    /// version alone. Prints the files that were changed; exit code 1 if some could not be.
    ///
    /// Example: quayside publish add-version 1.19.x --tag 1.19.0 && quayside publish sizes
    AddVersion(AddVersionArguments),
    /// Measure images and write their unpacked size into the workspace.json files.
    ///
    /// Layers stream by and are counted; nothing of them is kept. The size is in decimal megabytes, and a worst case:
    /// that of the largest architecture, shared layers not left out. What was measured is written at once, and layers
    /// are remembered in .quayside-sizes.json until all is done, so that a run that was cut off goes on where it was.
    /// Exit code 1 if an image could not be measured.
    ///
    /// Example: quayside publish sizes --missing
    Sizes(SizesArguments),
    /// Find the mistakes of a registry before anybody else does.
    ///
    /// Reads everything that a build reads and writes nothing. Findings go to stdout in the order of the files, each
    /// with its place, what is wrong, and what to do. Exit code 0 when there is no error, 1 when there is one, 2 when
    /// the folder could not be read.
    Check(CheckArguments),
    /// Show the site while you work on it: pages reload when you save, and tell what is wrong.
    ///
    /// Prints an address of this machine. What `check` finds is shown in the page, with its place and what to do, and is
    /// gone once it is put right. While registry.toml is broken, the last good site stays. Nothing is written to DIR;
    /// Ctrl-C ends it.
    ///
    /// Example: quayside publish preview
    Preview(PreviewArguments),
    /// Explain a finding: what is looked for, why it is bad, and what to use instead.
    ///
    /// Example: quayside publish explain icon-not-found
    Explain(ExplainArguments),
    /// Print the JSON Schema of a registry's files, for editors.
    Schema(SchemaArguments),
    /// Write the site that consumers add: lists, icons and pages.
    ///
    /// DIR holds `registry.toml` and `workspaces/<Folder>/workspace.json` with an icon each. A workspace that cannot
    /// be read is left out and reported on stderr; the others are published. The site is changed file by file, each
    /// whole, and lists last, so that it can be served meanwhile; a build that was interrupted is completed by the
    /// next. What earlier builds wrote for other schemas stays. Beside the site, `.quayside-cache` makes the next
    /// build quick; it may be deleted.
    ///
    /// Exit code 0 when the site was written, 1 when --strict or --live forbade it, 2 when it could not be.
    ///
    /// Example: quayside publish build --git . --out public --live https://registry.example/
    Build(BuildArguments),
    /// Tell what this build would change of what is live.
    ///
    /// Builds without writing and reads every version that is published under URL: which workspaces are added, changed,
    /// with each part before and after, and removed, and which may do more on a host than before: run as root, run
    /// privileged. Where nothing is published yet, everything is new. A folder is one version; with --git, versions
    /// that no branch makes are removed.
    ///
    /// Exit code 0 whether there are differences or not, 2 when what is live or what is to be built cannot be read.
    Diff(DiffArguments),
}
