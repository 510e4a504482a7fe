//! `quayside demo`: the whole product on real input, with nothing else needed and nothing left behind.

mod administrator;
mod client;
mod example;
mod example_images;
mod leftovers;
mod probe;
mod stage;
mod steps;

use std::time::Duration;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use crate::arguments::DemoArguments;
use crate::signals::Signals;
use crate::{Ending, console};
use stage::Stage;
use steps::Steps;

/// The longest a step may take before the demo gives up.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) async fn run(arguments: DemoArguments) -> anyhow::Result<Ending> {
    let mut signals = Signals::listen()?;
    let mut steps = Steps::new(arguments.json);
    let mut stage = Stage::default();
    let interrupted = CancellationToken::new();
    let played = tokio::select! {
        played = stage.play(&arguments, &mut steps) => played,
        () = signals.end(&interrupted) => Err(anyhow::anyhow!("interrupted")),
    };
    if played.is_ok() && !arguments.exit && !interrupted.is_cancelled() {
        stage
            .show(&steps)
            .await
            .context("failed to print the sign-in link")?;
        signals.end(&interrupted).await;
        console::note("");
    }
    let cleared = stage.clear(&mut steps).await;
    Ok(if played.is_ok() && cleared.is_ok() {
        Ending::Done
    } else {
        Ending::Refused
    })
}
