/// A file that pages refer to; served from the page's own origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// File name, without a folder: modules import each other by it.
    pub name: &'static str,
    /// Media type to serve it with.
    pub media_type: &'static str,
    /// The file.
    pub bytes: &'static [u8],
}

impl Asset {
    /// A style sheet.
    pub const fn style(name: &'static str, text: &'static str) -> Self {
        Self {
            name,
            media_type: "text/css; charset=utf-8",
            bytes: text.as_bytes(),
        }
    }

    /// An ES module.
    pub const fn script(name: &'static str, text: &'static str) -> Self {
        Self {
            name,
            media_type: "text/javascript; charset=utf-8",
            bytes: text.as_bytes(),
        }
    }

    /// A drawing.
    pub const fn drawing(name: &'static str, text: &'static str) -> Self {
        Self {
            name,
            media_type: "image/svg+xml",
            bytes: text.as_bytes(),
        }
    }
}

/// One file, so that a page is drawn after one answer; layers keep the order of rules.
const STYLE: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/layout.css"),
    include_str!("../assets/css/controls.css"),
    include_str!("../assets/css/panels.css"),
    include_str!("../assets/css/registries.css"),
    include_str!("../assets/css/tiles.css"),
    include_str!("../assets/css/tables.css"),
    include_str!("../assets/css/dialogs.css"),
);

/// The product's logo.
pub const LOGO: Asset = Asset::drawing("quayside.svg", include_str!("../assets/quayside.svg"));

/// What the server and the storefront both serve.
pub const ASSETS: &[Asset] = &[
    Asset::style("quayside.css", STYLE),
    LOGO,
    Asset::drawing("chevron.svg", include_str!("../assets/chevron.svg")),
    Asset::script("document.js", include_str!("../assets/document.js")),
    Asset::script("theme.js", include_str!("../assets/theme.js")),
    Asset::script("tiles.js", include_str!("../assets/tiles.js")),
    Asset::script("popovers.js", include_str!("../assets/popovers.js")),
];
