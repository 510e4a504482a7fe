use diagnostics::{Code, Severity};
use model::ImageReference;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("image-host-ambiguous"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for images without a host where `docker_registry` names another registry than Docker Hub.

## Why is this bad?

An image without a host comes from Docker Hub. `docker_registry` never stands in front of it: it
only says which stored credentials to use. The image is not found, or it is somebody else's of the
same name.

## Example

```json
{
  "name": "ann/firefox:1.17.0",
  "docker_registry": "https://ghcr.io/"
}
```

## Use instead

```json
{
  "name": "ghcr.io/ann/firefox:1.17.0",
  "docker_registry": "https://ghcr.io/"
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Some(registry) = workspace
        .value("docker_registry")
        .and_then(|value| value.as_str())
    else {
        return;
    };
    let host = host_of(registry);
    if host.is_empty() || is_docker_hub(&host) {
        return;
    }
    for (text, place) in workspace.images() {
        let Ok(image) = ImageReference::parse(text) else {
            continue;
        };
        if image.host_is_written() {
            continue;
        }
        let diagnostic = workspace
            .found(
                &RULE,
                place,
                format!(
                    "image `{}` of workspace `{}` names no host, and `docker_registry` names `{}`",
                    shown(text),
                    shown(workspace.name()),
                    shown(&host)
                ),
            )
            .with_label("read as an image of Docker Hub");
        report.add(match image.with_host(&host) {
            Ok(image) => diagnostic.with_hint(format!(
                "if it lies there, write `{}`",
                shown(image.as_written())
            )),
            Err(_) => diagnostic,
        });
    }
}

/// The host of an address, which may lack its scheme.
fn host_of(address: &str) -> String {
    let address = address.trim();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.to_ascii_lowercase()
}

fn is_docker_hub(host: &str) -> bool {
    host == "docker.io" || host.ends_with(".docker.io") || host.ends_with(".docker.com")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn no_host_means_docker_hub() {
        let of = |image: &str, registry: &str| {
            check(&format!(
                r#"{{"friendly_name":"A","name":"{image}","docker_registry":"{registry}"}}"#
            ))
            .of(&RULE)
        };
        for registry in [
            "https://index.docker.io/v1/",
            "docker.io",
            "https://hub.docker.com/r/a/b",
            "https://registry-1.docker.io",
            "",
        ] {
            assert_eq!(of("a/b:1", registry), "", "{registry}");
        }
        for (registry, host) in [
            ("https://ghcr.io/", "ghcr.io"),
            ("GHCR.io", "ghcr.io"),
            ("http://localhost:5000/v2/", "localhost:5000"),
            ("https://notdocker.io", "notdocker.io"),
        ] {
            assert_eq!(
                of("a/b:1", registry),
                format!(
                    "1:29: image `a/b:1` of workspace `A` names no host, and `docker_registry` names `{host}`"
                )
            );
        }
        assert_eq!(of("lscr.io/a/b:1", "https://ghcr.io/"), "");
    }
}
