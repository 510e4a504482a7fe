//! Claiming jobs, written out for each database.
//!
//! On PostgreSQL several servers claim at once and pass over rows that another is about to take. SQLite knows no row
//! locks and needs none: the transaction holds the write lock.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement, Value};

use crate::StoreError;
use crate::entity::job::Model;

/// Who wants how many jobs.
pub(super) struct Claim {
    pub(super) now: i64,
    pub(super) worker: String,
    pub(super) lease_until: i64,
    pub(super) limit: u32,
}

/// A waiting job is left alone while one of the same kind and key runs; one whose lease has ended is the one to take.
const SQLITE: &str = "
    UPDATE jobs
    SET waiting_key = NULL, attempts = attempts + 1, worker = ?1, lease_until = ?2
    WHERE id IN (
        SELECT due.id FROM jobs AS due
        WHERE (due.waiting_key IS NULL AND due.lease_until <= ?3)
           OR (due.waiting_key IS NOT NULL AND due.run_at <= ?3 AND NOT EXISTS (
                SELECT 1 FROM jobs AS running
                WHERE running.kind = due.kind AND running.key = due.key AND running.waiting_key IS NULL))
        ORDER BY due.run_at, due.id
        LIMIT ?4)
    RETURNING *";

const POSTGRES: &str = "
    UPDATE jobs
    SET waiting_key = NULL, attempts = jobs.attempts + 1, worker = $1, lease_until = $2
    FROM (
        SELECT due.id FROM jobs AS due
        WHERE (due.waiting_key IS NULL AND due.lease_until <= $3)
           OR (due.waiting_key IS NOT NULL AND due.run_at <= $3 AND NOT EXISTS (
                SELECT 1 FROM jobs AS running
                WHERE running.kind = due.kind AND running.key = due.key AND running.waiting_key IS NULL))
        ORDER BY due.run_at, due.id
        LIMIT $4
        FOR UPDATE SKIP LOCKED) AS picked
    WHERE jobs.id = picked.id
    RETURNING jobs.*";

/// Takes jobs, in the order they are due.
pub(super) async fn run(
    transaction: &DatabaseTransaction,
    claim: Claim,
) -> Result<Vec<Model>, StoreError> {
    let backend = transaction.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => POSTGRES,
        _ => SQLITE,
    };
    let values: [Value; 4] = [
        claim.worker.into(),
        claim.lease_until.into(),
        claim.now.into(),
        i64::from(claim.limit).into(),
    ];
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let rows = transaction.query_all_raw(statement).await?;
    let mut jobs = rows
        .iter()
        .map(|row| Model::from_query_result(row, ""))
        .collect::<Result<Vec<_>, _>>()?;
    jobs.sort_by_key(|job| (job.run_at, job.id));
    Ok(jobs)
}
