//! `quayside serve`.

use anyhow::Context as _;
use secrecy::SecretString;
use server::{ImagesEndpoint, Listener, ServerConfig, Tls};
use tokio_util::sync::CancellationToken;

use super::PUBLIC_URL;
use crate::Ending;
use crate::arguments::{EngineChoice, ServeArguments, ServeImages};
use crate::commands::open_database;
use crate::configuration::ServeSettings;
use crate::engine_choice::{self, STORE_FOLDER};
use crate::running_server::{RunningServer, Start};
use crate::signals::Signals;
use crate::{console, data_folder};

pub(crate) async fn run(arguments: ServeArguments) -> anyhow::Result<Ending> {
    let mut signals = Signals::listen()?;
    let settings = ServeSettings::new(arguments)?;
    let folder = &settings.data.folder;
    data_folder::create(folder)?;
    let uses_folder =
        settings.data.database.starts_with("sqlite:") || settings.engine != EngineChoice::None;
    let _lock = if uses_folder {
        Some(data_folder::lock(folder)?)
    } else {
        None
    };
    let password = settings
        .admin_password_file
        .as_deref()
        .map(read_password)
        .transpose()?;
    let listener = Listener::bind(settings.listen).with_context(|| {
        format!(
            "failed to listen on {}: choose another address with `--listen`",
            settings.listen
        )
    })?;
    let public_url = settings.public_url(listener.address())?;
    let store = open_database(&settings.data.database).await?;
    let _seat = if settings.engine == EngineChoice::None {
        None
    } else {
        let seat = store
            .take_engine_seat()
            .await
            .context("failed to ask who else uses the database")?;
        Some(seat.context(
            "another server on this database has an engine: start this one with `--engine none`",
        )?)
    };
    let config = ServerConfig {
        public_url: public_url.clone(),
        trusted_proxies: settings.trusted_proxies,
        first_party: settings.first_party,
        allow_private_networks: settings.allow_private_networks,
        admin_name: settings.data.admin_name,
        secret_key: data_folder::secret_key(&settings.secret_key_file)?,
        images: settings.serve_images.map(|who| ImagesEndpoint {
            layout: folder.join(STORE_FOLDER),
            anonymous: who == ServeImages::Anonymous,
        }),
    };
    let engine = engine_choice::choose(settings.engine, folder)
        .await?
        .map(|detected| detected.engine);
    let tls = settings
        .tls
        .map(|(certificate, key)| Tls { certificate, key });
    let shutdown = CancellationToken::new();
    let start = Start {
        config,
        store: store.clone(),
        listener,
        tls,
        engine,
        shutdown: shutdown.clone(),
    };
    let running = RunningServer::start(start).await?;
    store
        .settings()
        .set(PUBLIC_URL, public_url.as_str())
        .await
        .context("failed to leave the server's address for other commands")?;
    console::data(&format!("Quayside answers at {public_url}"));
    if server::prepare_administrator(&running.app, password).await? {
        let link = server::new_sign_in_link(&store, &public_url).await?;
        console::data(&format!(
            "Sign in with this link, once, within an hour: {link}"
        ));
    }
    signals.end(&shutdown).await;
    tracing::info!("Stopping.");
    tokio::select! {
        () = running.ended() => tracing::info!("Stopped."),
        // What is cut off is taken up at the next start.
        () = signals.insist() => tracing::warn!("Stopped at once; what was under way is taken up at the next start."),
    }
    Ok(Ending::Done)
}

fn read_password(path: &std::path::Path) -> anyhow::Result<SecretString> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("failed to read `{}`", path.display()))?;
    Ok(SecretString::from(
        text.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}
