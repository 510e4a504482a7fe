use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use model::ImageReference;
use publish::SourceTree as _;
use publish::authoring::{SizeEntry, Untouched, megabytes, size_entries, with_size};
use sources::FolderTree;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::image_sizes::{ImageSizes, Measured, Precision, image_registry};
use super::layer_sizes::LayerSizes;
use super::source_files;
use crate::arguments::SizesArguments;
use crate::{Ending, console};

/// The longest `workspace.json` that is changed.
const LONGEST_FILE: u64 = 4 << 20;
/// How often a terminal is told how far it is.
const TICK: Duration = Duration::from_millis(250);

/// An image and the architectures that it is measured for.
type Question = (String, Vec<String>);

/// What became of one image of one workspace.
struct Finding {
    entry: SizeEntry,
    result: Result<u64, String>,
}

pub(super) async fn run(arguments: &SizesArguments) -> anyhow::Result<Ending> {
    let tree = source_files::open(&arguments.folder)?;
    let (mut entries, untouched) = size_entries(&tree)
        .with_context(|| format!("failed to read `{}`", arguments.folder.display()))?;
    if arguments.missing {
        entries.retain(|entry| entry.stated_mb.is_none());
    }
    let sizes = Arc::new(ImageSizes::new(
        image_registry(arguments.insecure_hosts.clone())?,
        Duration::from_secs(arguments.patience.saturating_mul(60)),
        Precision::Exact(LayerSizes::open(&arguments.folder)),
    ));
    let mut questions: BTreeMap<Question, Vec<SizeEntry>> = BTreeMap::new();
    for entry in entries {
        let question = (entry.image.trim().to_owned(), entry.architectures.clone());
        questions.entry(question).or_default().push(entry);
    }
    let total = questions.len();
    let mut running = begin(&sizes, questions.keys(), arguments.at_once);
    let mut findings = Vec::new();
    let mut progress = Progress::new(total);
    while let Some((question, result)) = progress.wait(&mut running, &sizes).await? {
        for entry in questions.remove(&question).unwrap_or_default() {
            let finding = conclude(&tree, entry, &result, arguments)?;
            progress.clear();
            if !arguments.json {
                tell(&finding, arguments.check);
            }
            findings.push(finding);
        }
    }
    progress.clear();
    let failed = findings
        .iter()
        .filter(|finding| finding.result.is_err())
        .count();
    if failed == 0 {
        sizes.forget();
    }
    findings.sort_by(|left, right| {
        (&left.entry.file, &left.entry.pointer).cmp(&(&right.entry.file, &right.entry.pointer))
    });
    if arguments.json {
        console::data(&report(&findings, &untouched).to_string());
    }
    for untouched in &untouched {
        console::error(&format!("left as it is: {untouched}"));
    }
    let others = findings.iter().filter(|finding| finding.differs()).count();
    let verb = match (arguments.check, others) {
        (true, 1) => "differs",
        (true, _) => "differ",
        (false, 1) => "was written",
        (false, _) => "were written",
    };
    console::note(&format!(
        "{}, {} {verb}, {failed} could not be measured",
        console::count(total, "image"),
        console::count(others, "size")
    ));
    let is_refused = failed > 0 || !untouched.is_empty() || (arguments.check && others > 0);
    Ok(if is_refused {
        Ending::Refused
    } else {
        Ending::Done
    })
}

type Running = JoinSet<(Question, Result<Measured, String>)>;

/// Begins to measure, so many images at once.
fn begin<'q>(
    sizes: &Arc<ImageSizes>,
    questions: impl Iterator<Item = &'q Question>,
    at_once: u8,
) -> Running {
    let turns = Arc::new(Semaphore::new(usize::from(at_once)));
    let mut running = JoinSet::new();
    for question in questions.cloned() {
        let (sizes, turns) = (Arc::clone(sizes), Arc::clone(&turns));
        running.spawn(async move {
            let turn = turns.acquire_owned().await;
            let result = match ImageReference::parse(&question.0) {
                Ok(image) => sizes
                    .measure(&image, &question.1)
                    .await
                    .map_err(|error| with_causes(&error)),
                Err(error) => Err(error.to_string()),
            };
            drop(turn);
            (question, result)
        });
    }
    running
}

/// Writes a size that was measured into its file, at once: what is done stays done.
fn conclude(
    tree: &FolderTree,
    entry: SizeEntry,
    result: &Result<Measured, String>,
    arguments: &SizesArguments,
) -> anyhow::Result<Finding> {
    let bytes = match result {
        Ok(Measured {
            bytes: Some(bytes),
            offered,
        }) => {
            let missing: Vec<&str> = entry
                .architectures
                .iter()
                .map(String::as_str)
                .filter(|architecture| !offered.iter().any(|offered| offered == architecture))
                .collect();
            if !missing.is_empty() {
                console::note(&format!(
                    "{}: `{}` is not made for {}, though `architecture` says so",
                    entry.file,
                    entry.image,
                    missing.join(" and ")
                ));
            }
            *bytes
        }
        Ok(Measured {
            bytes: None,
            offered,
        }) => {
            let error = format!("it is made for {} alone", offered.join(" and "));
            return Ok(Finding {
                entry,
                result: Err(error),
            });
        }
        Err(error) => {
            return Ok(Finding {
                entry,
                result: Err(error.clone()),
            });
        }
    };
    let size = megabytes(bytes);
    if !arguments.check && entry.stated_mb != Some(size) {
        let text = tree.read(&entry.file, LONGEST_FILE)?;
        let Some(text) = with_size(&text, &entry.pointer, &entry.image, size) else {
            let error = "its file was changed meanwhile: run this again".to_owned();
            return Ok(Finding {
                entry,
                result: Err(error),
            });
        };
        source_files::replace(&arguments.folder, &entry.file, &text)?;
    }
    Ok(Finding {
        entry,
        result: Ok(size),
    })
}

impl Finding {
    fn differs(&self) -> bool {
        self.result
            .as_ref()
            .is_ok_and(|size| self.entry.stated_mb != Some(*size))
    }
}

fn tell(finding: &Finding, only_differences: bool) {
    let SizeEntry {
        file,
        version,
        image,
        stated_mb,
        ..
    } = &finding.entry;
    let version = version
        .as_deref()
        .map(|version| format!(" {version}"))
        .unwrap_or_default();
    match &finding.result {
        Err(error) => console::error(&format!(
            "{file}{version}: `{image}` could not be measured: {error}"
        )),
        Ok(_) if only_differences && !finding.differs() => {}
        Ok(size) => {
            let from = match stated_mb {
                Some(stated) if stated == size => "as stated".to_owned(),
                Some(stated) => format!("stated {stated} MB"),
                None => "not stated".to_owned(),
            };
            console::data(&format!("{file}{version}: `{image}` {size} MB ({from})"));
        }
    }
}

fn report(findings: &[Finding], untouched: &[Untouched]) -> serde_json::Value {
    let sizes: Vec<_> = findings
        .iter()
        .map(|finding| {
            let entry = &finding.entry;
            serde_json::json!({
                "file": entry.file,
                "version": entry.version,
                "image": entry.image,
                "stated_mb": entry.stated_mb,
                "measured_mb": finding.result.as_ref().ok(),
                "error": finding.result.as_ref().err(),
            })
        })
        .collect();
    let untouched: Vec<_> = untouched.iter().map(ToString::to_string).collect();
    serde_json::json!({"sizes": sizes, "untouched": untouched})
}

fn with_causes(error: &images::ImageError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

/// Says on a terminal how far it is.
struct Progress {
    total: usize,
    is_shown: bool,
    is_terminal: bool,
}

impl Progress {
    fn new(total: usize) -> Self {
        Self {
            total,
            is_shown: false,
            is_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// The next image that is done; nothing when all are.
    async fn wait(
        &mut self,
        running: &mut Running,
        sizes: &ImageSizes,
    ) -> anyhow::Result<Option<(Question, Result<Measured, String>)>> {
        loop {
            tokio::select! {
                done = running.join_next() => {
                    return Ok(done.transpose()?);
                }
                () = tokio::time::sleep(TICK), if self.is_terminal => self.show(running.len(), sizes),
            }
        }
    }

    fn show(&mut self, left: usize, sizes: &ImageSizes) {
        self.is_shown = true;
        let line = format!(
            "\r\x1b[K{} of {} images, {} MB read",
            self.total - left,
            self.total,
            sizes.transferred() / 1_000_000
        );
        let mut stderr = std::io::stderr().lock();
        drop(
            stderr
                .write_all(line.as_bytes())
                .and_then(|()| stderr.flush()),
        );
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            drop(std::io::stderr().lock().write_all(b"\r\x1b[K"));
        }
    }
}
