use askama::Template;
use model::folder_hash::Node;
use time::OffsetDateTime;

use super::entry::Entry;
use super::site::Site;
use crate::Change;

/// Changes that a feed tells; readers ask often enough to miss none.
const MOST_CHANGES: usize = 100;
/// The longest text of a commit that is told, characters.
const LONGEST_SUBJECT: usize = 300;

/// Changes of the registry as an Atom feed.
#[derive(Template)]
#[template(path = "feed.xml")]
pub(super) struct Feed<'a> {
    site: &'a Site,
    id: String,
    updated: String,
    items: Vec<Item>,
}

struct Item {
    id: String,
    word: &'static str,
    name: String,
    subject: String,
    updated: String,
    /// Its page, if it has one still.
    page: Option<String>,
}

impl<'a> Feed<'a> {
    /// Tells the newest of the changes, which come newest first.
    pub(super) fn new(site: &'a Site, changes: &[Change], entries: &[Entry]) -> Self {
        let newest = changes.iter().map(|change| change.at_ms).max();
        let items = changes.iter().take(MOST_CHANGES).map(|change| Item {
            id: identifier(&[&site.name, &change.commit, &change.folder]),
            word: change.kind.word(),
            name: Self::xml(&change.name),
            subject: Self::xml(&change.subject)
                .chars()
                .take(LONGEST_SUBJECT)
                .collect(),
            updated: time(change.at_ms),
            page: entries
                .iter()
                .find(|entry| entry.folder == change.folder)
                .map(Entry::page),
        });
        Self {
            site,
            id: identifier(&[&site.name, site.schema.as_str()]),
            updated: time(newest.unwrap_or_default()),
            items: items.collect(),
        }
    }

    /// Without the control characters that XML cannot say.
    fn xml(text: &str) -> String {
        text.chars()
            .map(|character| match character {
                '\t' | '\n' | '\r' => ' ',
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
                other => other,
            })
            .collect()
    }
}

fn time(milliseconds: i64) -> String {
    let seconds = milliseconds.div_euclid(1000);
    let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    ui::timestamp(at)
}

/// A name for a thing that stays the same in every build: a UUID by hash (RFC 9562, version 8).
fn identifier(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
        text.push('\0');
    }
    let hex = Node::file("feed", text.as_bytes()).hex();
    format!(
        "urn:uuid:{}-{}-8{}-a{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..32]
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChangeKind, Config};

    #[test]
    fn changes_are_told_newest_first() {
        let (config, _) = Config::parse(
            "name = \"A & B\"\nlist_url = \"https://a.example/\"\nschema = \"1.1\"\n",
        );
        let site = Site::new(&config.expect("a configuration"), None);
        let changes = [
            Change {
                kind: ChangeKind::Changed,
                folder: "workspaces/fox".to_owned(),
                name: "Fox <\u{1}>".to_owned(),
                at_ms: 1_764_000_000_000,
                commit: "ab12".to_owned(),
                subject: "fox: New \"tag\"".to_owned(),
            },
            Change {
                kind: ChangeKind::Removed,
                folder: "workspaces/hen".to_owned(),
                name: "Hen".to_owned(),
                at_ms: 1_763_000_000_000,
                commit: "cd34".to_owned(),
                subject: String::new(),
            },
        ];
        let feed = Feed::new(&site, &changes, &[]).render().expect("a feed");
        insta::assert_snapshot!(feed, @r#"
        <?xml version="1.0" encoding="utf-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom">
        <id>urn:uuid:e9a70a66-059d-844c-a793-66e57916091b</id>
        <title>A &#38; B: changes</title>
        <updated>2025-11-24T16:00:00Z</updated>
        <author><name>A &#38; B</name></author>
        <link rel="self" href="https://a.example/1.1/feed.xml"/>
        <link href="https://a.example/1.1/index.html"/>
        <entry>
        <id>urn:uuid:09c1d657-415e-8b8c-afc6-3650b76aeb4d</id>
        <title>Changed: Fox &#60;�&#62;</title>
        <updated>2025-11-24T16:00:00Z</updated>
        <summary>fox: New &#34;tag&#34;</summary>
        </entry>
        <entry>
        <id>urn:uuid:57a66271-4989-8638-ab00-908d97f4e7be</id>
        <title>Removed: Hen</title>
        <updated>2025-11-13T02:13:20Z</updated>
        <summary></summary>
        </entry>
        </feed>
        "#);
    }
}
