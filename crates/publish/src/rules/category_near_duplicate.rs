use std::collections::BTreeMap;

use diagnostics::{Code, Severity};

use crate::categories::{are_near, usual, word};
use crate::context::All;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("category-near-duplicate"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::All(check),
};

const DOCS: &str = r#"## What it does

Looks for categories of the registry that differ by capitals, the sign between words, the plural or a
single letter.

Spellings of the categories that most registries use have a rule of their own: `category-misspelt`.

## Why is this bad?

Consumers show both, each with a part of the workspaces.

## Example

```text
workspaces/blender/workspace.json   "categories": ["3D Modelling"]
workspaces/freecad/workspace.json   "categories": ["3D-modeling"]
```

## Use instead

```text
workspaces/blender/workspace.json   "categories": ["3D Modelling"]
workspaces/freecad/workspace.json   "categories": ["3D Modelling"]
```
"#;

/// More categories than this are not compared: each is compared with each.
const MOST: usize = 500;

fn check(all: &All<'_>, report: &mut Report) {
    let meant = spellings(all);
    if meant.is_empty() {
        return;
    }
    for workspace in all.workspaces {
        for (category, place) in &workspace.categories {
            let Some(other) = meant.get(category.as_str()) else {
                continue;
            };
            report.add(
                workspace
                    .found(
                        &RULE,
                        *place,
                        format!(
                            "category `{}` of workspace `{}` is nearly `{}` of others",
                            shown(category),
                            shown(&workspace.name),
                            shown(other)
                        ),
                    )
                    .with_label("a category of its own")
                    .with_hint(format!("write `{}` if it is the same", shown(other))),
            );
        }
    }
}

/// For each category that is nearly another one, the other: that of more workspaces.
fn spellings<'a>(all: &All<'a>) -> BTreeMap<&'a str, &'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for workspace in all.workspaces {
        for (category, _) in &workspace.categories {
            *counts.entry(category).or_default() += 1;
        }
    }
    let mut categories: Vec<(&str, usize, String)> = counts
        .into_iter()
        // What is misspelt already is reported already.
        .filter(|(category, _)| usual(category).is_none())
        .map(|(category, count)| (category, count, word(category)))
        .filter(|(_, _, word)| !word.is_empty())
        .collect();
    // The most frequent first; of equals the first in the order of their bytes.
    categories.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
    categories.truncate(MOST);
    let mut meant = BTreeMap::new();
    for (index, (category, _, word)) in categories.iter().enumerate() {
        let before = categories[..index]
            .iter()
            .find(|(_, _, other)| other == word || are_near(other, word));
        if let Some((other, _, _)) = before {
            meant.insert(*category, *other);
        }
    }
    meant
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_several;

    fn of(categories: &[&str]) -> String {
        let texts: Vec<String> = categories
            .iter()
            .map(|categories| format!(r#"{{"friendly_name":"A","categories":[{categories}]}}"#))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        check_several(&texts).of(&RULE)
    }

    #[test]
    fn the_spelling_of_most_counts() {
        insta::assert_snapshot!(of(&[r#""3D-modeling""#, r#""3D Modelling""#, r#""3D Modelling","Gaming""#]), @"workspaces/0/workspace.json:1:36: category `3D-modeling` of workspace `A` is nearly `3D Modelling` of others");
        insta::assert_snapshot!(of(&[r#""ai","AI""#]), @"workspaces/0/workspace.json:1:36: category `ai` of workspace `A` is nearly `AI` of others");
    }

    #[test]
    fn what_differs_is_left_alone() {
        assert_eq!(of(&[r#""Gaming","Games","Audio","Video""#]), "");
        assert_eq!(of(&[r#""Browser","browsers""#]), "");
    }
}
