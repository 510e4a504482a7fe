//! The schema, as a list of migrations that only ever grows.

mod initial;

use sea_orm::{DatabaseTransaction, DbBackend, Statement};
use sea_orm_migration::prelude::*;

use crate::StoreError;

/// Names our advisory lock on PostgreSQL; any number that nobody else uses.
const MIGRATION_LOCK: i64 = 0x7175_6179_7369_6465;

/// Brings the schema up to date, all or nothing, one server at a time.
pub(crate) async fn run(transaction: &DatabaseTransaction) -> Result<(), StoreError> {
    // SQLite holds its write lock already.
    if transaction.get_database_backend() == DbBackend::Postgres {
        let lock = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock($1)",
            [MIGRATION_LOCK.into()],
        );
        transaction.execute_raw(lock).await?;
    }
    Migrator::up(transaction, None).await?;
    Ok(())
}

struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(initial::Migration)]
    }
}
