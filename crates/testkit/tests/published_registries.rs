//! Registries of strangers: `./test --corpus DIR` names a folder of them.
//!
//! What stands here of them are counts and sums, so that a change in what is read is seen.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod corpus {
    use std::collections::BTreeMap;
    use std::fs;
    use std::io;
    use std::path::{Path, PathBuf};

    use camino::Utf8Path;
    use model::definition::{Definition, SchemaForm};
    use model::{ImageReference, json};
    use outbound::{Client, ClientConfig};
    use publish::{Config, Edition, Modified, Severities, Sink, StorefrontConfig};
    use serde_json::Value;
    use sha2::{Digest as _, Sha256};
    use sources::{FolderTree, ReadOutcome, ReadRequest, RegistryAddress, RegistryReader};
    use testkit::TestSite;

    fn folder() -> PathBuf {
        let folder = std::env::var_os("QUAYSIDE_TEST_CORPUS");
        PathBuf::from(folder.expect("./test --corpus DIR names the folder; or skip `corpus::`"))
    }

    /// Every file below a folder with this name, in a stable order.
    fn files(below: &Path, name: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![below.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else if entry.file_name() == name {
                    found.push(entry.path());
                }
            }
        }
        found.sort();
        found
    }

    fn read_json(path: &Path) -> Value {
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    }

    #[tokio::test]
    async fn every_published_list_is_shown_or_set_aside_entry_by_entry() {
        outbound::install_crypto_provider();
        let reader = RegistryReader::new(Client::new(ClientConfig::default()).unwrap());
        let mut counts = BTreeMap::new();
        let mut count = |what: &'static str, number: usize| {
            *counts.entry(what).or_insert(0) += number;
        };
        let mut sum = Sha256::new();
        for registry in fs::read_dir(folder()).unwrap() {
            let published = registry.unwrap().path().join("gh-pages");
            if !published.is_dir() {
                continue;
            }
            count("sites", 1);
            let site = TestSite::folder(&published).await;
            for list in files(&published, "list.json") {
                let path = list.strip_prefix(&published).unwrap().to_str().unwrap();
                let address = RegistryAddress::parse(&format!("{}{path}", site.url())).unwrap();
                let outcome = reader.read(&ReadRequest::new(address), &mut |_| {}).await;
                let Ok(ReadOutcome::Read(copy)) = outcome else {
                    panic!("a published list cannot be read: {outcome:?}");
                };
                count("lists", 1);
                let offered = entries(&fs::read(&list).unwrap());
                if offered == 0 {
                    // Reading goes on elsewhere then.
                    count("empty lists", 1);
                    continue;
                }
                let place = format!("{}/list.json", copy.folder);
                let place = copy.root.join(place.trim_start_matches('/')).unwrap();
                assert_eq!(place.as_str(), format!("{}{path}", site.url()));
                assert_eq!(copy.list.entries.len() + copy.list.set_aside.len(), offered);
                assert!(
                    copy.list
                        .set_aside
                        .iter()
                        .all(|entry| !entry.reason.is_empty())
                );
                count("shown", copy.list.entries.len());
                count("set aside", copy.list.set_aside.len());
            }
        }
        // The order of a folder's entries is the file system's, so that a sum is made of the sorted lists.
        for list in files(&folder(), "list.json") {
            if let Ok(read) = model::list::read_list(
                &fs::read(list).unwrap(),
                &model::list::ListLimits::default(),
            ) {
                for entry in read.entries {
                    sum.update(entry.definition.friendly_name.as_bytes());
                    sum.update(entry.definition.image.unwrap_or_default().as_bytes());
                }
            }
        }
        let expected = BTreeMap::from([
            ("empty lists", 3),
            ("lists", 142),
            ("set aside", 0),
            ("shown", 711),
            ("sites", 112),
        ]);
        assert_eq!(counts, expected);
        assert_eq!(
            hex(sum),
            "3ae7c50bbff322e33c7cce1f6bb4249bc65b900c3edf2b21c942c74f4e5dba91"
        );
    }

    /// How many workspaces a list holds.
    fn entries(bytes: &[u8]) -> usize {
        let parsed = json::parse(bytes, &json::Limits::default());
        let value = parsed.value.unwrap();
        let entries = value.get("workspaces").or_else(|| value.get("apps"));
        entries
            .and_then(|entries| entries.as_array())
            .map_or(0, <[_]>::len)
    }

    #[derive(Default)]
    struct Memory(BTreeMap<String, Vec<u8>>);

    impl Sink for Memory {
        fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
            self.0.insert(path.to_owned(), bytes.to_vec());
            Ok(())
        }
    }

    #[test]
    fn lists_are_published_byte_for_byte() {
        let root = folder();
        let index = read_json(&root.join("index.json"));
        let mut pairs = 0;
        for registry in index["registries"].as_array().unwrap() {
            let place = root.join(registry["dir"].as_str().unwrap());
            for branch in registry["branches"].as_array().unwrap() {
                let is = |property: &str| branch[property] == true;
                if !is("list_json_byte_exact_from_this_branch") || !is("inputs_complete") {
                    continue;
                }
                let source = place.join(branch["dir"].as_str().unwrap());
                let list = place.join(branch["published_list"].as_str().unwrap());
                let expected = fs::read(&list).unwrap();
                let built = publish_again(&source, &read_json(&list));
                assert!(built == expected, "pair {pairs} differs");
                pairs += 1;
            }
        }
        assert_eq!(pairs, 85);
    }

    /// Builds a branch with the settings of its site and what only the published list tells.
    fn publish_again(source: &Path, published: &Value) -> Vec<u8> {
        let settings = read_json(&source.join("site/next.config.env.json"));
        let text = |property: &str| settings[property].as_str().unwrap_or_default().to_owned();
        let config = Config {
            name: text("name"),
            description: text("description"),
            icon: text("icon"),
            list_url: text("listUrl"),
            contact_url: text("contactUrl"),
            schema: match published.get("channels") {
                Some(_) => SchemaForm::V1_1,
                None => SchemaForm::V1_0,
            },
            default_channel: published["default_channel"].as_str().map(str::to_owned),
            severities: Severities::default(),
            storefront: StorefrontConfig::default(),
        };
        let tree = FolderTree::open(Utf8Path::from_path(source).unwrap()).unwrap();
        let mut site = Memory::default();
        let modified = Modified::At(published["modified"].as_i64().unwrap());
        publish::build(&Edition::new(&tree, &config, modified), &mut site).unwrap();
        site.0
            .remove(&format!("{}/list.json", config.schema))
            .unwrap()
    }

    #[test]
    fn every_workspace_ever_written_is_read_without_a_panic() {
        let mut texts: Vec<Vec<u8>> = Vec::new();
        for file in files(&folder(), "workspace.json") {
            texts.push(fs::read(file).unwrap());
        }
        for file in files(&folder(), "_history.jsonl") {
            for line in fs::read_to_string(file).unwrap().lines() {
                let line: Value = serde_json::from_str(line).unwrap();
                texts.push(
                    line["text"]
                        .as_str()
                        .unwrap_or_default()
                        .as_bytes()
                        .to_vec(),
                );
            }
        }
        let (mut read, mut broken, mut unusable, mut findings) = (0, 0, 0, 0);
        for text in &texts {
            let parsed = json::parse(text, &json::Limits::default());
            let Some(value) = parsed.value else {
                assert!(!parsed.errors.is_empty());
                broken += 1;
                continue;
            };
            let again = json::parse(&json::stringify(&value), &json::Limits::default());
            assert!(again.value.is_some());
            let Ok((definition, _)) = Definition::read(&value) else {
                unusable += 1;
                continue;
            };
            read += 1;
            findings += review::review(&definition).len();
            for entry in &definition.compatibility {
                // An unusable reference is an error with a reason, which is all that is asked here.
                let reference = entry.image.as_deref().map(ImageReference::parse);
                assert!(!matches!(reference, Some(Err(error)) if error.to_string().is_empty()));
            }
        }
        assert_eq!((texts.len(), read, broken, unusable), (1_983, 1_938, 41, 4));
        assert_eq!(findings, 1_313);
    }

    fn hex(sum: Sha256) -> String {
        data_encoding::HEXLOWER.encode(&sum.finalize())
    }
}
