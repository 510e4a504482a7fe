use crate::arguments::ResetPasswordArguments;
use crate::commands::{open_store, public_url};
use crate::{Ending, console};

pub(crate) async fn run(arguments: ResetPasswordArguments) -> anyhow::Result<Ending> {
    let link = arguments.link;
    let (store, mut settings) = open_store(&link.data).await?;
    settings.override_with(link.public_url, arguments.admin_name);
    let name = &settings.admin_name;
    if !server::reset_password(&store, name).await? {
        console::error(&format!(
            "there is no administrator `{name}`: give the name that `serve` was started with as `--admin-name`"
        ));
        store.close().await?;
        return Ok(Ending::Refused);
    }
    let link = server::new_sign_in_link(&store, &public_url(&store, &settings).await?).await?;
    console::note(
        "The password is gone and all sessions of that person have ended. Sign in with this link, once, within an hour:",
    );
    console::data(&link);
    store.close().await?;
    Ok(Ending::Done)
}
