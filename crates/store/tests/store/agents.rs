use model::TokenId;
use store::{BroughtImage, BroughtRow, KeptImageRow, NewToken, Store, StoreError};

use crate::support::{NOW, add_agent, agent, digest, new_workspace, observation, uuid, workspace};

db_test!(a_token_has_one_agent_however_often_it_comes);
async fn a_token_has_one_agent_however_often_it_comes(store: Store) {
    let id = add_agent(&store, 1).await;
    let token = TokenId::from_uuid(uuid(1));
    let (row, new) = store
        .agents()
        .upsert_by_token(token, agent(2), "other", false, NOW)
        .await
        .unwrap();
    assert_eq!((row.id, row.name.as_str(), new), (id, "agent 1", false));
    assert_eq!(store.agents().list().await.unwrap().len(), 1);

    // A revoked token leaves its agent, which nobody can speak for.
    assert!(store.tokens().delete(token).await.unwrap());
    assert_eq!(
        store.agents().find(id).await.unwrap().unwrap().token_id,
        None
    );
    let error = store
        .agents()
        .upsert_by_token(token, agent(3), "late", false, NOW)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::NotFound), "{error:?}");
}

db_test!(a_name_is_given_to_one_token);
async fn a_name_is_given_to_one_token(store: Store) {
    let named = |number, name: &str| NewToken {
        name: name.to_owned(),
        embedded: false,
        ..token(number)
    };
    let tokens = store.tokens();
    assert_eq!(tokens.insert(named(1, "host2")).await.unwrap(), None);
    let taken = tokens.insert(named(2, "host2")).await.unwrap().unwrap();
    assert_eq!(taken.id, TokenId::from_uuid(uuid(1)));
    assert!(tokens.find_by_sha256(&[2; 32]).await.unwrap().is_none());

    tokens.replace(named(3, "host2")).await.unwrap();
    assert!(tokens.find_by_sha256(&[1; 32]).await.unwrap().is_none());
    let replaced = tokens.find_by_sha256(&[3; 32]).await.unwrap().unwrap();
    assert_eq!(replaced.id, taken.id, "its agent stays the same");
    tokens.replace(named(4, "host3")).await.unwrap();
    assert_eq!(tokens.list().await.unwrap().len(), 2);

    // The server's own agent has the name of its host, which is nobody else's business.
    tokens.replace_embedded(named(5, "host2")).await.unwrap();
    assert!(tokens.delete_named("host2").await.unwrap());
    assert!(!tokens.delete_named("host2").await.unwrap());
    let left = tokens.list().await.unwrap();
    let names: Vec<&str> = left.iter().map(|token| token.name.as_str()).collect();
    assert_eq!(names, ["host3", "host2"]);
    assert_eq!(tokens.insert(named(6, "host2")).await.unwrap(), None);
}

db_test!(the_embedded_token_keeps_its_agent_when_its_secret_changes);
async fn the_embedded_token_keeps_its_agent_when_its_secret_changes(store: Store) {
    let first = token(1);
    let id = store.tokens().replace_embedded(first).await.unwrap();
    store
        .agents()
        .upsert_by_token(id, agent(1), "own", true, NOW)
        .await
        .unwrap();
    assert_eq!(store.tokens().replace_embedded(token(2)).await.unwrap(), id);
    assert!(
        store
            .tokens()
            .find_by_sha256(&[1; 32])
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        store
            .tokens()
            .find_by_sha256(&[2; 32])
            .await
            .unwrap()
            .unwrap()
            .id,
        id
    );
    assert_eq!(store.tokens().list().await.unwrap().len(), 1);
    let (row, new) = store
        .agents()
        .upsert_by_token(id, agent(2), "own", true, NOW)
        .await
        .unwrap();
    assert_eq!((row.id, new), (agent(1), false));
}

db_test!(an_observation_is_news_only_if_something_changed);
async fn an_observation_is_news_only_if_something_changed(store: Store) {
    let id = add_agent(&store, 1).await;
    let agents = store.agents();
    assert!(
        agents
            .record_observation(id, observation(), NOW + 1)
            .await
            .unwrap()
    );
    let revision = store.revisions().all().await.unwrap().agents;
    assert!(
        !agents
            .record_observation(id, observation(), NOW + 2)
            .await
            .unwrap()
    );
    assert_eq!(store.revisions().all().await.unwrap().agents, revision);
    let row = agents.find(id).await.unwrap().unwrap();
    assert_eq!(
        (row.contacts, row.last_contact_at, row.generation),
        (2, Some(NOW + 2), 1)
    );
    assert_eq!(
        (row.engine.as_deref(), row.architecture.as_deref()),
        (Some("docker"), Some("amd64"))
    );
    let error = agents
        .record_observation(agent(9), observation(), NOW)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::NotFound));
}

db_test!(an_agent_that_is_removed_takes_its_placements_along);
async fn an_agent_that_is_removed_takes_its_placements_along(store: Store) {
    let agents = [add_agent(&store, 1).await, add_agent(&store, 2).await];
    store
        .workspaces()
        .insert(new_workspace(1, None, &agents))
        .await
        .unwrap();
    store
        .workspaces()
        .insert(new_workspace(2, None, &agents[..1]))
        .await
        .unwrap();
    store
        .workspaces()
        .insert(new_workspace(3, None, &agents[..1]))
        .await
        .unwrap();
    store
        .workspaces()
        .mark_removing(workspace(2), NOW)
        .await
        .unwrap();
    assert!(store.agents().delete(agents[0]).await.unwrap());
    assert!(!store.agents().delete(agents[0]).await.unwrap());
    let left: Vec<_> = store
        .workspaces()
        .list()
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(left, [workspace(1), workspace(3)]);
    let placed = store.placements().all().await.unwrap();
    assert_eq!(placed.len(), 1);
    assert_eq!(placed[0].agent_id, agents[1]);
}

db_test!(what_we_brought_is_known_until_it_is_forgotten);
async fn what_we_brought_is_known_until_it_is_forgotten(store: Store) {
    let id = add_agent(&store, 1).await;
    let image = BroughtImage {
        agent_id: id,
        repository: "docker.io/example/chromium".to_owned(),
        digest: digest(1),
    };
    let brought = store.brought();
    brought.record(image.clone(), None, NOW).await.unwrap();
    let row = |tags: &[&str], brought_at| BroughtRow {
        image: image.clone(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        brought_at,
    };
    let first = brought.list(id).await.unwrap();
    assert_eq!(first, [row(&[], NOW)]);
    for (tag, at) in [("2.0", NOW + 1), ("1.0", NOW + 2), ("2.0", NOW + 3)] {
        let again = brought.record(image.clone(), Some(tag), at);
        again.await.unwrap();
    }
    brought
        .note_tag(image.clone(), "latest", NOW + 4)
        .await
        .unwrap();
    let rows = brought.list(id).await.unwrap();
    assert_eq!(rows, [row(&["1.0", "2.0", "latest"], NOW + 4)]);
    // It was brought again since it was first read.
    assert!(!brought.forget_row(&first[0]).await.unwrap());
    assert!(brought.forget_row(&rows[0]).await.unwrap());
    brought
        .note_tag(image.clone(), "1.0", NOW + 5)
        .await
        .unwrap();
    assert!(
        brought.list(id).await.unwrap().is_empty(),
        "somebody else's"
    );
    brought.record(image.clone(), None, NOW + 6).await.unwrap();
    assert!(store.brought().forget(&image).await.unwrap());
    assert!(!store.brought().forget(&image).await.unwrap());
    assert!(store.brought().list(id).await.unwrap().is_empty());
}

db_test!(an_image_that_stays_is_told_once_and_for_a_while);
async fn an_image_that_stays_is_told_once_and_for_a_while(store: Store) {
    let kept = |agent_id, kept_at| KeptImageRow {
        on: BroughtImage {
            agent_id,
            repository: "docker.io/example/chromium".to_owned(),
            digest: digest(1),
        },
        image: "example/chromium:1.17.0".to_owned(),
        workspace_name: format!("Chromium at {kept_at}"),
        reason: "container".to_owned(),
        detail: "container web uses the image".to_owned(),
        kept_at,
    };
    let (one, two) = (add_agent(&store, 1).await, add_agent(&store, 2).await);
    for row in [kept(one, NOW), kept(two, NOW + 1), kept(one, NOW + 2)] {
        store.kept().record(row).await.unwrap();
    }
    assert_eq!(
        store.kept().since(NOW).await.unwrap(),
        [kept(one, NOW + 2), kept(two, NOW + 1)]
    );
    assert_eq!(store.kept().since(NOW + 2).await.unwrap().len(), 1);
    assert_eq!(store.kept().sweep(NOW + 2).await.unwrap(), 1);
    let image = kept(one, NOW).on;
    assert!(store.kept().forget(&image).await.unwrap());
    assert!(!store.kept().forget(&image).await.unwrap());

    store.kept().record(kept(two, NOW)).await.unwrap();
    store.agents().delete(two).await.unwrap();
    assert!(store.kept().since(0).await.unwrap().is_empty());
}

db_test!(a_token_remembers_its_last_use);
async fn a_token_remembers_its_last_use(store: Store) {
    store.tokens().insert(token(1)).await.unwrap();
    let id = token(1).id;
    assert_eq!(
        store.tokens().find(id).await.unwrap().unwrap().used_at,
        None
    );
    store.tokens().touch(id, NOW + 1).await.unwrap();
    assert_eq!(
        store.tokens().find(id).await.unwrap().unwrap().used_at,
        Some(NOW + 1)
    );
}

fn token(number: u8) -> NewToken {
    NewToken {
        id: TokenId::from_uuid(uuid(number.into())),
        name: "embedded agent".to_owned(),
        sha256: [number; 32],
        scopes: "[\"agent\"]".to_owned(),
        embedded: true,
        created_at: NOW,
    }
}
