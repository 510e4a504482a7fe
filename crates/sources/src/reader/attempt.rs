use http::StatusCode;
use model::list::{ListLimits, versions_to_try};
use outbound::{AddressKind, Client, FetchError, is_loopback_host};
use url::{Host, Url};

use super::{
    ReadFailure, ReadOutcome, ReadRequest, Step, StepReport,
    candidate::Candidate,
    failure::{FailureCause, place},
    requests::{Requests, is_no_answer},
    steps::Steps,
};
use crate::address;

/// Most bytes of a `versions.txt`; real ones have a few lines.
const MAX_VERSIONS_BYTES: u64 = 64 * 1024;

pub(super) async fn run(
    client: &Client,
    request: &ReadRequest,
    on_step: &mut (dyn FnMut(StepReport) + Send),
) -> Result<ReadOutcome, ReadFailure> {
    let mut attempt = Attempt {
        request,
        root: &request.address.root,
        requests: Requests::new(client, request),
        steps: Steps::new(on_step),
    };
    let result = attempt.run().await;
    if let Err(failure) = &result {
        attempt.steps.failed(failure);
    }
    result
}

struct Attempt<'r> {
    request: &'r ReadRequest,
    root: &'r Url,
    requests: Requests<'r>,
    steps: Steps<'r>,
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
                Found::List(list) if list.is_empty() => {
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
        let answer = self.requests.fetch(url, MAX_VERSIONS_BYTES, None).await;
        if let Err(error) = &answer
            && is_no_answer(error)
        {
            let step = self.step_without_answer(error);
            self.reached(step);
            return Err(self.requests.failed(step, error));
        }
        self.reached(Step::Versions);

        let fetched = match answer {
            Ok(fetched) => fetched,
            Err(FetchError::TooLarge { .. }) => {
                self.no_versions("`versions.txt` is too large to be one");
                return Ok(Versions::usual());
            }
            Err(error) => return Err(self.requests.failed(Step::Versions, &error)),
        };
        if let Some(failure) = self.requests.failed_status(Step::Versions, &fetched) {
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

    /// Where an attempt ended that got no answer. A host that another one led to is not the
    /// registry's: that one did answer.
    fn step_without_answer(&self, error: &FetchError) -> Step {
        let host = self.root.host_str().unwrap_or_default();
        let is_own = match error.host().strip_prefix(host) {
            Some(rest) => rest.is_empty() || rest.starts_with(':'),
            None => error.host().is_empty(),
        };
        match error {
            _ if !is_own => Step::Versions,
            FetchError::NotHttp { .. }
            | FetchError::Address { .. }
            | FetchError::CredentialsOverHttp { .. } => Step::Address,
            FetchError::NameNotResolved { .. } => Step::Dns,
            FetchError::Tls { .. } => Step::Tls,
            _ => Step::Connection,
        }
    }

    /// Tells what was passed on the way to the host, before `step`.
    fn reached(&mut self, step: Step) {
        let host = self.root.host_str().unwrap_or_default();
        let has_name = matches!(self.root.host(), Some(Host::Domain(_)));
        if has_name && Step::Dns < step {
            self.steps
                .passed(Step::Dns, format!("`{host}` is a name that resolves"));
        }
        if Step::Connection < step {
            self.steps
                .passed(Step::Connection, format!("`{host}` answers"));
        }
        if self.root.scheme() == "https" && Step::Tls < step {
            self.steps
                .passed(Step::Tls, "its certificate is trusted here");
        }
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
        let fetched = match self
            .requests
            .fetch(url, limits.max_bytes as u64, conditional)
            .await
        {
            Ok(fetched) => fetched,
            Err(error @ FetchError::TooLarge { .. }) => {
                return Ok(Found::Unusable(self.requests.failed(Step::List, &error)));
            }
            Err(error) => return Err(self.requests.failed(Step::List, &error)),
        };
        match fetched.status {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED if conditional.is_some() => return Ok(Found::Unchanged),
            status => {
                return match self.requests.failed_status(Step::List, &fetched) {
                    Some(failure) => Err(failure),
                    None => Ok(Found::Missing {
                        forbidden: status == StatusCode::FORBIDDEN,
                    }),
                };
            }
        }
        Ok(
            match Candidate::read(folder, fetched, limits, self.root).await {
                Ok(candidate) => Found::List(Box::new(candidate)),
                Err(failure) => Found::Unusable(failure),
            },
        )
    }

    /// Tells what was found and hands it over.
    fn finish(
        &mut self,
        candidate: Candidate,
        passed_over: Option<ReadFailure>,
        versions: Vec<String>,
    ) -> ReadOutcome {
        candidate.tell(&mut self.steps, passed_over);
        let from_public = self.requests.from_public;
        ReadOutcome::Read(Box::new(candidate.into_copy(
            self.root,
            from_public,
            versions,
        )))
    }
}
