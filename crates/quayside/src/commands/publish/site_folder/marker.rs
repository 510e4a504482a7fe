use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file that marks a folder as written by us and lists what we wrote.
pub(crate) const MARKER: &str = publish::MARKER_FILE;

const FIRST_LINE: &str = "# Written by `quayside publish build`. The next build may change or remove the files that are listed here, and no others.";
/// How a marker begins, whatever later versions say after it.
const BEGINNING: &str = "# Written by `quayside publish build`.";
/// The longest marker that is read.
const LONGEST: u64 = 256 * 1024 * 1024;

/// The list of files that builds wrote to a folder; a line each.
#[derive(Debug)]
pub(super) struct Marker {
    path: PathBuf,
    files: Arc<BTreeSet<String>>,
    /// Whether the file says exactly that.
    is_tidy: bool,
    /// Bytes of the file up to the end of its last whole line.
    whole: u64,
}

impl Marker {
    /// The marker of a folder; nothing if it has none.
    pub(super) fn read(root: &Path) -> io::Result<Option<Self>> {
        let path = root.join(MARKER);
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        }
        let mut bytes = Vec::new();
        File::open(&path)?.take(LONGEST).read_to_end(&mut bytes)?;
        if !bytes.starts_with(BEGINNING.as_bytes()) {
            return Ok(None);
        }
        // A line that was cut off is of a file that was not created.
        let end = bytes.iter().rposition(|byte| *byte == b'\n');
        let whole = end.map_or(0, |end| end + 1);
        let files: BTreeSet<String> = String::from_utf8_lossy(&bytes[..whole])
            .lines()
            .skip(1)
            .filter_map(unescaped)
            .collect();
        Ok(Some(Self {
            is_tidy: bytes == content(&files).as_bytes(),
            whole: whole as u64,
            path,
            files: Arc::new(files),
        }))
    }

    /// Marks an empty folder.
    pub(super) fn create(root: &Path) -> io::Result<Self> {
        let path = root.join(MARKER);
        let files = BTreeSet::new();
        let content = content(&files);
        File::create_new(&path)?.write_all(content.as_bytes())?;
        Ok(Self {
            path,
            files: Arc::new(files),
            is_tidy: true,
            whole: content.len() as u64,
        })
    }

    /// The files that builds wrote, as far as is known.
    pub(super) const fn files(&self) -> &Arc<BTreeSet<String>> {
        &self.files
    }

    /// Opens the list for further files, which are not yet created.
    pub(super) fn journal(&self) -> io::Result<Journal> {
        let file = File::options().append(true).open(&self.path)?;
        file.set_len(self.whole)?;
        if self.whole == 0 {
            // Not even the first line was written whole.
            (&file).write_all(content(&BTreeSet::new()).as_bytes())?;
        }
        Ok(Journal { file })
    }

    /// Replaces the list.
    pub(super) fn rewrite(&self, files: &BTreeSet<String>) -> io::Result<()> {
        if self.is_tidy && *files == *self.files {
            return Ok(());
        }
        let beside = self.path.with_extension("new");
        // Left by an interrupted build; mostly it is not there.
        let _ = fs::remove_file(&beside);
        File::create_new(&beside)?.write_all(content(files).as_bytes())?;
        fs::rename(&beside, &self.path)
    }
}

/// Takes the paths of files before they are created.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
}

impl Journal {
    pub(super) fn add<'p>(&mut self, paths: impl Iterator<Item = &'p str>) -> io::Result<()> {
        let mut lines = String::new();
        for path in paths {
            lines.push_str(&escaped(path));
            lines.push('\n');
        }
        if lines.is_empty() {
            return Ok(());
        }
        self.file.write_all(lines.as_bytes())
    }
}

fn content(files: &BTreeSet<String>) -> String {
    let mut text = format!("{FIRST_LINE}\n");
    for path in files {
        text.push_str(&escaped(path));
        text.push('\n');
    }
    text
}

/// A path in one line.
fn escaped(path: &str) -> Cow<'_, str> {
    if path.contains(['\\', '\n', '\r']) {
        let path = path.replace('\\', "\\\\");
        path.replace('\n', "\\n").replace('\r', "\\r").into()
    } else {
        path.into()
    }
}

/// The path of a line; nothing for one that leads out of the site.
fn unescaped(line: &str) -> Option<String> {
    let mut path = String::with_capacity(line.len());
    let start = line.find('\\').unwrap_or(line.len());
    path.push_str(&line[..start]);
    let mut signs = line[start..].chars();
    while let Some(sign) = signs.next() {
        path.push(match sign {
            '\\' => match signs.next()? {
                'n' => '\n',
                'r' => '\r',
                other => other,
            },
            other => other,
        });
    }
    let leads_out = path
        .split('/')
        .any(|part| matches!(part, "" | "." | "..") || part == MARKER);
    (!leads_out).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_fits_into_a_line() {
        for path in ["a", "1.1/icons/ä b.png", "a\nb", "a\\n", "a\r\\\n"] {
            let line = escaped(path);
            assert_eq!(line.lines().count(), 1);
            assert_eq!(unescaped(&line).as_deref(), Some(path));
        }
        for line in ["", "/etc/passwd", "../x", "a//b", "a/../../b", ".", MARKER] {
            assert_eq!(unescaped(line), None, "{line}");
        }
    }
}
