use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use crate::entity::setting::{ActiveModel, Column, Entity};
use crate::text::storable;
use crate::{Store, StoreError};

/// The settings that live in the database.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a>(pub(crate) &'a Store);

impl Settings<'_> {
    /// What stands under a key.
    pub async fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        let row = Entity::find_by_id(key).one(self.0.reader()).await?;
        Ok(row.map(|row| row.value))
    }

    /// Writes something under a key.
    pub async fn set(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let mut replace = OnConflict::column(Column::Key);
        replace.update_column(Column::Value);
        self.insert(key, value, replace).await
    }

    /// Writes something under a key that holds nothing yet; returns what it holds now.
    pub async fn set_if_absent(&self, key: &str, value: &str) -> Result<String, StoreError> {
        let mut leave = OnConflict::column(Column::Key);
        leave.do_nothing();
        self.insert(key, value, leave).await?;
        self.get(key).await?.ok_or(StoreError::NotFound)
    }

    async fn insert(
        &self,
        key: &str,
        value: &str,
        on_conflict: OnConflict,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            key: Set(key.to_owned()),
            value: Set(storable(value.to_owned())),
        };
        Entity::insert_many([row])
            .on_conflict(on_conflict)
            .exec_without_returning(self.0.writer())
            .await?;
        Ok(())
    }
}
