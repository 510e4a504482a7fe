use std::fmt;

use model::{SessionId, UserId};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef, Set};

use crate::entity::session::{ActiveModel, Column, Entity, Model};
use crate::entity::user;
use crate::text::to_sha256;
use crate::{Store, StoreError, UserRow};

/// A browser session.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its identifier.
    pub id: SessionId,
    /// The hash of its cookie.
    pub token_sha256: [u8; 32],
    /// Whose it is.
    pub user_id: UserId,
    /// When it began.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
}

/// The browser sessions.
#[derive(Debug, Clone, Copy)]
pub struct Sessions<'a>(pub(crate) &'a Store);

impl Sessions<'_> {
    /// Begins a session.
    pub async fn insert(&self, session: SessionRow) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(session.id.to_uuid()),
            token_sha256: Set(session.token_sha256.to_vec()),
            user_id: Set(session.user_id.to_uuid()),
            created_at: Set(session.created_at),
            expires_at: Set(session.expires_at),
        };
        Entity::insert(row)
            .exec_without_returning(self.0.writer())
            .await?;
        Ok(())
    }

    /// The session with this cookie and whose it is, unless it has ended.
    pub async fn find(
        &self,
        token_sha256: &[u8; 32],
        now: i64,
    ) -> Result<Option<(SessionRow, UserRow)>, StoreError> {
        let owner: RelationDef = Entity::belongs_to(user::Entity)
            .from(Column::UserId)
            .to(user::Column::Id)
            .into();
        let found = Entity::find()
            .filter(Column::TokenSha256.eq(token_sha256.to_vec()))
            .filter(Column::ExpiresAt.gt(now))
            .join(JoinType::InnerJoin, owner)
            .select_also(user::Entity)
            .one(self.0.reader())
            .await?;
        let Some((session, Some(user))) = found else {
            return Ok(None);
        };
        Ok(Some((session.try_into()?, user.into())))
    }

    /// Ends a session; says whether it was there.
    pub async fn delete(&self, token_sha256: &[u8; 32]) -> Result<bool, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::TokenSha256.eq(token_sha256.to_vec()))
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected > 0)
    }

    /// Ends all sessions of a person; says how many.
    pub async fn delete_for_user(&self, user: UserId) -> Result<u64, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::UserId.eq(user.to_uuid()))
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected)
    }

    /// Forgets sessions that have ended; says how many.
    pub async fn sweep(&self, now: i64) -> Result<u64, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::ExpiresAt.lte(now))
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

impl fmt::Debug for SessionRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SessionRow")
            .field("id", &self.id)
            .field("user_id", &self.user_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl TryFrom<Model> for SessionRow {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: SessionId::from_uuid(model.id),
            token_sha256: to_sha256(model.token_sha256)?,
            user_id: UserId::from_uuid(model.user_id),
            created_at: model.created_at,
            expires_at: model.expires_at,
        })
    }
}
