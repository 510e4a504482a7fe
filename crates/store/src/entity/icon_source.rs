//! What came of fetching an `image_src` of a registry.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "icon_sources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub registry_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub image_src_sha256: Vec<u8>,
    pub image_src: String,
    pub hash: Option<String>,
    pub failure: Option<String>,
    pub etag: Option<String>,
    pub fetched_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
