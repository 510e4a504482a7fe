use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, blob_null, boolean, integer, pk_uuid, text, text_null,
    uuid,
};

use super::{index, references, unique};

pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    registries(manager).await?;
    listings(manager).await?;
    icons(manager).await
}

async fn registries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("registries")
        .col(pk_uuid("id"))
        .col(text("url"))
        .col(text_null("root_after_redirects"))
        .col(boolean("first_party"))
        .col(boolean("automatic_updates"))
        .col(big_integer("settings_version"))
        .col(text_null("name"))
        .col(text_null("description"))
        .col(text_null("icon_src"))
        .col(text_null("icon_hash"))
        .col(text_null("icon_hash_src"))
        .col(text_null("icon_etag"))
        .col(text_null("list_url"))
        .col(text_null("contact_url"))
        .col(big_integer_null("modified"))
        .col(text_null("schema"))
        .col(text_null("folder"))
        .col(text("channels"))
        .col(text_null("default_channel"))
        .col(text_null("etag"))
        .col(text_null("last_modified"))
        .col(blob_null("list_sha256"))
        .col(boolean("from_public"))
        .col(text_null("username"))
        .col(blob_null("sealed_password"))
        .col(text("set_aside"))
        .col(text("notes"))
        .col(text_null("failure_step"))
        .col(text_null("failure_cause"))
        .col(text_null("failure_detail"))
        .col(text_null("failure_hint"))
        .col(big_integer_null("copied_at"))
        .col(big_integer_null("attempted_at"))
        .col(big_integer_null("next_attempt_at"))
        .col(big_integer("added_at"))
        .col(big_integer("listing_count"))
        .to_owned();
    manager.create_table(table).await?;
    manager.create_index(unique("registries", &["url"])).await
}

async fn listings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("listings")
        .col(pk_uuid("id"))
        .col(uuid("registry_id"))
        .col(integer("position"))
        .col(text("friendly_name"))
        .col(text("name_key"))
        .col(text_null("image_repository"))
        .col(text_null("sha"))
        .col(blob("json_sha256"))
        .col(text("facts"))
        .col(text_null("image_src"))
        .col(text_null("icon_hash"))
        .col(big_integer("first_seen_at"))
        .col(big_integer("changed_at"))
        .col(big_integer_null("withdrawn_at"))
        .foreign_key(&mut references(
            "listings",
            ForeignKeyAction::Cascade,
            "registry_id",
            "registries",
        ))
        .to_owned();
    manager.create_table(table).await?;
    manager
        .create_index(index("listings", &["registry_id", "position", "id"]))
        .await?;

    let table = Table::create()
        .table("listing_documents")
        .col(pk_uuid("listing_id"))
        .col(text("json"))
        .foreign_key(&mut references(
            "listing_documents",
            ForeignKeyAction::Cascade,
            "listing_id",
            "listings",
        ))
        .to_owned();
    manager.create_table(table).await
}

async fn icons(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("icons")
        .col(text("hash").primary_key())
        .col(text("media_type"))
        .col(blob("bytes"))
        .col(big_integer("stored_at"))
        .to_owned();
    manager.create_table(table).await?;

    let table = Table::create()
        .table("icon_sources")
        .col(uuid("registry_id"))
        .col(blob("image_src_sha256"))
        .col(text("image_src"))
        .col(text_null("hash"))
        .col(text_null("failure"))
        .col(text_null("etag"))
        .col(big_integer("fetched_at"))
        .primary_key(Index::create().col("registry_id").col("image_src_sha256"))
        .foreign_key(&mut references(
            "icon_sources",
            ForeignKeyAction::Cascade,
            "registry_id",
            "registries",
        ))
        .to_owned();
    manager.create_table(table).await
}
