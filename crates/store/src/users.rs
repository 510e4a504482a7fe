use model::UserId;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};

use crate::entity::user::{ActiveModel, Column, Entity, Model};
use crate::text::storable;
use crate::{Store, StoreError};

/// A person.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRow {
    /// Their identifier.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// The hash of their password, once they have one.
    pub password_hash: Option<String>,
    /// When they were added.
    pub created_at: i64,
}

/// The people.
#[derive(Debug, Clone, Copy)]
pub struct Users<'a>(pub(crate) &'a Store);

impl Users<'_> {
    /// The administrator of this name, added now without a password if there is none.
    pub async fn ensure_admin(
        &self,
        id: UserId,
        name: &str,
        at: i64,
    ) -> Result<UserRow, StoreError> {
        let row = ActiveModel {
            id: Set(id.to_uuid()),
            name: Set(storable(name.to_owned())),
            password_hash: Set(None),
            created_at: Set(at),
        };
        let leave = OnConflict::column(Column::Name).do_nothing().to_owned();
        Entity::insert_many([row])
            .on_conflict(leave)
            .exec_without_returning(self.0.writer())
            .await?;
        self.find_by_name(name).await?.ok_or(StoreError::NotFound)
    }

    /// The person of this name.
    pub async fn find_by_name(&self, name: &str) -> Result<Option<UserRow>, StoreError> {
        let row = Entity::find()
            .filter(Column::Name.eq(storable(name.to_owned())))
            .one(self.0.reader())
            .await?;
        Ok(row.map(UserRow::from))
    }

    /// Sets or forgets a password; says whether the person is there.
    pub async fn set_password_hash(
        &self,
        id: UserId,
        hash: Option<&str>,
    ) -> Result<bool, StoreError> {
        let updated = Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::value(hash.map(str::to_owned)))
            .filter(Column::Id.eq(id.to_uuid()))
            .exec(self.0.writer())
            .await?;
        Ok(updated.rows_affected > 0)
    }

    /// Says whether anybody has a password.
    pub async fn any_password(&self) -> Result<bool, StoreError> {
        let count = Entity::find()
            .filter(Column::PasswordHash.is_not_null())
            .count(self.0.reader())
            .await?;
        Ok(count > 0)
    }
}

impl std::fmt::Debug for UserRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("UserRow")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl From<Model> for UserRow {
    fn from(model: Model) -> Self {
        Self {
            id: UserId::from_uuid(model.id),
            name: model.name,
            password_hash: model.password_hash,
            created_at: model.created_at,
        }
    }
}
