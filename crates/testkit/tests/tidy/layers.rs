//! Which crate may know which: binary → roles → adapters → pure crates, never upward or sideways.

use std::collections::BTreeMap;

use testkit::Metadata;

const PURE: [&str; 8] = [
    "api",
    "catalogue",
    "diagnostics",
    "launch",
    "model",
    "publish",
    "review",
    "ui",
];
const ADAPTERS: [&str; 6] = ["engine", "heap", "images", "outbound", "sources", "store"];
const ROLES: [&str; 2] = ["agent", "server"];
const BINARY: &str = "quayside";
const DEVELOPMENT: [&str; 2] = ["testkit", "xtask"];

/// Edges within a layer.
const SIDEWAYS: [(&str, &str); 17] = [
    ("api", "model"),
    ("catalogue", "model"),
    ("catalogue", "review"),
    ("launch", "model"),
    ("publish", "diagnostics"),
    ("publish", "model"),
    ("publish", "review"),
    ("publish", "ui"),
    ("review", "model"),
    ("ui", "api"),
    ("ui", "model"),
    ("ui", "review"),
    // One HTTP client below all that speak to the outside.
    ("engine", "outbound"),
    ("images", "outbound"),
    ("sources", "outbound"),
    // The built-in store holds an image layout.
    ("engine", "images"),
    // What tests start is also what is measured.
    ("xtask", "testkit"),
];

/// Who alone may know a crate of others.
const HOMES: [(&str, &[&str]); 13] = [
    ("askama", &["publish", "server", "ui"]),
    ("axum", &["quayside", "server"]),
    ("axum-server", &["server"]),
    ("bollard", &["engine"]),
    ("clap", &["quayside"]),
    ("hyper-util", &["server"]),
    ("image", &["sources"]),
    ("libc", &["heap"]),
    ("reqwest", &["outbound"]),
    ("sea-orm", &["store"]),
    ("sea-orm-migration", &["store"]),
    ("thirtyfour", &["testkit"]),
    ("tower-http", &["server"]),
];

/// What reads clocks, files, networks or chance; no pure crate may know it.
const IMPURE: [&str; 12] = [
    "anyhow",
    "async-trait",
    "futures-util",
    "getrandom",
    "http",
    "reqwest",
    "rustix",
    "tempfile",
    "tokio",
    "tokio-util",
    "tracing",
    "tracing-subscriber",
];

fn layer(name: &str) -> u8 {
    if PURE.contains(&name) {
        0
    } else if ADAPTERS.contains(&name) {
        1
    } else if ROLES.contains(&name) {
        2
    } else if name == BINARY {
        3
    } else {
        assert!(DEVELOPMENT.contains(&name), "crate `{name}` has no layer");
        4
    }
}

#[test]
fn no_crate_knows_one_above_or_beside_it() {
    let own = Metadata::read().own();
    for (name, package) in &own {
        for known in package
            .normal_dependencies()
            .filter(|known| own.contains_key(known))
        {
            let allowed = layer(known) < layer(name) || SIDEWAYS.contains(&(*name, known));
            assert!(allowed, "`{name}` may not depend on `{known}`");
        }
    }
}

#[test]
fn only_tests_know_the_crates_for_development() {
    let own = Metadata::read().own();
    for (name, package) in own.iter().filter(|(name, _)| !DEVELOPMENT.contains(name)) {
        for known in package.normal_dependencies() {
            assert!(
                !DEVELOPMENT.contains(&known),
                "`{name}` depends on `{known}`"
            );
        }
    }
}

#[test]
fn outside_systems_have_one_home_each() {
    let own = Metadata::read().own();
    let homes: BTreeMap<&str, &[&str]> = HOMES.into_iter().collect();
    for (name, package) in &own {
        for known in package.normal_dependencies() {
            let allowed = homes.get(known).is_none_or(|homes| homes.contains(name));
            assert!(
                allowed,
                "only {:?} may depend on `{known}`, not `{name}`",
                homes[known]
            );
        }
    }
}

#[test]
fn pure_crates_do_nothing_but_compute() {
    let own = Metadata::read().own();
    for name in PURE {
        for known in own[name].normal_dependencies() {
            assert!(
                !IMPURE.contains(&known),
                "pure crate `{name}` depends on `{known}`"
            );
        }
    }
}
