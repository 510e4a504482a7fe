use std::fmt::Write as _;

use model::list::{ListDocument, ListLimits, read_list};

use super::*;

fn list(workspaces: &str) -> ListDocument {
    let text = format!(r#"{{"name":"Harbour","workspaces":[{workspaces}]}}"#);
    read_list(text.as_bytes(), &ListLimits::default()).expect("a list")
}

/// Everything in lines.
fn told(comparison: &Comparison) -> String {
    let mut text = String::new();
    for field in &comparison.registry {
        let _ = writeln!(text, "registry {}", line(field));
    }
    for added in &comparison.added {
        let _ = writeln!(text, "+ {}{}", added.name, findings(&added.findings));
    }
    for changed in &comparison.changed {
        let _ = writeln!(text, "~ {}{}", changed.name, findings(&changed.wider));
        for field in &changed.fields {
            let _ = writeln!(text, "  {}", line(field));
        }
    }
    for name in &comparison.removed {
        let _ = writeln!(text, "- {name}");
    }
    let _ = write!(text, "= {}", comparison.unchanged);
    text
}

fn line(field: &FieldChange) -> String {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    format!(
        "{}: {} > {}",
        field.path,
        shown(&field.before),
        shown(&field.after)
    )
}

fn findings(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let _ = write!(
            text,
            " !{} {}={}",
            finding.id, finding.property, finding.value
        );
    }
    text
}

fn compare(before: &str, after: &str) -> String {
    told(&Comparison::of(Some(&list(before)), &list(after)))
}

#[test]
fn listings_come_change_and_go() {
    assert_eq!(
        compare(
            r#"{"friendly_name":"Anchor","name":"h/anchor:1","description":"A thing.","compatibility":["1.14.x"],"sha":"a"},
               {"friendly_name":"Buoy","name":"h/buoy:1","compatibility":["1.14.x"]},
               {"friendly_name":"Crane","name":"h/crane:1","compatibility":["1.14.x"],"sha":"c"}"#,
            r#"{"friendly_name":"Anchor","name":"h/anchor:2","compatibility":["1.14.x","1.15.x"],"sha":"b","cores":2},
               {"friendly_name":"Crane","name":"h/crane:1","compatibility":["1.14.x"],"sha":"d"},
               {"friendly_name":"Dock","name":"h/dock:1","compatibility":["1.14.x"]}"#,
        ),
        "+ Dock\n\
         ~ Anchor\n  name: \"h/anchor:1\" > \"h/anchor:2\"\n  compatibility: [\"1.14.x\"] > [\"1.14.x\",\"1.15.x\"]\n  cores: nothing > 2\n  description: \"A thing.\" > nothing\n\
         ~ Crane\n\
         - Buoy\n\
         = 0"
    );
}

#[test]
fn versions_are_compared_each_with_itself() {
    let entry = |entries: &str| format!(r#"{{"friendly_name":"A","compatibility":[{entries}]}}"#);
    assert_eq!(
        compare(
            &entry(
                r#"{"version":"1.16.x","image":"h/a:1"},{"version":"1.17.x","image":"h/a:2","available_tags":["x"]}"#
            ),
            &entry(
                r#"{"version":"1.17.x","image":"h/a:3","available_tags":["x","y"]},{"version":"1.18.x","image":"h/a:4"}"#
            ),
        ),
        "~ A\n  compatibility[1.16.x]: {\"version\":\"1.16.x\",\"image\":\"h/a:1\"} > nothing\n  \
         compatibility[1.17.x].image: \"h/a:2\" > \"h/a:3\"\n  \
         compatibility[1.17.x].available_tags: [\"x\"] > [\"x\",\"y\"]\n  \
         compatibility[1.18.x]: nothing > {\"version\":\"1.18.x\",\"image\":\"h/a:4\"}\n= 0"
    );
}

#[test]
fn findings_that_were_not_there_are_told() {
    let entry =
        |config: &str| format!(r#"{{"friendly_name":"A","name":"h/a:1","run_config":{config}}}"#);
    assert_eq!(
        compare(
            &entry(r#"{"user":"root","cap_add":["A"],"hostname":"a"}"#),
            &entry(r#"{"user":"root","cap_add":["A","B"],"privileged":true}"#),
        ),
        "~ A !flag_property cap_add=[\"A\",\"B\"] !privilege privileged=true\n  \
         run_config.cap_add: [\"A\"] > [\"A\",\"B\"]\n  run_config.privileged: nothing > true\n  \
         run_config.hostname: \"a\" > nothing\n= 0"
    );
    let narrower = compare(&entry(r#"{"user":"root"}"#), &entry("{}"));
    assert_eq!(narrower, "~ A\n  run_config.user: \"root\" > nothing\n= 0");
    let new = Comparison::of(None, &list(&entry(r#"{"privileged":true}"#)));
    assert_eq!(told(&new), "+ A !privilege privileged=true\n= 0");
    assert_eq!(new.wider(), 1);
}

#[test]
fn a_renamed_listing_is_a_changed_one() {
    let entry =
        |name: &str, image: &str| format!(r#"{{"friendly_name":"{name}","name":"{image}"}}"#);
    assert_eq!(
        compare(
            &entry("Anchor", "h/anchor:1"),
            &entry("Kedge", "h/anchor:2")
        ),
        "~ Kedge\n  friendly_name: \"Anchor\" > \"Kedge\"\n  name: \"h/anchor:1\" > \"h/anchor:2\"\n= 0"
    );
    // Which of two it was, nobody can tell.
    let both = format!("{},{}", entry("A", "h/x:1"), entry("B", "h/x:1"));
    assert_eq!(compare(&both, &entry("C", "h/x:1")), "+ C\n- A\n- B\n= 0");
    // Twins stay what they are.
    let twins = format!("{},{}", entry("A", "h/x:1"), entry("A", "h/x:1"));
    assert_eq!(compare(&twins, &twins), "= 2");
    assert_eq!(compare(&twins, &entry("A", "h/x:1")), "- A\n= 1");
}

#[test]
fn what_a_registry_says_of_itself_counts() {
    let before = read_list(
        br#"{"name":"Harbour","description":"x","modified":1,"workspaces":[]}"#,
        &ListLimits::default(),
    );
    let after = read_list(
        br#"{"name":"Haven","contact_url":"https://a.example/","modified":2,"workspaces":[]}"#,
        &ListLimits::default(),
    );
    let comparison = Comparison::of(Some(&before.expect("a list")), &after.expect("a list"));
    assert_eq!(
        told(&comparison),
        "registry name: \"Harbour\" > \"Haven\"\nregistry description: \"x\" > nothing\n\
         registry contact_url: nothing > \"https://a.example/\"\n= 0"
    );
    assert!(!comparison.is_empty());
    assert!(Comparison::of(Some(&list("")), &list("")).is_empty());
}

#[test]
fn the_order_of_keys_is_no_change_of_a_field() {
    assert_eq!(
        compare(
            r#"{"friendly_name":"A","run_config":{"hostname":"a","environment":{"X":"1","Y":"2"}}}"#,
            r#"{"run_config":{"environment":{"Y":"2","X":"1"},"hostname":"a"},"friendly_name":"A"}"#,
        ),
        "~ A\n= 0"
    );
}
