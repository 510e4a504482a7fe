use sea_orm::sqlx;
use sea_orm::sqlx::postgres::PgConnection;

use crate::{Store, StoreError};

/// Names our advisory lock on PostgreSQL; any number that nobody else uses.
const SEAT: i64 = 0x7175_6179_656e_6769;

/// The right to be the one server with an engine; it goes with its process, however that ends.
#[derive(Debug)]
pub struct EngineSeat {
    /// PostgreSQL frees the lock when this connection ends.
    _connection: Option<PgConnection>,
}

impl Store {
    /// Takes the seat of the one server with an engine; none if another server on this database has it.
    ///
    /// A database that is not shared has one server only.
    pub async fn take_engine_seat(&self) -> Result<Option<EngineSeat>, StoreError> {
        if !self.is_shared() {
            return Ok(Some(EngineSeat { _connection: None }));
        }
        let pool = self.reader().get_postgres_connection_pool();
        // Detached, so that the pool neither hands it out nor closes it.
        let mut connection = pool
            .acquire()
            .await
            .map_err(|error| failed(&error))?
            .detach();
        let is_taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(SEAT)
            .fetch_one(&mut connection)
            .await
            .map_err(|error| failed(&error))?;
        Ok(is_taken.then_some(EngineSeat {
            _connection: Some(connection),
        }))
    }
}

fn failed(error: &sqlx::Error) -> StoreError {
    StoreError::database(error)
}
