use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use api::{
    Agent, AgentContact, CreateRegistry, InstallRequest, ListingSummary, Paged, Registry,
    Workspace, WorkspaceState,
};
use engine::{Engine, host_architecture};
use images::Layout;
use secrecy::SecretBox;
use server::{Listener, Scope, ServerConfig};
use store::Store;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::client::ApiClient;
use super::example_images::MadeImage;
use super::leftovers::DemoFolder;
use super::probe::Chosen;
use super::steps::{Steps, Told};
use super::{example, example_images, leftovers, probe};
use crate::arguments::DemoArguments;
use crate::commands::publish::build::build_site;
use crate::console;
use crate::running_server::{RunningServer, Start};

/// The longest a step may take before the demo gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// All that the demo set up, in the order it is taken down again.
#[derive(Default)]
pub(super) struct Stage {
    client: Option<ApiClient>,
    server: Option<RunningServer>,
    store: Option<Store>,
    public_url: Option<Url>,
    docker: Option<Chosen>,
    image_host: String,
    shutdown: CancellationToken,
    folder: Option<DemoFolder>,
}

impl Stage {
    /// All steps up to a workspace that is ready.
    pub(super) async fn play(
        &mut self,
        arguments: &DemoArguments,
        steps: &mut Steps,
    ) -> anyhow::Result<()> {
        let folder = steps
            .run("sweep", async {
                let swept = leftovers::sweep().await?;
                let folder = DemoFolder::create()?;
                let text = if swept == 0 {
                    "an empty folder".to_owned()
                } else {
                    format!("removed what {swept} killed demos left")
                };
                Ok((folder, Told::new(text)))
            })
            .await?;
        let root = folder.path().to_owned();
        self.folder = Some(folder);

        let layout_folder = root.join("image-server");
        let made = steps
            .run("images", async {
                let folder = layout_folder.clone();
                let made = tokio::task::spawn_blocking(move || {
                    example_images::make(&Layout::open(&folder)?, &example::images()?)
                })
                .await??;
                let bytes = size_of(&layout_folder)?;
                let text = format!("{} example images, with layers that they share", made.len());
                Ok((made, Told::new(text).with_bytes(bytes)))
            })
            .await?;
        self.serve_images(&layout_folder, steps).await?;
        let site = self.publish(&root, steps).await?;
        let engine = self.choose_engine(arguments, &root, &made, steps).await?;
        self.start_server(arguments, &root, engine, steps).await?;
        let client = self.client.clone().context("the server runs")?;
        add_registry(&client, &site, steps).await?;
        install(&client, steps).await
    }

    async fn serve_images(&mut self, layout: &Path, steps: &mut Steps) -> anyhow::Result<()> {
        let listener = Listener::bind(([127, 0, 0, 1], 0).into())?;
        let host = listener.address().to_string();
        self.image_host.clone_from(&host);
        if let Some(folder) = &self.folder {
            folder.note_image_host(&host)?;
        }
        let router = server::images_router(images::LayoutReader::open(layout));
        tokio::spawn(listener.serve(router, None, self.shutdown.clone()));
        steps
            .run("image-server", async {
                Ok(((), Told::new(format!("the images are served at {host}"))))
            })
            .await
    }

    async fn publish(&mut self, root: &Path, steps: &mut Steps) -> anyhow::Result<String> {
        let listener = Listener::bind(([127, 0, 0, 1], 0).into())?;
        let address = format!("http://{}/", listener.address());
        let (source, site) = (root.join("registry"), root.join("site"));
        steps
            .run("publish", async {
                example::write(&source, &self.image_host, &address)?;
                let (mut workspaces, mut bytes) = (0, 0);
                for schema in ["1.0", "1.1"] {
                    let built = build_site(&source.join(schema), &site)?;
                    if built.built.left_out > 0 {
                        bail!("{} example workspaces were left out", built.built.left_out);
                    }
                    workspaces += built.built.workspaces;
                    bytes += built.written.bytes;
                }
                Ok((
                    (),
                    Told::new(format!(
                        "the example registry, {workspaces} workspaces in schemas 1.0 and 1.1"
                    ))
                    .with_bytes(bytes),
                ))
            })
            .await?;
        tokio::spawn(listener.serve(server::site_router(&site), None, self.shutdown.clone()));
        steps
            .run("registry", async {
                Ok(((), Told::new(format!("it is served at {address}"))))
            })
            .await?;
        Ok(address)
    }

    async fn choose_engine(
        &mut self,
        arguments: &DemoArguments,
        root: &Path,
        made: &[MadeImage],
        steps: &mut Steps,
    ) -> anyhow::Result<Arc<dyn Engine>> {
        let smallest = made
            .iter()
            .min_by_key(|image| image.bytes)
            .context("there is no example image")?;
        let chosen = steps
            .run("engine", async {
                let chosen = probe::choose(
                    arguments.engine,
                    &root.join("data"),
                    &self.image_host,
                    smallest,
                )
                .await?;
                let text = chosen.reason.clone();
                Ok((chosen, Told::new(text)))
            })
            .await?;
        let engine = chosen.engine.clone();
        self.docker = chosen.is_docker.then_some(chosen);
        Ok(engine)
    }

    async fn start_server(
        &mut self,
        arguments: &DemoArguments,
        root: &Path,
        engine: Arc<dyn Engine>,
        steps: &mut Steps,
    ) -> anyhow::Result<()> {
        let data = root.join("data");
        let shutdown = self.shutdown.clone();
        let (running, store, public_url, client) = steps
            .run("server", async {
                crate::data_folder::create(&data)?;
                let store = Store::open(&format!(
                    "sqlite:{}",
                    data.join("quayside.sqlite").display()
                ))
                .await?;
                let listener = Listener::bind(arguments.listen)
                    .with_context(|| format!("failed to listen on {}", arguments.listen))?;
                let public_url = Url::parse(&format!("http://{}/", listener.address()))?;
                let mut key = [0; 32];
                getrandom::fill(&mut key).context("the system has no random source")?;
                let config = ServerConfig {
                    public_url: public_url.clone(),
                    trusted_proxies: Vec::new(),
                    first_party: None,
                    allow_private_networks: false,
                    admin_name: "admin".to_owned(),
                    secret_key: SecretBox::new(Box::new(key)),
                    images: None,
                };
                let start = Start {
                    config,
                    store: store.clone(),
                    listener,
                    tls: None,
                    engine: Some(engine),
                    shutdown,
                };
                let running = RunningServer::start(start).await?;
                let token =
                    server::create_token(&store, &"demo".parse()?, &[Scope::Write], false).await?;
                let client = ApiClient::new(public_url.clone(), token)?;
                let agents: Paged<Agent> = client
                    .wait("api/v1/agents", PATIENCE, |agents: &Paged<Agent>| {
                        Ok(agents.items.iter().any(|agent| {
                            agent.contact == AgentContact::Online && !agent.architecture.is_empty()
                        }))
                    })
                    .await?;
                let agent = agents
                    .items
                    .first()
                    .map(|agent| agent.name.clone())
                    .unwrap_or_default();
                let told = Told::new(format!(
                    "the server answers at {public_url}, its agent is `{agent}`"
                ));
                Ok(((running, store, public_url, client), told))
            })
            .await?;
        self.server = Some(running);
        self.store = Some(store);
        self.public_url = Some(public_url);
        self.client = Some(client);
        Ok(())
    }

    /// Prints the address and a sign-in link.
    pub(super) async fn show(&self, steps: &Steps) -> anyhow::Result<()> {
        let (Some(server), Some(store), Some(url)) = (&self.server, &self.store, &self.public_url)
        else {
            bail!("the server does not run");
        };
        server::prepare_administrator(&server.app, None).await?;
        let link = server::new_sign_in_link(store, url).await?;
        if steps.is_json() {
            console::data(&serde_json::json!({ "address": url, "sign_in": link }).to_string());
        } else {
            console::data(&format!(
                "\nQuayside answers at {url}\nSign in with this link, once, within an hour: {link}\nCtrl-C ends the demo and removes everything."
            ));
        }
        Ok(())
    }

    /// Takes everything down again.
    pub(super) async fn clear(mut self, steps: &mut Steps) -> anyhow::Result<()> {
        steps
            .run("clear", async {
                if let Some(client) = &self.client {
                    uninstall_all(client).await?;
                }
                self.shutdown.cancel();
                if let Some(server) = self.server.take() {
                    server.ended().await;
                }
                if let Some(docker) = &self.docker {
                    leftovers::remove_images(docker.engine.as_ref(), &self.image_host).await?;
                }
                if let Some(folder) = self.folder.take() {
                    folder.remove()?;
                }
                Ok(((), Told::new("data folder and images are gone")))
            })
            .await
    }
}

async fn add_registry(client: &ApiClient, site: &str, steps: &mut Steps) -> anyhow::Result<()> {
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
                "`{}` added by its address, {} workspaces",
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

async fn install(client: &ApiClient, steps: &mut Steps) -> anyhow::Result<()> {
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
                "`{}` asked for, {} agent",
                workspace.friendly_name, workspace.chosen
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
                    "`{}` is on this host, pinned to {digest}",
                    ready.friendly_name
                ))
                .with_bytes(bytes),
            ))
        })
        .await
}

async fn uninstall_all(client: &ApiClient) -> anyhow::Result<()> {
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

/// Bytes of all files below a folder.
fn size_of(folder: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        bytes += if meta.is_dir() {
            size_of(&entry.path())?
        } else {
            meta.len()
        };
    }
    Ok(bytes)
}
