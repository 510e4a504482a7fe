use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("name-too-long"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for names longer than 200 characters, and for those with more than 80 in a row without a blank.

## Why is this bad?

Consumers show names on tiles. There they are cut off, or they push the rest aside.

## Example

```json
{
  "friendly_name": "Firefox, the web browser of Mozilla, with all the add-ons that our department has asked for since 2019 and the certificates of both of our proxies, in the language that the browser of the person who opens it prefers"
}
```

## Use instead

```json
{
  "friendly_name": "Firefox",
  "description": "With our department's add-ons and the certificates of both proxies."
}
```
"#;

/// Characters of a name.
const MOST: usize = 200;
/// Characters between two blanks of it.
const MOST_IN_A_ROW: usize = 80;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Some(value) = workspace.value("friendly_name") else {
        return;
    };
    let Some(name) = value.as_str() else { return };
    let length = name.chars().count();
    let row = name.split_whitespace().map(|word| word.chars().count());
    let row = row.max().unwrap_or_default();
    let (what, hint) = if length > MOST {
        (
            format!("has {length} characters; {MOST} are the most"),
            "keep what tells it apart, and say the rest in `description`",
        )
    } else if row > MOST_IN_A_ROW {
        (
            format!("has {row} characters in a row without a blank; {MOST_IN_A_ROW} are the most"),
            "put blanks between its words",
        )
    } else {
        return;
    };
    report.add(
        workspace
            .found(
                &RULE,
                value.span,
                format!("the name `{}` {what}", shown(name)),
            )
            .with_hint(hint),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn names_fit_onto_tiles() {
        let of = |name: &str| {
            let found = check(&format!(r#"{{"friendly_name":"{name}"}}"#)).of(&RULE);
            found
                .split("` ")
                .last()
                .map(str::to_owned)
                .unwrap_or_default()
        };
        assert_eq!(of(&"ä".repeat(80)), "");
        assert_eq!(
            of(&"ä".repeat(81)),
            "has 81 characters in a row without a blank; 80 are the most"
        );
        assert_eq!(of(&"a b ".repeat(50)), "");
        assert_eq!(
            of(&"a b ".repeat(51)),
            "has 204 characters; 200 are the most"
        );
    }
}
