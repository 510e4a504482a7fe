//! What editors are told of the files of a registry.

use jsonschema::Validator;
use model::SchemaForm;
use serde_json::{Value, json};

fn validator(schema: &str) -> Validator {
    let schema: Value = serde_json::from_str(schema).expect("a schema is JSON");
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    jsonschema::draft202012::new(&schema).expect("a schema")
}

fn example(form: SchemaForm) -> Vec<Value> {
    let folder = format!(
        "{}/../../examples/registry/{form}/workspaces",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_dir(folder)
        .expect("the example registry")
        .map(|workspace| {
            let path = workspace
                .expect("a workspace")
                .path()
                .join("workspace.json");
            let text = std::fs::read(path).expect("a workspace.json");
            serde_json::from_slice(&text).expect("JSON")
        })
        .collect()
}

/// The places in a document that a schema objects to.
fn objections(validator: &Validator, document: &Value) -> Vec<String> {
    validator
        .iter_errors(document)
        .map(|error| error.instance_path().to_string())
        .collect()
}

/// Changes one place of a document that is without fault, and expects an objection there.
fn refused(validator: &Validator, good: &Value, pointer: &str, value: Value) {
    let mut document = good.clone();
    let shown = format!("{pointer} = {value}");
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).expect("a parent");
    match (parent, key.parse::<usize>()) {
        (Value::Array(items), Ok(index)) => items[index] = value,
        (parent, _) => parent[key] = value,
    }
    let found = objections(validator, &document);
    assert!(!found.is_empty(), "{shown} is accepted");
    assert!(
        found
            .iter()
            .all(|place| pointer.starts_with(place.as_str())),
        "{shown}: {found:?}"
    );
}

#[test]
fn the_example_registry_fits() {
    for form in [SchemaForm::V1_0, SchemaForm::V1_1] {
        let validator = validator(publish::workspace_schema(form));
        for workspace in example(form) {
            assert_eq!(objections(&validator, &workspace), Vec::<String>::new());
        }
    }
    let validator = validator(&publish::registry_schema());
    for form in ["1.0", "1.1"] {
        let path = format!(
            "{}/../../examples/registry/{form}/registry.toml",
            env!("CARGO_MANIFEST_DIR")
        );
        let text = std::fs::read_to_string(path).expect("a registry.toml");
        let document: Value = toml::from_str(&text).expect("TOML");
        assert_eq!(objections(&validator, &document), Vec::<String>::new());
    }
}

#[test]
fn the_form_1_0_is_held() {
    let validator = validator(publish::workspace_schema(SchemaForm::V1_0));
    let good = json!({
        "friendly_name": "Fox", "name": "kasmweb/fox:1.16.0", "description": "A fox.",
        "image_src": "fox.png", "architecture": ["amd64"], "compatibility": ["1.16.x", "1.17.0"],
        "uncompressed_size_mb": 2460, "x-own": {"kept": true}
    });
    assert_eq!(objections(&validator, &good), Vec::<String>::new());
    for (pointer, value) in [
        ("/friendly_name", json!(" ")),
        ("/name", json!("docker pull kasmweb/fox:1.16.0")),
        ("/name", json!("kasmweb/Fox:1.16.0")),
        ("/name", json!("https://ghcr.io/a/b")),
        ("/description", json!(null)),
        ("/image_src", json!("https://a.example/fox.png")),
        ("/image_src", json!("../fox.png")),
        ("/image_src", json!("")),
        ("/architecture/0", json!("x86_64")),
        ("/architecture", json!([])),
        ("/compatibility/0", json!("1.16")),
        ("/compatibility/0", json!({"version": "1.16.x"})),
        ("/uncompressed_size_mb", json!("2460 MB")),
        ("/categories", json!(["a", "b", "c", "d"])),
        ("/cores", json!(0)),
        ("/cpu_allocation_method", json!("inherit")),
        ("/run_config", json!("--privileged")),
        ("/run_config", json!({"privileged": "true"})),
        ("/run_config", json!({"environment": {"A": 1}})),
        ("/exec_config", json!({"go": "firefox"})),
    ] {
        refused(&validator, &good, pointer, value);
    }
    for key in ["name", "compatibility", "uncompressed_size_mb", "image_src"] {
        let mut without = good.clone();
        without.as_object_mut().expect("an object").remove(key);
        assert_eq!(objections(&validator, &without), [""], "{key}");
    }
}

#[test]
fn the_form_1_1_is_held() {
    let validator = validator(publish::workspace_schema(SchemaForm::V1_1));
    let good = json!({
        "friendly_name": "Fox", "description": "A fox.", "image_src": "img/fox.png",
        "architecture": ["amd64", "arm64"],
        "compatibility": [{
            "version": "1.17.x", "image": "ghcr.io:443/a/fox:1", "uncompressed_size_mb": 2460,
            "available_tags": ["develop", "1.17.0"]
        }],
        "run_config": {"hostname": "fox"}, "exec_config": {"go": {"cmd": "bash -c fox"}},
        "categories": ["Animals"], "cores": 0.25, "memory": 2768, "gpu_count": 0
    });
    assert_eq!(objections(&validator, &good), Vec::<String>::new());
    for (pointer, value) in [
        ("/compatibility/0", json!("1.17.x")),
        ("/compatibility/0", json!({"version": "1.17.x"})),
        ("/compatibility/0/version", json!("1.17.y")),
        ("/compatibility/0/image", json!("a b")),
        ("/compatibility/0/uncompressed_size_mb", json!(24.6)),
        ("/compatibility/0/available_tags/0", json!("a/b")),
        ("/compatibility", json!([])),
    ] {
        refused(&validator, &good, pointer, value);
    }
}

#[test]
fn the_configuration_is_held() {
    let validator = validator(&publish::registry_schema());
    let good = json!({
        "name": "Harbour", "list_url": "https://harbour.example/", "schema": "1.1",
        "contact_url": "", "severity": {"icon-not-found": "warning"}, "storefront": {"accent": "#0a5F9c"}
    });
    assert_eq!(objections(&validator, &good), Vec::<String>::new());
    for (pointer, value) in [
        ("/schema", json!(1.1)),
        ("/schema", json!("2.0")),
        ("/list_url", json!("harbour.example")),
        ("/severity/icon-not-found", json!("fatal")),
        ("/severity/icon-missing", json!("error")),
        ("/title", json!("Harbour")),
        ("/storefront/accent", json!("blue")),
        ("/storefront/color", json!("#000000")),
    ] {
        refused(&validator, &good, pointer, value);
    }
}
