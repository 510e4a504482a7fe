use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use secrecy::SecretString;
use url::Url;

/// Who named an address, which decides where it may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// An administrator typed it: private networks and loopback are meant.
    Typed,
    /// A registry or image registry supplied it.
    Supplied {
        /// Whether that source was itself read from a public address.
        from_public: bool,
    },
}

/// What is sent to prove who asks.
#[derive(Clone)]
pub enum Authorization {
    /// A user name and a password.
    Basic {
        /// The user name.
        username: String,
        /// The password.
        password: SecretString,
    },
    /// A token.
    Bearer(SecretString),
}

impl fmt::Debug for Authorization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Basic { .. } => "Basic(..)",
            Self::Bearer(_) => "Bearer(..)",
        })
    }
}

/// One request with the limits that hold for it.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The address; a user name or password in it is not sent.
    pub url: Url,
    /// Further header fields.
    pub headers: HeaderMap,
    /// The body to send.
    pub body: Bytes,
    /// Who named the address.
    pub reach: Reach,
    /// Sent to the origin of `url` only.
    pub authorization: Option<Authorization>,
    /// Most bytes of an answer's body, after decompression.
    pub body_limit: u64,
    /// Longest time in all: redirects and, unless the answer is streamed, the body included.
    pub deadline: Duration,
    /// Longest silence between two pieces of a streamed body.
    pub idle: Duration,
    /// Whether a compressed answer is asked for.
    pub accept_gzip: bool,
    /// Most redirects followed, for GET and HEAD; with 0 a redirect is the answer.
    pub redirects: u8,
    /// Whether credentials may travel without TLS to another machine.
    pub insecure_http: bool,
}

impl Request {
    /// A request with no body: 1 MiB of answer, 30 seconds in all, 5 redirects.
    pub fn new(method: Method, url: Url, reach: Reach) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            reach,
            authorization: None,
            body_limit: 1024 * 1024,
            deadline: Duration::from_secs(30),
            idle: Duration::from_secs(30),
            accept_gzip: false,
            redirects: 5,
            insecure_http: false,
        }
    }

    /// A GET.
    pub fn get(url: Url, reach: Reach) -> Self {
        Self::new(Method::GET, url, reach)
    }

    /// Adds a header field.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// Sets the body to send.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Proves who asks, to this origin only.
    #[must_use]
    pub fn authorization(mut self, authorization: Option<Authorization>) -> Self {
        self.authorization = authorization;
        self
    }

    /// Limits the body after decompression.
    #[must_use]
    pub fn body_limit(mut self, bytes: u64) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Limits the time in all.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Limits the silence within a streamed body.
    #[must_use]
    pub fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Asks for a compressed answer.
    #[must_use]
    pub fn accept_gzip(mut self) -> Self {
        self.accept_gzip = true;
        self
    }

    /// Limits the redirects followed.
    #[must_use]
    pub fn redirects(mut self, redirects: u8) -> Self {
        self.redirects = redirects;
        self
    }

    /// Lets credentials travel without TLS, on the word of whoever runs both machines.
    #[must_use]
    pub fn insecure_http(mut self, allowed: bool) -> Self {
        self.insecure_http = allowed;
        self
    }

    /// Asks for the bytes from an offset on, to resume a transfer.
    #[must_use]
    pub fn range_from(self, offset: u64) -> Self {
        match HeaderValue::from_str(&format!("bytes={offset}-")) {
            Ok(value) => self.header(http::header::RANGE, value),
            Err(_) => self,
        }
    }
}
