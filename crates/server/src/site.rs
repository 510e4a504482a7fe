//! Serves a published registry from a folder, as any web server would: for the demo and for trying a build out.

use std::path::Path;

use axum::Router;
use http::{HeaderValue, header};
use tower::ServiceBuilder;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// The files of a site. Consumers in browsers need `Access-Control-Allow-Origin` (registry format, section 4).
pub fn site_router(folder: &Path) -> Router {
    let headers = ServiceBuilder::new().layer(SetResponseHeaderLayer::if_not_present(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    ));
    Router::new().fallback_service(headers.service(ServeDir::new(folder)))
}
