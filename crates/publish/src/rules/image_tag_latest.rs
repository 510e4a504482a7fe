use diagnostics::{Code, Severity};
use model::ImageReference;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("image-tag-latest"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Workspace(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "image `{image}` of workspace `{name}` is another one with time",
    hint: "name the tag that the workspace was tried with",
};

const DOCS: &str = r#"## What it does

Looks for images with the tag `latest`.

## Why is this bad?

Two people who install the workspace get different images, and nobody can go back to the one that
worked. The size in the registry is right for one of them only.

## Example

```json
{
  "name": "kasmweb/firefox:latest"
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
        let latest = ImageReference::parse(text)
            .is_ok_and(|image| image.tag() == Some("latest") && image.digest().is_none());
        if latest {
            report.add(
                workspace
                    .found(
                        &RULE,
                        place,
                        WORDS.fill(&[("image", &shown(text)), ("name", &shown(workspace.name()))]),
                    )
                    .with_hint(WORDS.hint),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn latest_moves() {
        let of =
            |image: &str| check(&format!(r#"{{"friendly_name":"A","name":"{image}"}}"#)).of(&RULE);
        assert_eq!(
            of("a:latest"),
            "1:29: image `a:latest` of workspace `A` is another one with time"
        );
        assert_eq!(of("a:1"), "");
        assert_eq!(of("a"), "");
    }
}
