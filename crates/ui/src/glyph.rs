use std::fmt;

use askama::filters::HtmlSafe;

/// A small drawing that goes with a word; hidden from screen readers.
///
/// Drawn in place: no second request, and the same in a page that lies on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// Two machines.
    Agents,
    /// A waste bin.
    Bin,
    /// A clock with a broken rim: under way.
    Busy,
    /// A cross.
    Close,
    /// Two sheets.
    Copy,
    /// A moon.
    Dark,
    /// A disk.
    Disk,
    /// A tick in a ring.
    Done,
    /// An arrow down.
    Down,
    /// A cross in a ring.
    Fail,
    /// A pulse.
    Health,
    /// A key.
    Key,
    /// A sun.
    Light,
    /// A letter.
    Mail,
    /// Three dots.
    More,
    /// A dash in a ring.
    Off,
    /// An arrow out of a frame.
    Open,
    /// A door.
    Out,
    /// A plus.
    Plus,
    /// An arrow in a circle.
    Refresh,
    /// Four tiles.
    Registry,
    /// An arrow right.
    Right,
    /// A lens.
    Search,
    /// Two sliders.
    Settings,
    /// A shield.
    Shield,
    /// A ring, half filled.
    System,
    /// A tick.
    Tick,
    /// An empty ring.
    Wait,
    /// A triangle.
    Warn,
    /// A screen.
    Workspaces,
}

impl Glyph {
    const fn shape(self) -> &'static str {
        match self {
            Self::Agents => {
                r#"<rect x="2" y="2" width="12" height="5" rx="1"/><rect x="2" y="9" width="12" height="5" rx="1"/><path d="M5 4.5h.01M5 11.5h.01"/>"#
            }
            Self::Bin => r#"<path d="M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4"/>"#,
            Self::Busy => {
                r#"<circle cx="8" cy="8" r="6.2" stroke-dasharray="3 2.2"/><path d="M8 5v3l2 1.5"/>"#
            }
            Self::Close => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
            Self::Copy => {
                r#"<rect x="5.5" y="5.5" width="8.5" height="8.5" rx="1.5"/><path d="M10.5 5.5v-2A1.5 1.5 0 0 0 9 2H3.5A1.5 1.5 0 0 0 2 3.5V9a1.5 1.5 0 0 0 1.5 1.5h2"/>"#
            }
            Self::Dark => r#"<path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z"/>"#,
            Self::Disk => {
                r#"<ellipse cx="8" cy="4" rx="6" ry="2.2"/><path d="M2 4v8c0 1.2 2.7 2.2 6 2.2s6-1 6-2.2V4M2 8c0 1.2 2.7 2.2 6 2.2s6-1 6-2.2"/>"#
            }
            Self::Done => r#"<circle cx="8" cy="8" r="6.2"/><path d="m5.2 8.2 2 2 3.6-4"/>"#,
            Self::Down => r#"<path d="m4 6 4 4 4-4"/>"#,
            Self::Fail => {
                r#"<circle cx="8" cy="8" r="6.2"/><path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4"/>"#
            }
            Self::Health => r#"<path d="M1.5 8h3l2-5.5 3 11 2-5.5h3"/>"#,
            Self::Key => r#"<circle cx="5" cy="11" r="3"/><path d="m7.2 8.8 6-6M11 5l2 2"/>"#,
            Self::Light => {
                r#"<circle cx="8" cy="8" r="3"/><path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1"/>"#
            }
            Self::Mail => {
                r#"<rect x="1.5" y="3" width="13" height="10" rx="1.5"/><path d="m2 4.5 6 4.5 6-4.5"/>"#
            }
            Self::More => r#"<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.4"/>"#,
            Self::Off => r#"<circle cx="8" cy="8" r="6.2"/><path d="M5 8h6"/>"#,
            Self::Open => {
                r#"<path d="M9.5 2H14v4.5M14 2 7.5 8.5M12 9.5v3A1.5 1.5 0 0 1 10.5 14h-7A1.5 1.5 0 0 1 2 12.5v-7A1.5 1.5 0 0 1 3.5 4h3"/>"#
            }
            Self::Out => {
                r#"<path d="M6 14H3.5A1.5 1.5 0 0 1 2 12.5v-9A1.5 1.5 0 0 1 3.5 2H6M10.5 11l3-3-3-3M13.5 8H6"/>"#
            }
            Self::Plus => r#"<path d="M8 3v10M3 8h10"/>"#,
            Self::Refresh => r#"<path d="M13.5 8a5.5 5.5 0 1 1-1.6-3.9L13.5 5.5M13.5 2v3.5H10"/>"#,
            Self::Registry => {
                r#"<rect x="2" y="2" width="5" height="5" rx="1"/><rect x="9" y="2" width="5" height="5" rx="1"/><rect x="2" y="9" width="5" height="5" rx="1"/><rect x="9" y="9" width="5" height="5" rx="1"/>"#
            }
            Self::Right => r#"<path d="m6 4 4 4-4 4"/>"#,
            Self::Search => r#"<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>"#,
            Self::Settings => {
                r#"<path d="M2 4h7M13 4h1M2 12h1M7 12h7"/><circle cx="11" cy="4" r="1.8"/><circle cx="5" cy="12" r="1.8"/>"#
            }
            Self::Shield => {
                r#"<path d="M8 1.5 13.5 3.5V8c0 3.2-2.3 5.5-5.5 6.5C4.8 13.5 2.5 11.2 2.5 8V3.5Z"/>"#
            }
            Self::System => {
                r#"<circle cx="8" cy="8" r="6"/><path d="M8 2v12a6 6 0 0 0 0-12Z" fill="currentColor"/>"#
            }
            Self::Tick => r#"<path d="m3 8.5 3.5 3.5L13 4.5"/>"#,
            Self::Wait => r#"<circle cx="8" cy="8" r="6.2"/>"#,
            Self::Warn => r#"<path d="M8 1.8 14.8 13.8H1.2Z"/><path d="M8 6.2v3.6M8 11.9h.01"/>"#,
            Self::Workspaces => {
                r#"<rect x="1.5" y="2.5" width="13" height="9" rx="1.5"/><path d="M5 14.5h6M1.5 5.5h13"/>"#
            }
        }
    }
}

impl fmt::Display for Glyph {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(r#"<svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">"#)?;
        formatter.write_str(self.shape())?;
        formatter.write_str("</svg>")
    }
}

impl HtmlSafe for Glyph {}
