use std::fmt::Write as _;

/// A text as a basic TOML string, quotes included.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            sign if sign.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(sign));
            }
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back() {
        for text in [
            "Ann's \"own\"",
            "a\\b",
            "two\nlines\t\r",
            "\0\u{7f}\u{1b}",
            "Übung 😀",
        ] {
            let document = format!("key = {}\n", quoted(text));
            let table = toml::de::DeTable::parse(&document).expect("TOML");
            let value = table
                .get_ref()
                .get("key")
                .and_then(|value| value.get_ref().as_str());
            assert_eq!(value, Some(text));
        }
    }
}
