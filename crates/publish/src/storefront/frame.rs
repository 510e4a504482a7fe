use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

use super::site::Site;

/// How much of a description is given to those that only show a preview, characters.
const PREVIEW: usize = 200;

/// The bytes of a page.
pub(super) fn html(page: &impl Template) -> Vec<u8> {
    page.render()
        .expect("a template fails only where a value cannot be written to a string")
        .into_bytes()
}

/// Where a page stands in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Library,
    New,
    Elsewhere,
}

/// What is around the content of every page.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) site: &'a Site,
    /// From this page to the root of the storefront.
    pub(super) root: &'static str,
    /// From the root of the storefront to this page.
    pub(super) path: String,
    /// The name of the page; none on the first.
    name: Option<&'a str>,
    pub(super) description: String,
    /// Address of the picture that a preview shows, from the root of the storefront.
    pub(super) picture: &'a str,
    pub(super) place: Place,
}

impl<'a> Frame<'a> {
    pub(super) fn new(
        site: &'a Site,
        path: String,
        name: Option<&'a str>,
        description: &str,
    ) -> Self {
        let description: String = description.chars().take(PREVIEW).collect();
        Self {
            site,
            root: if path.contains('/') { "../" } else { "" },
            path,
            name,
            description,
            picture: &site.logo,
            place: Place::Elsewhere,
        }
    }

    pub(super) fn title(&self) -> String {
        match self.name {
            Some(name) => format!("{name} · {}", self.site.name),
            None => format!("{} · Workspace registry", self.site.name),
        }
    }
}

/// Markup that a template made.
#[derive(Debug)]
pub(super) struct Markup(String);

impl Markup {
    pub(super) fn of(part: &impl Template) -> Self {
        Self(part.render().unwrap_or_default())
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}
