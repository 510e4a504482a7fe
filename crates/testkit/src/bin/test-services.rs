//! Runs a command with the services that tests need: `test-services COMMAND ARGUMENT…`.
//!
//! They end with it, and nothing of them or of the tests may be left: that is checked at the end.

use std::process::{Command, ExitCode};

use testkit::{Footprint, TestDocker, TestImageRegistry, TestPostgres};

#[tokio::main]
#[expect(clippy::print_stderr, reason = "it is run by a person or a script")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("give a command to run with services around it");
        return ExitCode::from(2);
    };
    let postgres = TestPostgres::start().await;
    let docker = TestDocker::start().await;
    let images = TestImageRegistry::start().await;
    let footprint = Footprint::new();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("QUAYSIDE_TEST_POSTGRES", postgres.url())
        .env("QUAYSIDE_TEST_DOCKER", docker.socket())
        .env("QUAYSIDE_TEST_IMAGE_REGISTRY", images.address());
    footprint.follow(&mut command);
    let status = match tokio::task::spawn_blocking(move || command.status()).await {
        Ok(Ok(status)) => status,
        failed => {
            eprintln!("the command does not start: {failed:?}");
            return ExitCode::from(2);
        }
    };
    footprint.assert_clean().await;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    ExitCode::from(code.unwrap_or(1))
}
