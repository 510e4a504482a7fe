//! What counts as an image reference, and what it means.

use model::{Digest, ImageReference, ImageReferenceError};

fn read(text: &str) -> ImageReference {
    ImageReference::parse(text).expect("readable")
}

#[test]
fn a_reference_means_a_host_a_repository_and_a_tag() {
    // written, host, repository, tag, host is written
    for (text, host, repository, tag, written) in [
        ("alpine", "docker.io", "library/alpine", "latest", false),
        ("alpine:3.20", "docker.io", "library/alpine", "3.20", false),
        (
            "kasmweb/chromium:1.17.0",
            "docker.io",
            "kasmweb/chromium",
            "1.17.0",
            false,
        ),
        (
            "docker.io/alpine",
            "docker.io",
            "library/alpine",
            "latest",
            true,
        ),
        ("index.docker.io/a/b:c", "docker.io", "a/b", "c", true),
        ("ghcr.io/a/b/c:main", "ghcr.io", "a/b/c", "main", true),
        ("GHCR.io/a/b", "ghcr.io", "a/b", "latest", true),
        ("localhost/a", "localhost", "a", "latest", true),
        ("localhost:5000/a/b:1", "localhost:5000", "a/b", "1", true),
        ("registry:5000/a", "registry:5000", "a", "latest", true),
        ("[::1]:5000/a", "[::1]:5000", "a", "latest", true),
        ("10.0.0.1/a", "10.0.0.1", "a", "latest", true),
        ("a/b/c", "docker.io", "a/b/c", "latest", false),
        (
            "a__b/c---d/e.f_g:_x.Y-9",
            "docker.io",
            "a__b/c---d/e.f_g",
            "_x.Y-9",
            false,
        ),
    ] {
        let reference = read(text);
        assert_eq!(reference.host(), host, "{text}");
        assert_eq!(reference.repository(), repository, "{text}");
        assert_eq!(reference.tag_or_latest(), tag, "{text}");
        assert_eq!(reference.host_is_written(), written, "{text}");
        assert_eq!(reference.name(), format!("{host}/{repository}"));
        assert_eq!(reference.as_written(), text);
        assert_eq!(String::from(reference), text);
    }
}

#[test]
fn a_digest_may_stand_with_or_without_a_tag() {
    let digest = Digest::from_sha256(&[7; 32]);
    let pinned = read(&format!("ghcr.io/a/b:1.0@{digest}"));
    assert_eq!(pinned.tag(), Some("1.0"));
    assert_eq!(pinned.digest(), Some(&digest));
    assert_eq!(pinned.familiar_name(), "ghcr.io/a/b");
    let bare = read("a/b:1.0").with_digest(&digest);
    assert_eq!(bare.as_written(), format!("a/b@{digest}"));
    assert_eq!(bare, read(bare.as_written()));
    assert_eq!(bare.tag(), None);
}

#[test]
fn a_tag_or_a_host_can_be_exchanged() {
    let digest = Digest::from_sha256(&[7; 32]);
    assert_eq!(
        read("localhost:5000/a:1")
            .with_tag("2")
            .unwrap()
            .as_written(),
        "localhost:5000/a:2"
    );
    assert_eq!(
        read("a/b").with_tag("develop").unwrap().as_written(),
        "a/b:develop"
    );
    let pinned = read(&format!("a/b:1@{digest}"));
    assert_eq!(pinned.with_tag("2").unwrap().as_written(), "a/b:2");
    assert!(matches!(
        read("a/b").with_tag("x y"),
        Err(ImageReferenceError::Tag(_))
    ));
    assert_eq!(
        read("kasm/x:1").with_host("ghcr.io").unwrap().as_written(),
        "ghcr.io/kasm/x:1"
    );
    assert_eq!(
        read("a.b:5/x:1").with_host("ghcr.io").unwrap().as_written(),
        "ghcr.io/x:1"
    );
    for host in ["", "nodots", "a/b.c", "http://x.y", "a b.c"] {
        assert!(read("a/b").with_host(host).is_err(), "{host}");
    }
}

#[test]
fn what_people_paste_instead_is_explained() {
    for (text, message, hint) in [
        (
            "docker pull x/y:z",
            "`docker pull x/y:z` is a command, not an image reference",
            Some("write `x/y:z`"),
        ),
        (
            "https://ghcr.io/a/b/",
            "`https://ghcr.io/a/b/` starts with a scheme; an image reference has none",
            Some("write `ghcr.io/a/b`"),
        ),
        (
            " a/b:1 ",
            "white space stands in the image reference ` a/b:1 `",
            Some("write `a/b:1`"),
        ),
        (
            "Kasmweb/Chromium:1",
            "the repository `Kasmweb/Chromium` has capital letters",
            Some("write `kasmweb/chromium`"),
        ),
        ("", "an image reference is empty", None),
        (
            "a/b@sha256:12",
            "`sha256:12` is no digest: `sha256:` and 64 lower-case hexadecimal digits",
            Some("leave it out to mean the tag"),
        ),
    ] {
        let error = ImageReference::parse(text).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(error.hint().as_deref(), hint);
    }
}

#[test]
fn the_grammar_is_strict() {
    let long_name = format!("ghcr.io/{}", "a".repeat(247));
    assert!(ImageReference::parse(&long_name).is_ok());
    assert_eq!(
        ImageReference::parse(&format!("{long_name}a")),
        Err(ImageReferenceError::TooLong)
    );
    assert!(ImageReference::parse(&format!("a:{}", "t".repeat(128))).is_ok());
    for text in [
        &format!("a:{}", "t".repeat(129)),
        "/a",
        "a/",
        "a//b",
        "a/-b",
        "a/b-",
        "a___b",
        "a..b",
        "a._b",
        "a/b:",
        "a/b:-x",
        "a/b:.x",
        "a:b:c",
        "a/b:c/d",
        ":tag",
        "a@",
        "a@md5:00",
        "a/é",
        "a?b",
        "a/b#c",
        "a/%2e",
        "-a.b/c",
        "a-.b/c",
        "a..b/c",
        "a.b:/c",
        "a.b:99999/c",
        "a.b:x/c",
        "[::1/a",
        "[x]/a",
        "[::1]x/a",
        "../a",
        "a/../b",
        "a\0b",
        "a.b/",
        "ghcr.io/A/b",
    ] {
        assert!(ImageReference::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn it_travels_as_its_text() {
    let reference: ImageReference = serde_json::from_str("\"a/b:c\"").unwrap();
    assert_eq!(serde_json::to_string(&reference).unwrap(), "\"a/b:c\"");
    assert!(serde_json::from_str::<ImageReference>("\"docker pull a\"").is_err());
}
