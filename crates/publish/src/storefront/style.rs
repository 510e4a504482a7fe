//! Style sheets of the storefront: the rules of the server's that speak of what its pages have, and a few of its own.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::Color;

/// What only the storefront has.
const OWN: &str = include_str!("../../assets/storefront.css");

/// Elements and classes of the catalogue, the page that visitors see first.
const CATALOGUE: &[&str] = &[
    "shop-bar",
    "shop-foot",
    "shop-head",
    "shop-lead",
    "shop-name",
    "shop-nav",
    "shop-note",
    "shop-width",
    "needs-script",
    "button-icon",
    "button-primary",
    "button-quiet",
    "button-small",
    "button",
    "choice",
    "choices",
    "empty",
    "finding-mark",
    "glyph",
    "hush",
    "input",
    "live",
    "muted",
    "nowrap",
    "push",
    "row",
    "search",
    "section-head",
    "show-more",
    "skip",
    "small",
    "theme",
    "theme-dark",
    "theme-light",
    "theme-system",
    "tile",
    "tile-end",
    "tile-foot",
    "tile-front",
    "tile-grid",
    "tile-name",
    "tile-open",
    "tile-registry",
    "tile-title",
    "toolbar",
];

/// Classes of the other pages.
const PAGES: &[&str] = &[
    "shop-aside",
    "shop-checks",
    "shop-done",
    "shop-fail",
    "shop-index",
    "shop-link",
    "shop-page",
    "shop-section",
    "shop-trail",
    "add",
    "button-danger",
    "check",
    "code",
    "columns",
    "columns-main",
    "columns-rest",
    "columns-side",
    "del",
    "facts",
    "field",
    "field-error",
    "finding-list",
    "form-grid",
    "help-table",
    "hint",
    "icon-field",
    "json-editor",
    "json-view",
    "key",
    "label",
    "lead",
    "notice",
    "notice-danger",
    "notice-warning",
    "number",
    "page-head",
    "page-notice",
    "panel",
    "panel-body",
    "panel-head",
    "panel-note",
    "plain-list",
    "prose",
    "push-0",
    "span-2",
    "span-3",
    "span-4",
    "span-6",
    "stack",
    "string",
    "table",
    "table-wrap",
    "tag",
    "tag-changed",
    "tag-new",
    "trail",
];

/// Elements and attributes that the catalogue has not.
const NOT_IN_CATALOGUE: Absent = Absent {
    elements: &[
        "code", "dd", "details", "dialog", "dl", "fieldset", "figure", "h4", "kbd", "legend",
        "meter", "ol", "pre", "progress", "table", "td", "textarea", "th",
    ],
    parts: &[
        "[aria-disabled",
        "[aria-invalid",
        "[readonly]",
        ":disabled",
        "select.input",
    ],
};

/// Elements and attributes that the other pages have not.
const NOT_IN_PAGES: Absent = Absent {
    elements: &["dialog", "kbd", "meter", "progress"],
    parts: &[],
};

/// Attributes that nothing in the storefront has.
const NOWHERE: &[&str] = &[
    "[popover]",
    "data-turned",
    "data-state",
    "data-step",
    ":modal",
    "aria-busy",
];

/// What a page has not, so that rules about it are left out.
struct Absent {
    elements: &'static [&'static str],
    parts: &'static [&'static str],
}

/// The style sheet of the catalogue.
pub(super) fn catalogue(accent: Option<Color>) -> String {
    let wanted: BTreeSet<&str> = CATALOGUE.iter().copied().collect();
    sheet(&wanted, &NOT_IN_CATALOGUE, accent)
}

/// The style sheet of all other pages.
pub(super) fn pages(accent: Option<Color>) -> String {
    let wanted: BTreeSet<&str> = CATALOGUE.iter().chain(PAGES).copied().collect();
    sheet(&wanted, &NOT_IN_PAGES, accent)
}

/// The drawing that the style sheets name.
pub(super) fn chevron() -> &'static [u8] {
    asset("chevron.svg")
}

fn asset(name: &str) -> &'static [u8] {
    ui::ASSETS
        .iter()
        .find(|asset| asset.name == name)
        .map_or(&[], |asset| asset.bytes)
}

fn sheet(wanted: &BTreeSet<&str>, absent: &Absent, accent: Option<Color>) -> String {
    let shared = String::from_utf8_lossy(asset("quayside.css"));
    let mut slim = String::with_capacity(shared.len());
    let keeps = |selector: &str| keeps(selector, wanted, absent);
    keep_rules(&without_comments(&shared), &keeps, &mut slim);
    keep_rules(&without_comments(OWN), &keeps, &mut slim);
    if let Some(accent) = accent {
        // Writing to a string cannot fail.
        let _ = write!(slim, "@layer tokens{{:root{{--brand:{accent}}}}}");
    }
    slim
}

/// Whether a selector speaks of nothing but wanted classes and of what is not absent.
fn keeps(selector: &str, wanted: &BTreeSet<&str>, absent: &Absent) -> bool {
    let mut kind = ' ';
    let mut word = String::new();
    let mut is_quoted = false;
    for character in selector.chars().chain([' ']) {
        if character == '"' {
            is_quoted = !is_quoted;
        } else if character.is_alphanumeric() || matches!(character, '-' | '_') {
            word.push(character);
            continue;
        }
        let is_good = match kind {
            '.' => wanted.contains(word.as_str()),
            ' ' | '>' | '+' | '~' | '(' | ',' | '*' => !absent.elements.contains(&word.as_str()),
            _ => true,
        };
        if !is_quoted && !word.is_empty() && !is_good {
            return false;
        }
        word.clear();
        kind = character;
    }
    !NOWHERE
        .iter()
        .chain(absent.parts)
        .any(|part| selector.contains(part))
}

/// Copies the rules that are kept, without blanks that nobody needs.
fn keep_rules(css: &str, keeps: &dyn Fn(&str) -> bool, out: &mut String) {
    let mut rest = css.trim();
    while !rest.is_empty() {
        let Some(open) = rest.find(['{', ';']) else {
            return;
        };
        let head = rest[..open].trim();
        if rest[open..].starts_with(';') {
            squeeze(head, out);
            out.push(';');
            rest = rest[open + 1..].trim_start();
            continue;
        }
        let Some(close) = closing(rest, open) else {
            return;
        };
        let body = &rest[open + 1..close];
        rest = rest[close + 1..].trim_start();
        if head.starts_with('@') {
            let mut inside = String::new();
            keep_rules(body, keeps, &mut inside);
            if !inside.is_empty() {
                squeeze(head, out);
                out.push('{');
                out.push_str(&inside);
                out.push('}');
            }
            continue;
        }
        let selectors: Vec<&str> = split(head).into_iter().filter(|one| keeps(one)).collect();
        if !selectors.is_empty() {
            squeeze(&selectors.join(","), out);
            out.push('{');
            squeeze(body.trim().trim_end_matches(';'), out);
            out.push('}');
        }
    }
}

/// The brace that closes the one at `open`.
fn closing(css: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut is_quoted = false;
    for (at, byte) in css.bytes().enumerate().skip(open) {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'{' if !is_quoted => depth += 1,
            b'}' if !is_quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The selectors of a list; commas in parentheses separate nothing here.
fn split(list: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    list.split(|character| {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        character == ',' && depth == 0
    })
    .map(str::trim)
    .collect()
}

/// One blank for many, and none where it means nothing.
fn squeeze(text: &str, out: &mut String) {
    let mut is_quoted = false;
    let mut blank = false;
    for character in text.chars() {
        if character == '"' {
            is_quoted = !is_quoted;
        }
        if !is_quoted && character.is_whitespace() {
            blank = true;
            continue;
        }
        let follows_sign = out.ends_with([';', ',', '{', ':', '>']);
        if blank && !follows_sign && !matches!(character, ';' | ',' | '{' | '>') {
            out.push(' ');
        }
        blank = false;
        out.push(character);
    }
}

fn without_comments(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        rest = rest[start..]
            .find("*/")
            .map_or("", |end| &rest[start + end + 2..]);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING_MUCH: Absent = Absent {
        elements: &["dialog"],
        parts: &["[readonly]"],
    };

    fn slim(css: &str) -> String {
        let wanted = BTreeSet::from(["tile", "row"]);
        let mut out = String::new();
        keep_rules(
            &without_comments(css),
            &|one| keeps(one, &wanted, &NOTHING_MUCH),
            &mut out,
        );
        out
    }

    #[test]
    fn rules_of_what_a_page_lacks_are_left_out() {
        let cases = [
            (".tile { color: red; }", ".tile{color:red}"),
            (
                ".tile > h3, .menu h3 { margin: 0 1px }",
                ".tile>h3{margin:0 1px}",
            ),
            ("@media (width < 680px) { .menu { a: b } }", ""),
            (
                "@media (width < 680px) { .row { a: b } }",
                "@media (width < 680px){.row{a:b}}",
            ),
            (
                "@layer a, b;\n .row:is(.tile, .menu) { a: b }",
                "@layer a,b;",
            ),
            ("dialog { a: b } dl { a: b }", "dl{a:b}"),
            (
                ".row::before { content: \"  }/ \"; }",
                ".row::before{content:\"  }/ \"}",
            ),
            (
                "/* .tile { */ .row { a: calc(1px + 2px) }",
                ".row{a:calc(1px + 2px)}",
            ),
            (
                "@layer x { :root { --a: 1 } @media print { .row { b: c } } }",
                "@layer x{:root{--a:1}@media print{.row{b:c}}}",
            ),
        ];
        for (css, expected) in cases {
            assert_eq!(slim(css), expected);
        }
    }
}
