//! `processing/processjson.js`: the literal that `default_channel` is set to.

use diagnostics::Diagnostic;

use super::PROCESS_JSON_FILE;
use super::literals::Tokens;
use super::next_config::Reader;

/// The channel, if the file has one as a literal. Without one the build's own default holds.
pub(super) fn read(text: &str) -> (Option<String>, Vec<Diagnostic>) {
    let mut reader = Reader {
        tokens: Tokens::new(text),
        file: PROCESS_JSON_FILE,
        diagnostics: Vec::new(),
        sound_until: 0,
    };
    let mut depth = 0;
    while let Some((key, range)) = reader.next_property(&mut depth) {
        if key == "default_channel" {
            // What the rest of a program is like is not this reader's affair.
            reader.diagnostics.clear();
            let channel = reader.value(&key, &range);
            return (
                channel.filter(|channel| !channel.is_empty()),
                reader.diagnostics,
            );
        }
    }
    (None, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_literal_is_found_in_a_program() {
        let cases = [
            (
                "let json = {a: [...x], default_channel: 'develop'\n};\nif (!n) { json.default_channel = null }",
                Some("develop"),
            ),
            (
                "const json = { default_channel : \"1.18.0\", };",
                Some("1.18.0"),
            ),
            ("const json = { 'default_channel': `a` + 'b' }", Some("ab")),
            (
                "// default_channel: 'no'\nx = { default_channel: pick(channels) }",
                None,
            ),
            ("x = { default_channel: null }", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).0.as_deref(), expected, "{text}");
        }
        assert_eq!(read("x = { default_channel: pick() }").1.len(), 1);
    }
}
