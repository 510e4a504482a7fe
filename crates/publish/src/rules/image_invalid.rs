use diagnostics::{Code, Severity};
use model::{ImageReference, ImageReferenceError};

use crate::context::Context;
use crate::fixes::write_text;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("image-invalid"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether images are references that a container engine takes: `HOST/REPOSITORY:TAG`, without
scheme, spaces and capital letters.

## Why is this bad?

The workspace is shown and cannot be installed.

## Example

```json
{
  "name": "docker pull kasmweb/firefox:1.17.0"
}
```

## Use instead

```json
{
  "name": "kasmweb/firefox:1.17.0"
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    for (text, place) in workspace.images() {
        let Err(error) = ImageReference::parse(text) else {
            continue;
        };
        let mut diagnostic = workspace
            .found(
                &RULE,
                place,
                format!(
                    "image `{}` of workspace `{}` is no image reference",
                    shown(text),
                    shown(workspace.name())
                ),
            )
            .with_label(error.to_string());
        if let Some(hint) = error.hint() {
            diagnostic = diagnostic.with_hint(hint);
        }
        // Only here it is certain what was meant.
        if let ImageReferenceError::Command { image, .. } = &error
            && ImageReference::parse(image).is_ok()
        {
            diagnostic = diagnostic.with_fix(write_text(place, image));
        }
        report.add(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    fn json(image: &str) -> String {
        format!(
            r#"{{"friendly_name":"A","compatibility":[{{"version":"1.17.x","image":"{image}"}}]}}"#
        )
    }

    #[test]
    fn an_engine_takes_references_only() {
        for good in [
            "a",
            "kasmweb/firefox:1.17.0",
            "ghcr.io/a/b@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ] {
            assert_eq!(check(&json(good)).of(&RULE), "", "{good}");
        }
        for bad in [
            "A/b",
            "https://ghcr.io/a/b",
            "a b",
            "a:b:c",
            "docker pull a/b:1",
        ] {
            assert_eq!(
                check(&json(bad)).of(&RULE),
                format!("1:67: image `{bad}` of workspace `A` is no image reference")
            );
        }
    }

    #[test]
    fn a_command_becomes_its_image() {
        assert_eq!(
            check(&json("docker pull a/b:1")).fixed(&RULE),
            json("a/b:1")
        );
        assert_eq!(check(&json("A/b")).fixed(&RULE), json("A/b"));
    }
}
