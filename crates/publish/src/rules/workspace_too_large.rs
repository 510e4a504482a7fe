use diagnostics::{Code, Diagnostic, Severity};

use crate::rules::{Check, Rule};
use crate::workspace::LONGEST_LISTING;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("workspace-too-large"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Looks whether a workspace takes more than 256 kB in the published list.

## Why is this bad?

Consumers set such an entry aside and show the registry without it.

## Example

A `run_config` that carries a whole program as text.

## Use instead

The program inside the image, and a `run_config` that starts it.
";

pub(crate) fn found(file: &str, length: usize) -> Diagnostic {
    RULE.found(format!(
        "`{file}` is {} kB long; consumers set aside what is over {} kB",
        length.div_ceil(1000),
        LONGEST_LISTING / 1000
    ))
    .with_hint("take long texts out: programs belong into the image")
    .in_file(file)
}
