use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use camino::Utf8Path;
use diagnostics::Diagnostic;
use publish::{Change, Config, Edition, Modified, SourceTree};
use sources::FolderTree;
use sources::git::{Branch, Repository, Upstream};

use super::own_output::refuse_own_output;
use crate::arguments::{SourceArguments, milliseconds};

/// All that a build publishes.
pub(super) struct Sources {
    /// The versions that can be built, the lowest first.
    pub(super) editions: Vec<Prepared>,
    /// Versions that cannot.
    pub(super) failed: Vec<Failed>,
    /// What there is to say beside that.
    pub(super) notes: Vec<String>,
    /// Whether the editions are all versions that the site is to have.
    pub(super) is_whole: bool,
    /// The content of `CNAME` of what is published now.
    pub(super) domain: Option<Vec<u8>>,
}

/// One version, ready to be built.
#[derive(Clone)]
pub(super) struct Prepared {
    /// The branch that it comes from; nothing for a folder.
    pub(super) branch: Option<String>,
    pub(super) tree: Arc<dyn SourceTree + Send + Sync>,
    pub(super) config: Config,
    /// The folder of the site.
    pub(super) folder: String,
    pub(super) modified: Modified,
    /// How its workspaces became what they are, the newest change first; nothing of a folder.
    pub(super) history: Vec<Change>,
    /// What its configuration gives reason to say.
    pub(super) found: Vec<Diagnostic>,
}

/// A version that cannot be built.
pub(super) struct Failed {
    /// Its branch; nothing for a folder.
    pub(super) branch: Option<String>,
    /// The folder of the site, as far as it is known.
    pub(super) folder: Option<String>,
    pub(super) why: String,
    /// Where it lies, to show what is wrong in it.
    pub(super) tree: Option<Arc<dyn SourceTree + Send + Sync>>,
    pub(super) found: Vec<Diagnostic>,
}

impl Prepared {
    pub(super) fn edition(&self) -> Edition<'_> {
        Edition {
            tree: self.tree.as_ref(),
            config: &self.config,
            folder: &self.folder,
            modified: self.modified,
            history: &self.history,
            memory: None,
        }
    }
}

impl Sources {
    /// Opens what the arguments name; `out` is where the site will lie.
    pub(super) fn open(arguments: &SourceArguments, out: &Path) -> anyhow::Result<Self> {
        let modified = match arguments.modified {
            Some(modified) => Some(modified),
            None => source_date_epoch()?,
        };
        match &arguments.git {
            Some(repository) => of_branches(arguments, repository, modified),
            None => of_folder(&arguments.folder, out, modified),
        }
    }

    /// A folder alone, as somebody works on it; the whole of its site.
    pub(super) fn of_work(folder: &Path) -> anyhow::Result<Self> {
        let mut sources = open_folder(folder, Modified::NewestFile)?;
        sources.is_whole = true;
        Ok(sources)
    }

    /// A folder alone, as it is.
    pub(super) fn of_folder(folder: &Path, out: &Path) -> anyhow::Result<Self> {
        of_folder(folder, out, source_date_epoch()?)
    }
}

fn of_folder(folder: &Path, out: &Path, modified: Option<i64>) -> anyhow::Result<Sources> {
    refuse_own_output(folder, out)?;
    let modified = match modified {
        Some(time) => Modified::At(time),
        None => modified_of(folder, out).map_or(Modified::NewestFile, Modified::At),
    };
    open_folder(folder, modified)
}

fn open_folder(folder: &Path, modified: Modified) -> anyhow::Result<Sources> {
    let path = Utf8Path::from_path(folder)
        .with_context(|| format!("the name of `{}` is not UTF-8", folder.display()))?;
    let tree =
        FolderTree::open(path).with_context(|| format!("failed to open the folder `{path}`"))?;
    let mut sources = Sources {
        editions: Vec::new(),
        failed: Vec::new(),
        notes: Vec::new(),
        is_whole: false,
        domain: None,
    };
    sources.add(Arc::new(tree), None, None, modified, Vec::new());
    Ok(sources)
}

/// The time of the newest commit of a folder that is committed as it is. Git may be missing or refuse: then nobody
/// knows.
fn modified_of(folder: &Path, out: &Path) -> Option<i64> {
    let inside = std::fs::canonicalize(folder)
        .ok()
        .zip(std::fs::canonicalize(out).ok())
        .and_then(|(folder, out)| Some(out.strip_prefix(folder).ok()?.to_str()?.to_owned()));
    Upstream::of(folder)?
        .modified_ms(inside.as_deref())
        .unwrap_or_else(|error| {
            tracing::debug!("git does not say when the folder last changed: {error}");
            None
        })
}

fn of_branches(
    arguments: &SourceArguments,
    path: &Path,
    modified: Option<i64>,
) -> anyhow::Result<Sources> {
    let told = path.display();
    let repository = Repository::open(path)
        .with_context(|| format!("failed to open the git repository `{told}`"))?;
    let branches = repository
        .branches()
        .with_context(|| format!("failed to list the branches of `{told}`"))?;
    let default = repository
        .default_branch()
        .with_context(|| format!("failed to find the default branch of `{told}`"))?;
    let names: Vec<String> = branches.iter().map(|branch| branch.name.clone()).collect();
    let chosen = publish::choose_branches(&names, default.as_deref(), &arguments.branches);
    let folder = folder_in_branches(&arguments.folder)?;
    let mut sources = Sources {
        editions: Vec::new(),
        failed: Vec::new(),
        notes: Vec::new(),
        is_whole: true,
        domain: published_domain(&repository, &branches),
    };
    let wanted = chosen
        .folders
        .iter()
        .map(|(name, folder)| (name, Some(folder.clone())))
        .chain(chosen.default.iter().map(|name| (name, None)));
    for (name, site_folder) in wanted {
        let Some(branch) = branches.iter().find(|branch| branch.name == *name) else {
            continue;
        };
        sources.add_branch(&repository, branch, &folder, site_folder, modified);
    }
    for (name, other) in &chosen.without_folder {
        sources.notes.push(match other {
            Some(other) => format!(
                "branch `{name}` is not published: its folder would be that of branch `{other}`"
            ),
            None => format!("branch `{name}` is not published: no folder can have its name"),
        });
    }
    for pattern in &chosen.unmatched {
        sources
            .notes
            .push(format!("no branch is named like `{pattern}`"));
    }
    for (pattern, name) in &chosen.aside {
        sources.notes.push(format!(
            "`{pattern}` publishes nothing: branch `{name}` is published only when `--branches` gives its full name"
        ));
    }
    if sources.editions.is_empty() && sources.failed.is_empty() {
        bail!(
            "`{told}` has no branch to publish: name one after the version of the registry format that it holds, such as `1.1`, or choose others with `--branches`"
        );
    }
    Ok(sources)
}

/// The folder inside each branch, as git writes it.
fn folder_in_branches(folder: &Path) -> anyhow::Result<String> {
    let told = folder.display();
    let mut parts = Vec::new();
    for part in folder.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::Normal(name) => parts.push(
                name.to_str()
                    .with_context(|| format!("the name of `{told}` is not UTF-8"))?,
            ),
            _ => bail!(
                "`{told}` is no folder inside a branch: with `--git`, give DIR as a path from the root of the repository, or leave it out"
            ),
        }
    }
    Ok(parts.join("/"))
}

/// The domain that GitHub noted beside what is published.
fn published_domain(repository: &Repository, branches: &[Branch]) -> Option<Vec<u8>> {
    const LONGEST: u64 = 4096;
    let published = branches.iter().find(|branch| branch.name == "gh-pages")?;
    let tree = repository.tree(&published.commit, "").ok()?;
    tree.read("CNAME", LONGEST).ok()
}

impl Sources {
    fn add_branch(
        &mut self,
        repository: &Repository,
        branch: &Branch,
        folder: &str,
        site_folder: Option<String>,
        modified: Option<i64>,
    ) {
        let opened = repository.tree(&branch.commit, folder).and_then(|tree| {
            let modified = match modified {
                Some(time) => Some(time),
                None => repository.modified_ms(&branch.commit, folder)?,
            };
            let history = repository.changes(&branch.commit, folder)?;
            Ok((tree, modified.unwrap_or_default(), history))
        });
        match opened {
            Ok((tree, modified, history)) => self.add(
                Arc::new(tree),
                Some(branch.name.clone()),
                site_folder,
                Modified::At(modified),
                history,
            ),
            Err(error) => self.failed.push(Failed {
                branch: Some(branch.name.clone()),
                folder: site_folder,
                why: error.to_string(),
                tree: None,
                found: Vec::new(),
            }),
        }
    }

    /// Adds a version, unless it is one that another branch has the name of.
    fn add(
        &mut self,
        tree: Arc<dyn SourceTree + Send + Sync>,
        branch: Option<String>,
        folder: Option<String>,
        modified: Modified,
        history: Vec<Change>,
    ) {
        // Many keep nothing but a README there.
        if let (Some(branch), None) = (&branch, &folder)
            && !holds_registry(tree.as_ref())
        {
            self.notes.push(format!(
                "the default branch `{branch}` is not published: it holds no registry"
            ));
            return;
        }
        let (config, found) = Config::read(tree.as_ref());
        let Some(config) = config else {
            self.failed.push(Failed {
                branch,
                folder,
                why: format!("it has no usable `{}`", publish::CONFIG_FILE),
                tree: Some(tree),
                found,
            });
            return;
        };
        let folder = folder.unwrap_or_else(|| config.schema.to_string());
        let editions = self
            .editions
            .iter()
            .map(|edition| (Some(&edition.folder), &edition.branch));
        let failed = self
            .failed
            .iter()
            .map(|failed| (failed.folder.as_ref(), &failed.branch));
        let other = editions
            .chain(failed)
            .find(|(known, _)| *known == Some(&folder));
        if let Some((_, other)) = other {
            if let (Some(branch), Some(other)) = (branch, other) {
                self.notes.push(format!(
                    "the default branch `{branch}` is not published: its schema is {folder}, and branch `{other}` has that name"
                ));
            }
            return;
        }
        self.editions.push(Prepared {
            branch,
            tree,
            config,
            folder,
            modified,
            history,
            found,
        });
    }
}

/// Whether somebody meant a folder to be a registry, even if it lost its configuration.
fn holds_registry(tree: &dyn SourceTree) -> bool {
    let is_part = |name: &str| name == publish::CONFIG_FILE || name == "workspaces";
    tree.entries("")
        .is_ok_and(|entries| entries.iter().any(|entry| is_part(&entry.name)))
        || tree.open(publish::template::NEXT_CONFIG_FILE).is_ok()
}

fn source_date_epoch() -> anyhow::Result<Option<i64>> {
    let Ok(seconds) = std::env::var("SOURCE_DATE_EPOCH") else {
        return Ok(None);
    };
    let number: i64 = seconds
        .parse()
        .with_context(|| format!("`SOURCE_DATE_EPOCH` is no number of seconds: {seconds}"))?;
    // A folder is published under a time that every reader understands.
    let milliseconds = milliseconds(&number.saturating_mul(1000).to_string());
    milliseconds
        .map(Some)
        .map_err(|why| anyhow::anyhow!("`SOURCE_DATE_EPOCH` is no time: {seconds}: {why}"))
}
