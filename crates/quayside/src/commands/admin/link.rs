use crate::arguments::AdminArguments;
use crate::commands::{open_store, public_url};
use crate::{Ending, console};

pub(crate) async fn run(arguments: AdminArguments) -> anyhow::Result<Ending> {
    let (store, mut settings) = open_store(&arguments.data).await?;
    settings.override_with(arguments.public_url, None);
    let link = server::new_sign_in_link(&store, &public_url(&store, &settings).await?).await?;
    console::data(&link);
    store.close().await?;
    Ok(Ending::Done)
}
