//! One failure at every step of an install, an uninstall and a shared image.

use api::PlacementState;

use crate::bench::{Bench, unreachable};
use crate::server::Fault;

/// Installs two workspaces of one image, takes them away again, and checks what is left.
async fn walk(bench: &Bench) {
    let image = bench.offer("images.test/tool:1", 1);
    let one = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(one, PlacementState::Ready).await;
    let two = bench
        .server
        .install("images.test/tool:latest", &image.digest);
    bench.server.until_state(two, PlacementState::Ready).await;
    let names = bench.engine.names(&image.digest);
    assert_eq!(names.len(), 3, "{names:?}");
    bench.server.uninstall(one);
    bench.server.until_gone(one).await;
    assert_eq!(bench.server.state_of(two), Some(PlacementState::Ready));
    bench.server.uninstall(two);
    bench.server.until_gone(two).await;
    assert!(bench.engine.names(&image.digest).is_empty());
    assert!(bench.server.state().brought.is_empty());
}

/// How many requests and calls a walk without failures makes.
async fn length() -> (usize, usize) {
    let bench = Bench::started();
    walk(&bench).await;
    (bench.server.requests(), bench.engine.calls().len())
}

#[tokio::test(start_paused = true)]
async fn any_request_may_fail() {
    let (requests, _) = length().await;
    for fault in [Fault::NotSent, Fault::AnswerLost, Fault::Unavailable] {
        for number in 0..requests {
            let mut bench = Bench::new();
            bench.server.fault(number, fault);
            bench.start();
            walk(&bench).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn any_call_of_the_engine_may_fail() {
    let (_, calls) = length().await;
    for is_done in [false, true] {
        for number in 0..calls {
            let mut bench = Bench::new();
            bench.engine.fail_nth(number, is_done, unreachable());
            bench.start();
            walk(&bench).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_fifth_request_and_call_may_fail() {
    for offset in 0..5 {
        let mut bench = Bench::new();
        for number in (offset..2000).step_by(5) {
            bench.server.fault(number, Fault::NotSent);
            bench
                .engine
                .fail_nth(number, number % 2 == 0, unreachable());
        }
        bench.start();
        walk(&bench).await;
    }
}
