//! The job queue.
//!
//! **Flow.** `enqueue`, then a worker's `claim`, then `finish` or `retry`; `extend` while it takes long.
//! **Guarantees.** At most one job of a kind and key waits, at most one runs. A job whose worker was killed is claimed
//! again when its lease ends. A worker that lost its lease can no longer finish or retry.
//! **Assumptions.** Jobs are idempotent; the servers' clocks agree within a lease.

mod claim;

use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use crate::entity::job::{ActiveModel, Column, Entity, Model};
use crate::text::storable;
use crate::{Store, StoreError};

/// Identifies a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub i64);

/// A job to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// What is to be done.
    pub kind: String,
    /// To what; two jobs of a kind with the same key are the same job.
    pub key: String,
    /// What the job needs to know, JSON.
    pub payload: String,
    /// Not before when.
    pub run_at: i64,
}

/// A job that waits or runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Its identifier.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// To what.
    pub key: String,
    /// What the job needs to know, JSON.
    pub payload: String,
    /// Whether a worker has it.
    pub running: bool,
    /// How often it was begun, this time included.
    pub attempts: i32,
    /// Not before when.
    pub run_at: i64,
    /// Who has it.
    pub worker: Option<String>,
    /// Until when.
    pub lease_until: Option<i64>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was first asked for.
    pub created_at: i64,
}

/// The job queue.
#[derive(Debug, Clone, Copy)]
pub struct Jobs<'a>(pub(crate) &'a Store);

impl Jobs<'_> {
    /// Asks for a job; one that waits already takes the new payload and the earlier time. Says whether it is new.
    pub async fn enqueue(&self, job: NewJob, at: i64) -> Result<bool, StoreError> {
        let transaction = self.0.begin().await?;
        let waiting = waiting_key(&job.kind, &job.key);
        let row = ActiveModel {
            id: ActiveValue::NotSet,
            kind: Set(storable(job.kind)),
            key: Set(storable(job.key)),
            payload: Set(storable(job.payload)),
            waiting_key: Set(Some(waiting.clone())),
            attempts: Set(0),
            run_at: Set(job.run_at),
            worker: Set(None),
            lease_until: Set(None),
            last_error: Set(None),
            created_at: Set(at),
        };
        let (payload, run_at) = (row.payload.clone(), job.run_at);
        let leave = OnConflict::column(Column::WaitingKey)
            .do_nothing()
            .to_owned();
        let inserted = Entity::insert_many([row])
            .on_conflict(leave)
            .exec_without_returning(&transaction)
            .await?;
        if inserted == 0 {
            let earlier = Expr::case(Expr::col(Column::RunAt).gt(run_at), Expr::value(run_at))
                .finally(Expr::col(Column::RunAt));
            Entity::update_many()
                .set(ActiveModel {
                    payload,
                    ..Default::default()
                })
                .col_expr(Column::RunAt, earlier.into())
                .filter(Column::WaitingKey.eq(waiting))
                .exec(&transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(inserted > 0)
    }

    /// Takes jobs that are due, also those whose worker let the lease end, for as long as the lease.
    pub async fn claim(
        &self,
        now: i64,
        worker: &str,
        lease_ms: i64,
        limit: u32,
    ) -> Result<Vec<JobRow>, StoreError> {
        let transaction = self.0.begin().await?;
        let claim = claim::Claim {
            now,
            worker: storable(worker.to_owned()),
            lease_until: now.saturating_add(lease_ms),
            limit,
        };
        let rows = claim::run(&transaction, claim).await?;
        transaction.commit().await?;
        Ok(rows.into_iter().map(JobRow::from).collect())
    }

    /// Ends a job that is done; says whether the caller still had it.
    pub async fn finish(&self, job: &JobRow) -> Result<bool, StoreError> {
        let deleted = Entity::delete_many()
            .filter(still_held(job))
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected > 0)
    }

    /// Puts a job back that failed; says whether the caller still had it.
    ///
    /// If the same job was asked for again meanwhile, that one stays and takes over the count of attempts.
    pub async fn retry(&self, job: &JobRow, run_at: i64, error: &str) -> Result<bool, StoreError> {
        let transaction = self.0.begin().await?;
        let held = Entity::find()
            .filter(still_held(job))
            .lock_exclusive()
            .one(&transaction)
            .await?;
        if held.is_none() {
            return Ok(false);
        }
        let failed = ActiveModel {
            attempts: Set(job.attempts),
            last_error: Set(Some(storable(error.to_owned()))),
            ..Default::default()
        };
        let waiting = waiting_key(&job.kind, &job.key);
        let merged = Entity::update_many()
            .set(failed.clone())
            .filter(Column::WaitingKey.eq(waiting.clone()))
            .exec(&transaction)
            .await?;
        if merged.rows_affected > 0 {
            Entity::delete_by_id(job.id.0).exec(&transaction).await?;
        } else {
            Entity::update_many()
                .set(ActiveModel {
                    waiting_key: Set(Some(waiting)),
                    run_at: Set(run_at),
                    worker: Set(None),
                    lease_until: Set(None),
                    ..failed
                })
                .filter(Column::Id.eq(job.id.0))
                .exec(&transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Keeps a job longer; says whether the caller still had it.
    pub async fn extend(&self, job: &JobRow, lease_until: i64) -> Result<bool, StoreError> {
        let updated = Entity::update_many()
            .col_expr(Column::LeaseUntil, Expr::value(lease_until))
            .filter(still_held(job))
            .exec(self.0.writer())
            .await?;
        Ok(updated.rows_affected > 0)
    }

    /// All jobs, by the time they are due.
    pub async fn list(&self) -> Result<Vec<JobRow>, StoreError> {
        let rows = Entity::find()
            .order_by_asc(Column::RunAt)
            .order_by_asc(Column::Id)
            .all(self.0.reader())
            .await?;
        Ok(rows.into_iter().map(JobRow::from).collect())
    }

    /// The job of this kind and key that waits.
    pub async fn find_waiting(&self, kind: &str, key: &str) -> Result<Option<JobRow>, StoreError> {
        let row = Entity::find()
            .filter(Column::WaitingKey.eq(waiting_key(kind, key)))
            .one(self.0.reader())
            .await?;
        Ok(row.map(JobRow::from))
    }

    /// When the next waiting job is due.
    pub async fn next_run_at(&self) -> Result<Option<i64>, StoreError> {
        let earliest: Option<Option<i64>> = Entity::find()
            .select_only()
            .expr(Func::min(Expr::col(Column::RunAt)))
            .filter(Column::WaitingKey.is_not_null())
            .into_tuple()
            .one(self.0.reader())
            .await?;
        Ok(earliest.flatten())
    }

    /// Forgets the job of this kind and key if it waits; says whether there was one.
    pub async fn cancel(&self, kind: &str, key: &str) -> Result<bool, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::WaitingKey.eq(waiting_key(kind, key)))
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected > 0)
    }
}

impl From<Model> for JobRow {
    fn from(model: Model) -> Self {
        Self {
            id: JobId(model.id),
            kind: model.kind,
            key: model.key,
            payload: model.payload,
            running: model.waiting_key.is_none(),
            attempts: model.attempts,
            run_at: model.run_at,
            worker: model.worker,
            lease_until: model.lease_until,
            last_error: model.last_error,
            created_at: model.created_at,
        }
    }
}

/// Kind and key as one text; a kind has no slash.
fn waiting_key(kind: &str, key: &str) -> String {
    storable(format!("{kind}/{key}"))
}

/// The row, as long as nobody else has claimed it since: each claim counts attempts up.
fn still_held(job: &JobRow) -> Condition {
    Condition::all()
        .add(Column::Id.eq(job.id.0))
        .add(Column::Attempts.eq(job.attempts))
        .add(Column::WaitingKey.is_null())
}
