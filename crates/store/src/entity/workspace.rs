//! An installed listing.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "workspaces")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub listing_id: Option<Uuid>,
    pub registry_id: Option<Uuid>,
    pub registry_name: String,
    pub friendly_name: String,
    pub base_json: String,
    pub changes_json: Option<String>,
    pub effective_json: String,
    pub image: String,
    pub version: Option<String>,
    pub channel: Option<String>,
    pub icon_hash: Option<String>,
    pub agents_rule: String,
    pub digest: Option<String>,
    pub media_type: Option<String>,
    pub platforms: Option<String>,
    pub resolve_cause: Option<String>,
    pub resolve_detail: Option<String>,
    pub removing: bool,
    pub install_key: Option<String>,
    pub etag_version: i64,
    pub installed_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
