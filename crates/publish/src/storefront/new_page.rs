use askama::Template;
use model::SchemaForm;
use ui::ShopTile;

use super::frame::{Frame, Markup, Place};
use super::search::CHUNK;
use super::site::{Facets, Site};
use crate::authoring::NewWorkspace;

/// Where the page lies: at the address that the template had it at.
pub(super) const PATH: &str = "new/index.html";

/// The form for a new workspace.
#[derive(Template)]
#[template(path = "new.html")]
pub(super) struct NewPage<'a> {
    frame: Frame<'a>,
    facets: &'a Facets,
    chunks: usize,
    /// The version that most will want.
    newest: String,
    is_with_channels: bool,
    /// What to write by hand.
    example: String,
}

impl<'a> NewPage<'a> {
    pub(super) fn new(site: &'a Site, facets: &'a Facets) -> Self {
        let description = "A form that makes the folder of a new workspace";
        let mut frame = Frame::new(site, PATH.to_owned(), Some("New workspace"), description);
        frame.place = Place::New;
        let newest = facets.versions().into_iter().next();
        let newest = newest.unwrap_or_else(|| "1.18.x".to_owned());
        Self {
            example: example(site.schema, &newest),
            frame,
            facets,
            chunks: (facets.total as usize).div_ceil(CHUNK),
            newest,
            is_with_channels: site.schema == SchemaForm::V1_1,
        }
    }

    fn tile() -> Markup {
        Markup::of(&ShopTile {
            page: "",
            icon: "../storefront/blank.svg",
            name: "Friendly Name",
            description: "Description",
            kind: "",
            size: Some(""),
            flags: 1,
        })
    }
}

fn example(schema: SchemaForm, version: &str) -> String {
    let workspace = NewWorkspace {
        friendly_name: "Chart Plotter".to_owned(),
        description: "Lay a course over the bay and print the passage plan.".to_owned(),
        image: "ghcr.io/you/chart-plotter:1.0"
            .parse()
            .expect("it is a reference"),
        image_src: "chart-plotter.png".to_owned(),
        architectures: vec!["amd64".to_owned()],
        versions: version.parse().into_iter().collect(),
        size_mb: 2400,
        categories: vec!["Office".to_owned()],
        notes: String::new(),
    };
    workspace.json(schema)
}
