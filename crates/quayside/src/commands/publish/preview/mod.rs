//! `quayside publish preview`: the site of a folder while somebody works on it.

mod rebuild;
mod watch;

use std::path::Path;

use anyhow::{Context as _, bail};
use server::{Listener, PreviewState, preview_router};
use tokio::sync::watch::Sender;
use tokio_util::sync::CancellationToken;

use self::rebuild::{Outcome, rebuild};
use self::watch::Changes;
use crate::arguments::PreviewArguments;
use crate::signals::Signals;
use crate::{Ending, console};

pub(crate) async fn run(arguments: &PreviewArguments) -> anyhow::Result<Ending> {
    let told = arguments.folder.display();
    if !arguments.listen.ip().is_loopback() {
        bail!(
            "`{}` is no address of this machine alone: a preview is not for others; `quayside publish build` makes a site for any web server",
            arguments.listen
        );
    }
    let mut signals = Signals::listen()?;
    let folder = std::fs::canonicalize(&arguments.folder)
        .with_context(|| format!("failed to open the folder `{told}`"))?;
    let place = tempfile::Builder::new()
        .prefix("quayside-preview-")
        .tempdir()
        .context("failed to create a folder for the site")?;
    let site = place.path().join("site");
    std::fs::create_dir(&site).context("failed to create a folder for the site")?;
    let listener = Listener::bind(arguments.listen).with_context(|| {
        format!(
            "failed to listen on {}: leave `--listen` out for a free port",
            arguments.listen
        )
    })?;
    let address = listener.address();
    let shutdown = CancellationToken::new();
    let (state, states) = tokio::sync::watch::channel(PreviewState::default());
    // Before the first build, so that no change after it is missed.
    let changes = Changes::of(&folder)?;
    let router = preview_router(&site, address, states, shutdown.clone());
    let serving = listener.serve(router, None, shutdown.clone());
    let building = async {
        let built = keep_up(&folder, &site, changes, &state, &shutdown, || {
            console::data(&format!("http://{address}/"));
            console::note("Changes in the folder show at once; Ctrl-C ends it.");
        })
        .await;
        shutdown.cancel();
        built
    };
    let serving = async {
        let served = serving.await;
        shutdown.cancel();
        served
    };
    let ((), built, served) = tokio::join!(signals.end(&shutdown), building, serving);
    built?;
    served.context("the listener failed")?;
    Ok(Ending::Done)
}

/// Builds, and builds again whenever something changed, until the end is asked for. A build is never cut off, so that
/// the folder that it writes to is gone for good afterwards.
async fn keep_up(
    folder: &Path,
    site: &Path,
    mut changes: Changes,
    state: &Sender<PreviewState>,
    shutdown: &CancellationToken,
    mut ready: impl FnMut(),
) -> anyhow::Result<()> {
    let mut is_first = true;
    loop {
        let (from, to) = (folder.to_owned(), site.to_owned());
        let outcome = tokio::task::spawn_blocking(move || rebuild(&from, &to)).await?;
        show(&outcome, state);
        if std::mem::take(&mut is_first) {
            ready();
        }
        tokio::select! {
            () = changes.next() => {}
            () = shutdown.cancelled() => return Ok(()),
        }
    }
}

fn show(outcome: &Outcome, state: &Sender<PreviewState>) {
    console::note(&outcome.told);
    state.send_modify(|state| {
        state.build += u64::from(outcome.is_changed);
        state.problems = outcome.problems.clone();
    });
}
