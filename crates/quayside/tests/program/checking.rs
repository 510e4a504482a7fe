//! `publish check`, `explain` and `schema`: what authors and their pipelines read.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use testkit::run_quayside;

use crate::PROGRAM;

const CONFIG: &str = "name = \"Harbour\"\nlist_url = \"https://harbour.example/\"\ncontact_url = \"\"\nschema = \"1.0\"\n";

/// Without fault.
const GULL: &str = r#"{
  "friendly_name": "Gull",
  "name": "harbour.example/gull:1.16.0",
  "description": "Counts gulls.",
  "image_src": "gull.svg",
  "architecture": ["amd64"],
  "compatibility": ["1.16.x"],
  "uncompressed_size_mb": 120,
  "categories": ["Harbour"]
}
"#;

const ICON: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"/>"#;

/// A registry in a folder of its own.
struct Registry(TempDir);

impl Registry {
    fn new(config: &str) -> Self {
        let registry = Self(tempfile::tempdir().unwrap());
        registry.with("registry.toml", config)
    }

    fn with(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn with_gull(self) -> Self {
        self.with("workspaces/gull/workspace.json", GULL)
            .with("workspaces/gull/gull.svg", ICON)
    }

    /// Two of its three workspaces are not as they should be.
    fn faulty() -> Self {
        Self::new(CONFIG)
            .with_gull()
            .with(
                "workspaces/heron/workspace.json",
                GULL.replace("Gull", "Heron")
                    .replace("gull.svg", "heron.png"),
            )
            .with("workspaces/heron/heron.svg", ICON)
            .with(
                "workspaces/tern/workspace.json",
                GULL.replace("Gull", "Tern")
                    .replace("gull.svg", "tern.svg")
                    .replace("\"amd64\"]", "\"amd64\",]"),
            )
            .with("workspaces/tern/tern.svg", ICON)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    fn check(&self, options: &[&str]) -> Output {
        let folder = self.path().display().to_string();
        let mut arguments = vec!["publish", "check", &folder];
        arguments.extend(options);
        run_quayside(Path::new(PROGRAM), &arguments)
    }
}

fn publish(arguments: &[&str]) -> Output {
    run_quayside(Path::new(PROGRAM), &[&["publish"], arguments].concat())
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn findings_are_printed_in_every_format() {
    let registry = Registry::faulty();
    for (format, snapshot) in [
        ("full", "check_full"),
        ("concise", "check_concise"),
        ("json", "check_json"),
        ("sarif", "check_sarif"),
        ("github", "check_github"),
        ("gitlab", "check_gitlab"),
    ] {
        let output = registry.check(&["--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert_eq!(
            stderr(&output),
            "3 workspaces checked: 1 error, 1 warning; 1 workspace would be left out; \
             1 finding can be put right with `--fix`\n"
        );
        let mut text = stdout(&output);
        if format == "sarif" {
            // The rules stand in it with all their docs, which are a page of their own.
            let mut log: serde_json::Value = serde_json::from_str(&text).unwrap();
            let rules = &mut log["runs"][0]["tool"]["driver"]["rules"];
            assert!(rules.as_array().unwrap().len() > 30);
            *rules = "…".into();
            let results = log["runs"][0]["results"].as_array_mut().unwrap();
            for result in results {
                assert!(result["ruleIndex"].is_u64());
                result["ruleIndex"] = "…".into();
            }
            text = serde_json::to_string_pretty(&log).unwrap();
        }
        insta::assert_snapshot!(snapshot, text);
    }
    let json = registry.check(&["--json"]);
    assert_eq!(json.stdout, registry.check(&["--format", "json"]).stdout);
}

#[test]
fn the_exit_code_tells_a_pipeline_what_to_do() {
    let good = Registry::new(CONFIG).with_gull();
    let odd =
        Registry::new("list_url = \"https://harbour.example/\"\nschema = \"1.0\"\n").with_gull();
    let bad = Registry::faulty();
    for (registry, options, code) in [
        (&good, &[][..], 0),
        (&good, &["--deny-warnings"], 0),
        (&odd, &[], 0),
        (&odd, &["--deny-warnings"], 1),
        (&bad, &[], 1),
    ] {
        let output = registry.check(options);
        let shown = (stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(code), "{options:?} {shown:?}");
    }
    let output = good.check(&[]);
    assert_eq!(stdout(&output), "");
    assert_eq!(stderr(&output), "1 workspace checked: nothing to say\n");
    let missing = good.path().join("nowhere").display().to_string();
    let output = publish(&["check", &missing]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("nowhere"), "{}", stderr(&output));
}

#[test]
fn severities_are_the_registry_s_own() {
    let with = |line: &str| {
        Registry::new(&format!("{CONFIG}[severity]\n{line}\n"))
            .with("workspaces/a/workspace.json", "{\"friendly_name\": \"A\"}")
    };
    let found = |line: &str| stdout(&with(line).check(&["--format", "concise"]));
    let line = "workspaces/a/workspace.json:1:1: ";
    assert!(found("").contains(&format!("{line}warning[icon-not-named]")));
    assert!(found("icon-not-named = \"error\"").contains(&format!("{line}error[icon-not-named]")));
    assert!(found("icon-not-named = \"note\"").contains(&format!("{line}note[icon-not-named]")));
    assert!(!found("icon-not-named = \"allow\"").contains("icon-not-named"));
    insta::assert_snapshot!(
        found("icon-not-named = \"none\"\nicon-not-nmaed = \"allow\"\nicon-not-found = \"allow\"")
            .lines()
            .filter(|line| line.starts_with("registry.toml"))
            .collect::<Vec<_>>()
            .join("\n"),
        @r"
    registry.toml:6:18: warning[config-severity-unknown]: `[severity]` in `registry.toml` gives `icon-not-named` no severity that exists
    registry.toml:7:1: warning[config-code-unknown]: `[severity]` in `registry.toml` names no diagnostic: icon-not-nmaed
    "
    );
}

#[test]
fn a_broken_configuration_hides_no_workspace() {
    let registry = Registry::new("schema = 1.1\n").with("workspaces/a/workspace.json", "{");
    let output = registry.check(&["--format", "concise"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.contains("error[config-wrong-type]"), "{text}");
    assert!(text.contains("error[invalid-json]"), "{text}");
}

#[test]
fn what_is_safe_is_put_right() {
    use std::os::unix::fs::PermissionsExt as _;

    let registry = Registry::faulty();
    let tern = "workspaces/tern/workspace.json";
    let mode = fs::Permissions::from_mode(0o640);
    fs::set_permissions(registry.path().join(tern), mode).unwrap();
    let output = registry.check(&["--fix", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(0), "no error remains");
    assert_eq!(
        stdout(&output),
        "workspaces/heron/workspace.json:5:16: warning[icon-not-found]: icon `heron.png` of workspace `Heron` does not exist\n"
    );
    assert_eq!(
        stderr(&output),
        "1 finding put right in 1 file\n3 workspaces checked: 1 warning\n"
    );
    assert_eq!(
        registry.read(tern),
        GULL.replace("Gull", "Tern").replace("gull.svg", "tern.svg")
    );
    let meta = fs::metadata(registry.path().join(tern)).unwrap();
    assert_eq!(meta.permissions().mode() & 0o777, 0o640);
    let names = fs::read_dir(registry.path().join("workspaces/tern")).unwrap();
    assert_eq!(names.count(), 2, "no temporary file is left");
    assert_eq!(registry.read("workspaces/gull/workspace.json"), GULL);
    let again = registry.check(&["--fix"]);
    assert_eq!(stderr(&again), "3 workspaces checked: 1 warning\n");
}

#[test]
fn categories_that_become_the_same_become_one() {
    let file = "workspaces/gull/workspace.json";
    let registry = Registry::new(CONFIG).with_gull().with(
        file,
        GULL.replace("[\"Harbour\"]", "[\"Browser\", \"Browsers\"]"),
    );
    let output = registry.check(&["--fix"]);
    assert_eq!(
        (output.status.code(), stdout(&output)),
        (Some(0), String::new())
    );
    assert_eq!(
        registry.read(file),
        GULL.replace("[\"Harbour\"]", "[\"Browser\"]")
    );
}

#[test]
fn the_registry_s_own_addresses_are_looked_at() {
    let found = |config: &str| {
        stdout(
            &Registry::new(config)
                .with_gull()
                .check(&["--format", "concise"]),
        )
    };
    insta::assert_snapshot!(found("name = \"Harbour\"\nlist_url = \"http://harbour.example/registry\"\nschema = \"1.0\"\n"), @"
    registry.toml:2:12: warning[list-url-not-encrypted]: the registry's address is not encrypted: http://harbour.example/registry
    registry.toml:2:12: warning[list-url-not-root]: the registry's address is not that of its root: http://harbour.example/registry
    registry.toml:4:1: warning[config-key-missing]: `registry.toml` has no `contact_url`: whoever wonders about a workspace cannot ask before installing it
    ");
    insta::assert_snapshot!(found("name = \"Harbour\"\nlist_url = \"http://localhost:8080/list.json\"\nschema = \"1.0\"\ncontact_url = \"\"\n"), @"registry.toml:2:12: warning[list-url-not-root]: the registry's address is not that of its root: http://localhost:8080/list.json");
}

#[test]
fn a_link_stays_a_link_when_its_file_is_put_right() {
    let registry = Registry::new(CONFIG).with("shared/fox.json", "{\"friendly_name\": \"Fox\",}");
    let link = registry.path().join("workspaces/fox/workspace.json");
    fs::create_dir_all(link.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("../../shared/fox.json", &link).unwrap();
    registry.check(&["--fix"]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        registry.read("shared/fox.json"),
        "{\"friendly_name\": \"Fox\"}"
    );
}

#[test]
fn a_file_that_is_too_much_is_one_finding() {
    let registry = Registry::new(CONFIG)
        .with_gull()
        .with("workspaces/long/workspace.json", vec![b'['; (4 << 20) + 1])
        .with("workspaces/nested/workspace.json", vec![b'['; 4 << 20]);
    let output = registry.check(&["--format", "concise"]);
    insta::assert_snapshot!(stdout(&output), @r"
    workspaces/long/workspace.json: error[file-too-large]: `workspaces/long/workspace.json` is longer than 4 MiB and is left out
    workspaces/nested/workspace.json:1:513: error[invalid-json]: `workspaces/nested/workspace.json` is not JSON and is left out: nested deeper than 512 levels
    ");
}

#[test]
fn codes_are_explained() {
    let output = publish(&["explain", "icon-not-found"]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(stdout(&output));

    let list = stdout(&publish(&["explain"]));
    let codes: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(codes.contains(&"icon-not-found") && codes.is_sorted());
    let json: serde_json::Value =
        serde_json::from_slice(&publish(&["explain", "--json"]).stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), codes.len());
    assert_eq!(json[0]["code"], codes[0]);

    let page = testkit::repository().join("docs/publish-rules.md");
    assert_eq!(
        stdout(&publish(&["explain", "--all"])),
        fs::read_to_string(page).unwrap()
    );

    let output = publish(&["explain", "icon-not-fond"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        stderr(&output),
        "error: there is no code `icon-not-fond`; did you mean `icon-not-found`?\n"
    );
}

#[test]
fn schemas_are_printed() {
    let names = stdout(&publish(&["schema"]));
    assert_eq!(names, "workspace-1.0\nworkspace-1.1\nregistry\n");
    for name in names.lines() {
        let schema = publish(&["schema", name]).stdout;
        let schema: serde_json::Value = serde_json::from_slice(&schema).unwrap();
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
    }
    let output = publish(&["schema", "workspace-2.0"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn lost_output_is_no_success() {
    let registry = Registry::faulty();
    let folder = registry.path().display().to_string();
    let site = registry.path().join("site").display().to_string();
    for arguments in [
        &["explain", "--all"][..],
        &["schema", "workspace-1.1"],
        &["check", &folder, "--format", "json"],
        &["build", &folder, "--out", &site, "--json"],
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let output = Command::new(PROGRAM)
            .arg("publish")
            .args(arguments)
            .env("NO_COLOR", "1")
            .stdout(full.unwrap())
            .output()
            .unwrap();
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        let line = "error: cannot write to stdout: No space left on device\n";
        assert!(told.ends_with(line), "{arguments:?}: {told}");
    }
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = Command::new(PROGRAM)
        .args(["publish", "explain", "--all"])
        .stdout(writer)
        .output()
        .unwrap();
    assert_eq!(
        (output.status.code(), stderr(&output)),
        (Some(0), String::new())
    );
}
