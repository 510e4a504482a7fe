use model::folder_hash::FileHasher;

use crate::discover::Place;
use crate::path::join;
use crate::{Entry, EntryKind, Fingerprint, SourceTree};

/// Folders nested deeper than this in a workspace, and workspaces with more names, are read anew in every build.
const DEEPEST: usize = 8;
const MOST_ENTRIES: usize = 1000;

/// What tells the states of a workspace's folder apart by the names in it and the stamps of its files, none of which is
/// read; nothing where that cannot be relied on.
///
/// To be asked for before anything is read: what changes in between then has another signature in the next build.
pub(crate) fn signature(tree: &dyn SourceTree, place: &Place) -> Option<Fingerprint> {
    let mut hasher = FileHasher::new(&place.folder);
    let mut seen = 0;
    add(
        tree,
        &place.folder,
        place.entries.as_ref()?,
        0,
        &mut seen,
        &mut hasher,
    )?;
    Some(Fingerprint(hasher.finish().hash()))
}

/// Adds what lies in a folder; `entries` are in the order of the names.
fn add(
    tree: &dyn SourceTree,
    folder: &str,
    entries: &[Entry],
    depth: usize,
    seen: &mut usize,
    hasher: &mut FileHasher,
) -> Option<()> {
    *seen += entries.len();
    if depth > DEEPEST || *seen > MOST_ENTRIES {
        return None;
    }
    hasher.update(&(entries.len() as u64).to_le_bytes());
    for entry in entries {
        hasher.update(&(entry.name.len() as u64).to_le_bytes());
        hasher.update(entry.name.as_bytes());
        match entry.kind {
            EntryKind::File { size } => {
                hasher.update(b"f");
                hasher.update(&size.to_le_bytes());
                hasher.update(&entry.stamp?.0);
            }
            EntryKind::Folder => {
                hasher.update(b"d");
                let path = join(folder, &entry.name);
                let mut inside = tree.entries(&path).ok()?;
                inside.sort_by(|left, right| left.name.cmp(&right.name));
                add(tree, &path, &inside, depth + 1, seen, hasher)?;
            }
            EntryKind::Unusable(_) => return None,
        }
    }
    Some(())
}
