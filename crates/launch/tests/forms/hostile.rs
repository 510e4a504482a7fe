//! Texts of strangers stay texts: in a shell, in YAML, in comments.

use std::process::Command;

use launch::{compose_file, docker_line, kasm_image};
use serde_json::{Value, json};

use crate::{remarks, table, written};

const NASTY: [&str; 14] = [
    "'; touch hacked; '",
    "$(touch hacked)",
    "`touch hacked`",
    "${IFS}$HOME",
    "a\nb",
    "\n- x: y\n",
    "--privileged",
    "\" : &a *b !!c # d",
    "\\",
    "\\'\\\"",
    "!history",
    "~",
    "{a,b}",
    "海 🚢",
];

/// The words that a shell makes of the line.
fn words(line: &str) -> Vec<String> {
    let line = line.strip_prefix("docker run").unwrap();
    let script = format!("printf '%s\\0' {line}");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(output.status.success(), "{line}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim_end_matches('\0')
        .split('\0')
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_shell_reads_what_was_written() {
    for text in NASTY {
        let definition = json!({"run_config": {"environment": {"A": text}, "hostname": text, "command": ["echo", text], "labels": {text.replace('=', ""): text}}});
        let line = written(&definition.to_string(), docker_line);
        assert_eq!(remarks(&line), Vec::<String>::new());
        let words = words(&line.text);
        for expected in [
            format!("A={text}"),
            text.to_owned(),
            format!("{text}={text}"),
        ] {
            assert!(words.contains(&expected), "{expected}: {words:?}");
        }
        assert_eq!(words.last().map(String::as_str), Some(text));
    }
}

#[test]
fn control_characters_never_reach_a_terminal() {
    for text in [
        "\u{1b}]0;x\u{7}",
        "a\rb",
        "a\tb",
        "\u{3}rm -rf ~\n",
        "\u{9b}2J",
        "\u{202e}abc",
    ] {
        let definition =
            json!({"run_config": {"hostname": text, "entrypoint": ["a", text], "user": "1000"}});
        let line = written(&definition.to_string(), docker_line);
        let reason = "it holds control characters, which a terminal would act on";
        assert_eq!(
            remarks(&line),
            [
                format!("run_config.hostname: {reason}"),
                format!("run_config.entrypoint: {reason}")
            ]
        );
        assert!(
            line.text
                .chars()
                .all(|sign| sign == '\n' || !sign.is_control())
                && !line.text.contains('\u{202e}')
        );
        assert!(line.text.contains("--user 1000") && !line.text.contains("--entrypoint"));
        // A file takes them as escapes, and so does JSON.
        let file = written(&definition.to_string(), compose_file);
        assert_eq!(remarks(&file), Vec::<String>::new());
        for shown in [
            file.text,
            written(&definition.to_string(), |workspace| {
                kasm_image(workspace, None, None)
            })
            .text,
        ] {
            assert!(
                shown.chars().all(|sign| sign == '\n' || !sign.is_control()),
                "{shown}"
            );
            assert!(!shown.contains('\u{202e}'));
        }
    }
}

#[test]
fn no_container_is_given_what_is_no_text() {
    for text in [r"a\u0000b", r"\ud800"] {
        let run_config =
            format!(r#"{{"hostname": "{text}", "environment": {{"A": "{text}"}}, "user": "1"}}"#);
        assert_eq!(table::flags(&run_config), "--user 1");
        assert_eq!(table::service(&run_config), "user: \"1\"");
    }
}

#[test]
fn names_of_strangers_are_harmless_in_comments() {
    let name = "a\ntouch hacked; $(touch hacked) `touch hacked`'\"\\";
    let definition = json!({"run_config": {name: 1, "unheard_of": 2}, name: 3});
    for write in [docker_line, compose_file] {
        let text = written(&definition.to_string(), write).with_comments();
        let comments: Vec<&str> = text.lines().take(3).collect();
        for comment in comments {
            assert!(comment.starts_with("# Not expressed: "), "{comment}");
            assert!(
                !comment[1..].contains(['$', '`', '\'', '"', ';', '(', '\\', '#']),
                "{comment}"
            );
        }
        assert!(
            text.lines()
                .nth(3)
                .is_some_and(|line| !line.contains("touch"))
        );
    }
}

#[test]
fn many_unknown_properties_are_counted() {
    let run_config: serde_json::Map<String, Value> = (0..5_000)
        .map(|number| (format!("key-{number}"), json!(1)))
        .collect();
    let line = written(&json!({"run_config": run_config}).to_string(), docker_line);
    assert_eq!(line.remarks.len(), 201);
    assert_eq!(remarks(&line)[200], "…: 4800 more things are not expressed");
}

/// Whatever a property holds, nothing panics, and what is not written is named.
#[test]
fn every_key_takes_every_kind_of_value() {
    let values = [
        json!(true),
        json!(0),
        json!(-1.5),
        json!(1e300),
        json!("text"),
        json!("a:b:c:d"),
        json!([1]),
        json!([[]]),
        json!(["a"]),
        json!([{"a": 1}]),
        json!({"a": 1}),
        json!({"a": {"b": []}}),
        json!([{"Path": 1, "Rate": "x", "Name": [], "Type": "bind", "Target": 7}]),
        json!({"Name": 1, "type": 2, "config": 3, "test": 4, "interval": "x"}),
    ];
    for key in launch::run_config_keys() {
        for value in &values {
            let definition = json!({"run_config": {key.key: value}}).to_string();
            for write in [docker_line, compose_file] {
                let written = written(&definition, write);
                let nothing = crate::written("{}", write).text;
                assert!(
                    written.text != nothing || !written.remarks.is_empty(),
                    "{definition}"
                );
            }
        }
    }
}
