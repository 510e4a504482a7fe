//! The page about the rules is what the rules say.

#[test]
fn the_page_about_the_rules_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/publish-rules.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        page == publish::rules_page(),
        "write it anew: cargo run -- publish explain --all > docs/publish-rules.md"
    );
}
