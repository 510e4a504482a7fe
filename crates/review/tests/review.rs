//! What is flagged and what is not, as tables over small configurations.

use model::definition::Definition;
use model::json::{self, Limits};
use review::{Finding, FindingId, Section, review};

/// The findings of a listing that carries these members besides its name.
fn findings(members: &str) -> Vec<Finding> {
    let text = format!(
        r#"{{"friendly_name":"Tide Table","name":"harbour/tide-table:1.0","image_src":"tide.svg",{members}}}"#
    );
    let parsed = json::parse(text.as_bytes(), &Limits::default());
    let value = parsed.value.unwrap_or_else(|| panic!("not JSON: {text}"));
    let (definition, _) =
        Definition::read(&value).unwrap_or_else(|trouble| panic!("{}", trouble.message));
    review(&definition)
}

/// One line a finding, as a tooltip would show it.
fn shown(members: &str) -> Vec<String> {
    findings(members)
        .iter()
        .map(|finding| {
            format!(
                "{}: {} = {} ({})",
                finding.section.path(),
                finding.property,
                finding.value,
                finding.id
            )
        })
        .collect()
}

fn check(cases: &[(&str, &[&str])]) {
    for (members, expected) in cases {
        assert_eq!(shown(members), *expected, "{members}");
    }
}

#[test]
fn nothing_to_see() {
    check(&[
        (r#""cores":2"#, &[]),
        (r#""run_config":{}"#, &[]),
        (
            r#""run_config":null,"exec_config":null,"volume_mappings":null"#,
            &[],
        ),
        (r#""exec_config":{}"#, &[]),
        (r#""volume_mappings":{}"#, &[]),
        (
            r#""run_config":{"entrypoint":["/init"],"hostname":"tide","environment":{"A":"b"}}"#,
            &[],
        ),
    ]);
}

#[test]
fn run_config_user() {
    check(&[
        (r#""run_config":{"user":1000}"#, &[]),
        (r#""run_config":{"user":"1000"}"#, &[]),
        (r#""run_config":{"user":"1000:1000"}"#, &[]),
        (
            r#""run_config":{"user":"root"}"#,
            &[r#"run_config: user = "root" (user_error)"#],
        ),
        (
            r#""run_config":{"user":0}"#,
            &["run_config: user = 0 (user_error)"],
        ),
        (
            r#""run_config":{"user":"0"}"#,
            &[r#"run_config: user = "0" (user_error)"#],
        ),
        (
            r#""run_config":{"user":"1000:0"}"#,
            &[r#"run_config: user = "1000:0" (user_error)"#],
        ),
        (
            r#""run_config":{"user":1001}"#,
            &["run_config: user = 1001 (user_error)"],
        ),
        (
            r#""run_config":{"user":[1000]}"#,
            &["run_config: user = [1000] (user_error)"],
        ),
    ]);
}

#[test]
fn run_config_privileged() {
    check(&[
        (
            r#""run_config":{"privileged":true}"#,
            &["run_config: privileged = true (privilege)"],
        ),
        (
            r#""run_config":{"privileged":"true"}"#,
            &[r#"run_config: privileged = "true" (privilege)"#],
        ),
        (r#""run_config":{"privileged":false}"#, &[]),
        (r#""run_config":{"privileged":"false"}"#, &[]),
        (
            r#""run_config":{"privileged":1}"#,
            &["run_config: privileged = 1 (flag_property)"],
        ),
    ]);
}

#[test]
fn run_config_anything_else() {
    check(&[
        (
            r#""run_config":{"security_opt":["seccomp=unconfined"]}"#,
            &[r#"run_config: security_opt = ["seccomp=unconfined"] (flag_property)"#],
        ),
        (
            r#""run_config":{"hostname":"x","shm_size":"512m","cap_add":["NET_ADMIN"],"user":"root"}"#,
            &[
                r#"run_config: shm_size = "512m" (flag_property)"#,
                r#"run_config: cap_add = ["NET_ADMIN"] (flag_property)"#,
                r#"run_config: user = "root" (user_error)"#,
            ],
        ),
        // The names of commands and their parts mean nothing here.
        (
            r#""run_config":{"cmd":"sh"}"#,
            &[r#"run_config: cmd = "sh" (flag_property)"#],
        ),
        (
            r#""run_config":{"User":"1000"}"#,
            &[r#"run_config: User = "1000" (flag_property)"#],
        ),
    ]);
}

#[test]
fn exec_config_commands() {
    check(&[
        (
            r#""exec_config":{"go":{"cmd":"sh","environment":{},"workdir":"/"},"assign":{"cmd":"sh"}}"#,
            &[],
        ),
        (
            r#""exec_config":{"first_launch":{"user":"root","cmd":"sh"}}"#,
            &[r#"exec_config.first_launch: user = "root" (user_error)"#],
        ),
        (
            r#""exec_config":{"go":{"user":1000,"privileged":false}}"#,
            &[],
        ),
        (
            r#""exec_config":{"assign":{"privileged":"true"},"go":{"privileged":true}}"#,
            &[
                r#"exec_config.assign: privileged = "true" (privilege)"#,
                "exec_config.go: privileged = true (privilege)",
            ],
        ),
        (
            r#""exec_config":{"go":{"cmd":"sh","tty":true,"hostname":"a"}}"#,
            &[
                "exec_config.go: tty = true (flag_property)",
                r#"exec_config.go: hostname = "a" (flag_property)"#,
            ],
        ),
        (r#""exec_config":{"go":{},"assign":null}"#, &[]),
    ]);
}

#[test]
fn exec_config_anything_else() {
    check(&[
        (
            r#""exec_config":{"stop":{"cmd":"sh"}}"#,
            &[r#"exec_config: stop = {"cmd":"sh"} (flag_property)"#],
        ),
        // Beside the commands, `user` and `privileged` are keys like others.
        (
            r#""exec_config":{"user":"1000","privileged":false}"#,
            &[
                r#"exec_config: user = "1000" (flag_property)"#,
                "exec_config: privileged = false (flag_property)",
            ],
        ),
        (
            r#""exec_config":{"go":"sh -c x"}"#,
            &[r#"exec_config: go = "sh -c x" (flag_property)"#],
        ),
    ]);
}

#[test]
fn volume_mappings() {
    check(&[(
        r#""volume_mappings":{"/srv":{"bind":"/data","mode":"rw"}}"#,
        &[
            r#"volume_mappings: volume_mappings = {"/srv":{"bind":"/data","mode":"rw"}} (flag_property)"#,
        ],
    )]);
}

#[test]
fn of_two_equal_keys_the_last_value_counts() {
    check(&[
        (
            r#""run_config":{"privileged":false,"hostname":"x","privileged":true}"#,
            &["run_config: privileged = true (privilege)"],
        ),
        (r#""run_config":{"user":"root","user":"1000"}"#, &[]),
        (r#""run_config":{"user":"root"},"run_config":{}"#, &[]),
    ]);
}

#[test]
fn a_long_value_is_cut() {
    let long = "é".repeat(500);
    let found = findings(&format!(r#""run_config":{{"labels":"{long}"}}"#));
    assert_eq!(found[0].value, format!("\"{}…", "é".repeat(199)));
}

#[test]
fn a_flood_of_properties_hides_no_privilege() {
    let flood: Vec<String> = (0..5_000).map(|index| format!(r#""a{index}":1"#)).collect();
    let flood = flood.join(",");
    let found = findings(&format!(
        r#""run_config":{{{flood},"privileged":true,"user":"root"}}"#
    ));
    assert_eq!(found.len(), 202);
    assert!(
        found
            .iter()
            .any(|finding| finding.id == FindingId::Privilege)
    );
    assert!(
        found
            .iter()
            .any(|finding| finding.id == FindingId::UserError)
    );
}

#[test]
fn a_section_names_its_field_on_the_edit_page() {
    assert_eq!(
        Section::RunConfig.label(),
        "Docker Run Config Override (JSON)"
    );
    assert_eq!(
        Section::ExecConfig("go".to_owned()).label(),
        "Docker Exec Config (JSON)"
    );
    assert_eq!(Section::VolumeMappings.label(), "Volume Mappings (JSON)");
    assert_eq!(Section::ExecConfig(String::new()).path(), "exec_config");
}

#[test]
fn every_finding_can_be_looked_up() {
    let ids: Vec<_> = FindingId::ALL.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["user_error", "privilege", "flag_property"]);
    assert!(FindingId::ALL.iter().all(|id| !id.description().is_empty()));
}
