use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};

use publish::{Entry, EntryKind, SourceTree, Stamp, Unusable};

use super::objects::Objects;
use super::program::{Git, GitError};

/// Most folders on the way to a file, and most links that are followed on it: the same as in a folder on disk.
const DEEPEST: usize = 64;
const MOST_LINKS: usize = 8;
/// The most files of a commit.
const MOST_FILES: usize = 1_000_000;
/// The longest path that a link may hold.
const LONGEST_LINK: u64 = 4096;

/// A folder of a commit that holds the sources of a registry.
///
/// Links are followed as they would be in a work tree and must stay inside; a submodule's files are not there.
#[derive(Debug)]
pub struct GitTree {
    folders: BTreeMap<String, BTreeMap<String, Node>>,
    objects: Objects,
}

#[derive(Debug, Clone)]
enum Node {
    File { object: String, size: u64 },
    Folder,
    Link { target: String },
    Unusable(Unusable),
}

/// Where a path leads.
struct Resolved {
    /// Without links.
    path: String,
    node: Node,
}

impl GitTree {
    /// Lists what a folder of a commit holds.
    pub(super) fn read(git: &Git, commit: &str, folder: &str) -> Result<Self, GitError> {
        let tree = format!("{commit}:{folder}");
        let answer = git.answer(&["ls-tree", "-r", "-z", "--long", "--full-tree", &tree])?;
        let mut this = Self {
            folders: BTreeMap::from([(String::new(), BTreeMap::new())]),
            objects: Objects::new(git.clone()),
        };
        let lines = answer.split(|byte| *byte == 0);
        for (count, line) in lines.filter(|line| !line.is_empty()).enumerate() {
            if count >= MOST_FILES {
                return Err(GitError::TooMuch);
            }
            this.add(line)?;
        }
        Ok(this)
    }

    /// Adds a line of `git ls-tree`: mode, kind, object, size, tab, path.
    fn add(&mut self, line: &[u8]) -> Result<(), GitError> {
        let tab = line.iter().position(|byte| *byte == b'\t');
        let (head, path) = line.split_at(tab.ok_or(GitError::NotUnderstood)?);
        let head = std::str::from_utf8(head).map_err(|_| GitError::NotUnderstood)?;
        let mut words = head.split_ascii_whitespace();
        let (Some(mode), Some(_), Some(object), Some(size)) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(GitError::NotUnderstood);
        };
        let size = size.parse().unwrap_or(0);
        let node = match mode {
            "120000" if size > LONGEST_LINK => Node::Unusable(Unusable::Dangling),
            "120000" => match self.objects.read(object, size).map(String::from_utf8) {
                Ok(Ok(target)) => Node::Link { target },
                _ => Node::Unusable(Unusable::Dangling),
            },
            "160000" => Node::Unusable(Unusable::Submodule),
            _ => Node::File {
                object: object.to_owned(),
                size,
            },
        };
        let (path, node) = match std::str::from_utf8(&path[1..]) {
            Ok(path) => (path.to_owned(), node),
            Err(_) => (
                readable_part(&path[1..]),
                Node::Unusable(Unusable::NameNotUtf8),
            ),
        };
        self.put(&path, node);
        Ok(())
    }

    fn put(&mut self, path: &str, node: Node) {
        // No name that git itself would write, but one that somebody can.
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return;
        }
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut folder = String::new();
        for part in folders.split('/').filter(|part| !part.is_empty()) {
            let names = self.folders.entry(folder.clone()).or_default();
            names.entry(part.to_owned()).or_insert(Node::Folder);
            folder = join(&folder, part);
        }
        let names = self.folders.entry(folder).or_default();
        names.insert(name.to_owned(), node);
    }

    /// Follows a path from a folder, through links.
    fn resolve(&self, from: &str, path: &str) -> Result<Resolved, Unusable> {
        let mut place = from.to_owned();
        let mut waiting: VecDeque<String> = path.split('/').map(str::to_owned).collect();
        let mut links = 0;
        let mut node = Node::Folder;
        while let Some(part) = waiting.pop_front() {
            match part.as_str() {
                "" | "." => continue,
                ".." if place.is_empty() => return Err(Unusable::LeavesTree),
                ".." => {
                    place.truncate(place.rfind('/').unwrap_or(0));
                    node = Node::Folder;
                    continue;
                }
                _ => {}
            }
            let names = self.folders.get(&place).ok_or(Unusable::Dangling)?;
            let next = names.get(&part).ok_or(Unusable::Dangling)?;
            match next {
                Node::Link { target } if target.starts_with('/') => {
                    return Err(Unusable::LeavesTree);
                }
                Node::Link { target } => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Unusable::Loop);
                    }
                    for part in target.split('/').rev() {
                        waiting.push_front(part.to_owned());
                    }
                }
                Node::Unusable(why) => return Err(*why),
                Node::File { .. } | Node::Folder => {
                    node = next.clone();
                    place = join(&place, &part);
                }
            }
        }
        Ok(Resolved { path: place, node })
    }

    /// Where a path that was made of names leads, and where the folders on the way to it do.
    fn find(&self, path: &str) -> io::Result<(Resolved, Vec<String>)> {
        let mut resolved = Resolved {
            path: String::new(),
            node: Node::Folder,
        };
        let mut way = vec![String::new()];
        if path.is_empty() {
            return Ok((resolved, way));
        }
        for part in path.split('/') {
            if matches!(part, "" | "." | "..") || way.len() > DEEPEST {
                return Err(io::ErrorKind::InvalidInput.into());
            }
            resolved = self
                .resolve(&resolved.path, part)
                .map_err(|why| match why {
                    Unusable::Dangling => io::Error::from(io::ErrorKind::NotFound),
                    _ => io::ErrorKind::PermissionDenied.into(),
                })?;
            way.push(resolved.path.clone());
        }
        Ok((resolved, way))
    }

    fn entry(&self, folder: &str, way: &[String], name: &str) -> Entry {
        match self.resolve(folder, name) {
            Err(why) => Entry::new(name, EntryKind::Unusable(why)),
            Ok(Resolved {
                node: Node::File { object, size },
                ..
            }) => Entry {
                name: name.to_owned(),
                kind: EntryKind::File { size },
                modified_ms: None,
                stamp: stamp(&object),
            },
            Ok(Resolved { path, .. }) if way.contains(&path) => {
                Entry::new(name, EntryKind::Unusable(Unusable::Loop))
            }
            Ok(_) => Entry::new(name, EntryKind::Folder),
        }
    }
}

impl SourceTree for GitTree {
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let (resolved, way) = self.find(folder)?;
        let names = self.folders.get(&resolved.path);
        let names = names.ok_or(io::ErrorKind::NotADirectory)?;
        Ok(names
            .keys()
            .map(|name| self.entry(&resolved.path, &way, name))
            .collect())
    }

    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>> {
        match self.find(path)?.0.node {
            Node::File { object, size } => self.objects.open(&object, size),
            _ => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is not a regular file",
            )),
        }
    }
}

/// The object's name itself: another content has another one.
fn stamp(object: &str) -> Option<Stamp> {
    let mut bytes = [0; 32];
    let digits = object.as_bytes();
    if digits.len() > 2 * bytes.len() || !object.is_ascii() {
        return None;
    }
    for (place, pair) in bytes.iter_mut().zip(object.as_bytes().chunks(2)) {
        *place = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(Stamp(bytes))
}

/// The path up to the first name that is not UTF-8, which is shown with replacement characters.
fn readable_part(path: &[u8]) -> String {
    let mut readable = String::new();
    for part in path.split(|byte| *byte == b'/') {
        let text = String::from_utf8_lossy(part);
        readable = join(&readable, &text);
        if std::str::from_utf8(part).is_err() {
            break;
        }
    }
    readable
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}
