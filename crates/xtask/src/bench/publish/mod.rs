//! Builds of a registry: against their limits, and against what reading the sources and writing the site takes by
//! itself.

mod run;
mod source;
mod storefront;
mod yardstick;

use std::path::Path;
use std::time::Duration;

use self::run::{Builds, peak_memory};
use self::storefront::first_load;
use super::percentiles::{Times, median};
use super::{Figure, Options};

/// Workspaces of the largest registry that is known.
const USUAL: usize = 71;
const MANY: usize = 1_000;
const MOST: usize = 10_000;

pub(crate) async fn run(options: &Options) -> Vec<Figure> {
    let mut figures = usual(options).await;
    figures.extend(many(options));
    figures.extend(most(options).await);
    figures
}

async fn usual(options: &Options) -> Vec<Figure> {
    let count = options.size(USUAL, 12);
    let folder = tempfile::tempdir().expect("a folder for a registry");
    let source = source::write(&folder.path().join("source"), count);
    let builds = Builds::new(options, &source.folder);
    let mut times = Times::default();
    for _ in 0..options.size(31, 2) {
        times.add(builds.clean());
    }
    let peak = peak_memory(&builds).await;
    vec![
        Figure::time("a build of 71 workspaces", times.median()).at_most(25.0),
        Figure::memory("the most while building 71", peak).at_most(30.0),
        load("storefront of 71 workspaces, gzip", &builds.site()).at_most(15.0),
    ]
}

fn many(options: &Options) -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a folder for a registry");
    let source = source::write(&folder.path().join("source"), options.size(MANY, 24));
    let builds = Builds::new(options, &source.folder);
    builds.clean();
    vec![load("storefront of 1,000 workspaces, gzip", &builds.site()).at_most(40.0)]
}

async fn most(options: &Options) -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a folder for a registry");
    let source = source::write(&folder.path().join("source"), options.size(MOST, 36));
    let builds = Builds::new(options, &source.folder);
    builds.clean();
    let (mut times, mut yardsticks, mut ratios) = (Times::default(), Times::default(), Vec::new());
    for _ in 0..options.size(5, 1) {
        let yardstick = yardstick::measure(&source.folder, &builds.site());
        let time = builds.clean();
        ratios.push(time.as_secs_f64() / yardstick.as_secs_f64());
        times.add(time);
        yardsticks.add(yardstick);
    }
    let mut rebuilds = Times::default();
    for number in 0..options.size(7, 1) {
        source.change(number);
        rebuilds.add(builds.again());
    }
    let peak = peak_memory(&builds).await;
    vec![
        Figure::count(
            "input of 10,000 workspaces",
            source.bytes as f64 / 1e6,
            "MB",
        ),
        Figure::time(
            "reading and hashing that, writing the site",
            yardsticks.median(),
        ),
        Figure::time("a build of 10,000 workspaces", times.median()),
        Figure::ratio("the build in proportion", median(&ratios)).at_most(1.0),
        Figure::memory("the most while building 10,000", peak).at_most(100.0),
        Figure::time("a build after one change", rebuilds.median()).at_most(300.0),
        load("storefront of 10,000 workspaces, gzip", &builds.site()).at_most(40.0),
    ]
}

fn load(what: &str, site: &Path) -> Figure {
    Figure::count(what, first_load(site) as f64 / 1e3, "kB")
}

/// How long something takes.
fn time(work: impl FnOnce()) -> Duration {
    let begin = std::time::Instant::now();
    work();
    begin.elapsed()
}
