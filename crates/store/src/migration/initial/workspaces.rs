use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, pk_uuid, text, text_null, uuid, uuid_null,
};

use super::{index, references, unique};

pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    workspaces(manager).await?;
    placements(manager).await
}

async fn workspaces(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("workspaces")
        .col(pk_uuid("id"))
        .col(uuid_null("listing_id"))
        .col(uuid_null("registry_id"))
        .col(text("registry_name"))
        .col(text("friendly_name"))
        .col(text("base_json"))
        .col(text_null("changes_json"))
        .col(text("effective_json"))
        .col(text("image"))
        .col(text_null("version"))
        .col(text_null("channel"))
        .col(text_null("icon_hash"))
        .col(text("agents_rule"))
        .col(text_null("digest"))
        .col(text_null("media_type"))
        .col(text_null("platforms"))
        .col(text_null("resolve_cause"))
        .col(text_null("resolve_detail"))
        .col(boolean("removing"))
        .col(text_null("install_key"))
        .col(big_integer("etag_version"))
        .col(big_integer("installed_at"))
        .foreign_key(&mut references(
            "workspaces",
            ForeignKeyAction::SetNull,
            "listing_id",
            "listings",
        ))
        .foreign_key(&mut references(
            "workspaces",
            ForeignKeyAction::SetNull,
            "registry_id",
            "registries",
        ))
        .to_owned();
    manager.create_table(table).await?;
    manager
        .create_index(unique("workspaces", &["install_key"]))
        .await?;
    manager
        .create_index(index("workspaces", &["listing_id"]))
        .await?;
    manager
        .create_index(index("workspaces", &["registry_id"]))
        .await
}

async fn placements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("placements")
        .col(pk_uuid("id"))
        .col(uuid("workspace_id"))
        .col(uuid("agent_id"))
        .col(text("state"))
        .col(integer("attempt"))
        .col(text_null("cause"))
        .col(text_null("detail"))
        .col(big_integer_null("size_bytes"))
        .col(big_integer("updated_at"))
        .foreign_key(&mut references(
            "placements",
            ForeignKeyAction::Cascade,
            "workspace_id",
            "workspaces",
        ))
        .foreign_key(&mut references(
            "placements",
            ForeignKeyAction::Cascade,
            "agent_id",
            "agents",
        ))
        .to_owned();
    manager.create_table(table).await?;
    manager
        .create_index(unique("placements", &["workspace_id", "agent_id"]))
        .await?;
    manager
        .create_index(index("placements", &["agent_id"]))
        .await
}
