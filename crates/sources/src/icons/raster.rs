use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat,
    ImageReader, Limits, Rgba, RgbaImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
    imageops::{self, FilterType as Scaling},
    metadata::Orientation,
};

use super::{IconError, MAX_SOURCE_SIDE, MAX_STORED_BYTES, MAX_STORED_SIDE};

/// Most memory that decoding may take: 4096 x 4096 pixels of four bytes, and room to work.
const MAX_DECODED_BYTES: u64 = 96 * 1024 * 1024;

/// Sides that are tried until the picture fits; at the last one nothing is too large.
const SIDES: [u32; 5] = [MAX_STORED_SIDE, 192, 128, 96, 64];

/// Draws an image anew as PNG, small enough to be kept.
pub(crate) fn redraw(bytes: &[u8], format: ImageFormat) -> Result<Vec<u8>, IconError> {
    let picture = decode(bytes, format)?;
    for side in SIDES {
        let png = encode(&fit(&picture, side))?;
        if png.len() <= MAX_STORED_BYTES {
            return Ok(png);
        }
    }
    Err(IconError::TooLarge {
        limit: MAX_STORED_BYTES as u64,
    })
}

/// Decodes the first picture within the limits; it comes out at most twice as large as kept.
fn decode(bytes: &[u8], format: ImageFormat) -> Result<RgbaImage, IconError> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SOURCE_SIDE);
    limits.max_image_height = Some(MAX_SOURCE_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // Applied by hand below, so that the size can be told.
    reader.no_limits();
    let mut decoder = reader.into_decoder().map_err(|error| damaged(&error))?;
    let (width, height) = decoder.dimensions();
    let too_many = IconError::TooManyPixels { width, height };
    if width == 0 || height == 0 {
        return Err(IconError::Damaged("it has no pixels".to_owned()));
    }
    if width > MAX_SOURCE_SIDE
        || height > MAX_SOURCE_SIDE
        || decoder.total_bytes() > MAX_DECODED_BYTES
    {
        return Err(too_many);
    }
    match decoder.set_limits(limits) {
        Ok(()) => {}
        Err(ImageError::Limits(_)) => return Err(too_many),
        Err(error) => return Err(damaged(&error)),
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| damaged(&error))?;
    let ample = 2 * MAX_STORED_SIDE;
    if width > ample || height > ample {
        // Fast and good enough for the first step of two; keeps the rest small.
        picture = if picture.color().has_alpha() {
            without_bleeding(picture.into_rgba8(), |picture| {
                let (width, height) = fitting(width, height, ample);
                imageops::thumbnail(picture, width, height)
            })
            .into()
        } else {
            picture.thumbnail(ample, ample)
        };
    }
    picture.apply_orientation(orientation);
    Ok(picture.into_rgba8())
}

/// Scales down to a side, never up.
fn fit(picture: &RgbaImage, side: u32) -> RgbaImage {
    let (width, height) = picture.dimensions();
    if width.max(height) <= side {
        return picture.clone();
    }
    let (width, height) = fitting(width, height, side);
    without_bleeding(picture.clone(), |picture| {
        imageops::resize(picture, width, height, Scaling::CatmullRom)
    })
}

/// The size of a larger picture when its longer side is scaled down to a length.
fn fitting(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longest = width.max(height);
    let scaled = |length: u32| (length * side / longest).clamp(1, side);
    (scaled(width), scaled(height))
}

/// Scales with colours weighted by their opacity: otherwise the colour of what cannot be seen
/// bleeds into the edges.
fn without_bleeding(
    mut picture: RgbaImage,
    scale: impl FnOnce(&RgbaImage) -> RgbaImage,
) -> RgbaImage {
    for Rgba([red, green, blue, alpha]) in picture.pixels_mut() {
        let alpha = u16::from(*alpha);
        for channel in [red, green, blue] {
            *channel = ((u16::from(*channel) * alpha + 127) / 255) as u8;
        }
    }
    let mut small = scale(&picture);
    for Rgba([red, green, blue, alpha]) in small.pixels_mut() {
        let alpha = u16::from(*alpha);
        for channel in [red, green, blue] {
            *channel = (u16::from(*channel) * 255 + alpha / 2)
                .checked_div(alpha)
                .map_or(0, |value| value.min(255) as u8);
        }
    }
    small
}

fn encode(picture: &RgbaImage) -> Result<Vec<u8>, IconError> {
    let (width, height) = picture.dimensions();
    let opaque = picture.pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let mut png = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive);
    let encoded = if opaque {
        let pixels: Vec<u8> = picture
            .pixels()
            .flat_map(|pixel| [pixel.0[0], pixel.0[1], pixel.0[2]])
            .collect();
        encoder.write_image(&pixels, width, height, ExtendedColorType::Rgb8)
    } else {
        encoder.write_image(picture.as_raw(), width, height, ExtendedColorType::Rgba8)
    };
    encoded.map_err(|error| damaged(&error))?;
    Ok(png)
}

fn damaged(error: &ImageError) -> IconError {
    IconError::Damaged(error.to_string())
}
