#![doc = include_str!("../README.md")]

mod arguments;
mod commands;
mod configuration;
mod console;
mod data_folder;
mod engine_choice;
mod logging;
mod running_server;
mod signals;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{AdminCommand, Arguments, Command, TokenCommand};

/// How a command ended, for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Done (0).
    Done,
    /// Findings, or a refused request (1).
    Refused,
}

fn main() -> ExitCode {
    outbound::install_crypto_provider();
    let arguments = Arguments::parse();
    logging::start(&arguments.command);
    if arguments.command.stays() {
        heap::keep_small();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(run(arguments.command));
            // A blocking read of a slow disk must not hold up the end.
            runtime.shutdown_timeout(std::time::Duration::from_secs(2));
            result
        }
        Err(error) => Err(error.into()),
    };
    if let Some(error) = console::lost() {
        console::error(&format!("cannot write to stdout: {}", reason(error)));
        // What else went wrong is told below.
        if result.is_ok() {
            return ExitCode::from(2);
        }
    }
    match result {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::Refused) => ExitCode::from(1),
        Err(error) => {
            console::error(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// What the system says, without the number that only programmers look up.
fn reason(error: &std::io::Error) -> String {
    let told = error.to_string();
    let end = told.find(" (os error").unwrap_or(told.len());
    told[..end].to_owned()
}

async fn run(command: Command) -> anyhow::Result<Ending> {
    match command {
        Command::Demo(arguments) => commands::demo::run(arguments).await,
        Command::Serve(arguments) => commands::serve::run(arguments).await,
        Command::Agent(arguments) => commands::agent::run(arguments).await,
        Command::Publish(command) => commands::publish::run(command).await,
        Command::Token(TokenCommand::Create(arguments)) => {
            commands::token::create::run(arguments).await
        }
        Command::Token(TokenCommand::List(arguments)) => {
            commands::token::list::run(arguments).await
        }
        Command::Token(TokenCommand::Revoke(arguments)) => {
            commands::token::revoke::run(arguments).await
        }
        Command::Admin(AdminCommand::Link(arguments)) => {
            commands::admin::link::run(arguments).await
        }
        Command::Admin(AdminCommand::ResetPassword(arguments)) => {
            commands::admin::reset_password::run(arguments).await
        }
    }
}
