use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::entity::login_link::{ActiveModel, Column, Entity};
use crate::{Store, StoreError};

/// The one-time sign-in link.
#[derive(Debug, Clone, Copy)]
pub struct LoginLinks<'a>(pub(crate) &'a Store);

impl LoginLinks<'_> {
    /// Makes this the only link; older ones are dead.
    pub async fn replace(
        &self,
        secret_sha256: &[u8; 32],
        expires_at: i64,
    ) -> Result<(), StoreError> {
        let transaction = self.0.begin().await?;
        Entity::delete_many().exec(&transaction).await?;
        let row = ActiveModel {
            secret_sha256: Set(secret_sha256.to_vec()),
            expires_at: Set(expires_at),
        };
        Entity::insert(row)
            .exec_without_returning(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Uses up the link; says yes once, and only before it expires.
    pub async fn use_once(&self, secret_sha256: &[u8; 32], now: i64) -> Result<bool, StoreError> {
        let used = Entity::delete_many()
            .filter(Column::SecretSha256.eq(secret_sha256.to_vec()))
            .filter(Column::ExpiresAt.gt(now))
            .exec(self.0.writer())
            .await?;
        Ok(used.rows_affected > 0)
    }
}
