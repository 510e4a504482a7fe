use std::time::Duration;

use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use model::{Digest, ImageReference};
use outbound::{FetchError, Request, Streaming};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::challenge::Challenge;
use super::token::{Asking, Purpose};
use super::{Credentials, Endpoint, ImageRegistry};
use crate::ImageError;
use crate::document::{Descriptor, MAX_MANIFEST, media_type};

/// For a document whole, body included.
const DOCUMENT_TIME: Duration = Duration::from_secs(30);
/// As much of a refusal is read for its reason.
const MAX_REFUSAL: u64 = 16 * 1024;
const REFUSAL_TIME: Duration = Duration::from_secs(5);
const MAX_REASON: usize = 200;

/// One image's repository on its server, and who asks.
pub(crate) struct Repository<'a> {
    registry: &'a ImageRegistry,
    endpoint: Endpoint,
    purpose: Purpose,
    credentials: Option<&'a Credentials>,
    /// The reference as written, for messages.
    pub(crate) image: &'a str,
}

/// A document with the digest of its bytes.
#[derive(Debug, Clone)]
pub(crate) struct Fetched {
    pub(crate) digest: Digest,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// A blob on its way.
pub(crate) struct OpenBlob {
    pub(crate) streaming: Streaming,
    /// Where in the blob the stream begins; not what was asked for if the server ignored that.
    pub(crate) offset: u64,
}

impl<'a> Repository<'a> {
    pub(crate) fn new(
        registry: &'a ImageRegistry,
        reference: &'a ImageReference,
        credentials: Option<&'a Credentials>,
    ) -> Result<Self, ImageError> {
        let endpoint = Endpoint::of(reference.host(), &registry.options.insecure_hosts)?;
        let purpose = Purpose {
            host: endpoint.host.clone(),
            repository: reference.repository().to_owned(),
            account: credentials.map(Credentials::fingerprint),
        };
        Ok(Self {
            registry,
            endpoint,
            purpose,
            credentials,
            image: reference.as_written(),
        })
    }

    pub(crate) fn host(&self) -> &str {
        &self.endpoint.host
    }

    /// Fetches a manifest or an index by tag or digest.
    pub(crate) async fn manifest(&self, reference: &str) -> Result<Fetched, ImageError> {
        let url = self.endpoint.manifest(&self.purpose.repository, reference);
        self.document(url, MAX_MANIFEST, true).await
    }

    /// Fetches a manifest that a descriptor points to.
    pub(crate) async fn described_manifest(
        &self,
        descriptor: &Descriptor,
    ) -> Result<Fetched, ImageError> {
        if descriptor.size > MAX_MANIFEST {
            return Err(self.unusable("index", "it names a manifest that is too large"));
        }
        let fetched = self.manifest(descriptor.digest.as_str()).await?;
        check(
            "manifest",
            &descriptor.digest,
            Some(descriptor.size),
            &fetched,
        )?;
        Ok(fetched)
    }

    /// Fetches an image's config; the descriptor's size has been limited by whoever read it.
    pub(crate) async fn config(&self, descriptor: &Descriptor) -> Result<Vec<u8>, ImageError> {
        let url = self
            .endpoint
            .blob(&self.purpose.repository, descriptor.digest.as_str());
        match self.document(url, descriptor.size, false).await {
            Ok(fetched) => {
                check(
                    "config",
                    &descriptor.digest,
                    Some(descriptor.size),
                    &fetched,
                )?;
                Ok(fetched.bytes)
            }
            Err(ImageError::Fetch(FetchError::TooLarge { .. })) => {
                Err(too_long("config", &descriptor.digest, descriptor.size))
            }
            Err(error) => Err(error),
        }
    }

    /// Opens a blob from an offset on.
    pub(crate) async fn open_blob(
        &self,
        descriptor: &Descriptor,
        offset: u64,
    ) -> Result<OpenBlob, ImageError> {
        let url = self
            .endpoint
            .blob(&self.purpose.repository, descriptor.digest.as_str());
        let mut request = Request::get(url, self.registry.reach)
            .body_limit(u64::MAX)
            .idle(self.registry.options.idle);
        if offset > 0 {
            request = request.range_from(offset);
        }
        let streaming = self.send(request).await?;
        let offset = match streaming.status {
            StatusCode::PARTIAL_CONTENT => content_range_start(&streaming.headers)
                .filter(|start| *start == offset)
                .ok_or_else(|| self.unusable("range", "it is not the one asked for"))?,
            _ => 0,
        };
        let promised = content_length(&streaming.headers);
        if promised.is_some_and(|length| length > descriptor.size.saturating_sub(offset)) {
            return Err(too_long("layer", &descriptor.digest, descriptor.size));
        }
        Ok(OpenBlob { streaming, offset })
    }

    async fn document(
        &self,
        url: Url,
        limit: u64,
        is_manifest: bool,
    ) -> Result<Fetched, ImageError> {
        let mut request = Request::get(url, self.registry.reach)
            .body_limit(limit)
            .deadline(DOCUMENT_TIME);
        if is_manifest {
            let accept = HeaderValue::from_static(media_type::ACCEPT);
            request = request.header(http::header::ACCEPT, accept);
        }
        let read = async {
            let mut streaming = self.send(request).await?;
            let content_type = streaming
                .headers
                .get(CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned);
            let mut bytes = Vec::new();
            while let Some(chunk) = streaming.chunk().await? {
                bytes.extend_from_slice(&chunk);
            }
            let digest = Digest::from_sha256(&Sha256::digest(&bytes).into());
            Ok(Fetched {
                digest,
                content_type,
                bytes,
            })
        };
        tokio::time::timeout(DOCUMENT_TIME, read)
            .await
            .unwrap_or_else(|_| {
                Err(FetchError::TimedOut {
                    host: self.host().to_owned(),
                    after: DOCUMENT_TIME,
                }
                .into())
            })
    }

    /// Sends a request with what proves us, answering one challenge if there is one.
    async fn send(&self, request: Request) -> Result<Streaming, ImageError> {
        let client = &self.registry.client;
        let tokens = &self.registry.tokens;
        let known = tokens.find(&self.purpose);
        let mut streaming = client.open(request.clone().authorization(known)).await?;
        if streaming.status == StatusCode::UNAUTHORIZED {
            tokens.forget(&self.purpose);
            let asking = Asking {
                client,
                endpoint: &self.endpoint,
                purpose: &self.purpose,
                credentials: self.credentials,
                image: self.image,
                from_public: streaming.from_public,
            };
            let challenge = Challenge::read(&streaming.headers);
            // Read to its end, so that the connection can be used again.
            let _ = reason(streaming).await;
            let proof = asking.answer(challenge, tokens).await?;
            streaming = client.open(request.authorization(Some(proof))).await?;
        }
        match streaming.status {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => Ok(streaming),
            _ => Err(self.refusal(streaming).await),
        }
    }

    async fn refusal(&self, streaming: Streaming) -> ImageError {
        let host = self.endpoint.host.clone();
        let retry_after = streaming.retry_after();
        match streaming.status.as_u16() {
            404 => ImageError::NotFound {
                image: self.image.to_owned(),
                host,
            },
            401 | 403 => {
                self.registry.tokens.forget(&self.purpose);
                let detail = reason(streaming).await.unwrap_or_else(|| {
                    let without = "it does not exist there or needs credentials";
                    let with = "the account may not pull it";
                    if self.credentials.is_some() {
                        with
                    } else {
                        without
                    }
                    .to_owned()
                });
                ImageError::Denied {
                    image: self.image.to_owned(),
                    host,
                    detail,
                }
            }
            429 => ImageError::RateLimited { host, retry_after },
            status => ImageError::Status {
                host,
                status,
                retry_after,
            },
        }
    }

    pub(crate) fn unusable(&self, what: &'static str, detail: impl Into<String>) -> ImageError {
        ImageError::Unusable {
            host: self.endpoint.host.clone(),
            what,
            detail: detail.into(),
        }
    }
}

/// Refuses a document whose bytes are not what was promised.
pub(crate) fn check(
    what: &'static str,
    digest: &Digest,
    size: Option<u64>,
    fetched: &Fetched,
) -> Result<(), ImageError> {
    let length = fetched.bytes.len() as u64;
    let detail = if size.is_some_and(|size| size != length) {
        format!("its length is {length}, not {}", size.unwrap_or_default())
    } else if fetched.digest != *digest {
        format!("its digest is `{}`", fetched.digest)
    } else {
        return Ok(());
    };
    Err(ImageError::DigestMismatch {
        what,
        digest: digest.clone(),
        detail,
    })
}

pub(crate) fn too_long(what: &'static str, digest: &Digest, size: u64) -> ImageError {
    ImageError::DigestMismatch {
        what,
        digest: digest.clone(),
        detail: format!("it is longer than {size} bytes"),
    }
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn content_range_start(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(http::header::CONTENT_RANGE)?.to_str().ok()?;
    text.strip_prefix("bytes ")?
        .split('-')
        .next()?
        .trim()
        .parse()
        .ok()
}

/// What the image registry says in its own words, shortened and without control characters.
async fn reason(streaming: Streaming) -> Option<String> {
    let message = tokio::time::timeout(REFUSAL_TIME, message(streaming));
    message.await.ok().flatten()
}

async fn message(mut streaming: Streaming) -> Option<String> {
    #[derive(Deserialize)]
    struct Answer {
        errors: Vec<Problem>,
    }
    #[derive(Deserialize)]
    struct Problem {
        message: Option<String>,
    }
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = streaming.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > MAX_REFUSAL {
            return None;
        }
    }
    let answer: Answer = serde_json::from_slice(&bytes).ok()?;
    let message = answer
        .errors
        .into_iter()
        .find_map(|problem| problem.message)?;
    let message: String = message
        .chars()
        .filter(|character| !character.is_control())
        .take(MAX_REASON)
        .collect();
    (!message.is_empty()).then_some(message)
}
