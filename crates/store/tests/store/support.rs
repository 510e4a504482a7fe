//! Databases and rows for tests.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use model::{AgentId, Digest, ListingId, PlacementId, RegistryId, TokenId, WorkspaceId};
use sea_orm::{ConnectionTrait, Database};
use store::{
    ListingContent, NewListing, NewPlacement, NewRegistry, NewToken, NewWorkspace, Observation,
    RegistryHeader, Store,
};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Runs the function of this name on SQLite and on PostgreSQL.
///
/// The PostgreSQL half is in a module `postgres` of its own, for runs that pass over it by name.
macro_rules! db_test {
    ($scenario:ident) => {
        mod $scenario {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                crate::support::on_sqlite(super::$scenario).await;
            }

            mod postgres {
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn passes() {
                    crate::support::on_postgres(super::super::$scenario).await;
                }
            }
        }
    };
}

/// A time.
pub(crate) const NOW: i64 = 1_764_000_000_000;

pub(crate) async fn on_sqlite<F: Future<Output = ()>>(scenario: impl FnOnce(Store) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.sqlite").display());
    let store = Store::open(&url).await.unwrap();
    scenario(store.clone()).await;
    store.close().await.unwrap();
}

pub(crate) async fn on_postgres<F: Future<Output = ()>>(scenario: impl FnOnce(Store) -> F) {
    let template = template().await;
    let database = TestDatabase::create(Some(template)).await;
    let store = Store::open(&database.url()).await.unwrap();
    scenario(store.clone()).await;
    store.close().await.unwrap();
    database.drop().await;
}

/// A database of one test.
pub(crate) struct TestDatabase {
    name: String,
}

impl TestDatabase {
    pub(crate) async fn create(template: Option<&str>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("store_{}_{number}", std::process::id());
        let template = template.unwrap_or("template0");
        administer(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self { name }
    }

    pub(crate) fn url(&self) -> String {
        url_of(&self.name)
    }

    pub(crate) async fn drop(self) {
        administer(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

/// A database with our schema, made once.
async fn template() -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let database = TestDatabase::create(None).await;
            let store = Store::open(&database.url()).await.unwrap();
            store.close().await.unwrap();
            database.name
        })
        .await
}

async fn administer(sql: &str) {
    let connection = Database::connect(url_of("postgres")).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// The URL of the test cluster, with another database in its path.
fn url_of(database: &str) -> String {
    let base = std::env::var("QUAYSIDE_TEST_POSTGRES").expect(
        "QUAYSIDE_TEST_POSTGRES must be the URL of a superuser of a temporary PostgreSQL cluster; \
         `--skip postgres` leaves out the tests that need it",
    );
    let (address, query) = base
        .split_once('?')
        .map_or((base.as_str(), None), |(address, query)| {
            (address, Some(query))
        });
    let (scheme, rest) = address.split_once("://").expect("a URL has a scheme");
    let authority = rest.split('/').next().unwrap_or_default();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}://{authority}/{database}{query}")
}

pub(crate) fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn registry(number: u128) -> RegistryId {
    RegistryId::from_uuid(uuid(number))
}

pub(crate) fn listing(number: u128) -> ListingId {
    ListingId::from_uuid(uuid(number))
}

pub(crate) fn workspace(number: u128) -> WorkspaceId {
    WorkspaceId::from_uuid(uuid(number))
}

pub(crate) fn placement(number: u128) -> PlacementId {
    PlacementId::from_uuid(uuid(number))
}

pub(crate) fn agent(number: u128) -> AgentId {
    AgentId::from_uuid(uuid(number))
}

pub(crate) fn digest(byte: u8) -> Digest {
    Digest::from_sha256(&[byte; 32])
}

pub(crate) fn new_registry(number: u128) -> NewRegistry {
    NewRegistry {
        id: registry(number),
        url: format!("https://registry-{number}.example/"),
        first_party: false,
        automatic_updates: true,
        username: None,
        sealed_password: None,
        added_at: NOW,
    }
}

pub(crate) fn header(name: &str) -> RegistryHeader {
    RegistryHeader {
        root_after_redirects: None,
        name: Some(name.to_owned()),
        description: None,
        icon_src: None,
        list_url: None,
        contact_url: None,
        modified: None,
        schema: Some("1.1".to_owned()),
        folder: Some("1.1/".to_owned()),
        channels: "[]".to_owned(),
        default_channel: None,
        etag: Some("\"one\"".to_owned()),
        last_modified: None,
        list_sha256: [7; 32],
        from_public: true,
        set_aside: "[]".to_owned(),
        notes: "[]".to_owned(),
        next_attempt_at: None,
    }
}

pub(crate) fn content(name: &str, position: i32) -> ListingContent {
    ListingContent {
        position,
        friendly_name: name.to_owned(),
        name_key: name.to_lowercase(),
        image_repository: Some(format!("docker.io/example/{}", name.to_lowercase())),
        sha: None,
        json: format!("{{ \"friendly_name\" : \"{name}\" }}"),
        json_sha256: [1; 32],
        facts: format!("facts of {name}"),
        image_src: Some(format!("{}.png", name.to_lowercase())),
    }
}

pub(crate) fn new_listing(number: u128, name: &str, position: i32) -> NewListing {
    NewListing {
        id: listing(number),
        content: content(name, position),
    }
}

/// Adds registry 1 with listings 1, 2 and so on.
pub(crate) async fn add_registry(store: &Store, names: &[&str]) {
    let listings = (1_u8..)
        .zip(names)
        .map(|(number, name)| new_listing(number.into(), name, i32::from(number) - 1))
        .collect();
    store
        .registries()
        .insert_with_listings(new_registry(1), header("One"), listings, NOW)
        .await
        .unwrap();
}

/// Adds an agent with a token of the same number.
pub(crate) async fn add_agent(store: &Store, number: u8) -> AgentId {
    let token = NewToken {
        id: TokenId::from_uuid(uuid(number.into())),
        name: format!("token {number}"),
        sha256: [number; 32],
        scopes: "[\"agent\"]".to_owned(),
        embedded: false,
        created_at: NOW,
    };
    let id = token.id;
    store.tokens().insert(token).await.unwrap();
    let (agent, new) = store
        .agents()
        .upsert_by_token(
            id,
            agent(number.into()),
            &format!("agent {number}"),
            false,
            NOW,
        )
        .await
        .unwrap();
    assert!(new);
    agent.id
}

pub(crate) fn observation() -> Observation {
    Observation {
        hostname: Some("dock".to_owned()),
        engine: "docker".to_owned(),
        engine_version: Some("29.0".to_owned()),
        architecture: "amd64".to_owned(),
        disk: None,
        images: "[]".to_owned(),
    }
}

/// A workspace made from nothing, placed on these agents; its placements count up from a hundred times its number.
pub(crate) fn new_workspace(
    number: u128,
    install_key: Option<&str>,
    agents: &[AgentId],
) -> NewWorkspace {
    NewWorkspace {
        id: workspace(number),
        listing_id: None,
        registry_id: None,
        registry_name: "One".to_owned(),
        friendly_name: "Chromium".to_owned(),
        base_json: "{ \"friendly_name\" : \"Chromium\" }".to_owned(),
        changes_json: None,
        effective_json: "{\"friendly_name\":\"Chromium\"}".to_owned(),
        image: "example/chromium:1.17.0".to_owned(),
        version: Some("1.17.x".to_owned()),
        channel: None,
        icon_hash: None,
        agents_rule: "\"all\"".to_owned(),
        install_key: install_key.map(str::to_owned),
        installed_at: NOW,
        placements: (number * 100..)
            .zip(agents)
            .map(|(id, agent)| NewPlacement {
                id: placement(id),
                agent_id: *agent,
            })
            .collect(),
    }
}
