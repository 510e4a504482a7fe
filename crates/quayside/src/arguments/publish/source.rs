use std::path::PathBuf;

use clap::Args;

/// What is published: the same for every verb that builds.
#[derive(Debug, Args)]
pub(crate) struct SourceArguments {
    /// Folder with `registry.toml` and `workspaces/`; with --git, the folder inside each branch.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Publish the branches of a git repository: each that is named as a version, such as `1.1`, and the default branch.
    ///
    /// Branches of remotes count too. The work tree is neither read nor changed. A default branch of another name is
    /// published under its schema, unless a branch has that name.
    #[arg(long, value_name = "REPO")]
    pub(crate) git: Option<PathBuf>,
    /// Publish further branches, each into a folder of its name with `_` for `/`; `*` and `?` stand for other signs.
    ///
    /// `develop` and `gh-pages` are published only when their full name is given. May be repeated.
    #[arg(long, value_name = "GLOB", requires = "git")]
    pub(crate) branches: Vec<String>,
    /// When the registry last changed, in milliseconds since 1970.
    ///
    /// Without it: SOURCE_DATE_EPOCH, else the newest commit that changed DIR, if all of DIR is committed, else the
    /// time of the newest file.
    #[arg(long, value_name = "MS", allow_negative_numbers = true, value_parser = milliseconds)]
    pub(crate) modified: Option<i64>,
}

/// The last millisecond that JavaScript has a date for.
const LATEST: i64 = 8_640_000_000_000_000;

/// A time that every reader of a list understands.
pub(crate) fn milliseconds(text: &str) -> Result<i64, String> {
    let time: i64 = text
        .parse()
        .map_err(|_| "give a whole number of milliseconds since 1970".to_owned())?;
    match time {
        ..0 => Err("that is before 1970, when no registry changed".to_owned()),
        0..=LATEST => Ok(time),
        _ => Err("no reader of a list has a date that late".to_owned()),
    }
}
