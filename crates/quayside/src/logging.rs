use std::fmt;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::registry::LookupSpan;

use crate::arguments::Command;
use crate::console;

/// Sends log lines to stderr: `QUAYSIDE_LOG` chooses them, as `warn` or `server=debug`; `QUAYSIDE_LOG_FORMAT=json`
/// makes them JSON. Long-running commands tell more by default than those that a person waits for.
pub(crate) fn start(command: &Command) {
    let default = match command {
        // What the database's drivers do at every start is no news.
        Command::Serve(_) | Command::Agent(_) => "info,sqlx=warn,sea_orm_migration=warn",
        _ => "error",
    };
    let filter =
        EnvFilter::try_from_env("QUAYSIDE_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    if std::env::var("QUAYSIDE_LOG_FORMAT").is_ok_and(|format| format == "json") {
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .json()
            .init();
    } else {
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(console::has_color())
            .event_format(ForPeople)
            .init();
    }
}

/// A line with the time, the level, the message, and what the message does not say already: fields with a dot in their
/// name repeat a part of it for programs.
struct ForPeople;

impl<S, N> FormatEvent<S, N> for ForPeople
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let level = *event.metadata().level();
        let (begin, end) = match (writer.has_ansi_escapes(), level) {
            (false, _) => ("", ""),
            (true, Level::ERROR) => ("\x1b[31m", "\x1b[0m"),
            (true, Level::WARN) => ("\x1b[33m", "\x1b[0m"),
            (true, _) => ("\x1b[2m", "\x1b[0m"),
        };
        SystemTime.format_time(&mut writer)?;
        write!(writer, " {begin}{level:>5}{end} ")?;
        let mut line = Line::default();
        event.record(&mut line);
        writeln!(writer, "{}{}", line.message, line.fields)
    }
}

#[derive(Debug, Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        use fmt::Write as _;
        // Writing to a text does not fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            // Lines of the log stay lines, whatever an error quotes.
            "error" => write!(
                self.fields,
                " ({})",
                console::visible(&format!("{value:?}"))
            ),
            name if name.contains('.') => Ok(()),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // As a text is quoted otherwise.
        match field.name() {
            "message" | "error" => self.record_debug(field, &format_args!("{value}")),
            _ => self.record_debug(field, &value),
        }
    }
}
