use std::path::Path;

use super::program::{Git, GitError};

/// What git knows about a folder of a work tree.
#[derive(Debug)]
pub struct Upstream {
    git: Git,
}

impl Upstream {
    /// Looks for a repository around a folder; nothing is run where there is none.
    pub fn of(folder: &Path) -> Option<Self> {
        let folder = std::fs::canonicalize(folder).ok()?;
        folder
            .ancestors()
            .any(|above| above.join(".git").symlink_metadata().is_ok())
            .then(|| Git::at(&folder).ok())
            .flatten()
            .map(|git| Self { git })
    }

    /// When the newest commit that changed the folder was made, milliseconds since 1970; nothing if it has no history,
    /// or if something in it, the excepted folder aside, is not committed.
    pub fn modified_ms(&self, except: Option<&str>) -> Result<Option<i64>, GitError> {
        let Some(modified) = modified_ms(&self.git, "HEAD", Some("."))? else {
            return Ok(None);
        };
        Ok(self.is_clean(except)?.then_some(modified))
    }

    fn is_clean(&self, except: Option<&str>) -> Result<bool, GitError> {
        let mut git = self.git.clone();
        git.settings = self.filters()?;
        let mut arguments = [
            "status",
            "--porcelain",
            "-z",
            "--no-renames",
            "--ignore-submodules=all",
            "--untracked-files=normal",
            "--",
            ".",
        ]
        .map(str::to_owned)
        .to_vec();
        arguments.extend(except.map(|folder| format!(":(exclude,literal){folder}")));
        Ok(git.answer(&arguments)?.is_empty())
    }

    /// Overrides for all programs that the repository would have files go through on their way in.
    fn filters(&self) -> Result<Vec<(String, String)>, GitError> {
        let names = self.git.answer_if_any(&[
            "config",
            "--null",
            "--name-only",
            "--get-regexp",
            r"^filter\.",
        ])?;
        let names = names.unwrap_or_default();
        let names = String::from_utf8_lossy(&names);
        Ok(names
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(|name| {
                let is_flag = name.ends_with(".required");
                (
                    name.to_owned(),
                    if is_flag { "false" } else { "" }.to_owned(),
                )
            })
            .collect())
    }
}

/// The time of the newest commit up to a given one that changed what a path names.
pub(super) fn modified_ms(
    git: &Git,
    commit: &str,
    pathspec: Option<&str>,
) -> Result<Option<i64>, GitError> {
    let mut arguments = vec!["rev-list", "--max-count=1", "--format=%ct", commit, "--"];
    arguments.extend(pathspec);
    let answer = git.answer_if_any(&arguments)?;
    let answer = answer.unwrap_or_default();
    let text = String::from_utf8_lossy(&answer);
    let seconds = text
        .lines()
        .last()
        .and_then(|line| line.parse::<i64>().ok());
    Ok(seconds.map(|seconds| seconds.saturating_mul(1000)))
}
