use std::collections::HashSet;

use store::{ChangedListing, IndexRow, ListingContent, RefreshChanges, Store, StoreError};

use crate::support::{
    NOW, add_registry, content, header, listing, new_listing, new_registry, new_workspace,
    registry, workspace,
};

db_test!(a_refresh_adds_changes_moves_and_withdraws);
async fn a_refresh_adds_changes_moves_and_withdraws(store: Store) {
    add_registry(&store, &["Chromium", "Firefox", "Gimp"]).await;
    let before = store.revisions().all().await.unwrap();
    let chromium = ListingContent {
        json: "{\"friendly_name\":\"Chromium\",\"cores\":4}".to_owned(),
        json_sha256: [2; 32],
        ..content("Chromium", 2)
    };
    let changes = RefreshChanges {
        added: vec![new_listing(4, "Blender", 0)],
        changed: vec![ChangedListing {
            id: listing(1),
            content: chromium.clone(),
        }],
        unchanged: vec![(listing(2), 1)],
        withdrawn: vec![listing(3)],
    };
    store
        .listings()
        .apply_refresh(registry(1), header("One more"), changes, NOW + 9)
        .await
        .unwrap();

    let identities = store.listings().identities(registry(1)).await.unwrap();
    let order: Vec<_> = identities
        .iter()
        .map(|row| (row.id, row.position))
        .collect();
    assert_eq!(order, [(listing(4), 0), (listing(2), 1), (listing(1), 2)]);
    let row = store.listings().find(listing(1)).await.unwrap().unwrap();
    assert_eq!(row.content, chromium);
    assert_eq!((row.first_seen_at, row.changed_at), (NOW, NOW + 9));
    let row = store.listings().find(listing(2)).await.unwrap().unwrap();
    assert_eq!((row.first_seen_at, row.changed_at), (NOW, NOW));
    assert!(store.listings().find(listing(3)).await.unwrap().is_none());
    let row = store.registries().find(registry(1)).await.unwrap().unwrap();
    assert_eq!(
        (row.name.as_deref(), row.listing_count),
        (Some("One more"), 3)
    );
    assert!(store.revisions().all().await.unwrap().catalogue > before.catalogue);
}

db_test!(a_withdrawn_listing_stays_for_its_workspace_and_goes_with_it);
async fn a_withdrawn_listing_stays_for_its_workspace_and_goes_with_it(store: Store) {
    add_registry(&store, &["Chromium", "Firefox"]).await;
    let mut new = new_workspace(1, None, &[]);
    new.listing_id = Some(listing(1));
    store.workspaces().insert(new).await.unwrap();
    let gone = RefreshChanges {
        withdrawn: vec![listing(1), listing(2)],
        ..Default::default()
    };
    store
        .listings()
        .apply_refresh(registry(1), header("One"), gone, NOW + 1)
        .await
        .unwrap();

    let row = store.listings().find(listing(1)).await.unwrap().unwrap();
    assert_eq!(row.withdrawn_at, Some(NOW + 1));
    assert!(store.listings().find(listing(2)).await.unwrap().is_none());
    assert_eq!(
        store
            .registries()
            .find(registry(1))
            .await
            .unwrap()
            .unwrap()
            .listing_count,
        0
    );
    assert!(store.listings().identities(registry(1)).await.unwrap()[0].withdrawn);

    let before = store.revisions().all().await.unwrap();
    store
        .workspaces()
        .mark_removing(workspace(1), NOW + 2)
        .await
        .unwrap();
    assert!(store.listings().find(listing(1)).await.unwrap().is_none());
    assert!(store.revisions().all().await.unwrap().catalogue > before.catalogue);
}

db_test!(a_withdrawn_listing_that_is_published_again_is_back);
async fn a_withdrawn_listing_that_is_published_again_is_back(store: Store) {
    add_registry(&store, &["Chromium"]).await;
    let mut new = new_workspace(1, None, &[]);
    new.listing_id = Some(listing(1));
    store.workspaces().insert(new).await.unwrap();
    let gone = RefreshChanges {
        withdrawn: vec![listing(1)],
        ..Default::default()
    };
    store
        .listings()
        .apply_refresh(registry(1), header("One"), gone, NOW + 1)
        .await
        .unwrap();
    let back = RefreshChanges {
        unchanged: vec![(listing(1), 0)],
        ..Default::default()
    };
    store
        .listings()
        .apply_refresh(registry(1), header("One"), back, NOW + 2)
        .await
        .unwrap();
    assert_eq!(
        store
            .listings()
            .find(listing(1))
            .await
            .unwrap()
            .unwrap()
            .withdrawn_at,
        None
    );
    store
        .workspaces()
        .mark_removing(workspace(1), NOW + 3)
        .await
        .unwrap();
    assert!(store.listings().find(listing(1)).await.unwrap().is_some());
}

db_test!(an_icon_that_may_have_changed_is_fetched_again);
async fn an_icon_that_may_have_changed_is_fetched_again(store: Store) {
    add_registry(&store, &["Chromium", "Firefox"]).await;
    let icons = [(listing(1), "aa".to_owned()), (listing(2), "bb".to_owned())];
    store.listings().set_icons(&icons).await.unwrap();
    let source = |hash: Option<&str>| store::IconSource {
        registry_id: registry(1),
        image_src: "firefox.png".to_owned(),
        hash: hash.map(str::to_owned),
        failure: None,
        etag: Some("\"1\"".to_owned()),
        fetched_at: NOW,
    };
    let icons = store.icons();
    icons.record_sources(&[source(Some("bb"))]).await.unwrap();
    let names = ["firefox.png", "new.png", "new.png"].map(str::to_owned);
    icons.ask_again(registry(1), &names).await.unwrap();
    // What is known of it stays, so that the answer may be that nothing changed.
    let asked = icons.find_source(registry(1), "firefox.png").await.unwrap();
    let expected = store::IconSource {
        fetched_at: 0,
        ..source(Some("bb"))
    };
    assert_eq!(asked, Some(expected));
    let waiting = store.listings().without_icon(registry(1)).await.unwrap();
    assert_eq!(waiting, [(listing(2), "firefox.png".to_owned())]);
    store
        .icons()
        .record_sources(&[source(Some("cc"))])
        .await
        .unwrap();
    assert!(
        store
            .listings()
            .without_icon(registry(1))
            .await
            .unwrap()
            .is_empty()
    );
}

db_test!(an_icon_stays_while_the_listing_names_the_same_one);
async fn an_icon_stays_while_the_listing_names_the_same_one(store: Store) {
    add_registry(&store, &["Chromium", "Firefox"]).await;
    let mut new = new_workspace(1, None, &[]);
    new.listing_id = Some(listing(1));
    store.workspaces().insert(new).await.unwrap();
    let waiting = store.listings().without_icon(registry(1)).await.unwrap();
    assert_eq!(
        waiting,
        [
            (listing(1), "chromium.png".to_owned()),
            (listing(2), "firefox.png".to_owned())
        ]
    );
    let icons = [(listing(1), "aa".to_owned()), (listing(2), "bb".to_owned())];
    store.listings().set_icons(&icons).await.unwrap();
    assert!(
        store
            .listings()
            .without_icon(registry(1))
            .await
            .unwrap()
            .is_empty()
    );
    let installed = store
        .workspaces()
        .find(workspace(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(installed.icon_hash.as_deref(), Some("aa"));

    let same = ChangedListing {
        id: listing(1),
        content: content("Chromium", 0),
    };
    let mut other = ChangedListing {
        id: listing(2),
        content: content("Firefox", 1),
    };
    other.content.image_src = Some("fox.svg".to_owned());
    let changes = RefreshChanges {
        changed: vec![same, other],
        ..Default::default()
    };
    store
        .listings()
        .apply_refresh(registry(1), header("One"), changes, NOW + 1)
        .await
        .unwrap();
    let icons: Vec<_> = store
        .listings()
        .registry_index(registry(1))
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.icon_hash)
        .collect();
    assert_eq!(icons, [Some("aa".to_owned()), None]);
}

db_test!(a_refresh_of_a_removed_registry_writes_nothing);
async fn a_refresh_of_a_removed_registry_writes_nothing(store: Store) {
    let changes = RefreshChanges {
        added: vec![new_listing(1, "Chromium", 0)],
        ..Default::default()
    };
    let error = store
        .listings()
        .apply_refresh(registry(1), header("One"), changes, NOW)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::NotFound));
    assert!(store.listings().find(listing(1)).await.unwrap().is_none());
}

db_test!(listings_come_in_the_order_asked_for);
async fn listings_come_in_the_order_asked_for(store: Store) {
    add_registry(&store, &["Chromium", "Firefox", "Gimp"]).await;
    let asked = [listing(3), listing(9), listing(1)];
    let rows = store.listings().by_ids(&asked).await.unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    assert_eq!(ids, [listing(3), listing(1)]);
    assert_eq!(rows[1].json, "{ \"friendly_name\" : \"Chromium\" }");
    let alone = store.listings().find(listing(1)).await.unwrap().unwrap();
    assert_eq!(rows[1], alone.into());
}

db_test!(text_that_postgresql_cannot_hold_is_kept_as_near_as_possible);
async fn text_that_postgresql_cannot_hold_is_kept_as_near_as_possible(store: Store) {
    let mut hostile = new_listing(1, "Chro\0mium", 0);
    hostile.content.image_src = Some("a\0b".repeat(50_000));
    hostile.content.sha = Some("\0".to_owned());
    store
        .registries()
        .insert_with_listings(new_registry(1), header("O\0ne"), vec![hostile], NOW)
        .await
        .unwrap();
    let row = store.listings().find(listing(1)).await.unwrap().unwrap();
    assert_eq!(row.content.friendly_name, "Chro\u{fffd}mium");
    assert_eq!(row.content.image_src.unwrap().len(), 5 * 50_000);
}

db_test!(the_index_has_every_listing_once);
async fn the_index_has_every_listing_once(store: Store) {
    let listings = (1..=4_500_u16)
        .map(|number| new_listing(number.into(), "Many", number.into()))
        .collect();
    store
        .registries()
        .insert_with_listings(new_registry(1), header("One"), listings, NOW)
        .await
        .unwrap();
    let mut seen = HashSet::new();
    let revision = store
        .listings()
        .stream_index(|row: IndexRow| {
            assert_eq!(row.facts, "facts of Many");
            assert!(seen.insert(row.id), "{} came twice", row.id);
        })
        .await
        .unwrap();
    assert_eq!(seen.len(), 4_500);
    assert_eq!(revision, store.revisions().all().await.unwrap().catalogue);
}

db_test!(readers_go_on_during_a_large_refresh_and_see_all_of_it_or_nothing);
async fn readers_go_on_during_a_large_refresh_and_see_all_of_it_or_nothing(store: Store) {
    add_registry(&store, &["Chromium"]).await;
    let writer = {
        let store = store.clone();
        tokio::spawn(async move {
            let added = (2..=6_000_u16)
                .map(|number| new_listing(number.into(), "Many", number.into()))
                .collect();
            let changes = RefreshChanges {
                added,
                unchanged: vec![(listing(1), 0)],
                ..Default::default()
            };
            store
                .listings()
                .apply_refresh(registry(1), header("One"), changes, NOW + 1)
                .await
                .unwrap();
        })
    };
    let mut reads = 0;
    while !writer.is_finished() {
        let row = store.registries().find(registry(1)).await.unwrap().unwrap();
        let last = store
            .listings()
            .by_ids(&[listing(1), listing(6_000)])
            .await
            .unwrap();
        assert!(row.listing_count == 1 || row.listing_count == 6_000);
        assert!(!last.is_empty());
        reads += 1;
    }
    writer.await.unwrap();
    assert!(reads > 1, "the refresh kept readers waiting");
    assert_eq!(
        store
            .listings()
            .identities(registry(1))
            .await
            .unwrap()
            .len(),
        6_000
    );
}
