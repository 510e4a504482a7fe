use std::time::Duration;

use bollard::errors::Error;
use bollard::{API_DEFAULT_VERSION, BollardRequest, ClientVersion, Docker};
use tokio::time::timeout;

use super::{DockerAddress, cause};
use crate::{Cause, EngineError};

/// How long the engine may take to say its version.
const GREETING: Duration = Duration::from_secs(5);

/// How long any answer may take to begin, a pull's included: the engine first asks the image
/// registry, and says nothing until that answered.
const ANSWER_SECONDS: u64 = 300;

/// Connects and agrees on an API version.
///
/// Done for every piece of work: the engine may have been replaced by an older or newer one since
/// the last, and costs one short request on a local socket.
pub(super) async fn connect(address: &DockerAddress) -> Result<Docker, EngineError> {
    if address.is_absent() {
        return Err(EngineError::unreachable(format!(
            "there is nothing at {address}"
        )));
    }
    let connected = match address {
        DockerAddress::Socket(path) => {
            Docker::connect_with_unix(path, ANSWER_SECONDS, API_DEFAULT_VERSION)
        }
        DockerAddress::Tcp(address) => {
            Docker::connect_with_http(address, ANSWER_SECONDS, API_DEFAULT_VERSION)
        }
    };
    let docker = connected.map_err(|error| EngineError::unreachable(describe(&error)))?;
    match timeout(GREETING, docker.negotiate_version()).await {
        Ok(Ok(docker)) => {
            let version = docker.client_version();
            Ok(docker.with_request_modifier(move |request| speak(request, &version)))
        }
        Ok(Err(error)) => Err(EngineError::unreachable(describe(&error))),
        Err(_) => Err(EngineError::unreachable(format!(
            "nothing came from {address} within {} seconds",
            GREETING.as_secs()
        ))),
    }
}

/// Puts the version into the path: the client agrees on one but leaves it out, and then an engine
/// takes its own newest, whose answers may be ones that the client does not know.
fn speak(mut request: BollardRequest, version: &ClientVersion) -> BollardRequest {
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = parts.path_and_query.and_then(|path| {
        format!(
            "/v{}.{}{path}",
            version.major_version, version.minor_version
        )
        .parse()
        .ok()
    });
    if let Ok(uri) = parts.try_into() {
        *request.uri_mut() = uri;
    }
    request
}

/// Gives an answer a time to arrive in.
pub(super) async fn within<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    timeout(limit, answer)
        .await
        .unwrap_or(Err(Error::RequestTimeoutError))
}

/// The status of an answer that the engine gave, where it gave one.
pub(super) fn status(error: &Error) -> Option<u16> {
    match error {
        Error::DockerResponseServerError { status_code, .. } => Some(*status_code),
        _ => None,
    }
}

/// What an error of the client means to us.
pub(super) fn classify(error: &Error) -> EngineError {
    match error {
        Error::DockerStreamError { error } => EngineError::new(cause::cause_of(error), error),
        Error::DockerResponseServerError { message, .. } => {
            EngineError::new(cause::cause_of(message), message)
        }
        Error::RequestTimeoutError => EngineError::unreachable("it did not answer in time"),
        Error::SocketNotFoundError(_)
        | Error::IOError { .. }
        | Error::HyperResponseError { .. }
        | Error::HyperLegacyError { .. } => EngineError::unreachable(describe(error)),
        other => EngineError::new(
            Cause::Other,
            format!("the engine's answer was not understood: {other}"),
        ),
    }
}

/// The innermost words of an error: the outer ones only name layers of the client.
fn describe(error: &Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
