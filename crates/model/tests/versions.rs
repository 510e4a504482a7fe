//! Versions and the choice of a listing's entry and channel.

use model::definition::{
    Choice, CompatibilityEntry, Definition, NoFit, WantedChannel, WantedVersion,
};
use model::json::{Limits, parse};
use model::version::{CompatibilityVersion, choose, compare};

fn definition(members: &str) -> Definition {
    let text = format!("{{\"friendly_name\": \"Paint\", {members}}}");
    let value = parse(text.as_bytes(), &Limits::default())
        .value
        .expect("readable");
    Definition::read(&value).expect("readable").0
}

fn chosen(
    definition: &Definition,
    version: &str,
    channel: &str,
    default: Option<&str>,
) -> Result<Choice, NoFit> {
    definition.choose(
        &version.parse().expect("readable"),
        &channel.parse().expect("readable"),
        default,
    )
}

#[test]
fn versions_are_ordered_by_number() {
    let mut versions = [
        "1.20.x", "1.9.x", "1.17.x", "1.17.0", "1.17.10", "1.17.9", "2.0.0", "1.17",
    ];
    versions.sort_by(|left, right| compare(left, right));
    assert_eq!(
        versions,
        [
            "1.9.x", "1.17.0", "1.17.9", "1.17.10", "1.17.x", "1.17", "1.20.x", "2.0.0"
        ]
    );
    for text in [
        "",
        "1",
        "1.",
        "x",
        "1.x.x",
        "1.17.x.1",
        "1.17.-1",
        "+1.2.3",
        "1.17.99999999999",
        "develop",
    ] {
        assert!(text.parse::<CompatibilityVersion>().is_err(), "{text}");
    }
    let version: CompatibilityVersion = "1.17.4".parse().unwrap();
    assert_eq!(version.to_string(), "1.17.4");
    assert_eq!(version.line().to_string(), "1.17.x");
    assert!(version.line().matches(version));
    assert!(!version.matches(version.line()));
}

#[test]
fn the_exact_entry_comes_before_its_line() {
    let entries = ["1.17.x", "1.17.0", "1.9.x", "1.16"].map(|version| CompatibilityEntry {
        version: version.to_owned(),
        ..CompatibilityEntry::default()
    });
    let find = |wanted: &str| {
        choose(&entries, &wanted.parse().unwrap()).map(|entry| entry.version.as_str())
    };
    assert_eq!(find("1.17.0"), Some("1.17.0"));
    assert_eq!(find("1.17.3"), Some("1.17.x"));
    assert_eq!(find("1.16.1"), Some("1.16"));
    assert_eq!(find("1.18.0"), None);
    assert_eq!(find("any"), Some("1.17.x"));
    assert!("newest".parse::<WantedVersion>().is_err());
}

#[test]
fn any_version_takes_the_newest_entry_and_the_first_of_equals() {
    let definition = definition(
        r#""compatibility": [
            {"version": "1.9.x", "image": "a/b:9", "uncompressed_size_mb": 9},
            {"version": "1.20.x", "image": "a/b:20", "uncompressed_size_mb": 20},
            {"version": "1.20.x", "image": "a/b:other"},
            {"version": "nightly", "image": "a/b:nightly"}
        ]"#,
    );
    let choice = chosen(&definition, "any", "default", None).unwrap();
    assert_eq!(choice.version.as_deref(), Some("1.20.x"));
    assert_eq!(choice.image.as_deref(), Some("a/b:20"));
    assert_eq!(choice.uncompressed_size_mb, Some(20));
    assert_eq!(choice.channel, None);
    assert_eq!(
        chosen(&definition, "1.21.0", "default", None),
        Err(NoFit::Version)
    );
}

#[test]
fn a_listing_without_versions_shows_under_any_only() {
    let definition = definition(r#""name": "a/b:1", "uncompressed_size_mb": 5"#);
    let choice = chosen(&definition, "any", "develop", Some("develop")).unwrap();
    assert_eq!(choice.image.as_deref(), Some("a/b:1"));
    assert_eq!(choice.uncompressed_size_mb, Some(5));
    assert_eq!(choice.version, None);
    assert_eq!(
        chosen(&definition, "1.17.0", "default", None),
        Err(NoFit::Version)
    );
}

#[test]
fn channels_replace_the_tag() {
    let with_tags = definition(
        r#""compatibility": [{"version": "1.17.x", "image": "h.io:5/a/b:1.17.0", "available_tags": ["beta", "1.17.0", "develop"]}]"#,
    );
    let image = |channel: &str, default: Option<&str>| {
        chosen(&with_tags, "any", channel, default)
            .map(|choice| (choice.channel.unwrap(), choice.image.unwrap()))
    };
    let pair = |channel: &str, image: &str| Ok((channel.to_owned(), image.to_owned()));
    // The registry's default where the listing has it, else its own tag.
    assert_eq!(
        image("default", Some("develop")),
        pair("develop", "h.io:5/a/b:develop")
    );
    assert_eq!(
        image("default", Some("stable")),
        pair("1.17.0", "h.io:5/a/b:1.17.0")
    );
    assert_eq!(image("default", None), pair("1.17.0", "h.io:5/a/b:1.17.0"));
    assert_eq!(
        image("beta", Some("develop")),
        pair("beta", "h.io:5/a/b:beta")
    );
    assert_eq!(image("stable", Some("develop")), Err(NoFit::Channel));
    // Else the first.
    let other_tag = definition(
        r#""compatibility": [{"version": "1.17.x", "image": "a/b:x", "available_tags": ["beta", "rc"]}]"#,
    );
    let choice = chosen(&other_tag, "any", "default", Some("develop")).unwrap();
    assert_eq!(choice.image.as_deref(), Some("a/b:beta"));
    // Without channels a listing is in all of them.
    let without = definition(r#""compatibility": [{"version": "1.17.x", "image": "a/b:x"}]"#);
    let choice = chosen(&without, "1.17.2", "stable", Some("develop")).unwrap();
    assert_eq!(
        (choice.channel, choice.image.as_deref()),
        (None, Some("a/b:x"))
    );
}

#[test]
fn what_cannot_be_read_stays_as_it_is_written() {
    let definition = definition(
        r#""compatibility": [{"version": "1.17.x", "image": "docker pull a/b:x", "available_tags": ["beta"]}]"#,
    );
    let choice = definition
        .choose(&WantedVersion::Any, &WantedChannel::Default, None)
        .unwrap();
    assert_eq!(choice.image.as_deref(), Some("docker pull a/b:x"));
}
