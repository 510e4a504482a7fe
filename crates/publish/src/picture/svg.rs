use super::PictureFormat;

/// How far into a file its first element may begin: comments of drawing programs stand before it.
const LONGEST_PROLOGUE: usize = 64 * 1024;

/// The format and size of an SVG.
pub(super) fn inspect(bytes: &[u8]) -> Option<(PictureFormat, Option<(u32, u32)>)> {
    let bytes = &bytes[..bytes.len().min(LONGEST_PROLOGUE)];
    let tag = first_tag(bytes)?;
    let end = tag
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
    let name = tag[..end].rsplit(|byte| *byte == b':').next()?;
    if name != b"svg" {
        return None;
    }
    Some((PictureFormat::Svg, size(&tag[end..])))
}

/// What stands behind the `<` of the first element: declaration, comments and document type are passed over.
fn first_tag(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    loop {
        rest = rest.trim_ascii_start();
        rest = if rest.starts_with(b"<!--") {
            after(rest, b"-->")?
        } else if rest.starts_with(b"<?") {
            after(rest, b"?>")?
        } else if rest.starts_with(b"<!") {
            let end = rest.iter().position(|byte| matches!(byte, b'>' | b'['))?;
            if rest[end] == b'[' {
                let inner = after(&rest[end..], b"]")?.trim_ascii_start();
                inner.strip_prefix(b">")?
            } else {
                &rest[end + 1..]
            }
        } else {
            return rest.strip_prefix(b"<");
        };
    }
}

fn after<'b>(bytes: &'b [u8], end: &[u8]) -> Option<&'b [u8]> {
    let place = bytes.windows(end.len()).position(|window| window == end)?;
    Some(&bytes[place + end.len()..])
}

/// The size that the attributes of the element give: `width` and `height`, else the last two numbers of `viewBox`.
fn size(attributes: &[u8]) -> Option<(u32, u32)> {
    let text = String::from_utf8_lossy(attributes);
    let width = attribute(&text, "width").and_then(length);
    let height = attribute(&text, "height").and_then(length);
    if let (Some(width), Some(height)) = (width, height) {
        return Some((width, height));
    }
    let numbers: Vec<u32> = attribute(&text, "viewBox")?
        .split([' ', ',', '\t', '\n', '\r'])
        .filter(|part| !part.is_empty())
        .skip(2)
        .map_while(length)
        .collect();
    match numbers[..] {
        [width, height] => Some((width, height)),
        _ => None,
    }
}

/// A length in pixels; percentages and physical units say nothing about the picture's shape.
fn length(text: &str) -> Option<u32> {
    let number: f64 = text.trim().trim_end_matches("px").parse().ok()?;
    (number > 0.0 && number <= f64::from(u32::MAX)).then(|| number.ceil() as u32)
}

/// The value of an attribute of a start tag.
fn attribute<'t>(tag: &'t str, wanted: &str) -> Option<&'t str> {
    let mut rest = tag;
    loop {
        rest = rest.trim_start();
        let end = rest.find(['=', '>', '/'])?;
        if !rest[end..].starts_with('=') {
            return None;
        }
        let name = rest[..end].trim_end();
        let value = rest[end + 1..].trim_start();
        let quote = value
            .chars()
            .next()
            .filter(|first| matches!(first, '"' | '\''))?;
        let (value, after) = value[1..].split_once(quote)?;
        if name == wanted {
            return Some(value);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_element_tells() {
        let svg = |size| Some((PictureFormat::Svg, size));
        let cases = [
            (r#"<svg width="64" height="32px"/>"#, svg(Some((64, 32)))),
            (r#"<svg viewBox="0 0 24.5 24"/>"#, svg(Some((25, 24)))),
            (
                r#"<svg width="100%" height="100%" viewBox='0,0,8,4'>"#,
                svg(Some((8, 4))),
            ),
            ("<svg>", svg(None)),
            (
                "\u{feff}<?xml version='1.0'?>\n<!-- a --><!DOCTYPE svg [<!ENTITY a 'b'>]><svg:svg width='1' height='1'>",
                svg(Some((1, 1))),
            ),
            ("<!doctype html><html>", None),
            ("<html><svg/></html>", None),
            ("<svg", None),
            ("<!--", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(inspect(text.as_bytes()), expected, "{text}");
        }
    }
}
