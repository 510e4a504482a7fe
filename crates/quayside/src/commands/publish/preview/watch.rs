use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{Instant, timeout};

use crate::console;

/// Silence after which a change counts as done: editors write a file in several steps, checkouts write many.
const QUIET: Duration = Duration::from_millis(60);
/// The longest that is waited for silence.
const LONGEST: Duration = Duration::from_secs(1);
/// How often is looked where the system tells nothing.
const POLL: Duration = Duration::from_secs(2);

/// Changes in a folder, told once they are done.
pub(super) struct Changes {
    receiver: Receiver<()>,
    _watcher: Box<dyn Watcher + Send>,
}

impl Changes {
    /// Watches a folder and everything below it.
    pub(super) fn of(folder: &Path) -> anyhow::Result<Self> {
        // One that waits stands for any number.
        let (sender, receiver) = channel(1);
        let handler = || {
            let (sender, root) = (sender.clone(), folder.to_owned());
            move |event: notify::Result<Event>| {
                if event.map_or(true, |event| matters(&root, &event)) {
                    let _ = sender.try_send(());
                }
            }
        };
        let config = Config::default()
            .with_follow_symlinks(false)
            .with_poll_interval(POLL);
        let told = RecommendedWatcher::new(handler(), config).and_then(|mut watcher| {
            watcher.watch(folder, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        let watcher: Box<dyn Watcher + Send> = match told {
            Ok(watcher) => Box::new(watcher),
            Err(error) => {
                console::note(&format!(
                    "note: the system does not tell of changes ({error}); every {} seconds is looked for them",
                    POLL.as_secs()
                ));
                let mut watcher =
                    PollWatcher::new(handler(), config).context("failed to watch the folder")?;
                watcher
                    .watch(folder, RecursiveMode::Recursive)
                    .with_context(|| format!("failed to watch `{}`", folder.display()))?;
                Box::new(watcher)
            }
        };
        Ok(Self {
            receiver,
            _watcher: watcher,
        })
    }

    /// Waits for changes, and for the end of them.
    pub(super) async fn next(&mut self) {
        if self.receiver.recv().await.is_none() {
            // The watcher is kept as long as this is: nothing will ever come.
            std::future::pending::<()>().await;
        }
        let begin = Instant::now();
        while begin.elapsed() < LONGEST && timeout(QUIET, self.receiver.recv()).await.is_ok() {}
    }
}

/// Whether something may have changed that a build reads; reading, which builds do, changes nothing.
fn matters(root: &Path, event: &Event) -> bool {
    let only_read = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
        EventKind::Access(_) => true,
        _ => false,
    };
    if only_read {
        return false;
    }
    event.need_rescan()
        || event.paths.is_empty()
        || event.paths.iter().any(|path| is_source(root, path))
}

/// Builds pass over hidden folders and those of package managers.
fn is_source(root: &Path, path: &Path) -> bool {
    let below: PathBuf = match path.strip_prefix(root) {
        Ok(below) => below.to_owned(),
        Err(_) => return true,
    };
    below.components().all(|part| match part {
        Component::Normal(name) => {
            let name = name.to_string_lossy();
            !name.starts_with('.') && name != "node_modules" && name != "bower_components"
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sources_matter() {
        let root = Path::new("/r");
        let event = |kind, path: &str| Event::new(kind).add_path(PathBuf::from(path));
        let any = EventKind::Any;
        for path in ["/r/registry.toml", "/r/workspaces/a/workspace.json", "/r"] {
            assert!(matters(root, &event(any, path)), "{path}");
        }
        for path in ["/r/.git/index", "/r/a/node_modules/x", "/r/a/.icon.swp"] {
            assert!(!matters(root, &event(any, path)), "{path}");
        }
        let closed = |mode| EventKind::Access(AccessKind::Close(mode));
        assert!(matters(root, &event(closed(AccessMode::Write), "/r/a")));
        assert!(!matters(root, &event(closed(AccessMode::Read), "/r/a")));
    }
}
