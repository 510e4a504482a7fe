use std::sync::{Arc, Mutex};

use engine::{DockerAddress, DockerEngine, Engine};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, UnixListener};

type Asked = Arc<Mutex<Vec<String>>>;

/// Answers one request as an engine that speaks an older version of the API and refuses newer ones.
async fn answer(stream: impl AsyncRead + AsyncWrite + Unpin, asked: Asked) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    let path = line.split(' ').nth(1).unwrap().to_owned();
    while line != "\r\n" {
        line.clear();
        stream.read_line(&mut line).await.unwrap();
    }
    let body = match path.as_str() {
        "/version" => r#"{"Version":"20.10.24","ApiVersion":"1.41"}"#,
        "/v1.41/info" => r#"{"ServerVersion":"20.10.24","Architecture":"aarch64"}"#,
        _ => r#"{"message":"client version is too new"}"#,
    };
    let status = if body.contains("message") {
        "400 Bad Request"
    } else {
        "200 OK"
    };
    asked.lock().unwrap().push(path);
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await.unwrap();
}

async fn check(address: DockerAddress, asked: &Asked) {
    let info = DockerEngine::new(address).info().await.unwrap();
    assert_eq!(info.version, "20.10.24");
    assert_eq!(info.architecture, "arm64");
    assert_eq!(*asked.lock().unwrap(), ["/version", "/v1.41/info"]);
}

#[tokio::test]
async fn the_version_of_an_older_engine_is_spoken_on_a_socket() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("docker.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let asked = Asked::default();
    let shared = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            answer(stream, Arc::clone(&shared)).await;
        }
    });
    let address = DockerAddress::Socket(socket.to_string_lossy().into_owned());
    check(address, &asked).await;
}

#[tokio::test]
async fn the_version_of_an_older_engine_is_spoken_over_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    let asked = Asked::default();
    let shared = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            answer(stream, Arc::clone(&shared)).await;
        }
    });
    check(address.parse().unwrap(), &asked).await;
}
