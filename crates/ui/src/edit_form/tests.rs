use model::json::{self, Limits, Value};

use super::EditForm;

fn value(text: &str) -> Value {
    json::parse(text.as_bytes(), &Limits::default())
        .value
        .expect("test input is JSON")
}

fn text(value: &Value) -> String {
    String::from_utf8(json::stringify(value)).expect("JSON is UTF-8")
}

const PUBLISHED: &str = r#"{"friendly_name":"Blender","description":"Models.","name":"example/blender:1","compatibility":["1.17.x"],
"cores":2,"memory":4096,"run_config":{"user":1000,"environment":{"A":"1","B":"2"},"x":null}}"#;

fn form() -> EditForm {
    EditForm {
        friendly_name: "Blender".to_owned(),
        description: "Models.".to_owned(),
        image: "example/blender:1".to_owned(),
        image_published: "example/blender:1".to_owned(),
        cores: "2".to_owned(),
        memory_mb: "4096".to_owned(),
        run_config: r#"{"user": 1000, "environment": {"B": "2", "A": "1"}, "x": null}"#.to_owned(),
        exec_config: String::new(),
    }
}

fn patch(form: &EditForm, published: &str, version: Option<&str>) -> Option<String> {
    let patch = form.changes(&value(published), version);
    patch.expect("the form is good").as_ref().map(text)
}

fn errors(form: &EditForm) -> Vec<String> {
    let errors = form.changes(&value(PUBLISHED), None);
    let errors = errors.expect_err("the form is wrong");
    errors
        .into_iter()
        .map(|error| format!("{}: {}", error.pointer, error.detail))
        .collect()
}

#[test]
fn a_form_as_published_changes_nothing() {
    assert_eq!(patch(&form(), PUBLISHED, Some("1.17.x")), None);
}

#[test]
fn only_what_was_edited_is_told() {
    let edited = EditForm {
        friendly_name: " Blender 4 ".to_owned(),
        image: "example/blender:2".to_owned(),
        cores: "0.5".to_owned(),
        memory_mb: String::new(),
        run_config: r#"{"environment": {"A": "1", "C": "3"}, "x": null}"#.to_owned(),
        exec_config: r#"{"go": {}}"#.to_owned(),
        ..form()
    };
    assert_eq!(
        patch(&edited, PUBLISHED, Some("1.17.x")).as_deref(),
        Some(
            r#"{"friendly_name":"Blender 4","name":"example/blender:2","cores":0.5,"memory":null,"run_config":{"environment":{"C":"3","B":null},"user":null},"exec_config":{"go":{}}}"#
        )
    );
}

#[test]
fn the_patch_makes_what_was_typed() {
    let edited = EditForm {
        run_config: r#"{"environment": {"A": "1", "C": ["3", null]}}"#.to_owned(),
        ..form()
    };
    let published = value(PUBLISHED);
    let patch = edited.changes(&published, None).unwrap().unwrap();
    let merged = json::merge_patch(&published, &patch);
    assert_eq!(
        merged.get("run_config").map(text).as_deref(),
        Some(r#"{"environment":{"A":"1","C":["3",null]}}"#)
    );
}

#[test]
fn an_image_of_the_newer_form_is_edited_in_its_entry() {
    let published = r#"{"friendly_name":"B","compatibility":[{"version":"1.16.x","image":"e/b:16"},{"version":"1.17.x","image":"e/b:17","available_tags":["dev","17"]}]}"#;
    let form = EditForm {
        friendly_name: "B".to_owned(),
        image: "e/b:dev".to_owned(),
        image_published: "e/b:dev".to_owned(),
        ..EditForm::default()
    };
    assert_eq!(patch(&form, published, Some("1.17.x")), None);
    let edited = EditForm {
        image: "e/other:1".to_owned(),
        ..form
    };
    assert_eq!(
        patch(&edited, published, Some("1.17.x")).as_deref(),
        Some(
            r#"{"compatibility":[{"version":"1.16.x","image":"e/b:16"},{"version":"1.17.x","image":"e/other:1"}]}"#
        )
    );
}

#[test]
fn an_image_that_was_edited_before_stays_edited() {
    let published = r#"{"friendly_name":"B","compatibility":[{"version":"1.17.x","image":"e/b:17","available_tags":["dev","17"]}]}"#;
    let form = EditForm {
        friendly_name: "B".to_owned(),
        image: "e/b:17".to_owned(),
        ..EditForm::default()
    };
    assert_eq!(
        patch(&form, published, Some("1.17.x")).as_deref(),
        Some(r#"{"compatibility":[{"version":"1.17.x","image":"e/b:17"}]}"#)
    );
}

#[test]
fn mistakes_are_told_at_their_fields() {
    let wrong = EditForm {
        friendly_name: " ".to_owned(),
        image: "docker pull x/y".to_owned(),
        cores: "-1".to_owned(),
        memory_mb: "4 GB".to_owned(),
        run_config: "{\n  \"user\": 1000\n  \"a\": 1\n}".to_owned(),
        exec_config: "[]".to_owned(),
        ..form()
    };
    let errors = errors(&wrong);
    let starts: Vec<&str> = errors
        .iter()
        .map(|error| error.split(": ").next().unwrap())
        .collect();
    assert_eq!(
        starts,
        [
            "/friendly_name",
            "/image",
            "/cores",
            "/memory",
            "/run_config",
            "/exec_config"
        ]
    );
    assert!(
        errors[4].starts_with("/run_config: Line 3, column 3: "),
        "{}",
        errors[4]
    );
}

#[test]
fn a_null_that_a_patch_cannot_tell_is_refused() {
    let wrong = EditForm {
        run_config: r#"{"user": null}"#.to_owned(),
        ..form()
    };
    assert_eq!(
        errors(&wrong),
        [r#"/run_config: The property "user" cannot be null."#]
    );
}
