use store::{
    AddRegistryError, EditError, NewRegistry, RegistryFailure, RegistrySettings, Store,
    UnchangedRegistry,
};

use crate::support::{
    NOW, add_registry, header, listing, new_listing, new_registry, new_workspace, registry,
};

db_test!(the_same_root_twice_names_the_first);
async fn the_same_root_twice_names_the_first(store: Store) {
    store.registries().insert(new_registry(1)).await.unwrap();
    let mut second = new_registry(2);
    second.url = new_registry(1).url;
    let error = store.registries().insert(second.clone()).await.unwrap_err();
    assert!(matches!(error, AddRegistryError::Duplicate(id) if id == registry(1)));
    let error = store
        .registries()
        .insert_with_listings(second, header("Two"), vec![new_listing(1, "A", 0)], NOW)
        .await
        .unwrap_err();
    assert!(matches!(error, AddRegistryError::Duplicate(id) if id == registry(1)));
    assert_eq!(store.registries().count().await.unwrap(), 1);
    assert!(store.listings().find(listing(1)).await.unwrap().is_none());
}

db_test!(of_many_that_add_one_root_at_once_one_wins);
async fn of_many_that_add_one_root_at_once_one_wins(store: Store) {
    let mut tasks = Vec::new();
    for number in 1..=8 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let new = NewRegistry {
                url: "https://registry.example/".to_owned(),
                ..new_registry(number)
            };
            store.registries().insert(new).await
        }));
    }
    let mut added = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => added += 1,
            Err(error) => assert!(matches!(error, AddRegistryError::Duplicate(_)), "{error:?}"),
        }
    }
    assert_eq!(added, 1);
}

db_test!(a_failed_reading_keeps_the_copy_until_it_is_well_again);
async fn a_failed_reading_keeps_the_copy_until_it_is_well_again(store: Store) {
    add_registry(&store, &["Chromium", "Firefox"]).await;
    let failure = RegistryFailure {
        step: "list".to_owned(),
        cause: "timed_out".to_owned(),
        detail: "no answer from \0 registry-1.example".to_owned(),
        hint: None,
    };
    let registries = store.registries();
    assert!(
        registries
            .record_failure(registry(1), failure, NOW + 5, Some(NOW + 65))
            .await
            .unwrap()
    );
    let row = registries.find(registry(1)).await.unwrap().unwrap();
    assert_eq!(
        row.failure.unwrap().detail,
        "no answer from \u{fffd} registry-1.example"
    );
    assert_eq!(
        (row.copied_at, row.attempted_at, row.next_attempt_at),
        (Some(NOW), Some(NOW + 5), Some(NOW + 65))
    );
    assert_eq!((row.name.as_deref(), row.listing_count), (Some("One"), 2));

    let unchanged = UnchangedRegistry {
        id: registry(1),
        next_attempt_at: None,
    };
    registries
        .record_unchanged(&[unchanged], NOW + 70)
        .await
        .unwrap();
    let row = registries.find(registry(1)).await.unwrap().unwrap();
    assert_eq!(row.failure, None);
    assert_eq!(
        (row.copied_at, row.attempted_at, row.next_attempt_at),
        (Some(NOW + 70), Some(NOW + 70), None)
    );
}

db_test!(settings_change_one_by_one);
async fn settings_change_one_by_one(store: Store) {
    let registries = store.registries();
    let mut new = new_registry(1);
    new.username = Some("ann".to_owned());
    new.sealed_password = Some(vec![1, 2, 3]);
    registries.insert(new).await.unwrap();
    let off = RegistrySettings {
        automatic_updates: Some(false),
        ..Default::default()
    };
    let changed = registries.update_settings(registry(1), Some(1), off.clone());
    assert_eq!(changed.await.unwrap(), 2);
    let late = registries.update_settings(registry(1), Some(1), off).await;
    assert!(matches!(
        late,
        Err(EditError::VersionConflict { current: 2 })
    ));
    let row = registries.find(registry(1)).await.unwrap().unwrap();
    assert_eq!(
        (
            row.automatic_updates,
            row.username.as_deref(),
            row.sealed_password
        ),
        (false, Some("ann"), Some(vec![1, 2, 3]))
    );
    let forget = RegistrySettings {
        username: Some(None),
        sealed_password: Some(None),
        ..Default::default()
    };
    let changed = registries.update_settings(registry(1), None, forget.clone());
    assert_eq!(changed.await.unwrap(), 3);
    let row = registries.find(registry(1)).await.unwrap().unwrap();
    assert_eq!((row.username, row.sealed_password), (None, None));
    let nothing = RegistrySettings::default();
    let unchanged = registries.update_settings(registry(1), None, nothing).await;
    assert_eq!(unchanged.unwrap(), 3);
    let gone = registries.update_settings(registry(2), None, forget).await;
    assert!(matches!(gone, Err(EditError::NotFound)));
}

db_test!(the_list_has_first_party_registries_first);
async fn the_list_has_first_party_registries_first(store: Store) {
    store.registries().insert(new_registry(1)).await.unwrap();
    let mut own = new_registry(2);
    own.first_party = true;
    own.added_at = NOW + 1;
    store.registries().insert(own).await.unwrap();
    let ids: Vec<_> = store
        .registries()
        .list()
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(ids, [registry(2), registry(1)]);
    let found = store
        .registries()
        .find_by_url("https://registry-1.example/")
        .await
        .unwrap();
    assert_eq!(found.unwrap().id, registry(1));
}

db_test!(removing_a_registry_leaves_its_workspaces);
async fn removing_a_registry_leaves_its_workspaces(store: Store) {
    add_registry(&store, &["Chromium"]).await;
    let mut new = new_workspace(1, Some("chromium"), &[]);
    new.registry_id = Some(registry(1));
    new.listing_id = Some(listing(1));
    store.workspaces().insert(new).await.unwrap();
    let before = store.revisions().all().await.unwrap();

    assert!(store.registries().delete(registry(1)).await.unwrap());
    assert!(!store.registries().delete(registry(1)).await.unwrap());

    assert!(store.listings().find(listing(1)).await.unwrap().is_none());
    let kept = store.workspaces().list().await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].listing_id, kept[0].registry_id), (None, None));
    assert_eq!(kept[0].registry_name, "One");
    assert_eq!(kept[0].base_json, "{ \"friendly_name\" : \"Chromium\" }");
    let after = store.revisions().all().await.unwrap();
    assert!(after.catalogue > before.catalogue && after.registries > before.registries);
}
