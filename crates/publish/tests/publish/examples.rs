//! The example registry is without fault, but for the warnings that it shows.

use crate::trees::{Folder, publish};

#[test]
fn the_example_registry_has_its_warnings_only() {
    for form in ["1.0", "1.1"] {
        let (site, built) = publish(&Folder::open(&format!("../../examples/registry/{form}")));
        let found: Vec<String> = built
            .diagnostics
            .iter()
            .map(|found| format!("{}[{}]: {}", found.severity, found.code, found.message))
            .collect();
        // What the examples are there to show.
        assert_eq!(
            found,
            [
                "note[configuration-warning]: `run_config.shm_size` of workspace `Chart Plotter` warns administrators: `flag_property`",
                "note[configuration-warning]: `exec_config.first_launch.user` of workspace `Engine Room` warns administrators: `user_error`",
                "note[configuration-warning]: `run_config.privileged` of workspace `Sonar` warns administrators: `privilege`",
            ]
        );
        assert_eq!(built.left_out, 0);
        assert!(built.workspaces >= 8, "{form}: {}", built.workspaces);
        let icons = site.files.keys().filter(|path| path.contains("/icons/"));
        assert_eq!(icons.count(), built.workspaces);
        assert!(site.files.contains_key(&format!("{form}/registry.svg")));
    }
}
