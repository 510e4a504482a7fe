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
    let store = open_database(&settings.database).await?;
    Ok((store, settings))
}

/// Opens a database, naming it if that fails.
async fn open_database(database: &str) -> anyhow::Result<Store> {
    Store::open(database).await.with_context(|| {
        format!(
            "failed to open the database `{}`",
            without_password(database)
        )
    })
}

/// The address of a database without what nobody should read in a log.
fn without_password(database: &str) -> String {
    if let Some(path) = database.strip_prefix("sqlite:") {
        return path.to_owned();
    }
    match Url::parse(database) {
        Ok(mut url) => {
            // An address that takes no password has none.
            let _ = url.set_password(None);
            url.set_query(None);
            url.into()
        }
        Err(_) => "postgres://…".to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_named_without_its_password() {
        for (database, expected) in [
            ("sqlite:/data/quayside.sqlite", "/data/quayside.sqlite"),
            (
                "postgres://ann:secret@db/quayside?password=x",
                "postgres://ann@db/quayside",
            ),
            ("postgres://[", "postgres://…"),
        ] {
            assert_eq!(without_password(database), expected);
        }
    }
}
