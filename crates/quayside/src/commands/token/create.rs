use secrecy::ExposeSecret as _;

use crate::arguments::TokenArguments;
use crate::commands::open_store;
use crate::{Ending, console};

pub(crate) async fn run(arguments: TokenArguments) -> anyhow::Result<Ending> {
    let (store, _) = open_store(&arguments.data).await?;
    let token = server::create_token(&store, &arguments.name, &arguments.scope).await?;
    console::data(token.expose_secret());
    store.close().await?;
    Ok(Ending::Done)
}
