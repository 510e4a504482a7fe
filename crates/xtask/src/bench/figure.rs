use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

/// One measured value.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) what: String,
    /// The value.
    pub(crate) measured: f64,
    unit: &'static str,
    limit: Option<f64>,
}

impl Figure {
    /// A time, told in milliseconds.
    pub(crate) fn time(what: &str, measured: Duration) -> Self {
        Self::new(what, measured.as_secs_f64() * 1_000.0, "ms")
    }

    /// Memory, in bytes, told in megabytes.
    pub(crate) fn memory(what: &str, bytes: u64) -> Self {
        Self::new(what, bytes as f64 / 1e6, "MB")
    }

    /// How one time compares with another.
    pub(crate) fn ratio(what: &str, measured: f64) -> Self {
        Self::new(what, measured, "")
    }

    /// Something counted.
    pub(crate) fn count(what: &str, measured: f64, unit: &'static str) -> Self {
        Self::new(what, measured, unit)
    }

    /// The same with the largest value that is well, in the unit it is told in.
    #[must_use]
    pub(crate) fn at_most(mut self, limit: f64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Makes every value well.
    pub(crate) fn forget_limit(&mut self) {
        self.limit = None;
    }

    fn new(what: &str, measured: f64, unit: &'static str) -> Self {
        Self {
            what: what.to_owned(),
            measured,
            unit,
            limit: None,
        }
    }

    fn is_over(&self) -> bool {
        self.limit.is_some_and(|limit| self.measured > limit)
    }

    fn verdict(&self) -> &'static str {
        match self.limit {
            None => "",
            Some(_) if self.is_over() => "over",
            Some(_) => "ok",
        }
    }

    fn amount(&self, value: f64) -> String {
        let digits = if self.unit.is_empty() { 3 } else { 1 };
        format!("{value:.digits$} {}", self.unit)
            .trim_end()
            .to_owned()
    }
}

/// The figures of all benches.
#[derive(Debug, Default)]
pub(crate) struct Report(Vec<(&'static str, Figure)>);

impl Report {
    /// Adds what a bench measured.
    pub(crate) fn add(&mut self, bench: &'static str, figures: Vec<Figure>) {
        self.0
            .extend(figures.into_iter().map(|figure| (bench, figure)));
    }

    /// Whether any figure is over its limit.
    pub(crate) fn is_over(&self) -> bool {
        self.0.iter().any(|(_, figure)| figure.is_over())
    }

    /// A line a figure.
    pub(crate) fn table(&self) -> String {
        let whats = self.0.iter().map(|(_, figure)| figure.what.chars().count());
        let width = whats.max().unwrap_or_default();
        let mut table = format!(
            "{:<10} {:<width$} {:>12} {:>12}\n",
            "bench", "what", "measured", "limit"
        );
        for (bench, figure) in &self.0 {
            let limit = figure.limit.map(|limit| figure.amount(limit));
            let line = format!(
                "{bench:<10} {:<width$} {:>12} {:>12} {}",
                figure.what,
                figure.amount(figure.measured),
                limit.unwrap_or_default(),
                figure.verdict()
            );
            let _ = writeln!(table, "{}", line.trim_end());
        }
        table
    }

    /// An array with an object a figure.
    pub(crate) fn json(&self) -> Value {
        let figures = self.0.iter().map(|(bench, figure)| {
            json!({
                "bench": bench,
                "what": figure.what,
                "measured": figure.measured,
                "unit": figure.unit,
                "limit": figure.limit,
                "ok": !figure.is_over(),
            })
        });
        figures.collect()
    }
}
