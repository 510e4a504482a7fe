use diagnostics::{Code, Severity};
use model::SchemaForm;
use model::json;

use crate::context::All;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::summary::Summary;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("channels-mixed"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::All(check),
};

const DOCS: &str = r#"## What it does

Looks in registries with channels for entries of `compatibility` without `available_tags`.

## Why is this bad?

With a channel chosen, such an entry is shown with its own tag whatever the channel is. Who chose
`stable` gets something else without a word. A registry has channels in all its entries, or in none.

## Example

```json
{
  "compatibility": [
    {"version": "1.17.x", "image": "a/b:1.17.0", "available_tags": ["develop", "1.17.0"]},
    {"version": "1.18.x", "image": "a/b:1.18.0"}
  ]
}
```

## Use instead

```json
{
  "compatibility": [
    {"version": "1.17.x", "image": "a/b:1.17.0", "available_tags": ["develop", "1.17.0"]},
    {"version": "1.18.x", "image": "a/b:1.18.0", "available_tags": ["develop", "1.18.0"]}
  ]
}
```
"#;

fn check(all: &All<'_>, report: &mut Report) {
    let has_channels = |workspace: &Summary| {
        workspace
            .channels
            .iter()
            .any(|channels| !channels.is_empty())
    };
    let applies = all
        .config
        .is_some_and(|config| config.schema == SchemaForm::V1_1);
    let Some(example) = all
        .workspaces
        .iter()
        .find(|workspace| has_channels(workspace))
    else {
        return;
    };
    if !applies {
        return;
    }
    for workspace in all.workspaces {
        let entries = workspace.versions.iter().zip(&workspace.version_places);
        let without: Vec<(&str, json::Span)> = entries
            .zip(&workspace.channels)
            .filter(|(_, channels)| channels.is_empty())
            .map(|((version, place), _)| (version.as_str(), *place))
            .collect();
        let Some((first, place)) = without.first() else {
            continue;
        };
        let more = match without.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let hint = if has_channels(workspace) {
            "name its `available_tags`, as the other versions do".to_owned()
        } else {
            format!(
                "name its `available_tags`, as `{}` does",
                shown(&example.file)
            )
        };
        report.add(
            workspace
                .found(
                    &RULE,
                    *place,
                    format!(
                        "version `{}`{more} of workspace `{}` is in no channel, and others are",
                        shown(first),
                        shown(&workspace.name)
                    ),
                )
                .with_hint(hint),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_several;

    const WITH: &str =
        r#"{"friendly_name":"A","compatibility":[{"version":"1.17.x","available_tags":["a"]}]}"#;
    const WITHOUT: &str = r#"{"friendly_name":"B","compatibility":[{"version":"1.17.x"},{"version":"1.18.x","available_tags":[]}]}"#;

    #[test]
    fn all_or_none() {
        assert_eq!(check_several(&[WITH, WITH]).of(&RULE), "");
        assert_eq!(check_several(&[WITHOUT, WITHOUT]).of(&RULE), "");
        let second = r#"{"friendly_name":"B","compatibility":[5,{"version":"1.17.x","available_tags":["a"]},{"version":"1.18.x"}]}"#;
        insta::assert_snapshot!(check_several(&[WITH, second]).of(&RULE), @"workspaces/1/workspace.json:1:85: version `1.18.x` of workspace `B` is in no channel, and others are");
        insta::assert_snapshot!(check_several(&[WITH, WITHOUT]).of(&RULE), @"workspaces/1/workspace.json:1:39: version `1.17.x` and 1 more of workspace `B` is in no channel, and others are");
    }
}
