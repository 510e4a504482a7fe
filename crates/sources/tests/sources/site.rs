//! A published registry as a table of paths.

use std::collections::HashMap;

use outbound::{Client, ClientConfig};
use sources::{
    ReadFailure, ReadOutcome, ReadRequest, RegistryAddress, RegistryCopy, RegistryReader,
    StepReport,
};

use crate::server::{Reply, Server};

/// A registry with these files; all else is missing.
pub(crate) async fn site<const N: usize>(files: [(&'static str, Reply); N]) -> Server {
    let files: HashMap<&str, Reply> = files.into_iter().collect();
    Server::start(move |asked| {
        files
            .get(asked.path.as_str())
            .cloned()
            .unwrap_or_else(|| Reply::new(404, "<html>not found</html>"))
    })
    .await
}

/// A list in the form 1.0 with workspaces of these names.
pub(crate) fn list(names: &[&str]) -> Reply {
    let workspaces: Vec<String> = names.iter().map(|name| workspace(name)).collect();
    Reply::ok(format!(
        r#"{{"name":"Test","workspacecount":{},"workspaces":[{}]}}"#,
        names.len(),
        workspaces.join(",")
    ))
}

pub(crate) fn workspace(name: &str) -> String {
    format!(
        r#"{{"friendly_name":"{name}","name":"example/{name}:1","description":"d","image_src":"{name}.png","architecture":["amd64"],"compatibility":["1.14.x"],"uncompressed_size_mb":5}}"#
    )
}

pub(crate) fn client() -> Client {
    outbound::install_crypto_provider();
    Client::new(ClientConfig::default()).unwrap()
}

pub(crate) fn request(server: &Server, path: &str) -> ReadRequest {
    ReadRequest::new(RegistryAddress::parse(server.url(path).as_str()).unwrap())
}

/// Reads a registry and keeps what was told on the way.
pub(crate) async fn read_with(
    client: Client,
    request: &ReadRequest,
) -> (Result<ReadOutcome, ReadFailure>, Vec<StepReport>) {
    let mut steps = Vec::new();
    let result = RegistryReader::new(client)
        .read(request, &mut |step| steps.push(step))
        .await;
    (result, steps)
}

pub(crate) async fn read(
    request: &ReadRequest,
) -> (Result<ReadOutcome, ReadFailure>, Vec<StepReport>) {
    read_with(client(), request).await
}

/// Reads a registry that can be read.
pub(crate) async fn read_copy(request: &ReadRequest) -> RegistryCopy {
    match read(request).await.0.unwrap() {
        ReadOutcome::Read(copy) => *copy,
        ReadOutcome::NotModified => panic!("nothing was read before"),
    }
}

pub(crate) fn names(copy: &RegistryCopy) -> Vec<&str> {
    copy.list
        .entries
        .iter()
        .map(|entry| entry.definition.friendly_name.as_str())
        .collect()
}
