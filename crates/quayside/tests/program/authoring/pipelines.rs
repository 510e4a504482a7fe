//! Every shell line of both pipelines, run as their hosts run them, in clones of one repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use testkit::TestSite;

use super::{Said, publish, read, run};
use crate::PROGRAM;

/// A registry with two versions in a repository, what is live of it, and a place for clones.
struct Origin {
    folder: TempDir,
    site: TestSite,
}

impl Origin {
    async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let work = folder.path().join("work");
        std::fs::create_dir_all(folder.path().join("live")).unwrap();
        let site = TestSite::folder(&folder.path().join("live")).await;
        let origin = Self { folder, site };
        let address = format!("file://{PROGRAM}");
        let begun = publish(
            origin.folder.path(),
            &[
                "init",
                "work",
                "--name",
                "Ann's tools",
                "--list-url",
                "https://ann.example/",
                "--quayside",
                &address,
            ],
        );
        assert_eq!(begun.code, Some(0), "{}", begun.errors);
        let second = [
            "new",
            "--offline",
            "--image",
            "ann/second:1",
            "--name",
            "Second",
            "--size",
            "9",
        ];
        assert_eq!(publish(&work, &second).code, Some(0));
        git(&work, &["init", "--quiet", "--initial-branch", "1.1"]);
        commit(&work);
        git(&work, &["checkout", "--quiet", "-b", "1.0"]);
        assert_eq!(publish(&work, &["convert", "--to", "1.0"]).code, Some(0));
        commit(&work);
        git(&work, &["checkout", "--quiet", "1.1"]);
        origin
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Clones the repository as a host does, with the branch 1.1 checked out.
    fn clone(&self, name: &str, arguments: &[&str]) -> PathBuf {
        let address = format!("file://{}", self.work().display());
        let all = [
            &["clone", "--quiet", "--branch", "1.1"],
            arguments,
            &[&address, name],
        ]
        .concat();
        git(self.folder.path(), &all);
        self.folder.path().join(name)
    }

    /// Puts what a pipeline built where it is live.
    fn deploy(&self, clone: &Path) {
        let live = self.folder.path().join("live");
        std::fs::remove_dir_all(&live).unwrap();
        std::fs::rename(clone.join("public"), live).unwrap();
    }

    /// Takes a workspace out of one version.
    fn shrink(&self) {
        let work = self.work();
        git(&work, &["rm", "--quiet", "-r", "workspaces/Second"]);
        commit(&work);
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=Ann", "-c", "user.email=ann@ann.example"])
        .args(arguments);
    let said = run(folder, git);
    assert_eq!(said.code, Some(0), "{arguments:?}: {}", said.errors);
}

fn commit(folder: &Path) {
    git(folder, &["add", "."]);
    git(folder, &["commit", "--quiet", "--message", "Change"]);
}

/// Runs lines of a shell as hosts do: the first that fails ends it.
async fn shell(folder: &Path, lines: &str, environment: &[(&str, String)]) -> Said {
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", lines]);
    command.envs(
        environment
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    );
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || run(&folder, command))
        .await
        .unwrap()
}

/// The scripts of a workflow's steps, in their order.
fn steps(workflow: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut lines = workflow.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(script) = line
            .trim_start()
            .trim_start_matches("- ")
            .strip_prefix("run: ")
        else {
            continue;
        };
        if script != "|" {
            steps.push(script.to_owned());
            continue;
        }
        let indent = |line: &str| line.len() - line.trim_start().len();
        let mut block = Vec::new();
        while let Some(next) = lines.next_if(|next| indent(next) > indent(line)) {
            block.push(next.trim_start());
        }
        steps.push(block.join("\n"));
    }
    steps
}

/// The lines of a job of a pipeline: those of `default`, then its own.
fn script(pipeline: &str, job: &str) -> String {
    let list = |block: &str, key: &str| {
        let mut lines = pipeline
            .lines()
            .skip_while(|line| *line != format!("{block}:"));
        lines.next().expect("the job is there");
        lines
            .take_while(|line| line.is_empty() || line.starts_with(' '))
            .skip_while(|line| line.trim() != format!("{key}:"))
            .skip(1)
            .map_while(|line| line.strip_prefix("    - "))
            .collect::<Vec<_>>()
            .join("\n")
    };
    format!(
        "{}\n{}",
        list("default", "before_script"),
        list(job, "script")
    )
}

/// The first value of a variable in a pipeline's text.
fn variable(text: &str, name: &str) -> String {
    let line = text
        .lines()
        .find_map(|line| line.trim_start().strip_prefix(name));
    let value = line.unwrap().trim_start_matches(": ");
    serde_json::from_str(value).unwrap()
}

/// Runs every step of the workflow and gives what the first failed one said, else the last.
async fn workflow(origin: &Origin, clone: &Path, shrink: &str) -> Said {
    let text = read(clone, ".github/workflows/publish.yml");
    let runner = tempfile::tempdir().unwrap();
    let path_file = runner.path().join("path");
    std::fs::write(&path_file, "").unwrap();
    let steps = steps(&text);
    assert_eq!(steps.len(), 3, "{steps:?}");
    let mut last = None;
    for step in steps {
        let added = std::fs::read_to_string(&path_file).unwrap();
        let path = std::env::var("PATH").unwrap();
        let environment = [
            ("PATH", format!("{}:{path}", added.trim())),
            ("QUAYSIDE", variable(&text, "QUAYSIDE")),
            ("RUNNER_TEMP", runner.path().display().to_string()),
            ("GITHUB_PATH", path_file.display().to_string()),
            ("SITE", origin.site.url()),
            ("SHRINK", shrink.to_owned()),
        ];
        let said = shell(clone, &step, &environment).await;
        let failed = said.code != Some(0);
        last = Some(said);
        if failed {
            break;
        }
    }
    last.unwrap()
}

async fn pipeline(origin: &Origin, clone: &Path, shrink: &str) -> Said {
    let text = read(clone, ".gitlab-ci.yml");
    // Each job has a machine of its own, whose temporary files go with it.
    let machine = tempfile::tempdir().unwrap();
    let environment = [
        ("TMPDIR", machine.path().display().to_string()),
        ("QUAYSIDE", variable(&text, "QUAYSIDE")),
        ("CI_PROJECT_DIR", clone.display().to_string()),
        ("CI_PAGES_URL", origin.site.url()),
        ("SHRINK", shrink.to_owned()),
    ];
    let checked = shell(clone, &script(&text, "check"), &environment).await;
    assert_eq!(checked.code, Some(0), "{}", checked.errors);
    let report = read(clone, "gl-code-quality-report.json");
    assert!(
        serde_json::from_str::<serde_json::Value>(&report)
            .unwrap()
            .is_array()
    );
    shell(clone, &script(&text, "pages"), &environment).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workflow_publishes_all_versions_and_never_fewer() {
    let origin = Origin::begin().await;
    let clone = origin.clone("first", &[]);
    let published = workflow(&origin, &clone, "").await;
    assert_eq!(published.code, Some(0), "{}", published.errors);
    assert_eq!(read(&clone, "public/versions.txt").lines().count(), 2);
    for version in ["1.0", "1.1"] {
        let list = read(&clone, &format!("public/{version}/list.json"));
        assert!(list.contains(r#""workspacecount":2,"#), "{list}");
    }
    origin.deploy(&clone);

    origin.shrink();
    let clone = origin.clone("second", &[]);
    let refused = workflow(&origin, &clone, "").await;
    assert_eq!(refused.code, Some(1), "{}", refused.errors);
    assert!(refused.errors.contains("Second"), "{}", refused.errors);
    let meant = workflow(&origin, &clone, "--allow-shrink").await;
    assert_eq!(meant.code, Some(0), "{}", meant.errors);
    assert!(read(&clone, "public/1.1/list.json").contains(r#""workspacecount":1,"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pipeline_publishes_all_versions_and_never_fewer() {
    let origin = Origin::begin().await;
    let clone = origin.clone("first", &["--single-branch"]);
    let published = pipeline(&origin, &clone, "").await;
    assert_eq!(published.code, Some(0), "{}", published.errors);
    for version in ["1.0", "1.1"] {
        let list = read(&clone, &format!("public/{version}/list.json"));
        assert!(list.contains(r#""workspacecount":2,"#), "{list}");
    }
    origin.deploy(&clone);

    origin.shrink();
    let clone = origin.clone("second", &["--single-branch"]);
    let refused = pipeline(&origin, &clone, "").await;
    assert_eq!(refused.code, Some(1), "{}", refused.errors);
    let meant = pipeline(&origin, &clone, "--allow-shrink").await;
    assert_eq!(meant.code, Some(0), "{}", meant.errors);
}
