use diagnostics::{Code, Edit, Fix, Severity, Span};
use memchr::memmem;
use model::json;

use crate::context::Text;
use crate::report::Report;
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("line-ends-crlf"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Text(check),
};

const DOCS: &str = r#"## What it does

Looks for a `workspace.json` whose lines end in CR LF, as on Windows.

## Why is this bad?

Git may store such a file with other line ends than it lies there. The `sha` of a workspace is made
from its files, so that the same commit gives one `sha` here and another there, and consumers see a
change where there is none.

## Example

```text
{\r\n
  "friendly_name": "Firefox"\r\n
}\r\n
```

## Use instead

```text
{\n
  "friendly_name": "Firefox"\n
}\n
```
"#;

/// A longer file is not offered to be changed: each line is an edit of its own.
const MOST_LINES: usize = 10_000;

fn check(text: &Text<'_>, report: &mut Report) {
    let mut ends = memmem::find_iter(text.bytes, b"\r\n").peekable();
    let Some(first) = ends.peek().copied() else {
        return;
    };
    let diagnostic = text
        .found(
            &RULE,
            json::Span::new(first, first),
            format!("the lines of `{}` end in CR LF", text.file),
        )
        .with_hint("save it with the line ends of Unix, LF");
    let edits: Vec<Edit> = ends
        .take(MOST_LINES + 1)
        .map(|place| Edit {
            span: Span {
                start: place,
                end: place + 1,
            },
            text: String::new(),
        })
        .collect();
    report.add(if edits.len() > MOST_LINES {
        diagnostic
    } else {
        diagnostic.with_fix(Fix {
            title: "end the lines in LF".to_owned(),
            edits,
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn lines_end_in_lf() {
        let checked = check("{\r\n\"friendly_name\": \"A\"\n}\r\n");
        assert_eq!(
            checked.of(&RULE),
            "1:2: the lines of `workspaces/a/workspace.json` end in CR LF"
        );
        assert_eq!(checked.fixed(&RULE), "{\n\"friendly_name\": \"A\"\n}\n");
        assert_eq!(check("{\n\r}").of(&RULE), "");
        let long = "\r\n".repeat(MOST_LINES + 1);
        assert_eq!(check(&long).fixed(&RULE), long);
    }
}
