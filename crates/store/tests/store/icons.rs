use store::{IconSource, NewIcon, RegistryIcon, Store};

use crate::support::{NOW, add_registry, listing, new_workspace, registry};

db_test!(an_icon_stays_while_anything_points_to_it);
async fn an_icon_stays_while_anything_points_to_it(store: Store) {
    add_registry(&store, &["Chromium"]).await;
    let icons = store.icons();
    let all: Vec<_> = ["aa", "bb", "cc", "dd"].map(icon).into();
    icons.put(&all, NOW).await.unwrap();
    icons.put(&all[3..], NOW + 10).await.unwrap();
    store
        .listings()
        .set_icons(&[(listing(1), "aa".to_owned())])
        .await
        .unwrap();
    let mut new = new_workspace(1, None, &[]);
    new.icon_hash = Some("bb".to_owned());
    store.workspaces().insert(new).await.unwrap();

    // Nobody names `cc`; `dd` was stored a moment ago and is about to be named.
    assert_eq!(icons.prune(NOW + 10).await.unwrap(), 1);
    assert_eq!(icons.find("cc").await.unwrap(), None);
    for kept in ["aa", "bb", "dd"] {
        assert_eq!(
            icons.find(kept).await.unwrap().unwrap().bytes,
            kept.as_bytes()
        );
    }
    let logo = RegistryIcon {
        hash: "dd".to_owned(),
        src: "logo.png".to_owned(),
        etag: Some("\"1\"".to_owned()),
    };
    assert!(
        store
            .registries()
            .set_icon(registry(1), Some(logo))
            .await
            .unwrap()
    );
    assert_eq!(icons.prune(NOW + 99).await.unwrap(), 0);
}

db_test!(what_came_of_a_source_is_replaced_by_the_next_try);
async fn what_came_of_a_source_is_replaced_by_the_next_try(store: Store) {
    add_registry(&store, &[]).await;
    let icons = store.icons();
    let long = "x".repeat(200_000);
    let failed = IconSource {
        registry_id: registry(1),
        image_src: long.clone(),
        hash: None,
        failure: Some("not found".to_owned()),
        etag: None,
        fetched_at: NOW,
    };
    icons
        .record_sources(std::slice::from_ref(&failed))
        .await
        .unwrap();
    assert_eq!(
        icons.find_source(registry(1), &long).await.unwrap(),
        Some(failed.clone())
    );
    let found = IconSource {
        hash: Some("aa".to_owned()),
        failure: None,
        fetched_at: NOW + 1,
        ..failed
    };
    icons
        .record_sources(std::slice::from_ref(&found))
        .await
        .unwrap();
    assert_eq!(icons.sources(registry(1)).await.unwrap(), [found]);
    assert_eq!(icons.find_source(registry(1), "other").await.unwrap(), None);
    // Once its icon is gone the source is fetched anew.
    icons.prune(NOW).await.unwrap();
    assert!(icons.sources(registry(1)).await.unwrap().is_empty());
}

fn icon(hash: &str) -> NewIcon {
    NewIcon {
        hash: hash.to_owned(),
        media_type: "image/png".to_owned(),
        bytes: hash.as_bytes().to_vec(),
    }
}
