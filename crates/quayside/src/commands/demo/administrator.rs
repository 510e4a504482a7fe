//! What an administrator would do in the browser, done through the API.

use anyhow::{Context as _, bail};
use api::{
    CreateRegistry, InstallRequest, ListingSummary, Paged, Registry, Workspace, WorkspaceState,
};
use engine::host_architecture;

use super::PATIENCE;
use super::client::ApiClient;
use super::steps::{Steps, Told};

/// Adds the registry by its address and waits until its workspaces are shown.
pub(super) async fn add_registry(
    client: &ApiClient,
    site: &str,
    steps: &mut Steps,
) -> anyhow::Result<()> {
    let registry: Registry = steps
        .run("add", async {
            let request = CreateRegistry {
                url: site.to_owned(),
                username: None,
                password: None,
                keep: false,
            };
            let registry: Registry = client.post("api/v1/registries", &request).await?;
            let text = format!(
                "added the registry `{}` to the server by its address: {} workspaces",
                registry.name, registry.listing_count
            );
            Ok((registry, Told::new(text)))
        })
        .await?;
    steps
        .run("icons", async {
            let path = "api/v1/listings?per_page=200&unfit=show";
            let drawn = |listing: &ListingSummary| listing.icon.starts_with("/icons/initials/");
            let page: Paged<ListingSummary> = client
                .wait(path, PATIENCE, |page: &Paged<ListingSummary>| {
                    Ok(!page.items.iter().any(drawn))
                })
                .await?;
            if page.total != registry.listing_count {
                bail!(
                    "{} of {} workspaces are shown",
                    page.total,
                    registry.listing_count
                );
            }
            Ok((
                (),
                Told::new(format!(
                    "{} workspaces stand there with their icons",
                    page.total
                )),
            ))
        })
        .await
}

/// Installs a workspace and waits until it is ready.
pub(super) async fn install(client: &ApiClient, steps: &mut Steps) -> anyhow::Result<()> {
    let page: Paged<ListingSummary> = client
        .get("api/v1/listings?per_page=200&risk=unflagged")
        .await?;
    let fits = |listing: &&ListingSummary| {
        listing
            .architectures
            .iter()
            .any(|named| named == host_architecture())
    };
    let listing = page
        .items
        .iter()
        .find(fits)
        .context("no example workspace fits this host's architecture")?
        .clone();
    let workspace: Workspace = steps
        .run("install", async {
            let request = InstallRequest {
                listing: listing.id,
                changes: None,
                agents: None,
                copy: false,
            };
            let workspace: Workspace = client.post("api/v1/workspaces", &request).await?;
            let text = format!(
                "asked the server to install the workspace `{}` on this host",
                workspace.friendly_name
            );
            Ok((workspace, Told::new(text)))
        })
        .await?;
    steps
        .run("ready", async {
            let path = format!("api/v1/workspaces/{}", workspace.id);
            let mut received = 0;
            let ready: Workspace = client
                .wait(&path, PATIENCE, |workspace: &Workspace| {
                    received = received.max(workspace.bytes_done);
                    if workspace.state == WorkspaceState::Failed {
                        bail!(
                            "it failed: {}",
                            workspace
                                .detail
                                .as_deref()
                                .unwrap_or("for an unknown reason")
                        );
                    }
                    Ok(workspace.state == WorkspaceState::Ready)
                })
                .await?;
            let digest = ready
                .digest
                .as_ref()
                .map_or("no digest", |digest| digest.short());
            let bytes = ready.size_on_disk.unwrap_or(received);
            Ok((
                (),
                Told::new(format!(
                    "`{}` is installed: its image {digest} was pulled and checked",
                    ready.friendly_name
                ))
                .with_bytes(bytes),
            ))
        })
        .await
}

/// Takes all workspaces away again.
pub(super) async fn uninstall_all(client: &ApiClient) -> anyhow::Result<()> {
    let all: Paged<Workspace> = client.get("api/v1/workspaces?per_page=200").await?;
    for workspace in &all.items {
        client
            .delete(&format!("api/v1/workspaces/{}", workspace.id))
            .await?;
    }
    client
        .wait("api/v1/workspaces", PATIENCE, |all: &Paged<Workspace>| {
            Ok(all.total == 0)
        })
        .await?;
    Ok(())
}
