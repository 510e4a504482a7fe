use diagnostics::Diagnostic;
use model::folder_hash::{FileHasher, Node};

use crate::discover::not_readable;
use crate::path::{join, name_of};
use crate::report::Report;
use crate::{EntryKind, SourceTree, codes};

/// Folders nested deeper than this inside a workspace are refused.
const DEEPEST: usize = 64;
/// The most names in one workspace.
const MOST_ENTRIES: usize = 50_000;

/// Hashes a workspace's folder with everything in it, a piece of a file at a time.
pub(crate) fn folder_hash(
    tree: &dyn SourceTree,
    folder: &str,
    report: &mut Report,
) -> Result<String, Box<Diagnostic>> {
    let mut walk = Walk {
        tree,
        report,
        workspace: folder,
        seen: 0,
    };
    Ok(walk.folder(folder, 0)?.hex())
}

struct Walk<'a> {
    tree: &'a dyn SourceTree,
    report: &'a mut Report,
    workspace: &'a str,
    seen: usize,
}

impl Walk<'_> {
    fn folder(&mut self, path: &str, depth: usize) -> Result<Node, Box<Diagnostic>> {
        let mut entries = self
            .tree
            .entries(path)
            .map_err(|error| Box::new(not_readable(path, &error)))?;
        self.seen += entries.len();
        if depth > DEEPEST || self.seen > MOST_ENTRIES {
            return Err(Box::new(self.too_large()));
        }
        // The hash has an order of its own; this one is for the reports.
        entries.sort_by(|left, right| left.name.cmp(&right.name));
        let mut children = Vec::with_capacity(entries.len());
        for entry in entries {
            let child = join(path, &entry.name);
            match entry.kind {
                EntryKind::File { .. } => children.push(self.file(&child, &entry.name)?),
                EntryKind::Folder => children.push(self.folder(&child, depth + 1)?),
                EntryKind::Unusable(why) => self.report.leave_out(&child, why),
            }
        }
        Ok(Node::folder(name_of(path), children))
    }

    fn file(&self, path: &str, name: &str) -> Result<Node, Box<Diagnostic>> {
        let read = || {
            let mut hasher = FileHasher::new(name);
            let mut file = self.tree.open(path)?;
            let mut buffer = vec![0; 64 * 1024];
            loop {
                match file.read(&mut buffer) {
                    Ok(0) => return Ok(hasher.finish()),
                    Ok(length) => hasher.update(&buffer[..length]),
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
        };
        read().map_err(|error| Box::new(not_readable(path, &error)))
    }

    fn too_large(&self) -> Diagnostic {
        Diagnostic::error(
            codes::FOLDER_TOO_LARGE,
            format!(
                "`{}` is left out: more than {MOST_ENTRIES} names or {DEEPEST} folders deep",
                self.workspace
            ),
        )
        .in_file(self.workspace)
    }
}
