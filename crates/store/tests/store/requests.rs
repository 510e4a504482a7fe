use std::time::Duration;

use store::{IdempotencyKey, Reservation, Scope, Store, StoredResponse};
use tokio::time::timeout;

use crate::support::NOW;

const KEY: IdempotencyKey<'static> = IdempotencyKey {
    principal: "token 1",
    key: "first",
};

db_test!(a_repeated_request_gets_the_first_answer);
async fn a_repeated_request_gets_the_first_answer(store: Store) {
    let idempotency = store.idempotency();
    assert_eq!(
        idempotency.reserve(KEY, &[1; 32], NOW).await.unwrap(),
        Reservation::New
    );
    assert_eq!(
        idempotency.reserve(KEY, &[1; 32], NOW).await.unwrap(),
        Reservation::InFlight
    );
    assert_eq!(
        idempotency.reserve(KEY, &[2; 32], NOW).await.unwrap(),
        Reservation::Conflict
    );
    let other = IdempotencyKey {
        principal: "token",
        key: " 1first",
    };
    assert_eq!(
        idempotency.reserve(other, &[2; 32], NOW).await.unwrap(),
        Reservation::New
    );
    let response = StoredResponse {
        status: 202,
        headers: "{}".to_owned(),
        body: b"{\0}".to_vec(),
    };
    idempotency.complete(KEY, &response).await.unwrap();
    assert_eq!(
        idempotency.reserve(KEY, &[1; 32], NOW).await.unwrap(),
        Reservation::Replay(response)
    );
    // What was answered is not released.
    idempotency.release(KEY).await.unwrap();
    assert_eq!(
        idempotency.reserve(KEY, &[2; 32], NOW).await.unwrap(),
        Reservation::Conflict
    );
    assert_eq!(idempotency.sweep(NOW + 1).await.unwrap(), 2);
}

db_test!(a_request_that_was_cut_off_can_be_made_again);
async fn a_request_that_was_cut_off_can_be_made_again(store: Store) {
    let idempotency = store.idempotency();
    idempotency.reserve(KEY, &[1; 32], NOW).await.unwrap();
    idempotency.release(KEY).await.unwrap();
    assert_eq!(
        idempotency.reserve(KEY, &[1; 32], NOW).await.unwrap(),
        Reservation::New
    );
    let later = NOW + 120_000;
    assert_eq!(
        idempotency.reserve(KEY, &[1; 32], later - 1).await.unwrap(),
        Reservation::InFlight
    );
    assert_eq!(
        idempotency.reserve(KEY, &[1; 32], later).await.unwrap(),
        Reservation::New
    );
    assert_eq!(
        idempotency.reserve(KEY, &[1; 32], later).await.unwrap(),
        Reservation::InFlight
    );
}

db_test!(of_many_equal_requests_at_once_one_is_done);
async fn of_many_equal_requests_at_once_one_is_done(store: Store) {
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            store
                .idempotency()
                .reserve(KEY, &[1; 32], NOW)
                .await
                .unwrap()
        }));
    }
    let mut new = 0;
    for task in tasks {
        match task.await.unwrap() {
            Reservation::New => new += 1,
            other => assert_eq!(other, Reservation::InFlight),
        }
    }
    assert_eq!(new, 1);
}

db_test!(a_setting_is_written_over_or_left);
async fn a_setting_is_written_over_or_left(store: Store) {
    let settings = store.settings();
    assert_eq!(settings.get("first_party").await.unwrap(), None);
    assert_eq!(
        settings.set_if_absent("first_party", "one").await.unwrap(),
        "one"
    );
    assert_eq!(
        settings.set_if_absent("first_party", "two").await.unwrap(),
        "one"
    );
    settings.set("first_party", "three").await.unwrap();
    assert_eq!(
        settings.get("first_party").await.unwrap().as_deref(),
        Some("three")
    );
}

db_test!(who_listens_hears_of_a_change);
async fn who_listens_hears_of_a_change(store: Store) {
    let Some(mut notices) = store.listen().await.unwrap() else {
        assert!(!store.is_shared());
        return;
    };
    store.revisions().bump(Scope::Registries).await.unwrap();
    let heard = timeout(Duration::from_mins(1), notices.next()).await;
    heard.unwrap().unwrap();
}
