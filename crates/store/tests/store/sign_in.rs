use model::{SessionId, UserId};
use store::{SessionRow, Store};

use crate::support::{NOW, uuid};

db_test!(the_administrator_is_made_once);
async fn the_administrator_is_made_once(store: Store) {
    let first = store
        .users()
        .ensure_admin(user(1), "admin", NOW)
        .await
        .unwrap();
    assert_eq!((first.id, first.password_hash), (user(1), None));
    assert!(!store.users().any_password().await.unwrap());
    assert!(
        store
            .users()
            .set_password_hash(user(1), Some("$argon2id$"))
            .await
            .unwrap()
    );
    let second = store
        .users()
        .ensure_admin(user(2), "admin", NOW)
        .await
        .unwrap();
    assert_eq!(
        (second.id, second.password_hash.as_deref()),
        (user(1), Some("$argon2id$"))
    );
    assert!(store.users().any_password().await.unwrap());
    assert_eq!(store.users().find_by_name("ad\0min").await.unwrap(), None);
    assert!(
        !store
            .users()
            .set_password_hash(user(2), None)
            .await
            .unwrap()
    );
}

db_test!(a_session_ends_by_time_by_sign_out_and_with_its_person);
async fn a_session_ends_by_time_by_sign_out_and_with_its_person(store: Store) {
    store
        .users()
        .ensure_admin(user(1), "admin", NOW)
        .await
        .unwrap();
    for number in 1..=3 {
        store.sessions().insert(session(number)).await.unwrap();
    }
    let sessions = store.sessions();
    let (found, owner) = sessions.find(&[1; 32], NOW).await.unwrap().unwrap();
    assert_eq!(found, session(1));
    assert_eq!(owner.id, found.user_id);
    assert_eq!(sessions.find(&[1; 32], NOW + 1_000).await.unwrap(), None);
    assert!(sessions.delete(&[1; 32]).await.unwrap());
    assert!(!sessions.delete(&[1; 32]).await.unwrap());
    assert_eq!(sessions.sweep(NOW + 999).await.unwrap(), 0);
    assert_eq!(sessions.delete_for_user(user(1)).await.unwrap(), 2);
    sessions.insert(session(4)).await.unwrap();
    assert_eq!(sessions.sweep(NOW + 1_000).await.unwrap(), 1);
}

db_test!(a_link_works_once_and_only_the_newest);
async fn a_link_works_once_and_only_the_newest(store: Store) {
    let links = store.login_links();
    links.replace(&[1; 32], NOW + 10).await.unwrap();
    links.replace(&[2; 32], NOW + 10).await.unwrap();
    assert!(!links.use_once(&[1; 32], NOW).await.unwrap());
    assert!(!links.use_once(&[2; 32], NOW + 10).await.unwrap());
    let mut tasks = Vec::new();
    for _ in 0..6 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            store.login_links().use_once(&[2; 32], NOW).await.unwrap()
        }));
    }
    let mut used = 0;
    for task in tasks {
        used += u32::from(task.await.unwrap());
    }
    assert_eq!(used, 1);
}

db_test!(failed_sign_ins_are_counted_by_name_and_by_address);
async fn failed_sign_ins_are_counted_by_name_and_by_address(store: Store) {
    let failures = store.login_failures();
    failures.record("admin", "192.0.2.1", NOW).await.unwrap();
    failures
        .record("admin", "192.0.2.2", NOW + 5)
        .await
        .unwrap();
    failures.record("\0", "192.0.2.1", NOW + 5).await.unwrap();
    assert_eq!(failures.count_by_name("admin", NOW).await.unwrap(), 2);
    assert_eq!(failures.count_by_name("admin", NOW + 1).await.unwrap(), 1);
    assert_eq!(
        failures.count_by_address("192.0.2.1", NOW).await.unwrap(),
        2
    );
    failures.clear("admin").await.unwrap();
    assert_eq!(failures.count_by_name("admin", NOW).await.unwrap(), 0);
    assert_eq!(
        failures.count_by_address("192.0.2.1", NOW).await.unwrap(),
        1
    );
    assert_eq!(failures.sweep(NOW + 6).await.unwrap(), 1);
}

fn user(number: u128) -> UserId {
    UserId::from_uuid(uuid(number))
}

fn session(number: u8) -> SessionRow {
    SessionRow {
        id: SessionId::from_uuid(uuid(number.into())),
        token_sha256: [number; 32],
        user_id: user(1),
        created_at: NOW,
        expires_at: NOW + 1_000,
    }
}
