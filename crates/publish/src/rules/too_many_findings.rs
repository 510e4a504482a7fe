use diagnostics::{Code, Diagnostic, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("too-many-findings"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Counts what is found in each workspace, and ends at 200; errors go on to 400.

## Why is this bad?

What else there is to say about the workspace is not said. A file with that many mistakes is mostly
something else than it should be.

## Example

```text
workspaces/firefox/workspace.json: 5000 duplicate keys
```

## Use instead

Put right what is reported, and check again.
";

/// How many diagnostics a workspace can have.
pub(crate) const MOST_FINDINGS: usize = 200;

pub(crate) fn found(file: &str, unsaid: usize) -> Diagnostic {
    RULE.found(format!("{unsaid} more findings in `{file}` are not shown"))
        .in_file(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn so_much_is_said_and_no_more() {
        let text = format!("{{{}\"friendly_name\":\"A\"}}", "\"a\":1,".repeat(1000));
        let checked = check(&text);
        assert_eq!(checked.diagnostics.len(), MOST_FINDINGS + 1);
        assert!(
            checked.of(&RULE).contains("more findings in"),
            "{}",
            checked.of(&RULE)
        );
    }
}
