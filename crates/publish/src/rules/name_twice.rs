use std::collections::BTreeMap;

use diagnostics::{Code, Severity};

use crate::context::All;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("name-twice"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::All(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "workspace `{name}` has the same name as that of `{other}`",
    hint: "say in the name what is different",
};

const DOCS: &str = r#"## What it does

Looks for workspaces with the same `friendly_name`.

## Why is this bad?

People cannot tell them apart. Some storefronts give both one page, so that one of them cannot be
seen.

## Example

```text
workspaces/firefox/workspace.json       "friendly_name": "Firefox"
workspaces/firefox-esr/workspace.json   "friendly_name": "Firefox"
```

## Use instead

```text
workspaces/firefox/workspace.json       "friendly_name": "Firefox"
workspaces/firefox-esr/workspace.json   "friendly_name": "Firefox ESR"
```
"#;

fn check(all: &All<'_>, report: &mut Report) {
    let mut seen = BTreeMap::new();
    for workspace in all.workspaces {
        let Some(first) = seen.get(&*workspace.name) else {
            seen.insert(&*workspace.name, &workspace.file);
            continue;
        };
        report.add(
            workspace
                .found(
                    &RULE,
                    workspace.name_place,
                    WORDS.fill(&[("name", &shown(&workspace.name)), ("other", &shown(first))]),
                )
                .with_hint(WORDS.hint),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_several;

    #[test]
    fn a_name_stands_once() {
        let texts = [
            r#"{"friendly_name":"A"}"#,
            r#"{"friendly_name":"a"}"#,
            r#"{"friendly_name":" A "}"#,
        ];
        insta::assert_snapshot!(
            check_several(&texts).of(&RULE),
            @"workspaces/2/workspace.json:1:18: workspace `A` has the same name as that of `workspaces/0/workspace.json`"
        );
    }
}
