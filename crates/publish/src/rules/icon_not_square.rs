use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::icon::Icon;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-not-square"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r"## What it does

Looks whether one side of an icon is more than a tenth longer than the other.

## Why is this bad?

Icons are shown in a square. A wide one becomes a thin strip in it, or is drawn out of shape.

## Example

```text
workspaces/firefox/firefox.png, 800 by 200 pixels
```

## Use instead

```text
workspaces/firefox/firefox.png, 256 by 256 pixels
```
";

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Icon::Read(icon) = workspace.icon else {
        return;
    };
    let Some((width, height)) = icon.picture.size else {
        return;
    };
    let (shorter, longer) = (width.min(height), width.max(height));
    if u64::from(longer) * 10 > u64::from(shorter) * 11 {
        report.add(
            workspace
                .found_in(
                    &RULE,
                    "image_src",
                    format!(
                        "icon `{}` of workspace `{}` is not square: {width} by {height}",
                        shown(&icon.path),
                        shown(workspace.name())
                    ),
                )
                .with_hint("put it on a square with a transparent ground"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_with;

    #[test]
    fn a_tenth_does_no_harm() {
        let of = |width: u32, height: u32| {
            let svg = format!("<svg width='{width}' height='{height}'/>");
            let json = r#"{"friendly_name":"A","image_src":"a.svg"}"#;
            check_with(json, &[("a.svg", svg.as_bytes())]).of(&RULE)
        };
        assert_eq!(of(100, 100), "");
        assert_eq!(of(110, 100), "");
        assert_eq!(
            of(111, 100),
            "1:34: icon `a.svg` of workspace `A` is not square: 111 by 100"
        );
        assert_eq!(
            of(1, 4_000_000_000),
            "1:34: icon `a.svg` of workspace `A` is not square: 1 by 4000000000"
        );
    }
}
