//! `quayside agent`.

use std::sync::Arc;

use agent::{AgentConfig, HttpConnection};
use anyhow::{Context as _, bail};
use outbound::{Client, ClientConfig};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use crate::Ending;
use crate::arguments::{AgentArguments, EngineChoice};
use crate::configuration::{ConfigFile, default_folder};
use crate::signals::Signals;
use crate::{data_folder, engine_choice};

pub(crate) async fn run(arguments: AgentArguments) -> anyhow::Result<Ending> {
    let mut signals = Signals::listen()?;
    let file = ConfigFile::read(arguments.config.as_deref())?;
    let server = arguments
        .server
        .or(file.server)
        .context("give the server's address with `--server`")?;
    let token_file = arguments.token_file.or(file.token_file).context(
        "give a file with a token with `--token-file`; on the server, `quayside token create NAME --scope agent` makes one",
    )?;
    let token = std::fs::read_to_string(&token_file)
        .with_context(|| format!("failed to read `{}`", token_file.display()))?;
    let token = SecretString::from(token.trim().to_owned());
    let folder = match arguments.data.or(file.data) {
        Some(folder) => folder,
        None => default_folder("quayside-agent")?,
    };
    data_folder::create(&folder)?;
    let _lock = data_folder::lock(&folder)?;
    let choice = arguments
        .engine
        .or(file.engine)
        .unwrap_or(EngineChoice::Auto);
    let Some(detected) = engine_choice::choose(choice, &folder).await? else {
        bail!("an agent needs an engine: `--engine none` is only for `quayside serve`");
    };
    let client =
        Client::new(ClientConfig::default()).context("failed to set up the HTTP client")?;
    let connection = HttpConnection::new(client, server, token)?;
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(agent::run(
        AgentConfig {
            hostname: agent::hostname(),
        },
        Arc::new(connection),
        detected.engine,
        shutdown.clone(),
    ));
    signals.end(&shutdown).await;
    running.await.context("the agent failed")?;
    Ok(Ending::Done)
}
