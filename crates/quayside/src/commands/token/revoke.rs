use crate::arguments::RevokeArguments;
use crate::commands::open_store;
use crate::{Ending, console};

pub(crate) async fn run(arguments: RevokeArguments) -> anyhow::Result<Ending> {
    let (store, _) = open_store(&arguments.data).await?;
    let name = &arguments.name;
    let ending = if server::revoke_token(&store, name).await? {
        console::note(&format!("the token `{name}` works no more"));
        Ending::Done
    } else {
        console::error(&format!(
            "there is no token `{name}`: `quayside token list` shows those that there are"
        ));
        Ending::Refused
    };
    store.close().await?;
    Ok(ending)
}
