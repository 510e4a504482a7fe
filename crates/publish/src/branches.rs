use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::versions::compare;

/// Branches that are published only when they are asked for by their full name: one is worked on, the other holds what
/// was published.
const ASIDE: [&str; 2] = ["develop", "gh-pages"];
/// Names at the root of a site that no version can have.
const RESERVED: [&str; 5] = [
    "CNAME",
    "favicon.ico",
    "index.html",
    "list.json",
    "versions.txt",
];

/// Which branches of a repository are published, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChosenBranches {
    /// Each branch with the folder of the site that it is published to; versions by their numbers, other names after
    /// them.
    pub folders: Vec<(String, String)>,
    /// The default branch, if its name is no version: it is published to the folder of its schema, unless another branch
    /// has that one.
    pub default: Option<String>,
    /// Branches that were asked for but have no folder of their own: the name is taken by the second, or, if there is
    /// none, no folder of a site can have it.
    pub without_folder: Vec<(String, Option<String>)>,
    /// Patterns that match no branch.
    pub unmatched: Vec<String>,
    /// Patterns that match only such branches as are published when their full name is given, and the first of those.
    pub aside: Vec<(String, String)>,
}

/// Chooses branches by their names: those that read `N.N`, and those that a pattern asks for. In a pattern, `*` stands
/// for any signs and `?` for one.
pub fn choose_branches(
    names: &[String],
    default: Option<&str>,
    patterns: &[String],
) -> ChosenBranches {
    let mut chosen = ChosenBranches::default();
    let mut taken: BTreeMap<String, &String> = BTreeMap::new();
    let versions = names.iter().filter(|name| is_version(name));
    let others = names
        .iter()
        .filter(|name| !is_version(name) && is_asked_for(name, patterns));
    for name in versions.chain(others) {
        let folder = name.replace('/', "_");
        if folder.starts_with('.') || RESERVED.contains(&folder.as_str()) {
            chosen.without_folder.push((name.clone(), None));
        } else if let Some(other) = taken.get(&folder) {
            let other = Some((*other).clone());
            chosen.without_folder.push((name.clone(), other));
        } else {
            taken.insert(folder, name);
        }
    }
    chosen.folders = taken
        .into_iter()
        .map(|(folder, name)| (name.clone(), folder))
        .collect();
    chosen
        .folders
        .sort_by(|(_, left), (_, right)| compare(left, right));
    chosen.default = default
        .filter(|name| !is_version(name) && !ASIDE.contains(name))
        .filter(|name| names.iter().any(|known| known == name))
        .map(str::to_owned);
    for pattern in patterns {
        let mut matched = names.iter().filter(|name| matches(pattern, name));
        let is_aside = |name: &String| name != pattern && ASIDE.contains(&name.as_str());
        let Some(first) = matched.clone().next() else {
            chosen.unmatched.push(pattern.clone());
            continue;
        };
        if matched.all(is_aside) {
            chosen.aside.push((pattern.clone(), first.clone()));
        }
    }
    chosen
}

/// Whether a name is two numbers with a dot between them.
fn is_version(name: &str) -> bool {
    name.split_once('.').is_some_and(|(major, minor)| {
        [major, minor]
            .iter()
            .all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

fn is_asked_for(name: &str, patterns: &[String]) -> bool {
    patterns
        .iter()
        .any(|pattern| pattern == name || (!ASIDE.contains(&name) && matches(pattern, name)))
}

/// Whether a pattern matches a name; takes time in proportion to the product of their lengths, whatever the pattern.
fn matches(pattern: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    // Whether the pattern so far matches the first so many signs of the name.
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for sign in pattern.chars() {
        if sign == '*' {
            let first = reached.iter().position(|is_reached| *is_reached);
            let first = first.unwrap_or(reached.len());
            for is_reached in &mut reached[first..] {
                *is_reached = true;
            }
        } else {
            for end in (1..reached.len()).rev() {
                reached[end] = reached[end - 1] && (sign == '?' || sign == name[end - 1]);
            }
            reached[0] = false;
        }
    }
    reached.last() == Some(&true)
}

/// The version that people are led to: the highest one, or if there is none the first name.
pub fn highest<'n>(folders: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    folders.max_by(|left, right| match (is_version(left), is_version(right)) {
        (true, true) => compare(left, right),
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => right.cmp(left),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(names: &str, default: &str, patterns: &str) -> ChosenBranches {
        let words = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let default = (!default.is_empty()).then_some(default);
        choose_branches(&words(names), default, &words(patterns))
    }

    fn told(chosen: &ChosenBranches) -> String {
        let mut words: Vec<String> = chosen
            .folders
            .iter()
            .map(|(name, folder)| format!("{name}>{folder}"))
            .collect();
        words.extend(chosen.default.iter().map(|name| format!("{name}>?")));
        words.extend(
            chosen
                .without_folder
                .iter()
                .map(|(name, other)| format!("{name}!{}", other.as_deref().unwrap_or(""))),
        );
        words.extend(chosen.unmatched.iter().map(|pattern| format!("{pattern}-")));
        let aside = chosen.aside.iter();
        words.extend(aside.map(|(pattern, name)| format!("{pattern}~{name}")));
        words.join(" ")
    }

    #[test]
    fn versions_are_published_and_others_where_they_are_asked_for() {
        for (names, default, patterns, expected) in [
            ("1.1 1.0 develop gh-pages x", "1.1", "", "1.0>1.0 1.1>1.1"),
            ("1.10 1.9 1.x v1.0 1.0.0 .1 1.", "", "", "1.9>1.9 1.10>1.10"),
            ("main 1.0", "main", "", "1.0>1.0 main>?"),
            ("develop 1.0", "develop", "", "1.0>1.0"),
            ("main", "gone", "", ""),
            (
                "1.0 feature/a feature/b/c main",
                "main",
                "feature/*",
                "1.0>1.0 feature/a>feature_a feature/b/c>feature_b_c main>?",
            ),
            ("develop gh-pages x", "", "*", "x>x"),
            ("develop gh-pages x", "", "develop", "develop>develop"),
            (
                "develop gh-pages x",
                "",
                "dev* gh?pages",
                "dev*~develop gh?pages~gh-pages",
            ),
            ("a/b a_b", "", "a?b", "a/b>a_b a_b!a/b"),
            ("index.html", "", "*", "index.html!"),
            ("1.0", "", "nothing*", "1.0>1.0 nothing*-"),
        ] {
            assert_eq!(told(&choose(names, default, patterns)), expected, "{names}");
        }
    }

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name) in [
            ("*", ""),
            ("*", "a/b"),
            ("a*c", "abc"),
            ("a*c", "ac"),
            ("**a", "a"),
            ("?", "ä"),
            ("a*b*c", "a--b--b--c"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("", "a"),
            ("?", ""),
            ("a", "ab"),
            ("a*c", "acb"),
            ("b*", "ab"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
        assert!(!matches(&"*a".repeat(500), &"b".repeat(5_000)));
    }

    #[test]
    fn the_highest_version_counts_before_all_names() {
        for (folders, expected) in [
            ("1.0 1.10 1.9", Some("1.10")),
            ("zeta 1.0 alpha", Some("1.0")),
            ("zeta alpha", Some("alpha")),
            ("", None),
        ] {
            assert_eq!(highest(folders.split_whitespace()), expected);
        }
    }
}
