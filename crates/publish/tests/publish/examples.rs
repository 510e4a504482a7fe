//! The example registry is without fault.

use crate::trees::{Folder, publish};

#[test]
fn the_example_registry_has_nothing_to_report() {
    for form in ["1.0", "1.1"] {
        let (site, built) = publish(&Folder::open(&format!("../../examples/registry/{form}")));
        assert_eq!(built.diagnostics, []);
        assert_eq!(built.left_out, 0);
        assert!(built.workspaces >= 8, "{form}: {}", built.workspaces);
        let icons = site.files.keys().filter(|path| path.contains("/icons/"));
        assert_eq!(icons.count(), built.workspaces);
        assert!(site.files.contains_key(&format!("{form}/registry.svg")));
    }
}
