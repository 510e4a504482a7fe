use diagnostics::{Code, Severity};

use crate::PictureFormat;
use crate::context::Context;
use crate::icon::Icon;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-too-small"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r"## What it does

Looks for icons whose longer side has fewer than 64 pixels. An SVG has any size.

## Why is this bad?

Icons are drawn at some fifty pixels, and at twice as many on good screens. A smaller one is blurred.

## Example

```text
workspaces/firefox/firefox.png, 16 by 16 pixels
```

## Use instead

```text
workspaces/firefox/firefox.png, 256 by 256 pixels
```
";

const LEAST: u32 = 64;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Icon::Read(icon) = workspace.icon else {
        return;
    };
    let Some((width, height)) = icon.picture.size else {
        return;
    };
    if icon.picture.format != Some(PictureFormat::Svg) && width.max(height) < LEAST {
        report.add(
            workspace
                .found_in(
                    &RULE,
                    "image_src",
                    format!(
                        "icon `{}` of workspace `{}` has only {width} by {height} pixels",
                        shown(&icon.path),
                        shown(workspace.name())
                    ),
                )
                .with_hint("256 by 256 pixels look well everywhere"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_with;

    #[test]
    fn sixty_four_pixels_are_enough() {
        let of = |side: u8| {
            let gif = [b"GIF89a", &[side, 0, side, 0][..]].concat();
            let json = r#"{"friendly_name":"A","image_src":"a.gif"}"#;
            check_with(json, &[("a.gif", &gif)]).of(&RULE)
        };
        assert_eq!(of(64), "");
        assert_eq!(
            of(63),
            "1:34: icon `a.gif` of workspace `A` has only 63 by 63 pixels"
        );
    }

    #[test]
    fn an_svg_has_any_size() {
        let json = r#"{"friendly_name":"A","image_src":"a.svg"}"#;
        let checked = check_with(json, &[("a.svg", b"<svg width='16' height='16'/>")]);
        assert_eq!(checked.of(&RULE), "");
    }
}
