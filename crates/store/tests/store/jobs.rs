use std::collections::HashSet;

use store::{NewJob, Store};

use crate::support::NOW;

const LEASE: i64 = 60_000;

db_test!(a_job_that_waits_is_not_asked_for_twice);
async fn a_job_that_waits_is_not_asked_for_twice(store: Store) {
    let jobs = store.jobs();
    assert!(
        jobs.enqueue(job("refresh", "1", NOW + 10), NOW)
            .await
            .unwrap()
    );
    let sooner = NewJob {
        payload: "{\"forced\":true}".to_owned(),
        ..job("refresh", "1", NOW + 5)
    };
    assert!(!jobs.enqueue(sooner, NOW).await.unwrap());
    assert!(
        !jobs
            .enqueue(
                NewJob {
                    payload: "{\"forced\":true}".to_owned(),
                    ..job("refresh", "1", NOW + 20)
                },
                NOW
            )
            .await
            .unwrap()
    );
    assert!(
        jobs.enqueue(job("refresh", "2", NOW + 10), NOW)
            .await
            .unwrap()
    );
    let waiting = jobs.find_waiting("refresh", "1").await.unwrap().unwrap();
    assert_eq!(
        (waiting.run_at, waiting.payload.as_str()),
        (NOW + 5, "{\"forced\":true}")
    );
    assert_eq!(jobs.next_run_at().await.unwrap(), Some(NOW + 5));
    assert!(jobs.cancel("refresh", "1").await.unwrap());
    assert!(!jobs.cancel("refresh", "1").await.unwrap());
    assert_eq!(jobs.next_run_at().await.unwrap(), Some(NOW + 10));
}

db_test!(each_job_goes_to_one_of_many_workers);
async fn each_job_goes_to_one_of_many_workers(store: Store) {
    for number in 0..40 {
        store
            .jobs()
            .enqueue(job("refresh", &number.to_string(), NOW), NOW)
            .await
            .unwrap();
    }
    let mut tasks = Vec::new();
    for worker in 0..8 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let mut taken = Vec::new();
            for _ in 0..8 {
                taken.extend(
                    store
                        .jobs()
                        .claim(NOW, &format!("worker {worker}"), LEASE, 3)
                        .await
                        .unwrap(),
                );
            }
            taken
        }));
    }
    let mut seen = HashSet::new();
    for task in tasks {
        for taken in task.await.unwrap() {
            assert!(taken.running);
            assert!(seen.insert(taken.key), "a job was taken twice");
            assert!(
                store
                    .jobs()
                    .list()
                    .await
                    .unwrap()
                    .iter()
                    .any(|row| row.id == taken.id && row.worker == taken.worker)
            );
        }
    }
    assert_eq!(seen.len(), 40);
}

db_test!(jobs_come_when_they_are_due_and_in_that_order);
async fn jobs_come_when_they_are_due_and_in_that_order(store: Store) {
    let jobs = store.jobs();
    for (key, run_at) in [("late", NOW + 2), ("first", NOW), ("second", NOW + 1)] {
        jobs.enqueue(job("refresh", key, run_at), NOW)
            .await
            .unwrap();
    }
    let keys: Vec<_> = jobs
        .claim(NOW + 1, "one", LEASE, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.key)
        .collect();
    assert_eq!(keys, ["first", "second"]);
    assert!(
        jobs.claim(NOW + 1, "one", LEASE, 10)
            .await
            .unwrap()
            .is_empty()
    );
}

db_test!(a_job_of_a_killed_worker_is_done_by_another);
async fn a_job_of_a_killed_worker_is_done_by_another(store: Store) {
    let jobs = store.jobs();
    jobs.enqueue(job("resolve", "1", NOW), NOW).await.unwrap();
    let killed = jobs.claim(NOW, "killed", LEASE, 1).await.unwrap().remove(0);
    assert!(
        jobs.claim(NOW + LEASE - 1, "other", LEASE, 1)
            .await
            .unwrap()
            .is_empty()
    );
    let again = jobs
        .claim(NOW + LEASE, "other", LEASE, 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!((again.id, again.attempts), (killed.id, 2));
    // The first was only slow, and has no say any more.
    assert!(!jobs.finish(&killed).await.unwrap());
    assert!(!jobs.extend(&killed, NOW + 9 * LEASE).await.unwrap());
    assert!(!jobs.retry(&killed, NOW, "too late").await.unwrap());
    assert!(jobs.extend(&again, NOW + 3 * LEASE).await.unwrap());
    assert!(
        jobs.claim(NOW + 2 * LEASE, "third", LEASE, 1)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(jobs.finish(&again).await.unwrap());
    assert!(jobs.list().await.unwrap().is_empty());
}

db_test!(a_job_asked_for_while_it_runs_runs_once_more_afterwards);
async fn a_job_asked_for_while_it_runs_runs_once_more_afterwards(store: Store) {
    let jobs = store.jobs();
    jobs.enqueue(job("refresh", "1", NOW), NOW).await.unwrap();
    let running = jobs.claim(NOW, "one", LEASE, 1).await.unwrap().remove(0);
    assert!(jobs.enqueue(job("refresh", "1", NOW), NOW).await.unwrap());
    assert!(jobs.claim(NOW, "two", LEASE, 9).await.unwrap().is_empty());
    assert!(jobs.finish(&running).await.unwrap());
    assert_eq!(jobs.claim(NOW, "two", LEASE, 9).await.unwrap().len(), 1);
}

db_test!(a_failed_job_waits_and_remembers_why);
async fn a_failed_job_waits_and_remembers_why(store: Store) {
    let jobs = store.jobs();
    jobs.enqueue(job("refresh", "1", NOW), NOW).await.unwrap();
    let first = jobs.claim(NOW, "one", LEASE, 1).await.unwrap().remove(0);
    assert!(jobs.retry(&first, NOW + 100, "no \0 answer").await.unwrap());
    assert!(
        jobs.claim(NOW + 99, "one", LEASE, 1)
            .await
            .unwrap()
            .is_empty()
    );
    let second = jobs
        .claim(NOW + 100, "one", LEASE, 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(
        (second.attempts, second.last_error.as_deref()),
        (2, Some("no \u{fffd} answer"))
    );

    // Somebody asks for it while it runs, then it fails: one waits, with the count.
    jobs.enqueue(job("refresh", "1", NOW + 50), NOW)
        .await
        .unwrap();
    assert!(jobs.retry(&second, NOW + 500, "again").await.unwrap());
    let all = jobs.list().await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(
        (all[0].running, all[0].run_at, all[0].attempts),
        (false, NOW + 50, 2)
    );
}

fn job(kind: &str, key: &str, run_at: i64) -> NewJob {
    NewJob {
        kind: kind.to_owned(),
        key: key.to_owned(),
        payload: "{}".to_owned(),
        run_at,
    }
}
