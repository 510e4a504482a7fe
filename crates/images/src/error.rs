use std::io;
use std::time::Duration;

use model::{ByteSize, Digest};
use outbound::FetchError;

/// What went wrong with an image, in the classes that a person can act upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageCause {
    /// The image registry does not know the image, the tag or the digest.
    NotFound,
    /// The image registry wants other credentials, or any at all.
    Denied,
    /// The image registry answers too many requests with a refusal.
    RateLimited,
    /// The name of the image registry has no address.
    NameNotResolved,
    /// The image registry did not answer in time.
    TimedOut,
    /// The image is not made for the architecture.
    WrongArchitecture,
    /// The disk has no room for the image.
    NoSpace,
    /// Content differs from its digest or its size.
    DigestMismatch,
    /// The address guard refuses the address.
    RefusedByPolicy,
    /// Anything else; the text says what.
    Other,
}

/// Why an image could not be resolved, pulled or read.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The image registry does not know the image; normal for a mistyped reference.
    #[error("`{image}` was not found in {host}")]
    NotFound {
        /// The image or the blob, as asked for.
        image: String,
        /// The image registry.
        host: String,
    },
    /// The image registry refuses access.
    #[error("{host} denies access to `{image}`: {detail}")]
    Denied {
        /// The image or the blob, as asked for.
        image: String,
        /// The image registry.
        host: String,
        /// What it said, or what was missing.
        detail: String,
    },
    /// The image registry has had enough of us for now.
    #[error("{host} limits how often it may be asked{}", after(*retry_after))]
    RateLimited {
        /// The image registry.
        host: String,
        /// When it may be asked again, if it said so.
        retry_after: Option<Duration>,
    },
    /// The image registry is overloaded or broken.
    #[error("{host} answered with status {status}{}", after(*retry_after))]
    Status {
        /// The image registry.
        host: String,
        /// The status of its answer.
        status: u16,
        /// When it may be asked again, if it said so.
        retry_after: Option<Duration>,
    },
    /// The request did not come to an answer; the source names the host.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The image is for other platforms.
    #[error("`{image}` is not available for {wanted}, only for {}", list(offered))]
    WrongArchitecture {
        /// The image, as asked for.
        image: String,
        /// The platform wanted, such as `linux/arm64`.
        wanted: String,
        /// The platforms there are.
        offered: Vec<String>,
    },
    /// The layers would not fit on the disk; nothing was fetched.
    #[error("the image needs {} more, but only {} are free", ByteSize(*needed), ByteSize(*free))]
    NoSpace {
        /// Bytes missing on disk.
        needed: u64,
        /// Bytes free on disk.
        free: u64,
    },
    /// Content is not what its digest and its size promise.
    #[error("{what} `{digest}` is damaged or forged: {detail}")]
    DigestMismatch {
        /// `manifest`, `config` or `layer`.
        what: &'static str,
        /// The digest promised.
        digest: Digest,
        /// What differs.
        detail: String,
    },
    /// The image registry leads to an address that may not be used.
    #[error("{host} is refused: {detail}")]
    RefusedByPolicy {
        /// The host refused.
        host: String,
        /// Which rule it breaks.
        detail: String,
    },
    /// The image registry sent a document that cannot be used.
    #[error("{host} sent an unusable {what}: {detail}")]
    Unusable {
        /// The image registry.
        host: String,
        /// Which document.
        what: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// The transfer broke too often; what came is kept for the next attempt.
    #[error("the transfer of layer `{digest}` broke off {attempts} times without progress")]
    Broken {
        /// The layer.
        digest: Digest,
        /// How often it was tried.
        attempts: u32,
        /// Why the last attempt ended.
        #[source]
        source: Box<ImageError>,
    },
    /// Somebody cancelled the pull; normal.
    #[error("cancelled")]
    Cancelled,
    /// The folder of images cannot be used.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// Why the folder of images cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// Another process writes to the folder.
    #[error("the image folder `{folder}` is in use by another process")]
    InUse {
        /// The folder.
        folder: String,
    },
    /// The folder holds something else.
    #[error("`{folder}` is no image layout: {detail}")]
    NotALayout {
        /// The folder.
        folder: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A file could not be read or written.
    #[error("failed to {action}")]
    Io {
        /// What was tried, with the file's name.
        action: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl ImageError {
    /// The class of the error.
    pub fn cause(&self) -> ImageCause {
        match self {
            Self::NotFound { .. } => ImageCause::NotFound,
            Self::Denied { .. } => ImageCause::Denied,
            Self::RateLimited { .. } => ImageCause::RateLimited,
            Self::WrongArchitecture { .. } => ImageCause::WrongArchitecture,
            Self::NoSpace { .. } => ImageCause::NoSpace,
            Self::DigestMismatch { .. } => ImageCause::DigestMismatch,
            Self::RefusedByPolicy { .. } => ImageCause::RefusedByPolicy,
            Self::Fetch(error) => fetch_cause(error),
            Self::Broken { source, .. } => source.cause(),
            Self::Layout(LayoutError::Io { source, .. }) if is_full(source) => ImageCause::NoSpace,
            Self::Status { .. } | Self::Unusable { .. } | Self::Cancelled | Self::Layout(_) => {
                ImageCause::Other
            }
        }
    }

    /// When the image registry may be asked again, if it said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::Status { retry_after, .. } => {
                *retry_after
            }
            Self::Broken { source, .. } => source.retry_after(),
            _ => None,
        }
    }
}

impl ImageError {
    /// Whether the same request may well succeed right away.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Fetch(error) => !matches!(
                error,
                FetchError::NotHttp { .. }
                    | FetchError::Address { .. }
                    | FetchError::CredentialsOverHttp { .. }
                    | FetchError::NameNotResolved { .. }
                    | FetchError::Tls { .. }
                    | FetchError::TooManyRedirects { .. }
                    | FetchError::BadRedirect { .. }
                    | FetchError::UnknownEncoding { .. }
            ),
            Self::Status {
                status,
                retry_after,
                ..
            } => *status >= 500 && retry_after.is_none(),
            _ => false,
        }
    }
}

impl LayoutError {
    pub(crate) fn io(action: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let action = action.into();
        move |source| Self::Io { action, source }
    }
}

fn fetch_cause(error: &FetchError) -> ImageCause {
    match error {
        FetchError::NameNotResolved { .. } => ImageCause::NameNotResolved,
        FetchError::TimedOut { .. } => ImageCause::TimedOut,
        FetchError::Address { .. } | FetchError::CredentialsOverHttp { .. } => {
            ImageCause::RefusedByPolicy
        }
        _ => ImageCause::Other,
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

fn after(retry_after: Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |delay| {
        format!("; it may be asked again in {} seconds", delay.as_secs())
    })
}

fn list(offered: &[String]) -> String {
    if offered.is_empty() {
        "platforms that are not known here".to_owned()
    } else {
        offered.join(", ")
    }
}
