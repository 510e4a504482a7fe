//! How soon there is a page after the program was started.

use std::time::{Duration, Instant};

use testkit::{DEADLINE, TestSite};

use super::connection::Connection;
use super::percentiles::Times;
use super::served::Served;
use super::sites::Sites;
use super::{Figure, Options, synthetic};

/// Between two looks at a server that does not answer yet.
const PAUSE: Duration = Duration::from_millis(1);

/// What a page without its listings says.
const LOADING: &str = "The catalogue is being loaded";

/// Begins every tile.
const TILES: &str = "id=\"tiles\"";

pub(crate) async fn run(options: &Options) -> Vec<Figure> {
    let mut figures = Vec::new();

    let sites = Sites::publish(options).await;
    let mut served = Served::start(options).await;
    served.add(&sites.urls).await;
    let starts = measure(options, &mut served).await;
    figures.push(Figure::count("registries", sites.urls.len() as f64, ""));
    figures.push(Figure::time("first page", starts.first.median()));
    figures.push(Figure::time("first page with listings", starts.full.median()).at_most(100.0));
    drop(served);

    let registries = synthetic::registries(options);
    let site = TestSite::files(registries.files).await;
    let mut served = Served::start(options).await;
    served.add(&synthetic::urls(&site, registries.count)).await;
    let starts = measure(options, &mut served).await;
    figures.push(Figure::time(
        "first page, 100,000 listings",
        starts.first.median(),
    ));
    figures.push(
        Figure::time(
            "first page with listings, 100,000 listings",
            starts.full.median(),
        )
        .at_most(1_500.0),
    );
    figures.push(Figure::count(
        "starts of these whose first page says that it loads",
        starts.loading as f64,
        "",
    ));
    figures
}

/// What several starts of one server took.
#[derive(Default)]
struct Starts {
    /// Until any page came.
    first: Times,
    /// Until one with listings came.
    full: Times,
    /// Starts whose first page said that the catalogue is being loaded.
    loading: usize,
}

async fn measure(options: &Options, served: &mut Served) -> Starts {
    let mut starts = Starts::default();
    for _ in 0..options.size(7, 1) {
        served.server.process().terminate().await;
        served.server.kill();
        let begin = Instant::now();
        served.server.launch();
        let mut first = None;
        loop {
            assert!(begin.elapsed() < DEADLINE, "no page with listings comes");
            let Some(page) = page(served).await else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let is_full = page.contains(TILES);
            assert!(
                is_full || page.contains(LOADING),
                "a page has no listings and does not say why:\n{page}"
            );
            if first.is_none() {
                starts.loading += usize::from(!is_full);
                first = Some(begin.elapsed());
            }
            if is_full {
                starts.full.add(begin.elapsed());
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        starts.first.add(first.unwrap_or_default());
    }
    starts
}

/// The registry page, once the server answers.
async fn page(served: &Served) -> Option<String> {
    let fields = [("cookie", served.cookie.as_str())];
    let mut connection = Connection::open(&served.address(), &fields).await.ok()?;
    let answer = connection.get("/").await.ok()?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(
        answer.status == 200,
        "the page is a {}:\n{text}",
        answer.status
    );
    Some(text)
}
