#![doc = include_str!("../README.md")]

mod agent_api;
mod api;
mod app;
mod auth;
mod clock;
mod config;
mod error;
mod events;
mod extract;
mod health;
mod image_endpoint;
mod jobs;
mod listen;
mod metrics;
mod middleware;
mod pages;
mod paging;
mod preview;
mod router;
mod secrets;
mod services;
mod site;
mod wrong_input;

pub use app::{App, Parts};
pub use auth::{Scope, TokenName, TokenNameError, UnknownScope};
pub use clock::Clock;
pub use config::{ImagesEndpoint, ServerConfig};
pub use image_endpoint::images_router;
pub use listen::{Listener, Tls};
pub use preview::{PreviewProblem, PreviewState, preview_router};
pub use router::build_router;
pub use secrets::{Sealer, new_secret, secret_hash};
pub use services::access::{
    CreateTokenError, Token, create_token, embedded_agent_token, list_tokens, new_sign_in_link,
    prepare_administrator, reset_password, revoke_token,
};
pub use site::site_router;

use tokio_util::task::TaskTracker;

/// Starts what runs beside requests: jobs, the search index, looking after agents. Ends with the app's shutdown token;
/// `tracker` tells when.
pub async fn start(app: &App, tracker: &TaskTracker) -> Result<(), StartError> {
    jobs::resume(app)
        .await
        .map_err(|error| StartError::new(&error))?;
    services::registries::install_first_party(app)
        .await
        .map_err(|error| StartError::new(&error))?;
    services::resolve::resume(app)
        .await
        .map_err(|error| StartError::new(&error))?;
    services::refresh::resume(app)
        .await
        .map_err(|error| StartError::new(&error))?;
    jobs::start(app, tracker);
    Ok(())
}

/// The database could not be read or written at the start.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(String);

impl StartError {
    pub(crate) fn new(error: &error::AppError) -> Self {
        Self(error.log_text())
    }
}
