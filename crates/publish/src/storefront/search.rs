use model::json::{self, Value};

use super::entry::{Entry, Offer};

/// Listings in one chunk.
pub(super) const CHUNK: usize = 1000;

/// The script that hands listings to the catalogue: what it finds by, and what it draws tiles of.
///
/// A script rather than plain JSON, because nothing else loads from a disk. The text is JSON, which is a literal of
/// JavaScript whatever the names in it are.
pub(super) fn chunk(number: usize, entries: &[Entry]) -> Vec<u8> {
    let mut script = format!("(globalThis.storefront??=[])[{number}]=[").into_bytes();
    for entry in entries {
        script.push(b'\n');
        script.extend_from_slice(&json::stringify(&listing(entry)));
        script.push(b',');
    }
    script.extend_from_slice(b"\n]\n");
    script
}

/// In the order that the script counts on.
fn listing(entry: &Entry) -> Value {
    Value::array([
        Value::string(entry.slug.as_str()),
        Value::string(entry.name.as_str()),
        Value::string(entry.description.as_str()),
        Value::string(entry.icon.as_str()),
        Value::string(entry.kind()),
        Value::number(entry.flags as u64),
        Value::array(
            entry
                .categories
                .iter()
                .map(|category| Value::string(category.as_str())),
        ),
        Value::array(entry.offers.iter().map(offer)),
        size(entry.size),
    ])
}

fn offer(offer: &Offer) -> Value {
    Value::array([
        Value::string(offer.version.as_str()),
        size(offer.size),
        Value::array(
            offer
                .channels
                .iter()
                .map(|channel| Value::string(channel.as_str())),
        ),
    ])
}

fn size(megabytes: Option<u64>) -> Value {
    megabytes.map_or_else(Value::null, Value::number)
}
