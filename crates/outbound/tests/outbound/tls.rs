//! TLS: what is wrong with a connection is told in words.

use std::{
    future::ready,
    io::{self, Read as _, Write as _},
    net::{IpAddr, TcpListener},
    pin::Pin,
    sync::Arc,
    thread,
};

use outbound::{Client, ClientConfig, FetchError, Reach, Request, Resolver, TlsProblem};
use rustls::{
    ServerConfig, ServerConnection, Stream,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use url::Url;

const AUTHORITY: &[u8] = include_bytes!("fixtures/authority.pem");
const GOOD: &[u8] = include_bytes!("fixtures/good.pem");
const EXPIRED: &[u8] = include_bytes!("fixtures/expired.pem");
const KEY: &[u8] = include_bytes!("fixtures/server.key");

/// A lookup that leads every name to this machine.
struct Here;

impl Resolver for Here {
    fn resolve<'a>(
        &'a self,
        _name: &'a str,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>> {
        Box::pin(ready(Ok(vec![IpAddr::from([127, 0, 0, 1])])))
    }
}

/// Serves one connection with a certificate.
fn serve_once(certificate: &[u8]) -> u16 {
    outbound::install_crypto_provider();
    let certificate = CertificateDer::from_pem_slice(certificate).unwrap();
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || -> io::Result<()> {
        let (mut socket, _) = listener.accept()?;
        let mut connection = ServerConnection::new(Arc::new(config)).map_err(io::Error::other)?;
        let mut stream = Stream::new(&mut connection, &mut socket);
        let mut buffer = [0; 4096];
        if stream.read(&mut buffer)? > 0 {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecure")?;
        }
        Ok(())
    });
    port
}

async fn fetch(host: &str, port: u16, trusted: bool) -> Result<String, TlsProblem> {
    outbound::install_crypto_provider();
    let client = Client::new(ClientConfig {
        extra_roots: trusted.then(|| AUTHORITY.to_vec()).into_iter().collect(),
        resolver: Arc::new(Here),
        ..ClientConfig::default()
    })
    .unwrap();
    let url = Url::parse(&format!("https://{host}:{port}/")).unwrap();
    match client.fetch(Request::get(url, Reach::Typed)).await {
        Ok(fetched) => Ok(String::from_utf8(fetched.body.to_vec()).unwrap()),
        Err(FetchError::Tls { problem, .. }) => Err(problem),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_further_authority_is_trusted_when_it_is_named() {
    let answer = fetch("registry.test", serve_once(GOOD), true).await;
    assert_eq!(answer.as_deref(), Ok("secure"));
    let answer = fetch("registry.test", serve_once(GOOD), false).await;
    assert_eq!(answer, Err(TlsProblem::UnknownIssuer));
}

#[tokio::test]
async fn a_certificate_for_another_name_or_time_is_told() {
    let answer = fetch("other.test", serve_once(GOOD), true).await;
    assert_eq!(answer, Err(TlsProblem::WrongName));
    let answer = fetch("registry.test", serve_once(EXPIRED), true).await;
    assert_eq!(answer, Err(TlsProblem::Expired));
}

#[tokio::test]
async fn plain_http_on_the_port_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || -> io::Result<()> {
        let (mut socket, _) = listener.accept()?;
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")?;
        // Reading on keeps the connection, so that the answer arrives before its end.
        io::copy(&mut socket, &mut io::sink()).map(drop)
    });
    let answer = fetch("registry.test", port, true).await;
    assert_eq!(answer, Err(TlsProblem::NotTls));
}

#[test]
fn an_unreadable_certificate_is_an_error() {
    outbound::install_crypto_provider();
    let config = ClientConfig {
        extra_roots: vec![
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec(),
        ],
        ..ClientConfig::default()
    };
    assert!(Client::new(config).is_err());
}
