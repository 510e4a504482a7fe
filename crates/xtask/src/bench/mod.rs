mod catalogue;
mod connection;
mod figure;
mod idle;
mod install;
mod memory;
mod percentiles;
mod publish;
mod served;
mod sites;
mod start;
mod synthetic;

use std::path::PathBuf;
use std::pin::Pin;

pub(crate) use figure::{Figure, Report};

/// How benches run.
#[derive(Debug)]
pub(crate) struct Options {
    /// The program measured.
    pub(crate) program: PathBuf,
    /// A folder of other people's registries; without it the example registry stands in for them.
    pub(crate) corpus: Option<PathBuf>,
    /// Whether all is as small as it can be, only to see that there are figures.
    pub(crate) smoke: bool,
}

impl Options {
    /// A size or a count: the first normally, the second in a smoke test.
    pub(crate) fn size<T>(&self, whole: T, smoke: T) -> T {
        if self.smoke { smoke } else { whole }
    }
}

type Running<'a> = Pin<Box<dyn Future<Output = Vec<Figure>> + 'a>>;

/// Something that is measured.
pub(crate) struct Bench {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    run: for<'a> fn(&'a Options) -> Running<'a>,
}

impl Bench {
    /// Measures; fails where something does not work at all. What a smoke test measures has no limit.
    pub(crate) async fn run(&self, options: &Options) -> Vec<Figure> {
        let mut figures = (self.run)(options).await;
        if options.smoke {
            figures.iter_mut().for_each(Figure::forget_limit);
        }
        assert!(!figures.is_empty(), "{} measured nothing", self.name);
        for figure in &figures {
            assert!(
                figure.measured.is_finite() && figure.measured >= 0.0,
                "{} measured {} for `{}`",
                self.name,
                figure.measured,
                figure.what
            );
        }
        figures
    }
}

/// All benches, in the order in which they run.
pub(crate) const BENCHES: [Bench; 5] = [
    Bench {
        name: "publish",
        about: "builds of 71, 1,000 and 10,000 workspaces with icons",
        run: |options| Box::pin(publish::run(options)),
    },
    Bench {
        name: "catalogue",
        about: "100,000 listings under four busy connections",
        run: |options| Box::pin(catalogue::run(options)),
    },
    Bench {
        name: "start",
        about: "from the start of the program to the first page with listings",
        run: |options| Box::pin(start::run(options)),
    },
    Bench {
        name: "idle",
        about: "memory five minutes after registries were added",
        run: |options| Box::pin(idle::run(options)),
    },
    Bench {
        name: "install",
        about: "installs against `docker pull` and `skopeo copy`",
        run: |options| Box::pin(install::run(options)),
    },
];
