//! One file a command.

pub(crate) mod admin;
pub(crate) mod agent;
pub(crate) mod demo;
pub(crate) mod publish;
pub(crate) mod serve;
pub(crate) mod token;

use anyhow::{Context as _, bail};
use store::Store;
use url::Url;

use crate::arguments::DataArguments;
use crate::configuration::{ConfigFile, DataSettings};

/// Opens the database of a server that has run before; it may be running now.
async fn open_store(arguments: &DataArguments) -> anyhow::Result<(Store, DataSettings)> {
    let file = ConfigFile::read(arguments.config.as_deref())?;
    let settings = DataSettings::new(arguments, &file)?;
    if let Some(path) = settings.database.strip_prefix("sqlite:")
        && !std::path::Path::new(path).exists()
    {
        bail!(
            "there is no server's database at `{path}`: start `quayside serve` first, or name its folder with `--data`"
        );
    }
    let store = Store::open(&settings.database)
        .await
        .context("failed to open the database")?;
    Ok((store, settings))
}

/// The address that people type: what was told here, or the default of `serve`.
fn public_url(settings: &DataSettings) -> anyhow::Result<Url> {
    match &settings.public_url {
        Some(url) => Ok(url.clone()),
        None => Url::parse("http://127.0.0.1:8080/").context("the default address is valid"),
    }
}
