use std::fmt::Write as _;

/// What a Compose file is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Yaml {
    /// A text, always quoted.
    Text(String),
    /// A number or a truth value.
    Plain(String),
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>),
}

/// Words that are truth values or nothing where they stand unquoted.
const NOT_PLAIN: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

impl Yaml {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn number(number: i64) -> Self {
        Self::Plain(number.to_string())
    }

    pub(crate) fn bool(value: bool) -> Self {
        Self::Plain(value.to_string())
    }

    pub(crate) fn texts(texts: impl IntoIterator<Item = String>) -> Self {
        Self::List(texts.into_iter().map(Self::Text).collect())
    }

    pub(crate) fn map<const N: usize>(members: [(&str, Self); N]) -> Self {
        let members = members.into_iter();
        Self::Map(
            members
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    }

    /// Gives the member at the end of a path of keys, parted by dots, this value.
    pub(crate) fn set(&mut self, path: &str, value: Self) {
        *self.member(path, Self::Map(Vec::new())) = value;
    }

    /// Gives a key of this map, which may hold dots, this value.
    pub(crate) fn set_key(&mut self, key: &str, value: Self) {
        if let Self::Map(members) = self {
            members.retain(|(known, _)| known != key);
            members.push((key.to_owned(), value));
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        match self {
            Self::Text(_) | Self::Plain(_) => false,
            Self::List(items) => items.is_empty(),
            Self::Map(members) => members.is_empty(),
        }
    }

    /// Adds to the list at the end of a path, unless it is in there: Compose wants each item once.
    pub(crate) fn push(&mut self, path: &str, value: Self) {
        if let Self::List(items) = self.member(path, Self::List(Vec::new()))
            && !items.contains(&value)
        {
            items.push(value);
        }
    }

    fn member(&mut self, path: &str, new: Self) -> &mut Self {
        let (key, rest) = match path.split_once('.') {
            Some((key, rest)) => (key, Some(rest)),
            None => (path, None),
        };
        if !matches!(self, Self::Map(_)) {
            *self = Self::Map(Vec::new());
        }
        let Self::Map(members) = self else {
            unreachable!("it was just made a map");
        };
        let place = members.iter().position(|(known, _)| known == key);
        let place = place.unwrap_or_else(|| {
            let empty = rest.map_or_else(|| new.clone(), |_| Self::Map(Vec::new()));
            members.push((key.to_owned(), empty));
            members.len() - 1
        });
        let member = &mut members[place].1;
        match rest {
            Some(rest) => member.member(rest, new),
            None => member,
        }
    }

    /// The whole file.
    pub(crate) fn write(&self) -> String {
        let mut out = String::new();
        self.write_at(0, &mut out);
        out.trim_start_matches('\n').to_owned()
    }

    /// Writes what stands behind a key; containers begin on a new line.
    fn write_at(&self, depth: usize, out: &mut String) {
        match self {
            Self::Text(text) => {
                out.push(' ');
                quote(text, out);
                out.push('\n');
            }
            Self::Plain(text) => {
                out.push(' ');
                out.push_str(text);
                out.push('\n');
            }
            Self::List(items) if items.is_empty() => out.push_str(" []\n"),
            Self::Map(members) if members.is_empty() => out.push_str(" {}\n"),
            Self::List(items) => {
                out.push('\n');
                for item in items {
                    indent(depth, out);
                    out.push('-');
                    item.write_item(depth + 1, out);
                }
            }
            Self::Map(members) => {
                out.push('\n');
                for (key, value) in members {
                    indent(depth, out);
                    write_member(key, value, depth, out);
                }
            }
        }
    }

    /// Writes what stands behind a dash: the first member of a map stands on the same line.
    fn write_item(&self, depth: usize, out: &mut String) {
        match self {
            Self::Map(members) if !members.is_empty() => {
                for (index, (key, value)) in members.iter().enumerate() {
                    if index == 0 {
                        out.push(' ');
                    } else {
                        indent(depth, out);
                    }
                    write_member(key, value, depth, out);
                }
            }
            _ => self.write_at(depth, out),
        }
    }
}

fn write_member(key: &str, value: &Yaml, depth: usize, out: &mut String) {
    let starts_well = key.starts_with(|sign: char| sign.is_ascii_lowercase());
    let is_plain = starts_well
        && key
            .chars()
            .all(|sign| matches!(sign, 'a'..='z' | '0'..='9' | '_' | '-'))
        && !NOT_PLAIN.contains(&key);
    if is_plain {
        out.push_str(key);
    } else {
        quote(key, out);
    }
    out.push(':');
    value.write_at(depth + 1, out);
}

fn indent(depth: usize, out: &mut String) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// Writes a text in double quotes, as JSON has them and YAML, too. Compose reads `$$` as one dollar sign.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for sign in text.chars() {
        match sign {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '$' => out.push_str("$$"),
            sign if needs_escape(sign) => {
                // A string takes all that is written to it.
                let _ = write!(out, "\\u{:04x}", u32::from(sign));
            }
            sign => out.push(sign),
        }
    }
    out.push('"');
}

/// What YAML takes for no text, and what turns the direction of text.
fn needs_escape(sign: char) -> bool {
    sign.is_control()
        || crate::shell::turns(sign)
        || matches!(
            sign,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_nest() {
        let mut file = Yaml::Map(Vec::new());
        file.set("a.b", Yaml::text("it's $HOME: \"x\"\u{7}\u{202e}é\n"));
        file.set("a.c", Yaml::number(-1));
        file.push(
            "list",
            Yaml::map([("x", Yaml::bool(true)), ("no", Yaml::texts([]))]),
        );
        file.push("list", Yaml::texts(["- a".to_owned(), String::new()]));
        file.push("list", Yaml::texts(["- a".to_owned(), String::new()]));
        assert_eq!(
            file.write(),
            concat!(
                "a:\n",
                "  b: \"it's $$HOME: \\\"x\\\"\\u0007\\u202eé\\n\"\n",
                "  c: -1\n",
                "list:\n",
                "  - x: true\n",
                "    \"no\": []\n",
                "  -\n",
                "    - \"- a\"\n",
                "    - \"\"\n",
            )
        );
    }
}
