use diagnostics::{Code, Severity};

use crate::PictureFormat;
use crate::context::Context;
use crate::icon::Icon;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-of-other-format"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r"## What it does

Looks whether an icon is what the end of its name says.

## Why is this bad?

Servers tell browsers what a file is by its name. An SVG that is called a PNG is not shown at all;
other pictures are shown by some programs and not by others.

## Example

```text
workspaces/firefox/firefox.png, which is an SVG
```

## Use instead

```text
workspaces/firefox/firefox.svg
```
";

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Icon::Read(icon) = workspace.icon else {
        return;
    };
    let Some(format) = icon.picture.format else {
        return;
    };
    let promised = PictureFormat::of_name(&icon.path);
    if promised == Some(format) {
        return;
    }
    let says = match promised {
        Some(promised) => format!("named as {}", promised.name()),
        None => "named as no picture".to_owned(),
    };
    let svg_involved = format == PictureFormat::Svg || promised == Some(PictureFormat::Svg);
    report.add(
        workspace
            .found_in(
                &RULE,
                "image_src",
                format!(
                    "icon `{}` of workspace `{}` is {}, {says}",
                    shown(&icon.path),
                    shown(workspace.name()),
                    format.name()
                ),
            )
            .with_label(if svg_involved || promised.is_none() {
                "browsers do not show it"
            } else {
                "some programs do not show it"
            })
            .with_hint(format!(
                "let the name of the file end in `.{}`, or convert the picture",
                format.name().to_ascii_lowercase()
            )),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_with;

    #[test]
    fn the_name_tells_the_format() {
        let of = |name: &str, bytes: &[u8]| {
            let json = format!(r#"{{"friendly_name":"A","image_src":"{name}"}}"#);
            check_with(&json, &[(name, bytes)]).of(&RULE)
        };
        assert_eq!(of("a.svg", b"<svg/>"), "");
        assert_eq!(of("a.JPEG", b"\xff\xd8\xff"), "");
        assert_eq!(of("a.png", b"not a picture"), "");
        assert_eq!(
            of("a.png", b"<svg/>"),
            "1:34: icon `a.png` of workspace `A` is SVG, named as PNG"
        );
        assert_eq!(
            of("a.png", b"\0\0\x01\0\x01\0"),
            "1:34: icon `a.png` of workspace `A` is ICO, named as PNG"
        );
        assert_eq!(
            of("a", b"GIF89a"),
            "1:34: icon `a` of workspace `A` is GIF, named as no picture"
        );
    }
}
