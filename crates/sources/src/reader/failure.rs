use std::{fmt, time::Duration};

use http::StatusCode;
use model::ByteLimit;
use model::list::ListError;
use outbound::{FetchError, Fetched, Refusal, TlsProblem};
use url::Url;

use super::Step;

/// Why a registry could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ReadFailure {
    /// The step that failed.
    pub step: Step,
    /// The cause in one word.
    pub cause: FailureCause,
    /// What failed and why.
    pub detail: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// How long the server asks to wait before the next try.
    pub retry_after: Option<Duration>,
}

/// The cause of a failure in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureCause {
    /// The address guard does not let the request go there.
    AddressRefused,
    /// The name does not resolve.
    NameNotResolved,
    /// No connection came about.
    NotConnected,
    /// TLS did not come about.
    Tls,
    /// No answer in time.
    TimedOut,
    /// The server asks for credentials, or refuses those given.
    Denied,
    /// The server asks to wait.
    RateLimited,
    /// The server has a failure of its own.
    ServerFailed,
    /// Too many redirects, or one that leads nowhere.
    Redirects,
    /// The answer broke off or makes no sense.
    BrokenTransfer,
    /// There is no list in any folder.
    NotFound,
    /// A web page stands where the list should be.
    WebPage,
    /// The list is larger than allowed.
    TooLarge,
    /// The list cannot be read.
    NotAList,
}

impl FailureCause {
    /// The cause as it is stored and told to programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AddressRefused => "address_refused",
            Self::NameNotResolved => "name_not_resolved",
            Self::NotConnected => "not_connected",
            Self::Tls => "tls",
            Self::TimedOut => "timed_out",
            Self::Denied => "denied",
            Self::RateLimited => "rate_limited",
            Self::ServerFailed => "server_failed",
            Self::Redirects => "redirects",
            Self::BrokenTransfer => "broken_transfer",
            Self::NotFound => "not_found",
            Self::WebPage => "web_page",
            Self::TooLarge => "too_large",
            Self::NotAList => "not_a_list",
        }
    }
}

impl fmt::Display for FailureCause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl ReadFailure {
    pub(crate) fn new(step: Step, cause: FailureCause, detail: impl Into<String>) -> Self {
        Self {
            step,
            cause,
            detail: detail.into(),
            hint: None,
            retry_after: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// No usable answer came at all.
    pub(crate) fn from_fetch(step: Step, error: &FetchError, deadline: Duration) -> Self {
        let (cause, hint) = match error {
            FetchError::Address {
                refusal: Refusal::Inside(_),
                ..
            } => (
                FailureCause::AddressRefused,
                "an operator can allow it with `--allow-private-networks`",
            ),
            FetchError::NotHttp { .. } | FetchError::Address { .. } => (
                FailureCause::AddressRefused,
                "check the address; if it is a registry's, tell its publisher",
            ),
            FetchError::CredentialsOverHttp { .. } => {
                (FailureCause::AddressRefused, "use the https address")
            }
            FetchError::NameNotResolved { .. } => (
                FailureCause::NameNotResolved,
                "check the spelling, and that the server itself can look the name up",
            ),
            FetchError::ConnectionRefused { .. } => (
                FailureCause::NotConnected,
                "check the port, and that the web server there is running",
            ),
            FetchError::NotConnected { .. } => (
                FailureCause::NotConnected,
                "check that the server can reach the host; a proxy may be needed",
            ),
            FetchError::Tls { problem, .. } => (FailureCause::Tls, tls_hint(problem)),
            FetchError::TimedOut { .. } => (
                FailureCause::TimedOut,
                "try again later; a firewall between may drop what is sent",
            ),
            FetchError::TooLarge { .. } => (
                FailureCause::TooLarge,
                "check that the address is that of a registry",
            ),
            FetchError::TooManyRedirects { .. } | FetchError::BadRedirect { .. } => (
                FailureCause::Redirects,
                "open the address in a browser and paste the one it ends at",
            ),
            FetchError::UnknownEncoding { .. } | FetchError::BrokenTransfer { .. } => {
                (FailureCause::BrokenTransfer, "try again")
            }
            FetchError::NotUnderstood { .. } => (
                FailureCause::BrokenTransfer,
                "check the port: something other than a web server listens there",
            ),
        };
        // Each request gets what is left of the time in all, which is nothing to tell.
        let detail = match error {
            FetchError::TimedOut { host, .. } => format!(
                "`{host}` did not answer in full within {} seconds",
                deadline.as_secs()
            ),
            FetchError::TooLarge { host, limit } => format!(
                "the answer of `{host}` is larger than {}",
                ByteLimit(*limit)
            ),
            error => error.to_string(),
        };
        Self::new(step, cause, detail).hint(hint)
    }

    /// An answer whose status ends the attempt; `None` where it only says that a file is missing.
    pub(crate) fn from_status(
        step: Step,
        fetched: &Fetched,
        has_credentials: bool,
    ) -> Option<Self> {
        let host = fetched.final_url.host_str().unwrap_or_default();
        let status = fetched.status;
        let failure = match status {
            StatusCode::UNAUTHORIZED | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                let failure = if has_credentials {
                    Self::new(
                        step,
                        FailureCause::Denied,
                        format!("`{host}` refuses the user name and password"),
                    )
                } else {
                    Self::new(
                        step,
                        FailureCause::Denied,
                        format!("`{host}` asks for a user name and password"),
                    )
                };
                failure.hint("enter those of the registry")
            }
            StatusCode::TOO_MANY_REQUESTS => Self::new(
                step,
                FailureCause::RateLimited,
                format!("`{host}` says that it is asked too often"),
            )
            .hint("wait before the next try"),
            status if status.is_server_error() => Self::new(
                step,
                FailureCause::ServerFailed,
                format!("`{host}` failed with status {}", status.as_u16()),
            )
            .hint("try again later"),
            _ => return None,
        };
        Some(Self {
            retry_after: fetched.retry_after(),
            ..failure
        })
    }

    /// What came as a list is none.
    pub(crate) fn from_list(place: &str, error: &ListError, is_empty: bool, root: &Url) -> Self {
        match error {
            _ if is_empty => Self::new(
                Step::List,
                FailureCause::NotAList,
                format!("`{place}` is empty"),
            )
            .hint("the registry's last build may have failed; its publisher can tell"),
            ListError::NotJson {
                looks_like_html: true,
                ..
            } => Self::new(
                Step::List,
                FailureCause::WebPage,
                format!("`{place}` is a web page, not a list of workspaces"),
            )
            .hint(source_hint(root).unwrap_or_else(|| ROOT_HINT.to_owned())),
            ListError::TooLarge { .. } => Self::new(
                Step::List,
                FailureCause::TooLarge,
                format!("`{place}` is {error}"),
            ),
            ListError::NotJson { .. } | ListError::NotAList { .. } => Self::new(
                Step::Schema,
                FailureCause::NotAList,
                format!("`{place}` is {error}"),
            )
            .hint("the registry's publisher has to build it again"),
        }
    }

    /// No folder has a list.
    pub(crate) fn not_found(tried: &[String], all_forbidden: bool, root: &Url) -> Self {
        let places: Vec<String> = tried
            .iter()
            .take(6)
            .map(|folder| format!("`{}`", place(folder)))
            .collect();
        let more = match tried.len().saturating_sub(places.len()) {
            0 => String::new(),
            more => format!(" and {more} more places"),
        };
        let places = places.join(", ");
        if all_forbidden {
            return Self::new(
                Step::List,
                FailureCause::Denied,
                format!("access to {places}{more} is forbidden"),
            )
            .hint("the registry may not be public: enter a user name and password");
        }
        Self::new(
            Step::List,
            FailureCause::NotFound,
            format!("there is no list: {places}{more} are missing"),
        )
        .hint(source_hint(root).unwrap_or_else(|| ROOT_HINT.to_owned()))
    }
}

/// The path of a folder's list below the root.
pub(crate) fn place(folder: &str) -> String {
    if folder.is_empty() {
        "list.json".to_owned()
    } else {
        format!("{folder}/list.json")
    }
}

const ROOT_HINT: &str =
    "paste the address of the registry's root: the one below which `versions.txt` lies";

/// People paste the page of a registry's source code.
fn source_hint(root: &Url) -> Option<String> {
    if !matches!(root.host_str(), Some("github.com" | "www.github.com")) {
        return None;
    }
    let mut parts = root.path_segments()?.filter(|part| !part.is_empty());
    let owner = parts.next()?;
    let repository = parts.next()?.trim_end_matches(".git");
    Some(format!(
        "this is where its source lies; it may be published at `https://{}.github.io/{repository}/`",
        owner.to_ascii_lowercase()
    ))
}

const fn tls_hint(problem: &TlsProblem) -> &'static str {
    match problem {
        TlsProblem::Expired | TlsProblem::NotYetValid => {
            "the host has to renew its certificate; check this server's clock too"
        }
        TlsProblem::WrongName => "use the name that the certificate is for",
        TlsProblem::UnknownIssuer => {
            "if the authority is your own, add its certificate to those the server trusts"
        }
        TlsProblem::NotTls | TlsProblem::HandshakeEnded => {
            "the host may speak plain http there: if that is meant, paste the address with `http://`"
        }
        TlsProblem::Other(_) => "the host's TLS settings may be too old or broken",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_source_leads_to_where_it_may_be_published() {
        let hint = |root: &str| {
            let root = Url::parse(root).unwrap();
            ReadFailure::not_found(&[String::new()], false, &root).hint
        };
        assert_eq!(
            hint("https://github.com/Ann/apps.git/").as_deref(),
            Some(
                "this is where its source lies; it may be published at `https://ann.github.io/apps/`"
            )
        );
        for other in ["https://github.com/ann/", "https://a.example/ann/apps/"] {
            assert_eq!(hint(other).as_deref(), Some(ROOT_HINT), "{other}");
        }
    }
}
