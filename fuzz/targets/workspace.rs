//! Whatever a `workspace.json` holds, it is checked by every rule, in both forms, and what can be put right is.
#![no_main]

mod files;

use diagnostics::Diagnostic;
use files::Files;
use libfuzzer_sys::fuzz_target;
use publish::{CONFIG_FILE, Config, SourceTree as _, check};

const FILE: &str = "workspaces/a/workspace.json";

/// A second one, for the rules that compare.
const OTHER_FILE: &str = "workspaces/b/workspace.json";
const OTHER: &str = include_str!("../../examples/registry/1.1/workspaces/Sonar/workspace.json");

/// An icon that is a picture.
const ICON: &[u8] = include_bytes!("../../examples/registry/1.1/workspaces/Sonar/sonar.svg");

fuzz_target!(|bytes: &[u8]| {
    for schema in ["1.0", "1.1"] {
        let config = format!("name = \"R\"\nlist_url = \"https://r.example/\"\nschema = \"{schema}\"\n");
        let tree = |bytes: &[u8]| {
            Files::new([
                (CONFIG_FILE, config.clone().into_bytes()),
                (FILE, bytes.to_vec()),
                (OTHER_FILE, OTHER.into()),
                ("workspaces/a/sonar.svg", ICON.to_vec()),
                ("workspaces/a/other.svg", bytes.to_vec()),
            ])
        };
        let checked = tree(bytes);
        let found = check_tree(&checked);
        let source = |file: &str| checked.read(file, u64::MAX).ok();
        diagnostics::render_full(&found, &source, false);
        diagnostics::render_json(&found, &source);
        let fixes: Vec<_> = found
            .iter()
            .filter(|diagnostic| diagnostic.file.as_deref() == Some(FILE))
            .filter_map(|diagnostic| diagnostic.fix.as_ref())
            .collect();
        if !fixes.is_empty() {
            let (fixed, made) = diagnostics::apply(bytes, fixes);
            assert!(made > 0, "one that can be made is made");
            check_tree(&tree(&fixed));
        }
    }
});

fn check_tree(tree: &Files) -> Vec<Diagnostic> {
    let (config, found) = Config::read(tree);
    let checked = check(tree, config.as_ref(), found).expect("a tree in memory is readable");
    assert_eq!(checked.workspaces + checked.left_out, 2);
    for diagnostic in &checked.diagnostics {
        let (Some(file), Some(span)) = (&diagnostic.file, diagnostic.span) else {
            continue;
        };
        let bytes = tree.bytes(file).expect("it is about a file that is there");
        assert!(
            span.start <= span.end && span.end <= bytes.len(),
            "{diagnostic:?}"
        );
    }
    checked.diagnostics
}
