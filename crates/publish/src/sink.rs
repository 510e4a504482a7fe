use std::io;

/// Where the files of a published site go.
///
/// The order of the calls is part of the contract: icons come first, then `list.json`, then `versions.json`, so that
/// no list that a reader can see names an icon that is not there. What a caller adds follows the same rule:
/// `versions.txt` after the build, removals last.
pub trait Sink {
    /// Puts one file into place, whole or not at all; `path` is relative to the site's root, with `/` between the parts.
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;
}
