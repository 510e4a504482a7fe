use model::AgentId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::entity::kept_image::{ActiveModel, Column, Entity, Model};
use crate::text::storable;
use crate::{BroughtImage, Store, StoreError};

/// An image that stayed on an agent when its workspace went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptImageRow {
    /// Which image, and on which agent.
    pub on: BroughtImage,
    /// The image reference, as published or edited.
    pub image: String,
    /// The name that the workspace had.
    pub workspace_name: String,
    /// The class of the reason.
    pub reason: String,
    /// The reason, for people.
    pub detail: String,
    /// When it was kept.
    pub kept_at: i64,
}

/// The images that stayed on agents, as long as that is told.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a>(pub(crate) &'a Store);

impl Kept<'_> {
    /// Notes that an image stays, in place of what was noted of it before.
    pub async fn record(&self, kept: KeptImageRow) -> Result<(), StoreError> {
        let row = ActiveModel {
            agent_id: Set(kept.on.agent_id.to_uuid()),
            repository: Set(storable(kept.on.repository)),
            digest: Set(kept.on.digest.into()),
            image: Set(storable(kept.image)),
            workspace_name: Set(storable(kept.workspace_name)),
            reason: Set(storable(kept.reason)),
            detail: Set(storable(kept.detail)),
            kept_at: Set(kept.kept_at),
        };
        let mut replace =
            OnConflict::columns([Column::AgentId, Column::Repository, Column::Digest]);
        replace.update_columns([
            Column::Image,
            Column::WorkspaceName,
            Column::Reason,
            Column::Detail,
            Column::KeptAt,
        ]);
        Entity::insert_many([row])
            .on_conflict(replace)
            .exec_without_returning(self.0.writer())
            .await?;
        Ok(())
    }

    /// What was kept since then, the latest first.
    pub async fn since(&self, since: i64) -> Result<Vec<KeptImageRow>, StoreError> {
        Entity::find()
            .filter(Column::KeptAt.gte(since))
            .order_by_desc(Column::KeptAt)
            .order_by_asc(Column::AgentId)
            .order_by_asc(Column::Repository)
            .order_by_asc(Column::Digest)
            .all(self.0.reader())
            .await?
            .into_iter()
            .map(KeptImageRow::try_from)
            .collect()
    }

    /// Tells no more that an image stays; says whether it was told.
    pub async fn forget(&self, image: &BroughtImage) -> Result<bool, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::AgentId.eq(image.agent_id.to_uuid()))
            .filter(Column::Repository.eq(storable(image.repository.clone())))
            .filter(Column::Digest.eq(image.digest.as_str()))
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected > 0)
    }

    /// Forgets what was kept before then; says how many.
    pub async fn sweep(&self, before: i64) -> Result<u64, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::KeptAt.lt(before))
            .exec(self.0.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

impl TryFrom<Model> for KeptImageRow {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            on: BroughtImage {
                agent_id: AgentId::from_uuid(model.agent_id),
                repository: model.repository,
                digest: model
                    .digest
                    .parse()
                    .map_err(|_| StoreError::Corrupt("digest"))?,
            },
            image: model.image,
            workspace_name: model.workspace_name,
            reason: model.reason,
            detail: model.detail,
            kept_at: model.kept_at,
        })
    }
}
