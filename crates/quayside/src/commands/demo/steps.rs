use std::time::Instant;

use serde::Serialize;

use crate::console;

/// Prints what the demo does, step by step.
#[derive(Debug)]
pub(super) struct Steps {
    json: bool,
}

/// What a step has to tell.
#[derive(Debug)]
pub(super) struct Told {
    detail: String,
    bytes: Option<u64>,
}

impl Told {
    pub(super) fn new(detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            bytes: None,
        }
    }

    pub(super) fn with_bytes(mut self, bytes: u64) -> Self {
        self.bytes = Some(bytes);
        self
    }
}

#[derive(Serialize)]
struct Line<'a> {
    step: &'a str,
    ok: bool,
    detail: &'a str,
    duration_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
}

impl Steps {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether steps are printed for programs.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// Runs a step and prints what it did, how long it took and how many bytes it moved.
    pub(super) async fn run<T>(
        &mut self,
        name: &str,
        work: impl Future<Output = anyhow::Result<(T, Told)>>,
    ) -> anyhow::Result<T> {
        let started = Instant::now();
        let result = work.await;
        let duration_ms = started.elapsed().as_millis() as u64;
        match result {
            Ok((value, told)) => {
                self.print(&Line {
                    step: name,
                    ok: true,
                    detail: &told.detail,
                    duration_ms,
                    bytes: told.bytes,
                });
                Ok(value)
            }
            Err(error) => {
                self.print(&Line {
                    step: name,
                    ok: false,
                    detail: &format!("{error:#}"),
                    duration_ms,
                    bytes: None,
                });
                Err(error)
            }
        }
    }

    /// Runs what a later step needs; only if that fails it is told, as that step.
    pub(super) async fn prepare<T>(
        &mut self,
        name: &str,
        work: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        let started = Instant::now();
        let result = work.await;
        if let Err(error) = &result {
            self.print(&Line {
                step: name,
                ok: false,
                detail: &format!("{error:#}"),
                duration_ms: started.elapsed().as_millis() as u64,
                bytes: None,
            });
        }
        result
    }

    fn print(&self, line: &Line<'_>) {
        if self.json {
            console::data(&serde_json::to_string(line).expect("texts and numbers make JSON"));
            return;
        }
        let mark = if line.ok { "done  " } else { "FAILED" };
        let seconds = line.duration_ms as f64 / 1000.0;
        let bytes = line
            .bytes
            .map(|bytes| format!("{:.1} MB", bytes as f64 / 1e6))
            .unwrap_or_default();
        console::data(&format!(
            "{mark} {:<10} {seconds:>6.2} s {bytes:>9}  {}",
            line.step, line.detail
        ));
    }
}
