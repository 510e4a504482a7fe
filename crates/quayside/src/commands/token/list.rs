use server::Token;

use crate::arguments::ListArguments;
use crate::commands::open_store;
use crate::{Ending, console};

pub(crate) async fn run(arguments: ListArguments) -> anyhow::Result<Ending> {
    let (store, _) = open_store(&arguments.data).await?;
    let tokens = server::list_tokens(&store).await?;
    store.close().await?;
    if arguments.json {
        console::data(&serde_json::to_string_pretty(&tokens)?);
    } else if tokens.is_empty() {
        console::note(
            "there is no token yet: `quayside token create NAME --scope agent` makes one for an agent",
        );
    } else {
        print(&tokens);
    }
    Ok(Ending::Done)
}

fn print(tokens: &[Token]) {
    let names = tokens.iter().map(|token| token.name.chars().count());
    let width = names.max().unwrap_or_default().max("NAME".len());
    console::data(&format!("{:width$}  CREATED     SCOPES", "NAME"));
    for token in tokens {
        let (name, created) = (&token.name, token.created_at.date());
        let scopes = token.scopes.join(", ");
        console::data(&format!("{name:width$}  {created}  {scopes}"));
    }
}
