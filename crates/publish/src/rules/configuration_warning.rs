use diagnostics::{Code, Severity};
use model::json::Member;
use review::{Section, review};

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("configuration-warning"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Workspace(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "`{path}` of workspace `{name}` warns administrators: `{id}`",
    hint: "",
};

const DOCS: &str = r#"## What it does

Reports what administrators are warned of before they install a workspace. The identifiers are those
that they see:

- `user_error`: something runs as a user other than 1000, mostly as root.
- `privilege`: the container runs in privileged mode.
- `flag_property`: a property is set that is not known to be harmless, such as `security_opt`.

## Why is this bad?

It need not be: some workspaces cannot do without. But the workspace has a red border and a warning
sign in every consumer, and careful people ask what for.

## Example

```json
{
  "run_config": {"privileged": true}
}
```

## Use instead

Only what the workspace needs, and a sentence in `notes` that says why.
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Ok((definition, _)) = workspace.definition else {
        return;
    };
    for finding in review(definition) {
        let message = WORDS.fill(&[
            ("path", &shown(&path(&finding.section, &finding.property))),
            ("name", &shown(workspace.name())),
            ("id", finding.id.as_str()),
        ]);
        let diagnostic = match member(workspace, &finding.section, &finding.property) {
            Some(member) => workspace.found(&RULE, member.key_span, message),
            None => workspace.found_in_whole(&RULE, message),
        };
        report.add(diagnostic.with_label(finding.id.description()));
    }
}

fn path(section: &Section, property: &str) -> String {
    let section = section.path();
    if property.is_empty() || property == section {
        section
    } else {
        format!("{section}.{property}")
    }
}

/// The member of the file that a finding is about.
fn member<'v>(workspace: &'v Context<'_>, section: &Section, property: &str) -> Option<&'v Member> {
    let path = section.path();
    let mut parts = path.split('.');
    let mut member = workspace.object.member(parts.next()?)?;
    for part in parts.chain([property]) {
        // What is no object is warned of as a whole.
        match member
            .value
            .as_object()
            .and_then(|object| object.member(part))
        {
            Some(inner) => member = inner,
            None => break,
        }
    }
    Some(member)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn authors_see_what_administrators_see() {
        insta::assert_snapshot!(
            check(r#"{"friendly_name":"A","run_config":{"user":"root","hostname":"a","privileged":"true","security_opt":[],"user":0},"exec_config":{"go":{"cmd":"a","user":"root"},"start":{}},"volume_mappings":{"/a":{}}}"#).of(&RULE),
            @r"
            1:65: `run_config.privileged` of workspace `A` warns administrators: `privilege`
            1:85: `run_config.security_opt` of workspace `A` warns administrators: `flag_property`
            1:103: `run_config.user` of workspace `A` warns administrators: `user_error`
            1:144: `exec_config.go.user` of workspace `A` warns administrators: `user_error`
            1:159: `exec_config.start` of workspace `A` warns administrators: `flag_property`
            1:171: `volume_mappings` of workspace `A` warns administrators: `flag_property`
            "
        );
        assert_eq!(
            check(r#"{"friendly_name":"A","run_config":"--privileged"}"#).of(&RULE),
            "1:22: `run_config` of workspace `A` warns administrators: `flag_property`"
        );
    }

    #[test]
    fn every_warning_is_explained() {
        for id in review::FindingId::ALL {
            assert!(DOCS.contains(&format!("- `{id}`: ")), "{id}");
        }
    }
}
