use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::icon::{Icon, LARGEST_ICON};
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-too-large"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r"## What it does

Looks whether an icon is larger than 2 MiB.

## Why is this bad?

Consumers do not fetch it, so that the workspace is shown without a picture. Icons are drawn at some
fifty pixels; a few kilobytes are enough.

## Example

```text
workspaces/firefox/firefox.png, 4000 by 4000 pixels, 6 MiB
```

## Use instead

```text
workspaces/firefox/firefox.png, 256 by 256 pixels, 20 kB
```
";

fn check(workspace: &Context<'_>, report: &mut Report) {
    if let Icon::TooLarge { path } = workspace.icon {
        report.add(
            workspace
                .found_in(
                    &RULE,
                    "image_src",
                    format!(
                        "icon `{}` of workspace `{}` is larger than {} MiB",
                        shown(path),
                        shown(workspace.name()),
                        LARGEST_ICON / 1024 / 1024
                    ),
                )
                .with_label("not published: consumers would not fetch it"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_with;

    #[test]
    fn two_mebibytes_are_enough() {
        let json = r#"{"friendly_name":"A","image_src":"a.png"}"#;
        let of = |size: u64| check_with(json, &[("a.png", &vec![0; size as usize])]).of(&RULE);
        assert_eq!(of(LARGEST_ICON), "");
        assert_eq!(
            of(LARGEST_ICON + 1),
            "1:34: icon `a.png` of workspace `A` is larger than 2 MiB"
        );
    }
}
