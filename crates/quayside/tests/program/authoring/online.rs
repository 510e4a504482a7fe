use testkit::{ImagePlan, TestSite};

use super::image_server::ImageServer;
use super::{publish_meanwhile, write};

#[tokio::test(flavor = "multi_thread")]
async fn images_and_addresses_are_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = ImageServer::start().await;
    let site = TestSite::files([("here".to_owned(), "yes".into())].into()).await;
    let plan = ImagePlan {
        architectures: vec!["amd64"],
        packed: true,
        ..ImagePlan::new(1, &[4_000_000, 1_000_000])
    };
    let image = server.offer("x/a", "1", &plan.build());
    let address = site.url();
    let config = format!(
        "name = \"N\"\nschema = \"1.1\"\nlist_url = \"{address}\"\ncontact_url = \"{address}here\"\n"
    );
    write(folder.path(), "registry.toml", &config);
    let workspace = format!(
        r#"{{
  "friendly_name": "A",
  "description": "A",
  "image_src": "a.svg",
  "architecture": ["amd64", "arm64"],
  "compatibility": [
    {{"version": "1.17.x", "image": "{image}", "uncompressed_size_mb": 9, "available_tags": ["1", "2"]}},
    {{"version": "1.18.x", "image": "{}/x/b:1", "uncompressed_size_mb": 9, "available_tags": ["1"]}}
  ]
}}
"#,
        server.address()
    );
    write(folder.path(), "workspaces/a/workspace.json", &workspace);
    let icon = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96"><circle cx="48" cy="48" r="40"/></svg>"#;
    write(folder.path(), "workspaces/a/a.svg", icon);

    let offline = publish_meanwhile(folder.path(), &["check", "--format", "concise"]).await;
    assert_eq!(server.take_asked(""), Vec::<String>::new());
    let checked =
        publish_meanwhile(folder.path(), &["check", "--online", "--format", "concise"]).await;
    assert_eq!((offline.code, checked.code), (Some(0), Some(1)));
    // What is found without the network is shown too, and is not what this is about.
    let new: Vec<&str> = checked
        .output
        .lines()
        .filter(|line| !offline.output.contains(line))
        .collect();
    let shown = new.join("\n").replace(&server.address(), "image.example");
    insta::assert_snapshot!(shown, @r"
    registry.toml:3:12: warning[address-not-reached]: `list_url` leads nowhere: the answer is 404 Not Found
    workspaces/a/workspace.json:7:36: error[architecture-not-offered]: `image.example/x/a:1` is not made for `arm64`
    workspaces/a/workspace.json:7:85: warning[size-far-off]: `image.example/x/a:1` unpacks to 5 MB, and 9 MB are stated
    workspaces/a/workspace.json:7:112: error[channel-not-found]: image.example does not have `image.example/x/a:2`, which a channel names
    workspaces/a/workspace.json:8:36: error[image-not-found]: image.example does not have the image `image.example/x/b:1`
    ");
}
