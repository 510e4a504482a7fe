//! Addresses of pages, fragments and the files they use.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header;

use super::{
    agents, assets, edit, help, listing, password, registries, registry, sign_in, workspaces,
};
use crate::app::App;
use crate::error::{AppError, AppResult};

const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(
            "/sign-in",
            get(sign_in::handlers::show_sign_in).post(sign_in::handlers::sign_in),
        )
        .route(
            "/sign-in/link",
            get(sign_in::handlers::show_link).post(sign_in::handlers::use_link),
        )
        .route("/sign-out", post(sign_in::handlers::sign_out))
        .route("/theme", post(sign_in::handlers::set_theme))
        .route(
            "/password",
            get(password::handlers::show_first_password)
                .post(password::handlers::set_first_password),
        )
        .route("/password/skip", post(password::handlers::skip))
        .route("/", get(registry::handlers::show_page))
        .route(
            "/registries",
            get(registries::handlers::show_all).post(registries::handlers::add),
        )
        .route("/registries/new", get(registries::handlers::show_add))
        .route("/registries/check", post(registries::handlers::check))
        .route(
            "/registries/refresh",
            post(registries::handlers::refresh_all),
        )
        .route("/registries/{id}", get(registries::handlers::show_one))
        .route(
            "/registries/{id}/refresh",
            post(registries::handlers::refresh),
        )
        .route(
            "/registries/{id}/automatic-updates",
            post(registries::handlers::set_automatic_updates),
        )
        .route(
            "/registries/{id}/credentials",
            post(registries::handlers::set_credentials),
        )
        .route(
            "/registries/{id}/remove",
            get(registries::handlers::show_remove).post(registries::handlers::remove),
        )
        .route("/listings/{id}", get(listing::handlers::show_listing))
        .route("/listings/{id}/review", get(listing::handlers::show_review))
        .route("/listings/{id}/install", post(listing::handlers::install))
        .route(
            "/listings/{id}/edit",
            get(edit::handlers::show_listing).post(edit::handlers::install_edited),
        )
        .route("/workspaces", get(workspaces::handlers::show_all))
        .route(
            "/workspaces/{id}/edit",
            get(edit::handlers::show_workspace).post(edit::handlers::update_workspace),
        )
        .route(
            "/workspaces/{id}/definition",
            get(workspaces::handlers::show_definition),
        )
        .route("/workspaces/{id}/retry", post(workspaces::handlers::retry))
        .route(
            "/workspaces/{id}/uninstall",
            get(workspaces::handlers::show_uninstall).post(workspaces::handlers::uninstall),
        )
        .route(
            "/workspaces/{id}/forget",
            get(workspaces::handlers::show_forget).post(workspaces::handlers::forget),
        )
        .route("/agents", get(agents::handlers::show_all))
        .route("/help/warnings", get(help::handlers::show_warnings))
        .route(
            "/fragments/listings",
            get(registry::handlers::show_listings),
        )
        .route(
            "/fragments/registries",
            get(registry::handlers::show_registries),
        )
        .route("/fragments/space", get(registry::handlers::show_space))
        .route("/fragments/tile/{id}", get(registry::handlers::show_tile))
        .route(
            "/fragments/workspace/{id}",
            get(workspaces::handlers::show_one),
        )
        .route("/fragments/agents", get(agents::handlers::show_cards))
        .route("/fragments/findings", post(edit::handlers::show_findings))
        .route("/assets/{revision}/{name}", get(show_asset))
        .route("/favicon.ico", get(show_favicon))
        .route("/icons/{hash}", get(show_icon))
        .route("/icons/initials/{letters}", get(show_initials))
}

async fn show_asset(Path((revision, name)): Path<(String, String)>) -> AppResult<Response> {
    let asset = assets::find(&revision, &name).ok_or_else(AppError::page_not_found)?;
    Ok((
        [
            (header::CONTENT_TYPE, asset.media_type),
            (header::CACHE_CONTROL, FOR_EVER),
        ],
        asset.bytes,
    )
        .into_response())
}

async fn show_favicon() -> Response {
    let asset = assets::favicon();
    (
        [
            (header::CONTENT_TYPE, asset.media_type),
            (header::CACHE_CONTROL, "public, max-age=86400"),
        ],
        asset.bytes,
    )
        .into_response()
}

/// Icons come from strangers: even opened by themselves they may load and run nothing.
const ICON_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

async fn show_icon(State(app): State<App>, Path(hash): Path<String>) -> AppResult<Response> {
    let icon = app
        .store
        .icons()
        .find(&hash)
        .await?
        .ok_or_else(AppError::page_not_found)?;
    Ok(icon_answer(&icon.media_type, icon.bytes))
}

async fn show_initials(Path(letters): Path<String>) -> Response {
    icon_answer("image/svg+xml", ui::initials(&letters).into_bytes())
}

fn icon_answer(media_type: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::CONTENT_SECURITY_POLICY, ICON_POLICY),
    ];
    (headers, bytes).into_response()
}
