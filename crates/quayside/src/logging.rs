use tracing_subscriber::EnvFilter;

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
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(console::has_color());
    if std::env::var("QUAYSIDE_LOG_FORMAT").is_ok_and(|format| format == "json") {
        builder.json().init();
    } else {
        builder.with_target(false).init();
    }
}
