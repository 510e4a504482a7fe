//! The example registry shows each warning once.

use std::path::Path;

use model::definition::Definition;
use model::json::{self, Limits};
use review::review;

#[test]
fn each_warning_once_in_each_form() {
    for form in ["1.0", "1.1"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../examples/registry")
            .join(form)
            .join("workspaces");
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).expect("the example registry") {
            let file = entry.expect("an entry").path().join("workspace.json");
            let text = std::fs::read(file).expect("a workspace.json");
            let value = json::parse(&text, &Limits::default()).value.expect("JSON");
            let (definition, troubles) = Definition::read(&value).expect("a workspace");
            assert_eq!(troubles, []);
            for finding in review(&definition) {
                found.push(format!("{}: {}", definition.friendly_name, finding.id));
            }
        }
        found.sort();
        assert_eq!(
            found,
            [
                "Chart Plotter: flag_property",
                "Engine Room: user_error",
                "Sonar: privilege"
            ]
        );
    }
}
