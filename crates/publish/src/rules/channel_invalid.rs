use diagnostics::{Code, Severity};
use model::ImageReference;
use model::json::Value;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("channel-invalid"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether `available_tags` are tags that an image can have.

## Why is this bad?

The chosen channel takes the place of the image's tag. One that can be no tag makes a workspace that
cannot be installed.

## Example

```json
{
  "available_tags": ["kasmweb/firefox:1.17.0"]
}
```

## Use instead

```json
{
  "available_tags": ["1.17.0"]
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    // Any image will do to try a tag.
    let Ok(image) = ImageReference::parse("a") else {
        return;
    };
    for entry in workspace.compatibility() {
        let tags = entry.get("available_tags").and_then(Value::as_array);
        for tag in tags.unwrap_or_default() {
            let Some(text) = tag.as_str() else { continue };
            let Err(error) = image.with_tag(text) else {
                continue;
            };
            let diagnostic = workspace
                .found(
                    &RULE,
                    tag.span,
                    format!(
                        "channel `{}` of workspace `{}` is no tag",
                        shown(text),
                        shown(workspace.name())
                    ),
                )
                .with_label(error.to_string());
            let meant = ImageReference::parse(text).ok();
            report.add(match meant.as_ref().and_then(ImageReference::tag) {
                Some(tag) => diagnostic.with_hint(format!("write the tag alone: `{tag}`")),
                None => diagnostic,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn a_channel_is_a_tag() {
        let of = |tag: &str| {
            check(&format!(r#"{{"friendly_name":"A","compatibility":[{{"version":"1.17.x","available_tags":["{tag}"]}}]}}"#)).of(&RULE)
        };
        assert_eq!(of("1.17.0-rolling_weekly"), "");
        for bad in ["a/b:1", "-a", "a b", ""] {
            assert_eq!(
                of(bad),
                format!("1:77: channel `{bad}` of workspace `A` is no tag")
            );
        }
    }
}
