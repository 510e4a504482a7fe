use bytes::Bytes;
use http::{HeaderName, header};
use model::list::{ListDocument, ListError, ListLimits, read_list};
use outbound::Fetched;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::{ReadFailure, RegistryCopy, Step, Validators, failure::place, steps::Steps};

/// Longest validator that is kept and sent back.
const MAX_VALIDATOR_BYTES: usize = 512;

/// A list that could be read.
pub(crate) struct Candidate {
    folder: String,
    fetched: Fetched,
    list: ListDocument,
    sha256: [u8; 32],
}

impl Candidate {
    /// Reads what a folder has in the place of a list.
    pub(crate) async fn read(
        folder: &str,
        fetched: Fetched,
        limits: ListLimits,
        root: &Url,
    ) -> Result<Self, ReadFailure> {
        match parse(fetched.body.clone(), limits).await {
            Ok((list, sha256)) => Ok(Self {
                folder: folder.to_owned(),
                fetched,
                list,
                sha256,
            }),
            Err(error) => {
                let is_empty = fetched.body.trim_ascii().is_empty();
                Err(ReadFailure::from_list(
                    &place(folder),
                    &error,
                    is_empty,
                    root,
                ))
            }
        }
    }

    /// Whether it has no listing that can be used.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.entries.is_empty()
    }

    /// Tells what was found, and what had to be passed over to find it.
    pub(crate) fn tell(&self, steps: &mut Steps<'_>, passed_over: Option<ReadFailure>) {
        let received = format!(
            "`{}`, {} bytes ({} sent)",
            place(&self.folder),
            self.fetched.body.len(),
            self.fetched.wire_bytes
        );
        match passed_over {
            None => steps.passed(Step::List, received),
            Some(failure) => steps.warned(
                Step::List,
                format!("{received}, because {}", failure.detail),
                failure.hint,
            ),
        }
        let form = format!("form {}", self.list.form);
        if self.list.notes.is_empty() {
            steps.passed(Step::Schema, form);
        } else {
            let notes = self.list.notes.join("; ");
            steps.warned(Step::Schema, format!("{form}; {notes}"), None);
        }
        let count = match self.list.entries.len() {
            1 => "1 workspace".to_owned(),
            count => format!("{count} workspaces"),
        };
        match self.list.set_aside.len() {
            0 if self.list.entries.is_empty() => {
                steps.warned(Step::Listings, "it has no workspaces", None);
            }
            0 => steps.passed(Step::Listings, count),
            set_aside => steps.warned(
                Step::Listings,
                format!("{count}; {set_aside} cannot be read and are set aside"),
                None,
            ),
        }
    }

    /// What is handed over; `root` is where it was asked for.
    pub(crate) fn into_copy(
        self,
        root: &Url,
        from_public: bool,
        versions: Vec<String>,
    ) -> RegistryCopy {
        // An empty list is asked for in full the next time, so that another folder that has
        // filled is seen.
        let kept = |name| validator(&self.fetched, name).filter(|_| !self.is_empty());
        RegistryCopy {
            root: root_of(&self.fetched.final_url, &place(&self.folder))
                .unwrap_or_else(|| root.clone()),
            validators: Validators {
                folder: self.folder.clone(),
                etag: kept(&header::ETAG),
                last_modified: kept(&header::LAST_MODIFIED),
            },
            bytes: self.fetched.body.len() as u64,
            folder: self.folder,
            list: self.list,
            list_sha256: self.sha256,
            from_public,
            versions,
        }
    }
}

/// Large lists take a while: off the runtime's threads.
async fn parse(body: Bytes, limits: ListLimits) -> Result<(ListDocument, [u8; 32]), ListError> {
    let parsed = tokio::task::spawn_blocking(move || {
        let list = read_list(&body, &limits)?;
        Ok((list, Sha256::digest(&body).into()))
    })
    .await;
    match parsed {
        Ok(result) => result,
        Err(error) => Err(ListError::NotAList {
            message: format!("reading it failed: {error}"),
        }),
    }
}

/// The root that a list lies below, where its address still ends as it was asked for.
fn root_of(list: &Url, place: &str) -> Option<Url> {
    let mut root = list.clone();
    root.set_query(None);
    let path = root.path().strip_suffix(place)?.to_owned();
    if !path.ends_with('/') {
        return None;
    }
    root.set_path(&path);
    Some(root)
}

fn validator(fetched: &Fetched, name: &HeaderName) -> Option<String> {
    let value = fetched.header(name)?;
    (value.len() <= MAX_VALIDATOR_BYTES).then(|| value.to_owned())
}
