use std::collections::HashMap;
use std::time::Duration;

use api::EventData;

use crate::app::App;

const EVERY: Duration = Duration::from_secs(5);

/// Tells browsers when an agent becomes late, offline or is heard of again.
pub(super) async fn run(app: App) {
    let mut known = HashMap::new();
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = app.shutdown.cancelled() => return,
        }
        let Ok(agents) = app.store.agents().list().await else {
            continue;
        };
        for agent in agents {
            let contact = app
                .contacts
                .contact(agent.id, agent.contacts, app.clock.monotonic());
            if known
                .insert(agent.id, contact)
                .is_some_and(|before| before != contact)
            {
                app.events.publish(EventData::Agent { agent: agent.id });
            }
        }
    }
}
