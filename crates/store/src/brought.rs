use model::{AgentId, Digest};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::entity::brought_image::{ActiveModel, Column, Entity};
use crate::text::storable;
use crate::{Store, StoreError};

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

/// The images that we brought to agents.
#[derive(Debug, Clone, Copy)]
pub struct Brought<'a>(pub(crate) &'a Store);

impl Brought<'_> {
    /// Records that an agent begins to pull an image; to be called before it does.
    pub async fn record(&self, image: BroughtImage, at: i64) -> Result<(), StoreError> {
        let row = ActiveModel {
            agent_id: Set(image.agent_id.to_uuid()),
            repository: Set(storable(image.repository)),
            digest: Set(image.digest.into()),
            brought_at: Set(at),
        };
        let leave = OnConflict::columns([Column::AgentId, Column::Repository, Column::Digest])
            .do_nothing()
            .to_owned();
        Entity::insert_many([row])
            .on_conflict(leave)
            .exec_without_returning(self.0.writer())
            .await?;
        Ok(())
    }

    /// What we brought to an agent.
    pub async fn list(&self, agent: AgentId) -> Result<Vec<BroughtImage>, StoreError> {
        Entity::find()
            .filter(Column::AgentId.eq(agent.to_uuid()))
            .order_by_asc(Column::Repository)
            .order_by_asc(Column::Digest)
            .all(self.0.reader())
            .await?
            .into_iter()
            .map(|row| {
                Ok(BroughtImage {
                    agent_id: agent,
                    repository: row.repository,
                    digest: row
                        .digest
                        .parse()
                        .map_err(|_| StoreError::Corrupt("digest"))?,
                })
            })
            .collect()
    }

    /// Forgets that we brought an image, after it was removed; says whether it was recorded.
    pub async fn forget(&self, image: &BroughtImage) -> Result<bool, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::AgentId.eq(image.agent_id.to_uuid()))
            .filter(Column::Repository.eq(storable(image.repository.clone())))
            .filter(Column::Digest.eq(image.digest.as_str()))
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected > 0)
    }
}
