use std::path::Path;

use publish::Change;

use super::program::{Git, GitError};
use super::tree::GitTree;

/// The most branches that are looked at.
const MOST_BRANCHES: usize = 10_000;

/// A git repository.
#[derive(Debug)]
pub struct Repository {
    git: Git,
}

/// A branch of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its name, without the remote's.
    pub name: String,
    /// The remote that it was fetched from; nothing for a local one.
    pub remote: Option<String>,
    /// The commit that it stands at.
    pub commit: String,
}

impl Repository {
    /// Opens the repository that a folder is, or lies in.
    pub fn open(path: &Path) -> Result<Self, GitError> {
        let git = Git::at(path)?;
        match git.answer(&["rev-parse", "--git-dir"]) {
            Ok(_) => Ok(Self { git }),
            Err(GitError::Refused { message }) if message.starts_with("not a git repository") => {
                Err(GitError::NoRepository)
            }
            Err(error) => Err(error),
        }
    }

    /// The branches, each name once: the local one before those of remotes, and `origin` before other remotes.
    pub fn branches(&self) -> Result<Vec<Branch>, GitError> {
        let answer = self.git.answer(&[
            "for-each-ref",
            &format!("--count={MOST_BRANCHES}"),
            "--format=%(objectname) %(objecttype) %(refname)",
            "refs/heads",
            "refs/remotes",
        ])?;
        let mut branches: Vec<Branch> = answer
            .split(|byte| *byte == b'\n')
            // A name that is not UTF-8 can be no folder of a site.
            .filter_map(|line| branch(std::str::from_utf8(line).ok()?))
            .collect();
        branches.sort_by_key(|branch| {
            let rank = match branch.remote.as_deref() {
                None => 0,
                Some("origin") => 1,
                Some(_) => 2,
            };
            (branch.name.clone(), rank, branch.remote.clone())
        });
        branches.dedup_by(|later, earlier| later.name == earlier.name);
        Ok(branches)
    }

    /// The name of the branch that people get who ask for none.
    ///
    /// What the remote says; where it is not known, `main` or `master`; then the one that is checked out.
    pub fn default_branch(&self) -> Result<Option<String>, GitError> {
        let symbolic = |name: &str, prefix: &str| -> Result<Option<String>, GitError> {
            let answer = self
                .git
                .answer_if_any(&["symbolic-ref", "--quiet", name])?
                .unwrap_or_default();
            let text = String::from_utf8_lossy(&answer);
            Ok(text.trim().strip_prefix(prefix).map(str::to_owned))
        };
        if let Some(name) = symbolic("refs/remotes/origin/HEAD", "refs/remotes/origin/")? {
            return Ok(Some(name));
        }
        let head = symbolic("HEAD", "refs/heads/")?;
        let is_bare = self.git.answer(&["rev-parse", "--is-bare-repository"])?;
        if is_bare.starts_with(b"true") && head.is_some() {
            return Ok(head);
        }
        let branches = self.branches()?;
        let usual = ["main", "master"]
            .into_iter()
            .find(|name| branches.iter().any(|branch| branch.name == *name));
        Ok(usual.map(str::to_owned).or(head))
    }

    /// Opens a folder of a commit; the empty path is the commit's root.
    pub fn tree(&self, commit: &str, folder: &str) -> Result<GitTree, GitError> {
        GitTree::read(&self.git, commit, folder)
    }

    /// How the workspaces in a folder became what they are, up to a given commit; the newest change first.
    pub fn changes(&self, commit: &str, folder: &str) -> Result<Vec<Change>, GitError> {
        super::changes::changes(&self.git, commit, folder)
    }

    /// When the newest commit that changed a folder was made, up to a given commit; milliseconds since 1970.
    pub fn modified_ms(&self, commit: &str, folder: &str) -> Result<Option<i64>, GitError> {
        let pathspec = (!folder.is_empty()).then(|| format!(":(top,literal){folder}"));
        super::history::modified_ms(&self.git, commit, pathspec.as_deref())
    }
}

fn branch(line: &str) -> Option<Branch> {
    let mut words = line.splitn(3, ' ');
    let (commit, kind, reference) = (words.next()?, words.next()?, words.next()?);
    if kind != "commit" {
        return None;
    }
    if let Some(name) = reference.strip_prefix("refs/heads/") {
        return Some(Branch {
            name: name.to_owned(),
            remote: None,
            commit: commit.to_owned(),
        });
    }
    let (remote, name) = reference.strip_prefix("refs/remotes/")?.split_once('/')?;
    // `origin/HEAD` is another name of a branch.
    (name != "HEAD").then(|| Branch {
        name: name.to_owned(),
        remote: Some(remote.to_owned()),
        commit: commit.to_owned(),
    })
}
