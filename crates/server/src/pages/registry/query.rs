use api::{ListingsQuery, SortOrder, UnfitListings};
use url::form_urlencoded;

/// Orders that can be chosen, with their names in the query and on the page.
pub(crate) const ORDERS: [(SortOrder, &str, &str); 5] = [
    (SortOrder::Name, "name", "Name"),
    (SortOrder::Registry, "registry", "Registry"),
    (SortOrder::Newest, "newest", "Newest"),
    (SortOrder::Changed, "changed", "Changed"),
    (SortOrder::Size, "size", "Size"),
];

/// Address of the start page that shows `query`.
pub(crate) fn page_address(query: &ListingsQuery) -> String {
    let pairs = pairs(query);
    if pairs.is_empty() {
        return "/".to_owned();
    }
    let start = "/?".to_owned();
    let length = start.len();
    form_urlencoded::Serializer::for_suffix(start, length)
        .extend_pairs(pairs)
        .finish()
}

/// What `query` says, as pairs of a query string.
pub(crate) fn pairs(query: &ListingsQuery) -> Vec<(&'static str, String)> {
    let order = query
        .sort
        .and_then(|sort| ORDERS.iter().find(|(order, ..)| *order == sort))
        .map(|(_, name, _)| (*name).to_owned());
    [
        ("search", query.search.clone()),
        ("category", query.category.clone()),
        ("registry", query.registry.map(|id| id.to_string())),
        ("architecture", query.architecture.clone()),
        ("risk", query.risk.clone()),
        ("installed", query.installed.map(|only| only.to_string())),
        ("version", query.version.clone()),
        ("channel", query.channel.clone()),
        (
            "unfit",
            (query.unfit == Some(UnfitListings::Show)).then(|| "show".to_owned()),
        ),
        ("sort", order),
        (
            "page",
            query
                .page
                .filter(|page| *page > 1)
                .map(|page| page.to_string()),
        ),
        ("per_page", query.per_page.map(|count| count.to_string())),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_stand_in_the_address() {
        assert_eq!(page_address(&ListingsQuery::default()), "/");
        let query = ListingsQuery {
            search: Some("a&b=c d".to_owned()),
            category: Some(String::new()),
            sort: Some(SortOrder::Newest),
            page: Some(2),
            ..ListingsQuery::default()
        };
        assert_eq!(
            page_address(&query),
            "/?search=a%26b%3Dc+d&sort=newest&page=2"
        );
    }
}
