use std::fmt;

use diagnostics::Diagnostic;
use toml::de::DeTable;

use crate::config::span;
use crate::rules::{accent_too_pale, config_key_unknown, config_not_a_color, config_wrong_type};

/// The keys of the table `[storefront]`.
pub(crate) const STOREFRONT_KEYS: [&str; 3] = ["accent", "headline", "logo"];

/// What a registry says about the looks of its storefront.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StorefrontConfig {
    /// The colour of buttons and links; shades of it are chosen so that they can be read.
    pub accent: Option<Color>,
    /// The first words of the catalogue; may be empty.
    pub headline: String,
    /// The name of a picture beside `registry.toml`; where it is empty, the registry's own is shown.
    pub logo: String,
}

/// A colour without transparency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl StorefrontConfig {
    /// Reads the table `[storefront]` of a text.
    pub(crate) fn read(table: &DeTable<'_>, text: &str) -> (Self, Vec<Diagnostic>) {
        let mut config = Self::default();
        let mut found = Vec::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            let path = format!("storefront.{name}");
            if !STOREFRONT_KEYS.contains(&name) {
                let place = span(&key.span());
                found.push(config_key_unknown::found_in(
                    &path,
                    name,
                    &STOREFRONT_KEYS,
                    place,
                ));
                continue;
            }
            let place = span(&value.span());
            let Some(text) = value.get_ref().as_str() else {
                let kind = value.get_ref().type_str();
                found.push(config_wrong_type::found(
                    &path,
                    kind,
                    "a text in quotes",
                    text.get(value.span()).unwrap_or_default(),
                    place,
                ));
                continue;
            };
            match name {
                "accent" => match Color::parse(text) {
                    Some(color) => {
                        if color.contrast_on_white() < READABLE {
                            found.push(accent_too_pale::found(color, place));
                        }
                        config.accent = Some(color);
                    }
                    None => found.push(config_not_a_color::found(&path, text, place)),
                },
                "headline" => text.clone_into(&mut config.headline),
                _ => text.clone_into(&mut config.logo),
            }
        }
        (config, found)
    }
}

/// The least contrast of text that people with weak sight can read (WCAG 2, level AA).
const READABLE: f64 = 4.5;

impl Color {
    /// Reads `#rrggbb` or `#rgb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let digit = |at: usize| char::from(*digits.as_bytes().get(at)?).to_digit(16);
        let pair =
            |first: usize, second: usize| u8::try_from(digit(first)? * 16 + digit(second)?).ok();
        let [red, green, blue] = match digits.len() {
            3 => [pair(0, 0)?, pair(1, 1)?, pair(2, 2)?],
            6 => [pair(0, 1)?, pair(2, 3)?, pair(4, 5)?],
            _ => return None,
        };
        Some(Self { red, green, blue })
    }

    /// How it stands out from white: 1 for white itself, 21 for black.
    pub fn contrast_on_white(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        let luminance =
            0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue);
        1.05 / (luminance + 0.05)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { red, green, blue } = self;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_written_in_hexadecimal() {
        let cases = [
            ("#0b6a8a", Some("#0b6a8a")),
            ("#0BF", Some("#00bbff")),
            ("#0b6a8", None),
            ("0b6a8a", None),
            ("#0b6a8g", None),
            ("#ééé", None),
            ("red; } body { display: none", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let color = Color::parse(text).map(|color| color.to_string());
            assert_eq!(color.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn contrast_is_measured_against_white() {
        let contrast = |text| Color::parse(text).expect("a colour").contrast_on_white();
        assert!((contrast("#fff") - 1.0).abs() < 0.01);
        assert!((contrast("#000") - 21.0).abs() < 0.01);
        assert!((contrast("#767676") - 4.54).abs() < 0.01);
    }
}
