use model::{AgentId, TokenId, WorkspaceId};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use crate::entity::agent::{ActiveModel, Column, Entity, Model};
use crate::entity::placement;
use crate::revisions::{self, Scope};
use crate::text::{storable, storable_option};
use crate::workspaces::{delete_if_empty, lock};
use crate::{Store, StoreError};

/// A host with an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// Its identifier.
    pub id: AgentId,
    /// The token it signs in with, while that exists.
    pub token_id: Option<TokenId>,
    /// Its name.
    pub name: String,
    /// Whether it is the one that the server carries.
    pub embedded: bool,
    /// The name of its host.
    pub hostname: Option<String>,
    /// Which engine it has.
    pub engine: Option<String>,
    /// The version of that engine.
    pub engine_version: Option<String>,
    /// The architecture of that engine.
    pub architecture: Option<String>,
    /// The disk under that engine, JSON.
    pub disk: Option<String>,
    /// The images that engine holds, JSON.
    pub images: Option<String>,
    /// How often it has said what it sees.
    pub contacts: i64,
    /// When it last did.
    pub last_contact_at: Option<i64>,
    /// Counts the changes of what it is asked to do.
    pub generation: i64,
    /// When it first came.
    pub added_at: i64,
}

/// What an agent sees on its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The name of its host.
    pub hostname: Option<String>,
    /// Which engine it has.
    pub engine: String,
    /// The version of that engine.
    pub engine_version: Option<String>,
    /// The architecture of that engine.
    pub architecture: String,
    /// The disk under that engine, JSON.
    pub disk: Option<String>,
    /// The images that engine holds, JSON.
    pub images: String,
}

/// The agents.
#[derive(Debug, Clone, Copy)]
pub struct Agents<'a>(pub(crate) &'a Store);

impl Agents<'_> {
    /// The agent of this token, made now if there is none; says whether it is new.
    pub async fn upsert_by_token(
        &self,
        token: TokenId,
        id: AgentId,
        name: &str,
        embedded: bool,
        at: i64,
    ) -> Result<(AgentRow, bool), StoreError> {
        if let Some(agent) = self.find_by_token(token).await? {
            return Ok((agent, false));
        }
        let transaction = self.0.begin().await?;
        let row = ActiveModel {
            id: Set(id.to_uuid()),
            token_id: Set(Some(token.to_uuid())),
            name: Set(storable(name.to_owned())),
            embedded: Set(embedded),
            hostname: Set(None),
            engine: Set(None),
            engine_version: Set(None),
            architecture: Set(None),
            disk: Set(None),
            images: Set(None),
            contacts: Set(0),
            last_contact_at: Set(None),
            generation: Set(1),
            added_at: Set(at),
        };
        let leave = OnConflict::column(Column::TokenId).do_nothing().to_owned();
        let inserted = Entity::insert_many([row])
            .on_conflict(leave)
            .exec_without_returning(&transaction)
            .await?;
        if inserted > 0 {
            revisions::bump(&transaction, &[Scope::Agents]).await?;
        }
        transaction.commit().await?;
        let agent = self.find_by_token(token).await?;
        Ok((agent.ok_or(StoreError::NotFound)?, inserted > 0))
    }

    /// The agent of this token.
    pub async fn find_by_token(&self, token: TokenId) -> Result<Option<AgentRow>, StoreError> {
        let row = Entity::find()
            .filter(Column::TokenId.eq(token.to_uuid()))
            .one(self.0.reader())
            .await?;
        Ok(row.map(AgentRow::from))
    }

    /// All agents, the embedded one first, then by name.
    pub async fn list(&self) -> Result<Vec<AgentRow>, StoreError> {
        let rows = Entity::find()
            .order_by_desc(Column::Embedded)
            .order_by_asc(Column::Name)
            .order_by_asc(Column::Id)
            .all(self.0.reader())
            .await?;
        Ok(rows.into_iter().map(AgentRow::from).collect())
    }

    /// One agent.
    pub async fn find(&self, id: AgentId) -> Result<Option<AgentRow>, StoreError> {
        let row = Entity::find_by_id(id.to_uuid())
            .one(self.0.reader())
            .await?;
        Ok(row.map(AgentRow::from))
    }

    /// How often what the agent is asked to do has changed.
    pub async fn generation(&self, id: AgentId) -> Result<Option<i64>, StoreError> {
        Ok(Entity::find()
            .select_only()
            .column(Column::Generation)
            .filter(Column::Id.eq(id.to_uuid()))
            .into_tuple()
            .one(self.0.reader())
            .await?)
    }

    /// Records what an agent sees; says whether anything but the time is new.
    pub async fn record_observation(
        &self,
        id: AgentId,
        observation: Observation,
        at: i64,
    ) -> Result<bool, StoreError> {
        let transaction = self.0.begin().await?;
        let current = Entity::find_by_id(id.to_uuid())
            .lock_exclusive()
            .one(&transaction)
            .await?
            .ok_or(StoreError::NotFound)?;
        let seen = Model {
            hostname: storable_option(observation.hostname),
            engine: Some(storable(observation.engine)),
            engine_version: storable_option(observation.engine_version),
            architecture: Some(storable(observation.architecture)),
            disk: storable_option(observation.disk),
            images: Some(storable(observation.images)),
            ..current.clone()
        };
        let news = seen != current;
        let mut columns = ActiveModel {
            contacts: Set(current.contacts + 1),
            last_contact_at: Set(Some(at)),
            ..Default::default()
        };
        if news {
            columns = ActiveModel {
                hostname: Set(seen.hostname),
                engine: Set(seen.engine),
                engine_version: Set(seen.engine_version),
                architecture: Set(seen.architecture),
                disk: Set(seen.disk),
                images: Set(seen.images),
                ..columns
            };
        }
        Entity::update_many()
            .set(columns)
            .filter(Column::Id.eq(id.to_uuid()))
            .exec(&transaction)
            .await?;
        if news {
            revisions::bump(&transaction, &[Scope::Agents]).await?;
        }
        transaction.commit().await?;
        Ok(news)
    }

    /// Forgets an agent with its placements; workspaces on their way out that were only there go too.
    pub async fn delete(&self, id: AgentId) -> Result<bool, StoreError> {
        let transaction = self.0.begin().await?;
        let mut workspaces: Vec<Uuid> = placement::Entity::find()
            .select_only()
            .column(placement::Column::WorkspaceId)
            .filter(placement::Column::AgentId.eq(id.to_uuid()))
            .into_tuple()
            .all(&transaction)
            .await?;
        workspaces.sort_unstable();
        let mut left = Vec::with_capacity(workspaces.len());
        for workspace in workspaces {
            left.extend(lock(&transaction, WorkspaceId::from_uuid(workspace)).await?);
        }
        lock_present(&transaction, &[id.to_uuid()]).await?;
        placement::Entity::delete_many()
            .filter(placement::Column::AgentId.eq(id.to_uuid()))
            .exec(&transaction)
            .await?;
        for workspace in left.iter().filter(|workspace| workspace.removing) {
            delete_if_empty(&transaction, workspace).await?;
        }
        let deleted = Entity::delete_by_id(id.to_uuid())
            .exec(&transaction)
            .await?;
        revisions::bump(&transaction, &[Scope::Workspaces, Scope::Agents]).await?;
        transaction.commit().await?;
        Ok(deleted.rows_affected > 0)
    }
}

impl From<Model> for AgentRow {
    fn from(model: Model) -> Self {
        Self {
            id: AgentId::from_uuid(model.id),
            token_id: model.token_id.map(TokenId::from_uuid),
            name: model.name,
            embedded: model.embedded,
            hostname: model.hostname,
            engine: model.engine,
            engine_version: model.engine_version,
            architecture: model.architecture,
            disk: model.disk,
            images: model.images,
            contacts: model.contacts,
            last_contact_at: model.last_contact_at,
            generation: model.generation,
            added_at: model.added_at,
        }
    }
}

/// Counts a change of what these agents are asked to do, always in one order.
pub(crate) async fn bump(
    transaction: &DatabaseTransaction,
    agents: &[Uuid],
) -> Result<(), StoreError> {
    let mut agents = agents.to_vec();
    agents.sort_unstable();
    agents.dedup();
    for agent in agents {
        Entity::update_many()
            .col_expr(Column::Generation, Expr::col(Column::Generation).add(1))
            .filter(Column::Id.eq(agent))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

/// Which of these agents are there, kept from leaving until the transaction ends.
pub(crate) async fn lock_present(
    transaction: &DatabaseTransaction,
    agents: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(agents.iter().copied()))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(transaction)
        .await?)
}
