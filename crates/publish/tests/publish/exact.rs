//! Builds give the bytes that JavaScript gives; `fixture/expected.mjs` made them.

use crate::trees::{Folder, publish};

#[test]
fn the_form_1_1_is_published_byte_for_byte() {
    let (site, built) = publish(&Folder::open("tests/fixture/1.1"));
    assert_eq!(
        site.text("1.1/list.json"),
        include_str!("../fixture/expected/1.1/list.json")
    );
    assert_eq!(
        site.text("1.1/versions.json"),
        include_str!("../fixture/expected/1.1/versions.json")
    );
    assert_eq!((built.workspaces, built.left_out), (6, 0));
}

#[test]
fn the_form_1_0_is_published_byte_for_byte() {
    let (site, built) = publish(&Folder::open("tests/fixture/1.0"));
    assert_eq!(
        site.text("1.0/list.json"),
        include_str!("../fixture/expected/1.0/list.json")
    );
    assert!(!site.files.contains_key("1.0/versions.json"));
    assert_eq!((built.workspaces, built.left_out), (3, 0));
}

#[test]
fn icons_are_published_as_they_are() {
    let (site, _) = publish(&Folder::open("tests/fixture/1.1"));
    assert_eq!(
        site.files["1.1/icons/img/apple.svg"],
        include_bytes!("../fixture/1.1/workspaces/Äpfel/img/apple.svg")
    );
    assert_eq!(
        site.files["1.1/logo.svg"],
        include_bytes!("../fixture/1.1/logo.svg")
    );
}
