use api::Paged;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::AppError;

/// Entries a page unless told.
pub(crate) const PER_PAGE: u32 = 60;

/// Most entries a page.
pub(crate) const MOST_PER_PAGE: u32 = 200;

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct PageQuery {
    /// Page, from 1.
    page: Option<u32>,
    /// Entries a page, 1 to 200.
    per_page: Option<u32>,
}

/// Checks page and entries a page.
pub(crate) fn check(page: Option<u32>, per_page: Option<u32>) -> Result<(u32, u32), AppError> {
    let (page, per_page) = (page.unwrap_or(1), per_page.unwrap_or(PER_PAGE));
    if page == 0 {
        return Err(AppError::bad_request("Pages are counted from 1."));
    }
    if per_page == 0 || per_page > MOST_PER_PAGE {
        return Err(AppError::bad_request("`per_page` is 1 to 200."));
    }
    Ok((page, per_page))
}

impl PageQuery {
    /// Cuts a page out of a whole list.
    pub(crate) fn page_of<T>(&self, all: Vec<T>) -> Result<Paged<T>, AppError> {
        let (page, per_page) = check(self.page, self.per_page)?;
        let total = all.len() as u64;
        let skip = (page as usize - 1).saturating_mul(per_page as usize);
        let items = all.into_iter().skip(skip).take(per_page as usize).collect();
        Ok(Paged {
            items,
            total,
            page,
            per_page,
            facets: None,
        })
    }
}
