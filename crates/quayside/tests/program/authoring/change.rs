use super::{publish, read, write};

const OLD: &str = "{\n  \"friendly_name\": \"A\",\n  \"name\": \"x/a:1.0\",\n  \"compatibility\": [\"1.14.x\"],\n  \"uncompressed_size_mb\": 5\n}\n";

#[test]
fn a_registry_is_converted_as_a_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let config = "name = \"N\"\nschema = \"1.0\"\n";
    write(folder.path(), "registry.toml", config);
    write(folder.path(), "workspaces/a/workspace.json", OLD);
    write(folder.path(), "workspaces/b/workspace.json", "{");
    let refused = publish(folder.path(), &["convert", "--to", "1.1"]);
    insta::assert_snapshot!(refused.whole(), @"
    exit code 1
    --- stdout
    --- stderr
    error: left as it is: workspaces/b/workspace.json:1:2: it is not JSON: the document ends inside an object
    nothing was written: put these files right first
    ");
    assert_eq!(read(folder.path(), "workspaces/a/workspace.json"), OLD);
    assert_eq!(read(folder.path(), "registry.toml"), config);

    std::fs::remove_dir_all(folder.path().join("workspaces/b")).unwrap();
    let tried = publish(folder.path(), &["convert", "--to", "1.1", "--dry-run"]);
    assert_eq!(tried.errors, "2 files would change, 0 were right already\n");
    assert_eq!(read(folder.path(), "workspaces/a/workspace.json"), OLD);
    let converted = publish(folder.path(), &["convert", "--to", "1.1"]);
    insta::assert_snapshot!(converted.whole(), @"
    exit code 0
    --- stdout
    workspaces/a/workspace.json
    registry.toml
    --- stderr
    2 files changed, 0 were right already
    ");
    assert!(read(folder.path(), "workspaces/a/workspace.json").contains("\"image\": \"x/a:1.0\""));
    assert_eq!(
        read(folder.path(), "registry.toml"),
        "name = \"N\"\nschema = \"1.1\"\n"
    );
    let back = publish(folder.path(), &["convert", "--to", "1.0", "--json"]);
    insta::assert_snapshot!(back.output, @r#"{"written":true,"changed":[{"file":"workspaces/a/workspace.json","notes":[]},{"file":"registry.toml","notes":[]}],"unchanged":0,"untouched":[]}"#);
}

#[test]
fn a_version_is_added_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    publish(folder.path(), &["init", "."]);
    let added = publish(folder.path(), &["add-version", "1.19", "--tag", "1.19.0"]);
    assert_eq!(added.output, "workspaces/Chromium/workspace.json\n");
    let text = read(folder.path(), "workspaces/Chromium/workspace.json");
    insta::assert_snapshot!(text, @r#"
    {
      "friendly_name": "Chromium",
      "description": "A web browser that is gone when its window closes.",
      "docker_registry": "https://index.docker.io/v1/",
      "image_src": "chromium.svg",
      "architecture": [
        "amd64",
        "arm64"
      ],
      "compatibility": [
        {
          "version": "1.17.x",
          "image": "kasmweb/chromium:1.17.0",
          "uncompressed_size_mb": 2643
        },
        {
          "version": "1.19.x",
          "image": "kasmweb/chromium:1.19.0",
          "uncompressed_size_mb": 2643
        }
      ],
      "categories": [
        "Browser"
      ]
    }
    "#);
    let again = publish(folder.path(), &["add-version", "1.19.x"]);
    assert_eq!((again.code, again.output.as_str()), (Some(0), ""));
    let wrong = publish(folder.path(), &["add-version", "next"]);
    assert_eq!(wrong.code, Some(2));
}
