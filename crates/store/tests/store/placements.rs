use store::{
    GoneOutcome, NewPlacement, PlacementReport, PlacementState, RefreshChanges, ReportOutcome,
    Resolution, ResolveFailure, Store, WorkspaceEdit,
};

use crate::support::{
    NOW, add_agent, add_registry, agent, digest, header, listing, new_workspace, observation,
    placement, registry, workspace,
};

db_test!(a_report_about_an_older_attempt_is_ignored);
async fn a_report_about_an_older_attempt_is_ignored(store: Store) {
    let agent = add_agent(&store, 1).await;
    store
        .workspaces()
        .insert(new_workspace(1, None, &[agent]))
        .await
        .unwrap();
    let placements = store.placements();
    let failed = PlacementReport {
        cause: Some("no_space".to_owned()),
        detail: Some("4 GB missing".to_owned()),
        ..report(1, PlacementState::Failed)
    };
    let outcome = placements
        .record_report(failed.clone(), NOW + 1)
        .await
        .unwrap();
    assert_eq!(
        outcome,
        ReportOutcome::Recorded {
            workspace: workspace(1),
            previous: PlacementState::Waiting
        }
    );
    let revision = store.revisions().all().await.unwrap().workspaces;
    let outcome = placements
        .record_report(failed.clone(), NOW + 2)
        .await
        .unwrap();
    assert_eq!(
        outcome,
        ReportOutcome::Unchanged {
            workspace: workspace(1)
        }
    );
    assert_eq!(store.revisions().all().await.unwrap().workspaces, revision);

    assert_eq!(placements.retry(workspace(1), NOW + 3).await.unwrap(), 1);
    assert_eq!(
        placements.record_report(failed, NOW + 4).await.unwrap(),
        ReportOutcome::Outdated
    );
    let row = placements.find(placement(100)).await.unwrap().unwrap();
    assert_eq!(
        (row.state, row.attempt, row.cause, row.updated_at),
        (PlacementState::Waiting, 2, None, NOW + 3)
    );

    let ready = PlacementReport {
        size_bytes: Some(5),
        ..report(2, PlacementState::Ready)
    };
    placements.record_report(ready, NOW + 5).await.unwrap();
    let row = placements.find(placement(100)).await.unwrap().unwrap();
    assert_eq!(
        (row.state, row.size_bytes),
        (PlacementState::Ready, Some(5))
    );
}

db_test!(an_agent_cannot_speak_for_another);
async fn an_agent_cannot_speak_for_another(store: Store) {
    let agents = [add_agent(&store, 1).await, add_agent(&store, 2).await];
    store
        .workspaces()
        .insert(new_workspace(1, None, &agents[..1]))
        .await
        .unwrap();
    let foreign = PlacementReport {
        agent: agents[1],
        ..report(1, PlacementState::Ready)
    };
    let placements = store.placements();
    assert_eq!(
        placements.record_report(foreign, NOW).await.unwrap(),
        ReportOutcome::Unknown
    );
    store
        .workspaces()
        .mark_removing(workspace(1), NOW)
        .await
        .unwrap();
    assert_eq!(
        placements
            .confirm_gone(agents[1], placement(100), 2)
            .await
            .unwrap(),
        GoneOutcome::Unknown
    );
    assert_eq!(
        placements
            .confirm_gone(agents[0], placement(999), 2)
            .await
            .unwrap(),
        GoneOutcome::Unknown
    );
}

db_test!(what_is_on_its_way_out_cannot_become_ready);
async fn what_is_on_its_way_out_cannot_become_ready(store: Store) {
    let agent = add_agent(&store, 1).await;
    store
        .workspaces()
        .insert(new_workspace(1, None, &[agent]))
        .await
        .unwrap();
    store
        .workspaces()
        .mark_removing(workspace(1), NOW)
        .await
        .unwrap();
    let placements = store.placements();
    for attempt in [1, 2] {
        let ready = report(attempt, PlacementState::Ready);
        assert_eq!(
            placements.record_report(ready, NOW).await.unwrap(),
            ReportOutcome::Outdated
        );
    }
    let stuck = PlacementReport {
        cause: Some("other".to_owned()),
        ..report(2, PlacementState::Removing)
    };
    assert!(matches!(
        placements.record_report(stuck, NOW).await.unwrap(),
        ReportOutcome::Recorded { .. }
    ));
    // Retry asks for the removal once more.
    assert_eq!(placements.retry(workspace(1), NOW).await.unwrap(), 1);
    let row = placements.find(placement(100)).await.unwrap().unwrap();
    assert_eq!(
        (row.state, row.attempt, row.cause),
        (PlacementState::Removing, 3, None)
    );
}

db_test!(a_workspace_goes_when_its_last_agent_has_confirmed);
async fn a_workspace_goes_when_its_last_agent_has_confirmed(store: Store) {
    let agents = [add_agent(&store, 1).await, add_agent(&store, 2).await];
    store
        .workspaces()
        .insert(new_workspace(1, None, &agents))
        .await
        .unwrap();
    let placements = store.placements();
    // Nothing was to be removed yet.
    assert_eq!(
        placements
            .confirm_gone(agents[0], placement(100), 1)
            .await
            .unwrap(),
        GoneOutcome::Outdated
    );
    store
        .workspaces()
        .mark_removing(workspace(1), NOW)
        .await
        .unwrap();
    assert_eq!(
        placements
            .confirm_gone(agents[0], placement(100), 1)
            .await
            .unwrap(),
        GoneOutcome::Outdated
    );

    let before = store.agents().generation(agents[0]).await.unwrap();
    let (first, second) = tokio::join!(
        placements.confirm_gone(agents[0], placement(100), 2),
        placements.confirm_gone(agents[1], placement(101), 2),
    );
    let deleted: Vec<_> = [first.unwrap(), second.unwrap()]
        .into_iter()
        .map(|outcome| match outcome {
            GoneOutcome::Confirmed {
                workspace: id,
                workspace_deleted,
            } => {
                assert_eq!(id, workspace(1));
                workspace_deleted
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(deleted.iter().filter(|deleted| **deleted).count(), 1);
    assert!(store.workspaces().list().await.unwrap().is_empty());
    assert!(store.agents().generation(agents[0]).await.unwrap() > before);
    assert_eq!(
        placements
            .confirm_gone(agents[0], placement(100), 2)
            .await
            .unwrap(),
        GoneOutcome::Unknown
    );
}

db_test!(a_retry_forgets_that_the_image_could_not_be_resolved);
async fn a_retry_forgets_that_the_image_could_not_be_resolved(store: Store) {
    store
        .workspaces()
        .insert(new_workspace(1, None, &[]))
        .await
        .unwrap();
    let failure = ResolveFailure {
        cause: "not_found".to_owned(),
        detail: "404".to_owned(),
    };
    store
        .workspaces()
        .set_resolution_failure(workspace(1), "example/chromium:1.17.0", failure)
        .await
        .unwrap();
    assert_eq!(
        store.placements().retry(workspace(1), NOW).await.unwrap(),
        0
    );
    assert_eq!(
        store.workspaces().unresolved().await.unwrap(),
        [workspace(1)]
    );
    assert_eq!(
        store.placements().retry(workspace(2), NOW).await.unwrap(),
        0
    );
}

db_test!(a_new_agent_gets_what_stays_and_only_once);
async fn a_new_agent_gets_what_stays_and_only_once(store: Store) {
    for number in 1..=3 {
        let first = add_first_agent(&store, number == 1).await;
        store
            .workspaces()
            .insert(new_workspace(number, None, &[first]))
            .await
            .unwrap();
    }
    store
        .workspaces()
        .mark_removing(workspace(3), NOW)
        .await
        .unwrap();
    let new = add_agent(&store, 2).await;
    let wanted = [
        (placement(1), workspace(2)),
        (placement(2), workspace(1)),
        (placement(3), workspace(3)),
        (placement(4), workspace(9)),
    ];
    assert_eq!(
        store
            .placements()
            .ensure_for_agent(new, &wanted, NOW)
            .await
            .unwrap(),
        2
    );
    let generation = store.agents().generation(new).await.unwrap();
    assert_eq!(generation, Some(2));
    assert_eq!(
        store
            .placements()
            .ensure_for_agent(new, &wanted, NOW)
            .await
            .unwrap(),
        0
    );
    assert_eq!(store.agents().generation(new).await.unwrap(), generation);
    let mut given: Vec<_> = store
        .placements()
        .list_for_agent(new)
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.placement.workspace_id)
        .collect();
    given.sort();
    assert_eq!(given, [workspace(1), workspace(2)]);
}

db_test!(reports_and_changes_at_once_end_in_one_of_their_orders);
async fn reports_and_changes_at_once_end_in_one_of_their_orders(store: Store) {
    let agents = [add_agent(&store, 1).await, add_agent(&store, 2).await];
    for number in 1..=10 {
        store
            .workspaces()
            .insert(new_workspace(number, None, &agents))
            .await
            .unwrap();
    }
    let mut tasks = Vec::new();
    for number in 1..=10 {
        for (offset, agent) in agents.into_iter().enumerate() {
            let store = store.clone();
            tasks.push(tokio::spawn(async move {
                let id = placement(number * 100 + offset as u128);
                let ready = PlacementReport {
                    agent,
                    placement: id,
                    ..report(1, PlacementState::Ready)
                };
                store.placements().record_report(ready, NOW).await.unwrap();
                store.placements().confirm_gone(agent, id, 2).await.unwrap();
            }));
        }
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let pinned = Resolution {
                digest: digest(1),
                media_type: String::new(),
                platforms: "[]".to_owned(),
            };
            store
                .workspaces()
                .set_resolution(workspace(number), "example/chromium:1.17.0", pinned)
                .await
                .unwrap();
            store
                .workspaces()
                .mark_removing(workspace(number), NOW)
                .await
                .unwrap();
            store
                .placements()
                .retry(workspace(number), NOW)
                .await
                .unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    for row in store.placements().all().await.unwrap() {
        assert_eq!((row.state, row.attempt), (PlacementState::Removing, 2));
        store
            .placements()
            .confirm_gone(row.agent_id, row.id, 2)
            .await
            .unwrap();
    }
    assert!(store.workspaces().list().await.unwrap().is_empty());
}

db_test!(many_hands_at_once_never_wait_for_each_other_in_a_circle);
async fn many_hands_at_once_never_wait_for_each_other_in_a_circle(store: Store) {
    add_registry(&store, &["Chromium", "Firefox"]).await;
    let agents = [
        add_agent(&store, 1).await,
        add_agent(&store, 2).await,
        add_agent(&store, 3).await,
    ];
    let wanted: Vec<_> = (1..=6_u8)
        .map(|number| {
            let number = u128::from(number);
            (placement(number * 100 + 50), workspace(number))
        })
        .collect();
    for number in 1..=6 {
        let mut new = new_workspace(number, None, &agents[..2]);
        new.registry_id = Some(registry(1));
        new.listing_id = Some(listing(1 + number % 2));
        store.workspaces().insert(new).await.unwrap();
    }
    let mut tasks = Vec::new();
    for number in 1..=6 {
        let (store, wanted) = (store.clone(), wanted.clone());
        tasks.push(tokio::spawn(async move {
            let new = WorkspaceEdit {
                placements: vec![NewPlacement {
                    id: placement(number * 100 + 60),
                    agent_id: agents[2],
                }],
                unplace: vec![agents[0]],
                reset_resolution: true,
                ..edit()
            };
            store
                .workspaces()
                .update(workspace(number), None, new, NOW)
                .await
                .unwrap();
            store
                .placements()
                .ensure_for_agent(agents[0], &wanted, NOW)
                .await
                .unwrap();
            store
                .placements()
                .retry(workspace(number), NOW)
                .await
                .unwrap();
            store
                .workspaces()
                .mark_removing(workspace(number), NOW)
                .await
                .unwrap();
        }));
    }
    for agent in agents {
        let (store, wanted) = (store.clone(), wanted.clone());
        tasks.push(tokio::spawn(async move {
            store
                .placements()
                .ensure_for_agent(agent, &wanted, NOW)
                .await
                .unwrap();
            store
                .agents()
                .record_observation(agent, observation(), NOW)
                .await
                .unwrap();
            store.agents().delete(agent).await.unwrap();
        }));
    }
    let writer = store.clone();
    tasks.push(tokio::spawn(async move {
        let listings = writer.listings();
        let icons = [(listing(2), "aa".to_owned()), (listing(1), "bb".to_owned())];
        listings.set_icons(&icons).await.unwrap();
        let gone = RefreshChanges {
            withdrawn: vec![listing(1), listing(2)],
            ..Default::default()
        };
        listings
            .apply_refresh(registry(1), header("One"), gone, NOW)
            .await
            .unwrap();
        writer.registries().delete(registry(1)).await.unwrap();
    }));
    for task in tasks {
        task.await.unwrap();
    }
    assert!(store.workspaces().list().await.unwrap().is_empty());
    assert!(store.placements().all().await.unwrap().is_empty());
}

#[test]
fn states_read_what_they_write() {
    for state in [
        PlacementState::Waiting,
        PlacementState::Pulling,
        PlacementState::Ready,
        PlacementState::Failed,
        PlacementState::Removing,
    ] {
        assert_eq!(state.to_string().parse(), Ok(state));
    }
    assert!("gone".parse::<PlacementState>().is_err());
}

fn edit() -> WorkspaceEdit {
    WorkspaceEdit {
        friendly_name: "My Chromium".to_owned(),
        changes_json: None,
        effective_json: "{}".to_owned(),
        image: "example/chromium:1.18.0".to_owned(),
        version: None,
        channel: None,
        agents_rule: "\"all\"".to_owned(),
        reset_resolution: false,
        placements: vec![],
        unplace: vec![],
    }
}

async fn add_first_agent(store: &Store, new: bool) -> model::AgentId {
    if new {
        add_agent(store, 1).await
    } else {
        agent(1)
    }
}

/// What agent 1 says about placement 100.
fn report(attempt: i32, state: PlacementState) -> PlacementReport {
    PlacementReport {
        agent: agent(1),
        placement: placement(100),
        attempt,
        state,
        cause: None,
        detail: None,
        size_bytes: None,
    }
}
