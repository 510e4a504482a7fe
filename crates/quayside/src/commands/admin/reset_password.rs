use crate::arguments::AdminArguments;
use crate::commands::{open_store, public_url};
use crate::{Ending, console};

pub(crate) async fn run(arguments: AdminArguments) -> anyhow::Result<Ending> {
    let (store, settings) = open_store(&arguments.data).await?;
    server::reset_password(&store, &settings.admin_name).await?;
    let link = server::new_sign_in_link(&store, &public_url(&store, &settings).await?).await?;
    console::note(
        "The password is gone and all sessions of that person have ended. Sign in with this link, once, within an hour:",
    );
    console::data(&link);
    store.close().await?;
    Ok(Ending::Done)
}
