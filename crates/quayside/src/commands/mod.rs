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

/// Where a server leaves the address that it answers at, for commands beside it.
const PUBLIC_URL: &str = "public_url";

/// The address that people type: what was told here, what the server on this database answers at, or answered at last,
/// or the default of `serve`.
async fn public_url(store: &Store, settings: &DataSettings) -> anyhow::Result<Url> {
    if let Some(url) = &settings.public_url {
        return Ok(url.clone());
    }
    let left = store.settings().get(PUBLIC_URL).await?;
    let url = left.as_deref().unwrap_or("http://127.0.0.1:8080/");
    Url::parse(url).context("the address that the server left is none")
}
