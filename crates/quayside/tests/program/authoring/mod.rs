//! The author's tools, as authors meet them.

mod begin;
mod change;
mod image_server;
mod online;
mod pipelines;
mod sizes;

use std::path::Path;
use std::process::{Command, Output};

use crate::PROGRAM;

/// What a command said, with the folder it worked in taken out.
struct Said {
    code: Option<i32>,
    output: String,
    errors: String,
}

/// Runs `quayside publish …` in a folder.
fn publish(folder: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(PROGRAM);
    command.arg("publish").args(arguments);
    run(folder, command)
}

/// The same without keeping the tests' servers from answering.
async fn publish_meanwhile(folder: &Path, arguments: &[&str]) -> Said {
    let folder = folder.to_owned();
    let arguments: Vec<String> = arguments
        .iter()
        .map(|argument| (*argument).to_owned())
        .collect();
    tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        publish(&folder, &arguments)
    })
    .await
    .unwrap()
}

fn run(folder: &Path, mut command: Command) -> Said {
    for (name, _) in std::env::vars() {
        if name.starts_with("QUAYSIDE_") || name.starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap();
        if folder.is_absolute() {
            text.replace(&folder.display().to_string(), "[folder]")
        } else {
            text
        }
    };
    Said {
        code: status.code(),
        output: text(stdout),
        errors: text(stderr),
    }
}

impl Said {
    /// Everything, for a snapshot.
    fn whole(&self) -> String {
        format!(
            "exit code {}\n--- stdout\n{}--- stderr\n{}",
            self.code.unwrap(),
            self.output,
            self.errors
        )
    }
}

fn read(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap()
}

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn help_teaches() {
    for (name, verb) in [
        ("help_publish_init", "init"),
        ("help_publish_new", "new"),
        ("help_publish_import", "import"),
        ("help_publish_convert", "convert"),
        ("help_publish_add_version", "add-version"),
        ("help_publish_sizes", "sizes"),
    ] {
        let help = publish(Path::new("."), &[verb, "--help"]);
        assert_eq!((help.code, help.errors.as_str()), (Some(0), ""));
        insta::assert_snapshot!(name, help.output);
    }
}
