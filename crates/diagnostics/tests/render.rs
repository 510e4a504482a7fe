//! What people and programs see of a diagnostic.

use diagnostics::{
    Code, Diagnostic, Fix, Severity, Span, Tool, ToolRule, render_concise, render_full,
    render_github, render_gitlab, render_json, render_sarif,
};

const ICON_NOT_FOUND: Code = Code::new("icon-not-found");
const FILE: &str = "workspaces/firefox/workspace.json";
const SOURCE: &str = "{\n    \"friendly_name\": \"Firefox\",\n    \"description\": \"é\",\n    \"image_src\": \"firefox.png\",\n    \"architecture\": [\n        \"amd64\"\n    ]\n}\n";

fn sources(file: &str) -> Option<Vec<u8>> {
    (file == FILE).then(|| SOURCE.as_bytes().to_vec())
}

fn span_of(part: &str) -> Span {
    let start = SOURCE.find(part).expect("a part of the source");
    Span {
        start,
        end: start + part.len(),
    }
}

fn missing_icon() -> Diagnostic {
    Diagnostic::error(
        ICON_NOT_FOUND,
        "icon `firefox.png` of workspace `firefox` does not exist",
    )
    .with_label("no such file in this folder")
    .with_hint("add the file, or name one of: `icon.png`, `logo.svg`")
    .in_file(FILE)
    .at(span_of("\"firefox.png\""))
}

#[test]
fn full_shows_the_line_and_the_hint() {
    insta::assert_snapshot!(render_full(&[missing_icon()], &sources, false), @r#"
    error[icon-not-found]: icon `firefox.png` of workspace `firefox` does not exist
     --> workspaces/firefox/workspace.json:4:18
      |
    4 |     "image_src": "firefox.png",
      |                  ^^^^^^^^^^^^^ no such file in this folder
      |
      = hint: add the file, or name one of: `icon.png`, `logo.svg`
    "#);
}

#[test]
fn full_separates_diagnostics_and_does_without_a_place() {
    let output = render_full(
        &[
            Diagnostic::warning(Code::new("no-workspaces"), "the registry has no workspaces"),
            Diagnostic::note(Code::new("link-left-out"), "`a` is a link").in_file("a"),
            Diagnostic::error(ICON_NOT_FOUND, "gone")
                .in_file("gone.json")
                .at(Span { start: 1, end: 2 }),
        ],
        &sources,
        false,
    );
    insta::assert_snapshot!(output, @r"
    warning[no-workspaces]: the registry has no workspaces

    note[link-left-out]: `a` is a link
    --> a

    error[icon-not-found]: gone
    --> gone.json
    ");
}

#[test]
fn full_marks_only_the_first_line_of_a_long_span() {
    let diagnostic = Diagnostic::error(Code::new("wrong-type"), "not a text")
        .in_file(FILE)
        .at(span_of("[\n        \"amd64\"\n    ]"));
    insta::assert_snapshot!(render_full(&[diagnostic], &sources, false), @r#"
    error[wrong-type]: not a text
     --> workspaces/firefox/workspace.json:5:21
      |
    5 |     "architecture": [
      |                     ^
    "#);
}

#[test]
fn full_cuts_a_line_that_is_too_long_and_keeps_its_column() {
    let text = format!(
        "[{}7, {}]",
        "\"é\", ".repeat(300_000),
        "1, ".repeat(300_000)
    );
    let start = text.find('7').unwrap();
    let diagnostic = Diagnostic::error(Code::new("wrong-type"), "not a text")
        .with_label("a number")
        .in_file("list.json")
        .at(Span {
            start,
            end: start + 1,
        });
    let output = render_full(&[diagnostic], &|_| Some(text.clone().into_bytes()), false);
    assert!(output.contains("list.json:1:1500002"), "{output}");
    assert!(output.contains("^ a number"), "{output}");
    assert!(output.len() < 2_000, "{output}");
}

#[test]
fn a_span_past_the_end_is_shown_at_the_end() {
    let diagnostic = Diagnostic::error(Code::new("json-cut-off"), "the file ends too early")
        .in_file(FILE)
        .at(Span {
            start: 9_000,
            end: 9_001,
        });
    insta::assert_snapshot!(render_full(&[diagnostic], &sources, false), @r"
    error[json-cut-off]: the file ends too early
     --> workspaces/firefox/workspace.json:9:1
      |
    9 |
      | ^
    ");
}

#[test]
fn color_only_adds_escape_sequences() {
    for render in [render_full, render_concise] {
        let plain = render(&[missing_icon()], &sources, false);
        let colored = render(&[missing_icon()], &sources, true);
        assert!(!plain.contains('\u{1b}'));
        assert!(colored.contains('\u{1b}'));
        let mut stripped = String::new();
        let mut inside = false;
        for character in colored.chars() {
            match character {
                '\u{1b}' => inside = true,
                'm' if inside => inside = false,
                _ if inside => {}
                shown => stripped.push(shown),
            }
        }
        assert_eq!(stripped, plain);
    }
}

#[test]
fn concise_is_one_line_each() {
    let output = render_concise(
        &[
            missing_icon(),
            Diagnostic::warning(
                Code::new("no-workspaces"),
                "the registry has\nno workspaces",
            ),
        ],
        &sources,
        false,
    );
    insta::assert_snapshot!(output, @r"
    workspaces/firefox/workspace.json:4:18: error[icon-not-found]: icon `firefox.png` of workspace `firefox` does not exist
    warning[no-workspaces]: the registry has no workspaces
    ");
}

#[test]
fn a_terminal_is_never_given_the_escape_sequences_of_a_file() {
    let hostile = "\u{1b}[2J\u{202e}\u{7}";
    let diagnostic = Diagnostic::error(ICON_NOT_FOUND, format!("icon `{hostile}`"))
        .with_label(hostile)
        .with_hint(hostile)
        .in_file(format!("{hostile}.json"))
        .at(Span { start: 0, end: 3 });
    let sources = |_: &str| Some(hostile.as_bytes().to_vec());
    for render in [render_full, render_concise] {
        let output = render(std::slice::from_ref(&diagnostic), &sources, false);
        assert!(
            !output
                .chars()
                .any(|character| (character.is_control() && character != '\n')
                    || character == '\u{202e}'),
            "{output:?}"
        );
    }
}

#[test]
fn text_that_is_not_utf8_is_shown_as_well_as_it_can() {
    let sources = |_: &str| Some(b"{\"a\": \"\xff\xfe\", \"b\": 1}".to_vec());
    let diagnostic = Diagnostic::warning(Code::new("not-utf8"), "not UTF-8")
        .in_file("a.json")
        .at(Span { start: 7, end: 9 });
    insta::assert_snapshot!(render_full(&[diagnostic], &sources, false), @r#"
    warning[not-utf8]: not UTF-8
     --> a.json:1:8
      |
    1 | {"a": "��", "b": 1}
      |        ^^
    "#);
}

#[test]
fn json_carries_everything() {
    let output = render_json(
        &[
            missing_icon(),
            Diagnostic::warning(Code::new("no-workspaces"), "the registry has no workspaces"),
        ],
        &sources,
    );
    let value: serde_json::Value = serde_json::from_str(&output).unwrap();
    insta::assert_json_snapshot!(value, @r#"
    [
      {
        "code": "icon-not-found",
        "severity": "error",
        "message": "icon `firefox.png` of workspace `firefox` does not exist",
        "label": "no such file in this folder",
        "hint": "add the file, or name one of: `icon.png`, `logo.svg`",
        "file": "workspaces/firefox/workspace.json",
        "span": {
          "start": 76,
          "end": 89,
          "from": {
            "line": 4,
            "column": 18
          },
          "to": {
            "line": 4,
            "column": 31
          }
        },
        "fix": null
      },
      {
        "code": "no-workspaces",
        "severity": "warning",
        "message": "the registry has no workspaces",
        "label": null,
        "hint": null,
        "file": null,
        "span": null,
        "fix": null
      }
    ]
    "#);
}

/// Diagnostics of every kind, one of them as bad as a stranger could make it.
fn all_kinds() -> Vec<Diagnostic> {
    vec![
        missing_icon(),
        Diagnostic::warning(
            Code::new("wrong-architecture"),
            "`amd64` is odd, 50 % of it",
        )
        .in_file(FILE)
        .at(span_of("[\n        \"amd64\"\n    ]"))
        .with_fix(Fix::replace("write `x`", span_of("\"amd64\""), "\"x\"")),
        Diagnostic::note(
            Code::new("hostile-text"),
            "a\r\n::error::b\u{1b}[2J\u{202e}%0A\u{9b}",
        )
        .in_file("dir, with: odd\u{202e} na\u{ef}ve\n::name.json"),
        Diagnostic::warning(Code::new("no-workspaces"), "the registry has no workspaces"),
    ]
}

fn tool() -> Tool<'static> {
    Tool {
        name: "quayside",
        version: "1.2.3",
        rules: vec![ToolRule {
            code: ICON_NOT_FOUND,
            severity: Severity::Error,
            summary: "Looks for the icon.".to_owned(),
            docs: "## What it does\n",
        }],
    }
}

#[test]
fn github_is_one_command_each() {
    let output = render_github(&all_kinds(), &sources);
    insta::assert_snapshot!(output);
    assert_eq!(output.lines().count(), 4);
}

#[test]
fn gitlab_knows_a_diagnostic_again() {
    let output = render_gitlab(&all_kinds(), &sources);
    insta::assert_snapshot!(output);
    let fingerprint = |text: &str, diagnostics: &[Diagnostic]| -> Vec<String> {
        let output = render_gitlab(diagnostics, &|_| Some(text.as_bytes().to_vec()));
        let value: serde_json::Value = serde_json::from_str(&output).unwrap();
        let issues = value.as_array().unwrap().iter();
        issues
            .map(|issue| issue["fingerprint"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut moved = missing_icon();
    moved.span = moved.span.map(|span| Span {
        start: span.start + 1,
        end: span.end + 1,
    });
    let first = fingerprint(SOURCE, &[missing_icon()]);
    assert_eq!(fingerprint(&format!("\n{SOURCE}"), &[moved]), first);
    let twice = fingerprint(SOURCE, &[missing_icon(), missing_icon()]);
    assert_eq!(twice[0], first[0]);
    assert_ne!(twice[1], first[0]);
}

#[test]
fn sarif_names_rules_places_and_fixes() {
    insta::assert_snapshot!(render_sarif(&all_kinds(), &sources, &tool()));
}

#[test]
fn no_report_is_given_active_characters() {
    for output in [
        render_github(&all_kinds(), &sources),
        render_gitlab(&all_kinds(), &sources),
        render_sarif(&all_kinds(), &sources, &tool()),
        render_json(&all_kinds(), &sources),
    ] {
        assert!(
            !output.chars().any(|character| {
                (character.is_control() && character != '\n') || character == '\u{202e}'
            }),
            "{output:?}"
        );
    }
    let json = render_json(&all_kinds(), &sources);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value[2]["message"], all_kinds()[2].message.as_str());
}

#[test]
fn a_message_ends() {
    let long = "é".repeat(3_000_000);
    let diagnostic = Diagnostic::error(ICON_NOT_FOUND, long.as_str())
        .with_label(long.as_str())
        .with_hint(long.as_str())
        .in_file(long.as_str());
    let diagnostics = [diagnostic];
    for output in [
        render_full(&diagnostics, &sources, false),
        render_concise(&diagnostics, &sources, false),
        render_github(&diagnostics, &sources),
        render_gitlab(&diagnostics, &sources),
    ] {
        assert!(output.len() < 20_000, "{}", output.len());
    }
}
