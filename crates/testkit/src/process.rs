use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use uuid::Uuid;

use crate::wait::{wait_for, wait_until};

/// Marks a process and all that it starts, however far those detach themselves.
const MARK: &str = "QUAYSIDE_TEST_PROCESS";

/// Waits until whoever holds the other end of its input is gone, then ends the marked processes and its own group.
///
/// It is started before the process that it watches, which joins its group, so that no kill of the test comes at a
/// moment where nobody watches.
const WATCHDOG: &str = r#"
read -r _
marked=$(grep -lszx "QUAYSIDE_TEST_PROCESS=$1" /proc/[0-9]*/environ | tr -dc '0-9\n')
[ -z "$marked" ] || kill -KILL $marked
kill -KILL 0
"#;

/// A program that ends with the test, even when the test is killed.
///
/// Its output is kept, and shown if the test fails.
pub struct Process {
    name: String,
    child: Child,
    watchdog: Child,
    output: Lines,
    errors: Lines,
}

/// What a program has written so far.
#[derive(Debug, Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Process {
    /// Starts a program without input, in a process group of its own.
    pub fn start(name: &str, mut command: Command) -> Self {
        let mark = Uuid::now_v7().simple().to_string();
        let watchdog = Command::new("/bin/sh")
            .args(["-c", WATCHDOG, "watchdog", &mark])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("/bin/sh starts");
        let group = i32::try_from(watchdog.id()).expect("process ids are small");
        let mut child = command
            .env(MARK, mark)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(group)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let output = Lines::read(child.stdout.take());
        let errors = Lines::read(child.stderr.take());
        Self {
            name: name.to_owned(),
            child,
            watchdog,
            output,
            errors,
        }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to standard output so far.
    pub fn output(&self) -> String {
        self.output.text()
    }

    /// What it has written to standard error so far.
    pub fn errors(&self) -> String {
        self.errors.text()
    }

    /// Waits for a line of either stream; fails when the program ends before it.
    pub async fn find_line<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let name = self.name.clone();
        wait_for(&format!("{what} from {name}"), async || {
            let ended = !self.is_running();
            let found = self.output.find(&find).or_else(|| self.errors.find(&find));
            assert!(
                !ended || found.is_some(),
                "{name} ended without {what}\n{}",
                self.log()
            );
            found
        })
        .await
    }

    /// Whether it has not ended yet.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Sends a signal to the program itself.
    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.id()).ok().and_then(Pid::from_raw);
        if let Some(id) = id {
            // It may have ended by itself, which is what most signals are for.
            let _ = kill_process(id, signal);
        }
    }

    /// Stops the program in its tracks, until [`Self::resume`].
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets a stopped program go on.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    /// Waits for the end that the program comes to by itself.
    pub async fn wait(&mut self) -> ExitStatus {
        let name = self.name.clone();
        wait_until(&format!("the end of {name}"), async || !self.is_running()).await;
        self.child.wait().expect("an ended child can be waited for")
    }

    /// Asks the program to end and waits until it has.
    pub async fn terminate(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.wait().await
    }

    /// Ends the program and all that it started, at once, as a power cut would.
    pub fn kill(&mut self) {
        // Its process group goes as soon as the pipe is closed.
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn log(&self) -> String {
        format!(
            "--- output of {0} ---\n{1}\n--- errors of {0} ---\n{2}",
            self.name,
            self.output.last(),
            self.errors.last()
        )
    }
}

impl Drop for Process {
    #[expect(
        clippy::print_stderr,
        reason = "that is where a failed test is explained"
    )]
    fn drop(&mut self) {
        self.kill();
        if thread::panicking() {
            eprintln!("{}", self.log());
        }
    }
}

impl Lines {
    fn read(stream: Option<impl Read + Send + 'static>) -> Self {
        let lines = Self::default();
        if let Some(stream) = stream {
            let kept = lines.clone();
            thread::spawn(move || {
                let mut reader = BufReader::new(stream);
                let mut line = Vec::new();
                while reader
                    .read_until(b'\n', &mut line)
                    .is_ok_and(|read| read > 0)
                {
                    let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                    kept.lock().push(text);
                    line.clear();
                }
            });
        }
        lines
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn text(&self) -> String {
        self.lock().join("\n")
    }

    /// What is worth showing of a long log.
    fn last(&self) -> String {
        let lines = self.lock();
        let last = lines[lines.len().saturating_sub(60)..].iter();
        let cut = last.map(|line| line.chars().take(300).collect::<String>());
        cut.collect::<Vec<_>>().join("\n")
    }

    fn find<T>(&self, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.lock().iter().find_map(|line| find(line))
    }
}
