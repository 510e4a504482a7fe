//! What an SVG holds that is more than a picture: told from its tags, without reading it as XML.

use memchr::{memchr, memmem, memrchr};

/// How far into a picture is looked; a larger one says enough by its size.
const LONGEST: usize = 1024 * 1024;

/// Elements that run something or hold a page.
const ELEMENTS: [(&[u8], &str); 6] = [
    (b"script", "it holds a script"),
    (b"foreignobject", "it holds a page"),
    (b"iframe", "it holds a page"),
    (b"embed", "it holds a page"),
    (b"object", "it holds a page"),
    (b"handler", "it holds a script"),
];

/// Says what in a picture is dangerous, the first thing that is found.
pub(crate) fn svg_danger(bytes: &[u8]) -> Option<&'static str> {
    let mut rest = &bytes[..bytes.len().min(LONGEST)];
    while let Some(start) = memchr(b'<', rest) {
        rest = &rest[start + 1..];
        if let Some(comment) = rest.strip_prefix(b"!--") {
            let end = memmem::find(comment, b"-->");
            rest = &comment[end.map_or(comment.len(), |end| end + 3)..];
        } else if let Some(entity) = rest.strip_prefix(b"!ENTITY") {
            let end = memchr(b'>', entity).unwrap_or(entity.len());
            if is_dangerous_entity(&entity[..end]) {
                return Some("its entities fetch files or grow without end");
            }
        } else if !rest.starts_with(b"!") {
            let (danger, behind) = tag_danger(rest);
            if danger.is_some() {
                return danger;
            }
            rest = behind;
        }
    }
    None
}

/// Whether an entity is more than a name for a text: drawing programs define such for addresses.
fn is_dangerous_entity(entity: &[u8]) -> bool {
    let has = |word: &[u8]| memmem::find(entity, word).is_some();
    has(b"SYSTEM") || has(b"PUBLIC") || has(b"&") || has(b"%")
}

/// Looks at one tag, from behind its `<`; gives what is dangerous in it, and what stands behind it.
fn tag_danger(tag: &[u8]) -> (Option<&'static str>, &[u8]) {
    let (name, mut rest) = split_word(tag);
    for (element, danger) in ELEMENTS {
        if local(name).eq_ignore_ascii_case(element) {
            return (Some(danger), rest);
        }
    }
    let is_link = local(name).eq_ignore_ascii_case(b"a");
    loop {
        while let [byte, behind @ ..] = rest
            && (byte.is_ascii_whitespace() || matches!(byte, b'/' | b'=' | b'"' | b'\''))
        {
            rest = behind;
        }
        if matches!(rest, [] | [b'>' | b'<', ..]) {
            return (None, rest);
        }
        let (attribute, behind) = split_word(rest);
        let (value, behind) = split_value(behind);
        if let Some(danger) = attribute_danger(attribute, value, is_link) {
            return (Some(danger), behind);
        }
        rest = behind;
    }
}

fn attribute_danger(name: &[u8], value: &[u8], is_link: bool) -> Option<&'static str> {
    let acts = |name: &[u8]| {
        name.get(..2)
            .is_some_and(|on| on.eq_ignore_ascii_case(b"on"))
    };
    if acts(name) {
        return Some("it acts on events");
    }
    let local = local(name);
    if !local.eq_ignore_ascii_case(b"href") && !local.eq_ignore_ascii_case(b"src") {
        return None;
    }
    if is_script(value) {
        return Some("it holds a script");
    }
    // A link is followed by people only.
    (!is_link && leads_elsewhere(value)).then_some("it fetches another file")
}

/// A name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    memrchr(b':', name).map_or(name, |colon| &name[colon + 1..])
}

/// The name of an element or attribute, and what stands behind it.
fn split_word(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/' | b'<'));
    text.split_at(end.unwrap_or(text.len()))
}

/// The value of an attribute, if it has one, and what stands behind it.
fn split_value(text: &[u8]) -> (&[u8], &[u8]) {
    let Some(value) = text.trim_ascii_start().strip_prefix(b"=") else {
        return (b"", text);
    };
    let value = value.trim_ascii_start();
    if let [quote @ (b'"' | b'\''), inner @ ..] = value {
        let end = memchr(*quote, inner).unwrap_or(inner.len());
        let behind = &inner[(end + 1).min(inner.len())..];
        return (inner[..end].trim_ascii(), behind);
    }
    let end = value
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || *byte == b'>');
    value.split_at(end.unwrap_or(value.len()))
}

fn is_script(value: &[u8]) -> bool {
    let plain: Vec<u8> = value
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace() && !byte.is_ascii_control())
        .take(32)
        .collect();
    let plain = plain.to_ascii_lowercase();
    plain.starts_with(b"javascript:") || plain.starts_with(b"data:text/html")
}

/// Whether a reference leaves the picture: neither a part of it nor a picture written into it.
fn leads_elsewhere(value: &[u8]) -> bool {
    !(value.is_empty() || value.starts_with(b"#") || value.starts_with(b"data:image/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_more_than_a_picture_is_found() {
        for (svg, expected) in [
            (
                "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'><use xlink:href='#a'/></svg>",
                None,
            ),
            ("<svg><image href='data:image/png;base64,AA'/></svg>", None),
            (
                "<svg><a href='https://a.example/'><text>on = off</text></a></svg>",
                None,
            ),
            ("<svg><!-- <script> --><path d='a>b'/></svg>", None),
            (
                "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/a.dtd'><svg/>",
                None,
            ),
            ("<svg><SCRIPT>a()</SCRIPT></svg>", Some("it holds a script")),
            ("<svg><svg:script/></svg>", Some("it holds a script")),
            ("<svg\nonload = 'a()'/>", Some("it acts on events")),
            ("<svg a='>' onclick=\"a()\"/>", Some("it acts on events")),
            ("<svg><foreignObject/></svg>", Some("it holds a page")),
            (
                "<svg><a xlink:href=' Java\tScript:a()'/></svg>",
                Some("it holds a script"),
            ),
            (
                "<svg><image href='https://a.example/a.png'/></svg>",
                Some("it fetches another file"),
            ),
            (
                "<svg><use href='other.svg#a'/></svg>",
                Some("it fetches another file"),
            ),
            (
                "<!DOCTYPE svg [<!ENTITY a 'https://a.example/'>]><svg/>",
                None,
            ),
            (
                "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///b'>]><svg/>",
                Some("its entities fetch files or grow without end"),
            ),
            (
                "<!DOCTYPE svg [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><svg/>",
                Some("its entities fetch files or grow without end"),
            ),
            ("<svg onload", Some("it acts on events")),
            ("<svg a=b onload=c>", Some("it acts on events")),
            ("<svg / = ' \"/></svg>", None),
            ("<", None),
            ("<svg a=", None),
            ("<svg a='", None),
        ] {
            assert_eq!(svg_danger(svg.as_bytes()), expected, "{svg}");
        }
    }
}
