use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, blob, blob_null, integer, integer_null, text,
    text_null,
};

use super::{index, unique};

pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("settings")
        .col(text("key").primary_key())
        .col(text("value"))
        .to_owned();
    manager.create_table(table).await?;

    let table = Table::create()
        .table("revisions")
        .col(text("scope").primary_key())
        .col(big_integer("revision"))
        .to_owned();
    manager.create_table(table).await?;
    let mut rows = Query::insert();
    rows.into_table("revisions").columns(["scope", "revision"]);
    for scope in ["catalogue", "registries", "workspaces", "agents"] {
        rows.values_panic([scope.into(), 1_i64.into()]);
    }
    manager.execute(rows).await?;

    jobs(manager).await?;

    let table = Table::create()
        .table("stored_answers")
        .col(blob("key_sha256").primary_key())
        .col(blob("request_sha256"))
        .col(integer_null("status"))
        .col(text_null("headers"))
        .col(blob_null("body"))
        .col(big_integer("reserved_at"))
        .to_owned();
    manager.create_table(table).await
}

async fn jobs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("jobs")
        .col(big_pk_auto("id"))
        .col(text("kind"))
        .col(text("key"))
        .col(text("payload"))
        // Kind and key while the job waits, NULL while it runs: a unique index keeps waiting ones apart.
        .col(text_null("waiting_key"))
        .col(integer("attempts"))
        .col(big_integer("run_at"))
        .col(text_null("worker"))
        .col(big_integer_null("lease_until"))
        .col(text_null("last_error"))
        .col(big_integer("created_at"))
        .to_owned();
    manager.create_table(table).await?;
    manager
        .create_index(unique("jobs", &["waiting_key"]))
        .await?;
    manager.create_index(index("jobs", &["kind", "key"])).await
}
