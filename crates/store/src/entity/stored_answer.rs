//! The answer to a request with an idempotency key.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stored_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_sha256: Vec<u8>,
    pub request_sha256: Vec<u8>,
    pub status: Option<i32>,
    pub headers: Option<String>,
    pub body: Option<Vec<u8>>,
    pub reserved_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
