use secrecy::ExposeSecret as _;
use server::CreateTokenError;

use crate::arguments::TokenArguments;
use crate::commands::open_store;
use crate::{Ending, console};

pub(crate) async fn run(arguments: TokenArguments) -> anyhow::Result<Ending> {
    let (store, _) = open_store(&arguments.data).await?;
    let name = &arguments.name;
    let created = server::create_token(&store, name, &arguments.scope, arguments.replace).await;
    let ending = match created {
        Ok(token) => {
            console::data(token.expose_secret());
            Ending::Done
        }
        Err(error @ CreateTokenError::NameTaken { .. }) => {
            console::error(&format!(
                "{error}: choose another name, give that one a new secret with `--replace`, or end it with \
                 `quayside token revoke`"
            ));
            Ending::Refused
        }
        Err(error @ CreateTokenError::OwnAgent(_)) => {
            console::error(&format!("{error}: choose another name"));
            Ending::Refused
        }
        Err(CreateTokenError::Store(error)) => return Err(error.into()),
    };
    store.close().await?;
    Ok(ending)
}
