//! For a pull request.
//!
//! Every text of a registry stands in a code span, which no Markdown, mention, reference or address is looked for in.

use std::fmt::Write as _;

use catalogue::comparison::FieldChange;
use review::Finding;

use super::{Difference, Fate, VersionDifference, first_fields, line_of, path_of};

/// How much of a name or a value is told, characters.
const LONGEST: usize = 100;
/// The longest comment that GitHub takes has 65,536 characters.
const LONGEST_COMMENT: usize = 60_000;

/// The differences as Markdown.
pub(super) fn render(difference: &Difference<'_>) -> String {
    let mut comment = Comment::default();
    comment.line(&format!(
        "**Registry at {}**: {}.",
        code(difference.url),
        difference.summary()
    ));
    if !difference.is_published {
        comment.line("");
        comment.line("Nothing is published there yet: everything is new.");
    }
    for version in &difference.versions {
        comment.version(version);
    }
    comment.finish()
}

/// Lines up to the longest that is taken.
#[derive(Default)]
struct Comment {
    text: String,
    length: usize,
    left_out: usize,
}

impl Comment {
    fn line(&mut self, line: &str) {
        let length = line.chars().count() + 1;
        if self.left_out > 0 || self.length + length > LONGEST_COMMENT {
            self.left_out += 1;
            return;
        }
        self.length += length;
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn finish(mut self) -> String {
        if self.left_out > 0 {
            // Writing to a string cannot fail.
            let _ = writeln!(
                self.text,
                "\n…and {} more lines: `quayside publish diff` tells all.",
                self.left_out
            );
        }
        self.text
    }

    fn version(&mut self, version: &VersionDifference) {
        let fate = match version.fate {
            Fate::Stays => String::new(),
            fate => format!(" ({})", fate.word()),
        };
        self.line("");
        self.line(&format!(
            "#### Version {}{fate}: {}",
            code(&version.folder),
            version.summary()
        ));
        self.line("");
        for caveat in version.caveats() {
            self.line(&format!("> {caveat}"));
            self.line("");
        }
        let comparison = &version.comparison;
        self.wider(version);
        if !comparison.registry.is_empty() {
            self.line("- changed: the registry itself");
            self.fields(&comparison.registry);
        }
        for added in &comparison.added {
            self.line(&format!("- added: {}", code(&added.name)));
        }
        for changed in &comparison.changed {
            let only_files = if changed.fields.is_empty() {
                ", files of its folder"
            } else {
                ""
            };
            self.line(&format!("- changed: {}{only_files}", code(&changed.name)));
            self.fields(&changed.fields);
        }
        for name in &comparison.removed {
            self.line(&format!("- removed: {}", code(name)));
        }
    }

    /// What deserves a look comes first.
    fn wider(&mut self, version: &VersionDifference) {
        let added = version.comparison.added.iter();
        let added = added.map(|added| (&added.name, &added.findings));
        let changed = version.comparison.changed.iter();
        let changed = changed.map(|changed| (&changed.name, &changed.wider));
        let wider: Vec<(&String, &Vec<Finding>)> = added
            .chain(changed)
            .filter(|(_, findings)| !findings.is_empty())
            .collect();
        if wider.is_empty() {
            return;
        }
        self.line("**May do more than before; look at these first:**");
        self.line("");
        for (name, findings) in wider {
            self.line(&format!("- {}", code(name)));
            for finding in findings {
                self.line(&format!(
                    "  - {}: {} is {}",
                    code(finding.id.as_str()),
                    code(&path_of(finding)),
                    code(&finding.value)
                ));
            }
        }
        self.line("");
    }

    fn fields(&mut self, fields: &[FieldChange]) {
        let (told, more) = first_fields(fields);
        for field in told {
            let path = code(&field.path);
            let change = match (&field.before, &field.after) {
                (Some(before), Some(after)) => format!("{} → {}", code(before), code(after)),
                (None, Some(after)) => format!("added, {}", code(after)),
                (Some(before), None) => format!("removed, {}", code(before)),
                (None, None) => continue,
            };
            self.line(&format!("  - {path}: {change}"));
        }
        if more > 0 {
            self.line(&format!("  - and {more} more"));
        }
    }
}

/// A text as a code span: in one line, between more backticks than it has in a row.
fn code(text: &str) -> String {
    let line = line_of(text, LONGEST);
    let (mut longest, mut run) = (0, 0);
    for sign in line.chars() {
        run = if sign == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    // A blank on either side is taken away again, but not from what is blank alone.
    match line.trim().is_empty() {
        true => format!("{fence}(blank){fence}"),
        false if longest > 0 || line.starts_with(' ') || line.ends_with(' ') => {
            format!("{fence} {line} {fence}")
        }
        false => format!("{fence}{line}{fence}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_code_span() {
        for (text, expected) in [
            ("Anchor", "`Anchor`"),
            ("a`b", "`` a`b ``"),
            ("``", "``` `` ```"),
            ("`@ann`", "`` `@ann` ``"),
            ("", "`(blank)`"),
            ("  ", "`(blank)`"),
            (" a", "`  a `"),
            ("a\n\n# b\r", "`a\u{fffd}\u{fffd}# b\u{fffd}`"),
            ("<img src=x>", "`<img src=x>`"),
            ("\u{202e}a", "`\u{fffd}a`"),
        ] {
            assert_eq!(code(text), expected, "{text:?}");
        }
        let long = "`".repeat(1_000);
        let span = code(&long);
        assert!(span.starts_with(&"`".repeat(LONGEST + 1)), "{span}");
    }

    #[test]
    fn a_comment_is_never_too_long() {
        let mut comment = Comment::default();
        for _ in 0..10_000 {
            comment.line(&"ä".repeat(100));
        }
        let text = comment.finish();
        assert!(text.chars().count() < 65_536);
        assert!(
            text.ends_with("…and 9406 more lines: `quayside publish diff` tells all.\n"),
            "{}",
            &text[text.len() - 100..]
        );
    }
}
