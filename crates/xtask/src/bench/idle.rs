//! What a server takes that nobody asks anything.

use std::time::Duration;

use super::memory::{Memory, processor_time};
use super::served::Served;
use super::sites::Sites;
use super::{Figure, Options};

pub(crate) async fn run(options: &Options) -> Vec<Figure> {
    let wait = options.size(Duration::from_mins(5), Duration::from_secs(1));
    let sites = Sites::publish(options).await;
    let mut served = Served::start(options).await;
    served.add(&sites.urls).await;
    let process = served.process();
    let after_adding = Memory::of(process);
    let used = processor_time(process);
    tokio::time::sleep(wait).await;
    let used = processor_time(process).saturating_sub(used);
    let after_waiting = Memory::of(process);
    vec![
        Figure::memory("right after adding", after_adding.resident),
        Figure::memory("the most while adding", after_adding.peak),
        Figure::memory("five minutes later", after_waiting.resident).at_most(40.0),
        Figure::count(
            "share of a processor meanwhile",
            used.as_secs_f64() / wait.as_secs_f64() * 100.0,
            "%",
        ),
    ]
}
