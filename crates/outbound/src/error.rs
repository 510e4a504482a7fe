use std::{error::Error, io, time::Duration};

use rustls::CertificateError;

use crate::{guard::Refusal, resolver::NotResolved};

/// Why a request got no usable answer; every text names the host.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is no http or https address with a host.
    #[error("`{url}` is no http or https address")]
    NotHttp {
        /// The address without user name, password, query and fragment.
        url: String,
    },
    /// The guard does not let the request go there.
    #[error("`{host}` is not asked: {refusal}")]
    Address {
        /// The host.
        host: String,
        /// The reason.
        refusal: Refusal,
    },
    /// Credentials would have travelled over http to another machine.
    #[error("credentials are not sent to `{host}` over http")]
    CredentialsOverHttp {
        /// The host.
        host: String,
    },
    /// The name leads nowhere.
    #[error("the name `{host}` does not resolve")]
    NameNotResolved {
        /// The host.
        host: String,
        /// What the lookup said.
        source: io::Error,
    },
    /// Nothing listens there.
    #[error("`{host}` refused the connection")]
    ConnectionRefused {
        /// The host, with the port where it is not the usual one.
        host: String,
    },
    /// No connection came about for another reason.
    #[error("no connection to `{host}`: {reason}")]
    NotConnected {
        /// The host, with the port where it is not the usual one.
        host: String,
        /// The innermost cause.
        reason: String,
    },
    /// TLS did not come about.
    #[error("no TLS connection to `{host}`: {problem}")]
    Tls {
        /// The host.
        host: String,
        /// What is wrong with it.
        problem: TlsProblem,
    },
    /// The answer was not there, or not whole, in time.
    #[error("`{host}` did not answer within {} seconds", after.as_secs())]
    TimedOut {
        /// The host.
        host: String,
        /// The time it was given.
        after: Duration,
    },
    /// The body is longer than allowed.
    #[error("the answer of `{host}` is larger than {limit} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// The limit, after decompression.
        limit: u64,
    },
    /// More redirects than allowed.
    #[error("`{host}` redirects more than {limit} times")]
    TooManyRedirects {
        /// The host that sent the last redirect.
        host: String,
        /// The limit.
        limit: u8,
    },
    /// A redirect to nowhere, or to something that is no http or https address.
    #[error("`{host}` redirects to an address that cannot be asked")]
    BadRedirect {
        /// The host that sent it.
        host: String,
    },
    /// The answer is compressed in a way that was not asked for.
    #[error("`{host}` answers in the encoding `{encoding}`, which was not asked for")]
    UnknownEncoding {
        /// The host.
        host: String,
        /// Its `Content-Encoding`.
        encoding: String,
    },
    /// The connection ended in the middle of the answer.
    #[error("the answer of `{host}` broke off: {reason}")]
    BrokenTransfer {
        /// The host.
        host: String,
        /// The innermost cause.
        reason: String,
    },
    /// What came back is not HTTP.
    #[error("`{host}` does not answer with HTTP: {reason}")]
    NotUnderstood {
        /// The host.
        host: String,
        /// The innermost cause.
        reason: String,
    },
}

/// What is wrong with a TLS connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsProblem {
    /// The certificate's time is over.
    #[error("its certificate has expired")]
    Expired,
    /// The certificate's time has not begun.
    #[error("its certificate is not valid yet")]
    NotYetValid,
    /// The certificate is for other names.
    #[error("its certificate is for another name")]
    WrongName,
    /// The certificate's issuer is not known here.
    #[error("its certificate was issued by an unknown authority")]
    UnknownIssuer,
    /// The peer speaks something other than TLS, such as plain http.
    #[error("it does not speak TLS on this port")]
    NotTls,
    /// The peer ended the connection before TLS came about.
    #[error("it ended the connection during the handshake")]
    HandshakeEnded,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl FetchError {
    /// The host that the failure is about; empty where the address has none.
    pub fn host(&self) -> &str {
        match self {
            Self::NotHttp { .. } => "",
            Self::Address { host, .. }
            | Self::CredentialsOverHttp { host }
            | Self::NameNotResolved { host, .. }
            | Self::ConnectionRefused { host }
            | Self::NotConnected { host, .. }
            | Self::Tls { host, .. }
            | Self::TimedOut { host, .. }
            | Self::TooLarge { host, .. }
            | Self::TooManyRedirects { host, .. }
            | Self::BadRedirect { host }
            | Self::UnknownEncoding { host, .. }
            | Self::BrokenTransfer { host, .. }
            | Self::NotUnderstood { host, .. } => host,
        }
    }

    /// Whether no connection came about at all, so that the request was not seen by the peer.
    pub fn is_connect(&self) -> bool {
        matches!(
            self,
            Self::NameNotResolved { .. }
                | Self::ConnectionRefused { .. }
                | Self::NotConnected { .. }
                | Self::Tls { .. }
        )
    }

    /// Sorts a failure of the HTTP library into ours.
    pub(crate) fn from_transport(host: &str, after: Duration, error: &reqwest::Error) -> Self {
        let host = host.to_owned();
        for cause in causes(error) {
            if let Some(refusal) = cause.downcast_ref::<Refusal>() {
                let refusal = *refusal;
                return Self::Address { host, refusal };
            }
            if let Some(NotResolved(source)) = cause.downcast_ref::<NotResolved>() {
                let source = io::Error::new(source.kind(), source.to_string());
                return Self::NameNotResolved { host, source };
            }
            if let Some(error) = cause.downcast_ref::<rustls::Error>() {
                let problem = TlsProblem::from(error);
                return Self::Tls { host, problem };
            }
            if let Some(error) = cause.downcast_ref::<io::Error>() {
                match error.kind() {
                    io::ErrorKind::ConnectionRefused => return Self::ConnectionRefused { host },
                    io::ErrorKind::TimedOut => return Self::TimedOut { host, after },
                    _ => {}
                }
            }
        }
        let reason = innermost(error);
        if error.is_timeout() {
            Self::TimedOut { host, after }
        } else if error.is_connect() && reason.contains("handshake eof") {
            let problem = TlsProblem::HandshakeEnded;
            Self::Tls { host, problem }
        } else if error.is_connect() {
            Self::NotConnected { host, reason }
        } else if ["invalid HTTP", "unexpected message", "too large"]
            .iter()
            .any(|said| reason.contains(said))
        {
            // The HTTP library tells these apart in words only.
            Self::NotUnderstood { host, reason }
        } else {
            Self::BrokenTransfer { host, reason }
        }
    }
}

impl From<&rustls::Error> for TlsProblem {
    fn from(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(error) => match error {
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                    Self::Expired
                }
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                    Self::NotYetValid
                }
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => Self::WrongName,
                CertificateError::UnknownIssuer => Self::UnknownIssuer,
                other => Self::Other(other.to_string()),
            },
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            other => Self::Other(other.to_string()),
        }
    }
}

/// An error and all that caused it. The source of an `io::Error` skips the error that it
/// wraps, so that one is looked at too.
fn causes(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    let mut found: Vec<&(dyn Error + 'static)> = Vec::new();
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(cause) = next {
        found.push(cause);
        next = match cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped),
            None => cause.source(),
        };
    }
    found
}

/// What an error says at its root.
pub(crate) fn innermost(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
