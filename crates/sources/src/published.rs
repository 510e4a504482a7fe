use std::time::Duration;

use http::{StatusCode, header};
use model::list::{ListDocument, ListError, ListLimits, read_list};
use outbound::{Client, FetchError, Reach, Request};
use tokio::time::Instant;
use url::Url;

use crate::address::{self, RegistryAddress};

/// Most bytes of a `versions.txt`; real ones have a few lines.
const LONGEST_VERSIONS: u64 = 64 * 1024;
/// Most folders that are looked into.
const MOST_FOLDERS: usize = 50;
/// Looked into where no `versions.txt` says which there are.
const USUAL_FOLDERS: [&str; 2] = ["1.0", "1.1"];

/// One version of a registry as it is published now.
#[derive(Debug, Clone)]
pub struct PublishedVersion {
    /// The folder that it lies in.
    pub folder: String,
    /// Its list.
    pub list: ListDocument,
}

/// Why it cannot be told what is published.
#[derive(Debug, thiserror::Error)]
pub enum PublishedError {
    /// No usable answer came.
    #[error("`{url}` cannot be read")]
    Fetch {
        /// What was asked for.
        url: Url,
        /// What went wrong.
        #[source]
        source: FetchError,
    },
    /// The server answered with neither the file nor that there is none.
    #[error("`{url}` cannot be read: the server answered {status}")]
    Status {
        /// What was asked for.
        url: Url,
        /// The answer.
        status: StatusCode,
    },
    /// What is there is no list.
    #[error("`{url}` cannot be read")]
    List {
        /// What was asked for.
        url: Url,
        /// What is wrong with it.
        #[source]
        source: ListError,
    },
}

/// Reads every version of a registry, not only the one that a consumer would choose; none where nothing is published.
///
/// A web page in the place of a file counts as no file: that is how hosts answer for sites that are not there.
pub async fn read_published(
    client: &Client,
    address: &RegistryAddress,
    deadline: Duration,
) -> Result<Vec<PublishedVersion>, PublishedError> {
    let mut site = Site {
        client,
        end: Instant::now() + deadline,
    };
    let limits = ListLimits::default();
    let folders = match address::below(&address.root, "versions.txt") {
        Some(url) => site.file(url, LONGEST_VERSIONS).await?,
        None => None,
    };
    let folders: Vec<String> = match &folders {
        Some(text) => named(&String::from_utf8_lossy(text)),
        None => USUAL_FOLDERS.map(str::to_owned).to_vec(),
    };
    let mut versions = Vec::new();
    for folder in folders {
        let url = address::folder(&address.root, &folder)
            .and_then(|folder| address::below(&folder, "list.json"));
        let Some(url) = url else { continue };
        let Some(bytes) = site.file(url.clone(), limits.max_bytes as u64).await? else {
            continue;
        };
        // Large lists take a while: off the runtime's threads.
        let list = tokio::task::spawn_blocking(move || read_list(&bytes, &limits)).await;
        match list {
            Ok(Ok(list)) => versions.push(PublishedVersion { folder, list }),
            Ok(Err(source)) => return Err(PublishedError::List { url, source }),
            // Nobody ends the task but a runtime that is ending.
            Err(_) => {}
        }
    }
    Ok(versions)
}

struct Site<'c> {
    client: &'c Client,
    end: Instant,
}

impl Site<'_> {
    /// A file; nothing if there is none.
    async fn file(&mut self, url: Url, limit: u64) -> Result<Option<Vec<u8>>, PublishedError> {
        let request = Request::get(url.clone(), Reach::Typed)
            .body_limit(limit)
            .deadline(self.end.saturating_duration_since(Instant::now()))
            .accept_gzip();
        let fetched = match self.client.fetch(request).await {
            Ok(fetched) => fetched,
            Err(source) => return Err(PublishedError::Fetch { url, source }),
        };
        let status = fetched.status;
        if matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(None);
        }
        if status != StatusCode::OK {
            return Err(PublishedError::Status { url, status });
        }
        let is_page = fetched
            .header(&header::CONTENT_TYPE)
            .is_some_and(|kind| kind.starts_with("text/html"))
            || fetched.body.trim_ascii_start().starts_with(b"<");
        Ok((!is_page).then(|| fetched.body.to_vec()))
    }
}

/// The folders that a `versions.txt` names, each once.
fn named(text: &str) -> Vec<String> {
    let mut folders: Vec<String> = Vec::new();
    for name in text.lines().map(str::trim) {
        let is_new = !name.is_empty() && !folders.iter().any(|known| known == name);
        if is_new && folders.len() < MOST_FOLDERS {
            folders.push(name.to_owned());
        }
    }
    folders
}
