//! The first schema, one file per group of aggregates.

mod agents;
mod catalogue;
mod people;
mod service;
mod workspaces;

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_initial"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        catalogue::up(manager).await?;
        people::up(manager).await?;
        agents::up(manager).await?;
        workspaces::up(manager).await?;
        service::up(manager).await
    }
}

/// A foreign key to the `id` of another table.
fn references(
    table: &'static str,
    on_delete: ForeignKeyAction,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(to, "id")
        .on_delete(on_delete)
        .to_owned()
}

/// An index named after its table and columns.
fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("{table}_{}", columns.join("_")))
        .table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// A unique index named after its table and columns.
fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(table, columns).unique().to_owned()
}
