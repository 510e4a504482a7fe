//! The one place that runs the `git` program.
//!
//! A repository may come from anywhere, and its own configuration can name programs: monitors, hooks, filters, helpers
//! for the network. None of them is ever run: only commands that read are called, whatever could start a program is
//! overridden on the command's own level, which beats the repository's, and no transport is allowed.

use std::ffi::OsStr;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The longest one command may take.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);
/// How soon it is looked again whether a command has ended that has nothing more to say.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// The longest answer of one command.
const LONGEST_ANSWER: u64 = 128 * 1024 * 1024;
/// How much of what git complains about is kept.
const LONGEST_COMPLAINT: u64 = 16 * 1024;

/// Overrides of what a repository's configuration may say.
const SETTINGS: [(&str, &str); 8] = [
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.pager", "cat"),
    ("core.quotePath", "false"),
    ("protocol.allow", "never"),
    ("gc.auto", "0"),
    ("submodule.recurse", "false"),
    // Whose the repository is does not matter to somebody who runs nothing that it names.
    ("safe.directory", "*"),
];

/// Why git gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no `git` on this machine.
    #[error("the program `git` is not installed")]
    NotInstalled,
    /// There is nothing where the repository should be.
    #[error("there is no such folder")]
    NoFolder,
    /// What should be a repository is a file.
    #[error("it is not a folder")]
    NotAFolder,
    /// The folder is there, but neither it nor one around it is a repository.
    #[error("it is not a git repository, nor does it lie in one")]
    NoRepository,
    /// The folder cannot be looked into.
    #[error("the folder cannot be opened")]
    Open(#[source] io::Error),
    /// Git refused: no such commit, a damaged repository.
    #[error("git says: {message}")]
    Refused {
        /// The last line of what it said.
        message: String,
    },
    /// Git did not end in time.
    #[error("git did not answer within {} s", PATIENCE.as_secs())]
    TimedOut,
    /// Git answered more than any registry has.
    #[error("git answered more than {} MiB", LONGEST_ANSWER / 1024 / 1024)]
    TooMuch,
    /// Git answered what it never should.
    #[error("git answered what is not understood")]
    NotUnderstood,
    /// The program could not be run.
    #[error("the program `git` cannot be run")]
    Run(#[source] io::Error),
}

/// A folder that git commands are run in.
#[derive(Debug, Clone)]
pub(super) struct Git {
    folder: PathBuf,
    /// Overrides beside [`SETTINGS`].
    pub(super) settings: Vec<(String, String)>,
}

impl Git {
    pub(super) fn at(folder: &Path) -> Result<Self, GitError> {
        let folder = std::fs::canonicalize(folder).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => GitError::NoFolder,
            io::ErrorKind::NotADirectory => GitError::NotAFolder,
            _ => GitError::Open(error),
        })?;
        if !folder.is_dir() {
            return Err(GitError::NotAFolder);
        }
        Ok(Self {
            folder,
            settings: Vec::new(),
        })
    }

    /// Runs a command that reads, and gives what it wrote.
    pub(super) fn answer<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Result<Vec<u8>, GitError> {
        let mut running = self.start(arguments, Stdio::null())?;
        let mut answer = Vec::new();
        let (Some(mut output), _) = running.pipes() else {
            return Err(GitError::NotUnderstood);
        };
        let read = output
            .by_ref()
            .take(LONGEST_ANSWER + 1)
            .read_to_end(&mut answer);
        if answer.len() as u64 > LONGEST_ANSWER {
            return Err(GitError::TooMuch);
        }
        let ended = running.end();
        read.map_err(GitError::Run)?;
        ended.map(|()| answer)
    }

    /// The same where a refusal is an answer too: nothing.
    pub(super) fn answer_if_any<A: AsRef<OsStr>>(
        &self,
        arguments: &[A],
    ) -> Result<Option<Vec<u8>>, GitError> {
        match self.answer(arguments) {
            Ok(answer) => Ok(Some(answer)),
            Err(GitError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Starts a command; it is killed when it takes too long, or when nobody waits for it any more.
    pub(super) fn start<A: AsRef<OsStr>>(
        &self,
        arguments: &[A],
        input: Stdio,
    ) -> Result<Running, GitError> {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"GIT_") {
                command.env_remove(name);
            }
        }
        let settings = SETTINGS.iter().map(|(name, value)| (*name, *value)).chain(
            self.settings
                .iter()
                .map(|(name, value)| (&**name, &**value)),
        );
        let mut count = 0;
        for (name, value) in settings {
            command.env(format!("GIT_CONFIG_KEY_{count}"), name);
            command.env(format!("GIT_CONFIG_VALUE_{count}"), value);
            count += 1;
        }
        command
            .env("GIT_CONFIG_COUNT", count.to_string())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_NO_LAZY_FETCH", "1")
            // Beats what a repository says about single protocols; there is none of this name.
            .env("GIT_ALLOW_PROTOCOL", "none")
            .env("LC_ALL", "C")
            .arg("--no-pager")
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => GitError::NotInstalled,
            _ => GitError::Run(error),
        })?;
        let complaints = child.stderr.take().map(|mut stderr| {
            std::thread::spawn(move || {
                let mut text = Vec::new();
                // What cannot be read of a complaint is not worth another one; the rest must
                // still be taken, or git waits for it.
                let _ = stderr
                    .by_ref()
                    .take(LONGEST_COMPLAINT)
                    .read_to_end(&mut text);
                let _ = io::copy(&mut stderr, &mut io::sink());
                text
            })
        });
        Ok(Running {
            pipes: (child.stdout.take(), child.stdin.take()),
            watch: Watch::over(child),
            complaints,
        })
    }
}

/// A command at work.
#[derive(Debug)]
pub(super) struct Running {
    pipes: Pipes,
    pub(super) watch: Watch,
    complaints: Option<JoinHandle<Vec<u8>>>,
}

type Pipes = (
    Option<std::process::ChildStdout>,
    Option<std::process::ChildStdin>,
);

impl Running {
    /// What it writes and what it reads; only the first time.
    pub(super) fn pipes(&mut self) -> Pipes {
        std::mem::take(&mut self.pipes)
    }

    /// Waits for its end, after its output was read.
    fn end(&mut self) -> Result<(), GitError> {
        let (success, in_time) = self.watch.end().map_err(GitError::Run)?;
        if !in_time {
            return Err(GitError::TimedOut);
        }
        if success {
            return Ok(());
        }
        let complaint = self
            .complaints
            .take()
            .and_then(|thread| thread.join().ok())
            .unwrap_or_default();
        Err(GitError::Refused {
            message: last_line(&complaint),
        })
    }
}

/// Kills a process whose time is up.
#[derive(Debug)]
pub(super) struct Watch {
    shared: Arc<(Mutex<Watched>, Condvar)>,
}

#[derive(Debug)]
struct Watched {
    child: Child,
    /// When the time is up; nothing while nobody waits for the process.
    until: Option<Instant>,
    is_late: bool,
    is_over: bool,
}

impl Watch {
    /// Watches from now on.
    fn over(child: Child) -> Self {
        let watched = Watched {
            child,
            until: Some(Instant::now() + PATIENCE),
            is_late: false,
            is_over: false,
        };
        let shared = Arc::new((Mutex::new(watched), Condvar::new()));
        let watching = shared.clone();
        std::thread::spawn(move || {
            let (mutex, changed) = &*watching;
            let mut watched = locked(mutex);
            while !watched.is_over {
                let left = watched
                    .until
                    .map(|until| until.saturating_duration_since(Instant::now()));
                watched = match left {
                    None => changed
                        .wait(watched)
                        .unwrap_or_else(PoisonError::into_inner),
                    Some(Duration::ZERO) => {
                        watched.is_late = true;
                        // It may have ended by itself just now.
                        let _ = watched.child.kill();
                        return;
                    }
                    Some(left) => {
                        changed
                            .wait_timeout(watched, left)
                            .unwrap_or_else(PoisonError::into_inner)
                            .0
                    }
                };
            }
        });
        Self { shared }
    }

    /// Gives the process its time anew, or, while it has nothing to do, all the time there is.
    pub(super) fn set(&self, patience: Option<Duration>) {
        locked(&self.shared.0).until = patience.map(|patience| Instant::now() + patience);
        self.shared.1.notify_all();
    }

    /// Waits for the end; says whether it was a good one, and in time.
    fn end(&self) -> io::Result<(bool, bool)> {
        let mut watched = locked(&self.shared.0);
        // Whoever waited in one go would keep the watch from killing what never ends.
        let status = loop {
            if let Some(status) = watched.child.try_wait()? {
                break status;
            }
            watched = self
                .shared
                .1
                .wait_timeout(watched, LOOK_AGAIN)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        };
        watched.is_over = true;
        self.shared.1.notify_all();
        Ok((status.success(), !watched.is_late))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watched = locked(&self.shared.0);
        if !watched.is_over {
            // Both fail only if it has ended already.
            let _ = watched.child.kill();
            let _ = watched.child.wait();
            watched.is_over = true;
            self.shared.1.notify_all();
        }
    }
}

/// Nothing is left half-done under these locks.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn last_line(complaint: &[u8]) -> String {
    let text = String::from_utf8_lossy(complaint);
    let line = text.lines().rev().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or("nothing").trim();
    line.strip_prefix("fatal: ")
        .unwrap_or(line)
        .chars()
        .filter(|sign| !sign.is_control())
        .take(300)
        .collect()
}

/// Writes a request to a process that answers many.
pub(super) fn ask(input: &mut std::process::ChildStdin, line: &str) -> io::Result<()> {
    input.write_all(line.as_bytes())?;
    input.flush()
}
