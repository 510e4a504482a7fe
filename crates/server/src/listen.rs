use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tokio_util::sync::CancellationToken;

/// How long a client may take over its request's header.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);

/// How long requests under way may take after the end was asked for.
const GRACE: Duration = Duration::from_secs(5);

/// A bound address, before anything is served.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    address: SocketAddr,
}

/// Certificate and key, PEM.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate chain.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

impl Listener {
    /// Binds; port 0 takes a free one.
    pub fn bind(address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// The address bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown`, then lets requests under way end.
    pub async fn serve(
        self,
        router: Router,
        tls: Option<Tls>,
        shutdown: CancellationToken,
    ) -> std::io::Result<()> {
        let handle = Handle::new();
        let ending = handle.clone();
        tokio::spawn(async move {
            shutdown.cancelled().await;
            ending.graceful_shutdown(Some(GRACE));
        });
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        match tls {
            None => {
                let mut server = axum_server::from_tcp(self.listener)?.handle(handle);
                set_timeouts(server.http_builder());
                server.serve(service).await
            }
            Some(tls) => {
                let config = RustlsConfig::from_pem_chain_file(tls.certificate, tls.key).await?;
                let mut server =
                    axum_server::from_tcp_rustls(self.listener, config)?.handle(handle);
                set_timeouts(server.http_builder());
                server.serve(service).await
            }
        }
    }
}

fn set_timeouts(
    builder: &mut hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>,
) {
    builder
        .http1()
        .timer(hyper_util::rt::TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT);
}
