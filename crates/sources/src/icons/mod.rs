//! Icons of registries and their listings: fetched, checked by content, made harmless.

mod fetch;
mod format;
mod raster;
mod svg;

use data_encoding::HEXLOWER;
use model::ByteLimit;
use outbound::FetchError;
use sha2::{Digest as _, Sha256};

pub use fetch::{FetchedIcon, IconBase, IconReader};

use format::Format;

/// Most bytes of an icon as a registry publishes it.
pub const MAX_SOURCE_BYTES: u64 = 2 * 1024 * 1024;
/// Most bytes of an icon as it is kept.
pub const MAX_STORED_BYTES: usize = 64_000;
/// Longest side of an icon as a registry publishes it.
pub const MAX_SOURCE_SIDE: u32 = 4096;
/// Longest side of a raster icon as it is kept.
pub const MAX_STORED_SIDE: u32 = 256;

/// An icon that is safe to serve from our own origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    /// `image/png` or `image/svg+xml`.
    pub media_type: &'static str,
    /// The picture, at most [`MAX_STORED_BYTES`].
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, in lower-case hexadecimal digits.
    pub sha256: String,
}

impl Icon {
    fn new(media_type: &'static str, bytes: Vec<u8>) -> Self {
        let sha256 = HEXLOWER.encode(&Sha256::digest(&bytes));
        Self {
            media_type,
            bytes,
            sha256,
        }
    }
}

/// Why there is no icon; a drawn one takes its place.
#[derive(Debug, thiserror::Error)]
pub enum IconError {
    /// What the registry names is not a file below its folder of icons.
    #[error("`{0}` names no file of the registry")]
    NotAFile(String),
    /// The registry has no such file.
    #[error("the registry has no file at {url}")]
    NotThere {
        /// Where it was looked for.
        url: String,
    },
    /// The registry's answer is neither the file nor that it is missing.
    #[error("status {status} at {url}")]
    Status {
        /// The HTTP status.
        status: u16,
        /// Where it was asked for.
        url: String,
    },
    /// There was no answer.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The file is empty.
    #[error("the file is empty")]
    Empty,
    /// The file is a web page, whatever its name says.
    #[error("the file is an HTML page, not an image")]
    HtmlPage,
    /// The file is of no kind that is shown.
    #[error("the file is no PNG, JPEG, WebP, GIF, ICO, BMP or SVG image")]
    UnknownFormat,
    /// The file is longer than allowed.
    #[error("the image is larger than {}", ByteLimit(*limit))]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// The image has more pixels than allowed.
    #[error("the image is {width} x {height} pixels; at most 4096 x 4096 are read")]
    TooManyPixels {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// The image is damaged.
    #[error("the image cannot be read: {0}")]
    Damaged(String),
}

/// Checks an image by its bytes, whatever its name or type claims, and makes it harmless.
///
/// Rasters are drawn anew as PNG, at most 256 pixels wide and high; of an animation the first
/// picture is kept. Of an SVG only drawing is kept: no script, nothing that is loaded.
pub fn sanitize(bytes: &[u8]) -> Result<Icon, IconError> {
    if bytes.len() as u64 > MAX_SOURCE_BYTES {
        return Err(IconError::TooLarge {
            limit: MAX_SOURCE_BYTES,
        });
    }
    match format::detect(bytes) {
        Format::Empty => Err(IconError::Empty),
        Format::Html => Err(IconError::HtmlPage),
        Format::Unknown => Err(IconError::UnknownFormat),
        Format::Svg => Ok(Icon::new("image/svg+xml", svg::filter(bytes)?)),
        Format::Raster(format) => Ok(Icon::new("image/png", raster::redraw(bytes, format)?)),
    }
}
