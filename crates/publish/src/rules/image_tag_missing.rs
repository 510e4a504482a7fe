use diagnostics::{Code, Severity};
use model::ImageReference;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("image-tag-missing"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "image `{image}` of workspace `{name}` has no tag",
    hint: "name the tag that the workspace was tried with",
};

const DOCS: &str = r#"## What it does

Looks for images without a tag.

## Why is this bad?

Engines read `latest`, which many repositories do not have and others do not keep up to date.

## Example

```json
{
  "name": "kasmweb/firefox"
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
        let Ok(image) = ImageReference::parse(text) else {
            continue;
        };
        if image.tag().is_none() && image.digest().is_none() {
            report.add(
                workspace
                    .found(
                        &RULE,
                        place,
                        WORDS.fill(&[("image", &shown(text)), ("name", &shown(workspace.name()))]),
                    )
                    .with_label("read as `latest`")
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
    fn a_tag_or_a_digest_is_written() {
        let of =
            |image: &str| check(&format!(r#"{{"friendly_name":"A","name":"{image}"}}"#)).of(&RULE);
        assert_eq!(
            of("localhost:5000/a"),
            "1:29: image `localhost:5000/a` of workspace `A` has no tag"
        );
        assert_eq!(of("a:latest"), "");
        assert_eq!(of("a b"), "");
        assert_eq!(
            of("a@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ""
        );
    }
}
