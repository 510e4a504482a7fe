use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};

use crate::app::App;
use crate::error::AppError;
use crate::middleware::{client_address, error_pages, forgery, headers, host, identify, log};
use crate::{agent_api, api, health, image_endpoint, metrics, pages};

/// How long a request may take. Adding a registry may take 30 seconds by itself.
const TIMEOUT: Duration = Duration::from_mins(1);

async fn end_in_time(request: Request, next: Next) -> Response {
    tokio::time::timeout(TIMEOUT, next.run(request))
        .await
        .unwrap_or_else(|_| AppError::timed_out().into_response())
}

/// All addresses of the server with the layers around them.
pub fn build_router(app: &App) -> Router {
    let (quick_api, events) = api::routers(app);
    let (quick_agent_api, long_poll) = agent_api::routers();
    let plain = Router::new()
        .route("/healthz", get(health::show_health))
        .route("/metrics", get(metrics::show_metrics));
    let quick = pages::routes::router()
        .merge(quick_api)
        .merge(quick_agent_api)
        .merge(plain);
    // Images are compressed already, and one answer may be as long as a disk.
    let compressible = SizeAbove::new(512)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("application/x-ndjson"));
    let quick = quick
        .layer(
            CompressionLayer::new()
                // A better level takes longer than the rest of a page does, for a tenth fewer bytes.
                .quality(CompressionLevel::Fastest)
                .compress_when(compressible),
        )
        .layer(from_fn(end_in_time));
    let mut router = quick.merge(events).merge(long_poll);
    if let Some(images) = image_endpoint::router(app) {
        router = router.merge(images);
    }
    router
        .fallback(async || AppError::page_not_found())
        .method_not_allowed_fallback(async || AppError::method_not_allowed())
        .layer(from_fn_with_state(app.clone(), forgery::refuse_forged))
        .layer(from_fn_with_state(app.clone(), identify::identify))
        .layer(from_fn_with_state(
            app.clone(),
            client_address::client_address,
        ))
        .layer(from_fn_with_state(app.clone(), host::check_host))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| {
                AppError::internal("a handler panicked").into_response()
            },
        ))
        .layer(from_fn_with_state(app.clone(), error_pages::show_errors))
        .layer(from_fn(headers::set_headers))
        .layer(from_fn(log::log_request))
        .with_state(app.clone())
}
