use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use http::Method;
use outbound::{Authorization, Reach, Request};
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::challenge::Challenge;
use super::{Credentials, Endpoint};
use crate::ImageError;

const MAX_ANSWER: u64 = 256 * 1024;
const MAX_TOKENS: usize = 1_024;
/// What the token specification says where the answer does not.
const DEFAULT_LIFE: Duration = Duration::from_mins(1);
const LONGEST_LIFE: Duration = Duration::from_hours(1);
/// A token this close to its end might end on the way.
const MARGIN: Duration = Duration::from_secs(10);

/// What a proof is good for. The only action asked for is pull.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Purpose {
    pub(super) host: String,
    pub(super) repository: String,
    pub(super) account: Option<String>,
}

/// Proofs that were accepted, in memory only.
#[derive(Default)]
pub(super) struct Tokens(Mutex<HashMap<Purpose, (Authorization, Instant)>>);

impl Tokens {
    pub(super) fn find(&self, purpose: &Purpose) -> Option<Authorization> {
        let tokens = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        tokens
            .get(purpose)
            .filter(|(_, end)| *end > Instant::now())
            .map(|(authorization, _)| authorization.clone())
    }

    fn keep(&self, purpose: Purpose, authorization: Authorization, life: Duration) {
        let mut tokens = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = Instant::now();
        if tokens.len() >= MAX_TOKENS {
            tokens.retain(|_, (_, end)| *end > now);
        }
        if tokens.len() < MAX_TOKENS {
            tokens.insert(purpose, (authorization, now + life));
        }
    }

    pub(super) fn forget(&self, purpose: &Purpose) {
        let mut tokens = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        tokens.remove(purpose);
    }
}

/// Who asks whom for a proof.
pub(super) struct Asking<'a> {
    pub(super) client: &'a outbound::Client,
    pub(super) endpoint: &'a Endpoint,
    pub(super) purpose: &'a Purpose,
    pub(super) credentials: Option<&'a Credentials>,
    /// For messages.
    pub(super) image: &'a str,
    /// Whether the challenge came from a public address.
    pub(super) from_public: bool,
}

impl Asking<'_> {
    /// Answers a challenge with what there is; nothing is asked of a token server that may not be asked.
    pub(super) async fn answer(
        &self,
        challenge: Option<Challenge>,
        tokens: &Tokens,
    ) -> Result<Authorization, ImageError> {
        let (authorization, life) = match challenge {
            None => return Err(self.denied("it does not say what it wants to see")),
            Some(Challenge::Basic) => {
                let credentials = self.credentials.ok_or_else(|| {
                    self.denied("it wants a user name and a password, and none are known for it")
                })?;
                (basic(credentials), LONGEST_LIFE)
            }
            Some(Challenge::Bearer {
                realm,
                service,
                scope,
            }) => {
                self.token(&realm, service.as_deref(), scope.as_deref())
                    .await?
            }
        };
        tokens.keep(self.purpose.clone(), authorization.clone(), life);
        Ok(authorization)
    }

    async fn token(
        &self,
        realm: &str,
        service: Option<&str>,
        scope: Option<&str>,
    ) -> Result<(Authorization, Duration), ImageError> {
        let mut realm =
            Url::parse(realm).map_err(|_| self.unusable("its token server has no address"))?;
        if !self.endpoint.may_ask(&realm) {
            return Err(ImageError::RefusedByPolicy {
                host: self.endpoint.host.clone(),
                detail: "its token server is not asked over https".to_owned(),
            });
        }
        {
            let mut query = realm.query_pairs_mut();
            if let Some(service) = service {
                query.append_pair("service", service);
            }
            // What is asked for is ours to say: a challenge could name another repository, or push.
            query.append_pair(
                "scope",
                &format!("repository:{}:pull", self.purpose.repository),
            );
            for extra in scope.into_iter().flat_map(str::split_whitespace) {
                if !extra.starts_with("repository:") {
                    query.append_pair("scope", extra);
                }
            }
        }
        let shown = self
            .credentials
            .filter(|_| self.endpoint.may_show_credentials(&realm));
        let host = realm.host_str().unwrap_or_default().to_owned();
        let reach = Reach::Supplied {
            from_public: self.from_public,
        };
        let request = Request::new(Method::GET, realm, reach)
            .authorization(shown.map(basic))
            .body_limit(MAX_ANSWER);
        let fetched = self.client.fetch(request).await?;
        match fetched.status.as_u16() {
            200 => {}
            429 => {
                return Err(ImageError::RateLimited {
                    host,
                    retry_after: fetched.retry_after(),
                });
            }
            400 | 401 | 403 => {
                return Err(self.denied(if shown.is_some() {
                    "the user name or the password is wrong"
                } else if self.credentials.is_some() {
                    "its token server is on another host, which is not shown the password"
                } else {
                    "it does not give a token without a password"
                }));
            }
            status => {
                return Err(ImageError::Status {
                    host,
                    status,
                    retry_after: fetched.retry_after(),
                });
            }
        }
        let answer: TokenAnswer = serde_json::from_slice(&fetched.body)
            .map_err(|_| self.unusable("its token server's answer is not understood"))?;
        let token = answer
            .token
            .or(answer.access_token)
            .filter(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()))
            .ok_or_else(|| self.unusable("its token server gave no token"))?;
        let life = answer
            .expires_in
            .map_or(DEFAULT_LIFE, Duration::from_secs)
            .min(LONGEST_LIFE)
            .saturating_sub(MARGIN);
        Ok((Authorization::Bearer(SecretString::from(token)), life))
    }

    fn denied(&self, detail: &str) -> ImageError {
        ImageError::Denied {
            image: self.image.to_owned(),
            host: self.endpoint.host.clone(),
            detail: detail.to_owned(),
        }
    }

    fn unusable(&self, detail: &str) -> ImageError {
        ImageError::Unusable {
            host: self.endpoint.host.clone(),
            what: "challenge",
            detail: detail.to_owned(),
        }
    }
}

fn basic(credentials: &Credentials) -> Authorization {
    Authorization::Basic {
        username: credentials.username.clone(),
        password: credentials.password.clone(),
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<u64>,
}
