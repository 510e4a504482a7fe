//! The line and the file make the containers that docker-py makes of the same `run_config`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use launch::{Workspace, Written, compose_file, docker_line};
use model::{Digest, ImageReference};
use serde_json::{Value, json};
use testkit::{TestDocker, TestImageRegistry};

use crate::parse;

/// Starts what it is given the way consumers do, without anything of their own.
const PYTHON: &str = "
import docker, json, sys
image, run_config, start = json.load(sys.stdin)
container = docker.from_env().containers.create(image, detach=True, **run_config)
if start: container.start()
print(container.id)
";

struct Fixture {
    docker: TestDocker,
    _images: TestImageRegistry,
    image: ImageReference,
    digest: Digest,
    folder: tempfile::TempDir,
}

impl Fixture {
    async fn start() -> Self {
        let docker = TestDocker::start().await;
        let images = TestImageRegistry::start().await;
        let folder = tempfile::tempdir().unwrap();
        let name = format!("{}/harbour/sleeper:1.0", images.address());
        let archive = program_image(folder.path());
        docker.docker(&["import", archive.to_str().unwrap(), &name]);
        docker.docker(&["push", "--quiet", &name]);
        let pushed = docker.docker(&[
            "image",
            "inspect",
            "--format",
            "{{index .RepoDigests 0}}",
            &name,
        ]);
        let (_, digest) = pushed.split_once('@').unwrap();
        Self {
            image: ImageReference::parse(&name).unwrap(),
            digest: digest.parse().unwrap(),
            docker,
            _images: images,
            folder,
        }
    }

    fn written(&self, definition: &Value, write: fn(&Workspace<'_>) -> Written) -> Written {
        let value = parse(&definition.to_string());
        write(&Workspace {
            name: "Sleeper",
            image: &self.image,
            digest: Some(&self.digest),
            definition: &value,
        })
    }

    fn run(&self, program: &str, arguments: &[&str], input: &str) -> String {
        let mut child = Command::new(program)
            .args(arguments)
            .env("DOCKER_HOST", self.docker.host())
            .env("DOCKER_CONFIG", self.folder.path().join("client"))
            .env_remove("http_proxy")
            .env_remove("HTTP_PROXY")
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {errors}\n{input}"
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// The three containers that are made of one `run_config`: by docker-py, by the line, by the file.
    fn containers(&self, run_config: &Value, start: bool) -> [BTreeMap<String, Value>; 3] {
        let definition = json!({"friendly_name": "Sleeper", "run_config": run_config});
        let line = self.written(&definition, docker_line);
        let file = self.written(&definition, compose_file);
        assert_eq!(line.remarks, []);
        assert_eq!(file.remarks, []);
        let pinned = format!("{}@{}", self.image, self.digest);
        let input = json!([pinned, run_config, start]).to_string();
        let by_python = self.taken(&self.run("python3", &["-c", PYTHON], &input));
        let command = if start {
            line.text.clone()
        } else {
            line.text
                .replacen("docker run --detach", "docker create", 1)
        };
        let by_line = self.taken(&self.run("sh", &["-c", &command], ""));
        std::fs::write(self.folder.path().join("compose.yaml"), &file.text).unwrap();
        let up: &[&str] = if start {
            &["--detach"]
        } else {
            &["--no-start"]
        };
        let arguments = [
            &["--file", "compose.yaml", "--project-name", "test", "up"],
            up,
        ]
        .concat();
        self.run("docker-compose", &arguments, "");
        let by_file = self.taken(&self.docker.docker(&[
            "ps",
            "--all",
            "--quiet",
            "--no-trunc",
            "--filter",
            "label=com.docker.compose.project=test",
        ]));
        [by_python, by_line, by_file]
    }

    /// What the engine says of a container, which goes.
    fn taken(&self, id: &str) -> BTreeMap<String, Value> {
        let inspected: Value = serde_json::from_str(&self.docker.docker(&["inspect", id])).unwrap();
        self.docker.docker(&["rm", "--force", "--volumes", id]);
        let container = &inspected[0];
        let mut facts = BTreeMap::new();
        for part in ["Config", "HostConfig"] {
            for (key, value) in container[part].as_object().unwrap() {
                facts.insert(format!("{part}.{key}"), value.clone());
            }
        }
        for key in ["Path", "Args", "Platform"] {
            facts.insert(key.to_owned(), container[key].clone());
        }
        facts.insert("Running".to_owned(), container["State"]["Running"].clone());
        normal(facts)
    }
}

/// Leaves out what says nothing, and what differs without a difference.
fn normal(mut facts: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    // The words are compared as they are run: `Path` and `Args`.
    for same in [
        "Config.Cmd",
        "Config.Entrypoint",
        "HostConfig.ConsoleSize",
        "HostConfig.ContainerIDFile",
    ] {
        facts.remove(same);
    }
    // A container's own name unless one is asked for.
    let of_its_own = |value: &Value| {
        value.as_str().is_some_and(|name| {
            name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    if facts.get("Config.Hostname").is_some_and(of_its_own) {
        facts.remove("Config.Hostname");
    }
    // docker-py and Compose name the folders inside twice.
    facts.remove("Config.Volumes");
    // `docker create` is ready to be attached to, other than `docker run --detach`.
    if facts.get("Running") == Some(&Value::Bool(false)) {
        facts.retain(|key, _| !key.starts_with("Config.Attach") && key != "Config.StdinOnce");
    }
    if let Some(labels) = facts
        .get_mut("Config.Labels")
        .and_then(Value::as_object_mut)
    {
        labels.retain(|name, _| !name.starts_with("com.docker.compose."));
    }
    // Some clients write CAP_ before names, others leave it to the engine.
    for key in ["HostConfig.CapAdd", "HostConfig.CapDrop"] {
        for name in facts
            .get_mut(key)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            *name = json!(name.as_str().unwrap().trim_start_matches("CAP_"));
        }
    }
    // Compose writes what the engine takes for granted.
    for bind in facts
        .get_mut("HostConfig.Binds")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let text = bind.as_str().unwrap();
        if text.split(':').count() == 2 {
            *bind = json!(format!("{text}:rw"));
        }
    }
    for value in facts.values_mut() {
        settle(value);
    }
    let mut args = facts.remove("Args");
    for value in facts.values_mut() {
        sort(value);
    }
    facts.extend(args.take().map(|args| ("Args".to_owned(), args)));
    facts.retain(|_, value| !is_nothing(value));
    facts
}

fn settle(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(settle);
            members.retain(|_, value| !is_nothing(value) || value == "");
        }
        Value::Array(items) => items.iter_mut().for_each(settle),
        _ => {}
    }
}

/// Orders that mean nothing.
fn sort(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(sort),
        Value::Array(items) => items.sort_by_key(Value::to_string),
        _ => {}
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(true) => false,
    }
}

fn assert_same(found: &BTreeMap<String, Value>, asked: &BTreeMap<String, Value>) {
    for key in found.keys().chain(asked.keys()) {
        assert_eq!(found.get(key), asked.get(key), "{key}");
    }
}

/// An archive with a program that waits, a shell, and what both are linked to.
fn program_image(folder: &Path) -> PathBuf {
    let mut files = vec![PathBuf::from("/bin/sleep"), PathBuf::from("/bin/sh")];
    for program in files.clone() {
        let output = Command::new("ldd").arg(&program).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        files.extend(
            text.split_whitespace()
                .filter(|word| word.starts_with('/'))
                .map(PathBuf::from),
        );
    }
    files.sort();
    files.dedup();
    let path = folder.join("image.tar");
    let mut archive = Command::new("tar");
    archive
        .args(["--create", "--dereference", "--directory", "/", "--file"])
        .arg(&path);
    archive.args(files.iter().map(|file| file.strip_prefix("/").unwrap()));
    assert!(archive.status().unwrap().success());
    path
}

/// Nearly every key that an engine without networks and graphics processors can be asked for.
fn many_keys() -> Value {
    serde_json::from_str(include_str!("many-keys.json")).unwrap()
}

#[tokio::test]
async fn a_line_and_a_file_make_what_was_asked() {
    let fixture = Fixture::start().await;
    let mut started = many_keys();
    // Which block devices a host has is not known here, nor what its kernel does with weights and own groups.
    let host_specific = [
        "blkio_weight",
        "blkio_weight_device",
        "device_read_bps",
        "device_read_iops",
        "device_write_bps",
        "device_write_iops",
        "cgroup_parent",
        "cpu_period",
        "cpu_quota",
        "cpuset_cpus",
        "mem_swappiness",
        "memswap_limit",
        "oom_score_adj",
    ];
    for key in host_specific {
        started.as_object_mut().unwrap().remove(key);
    }
    let [asked, line, file] = fixture.containers(&started, true);
    assert_eq!(asked["Running"], true);
    assert_same(&line, &asked);
    assert_same(&file, &asked);
}

#[tokio::test]
async fn every_key_reaches_the_engine() {
    let fixture = Fixture::start().await;
    for run_config in [
        many_keys(),
        json!({
            "device_requests": [
                {"driver": "", "count": -1, "device_ids": null, "capabilities": [["gpu"]], "options": {}},
            ],
            "environment": ["A=b=c", "B="],
            "healthcheck": {"test": ["NONE"]},
            "ipc_mode": "host",
            "nano_cpus": 1_500_000_000,
            "network": "none",
            "platform": "linux/amd64",
            "ports": {"8080/tcp": 18_080, "53/udp": [1053, "1054"], "22": null, "443/tcp": {"HostIp": "127.0.0.1", "HostPort": "8443"}},
            "privileged": true,
            "restart_policy": {"Name": "always"},
            "tmpfs": ["/one", "/two:size=1m"],
            "userns_mode": "host",
            "volumes": ["/tmp:/a:ro", "/srv:/b"],
            "command": ["sleep", "60"],
            "labels": ["one", "two"],
        }),
        json!({
            "device_requests": [
                {"driver": "nvidia", "device_ids": ["0", "GPU-1"], "capabilities": [["utility", "gpu"]]},
            ],
            "healthcheck": {"retries": 5},
            "network_mode": "host",
            "command": "sleep 60",
            "restart_policy": {"Name": "unless-stopped"},
        }),
    ] {
        let mut run_config = run_config;
        if std::env::consts::ARCH != "x86_64" {
            run_config.as_object_mut().unwrap().remove("platform");
        }
        let [asked, line, file] = fixture.containers(&run_config, false);
        assert_same(&line, &asked);
        assert_same(&file, &asked);
    }
}
