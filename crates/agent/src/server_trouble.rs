use std::time::Duration;

use http::StatusCode;

use crate::backoff::Backoff;
use crate::server::ServerError;

/// How often a server is asked that refuses this agent until a person does something.
const REFUSED_REST: Duration = Duration::from_mins(1);

/// What keeps an agent from its server, as far as that changes what a person has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ServerTrouble {
    /// It has only begun.
    Starting,
    /// No answer comes.
    Lost,
    /// The server does not know the token.
    TokenUnknown,
    /// The token is for something else.
    TokenOfOtherScope,
    /// Another agent is connected with the token.
    TokenInUse,
    /// The server wants to be called by another name.
    Misdirected,
    /// Whatever answers says that it is elsewhere.
    Moved(String),
    /// Whatever answers is no Quayside server.
    NotQuayside,
    /// The server has a trouble of its own.
    Server(StatusCode),
    /// The server speaks differently.
    NotUnderstood,
}

impl ServerTrouble {
    /// What an error means.
    pub(crate) fn of(error: &ServerError) -> Self {
        match error {
            ServerError::Connection(_) | ServerError::TimedOut(_) => Self::Lost,
            ServerError::NotUnderstood(_) => Self::NotUnderstood,
            ServerError::NotQuayside { .. } => Self::NotQuayside,
            ServerError::Moved { to } => Self::Moved(to.clone()),
            ServerError::Status { status, code, .. } => match (*status, code.as_str()) {
                (StatusCode::UNAUTHORIZED, _) => Self::TokenUnknown,
                (_, "scope-missing") => Self::TokenOfOtherScope,
                (_, "token-in-use") => Self::TokenInUse,
                (StatusCode::MISDIRECTED_REQUEST, _) => Self::Misdirected,
                (status, _) => Self::Server(status),
            },
        }
    }

    /// How long to wait before the next try.
    pub(crate) fn delay(&self, backoff: &mut Backoff) -> Duration {
        let delay = backoff.next();
        match self {
            Self::TokenUnknown | Self::TokenOfOtherScope => REFUSED_REST,
            _ => delay,
        }
    }

    /// Says what failed, why, and what to do.
    pub(crate) fn report(&self, error: &ServerError, address: Option<&str>) {
        let server = address.unwrap_or("the server");
        match self {
            Self::Starting => {}
            Self::Lost => {
                tracing::warn!(
                    "No contact to {server}: {error}. It is asked again until it answers."
                );
            }
            Self::TokenUnknown => tracing::error!(
                "{server} does not know this agent's token: it was revoked, or is another server's. Make one there with \
                 `quayside token create NAME --scope agent` and put it into the token file, which is read anew every minute."
            ),
            Self::TokenOfOtherScope => tracing::error!(
                "This agent's token lacks the scope `agent`. Make another on {server} with \
                 `quayside token create NAME --scope agent` and put it into the token file, which is read anew every minute."
            ),
            Self::TokenInUse => tracing::error!(
                "{error}. Each host needs a token of its own: make one on {server} with \
                 `quayside token create NAME --scope agent`. If the other one has ended, this one is let in within a minute."
            ),
            Self::Misdirected => tracing::error!(
                "{server} does not go by that name: give the address that its `--public-url` says with `--server`."
            ),
            Self::Moved(to) => tracing::error!(
                "{server} is no Quayside server, it leads to {to}: if that is right, give it with `--server`."
            ),
            Self::NotQuayside => tracing::error!(
                "{server} is no Quayside server, {error}: check `--server`. It is asked again until one answers."
            ),
            Self::Server(_) => {
                tracing::warn!(
                    "{server} is in trouble: {error}. It is asked again until it answers."
                );
            }
            Self::NotUnderstood => tracing::error!(
                "{server} is a Quayside server that this agent does not understand ({error}): give both the same version."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_refused_asks_once_a_minute() {
        let mut backoff = Backoff::default();
        assert_eq!(
            ServerTrouble::TokenUnknown.delay(&mut backoff),
            REFUSED_REST
        );
        assert!(ServerTrouble::Lost.delay(&mut Backoff::default()) <= Duration::from_secs(1));
    }

    #[test]
    fn what_a_person_has_to_do_is_told_apart() {
        let status = |status, code: &str| ServerError::Status {
            status,
            code: code.to_owned(),
            detail: String::new(),
        };
        let cases = [
            (
                status(StatusCode::UNAUTHORIZED, "sign-in-needed"),
                ServerTrouble::TokenUnknown,
            ),
            (
                status(StatusCode::FORBIDDEN, "scope-missing"),
                ServerTrouble::TokenOfOtherScope,
            ),
            (
                status(StatusCode::CONFLICT, "token-in-use"),
                ServerTrouble::TokenInUse,
            ),
            (
                status(StatusCode::MISDIRECTED_REQUEST, "misdirected"),
                ServerTrouble::Misdirected,
            ),
            (
                status(StatusCode::SERVICE_UNAVAILABLE, ""),
                ServerTrouble::Server(StatusCode::SERVICE_UNAVAILABLE),
            ),
            (ServerError::TimedOut(Duration::ZERO), ServerTrouble::Lost),
        ];
        for (error, expected) in cases {
            assert_eq!(ServerTrouble::of(&error), expected);
        }
    }
}
