use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::rules::{Check, Rule};
use crate::storefront_config::Color;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("accent-too-pale"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r##"## What it does

Measures how `accent` in the table `[storefront]` of `registry.toml` stands out from white.

## Why is this bad?

Text and buttons in a pale colour cannot be read by many people. The storefront therefore takes the
hue alone and makes it as dark as it must be, so that the colour on the pages is not the one that
was chosen.

## Example

```toml
[storefront]
accent = "#ffd54f"
```

## Use instead

```toml
[storefront]
accent = "#8a6100"
```
"##;

pub(crate) fn found(color: Color, place: Span) -> Diagnostic {
    RULE.found(format!(
        "`storefront.accent` in `{CONFIG_FILE}` is too pale to be read on white: {color}"
    ))
    .with_label(format!(
        "contrast {:.1} to 1; text needs 4.5",
        color.contrast_on_white()
    ))
    .with_hint("its pages show a darker shade; choose a darker colour to see that very colour")
    .in_file(CONFIG_FILE)
    .at(place)
}
