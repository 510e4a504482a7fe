//! `GET /metrics`, in the text form of Prometheus.

use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use http::header;
use prometheus::{IntGauge, IntGaugeVec, Opts, Registry, TextEncoder};

use crate::app::App;
use crate::auth::{Principal, Scope};
use crate::error::{AppError, AppResult};
use crate::middleware::client_address::ClientAddress;
use crate::services::{agents, workspaces};

/// Figures for a monitoring system: for a token of scope `metrics`, and for this machine itself unless a proxy speaks.
pub(crate) async fn show_metrics(
    State(app): State<App>,
    Extension(address): Extension<ClientAddress>,
    Extension(principal): Extension<Principal>,
) -> AppResult<Response> {
    let by_token =
        matches!(&principal, Principal::Token(token) if token.scopes.contains(&Scope::Metrics));
    if !by_token && (address.forwarded || !address.ip.is_loopback()) {
        return Err(match principal {
            Principal::Nobody | Principal::SignedOut => AppError::sign_in_needed(),
            Principal::Token(_) | Principal::Session(_) => {
                AppError::scope_missing(Scope::Metrics.as_str())
            }
        });
    }
    let text = read(&app).await?;
    Ok(([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response())
}

async fn read(app: &App) -> AppResult<String> {
    let registry = Registry::new();
    let gauge = |name: &str, help: &str, value: usize| -> AppResult<()> {
        let gauge = IntGauge::new(name, help).map_err(AppError::internal)?;
        gauge.set(value as i64);
        registry
            .register(Box::new(gauge))
            .map_err(AppError::internal)
    };
    let registries = app.store.registries().list().await?;
    gauge("quayside_registries", "Registries added.", registries.len())?;
    let failing = registries
        .iter()
        .filter(|registry| registry.failure.is_some())
        .count();
    gauge(
        "quayside_registries_failing",
        "Registries whose last refresh failed.",
        failing,
    )?;
    let listings: i64 = registries
        .iter()
        .map(|registry| registry.listing_count)
        .sum();
    gauge(
        "quayside_listings",
        "Listings of all registries.",
        listings.unsigned_abs() as usize,
    )?;
    gauge(
        "quayside_jobs",
        "Jobs waiting or running.",
        app.store.jobs().list().await?.len(),
    )?;

    let by_state = counts(
        &registry,
        "quayside_workspaces",
        "Workspaces by state.",
        "state",
    )?;
    for workspace in workspaces::list(app).await? {
        by_state.with_label_values(&[&name(&workspace.state)]).inc();
    }
    let by_contact = counts(
        &registry,
        "quayside_agents",
        "Agents by contact.",
        "contact",
    )?;
    for agent in agents::list(app).await? {
        by_contact.with_label_values(&[&name(&agent.contact)]).inc();
    }
    TextEncoder::new()
        .encode_to_string(&registry.gather())
        .map_err(AppError::internal)
}

fn counts(registry: &Registry, name: &str, help: &str, label: &str) -> AppResult<IntGaugeVec> {
    let gauges = IntGaugeVec::new(Opts::new(name, help), &[label]).map_err(AppError::internal)?;
    registry
        .register(Box::new(gauges.clone()))
        .map_err(AppError::internal)?;
    Ok(gauges)
}

/// A state's name in the API.
fn name(state: &impl serde::Serialize) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(text)) => text,
        _ => "unknown".to_owned(),
    }
}
