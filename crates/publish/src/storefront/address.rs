//! Addresses of the storefront's files: relative, so that they hold below any address.

use std::fmt::Write as _;

use data_encoding::BASE64;
use model::definition::Definition;

/// Names of files and folders longer than this cannot be written everywhere.
const LONGEST_NAME: usize = 200;

/// The page of a listing, from the root of the storefront.
pub(super) fn page_of(slug: &str) -> String {
    format!("workspace/{slug}.html")
}

/// The form for new workspaces, filled in with a listing, from the root of the storefront.
pub(super) fn form_from(slug: &str) -> String {
    format!("new/index.html?from={slug}")
}

/// The page of the catalogue with this number, from 1.
pub(super) fn catalogue_page(number: usize) -> String {
    if number == 1 {
        "index.html".to_owned()
    } else {
        format!("page-{number}.html")
    }
}

/// A path as it is written into an address.
pub(super) fn encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Where the template had its form filled in with a listing: in a folder named by the Base64 form of its name, in Latin-1.
///
/// A name with characters that Latin-1 lacks stopped the template's build, so that there is no such address. A `/` of
/// Base64 makes a folder in a folder, for that is what web servers look for; where two follow each other or one comes
/// last, servers differ in what they look for.
pub(super) fn template_page(definition: &Definition) -> Option<String> {
    let name = &definition.friendly_name;
    let latin: Option<Vec<u8>> = name
        .chars()
        .map(|character| u8::try_from(u32::from(character)).ok())
        .collect();
    let encoded = BASE64.encode(&latin?);
    let is_writable = encoded
        .split('/')
        .all(|part| !part.is_empty() && part.len() <= LONGEST_NAME);
    is_writable.then(|| format!("new/{encoded}/index.html"))
}

#[cfg(test)]
mod tests {
    use model::json::{Limits, Value, parse};

    use super::*;

    fn template_page_of(name: &str) -> Option<String> {
        let json = Value::object([("friendly_name", Value::string(name))]);
        let text = model::json::stringify(&json);
        let value = parse(&text, &Limits::default()).value.unwrap();
        let (definition, _) = Definition::read(&value).unwrap();
        template_page(&definition)
    }

    #[test]
    fn addresses_of_the_template_are_known() {
        // From `btoa` of JavaScript.
        let cases = [
            ("Blender", Some("new/QmxlbmRlcg==/index.html")),
            ("Café", Some("new/Q2Fm6Q==/index.html")),
            ("a?b>", Some("new/YT9iPg==/index.html")),
            ("~~o~~", Some("new/fn5vfn4=/index.html")),
            ("o?o?o", Some("new/bz9vP28=/index.html")),
            ("oo?x", Some("new/b28/eA==/index.html")),
            ("???", None),
            ("日本", None),
        ];
        for (name, expected) in cases {
            assert_eq!(template_page_of(name).as_deref(), expected, "{name}");
        }
        assert_eq!(template_page_of(&"x".repeat(1000)), None);
    }

    #[test]
    fn paths_are_encoded_for_addresses() {
        assert_eq!(
            encode("icons/a b#?%\"<é.png"),
            "icons/a%20b%23%3F%25%22%3C%C3%A9.png"
        );
    }
}
