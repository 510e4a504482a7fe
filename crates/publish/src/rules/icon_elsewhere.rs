use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::icon::Icon;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-elsewhere"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether `image_src` is an address: of a website, or of a picture that only exists in a browser
(`blob:`, `data:`).

## Why is this bad?

Consumers look for a file of that name beside the registry and find none. A `blob:` address ended
with the page that made it.

## Example

```json
{
  "image_src": "https://example.com/firefox.png"
}
```

## Use instead

```json
{
  "image_src": "firefox.png"
}
```

with the picture beside `workspace.json`.
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    if let Icon::Elsewhere { written } = workspace.icon {
        report.add(
            workspace
                .found_in(
                    &RULE,
                    "image_src",
                    format!(
                        "icon of workspace `{}` is an address: {}",
                        shown(workspace.name()),
                        shown(written)
                    ),
                )
                .with_label("consumers look for a file of that name")
                .with_hint(super::icon_not_named::NAME_A_FILE),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn an_address_is_no_file() {
        for address in [
            "blob:https://a.example/1",
            "https://a.example/a.png",
            "//a.example/a.png",
            "data:image/png;base64,",
        ] {
            let text = format!(r#"{{"friendly_name":"A","image_src":"{address}"}}"#);
            assert_eq!(
                check(&text).of(&RULE),
                format!("1:34: icon of workspace `A` is an address: {address}")
            );
        }
        assert_eq!(
            check(r#"{"friendly_name":"A","image_src":"a:b.png"}"#).of(&RULE),
            ""
        );
    }
}
