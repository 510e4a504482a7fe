//! Published lists of both forms and of the time before, whole and broken.

use model::definition::SchemaForm;
use model::list::{ListDocument, ListError, ListLimits, SetAsideEntry, read_list};

fn read(bytes: &[u8]) -> ListDocument {
    read_list(bytes, &ListLimits::default()).expect("readable")
}

fn refused(text: &str) -> String {
    read_list(text.as_bytes(), &ListLimits::default())
        .expect_err("unusable")
        .to_string()
}

macro_rules! list {
    ($name:literal) => {
        include_bytes!(concat!("lists/", $name, ".json")).as_slice()
    };
}

#[test]
fn the_head_of_a_list_is_read() {
    let list = read(list!("form-1.1"));
    assert_eq!(list.form, SchemaForm::V1_1);
    assert_eq!(list.name.as_deref(), Some("Acme"));
    assert_eq!(list.description.as_deref(), Some("Ours"));
    assert_eq!(list.icon.as_deref(), Some("/img/logo.svg"));
    assert_eq!(list.list_url.as_deref(), Some("https://acme.example/"));
    assert_eq!(list.contact_url, None);
    assert_eq!(list.modified, Some(1_724_699_287_137));
    assert_eq!(list.channels, ["develop"]);
    assert_eq!(list.default_channel.as_deref(), Some("stable"));
    assert!(list.notes.is_empty() && list.set_aside.is_empty());
}

#[test]
fn an_entry_is_kept_byte_for_byte() {
    let list = read(list!("indented"));
    assert_eq!(list.entries.len(), 2);
    let first = r#"{"friendly_name":"Paint","name":"acme/paint:1.0","compatibility":["1.13.x"],"sha":"00"}"#;
    assert_eq!(list.entries[0].json, first);
    assert!(list.entries[1].json.contains(",\n \"comp"));
    assert_eq!(list.entries[1].position, 1);
    assert_eq!(list.entries[0].definition.sha.as_deref(), Some("00"));
    assert_eq!(list.notes, ["starts with a byte-order mark"]);
}

#[test]
fn the_form_is_told_by_content() {
    let form = |bytes| read(bytes).form;
    assert_eq!(form(list!("form-1.0")), SchemaForm::V1_0);
    assert_eq!(form(list!("form-1.1-in-1.0")), SchemaForm::V1_1);
    let mixed = read(list!("form-1.0-in-1.1"));
    assert_eq!(mixed.form, SchemaForm::V1_1);
    assert_eq!(mixed.entries[0].definition.form, SchemaForm::V1_0);
    assert_eq!(mixed.default_channel, None);
}

#[test]
fn the_form_before_1_0_is_read_with_a_note() {
    let list = read(list!("apps"));
    assert_eq!(list.entries[0].definition.friendly_name, "Paint");
    assert_eq!(list.form, SchemaForm::V1_0);
    assert_eq!(
        list.notes,
        ["written in the form before 1.0, where workspaces were `apps`"]
    );
}

#[test]
fn an_empty_list_is_a_list() {
    let list = read(list!("empty"));
    assert!(list.entries.is_empty() && list.set_aside.is_empty());
}

#[test]
fn bad_entries_are_set_aside_and_the_rest_is_read() {
    let list = read(list!("bad-entries"));
    let names: Vec<_> = list
        .entries
        .iter()
        .map(|entry| entry.definition.friendly_name.as_str())
        .collect();
    assert_eq!(names, ["Paint", "Chat"]);
    assert_eq!(list.entries[1].position, 9);
    let lines: Vec<_> = list
        .set_aside
        .iter()
        .map(
            |SetAsideEntry {
                 name,
                 place,
                 reason,
                 ..
             }| { format!("{} {place}: {reason}", name.as_deref().unwrap_or("-")) },
        )
        .collect();
    assert_eq!(
        lines,
        [
            "acme/no-name:1 /workspaces/1 (line 3, column 1): `friendly_name` is missing",
            "x /workspaces/2/friendly_name (line 4, column 18): `friendly_name` is empty",
            "- /workspaces/3 (line 5, column 1): expected an object, found a string",
            "- /workspaces/4 (line 6, column 1): expected an object, found null",
            "- /workspaces/5 (line 7, column 22): a string holds a raw tab",
            "- /workspaces/6 (line 8, column 29): a comma stands before the closing bracket",
            "- /workspaces/7 (line 9, column 90): nested deeper than 62 levels",
            "- /workspaces/8 (line 10, column 1): a workspace is missing here",
        ]
    );
}

#[test]
fn bytes_that_are_no_utf8_are_read_and_noted() {
    let list = read(list!("not-utf8"));
    assert_eq!(list.name.as_deref(), Some("Acm\u{fffd}"));
    assert_eq!(list.entries[0].json, "{\"friendly_name\":\"P\u{fffd}int\"}");
    assert_eq!(list.notes, ["1 workspace holds bytes that are no UTF-8"]);
}

#[test]
fn of_duplicate_keys_the_last_counts() {
    let list = read(list!("duplicate-keys"));
    assert_eq!(list.name.as_deref(), Some("Acme"));
    assert_eq!(list.entries.len(), 1);
}

#[test]
fn a_head_of_the_wrong_kind_costs_no_workspace() {
    let list = read(list!("wrong-kinds"));
    assert_eq!(list.entries.len(), 1);
    assert_eq!((list.name, list.icon, list.modified), (None, None, None));
    assert_eq!(
        list.notes,
        [
            "`name` is left out: expected a string, found a number",
            "`description` is left out: expected a string, found an array",
            "`default_channel` is left out: expected a string, found a number",
        ]
    );
}

#[test]
fn troubles_of_an_entry_tell_their_place_in_the_list() {
    let list = read(
        br#"{"workspaces":[{"friendly_name":"A"},{"friendly_name":"B","cores":"x","notes":[]}]}"#,
    );
    assert_eq!(
        list.entries[1].troubles,
        [
            "/workspaces/1/cores (line 1, column 67): expected a number of cores, found a string",
            "/workspaces/1/notes (line 1, column 79): expected a string, found an array",
        ]
    );
}

#[test]
fn what_is_no_list_is_refused_with_a_reason() {
    for (text, reason) in [
        ("", "not JSON at line 1, column 1: the document is empty"),
        (
            "\n <!doctype html>\n",
            "not JSON at line 2, column 2: this is a web page",
        ),
        (
            "404: Not Found",
            "not JSON at line 1, column 1: expected an object",
        ),
        ("[]", "not a list of workspaces: it is no object"),
        ("{}", "not a list of workspaces: it has no `workspaces`"),
        (
            r#"{"workspaces":{}}"#,
            "not a list of workspaces: its `workspaces` is no array",
        ),
        (
            r#"{"workspaces":null}"#,
            "not a list of workspaces: its `workspaces` is no array",
        ),
        (
            r#"{"workspaces":["#,
            "not JSON at line 1, column 16: the document ends too early",
        ),
        (
            r#"{"workspaces":[{"friendly_name":"A"}"#,
            "not JSON at line 1, column 37: the document ends too early",
        ),
        (
            r#"{"workspaces":[]"#,
            "not JSON at line 1, column 17: expected `,` or `}`",
        ),
        (
            r#"{"workspaces":[] "a":1}"#,
            "not JSON at line 1, column 18: expected `,` or `}`",
        ),
        (
            r#"{"workspaces":[1 2]}"#,
            "not JSON at line 1, column 18: expected `,` or `]`",
        ),
        (
            r#"{"workspaces":[]}x"#,
            "not JSON at line 1, column 18: text stands after the end of the document",
        ),
        (
            r#"{"workspaces":[],"name":tru}"#,
            "not JSON at line 1, column 25: `tru` is not a JSON value",
        ),
        (
            r#"{"workspaces":[],}"#,
            "not JSON at line 1, column 18: expected a key in double quotes",
        ),
        (
            r#"{"workspaces" []}"#,
            "not JSON at line 1, column 15: expected `:` after the key",
        ),
    ] {
        assert_eq!(refused(text), reason, "{text}");
    }
    let page = read_list(b"<html>", &ListLimits::default());
    assert!(matches!(
        page,
        Err(ListError::NotJson {
            looks_like_html: true,
            ..
        })
    ));
}

#[test]
fn limits_set_aside_or_refuse() {
    let text = br#"{"workspaces":[{"friendly_name":"A"},{"friendly_name":"B","notes":"long long long"},{"friendly_name":"C"},{"friendly_name":"D"}]}"#;
    let limits = ListLimits {
        max_listings: 2,
        max_listing_bytes: 30,
        ..ListLimits::default()
    };
    let list = read_list(text, &limits).unwrap();
    assert_eq!(list.entries.len(), 1);
    assert_eq!(list.set_aside[0].reason, "longer than 30 bytes");
    assert_eq!(list.set_aside[1].position, None);
    assert_eq!(
        list.set_aside[1].reason,
        "the list has 2 more than the 2 workspaces that are read"
    );
    let limits = ListLimits {
        max_bytes: 20,
        ..ListLimits::default()
    };
    assert_eq!(
        read_list(text, &limits),
        Err(ListError::TooLarge { limit: 20 })
    );
}

#[test]
fn a_hostile_list_costs_little() {
    // Millions of values where workspaces or channels should be: none of them is held.
    let numbers = "1,".repeat(200_000);
    let text =
        format!(r#"{{"channels":[{numbers}1],"junk":[{numbers}1],"workspaces":[{numbers}1]}}"#);
    let list = read(text.as_bytes());
    assert_eq!(list.set_aside.len(), 20_001);
    assert_eq!(
        list.notes,
        ["`channels` is left out: it is longer than 256 kB"]
    );
    let brackets = format!(r#"{{"workspaces":[{}]}}"#, "[".repeat(100_000));
    assert!(read_list(brackets.as_bytes(), &ListLimits::default()).is_err());
}
