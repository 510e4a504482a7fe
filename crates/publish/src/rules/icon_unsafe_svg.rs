use diagnostics::{Code, Severity};

use crate::PictureFormat;
use crate::context::Context;
use crate::icon::Icon;
use crate::picture::svg_danger;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-unsafe-svg"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks in SVG icons for scripts, handlers of events, pages inside the picture, entities of a document
type, and references to other files.

## Why is this bad?

Who opens such a picture by its address runs the script on the registry's site, or tells another
server about the visit. Consumers that clean icons show it without these parts, or not at all.

## Example

```xml
<svg xmlns="http://www.w3.org/2000/svg" onload="run()"><script>…</script></svg>
```

## Use instead

```xml
<svg xmlns="http://www.w3.org/2000/svg"><path d="…"/></svg>
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Icon::Read(icon) = workspace.icon else {
        return;
    };
    if icon.picture.format != Some(PictureFormat::Svg) {
        return;
    }
    if let Some(danger) = svg_danger(&icon.bytes) {
        report.add(
            workspace
                .found_in(
                    &RULE,
                    "image_src",
                    format!(
                        "icon `{}` of workspace `{}` is more than a picture",
                        shown(&icon.path),
                        shown(workspace.name())
                    ),
                )
                .with_label(danger)
                .with_hint("export it as a plain SVG, or as a PNG"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_with;

    #[test]
    fn a_picture_only_draws() {
        let of = |svg: &str| {
            let json = r#"{"friendly_name":"A","image_src":"a.svg"}"#;
            check_with(json, &[("a.svg", svg.as_bytes())]).of(&RULE)
        };
        assert_eq!(of("<svg><path d='M0 0'/></svg>"), "");
        assert_eq!(
            of("<svg><script>run()</script></svg>"),
            "1:34: icon `a.svg` of workspace `A` is more than a picture"
        );
    }
}
