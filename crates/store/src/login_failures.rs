use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use sha2::{Digest as _, Sha256};

use crate::entity::login_failure::{ActiveModel, Column, Entity};
use crate::text::storable;
use crate::{Store, StoreError};

/// The failed sign-ins.
///
/// Of a name only the hash is kept: people type passwords there, and any length of text.
#[derive(Debug, Clone, Copy)]
pub struct LoginFailures<'a>(pub(crate) &'a Store);

impl LoginFailures<'_> {
    /// Notes a failure.
    pub async fn record(&self, name: &str, address: &str, at: i64) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: ActiveValue::NotSet,
            name_sha256: Set(hash(name)),
            address: Set(storable(address.to_owned())),
            failed_at: Set(at),
        };
        Entity::insert(row)
            .exec_without_returning(self.0.writer())
            .await?;
        Ok(())
    }

    /// How often a name failed since then.
    pub async fn count_by_name(&self, name: &str, since: i64) -> Result<u64, StoreError> {
        Ok(Entity::find()
            .filter(Column::NameSha256.eq(hash(name)))
            .filter(Column::FailedAt.gte(since))
            .count(self.0.reader())
            .await?)
    }

    /// How often an address failed since then.
    pub async fn count_by_address(&self, address: &str, since: i64) -> Result<u64, StoreError> {
        Ok(Entity::find()
            .filter(Column::Address.eq(storable(address.to_owned())))
            .filter(Column::FailedAt.gte(since))
            .count(self.0.reader())
            .await?)
    }

    /// Forgets the failures of a name, after it signed in.
    pub async fn clear(&self, name: &str) -> Result<(), StoreError> {
        Entity::delete_many()
            .filter(Column::NameSha256.eq(hash(name)))
            .exec(self.0.writer())
            .await?;
        Ok(())
    }

    /// Forgets failures before then; says how many.
    pub async fn sweep(&self, before: i64) -> Result<u64, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::FailedAt.lt(before))
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

fn hash(name: &str) -> Vec<u8> {
    Sha256::digest(name).to_vec()
}
