//! Bulk updates from a list of pairs, which the two dialects spell almost alike.
//!
//! Both name the columns of a `VALUES` list `column1` and `column2`. PostgreSQL wants numbered parameters, and to be
//! told their types.

use model::{ListingId, RegistryId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, Value};

use crate::StoreError;

/// Moves listings to their places and brings back those that were withdrawn; others are not touched.
pub(super) async fn set_positions(
    transaction: &DatabaseTransaction,
    registry: RegistryId,
    places: &[(ListingId, i32)],
) -> Result<(), StoreError> {
    let backend = transaction.get_database_backend();
    let list = values_list(backend, places.len(), "integer");
    let last = places.len() * 2 + 1;
    let registry_parameter = match backend {
        DbBackend::Postgres => format!("${last}"),
        _ => "?".to_owned(),
    };
    let sql = format!(
        "UPDATE listings SET position = given.column2, withdrawn_at = NULL FROM ({list}) AS given \
         WHERE listings.id = given.column1 AND listings.registry_id = {registry_parameter} \
         AND (listings.position <> given.column2 OR listings.withdrawn_at IS NOT NULL)"
    );
    let mut values: Vec<Value> = places
        .iter()
        .flat_map(|(id, position)| [id.to_uuid().into(), (*position).into()])
        .collect();
    values.push(registry.to_uuid().into());
    run(transaction, sql, values).await
}

/// Gives listings their icons, and workspaces made from them that have none.
pub(super) async fn set_icons(
    transaction: &DatabaseTransaction,
    icons: &[(ListingId, String)],
) -> Result<(), StoreError> {
    let list = values_list(transaction.get_database_backend(), icons.len(), "text");
    let values: Vec<Value> = icons
        .iter()
        .flat_map(|(id, hash)| [id.to_uuid().into(), hash.as_str().into()])
        .collect();
    let workspaces = format!(
        "UPDATE workspaces SET icon_hash = given.column2 FROM ({list}) AS given \
         WHERE workspaces.listing_id = given.column1 AND workspaces.icon_hash IS NULL"
    );
    run(transaction, workspaces, values.clone()).await?;
    let listings = format!(
        "UPDATE listings SET icon_hash = given.column2 FROM ({list}) AS given \
         WHERE listings.id = given.column1"
    );
    run(transaction, listings, values).await
}

/// A `VALUES` list of so many pairs of an identifier and something of the given PostgreSQL type.
fn values_list(backend: DbBackend, pairs: usize, second: &str) -> String {
    let pairs: Vec<String> = (0..pairs)
        .map(|pair| match backend {
            DbBackend::Postgres => {
                format!("(${}::uuid, ${}::{second})", pair * 2 + 1, pair * 2 + 2)
            }
            _ => "(?, ?)".to_owned(),
        })
        .collect();
    format!("VALUES {}", pairs.join(", "))
}

async fn run(
    transaction: &DatabaseTransaction,
    sql: String,
    values: Vec<Value>,
) -> Result<(), StoreError> {
    let backend = transaction.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    transaction.execute_raw(statement).await?;
    Ok(())
}
