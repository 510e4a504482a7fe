use std::io::{self, BufRead as _, BufReader, Cursor, Read};
use std::process::{ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, PoisonError};

use super::program::{Git, GitError, PATIENCE, Running, ask};

/// Files up to this size come whole from the process that answers for all of them.
const WHOLE: u64 = 8 * 1024 * 1024;

/// The contents of a repository's files, by their object names.
#[derive(Debug)]
pub(super) struct Objects {
    git: Git,
    /// Started with the first file.
    batch: Mutex<Option<Batch>>,
}

/// `git cat-file --batch` at work.
#[derive(Debug)]
struct Batch {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    running: Running,
}

impl Objects {
    pub(super) fn new(git: Git) -> Self {
        Self {
            git,
            batch: Mutex::default(),
        }
    }

    /// Opens a file of a known size.
    pub(super) fn open(&self, object: &str, size: u64) -> io::Result<Box<dyn Read + '_>> {
        if size <= WHOLE {
            return Ok(Box::new(Cursor::new(self.read(object, size)?)));
        }
        // One that does not fit into memory gets a process of its own.
        let mut running = self
            .git
            .start(&["cat-file", "blob", object], Stdio::null())
            .map_err(io::Error::other)?;
        let output = running.pipes().0.ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Box::new(Large {
            output,
            left: size,
            running,
        }))
    }

    /// The whole of a file.
    pub(super) fn read(&self, object: &str, size: u64) -> io::Result<Vec<u8>> {
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        // A process that failed in the middle of an answer is not asked again.
        let mut asked = match batch.take() {
            Some(running) => running,
            None => Batch::start(&self.git).map_err(io::Error::other)?,
        };
        let answer = asked.read(object, size);
        if !matches!(&answer, Err(error) if error.kind() != io::ErrorKind::NotFound) {
            *batch = Some(asked);
        }
        answer
    }
}

impl Batch {
    fn start(git: &Git) -> Result<Self, GitError> {
        let mut running = git.start(&["cat-file", "--batch"], Stdio::piped())?;
        match running.pipes() {
            (Some(output), Some(input)) => Ok(Self {
                input,
                output: BufReader::with_capacity(64 * 1024, output),
                running,
            }),
            _ => Err(GitError::NotUnderstood),
        }
    }

    fn read(&mut self, object: &str, size: u64) -> io::Result<Vec<u8>> {
        self.running.watch.set(Some(PATIENCE));
        let answer = self.read_in_time(object, size);
        self.running.watch.set(None);
        answer
    }

    fn read_in_time(&mut self, object: &str, size: u64) -> io::Result<Vec<u8>> {
        ask(&mut self.input, &format!("{object}\n"))?;
        let mut header = Vec::new();
        (&mut self.output)
            .take(256)
            .read_until(b'\n', &mut header)?;
        let header = String::from_utf8_lossy(&header);
        let mut words = header.split_ascii_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some(_), Some("missing"), None) => Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the repository does not hold it",
            )),
            (Some(_), Some("blob"), Some(told)) if told.parse() == Ok(size) => {
                let mut bytes = vec![0; size as usize];
                self.output.read_exact(&mut bytes)?;
                let mut end = [0];
                self.output.read_exact(&mut end)?;
                Ok(bytes)
            }
            _ => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "git answered what is not understood",
            )),
        }
    }
}

/// A large file as it comes; one that ends early is an error.
struct Large {
    output: ChildStdout,
    left: u64,
    running: Running,
}

impl Read for Large {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.running.watch.set(Some(PATIENCE));
        let length = self.output.read(buffer)?;
        if length == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = self.left.saturating_sub(length as u64);
        Ok(length)
    }
}
