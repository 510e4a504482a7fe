use image::ImageFormat;

/// What a file is by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Empty,
    Html,
    Svg,
    Raster(ImageFormat),
    Unknown,
}

/// Tells a file's format by its content alone.
pub(crate) fn detect(bytes: &[u8]) -> Format {
    match bytes {
        [] => Format::Empty,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Format::Raster(ImageFormat::Png),
        [0xff, 0xd8, 0xff, ..] => Format::Raster(ImageFormat::Jpeg),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Format::Raster(ImageFormat::Gif),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Format::Raster(ImageFormat::WebP),
        // An icon, not a cursor, with at least one picture.
        [0, 0, 1, 0, 1..=255, 0, ..] => Format::Raster(ImageFormat::Ico),
        // Two letters alone could be the start of any text: the length of a known header follows.
        [b'B', b'M', ..]
            if matches!(
                bytes.get(14..18),
                Some([12 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0])
            ) =>
        {
            Format::Raster(ImageFormat::Bmp)
        }
        _ => detect_markup(bytes),
    }
}

/// Names that a file begins with when it is a page, or a piece of one.
const HTML_NAMES: [&[u8]; 12] = [
    b"html", b"head", b"body", b"title", b"script", b"style", b"meta", b"link", b"div", b"p",
    b"h1", b"a",
];

/// Looks for the first element behind declaration, comments and document type.
fn detect_markup(bytes: &[u8]) -> Format {
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    loop {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return if bytes.trim_ascii().is_empty() {
                Format::Empty
            } else {
                Format::Unknown
            };
        }
        let skipped = if rest.starts_with(b"<!--") {
            after(rest, b"-->")
        } else if rest.starts_with(b"<?") {
            after(rest, b"?>")
        } else if starts_with_ignoring_case(rest, b"<!doctype") {
            let name = rest[b"<!doctype".len()..].trim_ascii_start();
            if starts_with_ignoring_case(name, b"html") {
                return Format::Html;
            }
            after_document_type(rest)
        } else {
            return element(rest);
        };
        match skipped {
            Some(next) => rest = next,
            None => return Format::Unknown,
        }
    }
}

fn element(markup: &[u8]) -> Format {
    let Some(markup) = markup.strip_prefix(b"<") else {
        return Format::Unknown;
    };
    let end = markup
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
        .unwrap_or(markup.len());
    let name = &markup[..end];
    let local_name = name.rsplit(|byte| *byte == b':').next().unwrap_or(name);
    if local_name == b"svg" {
        Format::Svg
    } else if HTML_NAMES
        .iter()
        .any(|html| html.eq_ignore_ascii_case(name))
    {
        Format::Html
    } else {
        Format::Unknown
    }
}

fn after<'b>(bytes: &'b [u8], end: &[u8]) -> Option<&'b [u8]> {
    let position = bytes.windows(end.len()).position(|window| window == end)?;
    Some(&bytes[position + end.len()..])
}

/// A document type may hold declarations in brackets, as those of drawing programs do.
fn after_document_type(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().position(|byte| matches!(byte, b'>' | b'['))?;
    if bytes[end] == b'>' {
        return Some(&bytes[end + 1..]);
    }
    after(after(&bytes[end..], b"]")?, b">")
}

fn starts_with_ignoring_case(bytes: &[u8], start: &[u8]) -> bool {
    bytes
        .get(..start.len())
        .is_some_and(|found| found.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_told_by_its_first_element() {
        let cases: [(&str, Format); 16] = [
            ("", Format::Empty),
            (" \n", Format::Empty),
            ("<svg/>", Format::Svg),
            ("<svg xmlns='x'>", Format::Svg),
            ("<svg:svg xmlns:svg='x'>", Format::Svg),
            (
                "\u{feff}<?xml version='1.0'?>\n<!-- <html> -->\n<svg>",
                Format::Svg,
            ),
            ("<!DOCTYPE svg PUBLIC 'a' 'b'><svg>", Format::Svg),
            ("<!DOCTYPE svg [ <!ENTITY a 'b'> ]>\n<svg>", Format::Svg),
            ("<!doctype HTML><svg>", Format::Html),
            ("<HTML>", Format::Html),
            ("<script>alert(1)</script>", Format::Html),
            ("<rss>", Format::Unknown),
            ("<!-- never closed", Format::Unknown),
            ("{\"a\":1}", Format::Unknown),
            ("BM is how this text begins", Format::Unknown),
            (
                "version https://git-lfs.github.com/spec/v1",
                Format::Unknown,
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(detect(text.as_bytes()), expected, "{text}");
        }
    }
}
