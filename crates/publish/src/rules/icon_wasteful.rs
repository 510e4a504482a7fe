use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::icon::Icon;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-wasteful"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r"## What it does

Looks for icons of more than 250 kB, or with a side of more than 1024 pixels.

## Why is this bad?

Every visitor fetches the icons, and they are drawn at some fifty pixels: a page of such icons takes
long to appear.

## Example

```text
workspaces/firefox/firefox.png, 2000 by 2000 pixels, 900 kB
```

## Use instead

```text
workspaces/firefox/firefox.png, 256 by 256 pixels, 20 kB
```
";

const MOST_BYTES: usize = 250_000;
const MOST_PIXELS: u32 = 1024;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Icon::Read(icon) = workspace.icon else {
        return;
    };
    // An SVG has no pixels of its own.
    let raster = icon
        .picture
        .format
        .is_some_and(crate::PictureFormat::is_raster);
    let side = icon.picture.size.filter(|_| raster);
    let side = side.map_or(0, |(width, height)| width.max(height));
    let why = if icon.bytes.len() > MOST_BYTES {
        format!("{} kB", icon.bytes.len().div_ceil(1000))
    } else if side > MOST_PIXELS {
        format!("{side} pixels wide or high")
    } else {
        return;
    };
    report.add(
        workspace
            .found_in(
                &RULE,
                "image_src",
                format!(
                    "icon `{}` of workspace `{}` is larger than needed: {why}",
                    shown(&icon.path),
                    shown(workspace.name())
                ),
            )
            .with_hint("256 by 256 pixels and 20 kB look the same"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_with;

    #[test]
    fn a_page_of_icons_stays_light() {
        let of = |side: u16, length: usize| {
            let [low, high] = side.to_le_bytes();
            let mut gif = [b"GIF89a", &[low, high, low, high][..]].concat();
            gif.resize(length, 0);
            let json = r#"{"friendly_name":"A","image_src":"a.gif"}"#;
            check_with(json, &[("a.gif", &gif)]).of(&RULE)
        };
        assert_eq!(of(1024, MOST_BYTES), "");
        assert_eq!(
            of(1025, 10),
            "1:34: icon `a.gif` of workspace `A` is larger than needed: 1025 pixels wide or high"
        );
        assert_eq!(
            of(64, MOST_BYTES + 1),
            "1:34: icon `a.gif` of workspace `A` is larger than needed: 251 kB"
        );
    }
}
