use std::collections::BTreeSet;

use diagnostics::{Code, Severity};
use model::SchemaForm;

use crate::context::All;
use crate::list::default_channel;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("default-channel-unknown"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::All(check),
};

const DOCS: &str = r#"## What it does

Looks whether any workspace is offered in the default channel: `default_channel` in `registry.toml`,
or `develop`.

## Why is this bad?

A consumer shows the default channel first, and finds nothing in it.

## Example

```toml
schema = "1.1"
```

where every workspace says `"available_tags": ["stable"]`.

## Use instead

```toml
schema = "1.1"
default_channel = "stable"
```
"#;

fn check(all: &All<'_>, report: &mut Report) {
    let Some(config) = all
        .config
        .filter(|config| config.schema == SchemaForm::V1_1)
    else {
        return;
    };
    let channels: BTreeSet<&str> = all
        .workspaces
        .iter()
        .flat_map(|workspace| workspace.channels.iter().flatten())
        .map(String::as_str)
        .collect();
    let default = default_channel(config);
    if channels.is_empty() || channels.contains(default) {
        return;
    }
    let some: Vec<_> = channels
        .iter()
        .take(5)
        .map(|channel| shown(channel))
        .collect();
    let message = format!("no workspace has the default channel `{}`", shown(default));
    let message = match config.default_channel {
        Some(_) => message,
        None => format!("{message}, which is built in where `default_channel` is not set"),
    };
    report.add(
        all.found_in_config(&RULE, "default_channel", message)
            .with_hint(format!(
                "set `default_channel` to one of: `{}`",
                some.join("`, `")
            )),
    );
}
