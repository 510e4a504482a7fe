use std::io::{self, Write};

use svg_hush::{Filter, data_url_filter};

use super::{IconError, MAX_STORED_BYTES};

/// Keeps of an SVG what draws: no script, no event, nothing that is loaded from elsewhere.
pub(crate) fn filter(bytes: &[u8]) -> Result<Vec<u8>, IconError> {
    let mut filter = Filter::new();
    // Pictures that are part of the file itself.
    filter.set_data_url_filter(data_url_filter::allow_standard_images);
    let mut output = Limited::default();
    match filter.filter(bytes, &mut output) {
        Ok(()) => {}
        Err(_) if output.exceeded => return Err(too_large()),
        Err(svg_hush::FError::Reader(error)) => {
            return Err(IconError::Damaged(error.to_string()));
        }
        Err(error) => return Err(IconError::Damaged(error.to_string())),
    }
    let text = String::from_utf8(output.bytes)
        .map_err(|_| IconError::Damaged("it is not UTF-8".to_owned()))?;
    let text = without_attribute_references(&without_function_references(&text));
    if !draws(&text) {
        return Err(IconError::Damaged("it draws nothing".to_owned()));
    }
    if text.len() > MAX_STORED_BYTES {
        return Err(too_large());
    }
    Ok(text.into_bytes())
}

fn too_large() -> IconError {
    IconError::TooLarge {
        limit: MAX_STORED_BYTES as u64,
    }
}

/// Elements that draw, each with the attribute that it draws nothing without.
const SHAPES: [(&str, &str); 10] = [
    ("path", "d"),
    ("rect", "width"),
    ("circle", "r"),
    ("ellipse", ""),
    ("line", ""),
    ("polyline", "points"),
    ("polygon", "points"),
    ("text", ""),
    ("image", "href"),
    ("use", "href"),
];

/// Elements whose content is not drawn where it stands.
const NOT_DRAWN: [&str; 6] = ["defs", "clipPath", "mask", "symbol", "pattern", "marker"];

/// Whether a filtered SVG has a shape: without one an icon would be a blank.
fn draws(svg: &str) -> bool {
    let mut hidden = 0_usize;
    for tag in svg.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let name_of = |tag: &str| {
            let name = tag.split([' ', '/', '\n', '\t']).next().unwrap_or_default();
            name.rsplit(':').next().unwrap_or_default().to_owned()
        };
        if let Some(ended) = tag.strip_prefix('/') {
            let ended = name_of(ended);
            hidden = hidden.saturating_sub(usize::from(NOT_DRAWN.contains(&ended.as_str())));
            continue;
        }
        let name = name_of(tag);
        if NOT_DRAWN.contains(&name.as_str()) {
            hidden += usize::from(!tag.ends_with('/'));
        } else if hidden == 0
            && let Some((_, needed)) = SHAPES.iter().find(|(shape, _)| *shape == name)
            && (needed.is_empty() || has_value(tag, needed))
        {
            return true;
        }
    }
    false
}

/// Whether a tag gives an attribute a value other than nothing.
fn has_value(tag: &str, attribute: &str) -> bool {
    let mut parts = tag.split('"');
    while let (Some(before), Some(value)) = (parts.next(), parts.next()) {
        let name = before.trim().trim_end_matches('=');
        if name.rsplit([' ', '\n', '\t', ':']).next() == Some(attribute) {
            return !matches!(value.trim(), "" | "0" | "none");
        }
    }
    false
}

/// Whether a reference stays within the file.
fn is_inside(reference: &str) -> bool {
    reference.starts_with('#') || reference.starts_with("data:image/")
}

/// The filter keeps references to files of the same origin. From our origin they would lead to
/// our own pages, so they go too.
fn without_attribute_references(svg: &str) -> String {
    const START: &str = " href=\"";
    let mut output = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some(position) = rest.find(START) {
        let (before, found) = rest.split_at(position);
        output.push_str(before);
        let value = &found[START.len()..];
        let Some(end) = value.find('"') else {
            rest = found;
            break;
        };
        if is_inside(&value[..end]) {
            output.push_str(&found[..=START.len() + end]);
        }
        rest = &value[end + 1..];
    }
    output.push_str(rest);
    output
}

/// The same for `url(…)` in attributes and style sheets.
fn without_function_references(svg: &str) -> String {
    let lower_case = svg.to_ascii_lowercase();
    let mut output = String::with_capacity(svg.len());
    let mut position = 0;
    while let Some(found) = lower_case[position..].find("url(") {
        let start = position + found + "url(".len();
        output.push_str(&svg[position..start]);
        let Some(length) = svg[start..].find(')') else {
            position = start;
            break;
        };
        let reference = &svg[start..start + length];
        output.push_str(if is_inside(reference.trim()) {
            reference
        } else {
            "#"
        });
        position = start + length;
    }
    output.push_str(&svg[position..]);
    output
}

/// Takes in somewhat more than is kept, because references are removed afterwards.
#[derive(Default)]
struct Limited {
    bytes: Vec<u8>,
    exceeded: bool,
}

impl Write for Limited {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + buffer.len() > 2 * MAX_STORED_BYTES {
            self.exceeded = true;
            return Err(io::Error::other("the image is larger than allowed"));
        }
        self.bytes.extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
