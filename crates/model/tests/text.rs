//! Folding of names for search and identity.

use model::fold;

#[test]
fn case_accents_and_compatibility_forms_do_not_count() {
    for (text, folded) in [
        ("VS Code", "vs code"),
        ("Éclipse", "eclipse"),
        ("e\u{301}clipse", "eclipse"),
        ("Ｆｕｌｌ－Ｗｉｄｔｈ　１", "full-width 1"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("ﬁle Ⅷ ½", "file viii 1\u{2044}2"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("Ёлка", "елка"),
        ("\u{ac00}", "\u{1100}\u{1161}"),
        ("ﾊﾟｿｺﾝ", "ハソコン"),
        ("Fire\u{ad}fox\u{200b}\u{feff}", "firefox"),
        ("❤\u{fe0f}", "❤"),
        ("日本語", "日本語"),
        ("", ""),
    ] {
        assert_eq!(fold(text), folded, "{text}");
    }
}

#[test]
fn folding_twice_changes_nothing() {
    // Where letters with case, marks and compatibility forms are.
    let ranges = [
        '\0'..='\u{33ff}',
        '\u{a000}'..='\u{abff}',
        '\u{f900}'..='\u{1f2ff}',
    ];
    for character in ranges.into_iter().flatten() {
        let once = fold(character.encode_utf8(&mut [0; 4]));
        assert_eq!(fold(&once), once, "U+{:04X}", character as u32);
    }
}
