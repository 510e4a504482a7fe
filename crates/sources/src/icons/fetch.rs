use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use outbound::{Client, FetchError, Reach, Request};
use tokio::sync::Semaphore;
use url::Url;

use super::{Icon, IconError, MAX_SOURCE_BYTES, sanitize};
use crate::{address, credentials::Credentials};

/// Most icons asked of one host at once.
const AT_ONCE_PER_HOST: usize = 4;
/// Most icons decoded at once: each may take some ten million bytes.
const DECODED_AT_ONCE: usize = 2;
/// Longest entity tag kept, bytes.
const LONGEST_TAG: usize = 256;
/// Longest time for one icon.
const DEADLINE: Duration = Duration::from_secs(20);

/// Where a registry's icons lie.
#[derive(Debug, Clone)]
pub struct IconBase {
    /// The registry's address as it was typed; credentials go to its origin only.
    pub address: Url,
    /// The registry's root, after redirects, with a slash at its end.
    pub root: Url,
    /// The folder its list was read from; empty when the list lies at the root.
    pub folder: String,
    /// Whether the list was read from a public address.
    pub from_public: bool,
    /// For a registry behind basic authorization.
    pub credentials: Option<Credentials>,
}

/// What came of asking for an icon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchedIcon {
    /// It is the one that the tag was of.
    Unchanged,
    /// An icon.
    Found {
        /// The icon.
        icon: Icon,
        /// Tells this one from a later one, for the next time.
        etag: Option<String>,
    },
}

/// Fetches icons, a few at once.
#[derive(Debug, Clone)]
pub struct IconReader {
    client: Client,
    hosts: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
    decoders: Arc<Semaphore>,
}

impl IconReader {
    /// A reader over the one HTTP client; clones share their limits.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            hosts: Arc::default(),
            decoders: Arc::new(Semaphore::new(DECODED_AT_ONCE)),
        }
    }

    /// Fetches the icon that a listing's `image_src` names, unless it is still the one of that tag.
    pub async fn fetch(
        &self,
        base: &IconBase,
        image_src: &str,
        known: Option<&str>,
    ) -> Result<FetchedIcon, IconError> {
        self.fetch_at(base, base.icon_url(image_src)?, known).await
    }

    /// Fetches the logo that a list's `icon` names: relative, or an address of any host; unless it is still the one of
    /// that tag.
    pub async fn fetch_logo(
        &self,
        base: &IconBase,
        icon: &str,
        known: Option<&str>,
    ) -> Result<FetchedIcon, IconError> {
        let mut failure = None;
        for url in base.logo_urls(icon)? {
            match self.fetch_at(base, url, known).await {
                Ok(icon) => return Ok(icon),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        Err(failure.unwrap_or_else(|| not_a_file(icon)))
    }

    async fn fetch_at(
        &self,
        base: &IconBase,
        url: Url,
        known: Option<&str>,
    ) -> Result<FetchedIcon, IconError> {
        let host = self.host(url.host_str().unwrap_or_default());
        // The semaphores are never closed.
        let _permit = host.acquire().await;
        let own = url.origin() == base.address.origin();
        let credentials = base.credentials.as_ref().filter(|_| own);
        let reach = Reach::Supplied {
            from_public: base.from_public,
        };
        let told = url.to_string();
        let mut request = Request::get(url, reach)
            .authorization(credentials.map(Credentials::to_authorization))
            .body_limit(MAX_SOURCE_BYTES)
            .deadline(DEADLINE)
            .accept_gzip();
        if let Some(known) = known.and_then(|tag| HeaderValue::from_str(tag).ok()) {
            request = request.header(header::IF_NONE_MATCH, known);
        }
        let fetched = self
            .client
            .fetch(request)
            .await
            .map_err(|error| match error {
                FetchError::TooLarge { limit, .. } => IconError::TooLarge { limit },
                error => IconError::Fetch(error),
            })?;
        match fetched.status {
            StatusCode::OK => {
                let tag = fetched.headers.get(header::ETAG);
                let etag = tag
                    .and_then(|tag| tag.to_str().ok())
                    .filter(|tag| tag.len() <= LONGEST_TAG)
                    .map(str::to_owned);
                let icon = self.sanitize(fetched.body).await?;
                Ok(FetchedIcon::Found { icon, etag })
            }
            StatusCode::NOT_MODIFIED if known.is_some() => Ok(FetchedIcon::Unchanged),
            // Some stores of files forbid to ask for what they do not have.
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => {
                Err(IconError::NotThere { url: told })
            }
            status => Err(IconError::Status {
                status: status.as_u16(),
                url: told,
            }),
        }
    }

    /// Decoding takes time and memory: off the runtime's threads, and few at once.
    async fn sanitize(&self, bytes: Bytes) -> Result<Icon, IconError> {
        let _permit = self.decoders.acquire().await;
        tokio::task::spawn_blocking(move || sanitize(&bytes))
            .await
            // A decoder that panics on some bytes must cost no more than this icon.
            .unwrap_or_else(|_| Err(IconError::Damaged("its decoder gave up".to_owned())))
    }

    fn host(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if !hosts.contains_key(host) {
            hosts.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
        }
        Arc::clone(
            hosts
                .entry(host.to_owned())
                .or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE_PER_HOST))),
        )
    }
}

impl IconBase {
    /// Where the icon lies that an `image_src` names.
    ///
    /// It is a file below the folder's `icons/`; an address is taken only if it is one of the
    /// registry's own origin.
    pub fn icon_url(&self, image_src: &str) -> Result<Url, IconError> {
        let name = image_src.trim();
        if let Some(url) = absolute(name)? {
            let own = url.origin() == self.root.origin() || url.origin() == self.address.origin();
            return if own { Ok(url) } else { Err(not_a_file(name)) };
        }
        let path = format!("icons/{name}");
        self.file_url(&path).ok_or_else(|| not_a_file(name))
    }

    /// Where the logo may lie that a list's `icon` names, in the order to try.
    pub fn logo_urls(&self, icon: &str) -> Result<Vec<Url>, IconError> {
        let icon = icon.trim();
        if let Some(url) = absolute(icon)? {
            return Ok(vec![url]);
        }
        // The files of a site lie in its folder, but are often named as if it were the root.
        let below_folder = self.file_url(icon.trim_start_matches('/'));
        let at_origin = icon
            .starts_with('/')
            .then(|| self.root.join(icon).ok())
            .flatten()
            .filter(|url| url.origin() == self.root.origin());
        let urls: Vec<Url> = below_folder.into_iter().chain(at_origin).collect();
        if urls.is_empty() {
            Err(not_a_file(icon))
        } else {
            Ok(urls)
        }
    }

    /// The address of a file of the published folder, if the path stays inside it.
    fn file_url(&self, path: &str) -> Option<Url> {
        let folder = address::folder(&self.root, &self.folder)?;
        path.split('/')
            .try_fold(folder, |url, part| address::below(&url, part))
    }
}

/// An http or https address written out in full, if it is no path; what has any other scheme,
/// such as `blob:` and `data:`, is neither.
fn absolute(text: &str) -> Result<Option<Url>, IconError> {
    match Url::parse(text) {
        Err(_) => Ok(None),
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Some(url)),
        Ok(_) => Err(not_a_file(text)),
    }
}

fn not_a_file(text: &str) -> IconError {
    IconError::NotAFile(text.chars().take(100).collect())
}
