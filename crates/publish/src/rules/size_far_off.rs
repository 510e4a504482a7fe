use diagnostics::{Code, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("size-far-off"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Compares `uncompressed_size_mb` with what the layers of the image unpack to. Only with `--online`.

## Why is this bad?

The size is what people are told before they install, and what free space is compared with. More than
a fifth too little fills disks; more than a fifth too much keeps people from installing.

## Example

```json
"uncompressed_size_mb": 1000
```

of an image that unpacks to 2.46 GB.

## Use instead

```json
"uncompressed_size_mb": 2460
```

`quayside publish sizes` measures all images and writes the sizes down.
"#;
