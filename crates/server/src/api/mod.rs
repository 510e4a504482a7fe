//! `/api/v1`: extract, authorise, call a service, convert.

mod agents;
mod answers;
mod definitions;
mod events;
mod idempotency;
mod listings;
mod openapi;
mod registries;
mod workspaces;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The API and its description. `events` is apart: it has no end, so that timeouts and compression do not touch it.
pub(crate) fn routers(app: &App) -> (Router<App>, Router<App>) {
    let (router, mut document) = described().split_for_parts();
    answers::describe(&mut document);
    // Each layer keeps a copy of every handler, and so of what that holds.
    let document = Arc::new(document);
    let router = router
        .route(
            "/api/v1/openapi.json",
            axum::routing::get(async move || openapi::show(&document)),
        )
        .layer(middleware::from_fn_with_state(
            app.clone(),
            idempotency::remember,
        ));
    (
        router,
        Router::new().route("/api/v1/events", axum::routing::get(events::stream)),
    )
}

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(
            registries::list_registries,
            registries::create_registry
        ))
        .routes(routes!(registries::inspect_registry))
        .routes(routes!(
            registries::find_registry,
            registries::update_registry,
            registries::delete_registry
        ))
        .routes(routes!(registries::refresh_registry))
        .routes(routes!(listings::list_listings))
        .routes(routes!(listings::find_listing))
        .routes(routes!(
            workspaces::list_workspaces,
            workspaces::create_workspace
        ))
        .routes(routes!(
            workspaces::find_workspace,
            workspaces::update_workspace,
            workspaces::delete_workspace
        ))
        .routes(routes!(workspaces::retry_workspace))
        .routes(routes!(definitions::find_definition))
        .routes(routes!(agents::list_agents))
        .routes(routes!(agents::find_agent))
        .routes(routes!(agents::show_space))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_changes_only_on_purpose() {
        let (_, mut document) = described().split_for_parts();
        answers::describe(&mut document);
        insta::assert_snapshot!("openapi", document.to_pretty_json().unwrap());
    }
}
