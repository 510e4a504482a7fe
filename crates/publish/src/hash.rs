use diagnostics::Diagnostic;
use model::folder_hash::{FileHasher, Node};

use crate::icon::IconFile;
use crate::path::{join, name_of};
use crate::report::Report;
use crate::rules::{folder_too_large, not_readable};
use crate::{Entry, EntryKind, SourceTree};

/// Folders nested deeper than this inside a workspace are refused.
const DEEPEST: usize = 64;
/// The most names in one workspace.
const MOST_ENTRIES: usize = 50_000;

/// Files of a workspace that were read already.
pub(crate) struct Known<'a> {
    /// Its `workspace.json`.
    pub(crate) file: (&'a str, &'a [u8]),
    /// Its icon.
    pub(crate) icon: Option<&'a IconFile>,
}

/// Hashes a workspace's folder with everything in it, a piece of a file at a time.
///
/// `entries` is what lies in the folder. What is known is not read again. Gives the hash of the icon as well, if one is
/// known.
pub(crate) fn folder_hash(
    tree: &dyn SourceTree,
    folder: &str,
    entries: &[Entry],
    known: &Known<'_>,
    report: &mut Report,
) -> Result<(String, Option<[u8; 20]>), Box<Diagnostic>> {
    let mut walk = Walk {
        tree,
        report,
        workspace: folder,
        known,
        seen: 0,
        buffer: Vec::new(),
        icon: None,
    };
    let sha = walk.folder(folder, entries, 0)?.hex();
    Ok((sha, walk.icon))
}

struct Walk<'a> {
    tree: &'a dyn SourceTree,
    report: &'a mut Report,
    workspace: &'a str,
    known: &'a Known<'a>,
    seen: usize,
    buffer: Vec<u8>,
    /// The hash of the icon.
    icon: Option<[u8; 20]>,
}

impl Walk<'_> {
    fn folder(
        &mut self,
        path: &str,
        entries: &[Entry],
        depth: usize,
    ) -> Result<Node, Box<Diagnostic>> {
        self.seen += entries.len();
        if depth > DEEPEST || self.seen > MOST_ENTRIES {
            return Err(Box::new(folder_too_large::found_workspace(
                self.workspace,
                MOST_ENTRIES,
                DEEPEST,
            )));
        }
        let mut children = Vec::with_capacity(entries.len());
        for entry in entries {
            let child = join(path, &entry.name);
            match entry.kind {
                EntryKind::File { .. } => children.push(self.file(&child, &entry.name)?),
                EntryKind::Folder => {
                    let inside = self
                        .tree
                        .entries(&child)
                        .map_err(|error| Box::new(not_readable::found(&child, &error)))?;
                    children.push(self.folder(&child, &inside, depth + 1)?);
                }
                EntryKind::Unusable(why) => self.report.leave_out(&child, why),
            }
        }
        Ok(Node::folder(name_of(path), children))
    }

    fn file(&mut self, path: &str, name: &str) -> Result<Node, Box<Diagnostic>> {
        if path == self.known.file.0 {
            return Ok(Node::file(name, self.known.file.1));
        }
        if let Some(icon) = self.known.icon.filter(|icon| self.is_icon(path, icon)) {
            let node = Node::file(name, &icon.bytes);
            self.icon = Some(node.hash());
            return Ok(node);
        }
        self.hash(path, name)
            .map_err(|error| Box::new(not_readable::found(path, &error)))
    }

    fn is_icon(&self, path: &str, icon: &IconFile) -> bool {
        path.strip_prefix(self.workspace)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|inside| inside == icon.path)
    }

    fn hash(&mut self, path: &str, name: &str) -> std::io::Result<Node> {
        const PIECE: usize = 64 * 1024;
        let mut hasher = FileHasher::new(name);
        let mut file = self.tree.open(path)?;
        self.buffer.resize(PIECE, 0);
        loop {
            match file.read(&mut self.buffer) {
                Ok(0) => return Ok(hasher.finish()),
                Ok(length) => hasher.update(&self.buffer[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}
