use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, pk_uuid, text, text_null, uuid, uuid_null,
};

use super::{references, unique};

pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("agents")
        .col(pk_uuid("id"))
        .col(uuid_null("token_id"))
        .col(text("name"))
        .col(boolean("embedded"))
        .col(text_null("hostname"))
        .col(text_null("engine"))
        .col(text_null("engine_version"))
        .col(text_null("architecture"))
        .col(text_null("disk"))
        .col(text_null("images"))
        .col(big_integer("contacts"))
        .col(big_integer_null("last_contact_at"))
        .col(big_integer("generation"))
        .col(big_integer("added_at"))
        .foreign_key(&mut references(
            "agents",
            ForeignKeyAction::SetNull,
            "token_id",
            "tokens",
        ))
        .to_owned();
    manager.create_table(table).await?;
    manager
        .create_index(unique("agents", &["token_id"]))
        .await?;

    let table = Table::create()
        .table("brought_images")
        .col(uuid("agent_id"))
        .col(text("repository"))
        .col(text("digest"))
        .col(text("tags"))
        .col(big_integer("brought_at"))
        .primary_key(
            Index::create()
                .col("agent_id")
                .col("repository")
                .col("digest"),
        )
        .foreign_key(&mut references(
            "brought_images",
            ForeignKeyAction::Cascade,
            "agent_id",
            "agents",
        ))
        .to_owned();
    manager.create_table(table).await?;

    let table = Table::create()
        .table("kept_images")
        .col(uuid("agent_id"))
        .col(text("repository"))
        .col(text("digest"))
        .col(text("image"))
        .col(text("workspace_name"))
        .col(text("reason"))
        .col(text("detail"))
        .col(big_integer("kept_at"))
        .primary_key(
            Index::create()
                .col("agent_id")
                .col("repository")
                .col("digest"),
        )
        .foreign_key(&mut references(
            "kept_images",
            ForeignKeyAction::Cascade,
            "agent_id",
            "agents",
        ))
        .to_owned();
    manager.create_table(table).await
}
