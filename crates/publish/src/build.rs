use std::collections::HashSet;
use std::io;

use diagnostics::Diagnostic;
use model::SchemaForm;
use model::definition::Definition;

use crate::discover::discover;
use crate::icons::publish_logo;
use crate::list::List;
use crate::listed::Listed;
use crate::memory::{Memory, Recollection, Remembering};
use crate::public_files::publish_public_files;
use crate::registry::{Memories, Taker, read_workspaces};
use crate::report::Report;
use crate::storefront::Storefront;
use crate::{Change, Config, Fingerprint, Sink, SourceTree};

/// One version of a site: what is published into one folder.
pub struct Edition<'a> {
    /// What it is made from.
    pub tree: &'a dyn SourceTree,
    /// What the registry says about itself there.
    pub config: &'a Config,
    /// The folder of the site; mostly named after the form.
    pub folder: &'a str,
    /// When it last changed.
    pub modified: Modified,
    /// How it became what it is, the newest change first, as far as that is known.
    pub history: &'a [Change],
    /// What the last build of it remembered; what has not changed since then is not read again.
    pub memory: Option<&'a Memory>,
}

impl<'a> Edition<'a> {
    /// An edition in the folder that is named after its form.
    pub const fn new(tree: &'a dyn SourceTree, config: &'a Config, modified: Modified) -> Self {
        Self {
            tree,
            config,
            folder: config.schema.as_str(),
            modified,
            history: &[],
            memory: None,
        }
    }
}

/// What a list says about when it last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modified {
    /// A known time, milliseconds since 1970.
    At(i64),
    /// The time of the newest file of the tree.
    NewestFile,
}

/// What a build did.
#[derive(Debug)]
pub struct Built {
    /// How many workspaces the list has.
    pub workspaces: usize,
    /// How many were left out; the diagnostics say why.
    pub left_out: usize,
    /// The files of the site that belong to this build, relative to the site's root.
    pub files: HashSet<String>,
    /// What there is to say, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// What the next build need not find out again.
    pub memory: Memory,
}

/// Why a build ended early; what is wrong with a single workspace never ends it.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The source tree cannot be read at all.
    #[error("the registry's folder cannot be read")]
    Read {
        /// What the file system said.
        #[source]
        source: io::Error,
    },
    /// The source tree holds far more than a registry; mostly the wrong folder was named.
    #[error("the registry's folder holds more than {most} files")]
    TooManyFiles {
        /// The limit.
        most: usize,
    },
    /// A file of the site cannot be written: no space, no permission.
    #[error("`{path}` cannot be written")]
    Write {
        /// The file, relative to the site's root.
        path: String,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
}

/// Publishes an edition: reads one workspace after the other and hands the files of the site to the sink.
///
/// Flow: the registry's picture, the icons and pages of listings as they are met, the rest of the storefront, the files
/// that are published as they are, then `list.json`, then, for the form 1.1, `versions.json`. All lie in the edition's
/// folder.
///
/// Guarantees: no list names an icon that was not handed over before it, if the icon exists. The same input gives the
/// same bytes. A workspace that cannot be published is left out and reported.
///
/// Left to the caller, once all editions are built: [`publish_root`](crate::publish_root), `versions.txt` (see
/// [`merge_versions`](crate::merge_versions)), and after that removing what belongs to the site no more.
pub fn build(edition: &Edition<'_>, sink: &mut dyn Sink) -> Result<Built, BuildError> {
    let Edition { tree, config, .. } = *edition;
    let mut report = Report::new(config.severities.clone());
    let mut output = Output::new(edition.folder.to_owned(), sink);
    let found = discover(tree, &mut report)?;
    let modified_ms = match edition.modified {
        Modified::At(time) => time,
        Modified::NewestFile => found.newest_ms.unwrap_or_default(),
    };
    let logo = publish_logo(tree, config, &mut output, &mut report)?;
    let mut pages = Pages {
        list: List::default(),
        storefront: Storefront::new(config, logo, edition.history),
    };
    let configuration = Fingerprint::of([format!("{config:?}").as_bytes()]);
    let mut memories = Memories {
        before: Recollection::of(edition.memory, configuration),
        after: Remembering::with(configuration, edition.memory),
    };
    let counts = read_workspaces(
        tree,
        found.places,
        Some(config),
        Some(&mut memories),
        &mut output,
        &mut report,
        &mut pages,
    )?;
    let Pages { list, storefront } = pages;
    // No page leads to one that is not there.
    output.settle()?;
    storefront.finish(modified_ms, &mut output)?;
    publish_public_files(tree, &mut output, &mut report)?;
    output.settle()?;
    output.write_owned("list.json", list.list_json(config, modified_ms))?;
    if config.schema == SchemaForm::V1_1 {
        output.settle()?;
        output.write("versions.json", &list.versions_json())?;
    }
    Ok(Built {
        workspaces: counts.workspaces,
        left_out: counts.left_out,
        files: output.files,
        diagnostics: report.finish(),
        memory: memories.after.finish(list.into_entries()),
    })
}

/// What is written of the workspaces.
struct Pages<'a> {
    list: List,
    storefront: Storefront<'a>,
}

impl Taker for Pages<'_> {
    fn take(
        &mut self,
        listed: &mut Listed,
        definition: Option<&Definition>,
        icon: Option<&str>,
        output: &mut Output<'_>,
    ) -> Result<bool, BuildError> {
        let is_taken = self.storefront.listing(listed, definition, icon, output)?;
        if is_taken {
            self.list.push(listed);
        }
        Ok(is_taken)
    }
}

/// The sink, with the folder of the form in front of every path.
pub(crate) struct Output<'a> {
    folder: String,
    sink: &'a mut dyn Sink,
    files: HashSet<String>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(folder: String, sink: &'a mut dyn Sink) -> Self {
        Self {
            folder,
            sink,
            files: HashSet::new(),
        }
    }

    pub(crate) fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), BuildError> {
        let path = self.path(path);
        let written = self.sink.write(&path, bytes);
        self.written(path, written)
    }

    /// Like [`write`](Self::write), for what is not needed any more.
    pub(crate) fn write_owned(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), BuildError> {
        let path = self.path(path);
        let written = self.sink.write_owned(&path, bytes);
        self.written(path, written)
    }

    /// Like [`write`](Self::write), and says what it was made from.
    pub(crate) fn write_made(
        &mut self,
        path: &str,
        made_from: Fingerprint,
        bytes: Vec<u8>,
    ) -> Result<(), BuildError> {
        let path = self.path(path);
        let written = self.sink.write_made(&path, made_from, bytes);
        self.written(path, written)
    }

    /// Makes and writes a file, unless it is in place already, made from the same.
    pub(crate) fn make(
        &mut self,
        path: &str,
        made_from: Fingerprint,
        make: impl FnOnce() -> Vec<u8>,
    ) -> Result<(), BuildError> {
        if self.holds(path, made_from) {
            return Ok(());
        }
        self.write_made(path, made_from, make())
    }

    /// Whether a file is in place already, made from the same; then it belongs to the site.
    pub(crate) fn holds(&mut self, path: &str, made_from: Fingerprint) -> bool {
        let path = self.path(path);
        let is_held = self.sink.holds(&path, made_from);
        if is_held {
            self.files.insert(path);
        }
        is_held
    }

    /// Waits until what was written is in place.
    pub(crate) fn settle(&mut self) -> Result<(), BuildError> {
        self.sink.settle().map_err(|source| BuildError::Write {
            path: self.folder.clone(),
            source,
        })
    }

    /// Whether a file of this build was written already.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.contains(&self.path(path))
    }

    fn path(&self, path: &str) -> String {
        [&self.folder, "/", path].concat()
    }

    fn written(&mut self, path: String, written: io::Result<()>) -> Result<(), BuildError> {
        match written {
            Ok(()) => {
                self.files.insert(path);
                Ok(())
            }
            Err(source) => Err(BuildError::Write { path, source }),
        }
    }
}
