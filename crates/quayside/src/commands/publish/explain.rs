//! `quayside publish explain`.

use anyhow::bail;
use publish::{RULES, Rule};
use serde_json::json;

use crate::arguments::ExplainArguments;
use crate::{Ending, console};

pub(crate) fn run(arguments: &ExplainArguments) -> anyhow::Result<Ending> {
    if arguments.all {
        console::data(publish::rules_page().trim_end());
        return Ok(Ending::Done);
    }
    let Some(code) = &arguments.code else {
        console::data(&list(arguments.json));
        return Ok(Ending::Done);
    };
    let Some(rule) = Rule::find(code) else {
        match Rule::nearest(code) {
            Some(near) => bail!("there is no code `{code}`; did you mean `{near}`?"),
            None => bail!("there is no code `{code}`: `quayside publish explain` lists them all"),
        }
    };
    console::data(&if arguments.json {
        described(rule).to_string()
    } else {
        rule.explanation().trim_end().to_owned()
    });
    Ok(Ending::Done)
}

fn list(json: bool) -> String {
    if json {
        let rules: Vec<_> = RULES.iter().map(described).collect();
        return json!(rules).to_string();
    }
    let widest = RULES.iter().map(|rule| rule.code.as_str().len()).max();
    let widest = widest.unwrap_or_default();
    let lines: Vec<String> = RULES
        .iter()
        .map(|rule| {
            // Not padded by the type itself, which writes its name as it is.
            let (code, severity) = (rule.code.as_str(), rule.severity.to_string());
            format!("{code:widest$}  {severity:7}  {}", rule.summary())
        })
        .collect();
    lines.join("\n")
}

fn described(rule: &Rule) -> serde_json::Value {
    json!({
        "code": rule.code,
        "severity": rule.severity,
        "summary": rule.summary(),
        "docs": rule.docs,
    })
}
