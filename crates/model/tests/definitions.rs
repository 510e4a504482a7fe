//! Every deviation that real workspaces show: what is read, what is left out, and why.

use model::definition::{Definition, SchemaForm, Trouble};
use model::json::{self, Limits, Parsed};

fn parse(text: &[u8]) -> Parsed {
    json::parse(text, &Limits::default())
}

fn read(text: &[u8]) -> (Definition, Vec<Trouble>) {
    Definition::read(&parse(text).value.expect("readable")).expect("readable")
}

/// A definition that must be without troubles.
fn clean(text: &[u8]) -> Definition {
    let (definition, troubles) = read(text);
    assert_eq!(troubles, []);
    definition
}

fn troubles(text: &[u8]) -> Vec<String> {
    let lines = read(text).1.into_iter().map(|trouble| {
        let wrong =
            String::from_utf8_lossy(&text[trouble.span.start..trouble.span.end]).into_owned();
        format!("{} {wrong}: {}", trouble.pointer, trouble.message)
    });
    lines.collect()
}

fn unusable(text: &[u8]) -> (String, String) {
    let trouble = Definition::read(&parse(text).value.expect("readable")).expect_err("unusable");
    (trouble.pointer, trouble.message)
}

macro_rules! workspace {
    ($name:literal) => {
        include_bytes!(concat!("workspaces/", $name, ".json")).as_slice()
    };
}

#[test]
fn the_form_1_0() {
    let definition = clean(workspace!("form-1.0"));
    assert_eq!(definition.form, SchemaForm::V1_0);
    assert_eq!(definition.friendly_name, "Paint");
    assert_eq!(definition.description.as_deref(), Some("Draws pictures."));
    assert_eq!(definition.image_src.as_deref(), Some("paint.svg"));
    assert_eq!(
        definition.docker_registry.as_deref(),
        Some("https://index.docker.io/v1/")
    );
    assert_eq!(definition.architectures, ["amd64", "arm64"]);
    assert_eq!(definition.categories, ["Office", "Drawing"]);
    assert_eq!(definition.image.as_deref(), Some("acme/paint:1.0"));
    assert_eq!(definition.uncompressed_size_mb, Some(1240));
    // Each version has the one image and size.
    let entries = &definition.compatibility;
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[1].version, "1.14.x");
    assert_eq!(entries[1].image.as_deref(), Some("acme/paint:1.0"));
    assert_eq!(entries[1].uncompressed_size_mb, Some(1240));
    assert!(entries[1].available_tags.is_empty());
}

#[test]
fn the_form_1_1() {
    let definition = clean(workspace!("form-1.1"));
    assert_eq!(definition.form, SchemaForm::V1_1);
    assert_eq!(definition.form.to_string(), "1.1");
    assert_eq!(definition.image, None);
    assert_eq!(definition.cores, Some(0.25));
    assert_eq!(definition.memory_mb, Some(2768));
    assert_eq!(definition.gpu_count, Some(1));
    assert_eq!(definition.cpu_allocation_method.as_deref(), Some("Quotas"));
    assert_eq!(definition.notes.as_deref(), Some("Needs a pen."));
    let entries = &definition.compatibility;
    assert_eq!(entries[0].image.as_deref(), Some("acme/paint:1.17.0"));
    assert_eq!(entries[0].available_tags, ["develop", "1.17.0"]);
    assert_eq!(entries[1].uncompressed_size_mb, Some(1200));
    let user = definition
        .run_config
        .as_ref()
        .and_then(|config| config.get("user"));
    assert_eq!(user.and_then(|user| user.as_number()?.as_u64()), Some(1000));
    assert!(
        definition
            .exec_config
            .unwrap()
            .get("first_launch")
            .is_some()
    );
}

#[test]
fn line_ends_tabs_and_byte_order_marks_do_not_count() {
    let plain = clean(workspace!("form-1.0"));
    assert_eq!(clean(workspace!("carriage-returns")), plain);
    assert_eq!(clean(workspace!("tabs")), plain);
    assert_eq!(clean(workspace!("byte-order-mark")), plain);
    assert!(parse(workspace!("byte-order-mark")).byte_order_mark);
}

#[test]
fn any_script_is_text() {
    let definition = clean(workspace!("not-ascii"));
    assert_eq!(definition.friendly_name, "Zeichner – 画家");
    assert_eq!(definition.description.as_deref(), Some("Für 😀"));
    assert_eq!(definition.categories, ["Büro"]);
}

#[test]
fn what_no_database_stores_becomes_a_replacement_character() {
    assert_eq!(
        clean(workspace!("not-utf8")).friendly_name,
        "Zeichner f\u{fffd}r alle"
    );
    let definition = clean(workspace!("lone-surrogate"));
    assert_eq!(definition.friendly_name, "Paint \u{fffd}");
    assert_eq!(definition.description.as_deref(), Some("a\u{fffd}b"));
}

#[test]
fn of_duplicate_keys_the_last_counts() {
    let definition = clean(workspace!("duplicate-keys"));
    assert_eq!(definition.friendly_name, "Paint");
    assert_eq!(definition.cores, Some(2.0));
    assert_eq!(parse(workspace!("duplicate-keys")).duplicate_keys.len(), 2);
}

#[test]
fn a_missing_compatibility_costs_nothing_else() {
    let definition = clean(workspace!("missing-compatibility"));
    assert_eq!(definition.form, SchemaForm::V1_0);
    assert_eq!(definition.image.as_deref(), Some("acme/paint:1.0"));
    assert!(definition.compatibility.is_empty());
    assert_eq!(
        clean(workspace!("missing-compatibility-1.1")).form,
        SchemaForm::V1_1
    );
}

#[test]
fn both_spellings_of_compatibility_are_read() {
    let text = workspace!("manual-spelling");
    assert_eq!(read(text).0.compatibility[0].version, "1.13.x");
    assert_eq!(
        troubles(text),
        [r#"/compatability "compatability": `compatability` is read as `compatibility`"#]
    );
    let both = clean(workspace!("both-spellings"));
    assert_eq!(both.compatibility[0].version, "1.14.x");
    assert_eq!(both.compatibility.len(), 1);
}

#[test]
fn an_entry_takes_from_the_workspace_what_it_does_not_say() {
    let text = workspace!("both-forms");
    let (definition, _) = read(text);
    assert_eq!(definition.form, SchemaForm::V1_0);
    assert_eq!(definition.compatibility.len(), 2);
    assert_eq!(
        definition.compatibility[1].image.as_deref(),
        Some("acme/paint:1.0")
    );
    assert_eq!(definition.compatibility[1].uncompressed_size_mb, Some(900));
    assert_eq!(
        troubles(text),
        [
            r#"/compatibility/2/version {"image": "acme/paint:2"}: a version is missing here"#,
            "/compatibility/3 7: expected a version, found a number",
        ]
    );
    let beside = clean(workspace!("image-beside-entries"));
    assert_eq!(
        beside.compatibility[0].image.as_deref(),
        Some("acme/paint:1.0")
    );
}

#[test]
fn a_single_value_stands_for_an_array() {
    let text = workspace!("single-values");
    let (definition, _) = read(text);
    assert_eq!(definition.architectures, ["amd64"]);
    assert_eq!(definition.categories, ["Office"]);
    assert_eq!(definition.compatibility[0].version, "1.13.x");
    assert_eq!(
        troubles(text),
        [
            r#"/architecture "AMD64": expected an array of strings, found a string"#,
            r#"/categories "Office": expected an array of strings, found a string"#,
            r#"/compatibility "1.13.x": expected an array, found a string"#,
        ]
    );
}

#[test]
fn null_means_nothing_and_is_no_trouble() {
    let definition = clean(workspace!("nulls"));
    assert_eq!(definition.description, None);
    assert_eq!(definition.run_config, None);
    assert!(definition.compatibility.is_empty());
}

#[test]
fn values_of_the_wrong_kind_are_left_out_and_noted() {
    let text = workspace!("wrong-kinds");
    let (definition, _) = read(text);
    assert_eq!(definition.image, None);
    assert_eq!(definition.description.as_deref(), Some("7"));
    assert_eq!(definition.categories, ["Office"]);
    assert_eq!(
        (definition.cores, definition.memory_mb, definition.gpu_count),
        (None, None, None)
    );
    assert_eq!(definition.uncompressed_size_mb, None);
    // A review has to see it, whatever it is.
    assert_eq!(definition.run_config.unwrap().as_str(), Some("privileged"));
    assert_eq!(
        troubles(text),
        [
            r#"/name ["acme/paint"]: expected a string, found an array"#,
            "/uncompressed_size_mb 1e30: a number from 0 to 100000000 is expected here",
            "/description 7: expected a string, found a number",
            r#"/architecture {"amd64": true}: expected an array of strings, found an object"#,
            "/categories/1 3: expected a string, found a number",
            "/categories/4 null: expected a string, found null",
            r#"/cores "two": expected a number of cores, found a string"#,
            "/memory true: expected a number of megabytes, found a truth value",
            "/gpu_count -1: a number from 0 to 100000 is expected here",
            r#"/run_config "privileged": expected an object, found a string"#,
            "/compatibility 1.13: expected an array, found a number",
        ]
    );
}

#[test]
fn sizes_with_a_unit_are_read() {
    let (definition, troubles) = read(workspace!("sizes-with-units"));
    assert_eq!(definition.cores, Some(2.0));
    assert_eq!(definition.memory_mb, Some(2500));
    assert_eq!(definition.compatibility[0].uncompressed_size_mb, Some(1240));
    assert_eq!(definition.compatibility[1].uncompressed_size_mb, None);
    assert_eq!(troubles.len(), 4);
}

#[test]
fn images_and_icons_of_strangers_are_kept_unchecked() {
    let image = clean(workspace!("docker-pull")).image;
    assert_eq!(image.as_deref(), Some("docker pull acme/paint:1.0"));
    let icon = |text| clean(text).image_src;
    assert_eq!(
        icon(workspace!("blob-icon")).as_deref(),
        Some("blob:https://acme.example/4f7e")
    );
    assert_eq!(
        icon(workspace!("http-icon")).as_deref(),
        Some("https://acme.example/paint.png")
    );
    assert_eq!(
        icon(workspace!("icon-elsewhere")).as_deref(),
        Some("../index.html")
    );
    assert_eq!(icon(workspace!("empty-icon")), None);
}

#[test]
fn what_a_review_needs_is_kept_as_it_is_written() {
    let definition = clean(workspace!("privileged-as-text"));
    let privileged = definition
        .run_config
        .as_ref()
        .and_then(|config| config.get("privileged"));
    assert_eq!(privileged.and_then(json::Value::as_str), Some("true"));
    let definition = clean(workspace!("volume-mappings"));
    assert!(
        definition
            .volume_mappings
            .unwrap()
            .get("/mnt/share")
            .is_some()
    );
    assert_eq!(
        definition.persistent_profile_path.as_deref(),
        Some("/home/acme/{username}")
    );
}

#[test]
fn unknown_keys_are_kept_in_javascript_order() {
    let value = parse(workspace!("unknown-keys")).value.unwrap();
    Definition::read(&value).unwrap();
    assert_eq!(
        String::from_utf8(json::stringify(&value)).unwrap(),
        r#"{"2":"two","10":"ten","zeta":1,"friendly_name":"Paint","enabled":true,"image_type":"Container","name":"acme/paint:1.0","__proto__":{}}"#
    );
}

#[test]
fn a_hundred_categories_are_kept() {
    let (definition, troubles) = read(workspace!("many-categories"));
    assert_eq!(definition.categories.len(), 100);
    assert_eq!(troubles.len(), 1);
    assert_eq!(troubles[0].message, "only the first 100 are used");
}

#[test]
fn without_a_name_or_an_object_it_is_unusable() {
    let pair = |pointer: &str, message: &str| (pointer.to_owned(), message.to_owned());
    assert_eq!(
        unusable(workspace!("name-is-missing")),
        pair("", "`friendly_name` is missing")
    );
    assert_eq!(
        unusable(workspace!("name-is-spaces")),
        pair("/friendly_name", "`friendly_name` is empty")
    );
    assert_eq!(
        unusable(workspace!("name-is-an-object")),
        pair(
            "/friendly_name",
            "`friendly_name` is an object, not a string"
        )
    );
    assert_eq!(
        unusable(workspace!("not-an-object")),
        pair("", "expected an object, found an array")
    );
}

#[test]
fn a_broken_file_tells_all_its_errors() {
    let text = workspace!("broken");
    let errors: Vec<_> = parse(text)
        .errors
        .into_iter()
        .map(|error| (json::line_column(text, error.span.start), error.message))
        .collect();
    assert_eq!(
        errors,
        [
            ((6, 27), "a comma is missing before this".to_owned()),
            (
                (9, 40),
                "a comma stands before the closing bracket".to_owned()
            ),
            ((10, 3), "a comma is missing before this".to_owned()),
        ]
    );
}
