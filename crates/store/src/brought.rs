use model::{AgentId, Digest};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::entity::brought_image::{ActiveModel, Column, Entity, Model};
use crate::text::storable;
use crate::{Store, StoreError};

/// Between the tags of a row; no tag holds one.
const SEPARATOR: char = ' ';

/// An image that we brought to an agent, and so may remove there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroughtImage {
    /// The agent.
    pub agent_id: AgentId,
    /// The repository, with its host.
    pub repository: String,
    /// The pinned digest.
    pub digest: Digest,
}

/// What is known of an image that we brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroughtRow {
    /// Which one.
    pub image: BroughtImage,
    /// The tags that we may have left on it, in order.
    pub tags: Vec<String>,
    /// When that was last said.
    pub brought_at: i64,
}

/// The images that we brought to agents.
#[derive(Debug, Clone, Copy)]
pub struct Brought<'a>(pub(crate) &'a Store);

impl Brought<'_> {
    /// Records that an agent begins to pull an image; to be called before it does.
    pub async fn record(
        &self,
        image: BroughtImage,
        tag: Option<&str>,
        at: i64,
    ) -> Result<(), StoreError> {
        self.write(image, tag, at, true).await
    }

    /// Notes a tag on an image, if it is one that we brought.
    pub async fn note_tag(
        &self,
        image: BroughtImage,
        tag: &str,
        at: i64,
    ) -> Result<(), StoreError> {
        self.write(image, Some(tag), at, false).await
    }

    async fn write(
        &self,
        image: BroughtImage,
        tag: Option<&str>,
        at: i64,
        insert: bool,
    ) -> Result<(), StoreError> {
        let transaction = self.0.begin().await?;
        let repository = storable(image.repository);
        let found = Entity::find()
            .filter(Column::AgentId.eq(image.agent_id.to_uuid()))
            .filter(Column::Repository.eq(repository.clone()))
            .filter(Column::Digest.eq(image.digest.as_str()))
            .lock_exclusive()
            .one(&transaction)
            .await?;
        if found.is_none() && !insert {
            return Ok(());
        }
        let mut tags = found.as_ref().map(tags_of).unwrap_or_default();
        tags.extend(tag.map(str::to_owned));
        tags.sort_unstable();
        tags.dedup();
        let row = ActiveModel {
            agent_id: Set(image.agent_id.to_uuid()),
            repository: Set(repository),
            digest: Set(image.digest.into()),
            tags: Set(storable(tags.join(&SEPARATOR.to_string()))),
            brought_at: Set(at),
        };
        let mut replace =
            OnConflict::columns([Column::AgentId, Column::Repository, Column::Digest]);
        replace.update_columns([Column::Tags, Column::BroughtAt]);
        Entity::insert_many([row])
            .on_conflict(replace)
            .exec_without_returning(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// What we brought to an agent.
    pub async fn list(&self, agent: AgentId) -> Result<Vec<BroughtRow>, StoreError> {
        Entity::find()
            .filter(Column::AgentId.eq(agent.to_uuid()))
            .order_by_asc(Column::Repository)
            .order_by_asc(Column::Digest)
            .all(self.0.reader())
            .await?
            .into_iter()
            .map(BroughtRow::try_from)
            .collect()
    }

    /// Forgets that we brought an image, after it was removed; says whether it was recorded.
    pub async fn forget(&self, image: &BroughtImage) -> Result<bool, StoreError> {
        self.delete(image, None).await
    }

    /// Forgets that we brought an image, unless that was said again since this row was read.
    pub async fn forget_row(&self, row: &BroughtRow) -> Result<bool, StoreError> {
        self.delete(&row.image, Some(row.brought_at)).await
    }

    async fn delete(&self, image: &BroughtImage, said: Option<i64>) -> Result<bool, StoreError> {
        let mut delete = Entity::delete_many()
            .filter(Column::AgentId.eq(image.agent_id.to_uuid()))
            .filter(Column::Repository.eq(storable(image.repository.clone())))
            .filter(Column::Digest.eq(image.digest.as_str()));
        if let Some(said) = said {
            delete = delete.filter(Column::BroughtAt.eq(said));
        }
        let deleted = delete.exec(self.0.writer()).await?;
        Ok(deleted.rows_affected > 0)
    }
}

fn tags_of(row: &Model) -> Vec<String> {
    row.tags
        .split(SEPARATOR)
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect()
}

impl TryFrom<Model> for BroughtRow {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            tags: tags_of(&model),
            brought_at: model.brought_at,
            image: BroughtImage {
                agent_id: AgentId::from_uuid(model.agent_id),
                repository: model.repository,
                digest: model
                    .digest
                    .parse()
                    .map_err(|_| StoreError::Corrupt("digest"))?,
            },
        })
    }
}
