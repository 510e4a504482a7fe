//! `site/next.config.js`: the literals of `env` and `basePath`.

use std::ops::Range;

use diagnostics::{Diagnostic, Span};

use super::literals::{Token, Tokens};
use super::{NEXT_CONFIG_FILE, TemplateConfig};
use crate::rules::{
    config_key_missing, template_broken, template_not_literal, template_without_names,
};

/// Deeper brackets than in any real file; what lies in them is passed over one by one.
const DEEPEST: usize = 64;
/// So much is said about one file.
const MOST_FINDINGS: usize = 50;

/// Reads what can be read, and says what could not.
pub(super) fn read(text: &str) -> (TemplateConfig, Vec<Diagnostic>) {
    let mut reader = Reader {
        tokens: Tokens::new(text),
        file: NEXT_CONFIG_FILE,
        diagnostics: Vec::new(),
        sound_until: 0,
    };
    let mut config = TemplateConfig::default();
    let mut env_place = None;
    let mut has_contact = false;
    let mut depth: usize = 0;
    // `env` stands in the first bracket of the configuration, wherever that object is assigned.
    let mut env_depth = None;
    while let Some((key, range)) = reader.next_property(&mut depth) {
        let in_env = env_depth.is_some_and(|env| depth > env);
        if !in_env {
            env_depth = None;
        }
        match key.as_str() {
            "env" if !in_env && reader.tokens.take('{') => {
                env_place.get_or_insert(range);
                env_depth = Some(depth);
                depth += 1;
            }
            "basePath" if !in_env => {
                if let Some(value) = reader.value(&key, &range) {
                    config.base_path = value;
                }
            }
            key if in_env => {
                let field = match key {
                    "name" => &mut config.name,
                    "description" => &mut config.description,
                    "icon" => &mut config.icon,
                    "listUrl" => &mut config.list_url,
                    "contactUrl" => {
                        has_contact = true;
                        &mut config.contact_url
                    }
                    _ => continue,
                };
                if let Some(value) = reader.value(key, &range) {
                    *field = value;
                }
            }
            _ => {}
        }
    }
    match env_place {
        Some(env) if !has_contact => {
            reader
                .diagnostics
                .push(config_key_missing::found_contact_in_template(Span {
                    start: env.start,
                    end: env.end,
                }));
        }
        Some(_) => {}
        None => reader.diagnostics.push(
            template_without_names::RULE
                .found(format!(
                    "`{NEXT_CONFIG_FILE}` has no `env: {{…}}` with the registry's name"
                ))
                .in_file(NEXT_CONFIG_FILE),
        ),
    }
    (config, reader.diagnostics)
}

/// Where the value of a property begins that no other of the file is named as.
pub(super) fn place_of(text: &str, file: &'static str, key: &str) -> Option<Span> {
    let mut reader = Reader {
        tokens: Tokens::new(text),
        file,
        diagnostics: Vec::new(),
        sound_until: 0,
    };
    let mut depth = 0;
    while let Some((found, _)) = reader.next_property(&mut depth) {
        if found == key {
            let value = reader.tokens.peek()?.range;
            return Some(Span {
                start: value.start,
                end: value.end,
            });
        }
    }
    None
}

/// Reads properties and their values out of a file.
pub(super) struct Reader<'a> {
    pub(super) tokens: Tokens<'a>,
    pub(super) file: &'static str,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Up to here no text lacks its end, as far as that was looked at: lines may be as long as the file.
    pub(super) sound_until: usize,
}

impl Reader<'_> {
    /// Goes past the next `key:`, counting the brackets on the way.
    pub(super) fn next_property(&mut self, depth: &mut usize) -> Option<(String, Range<usize>)> {
        loop {
            let next = self.tokens.next()?;
            match next.token {
                Token::Sign('{' | '[' | '(') => *depth = (*depth + 1).min(DEEPEST),
                Token::Sign('}' | ']' | ')') => *depth = depth.saturating_sub(1),
                Token::Word(key) | Token::Text(key) => {
                    if self.tokens.take(':') {
                        return Some((key, next.range));
                    }
                }
                Token::Unended => self.unended(next.range),
                Token::Sign(_) | Token::Computed => {}
            }
        }
    }

    /// The value of a property, if it is made of literals.
    pub(super) fn value(&mut self, key: &str, key_range: &Range<usize>) -> Option<String> {
        let first = self.tokens.peek()?;
        let start = first.range.start;
        let mut ahead = self.tokens.clone();
        let mut value = String::new();
        loop {
            match ahead.next().map(|next| next.token) {
                Some(Token::Text(text)) => value.push_str(&text),
                Some(Token::Unended) => return self.guess(key, start),
                _ => {
                    self.not_literal(key, key_range.start..first.range.end);
                    return None;
                }
            }
            if ahead.take('+') {
                continue;
            }
            break;
        }
        let ends = ahead
            .peek()
            .is_none_or(|next| matches!(next.token, Token::Sign(',' | '}' | ';' | ')')));
        if ends {
            self.tokens = ahead;
            return Some(value);
        }
        if self.is_broken(start) {
            return self.guess(key, start);
        }
        self.not_literal(key, key_range.start..first.range.end);
        None
    }

    /// Whether a line that begins with a text has an odd quote left, so that nobody could read it.
    fn is_broken(&mut self, start: usize) -> bool {
        if start < self.sound_until {
            return false;
        }
        let mut line = self.tokens.of_line(start);
        while let Some(next) = line.next() {
            if next.token == Token::Unended {
                return true;
            }
        }
        self.sound_until = start + self.tokens.line_from(start).len();
        false
    }

    /// A line with too many quotes, mostly because of an apostrophe: what stands between the first and the last of
    /// them is what was meant.
    fn guess(&mut self, key: &str, start: usize) -> Option<String> {
        let line = self.tokens.line_from(start);
        let written = line.trim_end().trim_end_matches(',').trim_end();
        let quote = written
            .chars()
            .next()
            .filter(|sign| matches!(sign, '\'' | '"' | '`'))?;
        let inner = written[quote.len_utf8()..].strip_suffix(quote);
        let diagnostic = template_broken::RULE
            .found(format!(
                "`{}` is not JavaScript: the text of `{key}` ends too early",
                self.file
            ))
            .with_label("one of these quotes belongs to the text")
            .in_file(self.file)
            .at(Span {
                start,
                end: start + written.len(),
            });
        self.report(match inner {
            Some(inner) => diagnostic.with_hint(format!(
                "it is read as `{inner}`; the template publishes nothing until it is written `\\{quote}`"
            )),
            None => diagnostic.with_hint(format!("end it with `{quote}`, or write `\\{quote}` inside")),
        });
        self.tokens.go_past_line(start);
        inner.map(|inner| inner.replace(&format!("\\{quote}"), &quote.to_string()))
    }

    /// Says what is wrong; what is wrong without end is not said without end.
    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MOST_FINDINGS {
            self.diagnostics.push(diagnostic);
        }
    }

    fn unended(&mut self, range: Range<usize>) {
        self.report(
            template_broken::RULE
                .found(format!(
                    "`{}` is not JavaScript: a text does not end",
                    self.file
                ))
                .with_label("begins here")
                .in_file(self.file)
                .at(Span {
                    start: range.start,
                    end: range.end,
                }),
        );
    }

    fn not_literal(&mut self, key: &str, range: Range<usize>) {
        self.report(
            template_not_literal::RULE
                .found(format!(
                    "`{key}` in `{}` is computed, and the file is not run",
                    self.file
                ))
                .with_label("is no text in quotes")
                .with_hint("write the text itself, or set it in `registry.toml`")
                .in_file(self.file)
                .at(Span {
                    start: range.start,
                    end: range.end,
                }),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many bytes are gone past for each byte of a file.
    fn work(text: &str) -> usize {
        let mut reader = Reader {
            tokens: Tokens::new(text),
            file: NEXT_CONFIG_FILE,
            diagnostics: Vec::new(),
            sound_until: 0,
        };
        let mut depth = 0;
        while let Some((key, range)) = reader.next_property(&mut depth) {
            reader.value(&key, &range);
        }
        assert!(reader.diagnostics.len() <= MOST_FINDINGS);
        reader.tokens.work.get() / text.len()
    }

    #[test]
    fn a_file_is_read_in_one_go_whatever_is_wrong_with_it() {
        for piece in [
            "`",
            "\\`\n",
            "`\\`\n",
            "a: `\n\\`\n",
            "'\n",
            "'",
            "a: '",
            "a: 'b' c, ",
            "a: 'b' + ",
            "a: `b` `",
            "'\\u{",
            "/*",
            "/* */",
            "//\n",
            "a /*\n",
            "a: ",
            "{",
        ] {
            let text = piece.repeat(50_000 / piece.len());
            let work = work(&text);
            assert!(work < 12, "{piece:?}: {work} bytes for each");
        }
    }
}
