use askama::Template;
use askama::filters::HtmlSafe;

/// A listing in the grid of a storefront: the front of the server's tile, which leads to the listing's page.
#[derive(Debug, Clone, Template)]
#[template(path = "shop-tile.html")]
pub struct ShopTile<'a> {
    /// Address of its page.
    pub page: &'a str,
    /// Address of its icon.
    pub icon: &'a str,
    /// The name to show.
    pub name: &'a str,
    /// What it is; one line of it is shown.
    pub description: &'a str,
    /// Architectures and category.
    pub kind: &'a str,
    /// Its size in words, where it is known.
    pub size: Option<&'a str>,
    /// How many properties deserve a look.
    pub flags: u64,
}

impl HtmlSafe for ShopTile<'_> {}
