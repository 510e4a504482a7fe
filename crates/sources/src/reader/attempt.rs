use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use model::list::{ListDocument, ListError, ListLimits, read_list, versions_to_try};
use outbound::{AddressKind, Client, FetchError, Fetched, Reach, Request, is_loopback_host};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use url::{Host, Url};

use super::{
    ReadFailure, ReadOutcome, ReadRequest, RegistryCopy, Step, StepReport, Validators,
    failure::{FailureCause, place},
    steps::Steps,
};
use crate::{address, credentials::Credentials};

/// Most bytes of a `versions.txt`; real ones have a few lines.
const MAX_VERSIONS_BYTES: u64 = 64 * 1024;
/// Longest validator that is kept and sent back.
const MAX_VALIDATOR_BYTES: usize = 512;

pub(super) async fn run(
    client: &Client,
    request: &ReadRequest,
    on_step: &mut (dyn FnMut(StepReport) + Send),
) -> Result<ReadOutcome, ReadFailure> {
    let mut attempt = Attempt {
        client,
        request,
        root: &request.address.root,
        end: Instant::now() + request.deadline,
        steps: Steps::new(on_step),
        from_public: false,
    };
    let result = attempt.run().await;
    if let Err(failure) = &result {
        attempt.steps.failed(failure);
    }
    result
}

struct Attempt<'r> {
    client: &'r Client,
    request: &'r ReadRequest,
    root: &'r Url,
    end: Instant,
    steps: Steps<'r>,
    /// Whether a public host has answered so far.
    from_public: bool,
}

/// The folders of a registry.
struct Versions {
    /// Those that `versions.txt` names.
    named: Vec<String>,
    /// Those and the usual ones, in the order to try them.
    to_try: Vec<String>,
}

impl Versions {
    fn usual() -> Self {
        Self {
            named: Vec::new(),
            to_try: versions_to_try(""),
        }
    }
}

/// What a folder has in the place of a list.
enum Found {
    List(Box<Candidate>),
    Unchanged,
    Missing { forbidden: bool },
    Unusable(ReadFailure),
}

/// A list that could be read.
struct Candidate {
    folder: String,
    fetched: Fetched,
    list: ListDocument,
    sha256: [u8; 32],
}

impl Attempt<'_> {
    async fn run(&mut self) -> Result<ReadOutcome, ReadFailure> {
        self.check_address()?;
        let Versions { named, to_try } = self.read_versions().await?;
        let folders = self.folders(to_try);

        let mut empty = None;
        let mut unusable: Option<ReadFailure> = None;
        let mut all_forbidden = true;
        for folder in &folders {
            match self.read_list(folder).await? {
                Found::Unchanged => {
                    self.steps
                        .passed(Step::List, format!("`{}` has not changed", place(folder)));
                    return Ok(ReadOutcome::NotModified);
                }
                Found::List(list) if list.list.entries.is_empty() => {
                    empty = empty.or(Some(list));
                }
                Found::List(list) => return Ok(self.finish(*list, unusable, named)),
                Found::Missing { forbidden } => all_forbidden &= forbidden,
                Found::Unusable(failure) => unusable = unusable.or(Some(failure)),
            }
        }
        match (empty, unusable) {
            (Some(list), unusable) => Ok(self.finish(*list, unusable, named)),
            (None, Some(failure)) => {
                if failure.step > Step::List {
                    self.steps.passed(Step::List, "a list was received");
                }
                Err(failure)
            }
            (None, None) => Err(ReadFailure::not_found(&folders, all_forbidden, self.root)),
        }
    }

    /// What can be told before anything is asked.
    fn check_address(&mut self) -> Result<(), ReadFailure> {
        let host = self.root.host();
        let literal = match host {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            Some(Host::Domain(_)) | None => None,
        };
        let refused =
            |detail: &str| ReadFailure::new(Step::Address, FailureCause::AddressRefused, detail);
        if literal.map(AddressKind::of) == Some(AddressKind::Forbidden) {
            return Err(refused(
                "link-local, multicast and cloud metadata addresses are never asked",
            ));
        }
        let protected =
            self.root.scheme() == "https" || host.is_some_and(|host| is_loopback_host(&host));
        if self.request.credentials.is_some() && !protected {
            return Err(
                refused("a user name and password are not sent over http").hint("use https")
            );
        }
        let address = self.request.address.to_string();
        if protected {
            self.steps.passed(Step::Address, address);
        } else {
            self.steps.warned(
                Step::Address,
                format!("{address} is not protected on its way"),
                Some("use the https address if there is one".to_owned()),
            );
        }
        Ok(())
    }

    /// The folders that `versions.txt` names. This is the first request, so it tells too whether
    /// there is a host that answers.
    async fn read_versions(&mut self) -> Result<Versions, ReadFailure> {
        let Some(url) = address::below(self.root, "versions.txt") else {
            return Ok(Versions::usual());
        };
        let answer = self.fetch(url, MAX_VERSIONS_BYTES, None).await;
        if let Err(error) = &answer
            && is_no_answer(error)
        {
            return Err(self.failed(Step::Tls, error));
        }
        let how = match self.root.scheme() {
            "https" => "answers over TLS",
            _ => "answers over http",
        };
        let host = self.root.host_str().unwrap_or_default();
        self.steps.passed(Step::Tls, format!("`{host}` {how}"));

        let fetched = match answer {
            Ok(fetched) => fetched,
            Err(FetchError::TooLarge { .. }) => {
                self.no_versions("`versions.txt` is too large to be one");
                return Ok(Versions::usual());
            }
            Err(error) => return Err(self.failed(Step::Versions, &error)),
        };
        if let Some(failure) = self.failed_status(Step::Versions, &fetched) {
            return Err(failure);
        }
        if fetched.status != StatusCode::OK {
            self.steps.passed(
                Step::Versions,
                "there is no `versions.txt`: the usual folders are tried",
            );
            return Ok(Versions::usual());
        }
        let text = String::from_utf8_lossy(&fetched.body);
        if text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('<')
        {
            self.no_versions("`versions.txt` is a web page");
            return Ok(Versions::usual());
        }
        let to_try = versions_to_try(&text);
        let named: Vec<String> = to_try
            .iter()
            .filter(|folder| text.lines().any(|line| line.trim() == *folder))
            .cloned()
            .collect();
        if named.is_empty() {
            self.no_versions("`versions.txt` names no folder");
        } else {
            let told = named.join(", ");
            self.steps
                .passed(Step::Versions, format!("`versions.txt` names {told}"));
        }
        Ok(Versions { named, to_try })
    }

    fn no_versions(&mut self, detail: &str) {
        self.steps.warned(
            Step::Versions,
            format!("{detail}: the usual folders are tried"),
            None,
        );
    }

    /// The folders to try: where to start, those of `versions.txt`, the root itself.
    fn folders(&self, to_try: Vec<String>) -> Vec<String> {
        let mut folders: Vec<String> = self.request.address.start.iter().cloned().collect();
        for folder in to_try.into_iter().chain([String::new()]) {
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        folders
    }

    async fn read_list(&mut self, folder: &str) -> Result<Found, ReadFailure> {
        let Some(url) = address::folder(self.root, folder)
            .and_then(|folder| address::below(&folder, "list.json"))
        else {
            return Ok(Found::Missing { forbidden: false });
        };
        let conditional = self
            .request
            .conditional
            .as_ref()
            .filter(|validators| validators.folder == folder);
        let limits = ListLimits::default();
        let place = place(folder);
        let fetched = match self.fetch(url, limits.max_bytes as u64, conditional).await {
            Ok(fetched) => fetched,
            Err(error @ FetchError::TooLarge { .. }) => {
                return Ok(Found::Unusable(self.failed(Step::List, &error)));
            }
            Err(error) => return Err(self.failed(Step::List, &error)),
        };
        match fetched.status {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED if conditional.is_some() => return Ok(Found::Unchanged),
            status => {
                return match self.failed_status(Step::List, &fetched) {
                    Some(failure) => Err(failure),
                    None => Ok(Found::Missing {
                        forbidden: status == StatusCode::FORBIDDEN,
                    }),
                };
            }
        }
        match parse(fetched.body.clone(), limits).await {
            Ok((list, sha256)) => Ok(Found::List(Box::new(Candidate {
                folder: folder.to_owned(),
                fetched,
                list,
                sha256,
            }))),
            Err(error) => {
                let is_empty = fetched.body.trim_ascii().is_empty();
                Ok(Found::Unusable(ReadFailure::from_list(
                    &place, &error, is_empty, self.root,
                )))
            }
        }
    }

    /// Tells what was found and hands it over.
    fn finish(
        &mut self,
        candidate: Candidate,
        passed_over: Option<ReadFailure>,
        versions: Vec<String>,
    ) -> ReadOutcome {
        let Candidate {
            folder,
            fetched,
            list,
            sha256,
        } = candidate;
        let place = place(&folder);
        let bytes = fetched.body.len() as u64;
        let received = format!("`{place}`, {bytes} bytes ({} sent)", fetched.wire_bytes);
        match passed_over {
            None => self.steps.passed(Step::List, received),
            Some(failure) => self.steps.warned(
                Step::List,
                format!("{received}, because {}", failure.detail),
                failure.hint,
            ),
        }
        let form = format!("form {}", list.form);
        if list.notes.is_empty() {
            self.steps.passed(Step::Schema, form);
        } else {
            self.steps.warned(
                Step::Schema,
                format!("{form}; {}", list.notes.join("; ")),
                None,
            );
        }
        let count = list.entries.len();
        match list.set_aside.len() {
            0 if count == 0 => {
                self.steps
                    .warned(Step::Listings, "it has no workspaces", None);
            }
            0 => self
                .steps
                .passed(Step::Listings, format!("{count} workspaces")),
            set_aside => self.steps.warned(
                Step::Listings,
                format!("{count} workspaces; {set_aside} cannot be read and are set aside"),
                None,
            ),
        }
        let validators = if count == 0 {
            // Asked in full next time, so that another folder that has filled is seen.
            Validators {
                folder: folder.clone(),
                ..Validators::default()
            }
        } else {
            Validators {
                folder: folder.clone(),
                etag: validator(&fetched, &header::ETAG),
                last_modified: validator(&fetched, &header::LAST_MODIFIED),
            }
        };
        ReadOutcome::Read(Box::new(RegistryCopy {
            root: root_of(&fetched.final_url, &place).unwrap_or_else(|| self.root.clone()),
            folder,
            list,
            validators,
            list_sha256: sha256,
            bytes,
            from_public: self.from_public,
            versions,
        }))
    }

    async fn fetch(
        &mut self,
        url: Url,
        limit: u64,
        conditional: Option<&Validators>,
    ) -> Result<Fetched, FetchError> {
        let mut request = Request::get(url, Reach::Typed)
            .authorization(
                self.request
                    .credentials
                    .as_ref()
                    .map(Credentials::to_authorization),
            )
            .body_limit(limit)
            .deadline(self.end.saturating_duration_since(Instant::now()))
            .accept_gzip();
        if let Some(validators) = conditional {
            let fields = [
                (header::IF_NONE_MATCH, &validators.etag),
                (header::IF_MODIFIED_SINCE, &validators.last_modified),
            ];
            for (name, value) in fields {
                if let Some(value) = value.as_deref().and_then(|v| HeaderValue::from_str(v).ok()) {
                    request = request.header(name, value);
                }
            }
        }
        let fetched = self.client.fetch(request).await?;
        self.from_public |= fetched.from_public;
        Ok(fetched)
    }

    fn failed(&self, step: Step, error: &FetchError) -> ReadFailure {
        ReadFailure::from_fetch(step, error, self.request.deadline)
    }

    fn failed_status(&self, step: Step, fetched: &Fetched) -> Option<ReadFailure> {
        ReadFailure::from_status(step, fetched, self.request.credentials.is_some())
    }
}

/// Whether an error means that no host has answered at all.
fn is_no_answer(error: &FetchError) -> bool {
    error.is_connect()
        || matches!(
            error,
            FetchError::NotHttp { .. }
                | FetchError::Address { .. }
                | FetchError::CredentialsOverHttp { .. }
                | FetchError::TimedOut { .. }
                | FetchError::NotUnderstood { .. }
        )
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
