//! As much of an HTTP server as the tests need, with a body that can be held back or cut off.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Ends with its last connection when dropped.
pub(crate) struct HttpServer {
    pub(crate) address: SocketAddr,
    _task: JoinSet<()>,
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) steps: Vec<Step>,
}

pub(crate) enum Step {
    Send(Bytes),
    /// Waits until the gate is opened.
    Hold(Arc<Gate>),
    /// Ends the connection.
    Cut,
}

pub(crate) struct Gate {
    reached: watch::Sender<bool>,
    open: watch::Sender<bool>,
}

impl Gate {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            reached: watch::Sender::new(false),
            open: watch::Sender::new(false),
        })
    }

    pub(crate) async fn reached(&self) {
        let _ = self.reached.subscribe().wait_for(|reached| *reached).await;
    }

    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            steps: vec![Step::Send(body)],
        }
        .length()
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).unwrap();
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    fn length(self) -> Self {
        let length: usize = self
            .steps
            .iter()
            .map(|step| {
                if let Step::Send(bytes) = step {
                    bytes.len()
                } else {
                    0
                }
            })
            .sum();
        self.header("content-length", &length.to_string())
    }
}

impl HttpServer {
    pub(crate) async fn start(
        handler: impl Fn(Request<()>) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let handler = Arc::new(handler);
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let handler = Arc::clone(&handler);
                connections.spawn(async move {
                    let _ = answer(stream, &*handler).await;
                });
            }
        });
        Self {
            address,
            _task: task,
        }
    }
}

async fn answer(
    mut stream: TcpStream,
    handler: &(impl Fn(Request<()>) -> Reply + Sync),
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let mut request = Request::builder()
        .method(first.next().unwrap())
        .uri(first.next().unwrap());
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        request = request.header(name, value);
    }
    let reply = handler(request.body(()).unwrap());
    let mut head = format!("HTTP/1.1 {}\r\nconnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.extend([name.as_str(), ": ", value.to_str().unwrap(), "\r\n"]);
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await?;
    for step in reply.steps {
        match step {
            Step::Send(bytes) => stream.write_all(&bytes).await?,
            Step::Hold(gate) => {
                stream.flush().await?;
                gate.reached.send_replace(true);
                let _ = gate.open.subscribe().wait_for(|open| *open).await;
            }
            Step::Cut => return Ok(()),
        }
    }
    stream.shutdown().await
}
