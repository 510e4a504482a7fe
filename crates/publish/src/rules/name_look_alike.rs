use std::collections::BTreeMap;

use diagnostics::{Code, Severity};
use model::fold;

use crate::context::All;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("name-look-alike"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::All(check),
};

const DOCS: &str = r#"## What it does

Looks for workspaces whose names look the same: they differ by capitals, accents, signs between
words, or letters of another script.

## Why is this bad?

People take one for the other.

## Example

```text
workspaces/vscode/workspace.json    "friendly_name": "VS Code"
workspaces/vs-code/workspace.json   "friendly_name": "VS-code"
```

## Use instead

```text
workspaces/vscode/workspace.json    "friendly_name": "VS Code"
workspaces/vs-code/workspace.json   "friendly_name": "VS Code Insiders"
```
"#;

fn check(all: &All<'_>, report: &mut Report) {
    let mut seen = BTreeMap::new();
    for workspace in all.workspaces {
        let look = look(&workspace.name);
        if look.is_empty() {
            continue;
        }
        let Some(first) = seen.get(&look) else {
            seen.insert(look, workspace);
            continue;
        };
        // The same name is the matter of another rule.
        if first.name == workspace.name {
            continue;
        }
        report.add(
            workspace
                .found(
                    &RULE,
                    workspace.name_place,
                    format!(
                        "workspace `{}` looks like `{}` of `{}`",
                        shown(&workspace.name),
                        shown(&first.name),
                        shown(&first.file)
                    ),
                )
                .with_hint("say in the name what is different"),
        );
    }
}

/// What a name looks like at a glance.
fn look(name: &str) -> String {
    fold(name)
        .chars()
        .filter(|sign| {
            !sign.is_whitespace() && !matches!(sign, '-' | '_' | '.' | ',' | '\'' | '(' | ')')
        })
        .map(plain)
        .collect()
}

/// The Latin letter that a sign looks like; of small letters only, for the text is folded.
const fn plain(sign: char) -> char {
    match sign {
        '0' | 'о' | 'ο' => 'o',
        '1' | 'i' | 'і' | 'ι' | 'ı' | '|' => 'l',
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' => 'c',
        'е' | 'ε' => 'e',
        'н' | 'η' => 'h',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'ν' => 'v',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'у' | 'υ' => 'y',
        'х' | 'χ' => 'x',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_several;

    #[test]
    fn looks_are_compared() {
        let texts = [
            r#"{"friendly_name":"VS Code"}"#,
            r#"{"friendly_name":"VS-code"}"#,
            r#"{"friendly_name":"VS Code"}"#,
        ];
        insta::assert_snapshot!(
            check_several(&texts).of(&RULE),
            @"workspaces/1/workspace.json:1:18: workspace `VS-code` looks like `VS Code` of `workspaces/0/workspace.json`"
        );
    }

    #[test]
    fn only_what_looks_the_same_is_the_same() {
        for (left, right, same) in [
            ("Firefox", "Fіrеfох", true),
            ("Kali", "KaIi", true),
            ("Café", "Cafe", true),
            ("0 A.D.", "OAD", true),
            ("C", "C++", false),
            ("C#", "C++", false),
            ("Ubuntu 22.04", "Ubuntu 24.04", false),
            ("", " ", true),
        ] {
            assert_eq!(look(left) == look(right), same, "{left} {right}");
        }
    }
}
