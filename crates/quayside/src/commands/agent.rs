//! `quayside agent`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use agent::{AgentConfig, HttpConnection};
use anyhow::{Context as _, bail};
use outbound::{Client, ClientConfig, is_loopback_host};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::Ending;
use crate::arguments::{AgentArguments, EngineChoice};
use crate::configuration::{ConfigFile, default_folder};
use crate::signals::Signals;
use crate::{data_folder, engine_choice};

/// A token is some fifty signs long; a file of more holds something else.
const LONGEST_TOKEN: usize = 1_000;

pub(crate) async fn run(arguments: AgentArguments) -> anyhow::Result<Ending> {
    let mut signals = Signals::listen()?;
    let file = ConfigFile::read(arguments.config.as_deref())?;
    let server = arguments
        .server
        .or(file.server)
        .context("give the server's address with `--server`")?;
    let insecure_http = arguments.insecure_http || file.insecure_http.unwrap_or(false);
    check_transport(&server, insecure_http)?;
    let token_file = arguments.token_file.or(file.token_file).context(
        "give a file with a token with `--token-file`; on the server, `quayside token create NAME --scope agent` makes one",
    )?;
    let token = read_token(&token_file)?;
    let folder = match arguments.data.or(file.data) {
        Some(folder) => folder,
        None => default_folder("quayside-agent")?,
    };
    data_folder::create(&folder)?;
    let _lock = data_folder::lock(&folder)?;
    let instance = data_folder::instance(&folder)?;
    let choice = match arguments.engine {
        Some(engine) => engine.into(),
        None => file.engine.unwrap_or(EngineChoice::Auto),
    };
    let Some(detected) = engine_choice::choose(choice, &folder).await? else {
        bail!("an agent needs an engine: `none` is only for `quayside serve`");
    };
    let connection = connect(server, token, token_file, insecure_http)?;
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(agent::run(
        AgentConfig {
            hostname: agent::hostname(),
            instance,
            server: Some(connection.server().to_string()),
        },
        Arc::new(connection),
        detected.engine,
        shutdown.clone(),
    ));
    signals.end(&shutdown).await;
    running.await.context("the agent failed")?;
    tracing::info!("Stopped.");
    Ok(Ending::Done)
}

fn connect(
    server: Url,
    token: SecretString,
    token_file: PathBuf,
    insecure_http: bool,
) -> anyhow::Result<HttpConnection> {
    let client =
        Client::new(ClientConfig::default()).context("failed to set up the HTTP client")?;
    // While the file cannot be read, the token before stays in use.
    let connection =
        HttpConnection::new(client, server, token, move || read_token(&token_file).ok())
            .context("`--server` takes the address that the server prints at its start")?;
    Ok(if insecure_http {
        connection.insecure_http()
    } else {
        connection
    })
}

/// A token is as good as a password.
fn check_transport(server: &Url, insecure_http: bool) -> anyhow::Result<()> {
    let is_here = server.host().is_some_and(|host| is_loopback_host(&host));
    if server.scheme() == "http" && !is_here && !insecure_http {
        bail!(
            "asking {server} without TLS would send the token in the clear: give an https address, or `--insecure-http` on \
             a network that you trust"
        );
    }
    Ok(())
}

fn read_token(path: &Path) -> anyhow::Result<SecretString> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("failed to read the token file `{}`", path.display()))?;
    let token = text.trim();
    let is_token =
        token.len() <= LONGEST_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic());
    if token.is_empty() || !is_token {
        bail!(
            "`{}` holds no token: on the server, `quayside token create NAME --scope agent` prints one",
            path.display()
        );
    }
    Ok(SecretString::from(token.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_does_not_travel_in_the_clear_unless_told() {
        for (server, is_safe) in [
            ("https://harbour.example/", true),
            ("http://127.0.0.1:8080/", true),
            ("http://localhost:8080/", true),
            ("http://harbour.example/", false),
            ("http://10.0.0.5:8080/", false),
        ] {
            let server = Url::parse(server).unwrap();
            assert_eq!(check_transport(&server, false).is_ok(), is_safe, "{server}");
            assert!(check_transport(&server, true).is_ok(), "{server}");
        }
    }
}
