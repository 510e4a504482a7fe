//! A registry and its last good copy's header.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub url: String,
    pub root_after_redirects: Option<String>,
    pub first_party: bool,
    pub automatic_updates: bool,
    pub settings_version: i64,
    pub name: Option<String>,
    pub description: Option<String>,
    pub icon_src: Option<String>,
    pub icon_hash: Option<String>,
    pub icon_hash_src: Option<String>,
    pub icon_etag: Option<String>,
    pub list_url: Option<String>,
    pub contact_url: Option<String>,
    pub modified: Option<i64>,
    pub schema: Option<String>,
    pub folder: Option<String>,
    pub channels: String,
    pub default_channel: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub list_sha256: Option<Vec<u8>>,
    pub from_public: bool,
    pub username: Option<String>,
    pub sealed_password: Option<Vec<u8>>,
    pub set_aside: String,
    pub notes: String,
    pub failure_step: Option<String>,
    pub failure_cause: Option<String>,
    pub failure_detail: Option<String>,
    pub failure_hint: Option<String>,
    pub copied_at: Option<i64>,
    pub attempted_at: Option<i64>,
    pub next_attempt_at: Option<i64>,
    pub added_at: i64,
    pub listing_count: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
