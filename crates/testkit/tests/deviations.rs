//! Lists that deviate from the format, one fixture each, are read over HTTP like any other.

use std::collections::BTreeMap;
use std::fs;

use bytes::Bytes;
use model::json;
use outbound::{Client, ClientConfig};
use sources::{ReadOutcome, ReadRequest, RegistryAddress, RegistryReader};
use testkit::{TestSite, repository};

#[tokio::test]
async fn every_list_is_shown_or_set_aside_entry_by_entry() {
    outbound::install_crypto_provider();
    let reader = RegistryReader::new(Client::new(ClientConfig::default()).unwrap());
    let site = TestSite::files(BTreeMap::new()).await;
    let mut read = 0;
    for file in fs::read_dir(repository().join("crates/model/tests/lists")).unwrap() {
        let path = file.unwrap().path();
        let bytes = Bytes::from(fs::read(&path).unwrap());
        site.replace(BTreeMap::from([
            ("versions.txt".to_owned(), Bytes::from_static(b"1.1\n")),
            ("1.1/list.json".to_owned(), bytes.clone()),
        ]));
        let request = ReadRequest::new(RegistryAddress::parse(&site.url()).unwrap());
        let outcome = reader.read(&request, &mut |_| {}).await;
        let Ok(ReadOutcome::Read(copy)) = outcome else {
            panic!("{}: {outcome:?}", path.display());
        };
        let list = &copy.list;
        assert!(list.set_aside.iter().all(|entry| !entry.reason.is_empty()));
        let told = list.entries.len() + list.set_aside.len();
        // Where an entry is broken, what follows it can only be counted by the reader.
        if let Some(offered) = entries(&bytes) {
            assert_eq!(told, offered, "{}", path.display());
        }
        read += 1;
    }
    assert!(read >= 10, "{read} fixtures");
}

/// How many workspaces a list holds, if it is sound.
fn entries(bytes: &[u8]) -> Option<usize> {
    let value = json::parse(bytes, &json::Limits::default()).value?;
    let entries = value.get("workspaces").or_else(|| value.get("apps"));
    Some(
        entries
            .and_then(|entries| entries.as_array())
            .map_or(0, <[_]>::len),
    )
}
