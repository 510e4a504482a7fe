use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::icon::Icon;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-not-a-picture"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r"## What it does

Looks at the first bytes of an icon, whatever its name says, for a picture that browsers show.

## Why is this bad?

The workspace is shown with a broken picture. Mostly a page of a website was saved in the place of
the picture, because the address led to a page about it.

## Example

```text
workspaces/firefox/firefox.png, which begins with `<!DOCTYPE html>`
```

## Use instead

```text
workspaces/firefox/firefox.png, which is a PNG
```
";

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Icon::Read(icon) = workspace.icon else {
        return;
    };
    if icon.picture.format.is_some() {
        return;
    }
    report.add(
        workspace
            .found_in(
                &RULE,
                "image_src",
                format!(
                    "icon `{}` of workspace `{}` is no picture",
                    shown(&icon.path),
                    shown(workspace.name())
                ),
            )
            .with_label(what(&icon.bytes))
            .with_hint("save the picture itself: a PNG, SVG, JPEG, WebP or GIF"),
    );
}

/// What the file is instead.
pub(crate) fn what(bytes: &[u8]) -> &'static str {
    let start = bytes[..bytes.len().min(512)].trim_ascii_start();
    let begins = |text: &[u8]| {
        start
            .get(..text.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(text))
    };
    if start.is_empty() {
        "the file is empty"
    } else if begins(b"<!doctype html") || begins(b"<html") || begins(b"<head") {
        "the file is a page of a website"
    } else if begins(b"version https://git-lfs") {
        "the file is a note of Git LFS: the picture itself was not fetched"
    } else if begins(b"\0\0\x02\0") {
        "the file is a mouse pointer"
    } else {
        "the file is of no kind that browsers show"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_with;

    #[test]
    fn a_page_is_no_picture() {
        let json = r#"{"friendly_name":"A","image_src":"a.png"}"#;
        for (bytes, expected) in [
            (
                &b"<!DOCTYPE html><html>"[..],
                "the file is a page of a website",
            ),
            (b"", "the file is empty"),
            (
                b"version https://git-lfs.github.com/spec/v1\n",
                "the file is a note of Git LFS: the picture itself was not fetched",
            ),
            (b"text", "the file is of no kind that browsers show"),
        ] {
            let checked = check_with(json, &[("a.png", bytes)]);
            assert_eq!(
                checked.of(&RULE),
                "1:34: icon `a.png` of workspace `A` is no picture"
            );
            assert_eq!(what(bytes), expected);
        }
        let svg = check_with(
            json,
            &[("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>")],
        );
        assert_eq!(svg.of(&RULE), "");
    }
}
