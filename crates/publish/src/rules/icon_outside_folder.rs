use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::icon::Icon;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-outside-folder"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether `image_src` leads out of the workspace's folder: with `..`, a leading `/`, a backslash
or a drive letter.

## Why is this bad?

Such a file is not published, because a registry of a stranger could publish any file of the
computer that it is built on, or overwrite any file of the site.

## Example

```json
{
  "image_src": "../shared/firefox.png"
}
```

## Use instead

```json
{
  "image_src": "firefox.png"
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    if let Icon::Outside { written } = workspace.icon {
        report.add(
            workspace
                .found_in(
                    &RULE,
                    "image_src",
                    format!(
                        "icon `{}` of workspace `{}` leads out of its folder",
                        shown(written),
                        shown(workspace.name())
                    ),
                )
                .with_label("not published: the workspace is shown without a picture")
                .with_hint("put the picture into the folder and name it alone"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn no_way_leads_out() {
        for path in ["../a.png", "/a.png", "a/../../b.png", ".."] {
            let text = format!(r#"{{"friendly_name":"A","image_src":"{path}"}}"#);
            assert_eq!(
                check(&text).of(&RULE),
                format!("1:34: icon `{path}` of workspace `A` leads out of its folder")
            );
        }
    }
}
