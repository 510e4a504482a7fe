//! What the network says of a registry.

use diagnostics::render_concise;
use publish::Config;
use publish::online::{AddressAnswer, ImageAnswer, judge, questions};

use crate::trees::Memory;

const WORKSPACE: &str = r#"{
  "friendly_name": "A",
  "image_src": "https://pictures.example/a.png",
  "architecture": ["amd64", "arm64"],
  "compatibility": [
    {"version": "1.17.x", "image": "x/a:1.17.0", "uncompressed_size_mb": 1000, "available_tags": ["develop", "1.17.0"]},
    {"version": "1.18.x", "image": "x/a:1.18.0", "uncompressed_size_mb": 0},
    {"version": "1.19.x", "image": "not an image"}
  ]
}"#;
const CONFIG: &str = "name = \"N\"\nschema = \"1.1\"\nlist_url = \"https://n.example/\"\ncontact_url = \"mailto:a@n.example\"\nicon = \"https://n.example/i.png\"\n";

fn tree() -> Memory {
    Memory::default()
        .with("registry.toml", CONFIG)
        .with("workspaces/a/workspace.json", WORKSPACE)
        .with("workspaces/b/workspace.json", "{")
}

#[test]
fn every_image_channel_and_address_is_asked_about() {
    let tree = tree();
    let (config, _) = Config::read(&tree);
    let questions = questions(&tree, config.as_ref()).unwrap();
    let images: Vec<_> = questions
        .images
        .iter()
        .map(|question| (question.image.as_written(), question.stated_mb))
        .collect();
    assert_eq!(
        images,
        [
            ("x/a:develop", None),
            ("x/a:1.17.0", Some(1000)),
            ("x/a:1.18.0", None)
        ]
    );
    let addresses: Vec<_> = questions
        .addresses
        .iter()
        .map(|question| question.address.as_str())
        .collect();
    assert_eq!(
        addresses,
        [
            "https://n.example/",
            "https://n.example/i.png",
            "https://pictures.example/a.png"
        ]
    );
}

#[test]
fn answers_become_diagnostics() {
    let tree = tree();
    let (config, _) = Config::read(&tree);
    let asked = questions(&tree, config.as_ref()).unwrap();
    let offered = |architectures: &[&str], bytes| ImageAnswer::Offered {
        architectures: architectures
            .iter()
            .map(|name| (*name).to_owned())
            .collect(),
        bytes,
    };
    let answers = [
        ImageAnswer::NotFound,
        offered(&["amd64"], Some(1_260_000_000)),
        ImageAnswer::Untold("docker.io limits how often it may be asked".to_owned()),
    ];
    let images: Vec<_> = asked.images.into_iter().zip(answers).collect();
    let addresses: Vec<_> = asked
        .addresses
        .into_iter()
        .map(|question| (question, AddressAnswer::NotReached("status 404".to_owned())))
        .collect();
    let source = |file: &str| {
        let text = if file == "registry.toml" {
            CONFIG
        } else {
            WORKSPACE
        };
        Some(text.as_bytes().to_vec())
    };
    let found = judge(config.as_ref(), &images, &addresses);
    insta::assert_snapshot!(render_concise(&found, &source, false), @"
    registry.toml:3:12: warning[address-not-reached]: `list_url` leads nowhere: status 404
    registry.toml:5:8: warning[address-not-reached]: `icon` leads nowhere: status 404
    workspaces/a/workspace.json:3:16: warning[address-not-reached]: `image_src` leads nowhere: status 404
    workspaces/a/workspace.json:6:36: error[architecture-not-offered]: `x/a:1.17.0` is not made for `arm64`
    workspaces/a/workspace.json:6:74: warning[size-far-off]: `x/a:1.17.0` unpacks to 1260 MB, and 1000 MB are stated
    workspaces/a/workspace.json:6:99: error[channel-not-found]: docker.io does not have `x/a:develop`, which a channel names
    workspaces/a/workspace.json:7:36: note[image-not-answered]: nobody could say whether `x/a:1.18.0` exists: docker.io limits how often it may be asked
    ");
    // A fifth is near enough.
    let near = [(
        images[1].0.clone(),
        offered(&["amd64", "arm64"], Some(1_250_000_000)),
    )];
    assert_eq!(judge(None, &near, &[]), []);
}
