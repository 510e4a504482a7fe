use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, blob, boolean, pk_uuid, text, text_null, uuid,
};

use super::{index, references, unique};

pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("users")
        .col(pk_uuid("id"))
        .col(text("name"))
        .col(text_null("password_hash"))
        .col(big_integer("created_at"))
        .to_owned();
    manager.create_table(table).await?;
    manager.create_index(unique("users", &["name"])).await?;

    let table = Table::create()
        .table("tokens")
        .col(pk_uuid("id"))
        .col(text("name"))
        .col(blob("sha256"))
        .col(text("scopes"))
        .col(boolean("embedded"))
        .col(big_integer("created_at"))
        .col(big_integer_null("used_at"))
        .to_owned();
    manager.create_table(table).await?;
    manager.create_index(unique("tokens", &["sha256"])).await?;

    sessions(manager).await?;
    sign_in(manager).await
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("sessions")
        .col(pk_uuid("id"))
        .col(blob("token_sha256"))
        .col(uuid("user_id"))
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .foreign_key(&mut references(
            "sessions",
            ForeignKeyAction::Cascade,
            "user_id",
            "users",
        ))
        .to_owned();
    manager.create_table(table).await?;
    manager
        .create_index(unique("sessions", &["token_sha256"]))
        .await?;
    manager.create_index(index("sessions", &["user_id"])).await
}

async fn sign_in(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("login_links")
        .col(blob("secret_sha256").primary_key())
        .col(big_integer("expires_at"))
        .to_owned();
    manager.create_table(table).await?;

    let table = Table::create()
        .table("login_failures")
        .col(big_pk_auto("id"))
        .col(blob("name_sha256"))
        .col(text("address"))
        .col(big_integer("failed_at"))
        .to_owned();
    manager.create_table(table).await?;
    manager
        .create_index(index("login_failures", &["name_sha256", "failed_at"]))
        .await?;
    manager
        .create_index(index("login_failures", &["address", "failed_at"]))
        .await
}
