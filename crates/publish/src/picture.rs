//! What a picture is, told from its first bytes: nothing is decoded here.

mod raster;
mod svg;
mod svg_danger;

pub(crate) use svg_danger::svg_danger;

/// What the first bytes of a file say about it as a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// What it is; nothing if it is no picture that browsers show.
    pub format: Option<PictureFormat>,
    /// Its width and height in pixels, where its header says them; of an SVG, in its own units.
    pub size: Option<(u32, u32)>,
}

/// The kinds of pictures that browsers show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PictureFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
    /// Windows icon; holds several pictures, of which the largest counts.
    Ico,
    /// Windows bitmap.
    Bmp,
    /// Scalable Vector Graphics.
    Svg,
}

impl Picture {
    /// Looks at the content of a file.
    pub fn of(bytes: &[u8]) -> Self {
        let found = raster::inspect(bytes).or_else(|| svg::inspect(bytes));
        Self {
            format: found.map(|(format, _)| format),
            size: found.and_then(|(_, size)| size),
        }
    }
}

impl PictureFormat {
    /// The format that a file name promises by its extension.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, extension) = name
            .rsplit_once('/')
            .map_or(name, |(_, name)| name)
            .rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "gif" => Some(Self::Gif),
            "webp" => Some(Self::Webp),
            "ico" => Some(Self::Ico),
            "bmp" => Some(Self::Bmp),
            "svg" => Some(Self::Svg),
            _ => None,
        }
    }

    /// Whether it is made of pixels.
    pub const fn is_raster(self) -> bool {
        !matches!(self, Self::Svg)
    }

    /// Its name as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Gif => "GIF",
            Self::Webp => "WebP",
            Self::Ico => "ICO",
            Self::Bmp => "BMP",
            Self::Svg => "SVG",
        }
    }
}

/// Whether a file name is that of a picture.
pub(crate) fn is_picture(name: &str) -> bool {
    PictureFormat::of_name(name).is_some()
}
