//! What the JSON reader says about texts: places, errors, and what it notes beside them.

use model::json::{
    Limits, Parsed, Segment, Span, Value, line_column, locate, merge_patch, parse, pointer,
    stringify,
};

fn read(text: &str) -> Value {
    parse(text.as_bytes(), &Limits::default())
        .value
        .expect("readable")
}

/// All errors of a text: where, the bytes that are wrong, what and the hint.
fn errors(text: &[u8]) -> String {
    let parsed = parse(text, &Limits::default());
    assert!(parsed.value.is_none());
    let lines = parsed.errors.iter().map(|error| {
        let (line, column) = line_column(text, error.span.start);
        let end = error.span.end.min(text.len());
        let wrong = String::from_utf8_lossy(&text[error.span.start..end]).into_owned();
        format!(
            "{line}:{column} {wrong:?} {}; {}",
            error.message, error.hint
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn compact(value: &Value) -> String {
    String::from_utf8(stringify(value)).expect("readable")
}

#[test]
fn every_node_knows_its_place() {
    let text = r#"{ "a" : [ 10, "é" ], "b": {"c": true} }"#;
    let value = read(text);
    let at = |pointer: &str| {
        let Span { start, end } = locate(&value, pointer).unwrap().span;
        &text[start..end]
    };
    assert_eq!(at(""), text);
    assert_eq!(at("/a"), r#"[ 10, "é" ]"#);
    assert_eq!(at("/a/0"), "10");
    assert_eq!(at("/a/1"), r#""é""#);
    assert_eq!(at("/b/c"), "true");
    let key = value.as_object().unwrap().member("b").unwrap().key_span;
    assert_eq!(&text[key.start..key.end], r#""b""#);
    for missing in ["/a/2", "/a/01", "/a/-", "/x", "b", "/b/c/d"] {
        assert!(locate(&value, missing).is_none(), "{missing}");
    }
}

#[test]
fn pointers_are_escaped() {
    let path = [Segment::Key("a/b~c"), Segment::Index(3), Segment::Key("")];
    assert_eq!(pointer(path), "/a~1b~0c/3/");
    let value = read(r#"{"a/b~c": [0, 1, 2, {"": 7}]}"#);
    assert_eq!(
        locate(&value, "/a~1b~0c/3/")
            .unwrap()
            .as_number()
            .unwrap()
            .as_u64(),
        Some(7)
    );
    assert_eq!(pointer([]), "");
}

#[test]
fn reports_every_error_and_goes_on() {
    insta::assert_snapshot!(errors(br#"{
  "name": 'Paint',
  "cores": 01,
  "architecture": ["amd64",, "arm64",],
  "enabled": True
  "memory" 2768,
  version: "1.17.x",
  "categories": ["Office" "Games"],
  // later
  "notes": NaN,
  "run_config": {"user": },
}"#), @r#"
    2:11 "'Paint'" a string stands in single quotes; put it in double quotes
    3:12 "01" `01` is not a JSON number; write digits alone, such as `12`, `0.5` or `-3`
    4:28 "," a value is missing before this comma; write a value there, or take the comma away
    4:38 "]" a comma stands before the closing bracket; take the comma away
    5:14 "True" `True` is not a JSON value; write `true`
    6:3 "\"" a comma is missing before this; put a `,` behind what stands before it
    6:12 "2" expected `:` after the key; put a `:` between the key and its value
    7:3 "version" a key stands without quotes; put it in double quotes
    8:27 "\"" a comma is missing before this; put a `,` behind what stands before it
    9:3 "// later" JSON has no comments; take the comment away
    10:12 "NaN" `NaN` is not a JSON value; JSON has no such number; write `null`
    11:26 "}" a value is missing after the colon; write one, or take the key away
    12:1 "}" a comma stands before the closing bracket; take the comma away
    "#);
}

#[test]
fn a_string_that_lost_its_quote_costs_one_error() {
    insta::assert_snapshot!(errors(b"{\"a\": \"one,\n \"b\": 1, \"c\": tru}"), @r#"
    1:7 "\"one," this string is not closed on its line; put a `"` at its end
    2:15 "tru" `tru` is not a JSON value; put it in double quotes
    "#);
    insta::assert_snapshot!(errors(b"{\"a: 1,\n \"b\": 1}"), @r#"1:2 "\"a: 1," this string is not closed on its line; put a `"` at its end"#);
    insta::assert_snapshot!(errors(b"[\"one\n two\n three\"]"), @r#"1:6 "\n" a string holds a raw line feed; write it as `\n`"#);
    insta::assert_snapshot!(errors(b"{\"a\": \"one"), @r#"1:7 "\"one" this string is never closed; put a `"` at its end"#);
}

#[test]
fn brackets_that_do_not_match_cost_one_error() {
    insta::assert_snapshot!(errors(br#"{"a": [1, 2}, "b": 3"#), @r#"
    1:12 "}" expected `]` before `}`; close what was opened last first, or take one bracket away
    1:13 ", \"b\": 3" text stands after the end of the document; take it away, or the bracket before it that closes too early
    "#);
    insta::assert_snapshot!(errors(br#"{"a": {"b": [1}, "c": 2}"#), @r#"1:15 "}" expected `]` before `}`; close what was opened last first, or take one bracket away"#);
    insta::assert_snapshot!(errors(b"[1, 2}, 3]"), @r#"1:6 "}" expected `]` before `}`; close what was opened last first, or take one bracket away"#);
    insta::assert_snapshot!(errors(b"[1]]"), @r#"1:4 "]" text stands after the end of the document; take it away, or the bracket before it that closes too early"#);
    insta::assert_snapshot!(errors(b"  "), @r#"1:3 "" the document is empty; write properties between `{` and `}`"#);
    insta::assert_snapshot!(errors(b"<!doctype html>"), @r#"1:1 "<" expected a value; write a text in double quotes, a number, `true`, `false`, `null`, `{` or `[`"#);
    insta::assert_snapshot!(errors("{\"a\": \u{201c}b\u{201d}, \"c\": 1x}".as_bytes()), @r#"
    1:7 "“" expected a value; write a text in double quotes, a number, `true`, `false`, `null`, `{` or `[`
    1:17 "1x" `1x` is not a JSON number; write digits alone, such as `12`, `0.5` or `-3`
    "#);
    insta::assert_snapshot!(errors(br#"{"a": "\x41 \u12", "b": "	"}"#), @r#"
    1:8 "\\" a backslash starts no escape that JSON knows; write it twice to mean a backslash
    1:13 "\\u" `\u` is not followed by four hexadecimal digits; write four of them, such as `\u00e9`; or `\\` to mean a backslash
    1:26 "\t" a string holds a raw tab; write it as `\t`
    "#);
}

#[test]
fn stops_after_the_most_errors() {
    let text = "[,".to_owned() + &"x,".repeat(100);
    let limits = Limits {
        max_errors: 7,
        ..Limits::default()
    };
    assert_eq!(parse(text.as_bytes(), &limits).errors.len(), 7);
    assert_eq!(parse(text.as_bytes(), &Limits::default()).errors.len(), 20);
}

#[test]
fn refuses_what_is_too_long_or_too_deep() {
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let parse_deep = |levels| parse(deep(levels).as_bytes(), &Limits::default());
    assert!(parse_deep(512).value.is_some());
    assert_eq!(
        parse_deep(513).errors[0].message,
        "nested deeper than 512 levels"
    );
    // Half a million brackets use no stack.
    assert_eq!(parse_deep(500_000).errors.len(), 1);
    let greedy = Limits {
        max_depth: usize::MAX,
        ..Limits::default()
    };
    assert!(parse(deep(2000).as_bytes(), &greedy).value.is_none());
    let short = Limits {
        max_bytes: 3,
        ..Limits::default()
    };
    assert!(parse(b"123", &short).value.is_some());
    assert_eq!(
        parse(b"1234", &short).errors[0].message,
        "the document is longer than 3 bytes"
    );
}

#[test]
fn notes_duplicate_keys_of_every_object() {
    let text = br#"{"a": 1, "b": {"x": 1, "x": 2}, "a": 3, "a": 4}"#;
    let Parsed {
        value,
        duplicate_keys,
        ..
    } = parse(text, &Limits::default());
    let places: Vec<usize> = duplicate_keys.iter().map(|span| span.start).collect();
    assert_eq!(places, [23, 32, 40]);
    let value = value.unwrap();
    assert_eq!(
        value.get("a").unwrap().as_number().unwrap().as_written(),
        "4"
    );
    assert_eq!(value.as_object().unwrap().members().len(), 4);
    // Many members are compared in another way than few.
    let many: Vec<String> = (0..100)
        .map(|index| format!("\"k{}\":{index}", index % 99))
        .collect();
    let parsed = parse(
        format!("{{{}}}", many.join(",")).as_bytes(),
        &Limits::default(),
    );
    assert_eq!(parsed.duplicate_keys.len(), 1);
}

#[test]
fn passes_over_a_byte_order_mark_and_says_so() {
    let parsed = parse(b"\xef\xbb\xbf{\"a\": 1}", &Limits::default());
    assert!(parsed.byte_order_mark);
    assert_eq!(
        parsed.value.unwrap().get("a").unwrap().span,
        Span::new(9, 10)
    );
    assert!(!parse(b"{}", &Limits::default()).byte_order_mark);
}

#[test]
fn reads_bytes_that_are_no_utf8_as_replacement_characters() {
    // As a browser decodes them: one for each broken sequence, surrogates in UTF-8 are three.
    let parsed = parse(
        b"[\"a\xffb\", \"\xe2\x82\", \"\xed\xa0\x80\", \"\xff\\n\"]",
        &Limits::default(),
    );
    assert!(parsed.invalid_utf8);
    assert_eq!(
        compact(&parsed.value.unwrap()),
        "[\"a\u{fffd}b\",\"\u{fffd}\",\"\u{fffd}\u{fffd}\u{fffd}\",\"\u{fffd}\\n\"]"
    );
    assert!(!parse("\"é\"".as_bytes(), &Limits::default()).invalid_utf8);
}

#[test]
fn lone_surrogates_are_kept_and_paired_ones_joined() {
    let value = read(r#"["\ud800", "a\udc00b", "\ud83d\ude00"]"#);
    let items = value.as_array().unwrap();
    assert_eq!(items[0].as_str(), None);
    assert_eq!(items[0].as_string().unwrap().to_string_lossy(), "\u{fffd}");
    assert_eq!(
        items[1].as_string().unwrap().to_string_lossy(),
        "a\u{fffd}b"
    );
    assert_eq!(items[2].as_str(), Some("😀"));
    assert_eq!(compact(&value), r#"["\ud800","a\udc00b","😀"]"#);
}

#[test]
fn numbers_keep_their_text() {
    let value = read("[9007199254740993, 2.0, 2e3, -1, 0.5, 18446744073709551615, 1e400, -0]");
    let numbers: Vec<_> = value
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_number)
        .collect();
    assert_eq!(numbers[0].as_written(), "9007199254740993");
    assert_eq!(numbers[0].to_javascript(), "9007199254740992");
    let integers: Vec<_> = numbers.iter().map(|number| number.as_u64()).collect();
    assert_eq!(
        integers,
        [
            Some(9_007_199_254_740_993),
            Some(2),
            Some(2000),
            None,
            None,
            Some(u64::MAX),
            None,
            Some(0)
        ]
    );
    assert_eq!(numbers[3].as_i64(), Some(-1));
}

#[test]
fn lines_and_columns_count_characters() {
    let text = "ab\r\né😀x\n".as_bytes();
    let place = |offset| line_column(text, offset);
    assert_eq!(place(0), (1, 1));
    assert_eq!(place(3), (1, 4));
    assert_eq!(place(4), (2, 1));
    assert_eq!(place(6), (2, 2));
    assert_eq!(place(10), (2, 3));
    assert_eq!(place(12), (3, 1));
    assert_eq!(place(999), (3, 1));
}

#[test]
fn made_values_print_like_read_ones() {
    let value = Value::object([
        ("text", Value::string("a\"b")),
        (
            "list",
            Value::array([Value::number(7), Value::integer(-7), Value::null()]),
        ),
        ("half", Value::float(0.5)),
        ("whole", Value::float(2.0)),
        ("none", Value::float(f64::NAN)),
        ("yes", Value::bool(true)),
    ]);
    let text = r#"{"text":"a\"b","list":[7,-7,null],"half":0.5,"whole":2,"none":null,"yes":true}"#;
    assert_eq!(compact(&value), text);
    assert_eq!(value, read(text));
}

#[test]
fn a_key_is_set_where_it_stands() {
    let mut value = read(r#"{"a": 1, "sha": 2, "b": 3, "sha": 4}"#);
    let object = value.as_object_mut().unwrap();
    object.set("sha", Value::string("x"));
    object.set("new", Value::null());
    assert!(object.remove("a"));
    assert!(!object.remove("a"));
    assert_eq!(compact(&value), r#"{"sha":"x","b":3,"new":null}"#);
}

#[test]
fn merge_patches_follow_the_standard() {
    // Own cases; the rules are those of RFC 7396.
    for (base, patch, expected) in [
        (r#"{"a":1,"b":2}"#, r#"{"a":3}"#, r#"{"a":3,"b":2}"#),
        (r#"{"a":1,"b":2}"#, r#"{"a":null}"#, r#"{"b":2}"#),
        (r#"{"a":1}"#, r#"{"b":null,"c":2}"#, r#"{"a":1,"c":2}"#),
        (
            r#"{"a":{"b":1,"c":2},"d":3}"#,
            r#"{"a":{"b":null,"e":4}}"#,
            r#"{"a":{"c":2,"e":4},"d":3}"#,
        ),
        (r#"{"a":[1,2]}"#, r#"{"a":[3,null]}"#, r#"{"a":[3,null]}"#),
        (
            r#"{"a":1}"#,
            r#"{"a":{"b":1,"c":null}}"#,
            r#"{"a":{"b":1}}"#,
        ),
        (r#"{"a":1}"#, "[1]", "[1]"),
        (r#"{"a":1}"#, "null", "null"),
        ("[1]", r#"{"a":{"b":{"c":null}}}"#, r#"{"a":{"b":{}}}"#),
        (r#"{"a":1,"b":2,"a":3}"#, "{}", r#"{"a":3,"b":2}"#),
        (r#"{"a":1}"#, r#"{"a":null,"a":2}"#, r#"{"a":2}"#),
        (r#"{"a":1}"#, r#"{"a":2,"a":null}"#, "{}"),
    ] {
        assert_eq!(
            compact(&merge_patch(&read(base), &read(patch))),
            expected,
            "{base} + {patch}"
        );
    }
}
