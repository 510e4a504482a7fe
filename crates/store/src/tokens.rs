use model::TokenId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::entity::token::{ActiveModel, Column, Entity, Model};
use crate::text::storable;
use crate::{Store, StoreError};

/// An API token to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Its identifier.
    pub id: TokenId,
    /// What the administrator calls it.
    pub name: String,
    /// The hash of the secret.
    pub sha256: [u8; 32],
    /// What it may do, JSON.
    pub scopes: String,
    /// Whether it is the one of the agent that the server carries.
    pub embedded: bool,
    /// The time.
    pub created_at: i64,
}

/// An API token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Its identifier.
    pub id: TokenId,
    /// What the administrator calls it.
    pub name: String,
    /// What it may do, JSON.
    pub scopes: String,
    /// Whether it is the one of the agent that the server carries.
    pub embedded: bool,
    /// When it was made.
    pub created_at: i64,
    /// When it was last used.
    pub used_at: Option<i64>,
}

/// The API tokens.
#[derive(Debug, Clone, Copy)]
pub struct Tokens<'a>(pub(crate) &'a Store);

impl Tokens<'_> {
    /// Keeps a token, unless there is one of that name; then gives that one.
    pub async fn insert(&self, new: NewToken) -> Result<Option<TokenRow>, StoreError> {
        let transaction = self.0.begin().await?;
        let existing = find_named(&transaction, &new.name).await?;
        if existing.is_none() {
            Entity::insert(ActiveModel::from(new))
                .exec_without_returning(&transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(existing.map(TokenRow::from))
    }

    /// Keeps a token; one of that name gets its secret and scopes, and stays the same to its agent.
    pub async fn replace(&self, new: NewToken) -> Result<(), StoreError> {
        let transaction = self.0.begin().await?;
        match find_named(&transaction, &new.name).await? {
            None => {
                Entity::insert(ActiveModel::from(new))
                    .exec_without_returning(&transaction)
                    .await?;
            }
            Some(existing) => {
                let columns = ActiveModel {
                    sha256: Set(new.sha256.to_vec()),
                    scopes: Set(storable(new.scopes)),
                    created_at: Set(new.created_at),
                    used_at: Set(None),
                    ..Default::default()
                };
                Entity::update_many()
                    .set(columns)
                    .filter(Column::Id.eq(existing.id))
                    .exec(&transaction)
                    .await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Keeps the embedded agent's token, giving the one that is there a new secret; returns its identifier.
    pub async fn replace_embedded(&self, new: NewToken) -> Result<TokenId, StoreError> {
        let transaction = self.0.begin().await?;
        let existing = Entity::find()
            .filter(Column::Embedded.eq(true))
            .order_by_asc(Column::Id)
            .one(&transaction)
            .await?;
        let id = existing.map_or(new.id, |existing| TokenId::from_uuid(existing.id));
        let columns = ActiveModel {
            name: Set(storable(new.name.clone())),
            sha256: Set(new.sha256.to_vec()),
            scopes: Set(storable(new.scopes.clone())),
            embedded: Set(true),
            ..Default::default()
        };
        let updated = Entity::update_many()
            .set(columns)
            .filter(Column::Id.eq(id.to_uuid()))
            .exec(&transaction)
            .await?;
        if updated.rows_affected == 0 {
            Entity::insert(ActiveModel::from(NewToken {
                embedded: true,
                ..new
            }))
            .exec_without_returning(&transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(id)
    }

    /// The token with this hash.
    pub async fn find_by_sha256(&self, sha256: &[u8; 32]) -> Result<Option<TokenRow>, StoreError> {
        let row = Entity::find()
            .filter(Column::Sha256.eq(sha256.to_vec()))
            .one(self.0.reader())
            .await?;
        Ok(row.map(TokenRow::from))
    }

    /// One token.
    pub async fn find(&self, id: TokenId) -> Result<Option<TokenRow>, StoreError> {
        let row = Entity::find_by_id(id.to_uuid())
            .one(self.0.reader())
            .await?;
        Ok(row.map(TokenRow::from))
    }

    /// All tokens, oldest first.
    pub async fn list(&self) -> Result<Vec<TokenRow>, StoreError> {
        let rows = Entity::find()
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .all(self.0.reader())
            .await?;
        Ok(rows.into_iter().map(TokenRow::from).collect())
    }

    /// Revokes a token; its agent stays and is offline. Says whether it was there.
    pub async fn delete(&self, id: TokenId) -> Result<bool, StoreError> {
        let deleted = Entity::delete_by_id(id.to_uuid())
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected > 0)
    }

    /// Revokes the token of that name, as [`Self::delete`] does.
    pub async fn delete_named(&self, name: &str) -> Result<bool, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::Name.eq(storable(name.to_owned())))
            .filter(Column::Embedded.eq(false))
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected > 0)
    }

    /// Notes that a token was used.
    pub async fn touch(&self, id: TokenId, at: i64) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(at))
            .filter(Column::Id.eq(id.to_uuid()))
            .exec(self.0.writer())
            .await?;
        Ok(())
    }
}

/// The token of that name; that of the server's own agent is known by its mark, not its name.
async fn find_named(
    transaction: &DatabaseTransaction,
    name: &str,
) -> Result<Option<Model>, StoreError> {
    let found = Entity::find()
        .filter(Column::Name.eq(storable(name.to_owned())))
        .filter(Column::Embedded.eq(false))
        .order_by_asc(Column::Id)
        .one(transaction)
        .await?;
    Ok(found)
}

impl From<NewToken> for ActiveModel {
    fn from(new: NewToken) -> Self {
        Self {
            id: Set(new.id.to_uuid()),
            name: Set(storable(new.name)),
            sha256: Set(new.sha256.to_vec()),
            scopes: Set(storable(new.scopes)),
            embedded: Set(new.embedded),
            created_at: Set(new.created_at),
            used_at: Set(None),
        }
    }
}

impl From<Model> for TokenRow {
    fn from(model: Model) -> Self {
        Self {
            id: TokenId::from_uuid(model.id),
            name: model.name,
            scopes: model.scopes,
            embedded: model.embedded,
            created_at: model.created_at,
            used_at: model.used_at,
        }
    }
}
