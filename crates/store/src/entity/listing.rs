//! A listing without its JSON, so that reading all of them for the search index stays quick.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "listings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub registry_id: Uuid,
    pub position: i32,
    pub friendly_name: String,
    pub name_key: String,
    pub image_repository: Option<String>,
    pub sha: Option<String>,
    pub json_sha256: Vec<u8>,
    pub facts: String,
    pub image_src: Option<String>,
    pub icon_hash: Option<String>,
    pub first_seen_at: i64,
    pub changed_at: i64,
    pub withdrawn_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_one = "super::listing_document::Entity")]
    Document,
}

impl Related<super::listing_document::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Document.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
