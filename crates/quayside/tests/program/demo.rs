//! The demo shows every step and leaves nothing behind.

use std::process::Command;

use serde_json::Value;
use testkit::{Footprint, Process};

use crate::PROGRAM;

const STEPS: [&str; 12] = [
    "sweep",
    "images",
    "image-server",
    "publish",
    "registry",
    "engine",
    "server",
    "add",
    "icons",
    "install",
    "ready",
    "clear",
];

/// Plays the demo to its end and gives the steps that it told.
async fn play(docker_host: &str, footprint: &Footprint) -> Vec<Value> {
    let mut command = Command::new(PROGRAM);
    command
        .args(["demo", "--exit", "--json"])
        .env("DOCKER_HOST", docker_host);
    footprint.follow(&mut command);
    let mut process = Process::start("quayside demo", command);
    let status = process.wait().await;
    let output = process.output();
    assert_eq!(status.code(), Some(0), "{output}");
    let lines = output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let steps: Vec<Value> = lines.collect();
    let names: Vec<&str> = steps
        .iter()
        .map(|step| step["step"].as_str().unwrap())
        .collect();
    assert_eq!(names, STEPS);
    for step in &steps {
        assert_eq!(step["ok"], true, "{step}");
        assert!(step["duration_ms"].is_u64(), "{step}");
    }
    footprint.assert_clean().await;
    steps
}

fn step<'a>(steps: &'a [Value], name: &str) -> &'a Value {
    steps.iter().find(|step| step["step"] == name).unwrap()
}

#[tokio::test]
async fn it_needs_no_docker() {
    let steps = play("unix:///nonexistent", &Footprint::new()).await;
    let engine = step(&steps, "engine")["detail"].as_str().unwrap();
    assert!(
        engine.starts_with("the built-in store, because"),
        "{engine}"
    );
    assert!(step(&steps, "ready")["bytes"].as_u64().unwrap() > 100_000);
}

#[tokio::test]
async fn what_a_kill_left_is_swept_by_the_next() {
    let footprint = Footprint::new();
    let mut command = Command::new(PROGRAM);
    command
        .args(["demo", "--json"])
        .env("DOCKER_HOST", "unix:///nonexistent");
    footprint.follow(&mut command);
    let mut killed = Process::start("quayside demo", command);
    killed
        .find_line("the installed workspace", |line| {
            line.contains("\"ready\"").then_some(())
        })
        .await;
    killed.kill();
    assert!(!footprint.files().is_empty());

    let steps = play("unix:///nonexistent", &footprint).await;

    let swept = step(&steps, "sweep")["detail"].as_str().unwrap();
    assert!(swept.contains("removed what a demo"), "{swept}");
}

#[test]
fn what_cannot_work_is_told_before_anything_is_made() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (arguments, step, words) in [
        (["--listen", &address], "server", "`--listen`"),
        (["--engine", "docker"], "engine", "`--engine`"),
    ] {
        let mut command = Command::new(PROGRAM);
        command
            .args(["demo", "--exit", "--json"])
            .args(arguments)
            .env("DOCKER_HOST", "unix:///nonexistent");
        let refused = command.output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        let told: Value = serde_json::from_slice(&refused.stdout).expect("one step");
        assert_eq!(told["step"], step);
        assert_eq!(told["ok"], false);
        assert!(told["detail"].as_str().unwrap().contains(words), "{told}");
    }
}

mod docker {
    use testkit::{Footprint, TestDocker};

    use super::{play, step};

    #[tokio::test]
    async fn it_uses_docker_where_it_is() {
        let docker = TestDocker::start().await;
        let steps = play(&docker.host(), &Footprint::new()).await;
        let engine = step(&steps, "engine")["detail"].as_str().unwrap();
        assert!(engine.contains("Docker"), "{engine}");
        assert!(!engine.contains("built-in"), "{engine}");
        assert_eq!(docker.images(), Vec::<String>::new());
    }
}
