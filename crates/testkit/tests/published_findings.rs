//! What checking finds in registries of strangers: `./test --corpus DIR` names a folder of them.
//!
//! What stands here of them are counts, so that a rule that begins to fire everywhere is seen.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod corpus {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fmt::Write as _;
    use std::fs;
    use std::path::{Path, PathBuf};

    use camino::Utf8Path;
    use model::SchemaForm;
    use publish::template::TemplateConfig;
    use publish::{Checked, Config, RULES, Severities, StorefrontConfig};
    use serde_json::Value;
    use sources::FolderTree;

    /// How often a code was found.
    #[derive(Default)]
    struct Count {
        findings: usize,
        workspaces: usize,
        registries: BTreeSet<PathBuf>,
        in_history: usize,
    }

    type Counts = BTreeMap<&'static str, Count>;

    fn folder() -> PathBuf {
        let folder = std::env::var_os("QUAYSIDE_TEST_CORPUS");
        PathBuf::from(folder.expect("./test --corpus DIR names the folder; or skip `corpus::`"))
    }

    fn read_json(path: &Path) -> Value {
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    }

    fn open(folder: &Path) -> FolderTree {
        FolderTree::open(Utf8Path::from_path(folder).unwrap()).unwrap()
    }

    #[test]
    fn what_is_found_in_every_registry() {
        let root = folder();
        let index = read_json(&root.join("index.json"));
        let mut counts = Counts::new();
        let (mut branches, mut workspaces, mut clean) = (0, 0, 0);
        for registry in index["registries"].as_array().unwrap() {
            let place = root.join(registry["dir"].as_str().unwrap());
            for branch in registry["branches"].as_array().unwrap() {
                let source = place.join(branch["dir"].as_str().unwrap());
                if !source.join("workspaces").is_dir() {
                    continue;
                }
                branches += 1;
                let checked = check(&source, branch["branch"].as_str().unwrap());
                workspaces += checked.workspaces + checked.left_out;
                // Where the icons were not kept, nothing can be said about them.
                let has_icons = branch["icons"] == "kept";
                clean += usize::from(count(&mut counts, &checked, |code, count, file| {
                    if !has_icons && code.starts_with("icon-") {
                        return false;
                    }
                    count.findings += 1;
                    count.workspaces += usize::from(file);
                    count.registries.insert(place.clone());
                    true
                }));
            }
        }
        let history = check_history(&root, &mut counts);
        insta::assert_snapshot!(table(&counts), @"
        code: severity, findings in files of registries, findings in history
        architecture-unknown: warning, 1 in 1 of 1, 0
        categories-too-many: warning, 1 in 1 of 1, 11
        channels-mixed: warning, 1 in 1 of 1, 0
        compatibility-misspelt: warning, 0 in 0 of 0, 3
        compatibility-of-other-form: warning, 8 in 8 of 4, 0
        config-key-missing: warning, 1 in 1 of 1, 0
        configuration-warning: note, 494 in 441 of 30, 819
        default-channel-unknown: warning, 1 in 1 of 1, 0
        duplicate-key: warning, 11 in 3 of 2, 4
        environment-value-not-text: warning, 3 in 3 of 1, 4
        exec-config-key-unknown: warning, 1 in 1 of 1, 6
        icon-elsewhere: warning, 7 in 7 of 6, 0
        icon-name-taken: warning, 2 in 2 of 1, 0
        icon-not-found: warning, 6 in 6 of 5, 0
        icon-not-named: warning, 1 in 1 of 1, 0
        icon-not-square: note, 9 in 9 of 8, 0
        icon-of-other-format: warning, 8 in 8 of 4, 0
        icon-too-small: note, 8 in 8 of 5, 0
        icon-wasteful: note, 6 in 6 of 6, 0
        image-host-ambiguous: warning, 52 in 52 of 8, 219
        image-invalid: warning, 2 in 2 of 2, 11
        image-missing: warning, 1 in 1 of 1, 1
        image-tag-latest: note, 268 in 268 of 33, 272
        image-tag-missing: warning, 10 in 10 of 8, 73
        invalid-json: error, 6 in 5 of 3, 66
        line-ends-crlf: note, 8 in 8 of 5, 64
        list-url-not-root: warning, 10 in 10 of 10, 0
        list-url-of-template: warning, 41 in 41 of 23, 0
        memory-unlikely: warning, 0 in 0 of 0, 2
        name-twice: warning, 1 in 1 of 1, 0
        privileged-as-text: warning, 2 in 2 of 1, 0
        property-missing: warning, 53 in 34 of 17, 297
        property-misspelt: warning, 1 in 1 of 1, 133
        property-of-other-form: note, 0 in 0 of 0, 28
        property-unknown: note, 11 in 6 of 2, 43
        registry-icon-not-found: warning, 2 in 2 of 2, 0
        run-key-in-exec-config: warning, 3 in 3 of 2, 1
        size-as-text: warning, 0 in 0 of 0, 1
        template-broken: error, 3 in 3 of 3, 0
        unexpected-value: warning, 0 in 0 of 0, 2
        unusable-workspace: error, 0 in 0 of 0, 4
        version-invalid: warning, 1 in 1 of 1, 0
        version-of-other-form: note, 0 in 0 of 0, 3
        version-twice: warning, 1 in 1 of 1, 0
        ");
        assert_eq!(
            (branches, workspaces, clean, history),
            (156, 734, 64, 1_249)
        );
    }

    /// Checks a branch with what its template says; the form is the one that the branch or the template is named after,
    /// else that of its workspaces.
    fn check(source: &Path, branch: &str) -> Checked {
        let tree = open(source);
        let (template, found) = TemplateConfig::read(&tree).unwrap_or_default();
        let schema = match branch {
            "1.0" => Some(SchemaForm::V1_0),
            "1.1" => Some(SchemaForm::V1_1),
            _ => template.schema(),
        };
        let config = schema.map(|schema| Config {
            name: template.name.clone(),
            description: template.description.clone(),
            icon: template.icon.clone(),
            list_url: template.list_url.clone(),
            contact_url: template.contact_url.clone(),
            schema,
            default_channel: template.default_channel.clone(),
            severities: Severities::default(),
            storefront: StorefrontConfig::default(),
        });
        publish::check(&tree, config.as_ref(), found).unwrap()
    }

    /// Checks each older version of a workspace by itself; counts all that was found but what is about icons.
    fn check_history(root: &Path, counts: &mut Counts) -> usize {
        let scratch = tempfile::tempdir().unwrap();
        let workspace = scratch.path().join("workspaces/a");
        fs::create_dir_all(&workspace).unwrap();
        let mut versions = 0;
        for registry in fs::read_dir(root).unwrap() {
            let history = registry.unwrap().path().join("_history.jsonl");
            for line in fs::read_to_string(history).unwrap_or_default().lines() {
                let line: Value = serde_json::from_str(line).unwrap();
                let text = line["text"].as_str().unwrap_or_default();
                fs::write(workspace.join("workspace.json"), text).unwrap();
                let checked = publish::check(&open(scratch.path()), None, Vec::new()).unwrap();
                count(counts, &checked, |code, count, _| {
                    count.in_history += usize::from(!code.starts_with("icon-"));
                    true
                });
                versions += 1;
            }
        }
        versions
    }

    /// Hands over each finding with its count, and whether it is the first of its code in its file; says whether there
    /// was nothing but notes.
    fn count(
        counts: &mut Counts,
        checked: &Checked,
        mut add: impl FnMut(&str, &mut Count, bool) -> bool,
    ) -> bool {
        let mut seen = BTreeSet::new();
        let mut clean = true;
        for found in &checked.diagnostics {
            let code = found.code.as_str();
            let is_first = seen.insert((code, found.file.as_deref()));
            let counted = add(code, counts.entry(code).or_default(), is_first);
            clean &= !counted || found.severity == diagnostics::Severity::Note;
        }
        clean
    }

    fn table(counts: &Counts) -> String {
        let mut table =
            "code: severity, findings in files of registries, findings in history\n".to_owned();
        for rule in RULES {
            let Some(count) = counts.get(rule.code.as_str()) else {
                continue;
            };
            let registries = count.registries.len();
            writeln!(
                table,
                "{}: {}, {} in {} of {registries}, {}",
                rule.code, rule.severity, count.findings, count.workspaces, count.in_history
            )
            .unwrap();
        }
        table
    }
}
