use diagnostics::{Code, Severity};

use crate::EntryKind;
use crate::context::Context;
use crate::icon::Icon;
use crate::nearest::nearest;
use crate::path::name_of;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-not-found"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether the file that `image_src` names lies in the workspace's folder, with just these
letters.

## Why is this bad?

The workspace is shown without a picture. `Firefox.png` and `firefox.png` are the same file on some
computers, and different ones on the servers that registries are published from.

## Example

```text
workspaces/firefox/workspace.json   "image_src": "firefox.png"
workspaces/firefox/Firefox.png
```

## Use instead

```text
workspaces/firefox/workspace.json   "image_src": "firefox.png"
workspaces/firefox/firefox.png
```
"#;

/// How many file names a hint lists.
const MOST_SUGGESTIONS: usize = 5;

fn check(workspace: &Context<'_>, report: &mut Report) {
    if let Icon::NotFound {
        path,
        instead,
        pictures,
    } = workspace.icon
    {
        report.add(
            workspace
                .found_in(
                    &RULE,
                    "image_src",
                    format!(
                        "icon `{}` of workspace `{}` does not exist",
                        shown(path),
                        shown(workspace.name())
                    ),
                )
                .with_label(match instead {
                    Some(EntryKind::Folder) => {
                        "a folder: the workspace is published without a picture"
                    }
                    Some(_) => {
                        "a link or special file: the workspace is published without a picture"
                    }
                    None => {
                        "no such file in this folder: the workspace is published without a picture"
                    }
                })
                .with_hint(hint(path, pictures)),
        );
    }
}

fn hint(path: &str, pictures: &[String]) -> String {
    if let Some(near) = nearest(name_of(path), pictures.iter().map(String::as_str)) {
        let other_case = near.eq_ignore_ascii_case(name_of(path));
        let why = if other_case {
            " Small and capital letters differ."
        } else {
            ""
        };
        return format!("did you mean `{}`?{why}", shown(near));
    }
    if pictures.is_empty() {
        return "add the file".to_owned();
    }
    let some: Vec<_> = pictures
        .iter()
        .take(MOST_SUGGESTIONS)
        .map(|name| shown(name))
        .collect();
    format!("add the file, or name one of: `{}`", some.join("`, `"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_with;

    #[test]
    fn a_name_is_compared_letter_by_letter() {
        let json = r#"{"friendly_name":"A","image_src":"fox.png"}"#;
        let of = |file: &str| check_with(json, &[(file, b"")]).of(&RULE);
        assert_eq!(of("fox.png"), "");
        assert_eq!(
            of("Fox.png"),
            "1:34: icon `fox.png` of workspace `A` does not exist"
        );
        assert_eq!(
            hint("fox.png", &["Fox.png".to_owned()]),
            "did you mean `Fox.png`? Small and capital letters differ."
        );
        assert_eq!(
            hint("fox.png", &["apple.svg".to_owned()]),
            "add the file, or name one of: `apple.svg`"
        );
        assert_eq!(hint("fox.png", &[]), "add the file");
    }
}
