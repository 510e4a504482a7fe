use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbErr, IsolationLevel,
    RuntimeErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::{
    Agents, Brought, Icons, Idempotency, Jobs, Kept, Listings, LoginFailures, LoginLinks,
    Placements, Registries, RevisionCounters, Sessions, Settings, StoreError, Tokens, Users,
    Workspaces, migration,
};

/// How long a writer waits for another process that writes to the same SQLite file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);
/// How long to wait before a file that was locked is tried again.
const LOCKED_PAUSE: Duration = Duration::from_millis(20);
/// Connections that read from the SQLite file, each with a thread and a page cache of its own.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL that one server may hold.
const POSTGRES_CONNECTIONS: u32 = 10;

/// The database, with one repository per aggregate.
#[derive(Debug, Clone)]
pub struct Store {
    connections: Arc<Connections>,
}

#[derive(Debug)]
struct Connections {
    read: DatabaseConnection,
    write: DatabaseConnection,
    shared: bool,
}

impl Store {
    /// Opens `sqlite:PATH` or `postgres://…` and brings its schema up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let connections = if let Some(path) = url.strip_prefix("sqlite:") {
            open_sqlite(path).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url).await?
        } else {
            // Only the scheme is repeated: the rest may hold a password.
            let scheme = url.split(':').next().unwrap_or_default();
            return Err(StoreError::Url(scheme.to_owned()));
        };
        let store = Self {
            connections: Arc::new(connections),
        };
        let transaction = store.begin().await?;
        migration::run(&transaction).await?;
        transaction.commit().await?;
        Ok(store)
    }

    /// Says whether other servers may use the same database (PostgreSQL).
    pub fn is_shared(&self) -> bool {
        self.connections.shared
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.connections.read.ping().await?)
    }

    /// Closes all connections; what was committed is already safe without it.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.connections.read.close_by_ref().await?;
        self.connections.write.close_by_ref().await?;
        Ok(())
    }

    /// The registries.
    pub fn registries(&self) -> Registries<'_> {
        Registries(self)
    }

    /// The listings of all registries.
    pub fn listings(&self) -> Listings<'_> {
        Listings(self)
    }

    /// The icons.
    pub fn icons(&self) -> Icons<'_> {
        Icons(self)
    }

    /// The installed workspaces.
    pub fn workspaces(&self) -> Workspaces<'_> {
        Workspaces(self)
    }

    /// The workspaces' places on agents.
    pub fn placements(&self) -> Placements<'_> {
        Placements(self)
    }

    /// The images that we brought to agents.
    pub fn brought(&self) -> Brought<'_> {
        Brought(self)
    }

    /// The images that stayed on agents when their workspaces went.
    pub fn kept(&self) -> Kept<'_> {
        Kept(self)
    }

    /// The agents.
    pub fn agents(&self) -> Agents<'_> {
        Agents(self)
    }

    /// The API tokens.
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens(self)
    }

    /// The people.
    pub fn users(&self) -> Users<'_> {
        Users(self)
    }

    /// The browser sessions.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// The one-time sign-in link.
    pub fn login_links(&self) -> LoginLinks<'_> {
        LoginLinks(self)
    }

    /// The failed sign-ins.
    pub fn login_failures(&self) -> LoginFailures<'_> {
        LoginFailures(self)
    }

    /// The settings that live in the database.
    pub fn settings(&self) -> Settings<'_> {
        Settings(self)
    }

    /// The counters by which servers notice each other's changes.
    pub fn revisions(&self) -> RevisionCounters<'_> {
        RevisionCounters(self)
    }

    /// The job queue.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }

    /// The answers kept for repeated requests.
    pub fn idempotency(&self) -> Idempotency<'_> {
        Idempotency(self)
    }

    /// The connection for single statements that only read.
    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.connections.read
    }

    /// The connection for single statements that write.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.connections.write
    }

    /// Begins a transaction that will write.
    ///
    /// On SQLite it takes the write lock at once: a transaction that reads first and writes later is refused without
    /// waiting when another process wrote in between.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        begin_whole(&self.connections.write, options).await
    }

    /// Begins a transaction that only reads and sees one state throughout.
    pub(crate) async fn begin_snapshot(&self) -> Result<DatabaseTransaction, StoreError> {
        let isolation_level = self
            .connections
            .shared
            .then_some(IsolationLevel::RepeatableRead);
        let options = TransactionOptions {
            isolation_level,
            ..TransactionOptions::default()
        };
        begin_whole(&self.connections.read, options).await
    }
}

/// Begins a transaction even if the caller is dropped meanwhile, as when a client goes away.
///
/// The driver for PostgreSQL forgets a BEGIN that is dropped before its answer came: the connection would go back to
/// the pool inside a transaction, and what others write through it would never be committed. A task of its own always
/// gets the answer, and rolls back if nobody takes it.
async fn begin_whole(
    connection: &DatabaseConnection,
    options: TransactionOptions,
) -> Result<DatabaseTransaction, StoreError> {
    let connection = connection.clone();
    let begun = tokio::spawn(async move { connection.begin_with_options(options).await });
    let transaction = begun.await.map_err(|error| StoreError::database(&error))?;
    Ok(transaction?)
}

async fn open_sqlite(path: &str) -> Result<Connections, StoreError> {
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.contains(":memory:") {
        // A database in memory would be another one for each connection.
        return Err(StoreError::Url("sqlite:".to_owned()));
    }
    create_private(Path::new(path)).map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })?;
    let sqlite = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        // A large refresh lets the log grow; this gives the space back at the next checkpoint.
        .pragma("journal_size_limit", "16777216");

    let mut write = base_options("sqlite:");
    write
        .max_connections(1)
        .min_connections(1)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_mins(1));
    let writing = sqlite
        .clone()
        .statement_cache_capacity(64)
        .pragma("cache_size", "-2000");
    write.map_sqlx_sqlite_opts(move |_| writing.clone());
    // The writer comes first: it makes the file and turns it to WAL.
    let write = connect_patiently(write).await?;

    let mut read = base_options("sqlite:");
    read.max_connections(SQLITE_READERS)
        .min_connections(1)
        .test_before_acquire(false)
        .idle_timeout(Duration::from_mins(1))
        .acquire_timeout(Duration::from_secs(30));
    let reading = sqlite
        .statement_cache_capacity(64)
        .pragma("cache_size", "-1000")
        .pragma("query_only", "ON");
    read.map_sqlx_sqlite_opts(move |_| reading.clone());
    let read = connect_patiently(read).await?;

    Ok(Connections {
        read,
        write,
        shared: false,
    })
}

/// Connects to a SQLite file that other programs may be opening or closing at the same moment.
///
/// Turning a new file to WAL, and clearing the log away when the last program leaves, lock the file in a way that
/// SQLite does not wait for by itself.
async fn connect_patiently(options: ConnectOptions) -> Result<DatabaseConnection, StoreError> {
    let mut waited = Duration::ZERO;
    loop {
        match Database::connect(options.clone()).await {
            Ok(connection) => return Ok(connection),
            Err(error) if waited < BUSY_TIMEOUT && is_locked(&error) => {
                tokio::time::sleep(LOCKED_PAUSE).await;
                waited += LOCKED_PAUSE;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Says whether SQLite refused because somebody else holds the file (`SQLITE_BUSY` and its variants).
fn is_locked(error: &DbErr) -> bool {
    let DbErr::Conn(RuntimeErr::SqlxError(error)) = error else {
        return false;
    };
    let Some(code) = error.as_database_error().and_then(DatabaseError::code) else {
        return false;
    };
    code.parse::<u32>().is_ok_and(|code| code & 0xff == 5)
}

async fn open_postgres(url: &str) -> Result<Connections, StoreError> {
    let mut options = base_options(url);
    options
        .max_connections(POSTGRES_CONNECTIONS)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .set_application_name("quayside");
    let connection = Database::connect(options).await?;
    Ok(Connections {
        read: connection.clone(),
        write: connection,
        shared: true,
    })
}

fn base_options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false).record_stmt_in_spans(false);
    options
}

/// Makes the file if need be, readable by its owner alone; SQLite gives its side files the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map(drop)
}
