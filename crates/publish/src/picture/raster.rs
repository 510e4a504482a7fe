use super::PictureFormat;

type Found = (PictureFormat, Option<(u32, u32)>);

/// The format and size of a raster picture.
pub(super) fn inspect(bytes: &[u8]) -> Option<Found> {
    let format = format(bytes)?;
    let size = match format {
        PictureFormat::Png => png(bytes),
        PictureFormat::Jpeg => jpeg(bytes),
        PictureFormat::Gif => gif(bytes),
        PictureFormat::Webp => webp(bytes),
        PictureFormat::Ico => ico(bytes),
        PictureFormat::Bmp => bmp(bytes),
        PictureFormat::Svg => None,
    };
    Some((format, size))
}

fn format(bytes: &[u8]) -> Option<PictureFormat> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(PictureFormat::Png)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some(PictureFormat::Jpeg)
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some(PictureFormat::Gif)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(PictureFormat::Webp)
    } else if matches!(bytes, [0, 0, 1, 0, 1..=255, 0, ..]) {
        // An icon, not a cursor, with at least one picture.
        Some(PictureFormat::Ico)
    } else if bytes.starts_with(b"BM") && matches!(bytes.get(14..18), Some([12..=124, 0, 0, 0])) {
        // Two letters alone could be the start of any text: the length of a header follows.
        Some(PictureFormat::Bmp)
    } else {
        None
    }
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    (bytes.get(12..16)? == b"IHDR").then_some(())?;
    Some((big(bytes, 16, 4)?, big(bytes, 20, 4)?))
}

fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    Some((little(bytes, 6, 2)?, little(bytes, 8, 2)?))
}

/// The size stands in the frame's header, behind segments that give their lengths.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut place = 2;
    loop {
        (*bytes.get(place)? == 0xff).then_some(())?;
        let marker = *bytes.get(place + 1)?;
        match marker {
            // Fill bytes stand before markers.
            0xff => place += 1,
            // Markers without a segment.
            0x01 | 0xd0..=0xd8 => place += 2,
            // Start of frame, of every coding; 0xc4, 0xc8 and 0xcc are tables and reserved.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some((big(bytes, place + 7, 2)?, big(bytes, place + 5, 2)?));
            }
            // The picture itself begins, or ends, before its size was told.
            0xd9 | 0xda => return None,
            _ => place += 2 + big(bytes, place + 2, 2)? as usize,
        }
    }
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8X" => Some((little(bytes, 24, 3)? + 1, little(bytes, 27, 3)? + 1)),
        b"VP8L" => {
            let packed = little(bytes, 21, 4)?;
            Some(((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => Some((
            little(bytes, 26, 2)? & 0x3fff,
            little(bytes, 28, 2)? & 0x3fff,
        )),
        _ => None,
    }
}

fn ico(bytes: &[u8]) -> Option<(u32, u32)> {
    const ENTRY: usize = 16;
    let count = little(bytes, 4, 2)? as usize;
    // A zero stands for 256, which does not fit into its byte.
    let side = |byte: u8| if byte == 0 { 256 } else { u32::from(byte) };
    bytes
        .get(6..)?
        .chunks_exact(ENTRY)
        .take(count)
        .map(|entry| (side(entry[0]), side(entry[1])))
        .max()
}

fn bmp(bytes: &[u8]) -> Option<(u32, u32)> {
    if little(bytes, 14, 4)? == 12 {
        return Some((little(bytes, 18, 2)?, little(bytes, 20, 2)?));
    }
    // A negative height means that rows go from top to bottom.
    let side = |place| Some((little(bytes, place, 4)? as i32).unsigned_abs());
    Some((side(18)?, side(22)?))
}

fn big(bytes: &[u8], place: usize, length: usize) -> Option<u32> {
    let field = bytes.get(place..place.checked_add(length)?)?;
    Some(
        field
            .iter()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte)),
    )
}

fn little(bytes: &[u8], place: usize, length: usize) -> Option<u32> {
    let field = bytes.get(place..place.checked_add(length)?)?;
    Some(
        field
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_the_size() {
        let cases: &[(&[u8], Option<Found>)] = &[
            (
                b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\0\0\0\0\x80\x08\x06",
                Some((PictureFormat::Png, Some((256, 128)))),
            ),
            (b"\x89PNG\r\n\x1a\n\0\0", Some((PictureFormat::Png, None))),
            (
                b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x11\x08\0\x10\0\x20\x03",
                Some((PictureFormat::Jpeg, Some((32, 16)))),
            ),
            (b"\xff\xd8\xff\xe0\xff\xff", Some((PictureFormat::Jpeg, None))),
            (b"\xff\xd8\xff\xda\0\x08", Some((PictureFormat::Jpeg, None))),
            (b"GIF89a\x20\0\x10\0", Some((PictureFormat::Gif, Some((32, 16))))),
            (
                b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x01\0\x7f\0\0",
                Some((PictureFormat::Webp, Some((512, 128)))),
            ),
            (
                b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x1f\xc0\x03\0",
                Some((PictureFormat::Webp, Some((32, 16)))),
            ),
            (
                b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x20\0\x10\0",
                Some((PictureFormat::Webp, Some((32, 16)))),
            ),
            (
                b"\0\0\x01\0\x02\0\x10\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                Some((PictureFormat::Ico, Some((256, 256)))),
            ),
            (
                b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\x20\0\0\0\xf0\xff\xff\xff",
                Some((PictureFormat::Bmp, Some((32, 16)))),
            ),
            (b"BMW is a text", None),
            (b"", None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(inspect(bytes), *expected, "{}", bytes.escape_ascii());
        }
    }
}
