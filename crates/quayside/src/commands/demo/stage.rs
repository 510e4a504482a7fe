use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use api::{Agent, AgentContact, Paged};
use engine::Engine;
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
use super::{PATIENCE, administrator, example, example_images, leftovers, probe};
use crate::arguments::{DemoArguments, DemoEngine};
use crate::commands::publish::build::build_site;
use crate::console;
use crate::running_server::{RunningServer, Start};

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
        // What cannot work is said before anything is made.
        let listener = steps
            .prepare("server", async {
                Listener::bind(arguments.listen).with_context(|| {
                    format!(
                        "failed to listen on {}: choose another address with `--listen`, or leave it out for a free port",
                        arguments.listen
                    )
                })
            })
            .await?;
        if arguments.engine == DemoEngine::Docker {
            steps.prepare("engine", probe::docker_answers()).await?;
        }
        let folder = steps
            .run("sweep", async {
                let swept = leftovers::sweep().await?;
                let folder = DemoFolder::create()?;
                let made = format!("made the folder {} for this demo", folder.path().display());
                let text = match swept {
                    0 => made,
                    1 => format!("{made}, and removed what a demo that was killed had left"),
                    _ => {
                        format!("{made}, and removed what {swept} demos that were killed had left")
                    }
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
                let text = format!(
                    "made {} small container images to have something to install",
                    made.len()
                );
                Ok((made, Told::new(text).with_bytes(bytes)))
            })
            .await?;
        self.serve_images(&layout_folder, steps).await?;
        let site = self.publish(&root, steps).await?;
        let engine = self.choose_engine(arguments, &root, &made, steps).await?;
        self.start_server(listener, &root, engine, steps).await?;
        let client = self.client.clone().context("the server runs")?;
        administrator::add_registry(&client, &site, steps).await?;
        administrator::install(&client, steps).await
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
                Ok((
                    (),
                    Told::new(format!(
                        "serves these images at {host}, as a container registry does"
                    )),
                ))
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
                        "built the example registry with `quayside publish`: {workspaces} workspaces"
                    ))
                    .with_bytes(bytes),
                ))
            })
            .await?;
        tokio::spawn(listener.serve(server::site_router(&site), None, self.shutdown.clone()));
        steps
            .run("registry", async {
                Ok((
                    (),
                    Told::new(format!(
                        "serves that registry at {address}, as any web server would"
                    )),
                ))
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
        listener: Listener,
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
                    "started the server at {public_url} with an agent for this host, `{agent}`"
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
        if self.folder.is_none() {
            // Nothing was made.
            return Ok(());
        }
        steps
            .run("clear", async {
                if let Some(client) = &self.client {
                    administrator::uninstall_all(client).await?;
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
                Ok(((), Told::new("removed the folder and all images again")))
            })
            .await
    }
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
