use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::icon::Icon;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-not-named"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether `image_src` names a file.

## Why is this bad?

The workspace is shown without a picture.

## Example

```json
{
  "friendly_name": "Firefox",
  "image_src": ""
}
```

## Use instead

```json
{
  "friendly_name": "Firefox",
  "image_src": "firefox.png"
}
```
"#;

pub(crate) const NAME_A_FILE: &str =
    "put a picture into the folder and its file name into `image_src`";

fn check(workspace: &Context<'_>, report: &mut Report) {
    if matches!(workspace.icon, Icon::NotNamed) {
        report.add(
            workspace
                .found_in(
                    &RULE,
                    "image_src",
                    format!("workspace `{}` names no icon", shown(workspace.name())),
                )
                .with_hint(NAME_A_FILE),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn an_icon_has_a_name() {
        assert_eq!(
            check(r#"{"friendly_name":"A"}"#).of(&RULE),
            "1:1: workspace `A` names no icon"
        );
        for value in ["\"\"", "\" \"", "null", "5"] {
            let text = format!(r#"{{"friendly_name":"A","image_src":{value}}}"#);
            assert_eq!(check(&text).of(&RULE), "1:34: workspace `A` names no icon");
        }
    }
}
