/// Takes a command apart into words, as the consumers' Python does (`shlex.split`).
pub(crate) fn split(text: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut open = None;
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match (open, sign) {
            (Some(quote), sign) if sign == quote => open = None,
            (None, '\'' | '"') => {
                open = Some(sign);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t' | '\r' | '\n') => words.extend(word.take()),
            (None | Some('"'), '\\') => {
                let escaped = signs
                    .next()
                    .ok_or("nothing stands behind its last backslash")?;
                let word = word.get_or_insert_default();
                if open.is_some() && !matches!(escaped, '"' | '\\') {
                    word.push('\\');
                }
                word.push(escaped);
            }
            (_, sign) => word.get_or_insert_default().push(sign),
        }
    }
    if open.is_some() {
        return Err("a quote in it is never closed");
    }
    words.extend(word);
    Ok(words)
}

/// Writes a text as one word of a POSIX shell.
pub(crate) fn quote(text: &str) -> String {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "_-+=:,./@%".contains(sign);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Why a text cannot stand in a line that people paste into a terminal, which acts on control characters.
pub(crate) fn obstacle(text: &str) -> Option<&'static str> {
    let is_harmful = |sign: char| {
        (sign.is_control() && sign != '\n')
            || turns(sign)
            || matches!(sign, '\u{2028}' | '\u{2029}')
    };
    text.contains(is_harmful)
        .then_some("it holds control characters, which a terminal would act on")
}

/// Whether a sign turns the direction of text, and so shows what is not there.
pub(crate) const fn turns(sign: char) -> bool {
    matches!(sign, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_become_words() {
        for (text, expected) in [
            ("", Ok(vec![])),
            ("  a\tb\n", Ok(vec!["a", "b"])),
            (r#"bash -c 'a "b" \'"#, Ok(vec!["bash", "-c", r#"a "b" \"#])),
            (r#"a"b c"'d' """#, Ok(vec!["ab cd", ""])),
            (r#""\"\\\$\n""#, Ok(vec![r#""\\$\n"#])),
            (r"a\ b \'", Ok(vec!["a b", "'"])),
            ("# no comment", Ok(vec!["#", "no", "comment"])),
            ("it's", Err("a quote in it is never closed")),
            ("a \\", Err("nothing stands behind its last backslash")),
        ] {
            let words = split(text);
            let expected = expected.map(|words| words.into_iter().map(str::to_owned).collect());
            assert_eq!(words, expected, "{text}");
        }
    }

    #[test]
    fn words_are_quoted() {
        for (text, expected) in [
            ("a-b=c/d:e", "a-b=c/d:e"),
            ("", "''"),
            ("$(x) `y`", "'$(x) `y`'"),
            ("it's", r"'it'\''s'"),
            ("~", "'~'"),
            ("a\nb", "'a\nb'"),
        ] {
            assert_eq!(quote(text), expected);
        }
        assert_eq!(obstacle("a\nb é"), None);
        for hostile in ["\u{1b}[2J", "\r", "\t", "\0", "\u{9b}", "\u{202e}"] {
            assert!(obstacle(hostile).is_some(), "{hostile:?}");
        }
    }
}
