use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use sha2::{Digest as _, Sha256};

use crate::entity::stored_answer::{ActiveModel, Column, Entity, Model};
use crate::text::storable;
use crate::{Store, StoreError};

/// After so long a request without an answer counts as cut off, as by a kill of the server.
const CUT_OFF_MS: i64 = 120_000;

/// Who repeats a request, and under which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyKey<'a> {
    /// Who asks: keys of others are others.
    pub principal: &'a str,
    /// The key as sent.
    pub key: &'a str,
}

/// What is to be done with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reservation {
    /// Do it, then keep the answer.
    New,
    /// It was done; this was the answer.
    Replay(StoredResponse),
    /// The key was used for another request.
    Conflict,
    /// It is being done.
    InFlight,
}

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    /// The status code.
    pub status: u16,
    /// The headers worth keeping, JSON.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

/// The answers kept for repeated requests.
///
/// **Flow.** `reserve` before the work, `complete` with its answer, `release` if it failed in a way worth trying
/// again. **Guarantee.** Of any number of equal requests at once, one is told `New`. **Caveat.** After a kill between
/// work and `complete` the request is done again two minutes later, so the work has to bear that.
#[derive(Debug, Clone, Copy)]
pub struct Idempotency<'a>(pub(crate) &'a Store);

impl Idempotency<'_> {
    /// Says whether a request is to be done.
    pub async fn reserve(
        &self,
        key: IdempotencyKey<'_>,
        request_sha256: &[u8; 32],
        at: i64,
    ) -> Result<Reservation, StoreError> {
        let transaction = self.0.begin().await?;
        let row = ActiveModel {
            key_sha256: Set(hash(key)),
            request_sha256: Set(request_sha256.to_vec()),
            status: Set(None),
            headers: Set(None),
            body: Set(None),
            reserved_at: Set(at),
        };
        let leave = OnConflict::column(Column::KeySha256)
            .do_nothing()
            .to_owned();
        let inserted = Entity::insert_many([row])
            .on_conflict(leave)
            .exec_without_returning(&transaction)
            .await?;
        if inserted > 0 {
            transaction.commit().await?;
            return Ok(Reservation::New);
        }
        let existing = Entity::find_by_id(hash(key))
            .lock_exclusive()
            .one(&transaction)
            .await?;
        let Some(existing) = existing else {
            // Released or swept between the two statements; the client asks again.
            return Ok(Reservation::InFlight);
        };
        if existing.request_sha256 != request_sha256 {
            return Ok(Reservation::Conflict);
        }
        let reserved_at = existing.reserved_at;
        if let Some(response) = to_response(existing) {
            return Ok(Reservation::Replay(response));
        }
        if at - reserved_at < CUT_OFF_MS {
            return Ok(Reservation::InFlight);
        }
        let columns = ActiveModel {
            reserved_at: Set(at),
            ..Default::default()
        };
        Entity::update_many()
            .set(columns)
            .filter(Column::KeySha256.eq(hash(key)))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(Reservation::New)
    }

    /// Keeps the answer.
    pub async fn complete(
        &self,
        key: IdempotencyKey<'_>,
        response: &StoredResponse,
    ) -> Result<(), StoreError> {
        let columns = ActiveModel {
            status: Set(Some(i32::from(response.status))),
            headers: Set(Some(storable(response.headers.clone()))),
            body: Set(Some(response.body.clone())),
            ..Default::default()
        };
        Entity::update_many()
            .set(columns)
            .filter(Column::KeySha256.eq(hash(key)))
            .exec(self.0.writer())
            .await?;
        Ok(())
    }

    /// Lets the request be tried again.
    pub async fn release(&self, key: IdempotencyKey<'_>) -> Result<(), StoreError> {
        Entity::delete_many()
            .filter(Column::KeySha256.eq(hash(key)))
            .filter(Column::Status.is_null())
            .exec(self.0.writer())
            .await?;
        Ok(())
    }

    /// Forgets what was reserved before then; says how many.
    pub async fn sweep(&self, before: i64) -> Result<u64, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::ReservedAt.lt(before))
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

fn to_response(row: Model) -> Option<StoredResponse> {
    Some(StoredResponse {
        status: u16::try_from(row.status?).ok()?,
        headers: row.headers.unwrap_or_default(),
        body: row.body.unwrap_or_default(),
    })
}

/// The length in front keeps apart what would read the same once joined.
fn hash(key: IdempotencyKey<'_>) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update((key.principal.len() as u64).to_be_bytes());
    hash.update(key.principal);
    hash.update(key.key);
    hash.finalize().to_vec()
}
