use store::{
    EditError, InstallError, MarkedRemoving, NewPlacement, PlacementState, Resolution,
    ResolveFailure, Store, StoreError, WorkspaceEdit,
};

use crate::support::{
    NOW, add_agent, add_registry, agent, digest, listing, new_workspace, placement, workspace,
};

db_test!(of_many_installs_at_once_exactly_one_succeeds);
async fn of_many_installs_at_once_exactly_one_succeeds(store: Store) {
    let agents = [add_agent(&store, 1).await, add_agent(&store, 2).await];
    let mut tasks = Vec::new();
    for number in 1..=12 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let new = new_workspace(number, Some("listing 1"), &agents);
            (number, store.workspaces().insert(new).await)
        }));
    }
    let mut winners = Vec::new();
    let mut named = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (number, Ok(())) => winners.push(workspace(number)),
            (_, Err(InstallError::AlreadyInstalled(id))) => named.push(id),
            (_, Err(error)) => panic!("{error:?}"),
        }
    }
    assert_eq!(winners.len(), 1);
    assert!(named.iter().all(|id| *id == winners[0]));
    assert_eq!(store.workspaces().list().await.unwrap().len(), 1);
    assert_eq!(store.placements().all().await.unwrap().len(), 2);
    assert_eq!(store.agents().generation(agents[0]).await.unwrap(), Some(2));
}

db_test!(copies_stand_beside_each_other);
async fn copies_stand_beside_each_other(store: Store) {
    store
        .workspaces()
        .insert(new_workspace(1, Some("listing 1"), &[]))
        .await
        .unwrap();
    store
        .workspaces()
        .insert(new_workspace(2, None, &[]))
        .await
        .unwrap();
    store
        .workspaces()
        .insert(new_workspace(3, None, &[]))
        .await
        .unwrap();
    assert_eq!(store.workspaces().list().await.unwrap().len(), 3);
    let found = store
        .workspaces()
        .find_by_install_key("listing 1")
        .await
        .unwrap();
    assert_eq!(found.unwrap().id, workspace(1));
}

db_test!(an_install_of_a_listing_that_is_gone_is_refused);
async fn an_install_of_a_listing_that_is_gone_is_refused(store: Store) {
    let mut new = new_workspace(1, None, &[]);
    new.listing_id = Some(listing(9));
    let error = store.workspaces().insert(new).await.unwrap_err();
    assert!(
        matches!(error, InstallError::Store(StoreError::NotFound)),
        "{error:?}"
    );
}

db_test!(an_install_passes_over_agents_that_are_gone);
async fn an_install_passes_over_agents_that_are_gone(store: Store) {
    let present = add_agent(&store, 1).await;
    let new = new_workspace(1, None, &[agent(9), present]);
    store.workspaces().insert(new).await.unwrap();
    let placed = store
        .placements()
        .list_for_workspaces(&[workspace(1)])
        .await
        .unwrap();
    assert_eq!(placed.len(), 1);
    assert_eq!(
        (placed[0].agent_id, placed[0].state, placed[0].attempt),
        (present, PlacementState::Waiting, 1)
    );
}

db_test!(what_is_installed_is_found_by_its_listing);
async fn what_is_installed_is_found_by_its_listing(store: Store) {
    add_registry(&store, &["Chromium", "Firefox"]).await;
    let mut new = new_workspace(1, None, &[]);
    new.listing_id = Some(listing(2));
    store.workspaces().insert(new).await.unwrap();
    let found = store
        .workspaces()
        .by_listing_ids(&[listing(1), listing(2)])
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].id, found[0].listing_id),
        (workspace(1), Some(listing(2)))
    );
}

db_test!(of_two_changes_to_the_same_version_the_second_is_refused);
async fn of_two_changes_to_the_same_version_the_second_is_refused(store: Store) {
    store
        .workspaces()
        .insert(new_workspace(1, None, &[]))
        .await
        .unwrap();
    let workspaces = store.workspaces();
    assert_eq!(
        workspaces
            .update(workspace(1), Some(1), edit(), NOW)
            .await
            .unwrap(),
        2
    );
    let error = workspaces
        .update(workspace(1), Some(1), edit(), NOW)
        .await
        .unwrap_err();
    assert!(
        matches!(error, EditError::VersionConflict { current: 2 }),
        "{error:?}"
    );
    assert_eq!(
        workspaces
            .update(workspace(1), None, edit(), NOW)
            .await
            .unwrap(),
        3
    );
    let row = workspaces.find(workspace(1)).await.unwrap().unwrap();
    assert_eq!(
        (row.friendly_name.as_str(), row.etag_version),
        ("My Chromium", 3)
    );
    let error = workspaces
        .update(workspace(2), None, edit(), NOW)
        .await
        .unwrap_err();
    assert!(matches!(error, EditError::NotFound));
}

db_test!(another_image_starts_everything_over);
async fn another_image_starts_everything_over(store: Store) {
    let agents = [
        add_agent(&store, 1).await,
        add_agent(&store, 2).await,
        add_agent(&store, 3).await,
    ];
    store
        .workspaces()
        .insert(new_workspace(1, None, &agents[..2]))
        .await
        .unwrap();
    let pinned = store
        .workspaces()
        .set_resolution(workspace(1), "example/chromium:1.17.0", resolution())
        .await;
    assert!(pinned.unwrap());
    let other = WorkspaceEdit {
        image: "example/chromium:1.18.0".to_owned(),
        reset_resolution: true,
        unplace: vec![agents[0]],
        placements: vec![NewPlacement {
            id: placement(7),
            agent_id: agents[2],
        }],
        ..edit()
    };
    store
        .workspaces()
        .update(workspace(1), Some(1), other, NOW + 1)
        .await
        .unwrap();

    let row = store
        .workspaces()
        .find(workspace(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((row.digest, row.platforms), (None, None));
    let mut placed = store
        .placements()
        .list_for_workspaces(&[workspace(1)])
        .await
        .unwrap();
    placed.sort_by_key(|row| row.agent_id);
    let states: Vec<_> = placed
        .iter()
        .map(|row| (row.agent_id, row.state, row.attempt))
        .collect();
    assert_eq!(
        states,
        [
            (agents[0], PlacementState::Removing, 2),
            (agents[1], PlacementState::Waiting, 2),
            (agents[2], PlacementState::Waiting, 1),
        ]
    );
    // What the first image answered with comes too late.
    let late = store
        .workspaces()
        .set_resolution(workspace(1), "example/chromium:1.17.0", resolution())
        .await;
    assert!(!late.unwrap());
    assert_eq!(
        store.workspaces().unresolved().await.unwrap(),
        [workspace(1)]
    );
}

db_test!(pinning_an_image_clears_its_failure_and_tells_the_agents);
async fn pinning_an_image_clears_its_failure_and_tells_the_agents(store: Store) {
    let agent = add_agent(&store, 1).await;
    store
        .workspaces()
        .insert(new_workspace(1, None, &[agent]))
        .await
        .unwrap();
    let workspaces = store.workspaces();
    let failure = ResolveFailure {
        cause: "denied".to_owned(),
        detail: "401".to_owned(),
    };
    assert!(
        workspaces
            .set_resolution_failure(workspace(1), "example/chromium:1.17.0", failure.clone())
            .await
            .unwrap()
    );
    assert_eq!(
        workspaces
            .find(workspace(1))
            .await
            .unwrap()
            .unwrap()
            .resolve_failure,
        Some(failure)
    );
    assert!(workspaces.unresolved().await.unwrap().is_empty());

    let before = store.agents().generation(agent).await.unwrap();
    assert!(
        workspaces
            .set_resolution(workspace(1), "example/chromium:1.17.0", resolution())
            .await
            .unwrap()
    );
    assert!(store.agents().generation(agent).await.unwrap() > before);
    let row = workspaces.find(workspace(1)).await.unwrap().unwrap();
    assert_eq!(
        (row.digest, row.resolve_failure, row.etag_version),
        (Some(digest(1)), None, 1)
    );
    let assigned = store.placements().list_for_agent(agent).await.unwrap();
    assert_eq!(assigned[0].digest, Some(digest(1)));
    assert_eq!(
        (assigned[0].image.as_str(), assigned[0].platforms.as_deref()),
        ("example/chromium:1.17.0", Some("[]"))
    );
}

db_test!(a_workspace_on_its_way_out_makes_room_for_another);
async fn a_workspace_on_its_way_out_makes_room_for_another(store: Store) {
    let agent = add_agent(&store, 1).await;
    store
        .workspaces()
        .insert(new_workspace(1, Some("listing 1"), &[agent]))
        .await
        .unwrap();
    let before = store.agents().generation(agent).await.unwrap();
    let workspaces = store.workspaces();
    assert_eq!(
        workspaces
            .mark_removing(workspace(1), NOW + 1)
            .await
            .unwrap(),
        MarkedRemoving::Removing
    );
    assert!(store.agents().generation(agent).await.unwrap() > before);
    let placed = store
        .placements()
        .find(placement(100))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (placed.state, placed.attempt),
        (PlacementState::Removing, 2)
    );
    // A second click changes nothing.
    assert_eq!(
        workspaces
            .mark_removing(workspace(1), NOW + 2)
            .await
            .unwrap(),
        MarkedRemoving::Removing
    );
    assert_eq!(
        store
            .placements()
            .find(placement(100))
            .await
            .unwrap()
            .unwrap()
            .attempt,
        2
    );

    workspaces
        .insert(new_workspace(2, Some("listing 1"), &[agent]))
        .await
        .unwrap();
    let error = workspaces
        .update(workspace(1), None, edit(), NOW)
        .await
        .unwrap_err();
    assert!(matches!(error, EditError::Removing));
    assert!(
        !workspaces
            .set_resolution(workspace(1), "example/chromium:1.17.0", resolution())
            .await
            .unwrap()
    );
}

db_test!(a_workspace_on_no_agent_goes_at_once);
async fn a_workspace_on_no_agent_goes_at_once(store: Store) {
    store
        .workspaces()
        .insert(new_workspace(1, None, &[]))
        .await
        .unwrap();
    let workspaces = store.workspaces();
    assert!(
        !workspaces
            .delete_if_no_placements(workspace(1))
            .await
            .unwrap()
    );
    assert_eq!(
        workspaces.mark_removing(workspace(1), NOW).await.unwrap(),
        MarkedRemoving::Deleted
    );
    assert_eq!(
        workspaces.mark_removing(workspace(1), NOW).await.unwrap(),
        MarkedRemoving::NotFound
    );
    assert!(workspaces.list().await.unwrap().is_empty());
}

db_test!(forgetting_needs_a_removal_first);
async fn forgetting_needs_a_removal_first(store: Store) {
    let agent = add_agent(&store, 1).await;
    store
        .workspaces()
        .insert(new_workspace(1, None, &[agent]))
        .await
        .unwrap();
    assert!(!store.workspaces().forget(workspace(1)).await.unwrap());
    store
        .workspaces()
        .mark_removing(workspace(1), NOW)
        .await
        .unwrap();
    let before = store.agents().generation(agent).await.unwrap();
    assert!(store.workspaces().forget(workspace(1)).await.unwrap());
    assert!(store.agents().generation(agent).await.unwrap() > before);
    assert!(store.placements().all().await.unwrap().is_empty());
    assert!(store.workspaces().list().await.unwrap().is_empty());
}

fn edit() -> WorkspaceEdit {
    WorkspaceEdit {
        friendly_name: "My Chromium".to_owned(),
        changes_json: Some("{\"friendly_name\":\"My Chromium\"}".to_owned()),
        effective_json: "{\"friendly_name\":\"My Chromium\"}".to_owned(),
        image: "example/chromium:1.17.0".to_owned(),
        version: None,
        channel: None,
        agents_rule: "\"all\"".to_owned(),
        reset_resolution: false,
        placements: vec![],
        unplace: vec![],
    }
}

fn resolution() -> Resolution {
    Resolution {
        digest: digest(1),
        media_type: "application/vnd.oci.image.index.v1+json".to_owned(),
        platforms: "[]".to_owned(),
    }
}
