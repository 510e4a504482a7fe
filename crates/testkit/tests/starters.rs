//! The services that tests stand on start, work and end.

use std::process::Command;

use testkit::{Footprint, Process, wait_until};

#[tokio::test]
async fn a_process_ends_with_all_that_it_started() {
    let footprint = Footprint::new();
    let mut command = Command::new("/bin/sh");
    // One of the two detaches itself as daemons do.
    command.args(["-c", "setsid sleep 600 & sleep 600 & echo started; wait"]);
    footprint.follow(&mut command);
    let mut process = Process::start("sleepers", command);
    process
        .find_line("a word", |line| (line == "started").then_some(()))
        .await;
    wait_until("two sleepers", async || footprint.processes().len() == 3).await;

    drop(process);

    footprint.assert_clean().await;
}

#[tokio::test]
async fn a_process_ends_when_the_test_is_killed() {
    let footprint = Footprint::new();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "victim", "--nocapture"])
        .env("QUAYSIDE_TEST_VICTIM", "yes");
    footprint.follow(&mut command);
    let mut victim = command.spawn().unwrap();
    let sleeps = || {
        footprint
            .processes()
            .iter()
            .any(|line| line.starts_with("sleep"))
    };
    wait_until("the victim's process", async || sleeps()).await;

    victim.kill().unwrap();
    victim.wait().unwrap();

    footprint.assert_clean().await;
}

/// Starts a process and waits for its own end; does nothing where nobody asks it to.
#[tokio::test]
async fn victim() {
    if std::env::var_os("QUAYSIDE_TEST_VICTIM").is_none() {
        return;
    }
    let mut command = Command::new("sleep");
    command.arg("600");
    let mut process = Process::start("sleeper", command);
    process.wait().await;
}

mod gate {
    use bytes::Bytes;
    use http::{Method, StatusCode};
    use testkit::{GatedRegistry, HttpServer, Reply, TestClient};
    use url::Url;

    async fn upstream() -> HttpServer {
        HttpServer::start(|_| {
            Box::pin(async { Reply::new(StatusCode::OK, Bytes::from(vec![7; 100_000])) })
        })
        .await
    }

    #[tokio::test]
    async fn holds_an_answer_at_a_byte_until_it_is_released() {
        let upstream = upstream().await;
        let gate = GatedRegistry::start(&upstream.address()).await;
        let hold = gate.hold("/held", 1_000);
        let client = TestClient::new(&Url::parse(&format!("http://{}", gate.address())).unwrap());
        let mut answer = client.open("/held").await;
        hold.reached().await;
        let mut received = 0;
        while received < 1_000 {
            received += answer.chunk().await.unwrap().unwrap().len();
        }
        assert_eq!(received, 1_000);
        assert_eq!(gate.fetches()[0].bytes, 1_000);
        hold.release();
        while let Some(chunk) = answer.chunk().await.unwrap() {
            received += chunk.len();
        }
        assert_eq!(received, 100_000);
    }

    #[tokio::test]
    async fn cuts_one_answer_and_fails_others() {
        let upstream = upstream().await;
        let gate = GatedRegistry::start(&upstream.address()).await;
        gate.cut("/cut", 500);
        gate.fail("/failing", StatusCode::SERVICE_UNAVAILABLE);
        let client = TestClient::new(&Url::parse(&format!("http://{}", gate.address())).unwrap());
        let mut answer = client.open("/cut").await;
        while let Ok(Some(_)) = answer.chunk().await {}
        assert_eq!(gate.fetches()[0].bytes, 500);
        assert_eq!(client.get("/cut").await.body.len(), 100_000);
        let failing = client.send(Method::GET, "/failing", None).await;
        assert_eq!(failing.status, StatusCode::SERVICE_UNAVAILABLE);
        gate.heal();
        assert_eq!(client.get("/failing").await.status, StatusCode::OK);
    }
}

mod site {
    use http::{StatusCode, header};
    use testkit::{SiteMode, TestClient, TestRegistry, TestSite};
    use url::Url;

    #[tokio::test]
    async fn serves_a_registry_and_every_way_to_fail() {
        let site = TestSite::files(TestRegistry::numbered("Many", 20).files()).await;
        let client = TestClient::new(&Url::parse(&site.url()).unwrap());
        let list = client.get("/1.1/list.json").await.expect(StatusCode::OK);
        assert_eq!(list.json()["workspacecount"], 20);
        let tag = list.header(header::ETAG).unwrap();
        let again = client.clone().with(header::IF_NONE_MATCH, tag);
        let again = again.get("/1.1/list.json").await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        site.behave(SiteMode::Failing(StatusCode::BAD_GATEWAY));
        assert_eq!(
            client.get("/versions.txt").await.status,
            StatusCode::BAD_GATEWAY
        );
        site.behave(SiteMode::Closed);
        assert!(!client.is_up("/versions.txt").await);
        assert_eq!(site.asked().len(), 4);
    }
}

mod services {
    use http::{StatusCode, header};
    use testkit::{
        Browser, Footprint, ImagePlan, TestClient, TestDatabase, TestDocker, TestImageRegistry,
        TestRegistry, TestSite,
    };
    use url::Url;

    #[tokio::test]
    async fn an_engine_pulls_from_an_image_registry_and_keeps_it_over_a_kill() {
        let images = TestImageRegistry::start().await;
        let image = ImagePlan::new(1, &[200_000, 50_000]).build();
        let reference = images.push("harbour/notes", "1.0", &image).await;
        let mut docker = TestDocker::start().await;
        docker.docker(&["pull", "--quiet", &reference]);
        docker.kill();
        docker.restart().await;
        assert_eq!(docker.images().len(), 1, "{:?}", docker.images());
    }

    #[tokio::test]
    async fn an_image_registry_asks_for_its_password() {
        let images = TestImageRegistry::start_with_password().await;
        images
            .push("secret", "1.0", &ImagePlan::new(2, &[1_000]).build())
            .await;
        let client = TestClient::new(&Url::parse(&format!("http://{}", images.address())).unwrap());
        let refused = client.get("/v2/secret/manifests/1.0").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(
            refused
                .header(header::WWW_AUTHENTICATE)
                .unwrap()
                .starts_with("Basic")
        );
    }

    #[test]
    fn a_test_has_a_database_of_its_own() {
        let one = TestDatabase::create();
        let two = TestDatabase::create();
        assert_ne!(one.url(), two.url());
    }

    #[tokio::test]
    async fn a_browser_tells_the_errors_of_a_page_and_leaves_nothing() {
        let footprint = Footprint::new();
        let site = TestSite::files(TestRegistry::numbered("One", 1).files()).await;
        let browser = Browser::start(800, 600).await;
        browser
            .driver()
            .goto(format!("{}missing", site.url()))
            .await
            .unwrap();
        let errors = browser.console_errors().await;
        assert!(
            errors.iter().any(|error| error.contains("404")),
            "{errors:?}"
        );
        let picture = footprint.temporary().join("page.png");
        browser.screenshot(&picture).await;
        assert!(std::fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
        browser.quit().await;
    }
}
