use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As HTTP wants it.
    Whole,
    /// More is promised, and the connection ends.
    Cut,
    /// More is promised and never comes.
    Stalled,
    /// The connection ends before anything is said.
    Closed,
}

/// One answer.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The header fields, but for the length.
    pub headers: HeaderMap,
    /// How it ends.
    pub ending: Ending,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Whole(Bytes),
    Pieces {
        length: Option<u64>,
        pieces: mpsc::Receiver<Bytes>,
    },
}

impl Reply {
    /// An answer with a body.
    pub fn new(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            ending: Ending::Whole,
            body: Body::Whole(body.into()),
        }
    }

    /// An answer whose body comes bit by bit; where fewer bytes come than `length` says, the connection ends.
    pub fn pieces(status: StatusCode, length: Option<u64>, pieces: mpsc::Receiver<Bytes>) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            ending: Ending::Whole,
            body: Body::Pieces { length, pieces },
        }
    }

    /// Adds a header field.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("tests write header values that are some");
        self.headers.append(name, value);
        self
    }

    /// Changes how it ends.
    #[must_use]
    pub fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }
}

type Answers = dyn Fn(Received) -> BoxFuture<'static, Reply> + Send + Sync;

/// A small HTTP server on a port of its own, which ends with all its connections when it is dropped.
pub struct HttpServer {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl HttpServer {
    /// Starts a server that answers from a function.
    pub async fn start(
        answers: impl Fn(Received) -> BoxFuture<'static, Reply> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let answers: Arc<Answers> = Arc::new(answers);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let answers = Arc::clone(&answers);
                connections.spawn(async move {
                    // Clients may go away at any time: that is what many tests are about.
                    let _ = serve(stream, &*answers).await;
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Self { address, task }
    }

    /// Host and port.
    pub fn address(&self) -> String {
        self.address.to_string()
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, answers: &Answers) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(received) = receive(&mut stream).await? {
        let head = received.method == Method::HEAD;
        let reply = answers(received).await;
        if !send(stream.get_mut(), reply, head).await? {
            break;
        }
    }
    Ok(())
}

async fn receive(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Received>> {
    let malformed = || io::Error::from(io::ErrorKind::InvalidData);
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut parts = line.split_whitespace();
    let method = parts
        .next()
        .and_then(|method| method.parse().ok())
        .ok_or_else(malformed)?;
    let path = parts.next().ok_or_else(malformed)?.to_owned();
    let mut headers = HeaderMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let name: HeaderName = name.parse().map_err(|_| malformed())?;
        headers.append(
            name,
            HeaderValue::from_str(value.trim()).map_err(|_| malformed())?,
        );
    }
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some(Received {
        method,
        path,
        headers,
        body: body.into(),
    }))
}

/// Tells whether the connection can be used again.
async fn send(stream: &mut TcpStream, mut reply: Reply, head: bool) -> io::Result<bool> {
    if reply.ending == Ending::Closed {
        return Ok(false);
    }
    let more = if reply.ending == Ending::Whole {
        0
    } else {
        1_000
    };
    let length = match &reply.body {
        Body::Whole(bytes) => Some(bytes.len() as u64 + more),
        Body::Pieces { length, .. } => *length,
    };
    let bodiless =
        reply.status == StatusCode::NO_CONTENT || reply.status == StatusCode::NOT_MODIFIED;
    if let Some(length) = length
        && !bodiless
        && !reply.headers.contains_key(header::CONTENT_LENGTH)
    {
        reply.headers.insert(header::CONTENT_LENGTH, length.into());
    }
    let reusable = length.is_some() || bodiless;
    let mut text = format!("HTTP/1.1 {} Test\r\n", reply.status.as_u16()).into_bytes();
    for (name, value) in &reply.headers {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(if reusable {
        b"\r\n"
    } else {
        b"connection: close\r\n\r\n"
    });
    stream.write_all(&text).await?;
    if head || bodiless {
        return Ok(true);
    }
    let mut sent = 0;
    match reply.body {
        Body::Whole(bytes) => {
            stream.write_all(&bytes).await?;
            sent = bytes.len() as u64;
        }
        Body::Pieces { mut pieces, .. } => {
            while let Some(piece) = pieces.recv().await {
                stream.write_all(&piece).await?;
                sent += piece.len() as u64;
            }
        }
    }
    match reply.ending {
        Ending::Stalled => std::future::pending().await,
        Ending::Cut | Ending::Closed => Ok(false),
        Ending::Whole => Ok(length == Some(sent)),
    }
}
