//! The read-only side of the distribution protocol, answered from a layout.
//!
//! Knows no web framework and no credentials: whoever wires it in checks who asks, and sends the [`Answer`].

mod range;
mod route;

use std::fs::File;
use std::io;
use std::ops::Range;

use bytes::Bytes;
use http::header::{
    ACCEPT_RANGES, ALLOW, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    IF_RANGE, LINK, RANGE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use model::Digest;

use crate::layout::RepositoryContents;
use crate::{LayoutError, LayoutReader};
use range::Wanted;
use route::{Page, Route};

const DOCKER_CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");
/// Tags on one page where the request does not say.
const PAGE: usize = 1_000;

/// What to send.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The header, `Content-Length` included.
    pub headers: HeaderMap,
    /// The body; empty for HEAD, whatever `Content-Length` says.
    pub body: Body,
}

/// The body of an [`Answer`].
#[derive(Debug)]
pub enum Body {
    /// None.
    Empty,
    /// These bytes.
    Bytes(Bytes),
    /// A part of a file. It is open already, so that removing the image meanwhile does no harm.
    File {
        /// The file.
        file: File,
        /// Which bytes of it.
        range: Range<u64>,
    },
}

/// Answers one request below `/v2/`. Waits for the disk.
pub fn answer(layout: &LayoutReader, method: &Method, uri: &Uri, headers: &HeaderMap) -> Answer {
    let is_head = method == Method::HEAD;
    if !is_head && method != Method::GET {
        let mut answer = problem(
            StatusCode::METHOD_NOT_ALLOWED,
            "UNSUPPORTED",
            "images can only be read here",
        );
        answer.set(ALLOW, "GET, HEAD");
        return answer;
    }
    let mut answer = find(layout, uri, headers, is_head).unwrap_or_else(|error| {
        tracing::error!("An image could not be read: {error}.");
        problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "UNKNOWN",
            "the images cannot be read at the moment",
        )
    });
    if is_head {
        answer.body = Body::Empty;
    }
    answer
}

fn find(
    layout: &LayoutReader,
    uri: &Uri,
    headers: &HeaderMap,
    is_head: bool,
) -> Result<Answer, LayoutError> {
    let unknown_name = || problem(StatusCode::NOT_FOUND, "NAME_UNKNOWN", "no such repository");
    let Some(route) = Route::of(uri) else {
        return Ok(problem(
            StatusCode::NOT_FOUND,
            "UNSUPPORTED",
            "no such address",
        ));
    };
    let contents = layout.contents()?;
    let repository = |name: &str| contents.repositories.get(name);
    Ok(match route {
        Route::Version => json(StatusCode::OK, &serde_json::json!({})),
        Route::Tags { name, page } => match repository(name) {
            None => unknown_name(),
            Some(found) => tags(name, found, &page),
        },
        Route::Manifest { name, reference } => {
            let Some(found) = repository(name) else {
                return Ok(unknown_name());
            };
            let digest = match reference.parse::<Digest>() {
                Ok(digest) => Some(digest),
                Err(_) => found.tags.get(reference).cloned(),
            };
            let manifest = digest.and_then(|digest| {
                let blob = found.blobs.get(&digest)?;
                Some((digest, blob.manifest_type.clone()?))
            });
            let file = match &manifest {
                Some((digest, media_type)) => {
                    let range = if is_head { None } else { headers.get(RANGE) };
                    send(layout, headers, digest, media_type, range)?
                }
                None => None,
            };
            file.unwrap_or_else(|| {
                problem(
                    StatusCode::NOT_FOUND,
                    "MANIFEST_UNKNOWN",
                    "no such manifest",
                )
            })
        }
        Route::Blob { name, digest } => {
            let Some(found) = repository(name) else {
                return Ok(unknown_name());
            };
            let digest = digest
                .parse()
                .ok()
                .filter(|digest| found.blobs.contains_key(digest));
            let file = match &digest {
                Some(digest) => {
                    let range = if is_head { None } else { headers.get(RANGE) };
                    send(layout, headers, digest, "application/octet-stream", range)?
                }
                None => None,
            };
            file.unwrap_or_else(|| problem(StatusCode::NOT_FOUND, "BLOB_UNKNOWN", "no such blob"))
        }
    })
}

/// Sends a blob or the part of it that was asked for; none if it has gone meanwhile.
fn send(
    layout: &LayoutReader,
    headers: &HeaderMap,
    digest: &Digest,
    media_type: &str,
    range: Option<&HeaderValue>,
) -> Result<Option<Answer>, LayoutError> {
    let path = layout.folder().blob(digest);
    let opened = File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (length, file) = match opened {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LayoutError::io(format!("open `{}`", path.display()))(error)),
    };
    let tag = format!("\"{digest}\"");
    let mut answer = Answer::new(StatusCode::OK);
    answer.set(DOCKER_CONTENT_DIGEST, digest.as_str());
    answer.set(ETAG, &tag);
    answer.set(ACCEPT_RANGES, "bytes");
    let names = |value: &HeaderValue| {
        let text = value.to_str().unwrap_or_default();
        text == "*"
            || text
                .split(',')
                .any(|one| one.trim().trim_start_matches("W/") == tag)
    };
    if headers.get(IF_NONE_MATCH).is_some_and(names) {
        answer.status = StatusCode::NOT_MODIFIED;
        return Ok(Some(answer));
    }
    answer.set(CONTENT_TYPE, media_type);
    let range = range.filter(|_| {
        headers
            .get(IF_RANGE)
            .is_none_or(|value| value == tag.as_str())
    });
    let range = match range::wanted(range, length) {
        Wanted::Whole => 0..length,
        Wanted::Part(part) => {
            answer.status = StatusCode::PARTIAL_CONTENT;
            let text = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            answer.set(CONTENT_RANGE, &text);
            part
        }
        Wanted::Nothing => {
            let mut refused = problem(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "SIZE_INVALID",
                "the blob is shorter",
            );
            refused.set(CONTENT_RANGE, &format!("bytes */{length}"));
            return Ok(Some(refused));
        }
    };
    answer.set(CONTENT_LENGTH, &(range.end - range.start).to_string());
    answer.body = Body::File { file, range };
    Ok(Some(answer))
}

fn tags(name: &str, found: &RepositoryContents, page: &Page) -> Answer {
    let after = found.tags.keys().filter(|tag| {
        page.last
            .as_ref()
            .is_none_or(|last| tag.as_str() > last.as_str())
    });
    let count = page.count.unwrap_or(PAGE).min(PAGE);
    let mut listed: Vec<&String> = after.take(count + 1).collect();
    let is_more = listed.len() > count;
    listed.truncate(count);
    let mut answer = json(
        StatusCode::OK,
        &serde_json::json!({"name": name, "tags": listed}),
    );
    if let (true, Some(last)) = (is_more, listed.last()) {
        // A tag needs no escaping: it is letters, digits, `_`, `.` and `-`.
        let next = format!("</v2/{name}/tags/list?n={count}&last={last}>; rel=\"next\"");
        answer.set(LINK, &next);
    }
    answer
}

fn problem(status: StatusCode, code: &str, message: &str) -> Answer {
    json(
        status,
        &serde_json::json!({"errors": [{"code": code, "message": message}]}),
    )
}

fn json(status: StatusCode, value: &serde_json::Value) -> Answer {
    let bytes = Bytes::from(value.to_string());
    let mut answer = Answer::new(status);
    answer.set(CONTENT_TYPE, "application/json");
    answer.set(CONTENT_LENGTH, &bytes.len().to_string());
    answer.body = Body::Bytes(bytes);
    answer
}

impl Answer {
    fn new(status: StatusCode) -> Self {
        let mut answer = Self {
            status,
            headers: HeaderMap::new(),
            body: Body::Empty,
        };
        answer.set(API_VERSION, "registry/2.0");
        answer.set(http::header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        answer
    }

    /// Sets a header. A value that no header can carry (a media type of a stranger) is left out.
    fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }
}
