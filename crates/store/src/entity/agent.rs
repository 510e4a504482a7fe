//! A host with an engine.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub token_id: Option<Uuid>,
    pub name: String,
    pub embedded: bool,
    pub hostname: Option<String>,
    pub engine: Option<String>,
    pub engine_version: Option<String>,
    pub architecture: Option<String>,
    pub disk: Option<String>,
    pub images: Option<String>,
    pub contacts: i64,
    pub last_contact_at: Option<i64>,
    pub generation: i64,
    pub added_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
