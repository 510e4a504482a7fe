//! The registry page and the API over very many listings.

use std::sync::Arc;
use std::time::{Duration, Instant};

use testkit::TestSite;
use tokio::task::JoinSet;

use super::connection::Connection;
use super::memory::Memory;
use super::percentiles::Times;
use super::served::Served;
use super::{Figure, Options, synthetic};

/// Connections that each ask for the next as soon as they have the last.
const CONNECTIONS: usize = 4;

/// How many different searches there are.
const SEARCHES: usize = 200;

/// The share of answers that the limit holds for.
const SHARE: f64 = 0.99;

/// The longest that answers may take, milliseconds.
const LONGEST: f64 = 10.0;

/// Who asks: a browser or a program.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Page,
    Api,
}

/// What is asked in turn.
struct Request {
    kind: Kind,
    is_search: bool,
    path: String,
}

/// How long the answers took.
#[derive(Default)]
struct Answers {
    /// `/` and the same in the API.
    first: [Times; 2],
    /// With a search.
    searches: [Times; 2],
}

pub(crate) async fn run(options: &Options) -> Vec<Figure> {
    let registries = synthetic::registries(options);
    let site = TestSite::files(registries.files).await;
    let mut served = Served::start(options).await;
    let begin = Instant::now();
    served.add(&synthetic::urls(&site, registries.count)).await;
    let loading = begin.elapsed();
    drop(site);
    let loaded = Memory::of(served.process());

    let minute = options.size(Duration::from_mins(1), Duration::from_secs(1));
    let begin = Instant::now();
    let answers = ask(&served, begin + minute).await;
    let lasted = begin.elapsed();
    let asked = Memory::of(served.process());

    let mut figures = vec![
        Figure::time("adding all registries", loading),
        Figure::memory("the most while loading", loaded.peak).at_most(300.0),
        Figure::memory("after one minute of questions", asked.resident).at_most(150.0),
    ];
    let mut total = 0;
    for (whats, times) in [
        (["first page", "first listings of the API"], &answers.first),
        (
            ["searches on the page", "searches in the API"],
            &answers.searches,
        ),
    ] {
        for (what, times) in whats.iter().zip(times) {
            total += times.len();
            let median = format!("{what}, median");
            figures.push(Figure::time(&median, times.median()));
            let limited = Figure::time(&format!("{what}, 99 of 100"), times.percentile(SHARE));
            figures.push(limited.at_most(LONGEST));
        }
    }
    figures.push(Figure::count(
        "answers",
        total as f64 / lasted.as_secs_f64(),
        "/s",
    ));
    figures
}

/// Every search on the page and in the API, and the first page as often as all searches of a quarter.
fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for (number, search) in synthetic::searches(SEARCHES).into_iter().enumerate() {
        for (kind, path) in [(Kind::Page, "/"), (Kind::Api, "/api/v1/listings")] {
            requests.push(Request {
                kind,
                is_search: true,
                path: format!("{path}?{search}"),
            });
            if number % 4 == 0 {
                requests.push(Request {
                    kind,
                    is_search: false,
                    path: path.to_owned(),
                });
            }
        }
    }
    requests
}

async fn ask(served: &Served, end: Instant) -> Answers {
    let requests = Arc::new(requests());
    let authorization = served.authorization();
    let mut asking = JoinSet::new();
    for number in 0..CONNECTIONS {
        let open = async |fields: &[(&str, &str)]| {
            let connection = Connection::open(&served.address(), fields).await;
            connection.expect("the server takes connections")
        };
        // One of them at a time: a program does not ask as a browser does.
        let mut page = open(&served.browser_fields()).await;
        let mut api = open(&[("authorization", &authorization)]).await;
        let requests = Arc::clone(&requests);
        asking.spawn(async move {
            let mut answers = Answers::default();
            let start = number * requests.len() / CONNECTIONS;
            for request in requests.iter().cycle().skip(start) {
                let connection = match request.kind {
                    Kind::Page => &mut page,
                    Kind::Api => &mut api,
                };
                let begin = Instant::now();
                let answer = connection.get(&request.path).await;
                let time = begin.elapsed();
                let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", request.path));
                assert!(
                    answer.status == 200 && !answer.body.is_empty(),
                    "{}: {}",
                    request.path,
                    answer.status
                );
                let times = if request.is_search {
                    &mut answers.searches
                } else {
                    &mut answers.first
                };
                times[request.kind as usize].add(time);
                if begin >= end && answers.has_all() {
                    break;
                }
            }
            answers
        });
    }
    let mut all = Answers::default();
    while let Some(answers) = asking.join_next().await {
        all.append(answers.expect("a connection is served to its end"));
    }
    all
}

impl Answers {
    fn has_all(&self) -> bool {
        let mut times = self.first.iter().chain(&self.searches);
        times.all(|times| times.len() > 0)
    }

    fn append(&mut self, other: Self) {
        for (times, more) in self.first.iter_mut().zip(other.first) {
            times.append(more);
        }
        for (times, more) in self.searches.iter_mut().zip(other.searches) {
            times.append(more);
        }
    }
}
