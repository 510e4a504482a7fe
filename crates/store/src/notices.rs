use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::revisions::Scope;
use crate::{Store, StoreError};

/// The channel on PostgreSQL.
const CHANNEL: &str = "quayside_revisions";

/// Hears of changes to the database at once, this server's own included.
///
/// It may miss some, as when the connection breaks: the counters are what counts.
#[derive(Debug)]
pub struct Notices(PgListener);

impl Store {
    /// Listens for changes; none on a database that is not shared, where nobody else changes anything.
    pub async fn listen(&self) -> Result<Option<Notices>, StoreError> {
        if !self.is_shared() {
            return Ok(None);
        }
        let pool = self.reader().get_postgres_connection_pool();
        let mut listener = PgListener::connect_with(pool)
            .await
            .map_err(|error| broken(&error))?;
        listener
            .listen(CHANNEL)
            .await
            .map_err(|error| broken(&error))?;
        Ok(Some(Notices(listener)))
    }
}

impl Notices {
    /// Waits for the next change.
    pub async fn next(&mut self) -> Result<(), StoreError> {
        self.0
            .recv()
            .await
            .map(drop)
            .map_err(|error| broken(&error))
    }
}

/// Tells who listens that a counter moved, once the transaction is committed.
pub(crate) async fn notify<C: ConnectionTrait>(
    connection: &C,
    scope: Scope,
) -> Result<(), StoreError> {
    if connection.get_database_backend() == DbBackend::Postgres {
        let values = [CHANNEL.into(), scope.as_str().into()];
        let told = "SELECT pg_notify($1, $2)";
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, told, values);
        connection.execute_raw(statement).await?;
    }
    Ok(())
}

fn broken(error: &sea_orm::sqlx::Error) -> StoreError {
    StoreError::database(error)
}
