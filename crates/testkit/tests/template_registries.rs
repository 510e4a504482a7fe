//! What registries made from the public template say about themselves: `./test --corpus DIR` names a folder of them.
//!
//! What stands here of them are counts, so that a change in what is read is seen.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod corpus {
    use std::fs;
    use std::path::PathBuf;

    use publish::template::TemplateConfig;
    use serde_json::Value;

    const KEYS: [&str; 6] = [
        "name",
        "description",
        "icon",
        "listUrl",
        "contactUrl",
        "basePath",
    ];

    #[derive(Debug, Default, PartialEq, Eq)]
    struct Counts {
        files: usize,
        literals: usize,
        without_trouble: usize,
        broken: usize,
        read_from_broken: usize,
        name_their_schema: usize,
    }

    fn sites() -> Vec<PathBuf> {
        let folder = std::env::var_os("QUAYSIDE_TEST_CORPUS");
        let folder = folder.expect("./test --corpus DIR names the folder; or skip `corpus::`");
        let mut sites = Vec::new();
        for registry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            for branch in fs::read_dir(registry.path()).into_iter().flatten() {
                let site = branch.unwrap().path().join("site");
                if site.join("next.config.js").is_file() {
                    sites.push(site);
                }
            }
        }
        sites
    }

    #[test]
    fn literals_are_read_as_javascript_reads_them() {
        let mut counts = Counts::default();
        for site in sites() {
            let text = fs::read_to_string(site.join("next.config.js")).unwrap();
            let expected = fs::read(site.join("next.config.env.json")).unwrap();
            let expected: Value = serde_json::from_slice(&expected).unwrap();
            let (config, diagnostics) = TemplateConfig::parse(&text);
            let schema = config.schema();
            let read = [
                config.name,
                config.description,
                config.icon,
                config.list_url,
                config.contact_url,
                config.base_path,
            ];
            counts.files += 1;
            counts.name_their_schema += usize::from(schema.is_some());
            let broken = KEYS.iter().any(|key| expected[*key].is_object());
            if broken {
                counts.broken += 1;
                assert!(!diagnostics.is_empty());
            } else {
                counts.without_trouble += usize::from(diagnostics.is_empty());
            }
            for (key, read) in KEYS.iter().zip(read) {
                match &expected[*key] {
                    Value::Object(_) => counts.read_from_broken += usize::from(!read.is_empty()),
                    plain => {
                        assert_eq!(read, plain.as_str().unwrap_or_default(), "{key}");
                        counts.literals += usize::from(!read.is_empty());
                    }
                }
            }
        }
        assert_eq!(
            counts,
            Counts {
                files: 232,
                literals: 1364,
                without_trouble: 228,
                broken: 3,
                read_from_broken: 3,
                name_their_schema: 158,
            }
        );
    }
}
