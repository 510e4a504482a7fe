//! Names: the guard holds for the address connected to, whatever a name answers and when.

use std::{
    collections::HashMap,
    future::ready,
    io,
    net::IpAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::server::{Reply, Server};
use outbound::{Client, ClientConfig, FetchError, ProxyConfig, Reach, Refusal, Request, Resolver};

const PUBLIC_SOURCE: Reach = Reach::Supplied { from_public: true };
const PRIVATE_SOURCE: Reach = Reach::Supplied { from_public: false };

/// A lookup with fixed answers; of several answers for a name each is given once, the last for ever.
struct Names {
    answers: HashMap<&'static str, Vec<Vec<IpAddr>>>,
    asked: AtomicUsize,
}

impl Names {
    fn new(answers: &[(&'static str, &[&[&str]])]) -> Arc<Self> {
        let parse = |address: &&str| address.parse().unwrap();
        Arc::new(Self {
            answers: answers
                .iter()
                .map(|(name, turns)| {
                    let turns = turns.iter().map(|turn| turn.iter().map(parse).collect());
                    (*name, turns.collect())
                })
                .collect(),
            asked: AtomicUsize::new(0),
        })
    }
}

impl Resolver for Names {
    fn resolve<'a>(
        &'a self,
        name: &'a str,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>> {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self
            .answers
            .get(name)
            .map(|turns| turns[turn.min(turns.len() - 1)].clone())
            .ok_or_else(|| io::Error::other("no such name"));
        Box::pin(ready(answer))
    }
}

fn client(resolver: Arc<Names>, change: impl FnOnce(&mut ClientConfig)) -> Client {
    outbound::install_crypto_provider();
    let mut config = ClientConfig {
        resolver,
        ..ClientConfig::default()
    };
    change(&mut config);
    Client::new(config).unwrap()
}

async fn refusal(client: &Client, url: url::Url, reach: Reach) -> Option<Refusal> {
    match client.fetch(Request::get(url, reach)).await {
        Ok(_) => None,
        Err(FetchError::Address { refusal, .. }) => Some(refusal),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_to_public_sources_only() {
    let server = Server::start(|_| Reply::ok("inside")).await;
    let names = Names::new(&[("inside.example", &[&["127.0.0.1"]])]);
    let client = client(names, |_| {});
    let url = server.url_at("inside.example", "/");
    let refused = refusal(&client, url.clone(), PUBLIC_SOURCE).await;
    assert!(matches!(refused, Some(Refusal::Inside(_))));
    assert_eq!(refusal(&client, url.clone(), Reach::Typed).await, None);
    assert_eq!(refusal(&client, url.clone(), PRIVATE_SOURCE).await, None);
    // The connection that the wider rule left open is not used for the narrower one.
    let refused = refusal(&client, url, PUBLIC_SOURCE).await;
    assert!(matches!(refused, Some(Refusal::Inside(_))));
}

#[tokio::test]
async fn rebinding_between_two_requests_gains_nothing() {
    let server = Server::start(|_| Reply::ok("inside")).await;
    // The first answer is what a check would have seen; the second is where it would have led.
    let names = Names::new(&[("rebind.example", &[&["192.0.2.1"], &["127.0.0.1"]])]);
    let client = client(names, |config| {
        config.allowed = vec!["192.0.2.0/24".parse().unwrap()];
        config.connect_timeout = std::time::Duration::from_millis(50);
    });
    let url = server.url_at("rebind.example", "/");
    let first = client
        .fetch(Request::get(url.clone(), PUBLIC_SOURCE))
        .await
        .unwrap_err();
    assert!(!matches!(first, FetchError::Address { .. }), "{first}");
    let second = refusal(&client, url, PUBLIC_SOURCE).await;
    assert!(matches!(second, Some(Refusal::Inside(_))));
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn of_mixed_answers_only_what_passes_is_connected() {
    let server = Server::start(|_| Reply::ok("inside")).await;
    let names = Names::new(&[("mixed.example", &[&["169.254.169.254", "127.0.0.1"]])]);
    let client = client(names, |_| {});
    let url = server.url_at("mixed.example", "/");
    assert_eq!(refusal(&client, url, Reach::Typed).await, None);
}

#[tokio::test]
async fn a_name_for_metadata_is_refused_to_everyone() {
    let names = Names::new(&[
        ("metadata.google.internal", &[&["169.254.169.254"]]),
        ("v6.example", &[&["fd00:ec2::254", "fe80::1"]]),
    ]);
    let client = client(names, |config| {
        config.allow_private_networks = true;
        config.allowed = vec!["metadata.google.internal".parse().unwrap()];
    });
    for url in ["http://metadata.google.internal/", "http://v6.example/"] {
        let refused = refusal(&client, url.parse().unwrap(), Reach::Typed).await;
        assert!(matches!(refused, Some(Refusal::Never(_))), "{url}");
    }
}

#[tokio::test]
async fn allowed_hosts_and_networks_are_reached_from_public_sources() {
    let server = Server::start(|_| Reply::ok("inside")).await;
    let names = || Names::new(&[("nas.example", &[&["127.0.0.1"]])]);
    let url = server.url_at("nas.example", "/");
    for allowed in ["nas.example", "127.0.0.0/8"] {
        let client = client(names(), |config| {
            config.allowed = vec![allowed.parse().unwrap()];
        });
        let refused = refusal(&client, url.clone(), PUBLIC_SOURCE).await;
        assert_eq!(refused, None, "{allowed}");
    }
    let client = client(names(), |config| config.allow_private_networks = true);
    assert_eq!(refusal(&client, url, PUBLIC_SOURCE).await, None);
}

#[tokio::test]
async fn a_name_that_is_not_there_is_told() {
    let names = Names::new(&[("empty.example", &[&[]])]);
    let client = client(names, |_| {});
    for host in ["nowhere.example", "empty.example"] {
        let url = format!("http://{host}/").parse().unwrap();
        let error = client
            .fetch(Request::get(url, Reach::Typed))
            .await
            .unwrap_err();
        assert!(matches!(error, FetchError::NameNotResolved { .. }));
        assert_eq!(
            error.to_string(),
            format!("the name `{host}` does not resolve")
        );
    }
}

#[tokio::test]
async fn a_proxy_carries_names_but_no_inside_addresses() {
    let proxy = Server::start(|asked| Reply::ok(asked.path.clone())).await;
    let direct = Server::start(|_| Reply::ok("direct")).await;
    let names = Names::new(&[
        ("proxy.example", &[&["127.0.0.1"]]),
        ("app.direct.example", &[&["127.0.0.1"]]),
    ]);
    let client = client(names, |config| {
        config.proxy = Some(ProxyConfig {
            url: proxy.url_at("proxy.example", "/"),
            bypass: vec!["direct.example".to_owned()],
        });
    });

    let named = Request::get(
        "http://registry.example/1.1".parse().unwrap(),
        PUBLIC_SOURCE,
    );
    let fetched = client.fetch(named).await.unwrap();
    assert_eq!(fetched.body, "http://registry.example/1.1");
    assert!(fetched.from_public);

    for url in ["http://10.0.0.1/", "http://127.0.0.1/", "http://[fd00::1]/"] {
        let refused = refusal(&client, url.parse().unwrap(), PUBLIC_SOURCE).await;
        assert!(matches!(refused, Some(Refusal::Inside(_))), "{url}");
    }
    let metadata = "http://169.254.169.254/".parse().unwrap();
    assert!(refusal(&client, metadata, Reach::Typed).await.is_some());

    for host in ["127.0.0.1", "app.direct.example"] {
        let request = Request::get(direct.url_at(host, "/"), Reach::Typed);
        assert_eq!(
            client.fetch(request).await.unwrap().body,
            "direct",
            "{host}"
        );
    }
}
