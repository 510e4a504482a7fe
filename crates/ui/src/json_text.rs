use std::borrow::Cow;
use std::fmt::{self, Write};

use api::Finding;
use askama::filters::{Escaper as _, Html, HtmlSafe};

/// Arrays and objects up to this length stay on one line.
const LINE: usize = 64;

/// JSON text laid out for reading, as HTML: keys and strings told apart, flagged properties marked.
///
/// Tokens are copied as they are, in their order: no number, escape or duplicate key is lost. Only what turns the
/// direction of text, and would show brackets and quotes where they are not, is written as an escape.
#[derive(Debug, Clone, Copy)]
pub struct JsonView<'a> {
    text: &'a str,
    findings: &'a [Finding],
}

impl<'a> JsonView<'a> {
    /// Shows `text` and marks what `findings` speak of.
    pub const fn new(text: &'a str, findings: &'a [Finding]) -> Self {
        Self { text, findings }
    }

    fn is_flagged(&self, path: &[&str], key: &str) -> bool {
        self.findings.iter().any(|finding| {
            finding.property == key && path.iter().copied().eq(finding.section.split('.'))
        })
    }
}

impl fmt::Display for JsonView<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        walk(self.text, &mut |piece| match piece {
            Piece::Key { raw, path } => {
                let flagged = self.is_flagged(path, raw.trim_matches('"'));
                formatter.write_str(if flagged { "<mark>" } else { "" })?;
                formatter.write_str(r#"<span class="key">"#)?;
                Html.write_escaped_str(&mut *formatter, &in_order(raw))?;
                formatter.write_str("</span>")?;
                formatter.write_str(if flagged { "</mark>" } else { "" })
            }
            Piece::Text(raw) => {
                formatter.write_str(r#"<span class="string">"#)?;
                Html.write_escaped_str(&mut *formatter, &in_order(raw))?;
                formatter.write_str("</span>")
            }
            Piece::Plain(raw) => Html.write_escaped_str(&mut *formatter, raw),
            Piece::Break(depth) => line_break(&mut *formatter, depth),
        })
    }
}

impl HtmlSafe for JsonView<'_> {}

/// A token of JSON with the signs that turn the direction of text as escapes, which mean the same.
fn in_order(token: &str) -> Cow<'_, str> {
    let turns = |sign: char| matches!(sign, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !token.contains(turns) {
        return Cow::Borrowed(token);
    }
    let escaped = token.chars().map(|sign| {
        if turns(sign) {
            format!("\\u{:04x}", u32::from(sign))
        } else {
            sign.to_string()
        }
    });
    Cow::Owned(escaped.collect())
}

/// Lays JSON text out with two blanks a level; tokens and their order stay as they are.
pub fn lay_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let written = walk(text, &mut |piece| match piece {
        Piece::Key { raw, .. } | Piece::Text(raw) | Piece::Plain(raw) => out.write_str(raw),
        Piece::Break(depth) => line_break(&mut out, depth),
    });
    debug_assert!(written.is_ok(), "a string takes all that is written to it");
    out
}

fn line_break(out: &mut dyn Write, depth: usize) -> fmt::Result {
    out.write_char('\n')?;
    for _ in 0..depth {
        out.write_str("  ")?;
    }
    Ok(())
}

enum Piece<'a, 'p> {
    Key { raw: &'a str, path: &'p [&'a str] },
    Text(&'a str),
    Plain(&'a str),
    Break(usize),
}

/// Where the walk stands inside one array or object.
struct Level<'a> {
    is_object: bool,
    is_inline: bool,
    is_empty: bool,
    expects_key: bool,
    key: &'a str,
}

type Sink<'a, 'w> = &'w mut dyn FnMut(Piece<'a, '_>) -> fmt::Result;

impl<'a> Level<'a> {
    /// What stands between a bracket and what is inside of it.
    fn edge(&self, depth: usize, write: Sink<'a, '_>) -> fmt::Result {
        match (self.is_inline, self.is_object) {
            (true, true) => write(Piece::Plain(" ")),
            (true, false) => Ok(()),
            (false, _) => write(Piece::Break(depth)),
        }
    }
}

fn walk<'a>(text: &'a str, write: &mut dyn FnMut(Piece<'a, '_>) -> fmt::Result) -> fmt::Result {
    let mut levels: Vec<Level<'a>> = Vec::new();
    let mut path: Vec<&'a str> = Vec::new();
    let mut rest = text;
    while let Some((token, after)) = next_token(rest) {
        let first = token.as_bytes()[0];
        if matches!(first, b'}' | b']') {
            if let Some(level) = levels.pop() {
                if level.is_object && !levels.is_empty() {
                    path.pop();
                }
                if !level.is_empty {
                    level.edge(levels.len(), write)?;
                }
            }
            write(Piece::Plain(token))?;
            rest = after;
            continue;
        }
        let depth = levels.len();
        if let Some(level) = levels.last_mut()
            && !matches!(first, b',' | b':')
            && level.is_empty
        {
            level.is_empty = false;
            level.edge(depth, write)?;
        }
        match first {
            b'{' | b'[' => {
                write(Piece::Plain(token))?;
                if first == b'{'
                    && let Some(level) = levels.last()
                {
                    path.push(level.key);
                }
                levels.push(Level {
                    is_object: first == b'{',
                    is_inline: fits_a_line(after),
                    is_empty: true,
                    expects_key: first == b'{',
                    key: "",
                });
            }
            b',' => {
                write(Piece::Plain(token))?;
                if let Some(level) = levels.last_mut() {
                    level.expects_key = level.is_object;
                    let piece = if level.is_inline {
                        Piece::Plain(" ")
                    } else {
                        Piece::Break(depth)
                    };
                    write(piece)?;
                }
            }
            b':' => write(Piece::Plain(": "))?,
            b'"' => match levels.last_mut() {
                Some(level) if level.expects_key => {
                    level.expects_key = false;
                    level.key = token.trim_matches('"');
                    write(Piece::Key {
                        raw: token,
                        path: &path,
                    })?;
                }
                _ => write(Piece::Text(token))?,
            },
            _ => write(Piece::Plain(token))?,
        }
        rest = after;
    }
    Ok(())
}

/// Whether the array or object that `rest` continues is short and holds no other.
fn fits_a_line(mut rest: &str) -> bool {
    let mut length = 0;
    while let Some((token, after)) = next_token(rest) {
        match token.as_bytes()[0] {
            b'}' | b']' => return true,
            b'{' | b'[' => return false,
            _ => length += token.len() + 1,
        }
        if length > LINE {
            return false;
        }
        rest = after;
    }
    false
}

/// The next token of JSON text and what follows; tolerant, for text that is none.
fn next_token(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r']);
    let end = match text.bytes().next()? {
        b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
        b'"' => string_end(text),
        _ => text
            .find(|sign| "{}[],:\" \t\n\r".contains(sign))
            .unwrap_or(text.len()),
    };
    Some(text.split_at(end))
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_laid_out_and_tokens_stay() {
        let text = r#"{"a":1e400,"a":[],"b":{"c":["x\u003c","y"],"d":{}},"long":["0123456789012345678901234567890123456789","0123456789012345678901234567890123456789"]}"#;
        assert_eq!(
            lay_out(text),
            r#"{
  "a": 1e400,
  "a": [],
  "b": {
    "c": ["x\u003c", "y"],
    "d": {}
  },
  "long": [
    "0123456789012345678901234567890123456789",
    "0123456789012345678901234567890123456789"
  ]
}"#
        );
        assert_eq!(lay_out(r#"{"k": [1,2]  }"#), "{\n  \"k\": [1, 2]\n}");
        assert_eq!(lay_out(r#"{"k": 1}"#), r#"{ "k": 1 }"#);
    }

    #[test]
    fn laying_out_twice_changes_nothing() {
        let once = lay_out(r#"[{"a":{"b":[1,{"c":null}]}},true,"é\"}"]"#);
        assert_eq!(lay_out(&once), once);
    }

    #[test]
    fn nothing_turns_the_direction_of_text() {
        let text = "{\"a\":\"b\u{202e}\u{2067}c\"}";
        let shown = JsonView::new(text, &[]).to_string();
        assert!(shown.contains(r"b\u202e\u2067c"), "{shown}");
    }

    #[test]
    fn text_that_is_no_json_does_no_harm() {
        for text in ["", "\"", "}}}]", "{\"a\"", "[,,:", "<script>", "\"\\"] {
            let laid_out = lay_out(text);
            let shown = JsonView::new(text, &[]).to_string();
            assert!(!shown.contains("<script"), "{laid_out}");
        }
    }

    #[test]
    fn flagged_properties_are_marked_where_they_stand() {
        let finding = |section: &str, property: &str| Finding {
            id: "flag_property".to_owned(),
            section: section.to_owned(),
            section_label: String::new(),
            property: property.to_owned(),
            value: String::new(),
        };
        let findings = [
            finding("run_config", "ipc_mode"),
            finding("exec_config.go", "user"),
        ];
        let text = r#"{"ipc_mode":1,"run_config":{"x":{"ipc_mode":1},"ipc_mode":"host"},"exec_config":{"go":{"user":0}}}"#;
        let shown = JsonView::new(text, &findings).to_string();
        assert_eq!(shown.matches("<mark>").count(), 2);
        assert!(shown.contains(r#"<mark><span class="key">&#34;user&#34;</span></mark>: 0"#));
        let hostile = JsonView::new(r#"{"</pre><script>":"<b>"}"#, &[]).to_string();
        assert!(!hostile.contains("<script") && !hostile.contains("<b>"));
    }
}
