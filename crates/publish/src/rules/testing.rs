//! Checks one workspace in memory, for the tests of the rules.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read};

use diagnostics::{Diagnostic, Fix, position};

use super::Rule;
use crate::{Config, Entry, EntryKind, SourceTree, check as check_tree};

const FILE: &str = "workspaces/a/workspace.json";

/// What checking a registry gave.
pub(crate) struct Outcome {
    pub(crate) diagnostics: Vec<Diagnostic>,
    files: BTreeMap<String, Vec<u8>>,
}

/// Checks the text of a `workspace.json` in a registry of the form 1.1.
pub(crate) fn check(text: &str) -> Outcome {
    check_with(text, &[])
}

/// Checks a `workspace.json` that may be no text.
pub(crate) fn check_bytes(bytes: &[u8]) -> Outcome {
    check_files(BTreeMap::from([(FILE.to_owned(), bytes.to_vec())]), "1.1")
}

/// Checks the text of a `workspace.json` with other files in its folder.
pub(crate) fn check_with(text: &str, files: &[(&str, &[u8])]) -> Outcome {
    let mut tree = BTreeMap::from([(FILE.to_owned(), text.as_bytes().to_vec())]);
    for (name, bytes) in files {
        tree.insert(format!("workspaces/a/{name}"), bytes.to_vec());
    }
    check_files(tree, "1.1")
}

/// Checks the text of a `workspace.json` in a registry of that form.
pub(crate) fn check_form(form: &str, text: &str) -> Outcome {
    check_files(
        BTreeMap::from([(FILE.to_owned(), text.as_bytes().to_vec())]),
        form,
    )
}

/// Checks several workspaces, each given as the text of its `workspace.json`: `workspaces/0`, `workspaces/1`, ….
pub(crate) fn check_several(texts: &[&str]) -> Outcome {
    let files = texts.iter().enumerate().map(|(index, text)| {
        let path = format!("workspaces/{index}/workspace.json");
        (path, text.as_bytes().to_vec())
    });
    check_files(files.collect(), "1.1")
}

fn check_files(mut files: BTreeMap<String, Vec<u8>>, form: &str) -> Outcome {
    let config = format!(
        "name = \"R\"\nlist_url = \"https://r.example/\"\ncontact_url = \"\"\nschema = \"{form}\"\n"
    );
    files.insert("registry.toml".to_owned(), config.into_bytes());
    let tree = Files(files);
    let (config, found) = Config::read(&tree);
    let checked = check_tree(&tree, config.as_ref(), found).expect("a tree in memory is readable");
    Outcome {
        diagnostics: checked.diagnostics,
        files: tree.0,
    }
}

impl Outcome {
    /// What one rule found, a line each: `line:column: message`; the file in front if it is another than usual.
    pub(crate) fn of(&self, rule: &Rule) -> String {
        let lines: Vec<String> = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.code == rule.code)
            .map(|diagnostic| self.line(diagnostic))
            .collect();
        lines.join("\n")
    }

    /// The text of the `workspace.json` with the fixes of one rule made.
    pub(crate) fn fixed(&self, rule: &Rule) -> String {
        let fixes: Vec<&Fix> = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.code == rule.code)
            .filter_map(|diagnostic| diagnostic.fix.as_ref())
            .collect();
        let (text, made) = diagnostics::apply(&self.files[FILE], fixes.iter().copied());
        assert_eq!(made, fixes.len(), "every fix can be made");
        String::from_utf8(text).expect("a fixed text is UTF-8")
    }

    fn line(&self, diagnostic: &Diagnostic) -> String {
        let file = diagnostic.file.as_deref().unwrap_or_default();
        let mut line = if file == FILE || file.is_empty() {
            String::new()
        } else {
            format!("{file}:")
        };
        if let (Some(span), Some(text)) = (diagnostic.span, self.files.get(file)) {
            let place = position(text, span.start);
            let _ = write!(line, "{}:{}:", place.line, place.column);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line + &diagnostic.message
    }
}

struct Files(BTreeMap<String, Vec<u8>>);

impl SourceTree for Files {
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let mut entries = BTreeMap::new();
        for (path, content) in &self.0 {
            let rest = match folder {
                "" => Some(path.as_str()),
                _ => path
                    .strip_prefix(folder)
                    .and_then(|rest| rest.strip_prefix('/')),
            };
            let (name, kind) = match rest.map(|rest| (rest, rest.split_once('/'))) {
                None => continue,
                Some((_, Some((name, _)))) => (name, EntryKind::Folder),
                Some((name, None)) => (
                    name,
                    EntryKind::File {
                        size: content.len() as u64,
                    },
                ),
            };
            entries.insert(name.to_owned(), kind);
        }
        Ok(entries
            .into_iter()
            .map(|(name, kind)| Entry::new(name, kind))
            .collect())
    }

    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>> {
        let content = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(content.as_slice()))
    }
}
