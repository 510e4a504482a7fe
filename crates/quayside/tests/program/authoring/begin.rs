use std::process::Command;

use testkit::ImagePlan;

use super::image_server::ImageServer;
use super::{publish, publish_meanwhile, read, run, write};

#[test]
fn a_registry_is_begun_and_can_be_built_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let begun = publish(
        folder.path(),
        &[
            "init",
            "mine",
            "--name",
            "Ann's tools",
            "--list-url",
            "https://ann.example/",
        ],
    );
    insta::assert_snapshot!(begun.whole(), @"
    exit code 0
    --- stdout
    registry.toml
    registry.svg
    README.md
    VISITORS.md
    .gitignore
    .github/workflows/publish.yml
    .gitlab-ci.yml
    workspaces/Chromium/chromium.svg
    workspaces/Chromium/workspace.json
    --- stderr
    the pipelines fetch quayside from https://releases.quayside.example/v0.1.0/quayside-linux-amd64; the line at their top, or `--quayside URL`, names another place
    next: read `mine/README.md`
    ");
    let built = publish(folder.path(), &["build", "mine", "--out", "site"]);
    assert_eq!(built.code, Some(0), "{}", built.errors);
    let list = read(folder.path(), "site/1.1/list.json");
    assert!(
        list.starts_with(r#"{"name":"Ann's tools","workspacecount":1,"#),
        "{list}"
    );

    // What is there is an author's work.
    write(folder.path(), "mine/README.md", "my own words\n");
    let again = publish(folder.path(), &["init", "mine"]);
    assert_eq!((again.code, again.output.as_str()), (Some(1), ""));
    assert_eq!(read(folder.path(), "mine/README.md"), "my own words\n");
    write(folder.path(), "other/.gitignore", "target\n");
    let other = publish(folder.path(), &["init", "other"]);
    insta::assert_snapshot!(other.whole(), @"
    exit code 1
    --- stdout
    --- stderr
    error: nothing was written to `other`: `.gitignore` would be overwritten; name another folder, or move what is there
    ");
    assert_eq!(
        std::fs::read_dir(folder.path().join("other"))
            .unwrap()
            .count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_is_added_with_what_the_image_registry_knows() {
    let folder = tempfile::tempdir().unwrap();
    publish(folder.path(), &["init", ".", "--json"]);
    let server = ImageServer::start().await;
    let plan = ImagePlan::new(7, &[2_000_000, 500_000]);
    let image = server.offer("ann/sea-chart", "2.1", &plan.build());
    let arguments = [
        "new",
        "--image",
        &image,
        "--name",
        "Sea Chart",
        "--description",
        "Where it is deep.",
        "--category",
        "Navigation",
    ];
    let added = publish_meanwhile(folder.path(), &arguments).await;
    assert_eq!(added.code, Some(0), "{}", added.errors);
    assert_eq!(
        added.output,
        "workspaces/Sea Chart/sea-chart.svg\nworkspaces/Sea Chart/workspace.json\n"
    );
    let text = read(folder.path(), "workspaces/Sea Chart/workspace.json");
    insta::assert_snapshot!(text.replace(&server.address(), "image.example"), @r#"
    {
      "friendly_name": "Sea Chart",
      "description": "Where it is deep.",
      "docker_registry": "https://image.example/",
      "image_src": "sea-chart.svg",
      "architecture": [
        "amd64",
        "arm64"
      ],
      "compatibility": [
        {
          "version": "1.17.x",
          "image": "image.example/ann/sea-chart:2.1",
          "uncompressed_size_mb": 3
        }
      ],
      "categories": [
        "Navigation"
      ]
    }
    "#);

    let again = publish_meanwhile(folder.path(), &arguments).await;
    assert_eq!(again.code, Some(1));
    server.take_asked("");
    let missing = format!("{}/ann/none:1", server.address());
    let arguments = ["new", "--image", &missing, "--name", "None", "--json"];
    let unknown = publish_meanwhile(folder.path(), &arguments).await;
    assert_eq!(unknown.code, Some(0));
    let told = unknown.errors.replace(&server.address(), "image.example");
    insta::assert_snapshot!(told, @"
    `image.example/ann/none:1` could not be looked up, so check architecture and size yourself: `image.example/ann/none:1` was not found in image.example
    its size is not known yet: `quayside publish sizes --missing` measures it
    ");
    let report: serde_json::Value = serde_json::from_str(&unknown.output).unwrap();
    assert_eq!(
        (&report["size_mb"], &report["architectures"][0]),
        (&0.into(), &"amd64".into())
    );
}

#[test]
fn a_workspace_is_added_without_any_network() {
    let folder = tempfile::tempdir().unwrap();
    publish(folder.path(), &["init", ".", "--schema", "1.0"]);
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>";
    write(folder.path(), "chart.svg", picture);
    let added = publish(
        folder.path(),
        &[
            "new",
            "--offline",
            "--image",
            "ghcr.io/ann/chart:1",
            "--name",
            "Chart",
            "--icon",
            "chart.svg",
            "--size",
            "12",
            "--architecture",
            "arm64",
            "--compatibility",
            "1.15",
        ],
    );
    assert_eq!((added.code, added.errors.as_str()), (Some(0), ""));
    insta::assert_snapshot!(read(folder.path(), "workspaces/Chart/workspace.json"), @r#"
    {
      "friendly_name": "Chart",
      "name": "ghcr.io/ann/chart:1",
      "description": "",
      "docker_registry": "https://ghcr.io/",
      "image_src": "chart.svg",
      "architecture": [
        "arm64"
      ],
      "compatibility": [
        "1.15.x"
      ],
      "uncompressed_size_mb": 12
    }
    "#);
    let nobody = publish(folder.path(), &["new", "--image", "x:1"]);
    insta::assert_snapshot!(nobody.whole(), @"
    exit code 2
    --- stdout
    --- stderr
    error: `--image` and `--name` are needed where nobody can be asked
    ");
}

#[test]
fn what_check_would_find_is_not_begun() {
    let folder = tempfile::tempdir().unwrap();
    publish(folder.path(), &["init", "."]);
    write(folder.path(), "text.png", "a text");
    let new = |more: &[&str]| {
        let begin = ["new", "--offline", "--image", "ann/x:1", "--name", "X"];
        let said = publish(folder.path(), &[&begin, more].concat());
        assert_eq!((said.code, said.output.as_str()), (Some(1), ""));
        assert!(!folder.path().join("workspaces/X").exists());
        said.errors
    };
    insta::assert_snapshot!(new(&["--icon", "text.png"]), @"error: nothing was written: the icon is no picture: the file is of no kind that browsers show; save the picture itself: a PNG, SVG, JPEG, WebP or GIF");
    insta::assert_snapshot!(new(&["--architecture", "x86_64"]), @"error: nothing was written: `x86_64` is no architecture that consumers know: write `amd64`");
    insta::assert_snapshot!(new(&["--architecture", "abacus"]), @"error: nothing was written: `abacus` is no architecture that consumers know: write `amd64` or `arm64`");
    let four = [
        "--category",
        "A",
        "--category",
        "B",
        "--category",
        "C",
        "--category",
        "D",
    ];
    insta::assert_snapshot!(new(&four), @"error: nothing was written: 4 categories are too many: keep the 3 that say best what it is for");
}

#[test]
fn an_import_puts_in_order_what_would_not_work() {
    let folder = tempfile::tempdir().unwrap();
    let template = TEMPLATE
        .replace("Ann's", "Her")
        .replace("/tools/'", "/tools/1.0/list.json'")
        .replace("basePath: '/tools/1.0',", "");
    write(folder.path(), "site/next.config.js", &template);
    let imported = publish(folder.path(), &["import", "."]);
    insta::assert_snapshot!(imported.whole(), @"
    exit code 0
    --- stdout
    ./registry.toml
    --- stderr
    warning[config-key-missing]: `site/next.config.js` has no `contactUrl`: whoever wonders about a workspace cannot ask before installing it
     --> site/next.config.js:2:3
      |
    2 |   env: {
      |   ^^^
      |
      = hint: add `contactUrl: 'https://registry.example/contact',` to `env`
    note: `https://ann.example/tools/1.0/list.json` is not the address of the registry's root, so `list_url` is `https://ann.example/tools/`
    note: the registry has no workspaces yet: `quayside publish new` adds the first
    note: nothing tells its schema, so `schema` is `1.1`
    next: `quayside publish check`; then let your pipeline call `quayside publish build`, as those do that `quayside publish init` writes
    ");
    let config = read(folder.path(), "registry.toml");
    assert!(
        config.contains("list_url = \"https://ann.example/tools/\"\n"),
        "{config}"
    );
    let built = publish(folder.path(), &["build"]);
    assert_eq!(built.code, Some(0), "{}", built.errors);
}

const TEMPLATE: &str = "module.exports = {\n  env: {\n    name: 'Ann's tools',\n    listUrl: 'https://ann.example/tools/',\n  },\n  basePath: '/tools/1.0',\n}\n";
const WORKSPACE: &str = r#"{"friendly_name":"A","image_src":"a.svg","compatibility":[{"version":"1.17.x","image":"a:1"}]}"#;

#[test]
fn a_template_based_registry_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "old/site/next.config.js", TEMPLATE);
    write(
        folder.path(),
        "old/processing/processjson.js",
        "x = { default_channel: 'stable' }\n",
    );
    write(folder.path(), "old/workspaces/A/workspace.json", WORKSPACE);
    let imported = publish(folder.path(), &["import", "old", "--out", "new"]);
    insta::assert_snapshot!(imported.whole(), @r"
    exit code 1
    --- stdout
    new/registry.toml
    --- stderr
    error[template-broken]: `site/next.config.js` is not JavaScript: the text of `name` ends too early
     --> site/next.config.js:3:11
      |
    3 |     name: 'Ann's tools',
      |           ^^^^^^^^^^^^^ one of these quotes belongs to the text
      |
      = hint: it is read as `Ann's tools`; the template publishes nothing until it is written `\'`

    warning[config-key-missing]: `site/next.config.js` has no `contactUrl`: whoever wonders about a workspace cannot ask before installing it
     --> site/next.config.js:2:3
      |
    2 |   env: {
      |   ^^^
      |
      = hint: add `contactUrl: 'https://registry.example/contact',` to `env`
    next: `quayside publish check`; then let your pipeline call `quayside publish build`, as those do that `quayside publish init` writes
    ");
    insta::assert_snapshot!(read(folder.path(), "new/registry.toml"), @r#"
    # What the registry says about itself, taken from site/next.config.js.
    name = "Ann's tools"
    description = ""
    icon = ""
    list_url = "https://ann.example/tools/"
    contact_url = ""

    # The form of the workspace.json files, and the folder they are published to.
    schema = "1.1"

    # The channel that is offered where a consumer has not chosen one.
    default_channel = "stable"
    "#);
    assert_eq!(read(folder.path(), "new/site/next.config.js"), TEMPLATE);
    assert_eq!(
        read(folder.path(), "new/workspaces/A/workspace.json"),
        WORKSPACE
    );
    assert!(!folder.path().join("old/registry.toml").exists());
    let again = publish(folder.path(), &["import", "new"]);
    assert_eq!(again.code, Some(1));
    let full = publish(folder.path(), &["import", "old", "--out", "new"]);
    assert_eq!(full.code, Some(2));
    let other = publish(folder.path(), &["import", "new/workspaces"]);
    insta::assert_snapshot!(other.whole(), @"
    exit code 2
    --- stdout
    --- stderr
    error: `new/workspaces` was not made from the template: it has no `site/next.config.js`
    ");
}

#[test]
fn a_template_based_registry_is_cloned() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "old/site/next.config.js",
        &TEMPLATE.replace("Ann's", "Her"),
    );
    for arguments in [
        &["init", "--quiet", "--initial-branch", "1.1"][..],
        &["add", "."],
        &[
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@ann.example",
            "commit",
            "--quiet",
            "-m",
            "x",
        ],
    ] {
        let mut git = Command::new("git");
        git.args(arguments);
        assert_eq!(run(&folder.path().join("old"), git).code, Some(0));
    }
    let address = format!("file://{}", folder.path().join("old").display());
    let imported = publish(
        folder.path(),
        &["import", &address, "--out", "mine", "--json"],
    );
    assert_eq!(imported.code, Some(0), "{}", imported.errors);
    let report: serde_json::Value = serde_json::from_str(&imported.output).unwrap();
    assert_eq!(
        (&report["name"], &report["schema"]),
        (&"Her tools".into(), &"1.0".into())
    );
    assert!(read(folder.path(), "mine/registry.toml").contains("name = \"Her tools\""));
    let missing = format!("{address}-not");
    let failed = publish(folder.path(), &["import", &missing, "--out", "none"]);
    assert_eq!(failed.code, Some(2));
    let refused = publish(
        folder.path(),
        &["import", "ext::sh -c true://x", "--out", "none"],
    );
    assert_eq!(refused.code, Some(2));
}
