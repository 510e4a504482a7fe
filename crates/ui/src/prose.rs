use std::fmt;

use askama::filters::HtmlSafe;

/// A text of one line with literals between backticks, as other layers write it, for a page.
///
/// Literals become `code`; everything is escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prose<'a> {
    text: &'a str,
    /// Whether its first letter is made a capital one.
    starts: bool,
    /// Whether it ends with a full stop where it has no end of its own.
    stops: bool,
}

/// Shows `text` within a sentence.
pub fn phrase<T: AsRef<str> + ?Sized>(text: &T) -> Prose<'_> {
    Prose {
        text: text.as_ref(),
        starts: false,
        stops: false,
    }
}

/// Shows `text` by itself; it need not be a whole sentence.
pub fn prose<T: AsRef<str> + ?Sized>(text: &T) -> Prose<'_> {
    Prose {
        starts: true,
        ..phrase(text)
    }
}

/// Shows `text` as a whole sentence.
pub fn sentence<T: AsRef<str> + ?Sized>(text: &T) -> Prose<'_> {
    Prose {
        stops: true,
        ..prose(text)
    }
}

/// `text` without its backticks, where there can be no elements.
pub fn plain(text: &str) -> String {
    text.replace('`', "")
}

impl HtmlSafe for Prose<'_> {}

impl fmt::Display for Prose<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text.trim();
        let mut rest = text;
        let mut is_first = self.starts;
        while let Some((before, literal, after)) = next_literal(rest) {
            words(formatter, before, is_first)?;
            formatter.write_str("<code>")?;
            escape(formatter, literal)?;
            formatter.write_str("</code>")?;
            rest = after;
            is_first = false;
        }
        words(formatter, rest, is_first)?;
        let is_open = !text.is_empty() && !text.ends_with(['.', '!', '?', ':', '…']);
        if self.stops && is_open {
            formatter.write_str(".")?;
        }
        Ok(())
    }
}

/// What stands before the next literal, the literal, and what follows it.
fn next_literal(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (literal, after) = rest.split_once('`')?;
    (!literal.is_empty()).then_some((before, literal, after))
}

fn words(formatter: &mut fmt::Formatter<'_>, text: &str, is_first: bool) -> fmt::Result {
    let mut letters = text.chars();
    // Names that begin with a small letter and hold others than letters, such as `1.1/list.json`, stay as they are.
    let word = text.split_whitespace().next().unwrap_or_default();
    let is_word = word
        .trim_end_matches([',', ':', ';', '.'])
        .chars()
        .all(char::is_alphabetic);
    match letters.next() {
        Some(first) if is_first && is_word && first.is_lowercase() => {
            let capital: String = first.to_uppercase().collect();
            escape(formatter, &capital)?;
            escape(formatter, letters.as_str())
        }
        _ => escape(formatter, text),
    }
}

fn escape(formatter: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for letter in text.chars() {
        match letter {
            '&' => formatter.write_str("&amp;")?,
            '<' => formatter.write_str("&lt;")?,
            '>' => formatter.write_str("&gt;")?,
            '"' => formatter.write_str("&quot;")?,
            '\'' => formatter.write_str("&#39;")?,
            letter => fmt::Write::write_char(formatter, letter)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_become_code() {
        for (text, html) in [
            ("", ""),
            ("form 1.1", "Form 1.1"),
            (
                "`versions.txt` names 1.1",
                "<code>versions.txt</code> names 1.1",
            ),
            ("see `a` and `b`", "See <code>a</code> and <code>b</code>"),
            ("an open ` stays", "An open ` stays"),
            ("two `` in a row", "Two `` in a row"),
            ("http://a.example/", "http://a.example/"),
            ("7 of 12 icons looked at", "7 of 12 icons looked at"),
            ("`unended", "`unended"),
        ] {
            assert_eq!(prose(text).to_string(), html, "{text}");
        }
    }

    #[test]
    fn whole_sentences_end() {
        assert_eq!(sentence("check the port").to_string(), "Check the port.");
        assert_eq!(sentence("Try again.").to_string(), "Try again.");
        assert_eq!(sentence("run `a b`").to_string(), "Run <code>a b</code>.");
        assert_eq!(sentence("").to_string(), "");
    }

    #[test]
    fn nothing_of_it_is_read_as_elements() {
        let hostile = "<b>`</code><script>`\"'&";
        assert_eq!(
            prose(hostile).to_string(),
            "&lt;b&gt;<code>&lt;/code&gt;&lt;script&gt;</code>&quot;&#39;&amp;"
        );
        assert_eq!(phrase("it was there").to_string(), "it was there");
        assert_eq!(plain("`a` is b"), "a is b");
    }
}
