//! Whole definitions in every form.

use launch::{Workspace, Written, compose_file, docker_line, kasm_image};
use model::ImageReference;

use crate::{parse, remarks, written};

const DEFINITION: &str = r#"{
  "friendly_name": "Tide Table",
  "description": "Tides \u202e of the week",
  "name": "harbour/tide-table:1.0",
  "image_src": "tide.png",
  "docker_registry": "https://index.docker.io/v1/",
  "architecture": ["amd64", "arm64"],
  "categories": ["Harbour"],
  "compatibility": ["1.16.x"],
  "uncompressed_size_mb": 800,
  "cores": 2,
  "cpu_allocation_method": "Quotas",
  "memory": 2768,
  "gpu_count": 1,
  "run_config": {"hostname": "kasm", "security_opt": ["seccomp=unconfined"], "environment": {"TZ": "Europe/Rome", "NOTE": "it's $5"}, "shm-size": "1g"},
  "exec_config": {"first_launch": {"cmd": "bash -c 'x'", "user": "root"}},
  "volume_mappings": {"/mnt/charts": {"bind": "/charts", "mode": "ro", "uid": 1000}},
  "allow_network_selection": true,
  "sha": "0123"
}"#;

fn kasm(workspace: &Workspace<'_>) -> Written {
    kasm_image(
        workspace,
        Some("https://registry.example/1.0/icons/tide.png"),
        Some(800),
    )
}

fn told(write: fn(&Workspace<'_>) -> Written) -> String {
    let written = written(DEFINITION, write);
    format!("{}\n{}", written.text, remarks(&written).join("\n"))
}

#[test]
fn a_definition_in_every_form() {
    insta::assert_snapshot!("docker", told(docker_line));
    insta::assert_snapshot!("compose", told(compose_file));
    insta::assert_snapshot!("kasm", told(kasm));
}

#[test]
fn an_image_is_pinned_once_its_digest_is_known() {
    let definition = parse("{}");
    let digest: model::Digest = format!("sha256:{}", "ab".repeat(32)).parse().unwrap();
    for (image, known, expected) in [
        ("a/b:1", false, "a/b:1".to_owned()),
        ("a/b", false, "a/b:latest".to_owned()),
        ("a/b:1", true, format!("a/b:1@{digest}")),
        (
            "localhost:5000/a/b",
            true,
            format!("localhost:5000/a/b@{digest}"),
        ),
    ] {
        let image = ImageReference::parse(image).unwrap();
        let workspace = Workspace {
            name: "A",
            image: &image,
            digest: known.then_some(&digest),
            definition: &definition,
        };
        assert_eq!(workspace.pinned_image(), expected);
        let said = docker_line(&workspace).remarks;
        assert_eq!(said.is_empty(), known, "{said:?}");
    }
}

#[test]
fn dollars_are_doubled_and_every_text_is_quoted() {
    let definition = r#"{"run_config": {"environment": {"A": "$HOME ${B:-x} $$"}, "hostname": "yes", "user": "0x10"}}"#;
    let file = written(definition, compose_file).text;
    let (_, service) = file.split_once("abab\"\n").unwrap();
    let expected = r#"    environment:
      - "A=$$HOME $${B:-x} $$$$"
    hostname: "yes"
    user: "0x10"
"#;
    assert_eq!(service, expected);
}
