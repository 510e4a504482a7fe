use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::revision::{Column, Entity};
use crate::{Store, StoreError, notices};

/// A part of the database whose changes other servers want to notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What the search index is made of.
    Catalogue,
    /// The registries' names, settings and health.
    Registries,
    /// Workspaces and their placements.
    Workspaces,
    /// The agents and what they report.
    Agents,
}

/// How often each part was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Revisions {
    /// Changes of [`Scope::Catalogue`].
    pub catalogue: i64,
    /// Changes of [`Scope::Registries`].
    pub registries: i64,
    /// Changes of [`Scope::Workspaces`].
    pub workspaces: i64,
    /// Changes of [`Scope::Agents`].
    pub agents: i64,
}

/// The counters by which servers notice each other's changes.
#[derive(Debug, Clone, Copy)]
pub struct RevisionCounters<'a>(pub(crate) &'a Store);

impl RevisionCounters<'_> {
    /// All counters.
    pub async fn all(&self) -> Result<Revisions, StoreError> {
        let mut revisions = Revisions::default();
        for row in Entity::find().all(self.0.reader()).await? {
            match row.scope.as_str() {
                "catalogue" => revisions.catalogue = row.revision,
                "registries" => revisions.registries = row.revision,
                "workspaces" => revisions.workspaces = row.revision,
                "agents" => revisions.agents = row.revision,
                _ => {}
            }
        }
        Ok(revisions)
    }

    /// Counts a change that no method of this crate made.
    pub async fn bump(&self, scope: Scope) -> Result<(), StoreError> {
        bump(self.0.writer(), &[scope]).await
    }
}

impl Scope {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Registries => "registries",
            Self::Workspaces => "workspaces",
            Self::Agents => "agents",
        }
    }
}

/// Counts a change of each scope, as the last thing a transaction does.
///
/// Last and always in the same order, because on PostgreSQL each counter stays locked until the commit.
pub(crate) async fn bump<C: ConnectionTrait>(
    connection: &C,
    scopes: &[Scope],
) -> Result<(), StoreError> {
    let order = [
        Scope::Catalogue,
        Scope::Registries,
        Scope::Workspaces,
        Scope::Agents,
    ];
    for scope in order {
        if scopes.contains(&scope) {
            Entity::update_many()
                .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
                .filter(Column::Scope.eq(scope.as_str()))
                .exec(connection)
                .await?;
            notices::notify(connection, scope).await?;
        }
    }
    Ok(())
}

/// The revision of the catalogue that a transaction sees.
pub(crate) async fn catalogue<C: ConnectionTrait>(connection: &C) -> Result<i64, StoreError> {
    let row = Entity::find_by_id(Scope::Catalogue.as_str())
        .one(connection)
        .await?;
    Ok(row
        .ok_or(StoreError::Corrupt("catalogue revision"))?
        .revision)
}
