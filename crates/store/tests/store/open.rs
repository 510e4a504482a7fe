use std::future::poll_fn;
use std::path::Path;
use std::task::Poll;

use store::{Scope, Store, StoreError};

use crate::support::{NOW, TestDatabase, add_registry, header, new_listing, new_registry};

db_test!(an_open_store_answers_and_counts);
async fn an_open_store_answers_and_counts(store: Store) {
    store.ping().await.unwrap();
    let before = store.revisions().all().await.unwrap();
    store.revisions().bump(Scope::Agents).await.unwrap();
    let after = store.revisions().all().await.unwrap();
    assert_eq!(after.agents, before.agents + 1);
    assert_eq!(after.catalogue, before.catalogue);
}

db_test!(a_write_that_is_dropped_midway_leaves_nothing_and_blocks_nobody);
async fn a_write_that_is_dropped_midway_leaves_nothing_and_blocks_nobody(store: Store) {
    // Each round gives the write one more chance to get on before it is dropped, as when a client goes away.
    for round in 0..60_u8 {
        let id = u128::from(round) * 2 + 1;
        let listings = vec![new_listing(id, "Chromium", 0)];
        let registries = store.registries();
        let write = registries.insert_with_listings(new_registry(id), header("One"), listings, NOW);
        let mut write = Box::pin(write);
        let mut done = false;
        for _ in 0..round {
            if done {
                break;
            }
            done = poll_fn(|context| Poll::Ready(write.as_mut().poll(context).is_ready())).await;
            tokio::task::yield_now().await;
        }
        drop(write);
        store
            .registries()
            .insert(new_registry(id + 1))
            .await
            .unwrap();
        if done {
            break;
        }
    }
    for row in store.registries().list().await.unwrap() {
        let listings = store.listings().identities(row.id).await.unwrap();
        assert_eq!(listings.len() as i64, row.listing_count);
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    // A path is a path: nothing in it is decoded.
    let url = url_in(folder.path(), "a%20b ü.sqlite");
    let store = Store::open(&url).await.unwrap();
    assert!(!store.is_shared());
    add_registry(&store, &["Chromium"]).await;
    store.close().await.unwrap();
    let store = Store::open(&url).await.unwrap();
    assert_eq!(store.registries().count().await.unwrap(), 1);
    store.close().await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url_in(folder.path(), "quayside.sqlite"))
        .await
        .unwrap();
    store.registries().insert(new_registry(1)).await.unwrap();
    for entry in folder.path().read_dir().unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn what_is_no_database_is_named() {
    for url in [
        "mysql://admin:secret@host/x",
        "nonsense",
        "sqlite:",
        "sqlite::memory:",
    ] {
        let error = Store::open(url).await.unwrap_err();
        assert!(matches!(error, StoreError::Url(_)), "{url}: {error:?}");
        assert!(!format!("{error:?} {error}").contains("secret"));
    }
    let error = Store::open("sqlite:/nonexistent/folder/file")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("/nonexistent/folder/file"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_programs_share_one_file_without_refusals() {
    let folder = tempfile::tempdir().unwrap();
    let url = url_in(folder.path(), "quayside.sqlite");
    open_at_once(&url).await;
}

db_test!(the_engine_of_a_database_that_is_not_shared_is_the_only_one);
async fn the_engine_of_a_database_that_is_not_shared_is_the_only_one(store: Store) {
    let seat = store.take_engine_seat().await.unwrap();
    assert!(seat.is_some());
}

mod postgres {
    use store::Store;

    use super::{TestDatabase, open_at_once};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_server_of_several_has_an_engine() {
        let database = TestDatabase::create(None).await;
        let one = Store::open(&database.url()).await.unwrap();
        let two = Store::open(&database.url()).await.unwrap();
        let seat = one.take_engine_seat().await.unwrap();
        assert!(seat.is_some());
        assert!(two.take_engine_seat().await.unwrap().is_none());
        drop(seat);
        // PostgreSQL notices a moment later that the connection ended.
        while two.take_engine_seat().await.unwrap().is_none() {
            tokio::task::yield_now().await;
        }
        one.close().await.unwrap();
        two.close().await.unwrap();
        database.drop().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn several_servers_share_one_database() {
        let database = TestDatabase::create(None).await;
        open_at_once(&database.url()).await;
        database.drop().await;
    }
}

/// Opens one new database several times at once and writes through all of them.
async fn open_at_once(url: &str) {
    let mut tasks = Vec::new();
    for number in 0..4_u8 {
        let url = url.to_owned();
        tasks.push(tokio::spawn(async move {
            let store = Store::open(&url).await.unwrap();
            for round in 0..10_u8 {
                let new = new_registry(u128::from(number) * 100 + u128::from(round) + 1);
                store.registries().insert(new).await.unwrap();
                store
                    .login_failures()
                    .record("admin", "192.0.2.1", NOW)
                    .await
                    .unwrap();
            }
            store
        }));
    }
    for task in tasks {
        let store = task.await.unwrap();
        store.close().await.unwrap();
    }
    let store = Store::open(url).await.unwrap();
    assert_eq!(store.registries().count().await.unwrap(), 40);
    assert_eq!(
        store
            .login_failures()
            .count_by_name("admin", NOW)
            .await
            .unwrap(),
        40
    );
    store.close().await.unwrap();
}

fn url_in(folder: &Path, name: &str) -> String {
    format!("sqlite:{}", folder.join(name).display())
}
