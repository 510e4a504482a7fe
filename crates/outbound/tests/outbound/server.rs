//! A small HTTP server for tests: it answers from a function and keeps what it was asked.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use url::Url;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    /// A header field's value, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Ending {
    /// The length is told and the connection stays.
    Whole,
    /// The body is repeated for ever.
    Endless,
    /// More is promised and never comes.
    Silent,
    /// More is promised and the connection ends.
    Cut,
    /// Not even a header comes.
    Mute,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            ending: Ending::Whole,
        }
    }

    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body)
    }

    pub(crate) fn redirect(location: impl AsRef<str>) -> Self {
        Self::new(302, "").header("Location", location.as_ref())
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn endless(mut self) -> Self {
        self.ending = Ending::Endless;
        self
    }

    pub(crate) fn silent(mut self) -> Self {
        self.ending = Ending::Silent;
        self
    }

    pub(crate) fn cut(mut self) -> Self {
        self.ending = Ending::Cut;
        self
    }

    pub(crate) fn mute() -> Self {
        Self {
            ending: Ending::Mute,
            ..Self::ok("")
        }
    }
}

type Answers = dyn Fn(&Asked) -> Reply + Send + Sync;

/// A server on a port of its own, ended when dropped.
pub(crate) struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(answers: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((IpAddr::from([127, 0, 0, 1]), 0))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let answers: Arc<Answers> = Arc::new(answers);
        let task = tokio::spawn({
            let asked = Arc::clone(&asked);
            let connections = Arc::clone(&connections);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    connections.fetch_add(1, Ordering::SeqCst);
                    let asked = Arc::clone(&asked);
                    let answers = Arc::clone(&answers);
                    tokio::spawn(async move {
                        // The client may well go away in the middle: that is what is tested.
                        let _ = serve(stream, &*answers, &asked).await;
                    });
                }
            }
        });
        Self {
            address,
            asked,
            connections,
            task,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The address of a path, by the loopback address.
    pub(crate) fn url(&self, path: &str) -> Url {
        self.url_at("127.0.0.1", path)
    }

    /// The address of a path, by another name for this machine.
    pub(crate) fn url_at(&self, host: &str, path: &str) -> Url {
        Url::parse(&format!("http://{host}:{}{path}", self.port())).unwrap()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, answers: &Answers, asked: &Mutex<Vec<Asked>>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = receive(&mut stream).await? {
        let reply = answers(&request);
        let head = request.method == "HEAD";
        asked.lock().unwrap().push(request);
        send(stream.get_mut(), reply, head).await?;
    }
    Ok(())
}

async fn receive(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Asked>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut parts = line.split_whitespace();
    let method = parts.next().unwrap_or_default().to_owned();
    let path = parts.next().unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = Asked {
        method,
        path,
        headers,
        body: Vec::new(),
    };
    let length = request.header("content-length").map_or(0, |length| {
        length.parse().expect("the client sends a length")
    });
    request.body.resize(length, 0);
    stream.read_exact(&mut request.body).await?;
    Ok(Some(request))
}

async fn send(stream: &mut TcpStream, reply: Reply, head: bool) -> io::Result<()> {
    if reply.ending == Ending::Mute {
        return std::future::pending().await;
    }
    let mut lines = vec![format!("HTTP/1.1 {} Test", reply.status)];
    for (name, value) in &reply.headers {
        lines.push(format!("{name}: {value}"));
    }
    let length = match reply.ending {
        Ending::Whole => Some(reply.body.len()),
        Ending::Silent | Ending::Cut => Some(reply.body.len() + 1000),
        Ending::Endless | Ending::Mute => None,
    };
    if let Some(length) = length
        && !matches!(reply.status, 204 | 304)
    {
        lines.push(format!("Content-Length: {length}"));
    }
    let mut bytes = (lines.join("\r\n") + "\r\n\r\n").into_bytes();
    if head {
        return stream.write_all(&bytes).await;
    }
    bytes.extend_from_slice(&reply.body);
    stream.write_all(&bytes).await?;
    match reply.ending {
        Ending::Whole => Ok(()),
        Ending::Silent | Ending::Mute => std::future::pending().await,
        Ending::Cut => stream.shutdown().await,
        Ending::Endless => loop {
            stream.write_all(&reply.body).await?;
        },
    }
}
