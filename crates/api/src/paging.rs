use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Facets;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Paged<T> {
    /// The entries of this page, in a stable order.
    pub items: Vec<T>,
    /// How many entries the whole list has.
    pub total: u64,
    /// This page, counted from 1.
    pub page: u32,
    /// Entries a page: 1 to 200, 60 unless told.
    pub per_page: u32,
    /// How many entries each filter value has; only for listings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facets: Option<Facets>,
}
