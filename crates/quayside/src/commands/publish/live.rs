//! What is published now, and what of it a build would lose.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::time::Duration;

use model::list::{ListDocument, ListLimits, read_list};
use outbound::{Client, ClientConfig};
use sources::{PublishedVersion, RegistryAddress};

use super::editions::Sources;
use super::site::Lists;
use crate::console;

/// The longest that all of a published site may take to be read.
const PATIENCE: Duration = Duration::from_mins(2);
/// So many names are told of what is gone.
const MOST_NAMES: usize = 10;

/// What is published and would be no more.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// A whole version.
    Version {
        /// Its folder.
        folder: String,
        /// How many workspaces it has.
        workspaces: usize,
    },
    /// Some workspaces of a version that stays.
    Workspaces {
        /// Its folder.
        folder: String,
        /// How many there are, and how many there will be.
        from_to: (usize, usize),
        /// The names of those that go.
        names: Vec<String>,
    },
}

impl fmt::Display for Loss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { folder, workspaces } => {
                let workspaces = console::count(*workspaces, "workspace");
                write!(formatter, "version `{folder}`, {workspaces}")
            }
            Self::Workspaces {
                folder,
                from_to: (from, to),
                names,
            } => {
                let more = match names.len().saturating_sub(MOST_NAMES) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                let some: Vec<String> = names
                    .iter()
                    .take(MOST_NAMES)
                    .map(|name| format!("`{}`", console::visible(name)))
                    .collect();
                write!(
                    formatter,
                    "{} of {from} workspaces of version `{folder}`: {}{more}",
                    from.saturating_sub(*to),
                    some.join(", ")
                )
            }
        }
    }
}

/// Reads what is published. Where that cannot be told, it is an error, unless nothing hangs on it.
pub(super) async fn read(
    address: &str,
    allow_failure: bool,
) -> anyhow::Result<Vec<PublishedVersion>> {
    match read_all(address).await {
        Ok(live) => {
            if live.is_empty() {
                console::note(&format!(
                    "nothing is published at {address} yet (404), so nothing was compared; check the address if it should be"
                ));
            }
            Ok(live)
        }
        Err(error) if allow_failure => {
            console::note(&format!("warning: {error:#}"));
            Ok(Vec::new())
        }
        Err(error) => Err(error.context(
            "failed to compare with what is published, so nothing was written; pass `--allow-shrink` to publish without comparing",
        )),
    }
}

/// Reads every version that is published under an address.
pub(super) async fn read_all(address: &str) -> anyhow::Result<Vec<PublishedVersion>> {
    let address = RegistryAddress::parse(address)
        .map_err(|error| anyhow::anyhow!("`{address}` is no address of a registry: {error}"))?;
    let client = Client::new(ClientConfig::default())?;
    Ok(sources::read_published(&client, &address, PATIENCE).await?)
}

/// What would be gone once this build takes the place of what is published.
pub(super) fn losses(
    live: &[PublishedVersion],
    lists: &Lists,
    sources: &Sources,
    out: &Path,
) -> Vec<Loss> {
    let mut next: BTreeMap<&str, ListDocument> = BTreeMap::new();
    for (folder, bytes) in &lists.0 {
        if let Ok(list) = read_list(bytes, &ListLimits::default()) {
            next.insert(folder, list);
        }
    }
    let mut losses = Vec::new();
    for PublishedVersion { folder, list } in live {
        let kept;
        let found = match next.get(folder.as_str()) {
            Some(list) => Some(list),
            // Versions that earlier builds wrote are published with the rest.
            None if sources.is_whole => None,
            None => {
                kept = std::fs::read(out.join(folder).join("list.json"))
                    .ok()
                    .and_then(|bytes| read_list(&bytes, &ListLimits::default()).ok());
                kept.as_ref()
            }
        };
        losses.extend(loss(folder, list, found));
    }
    losses
}

fn loss(folder: &str, live: &ListDocument, next: Option<&ListDocument>) -> Option<Loss> {
    let from = live.entries.len();
    let Some(next) = next else {
        return Some(Loss::Version {
            folder: folder.to_owned(),
            workspaces: from,
        });
    };
    let to = next.entries.len();
    if to >= from {
        return None;
    }
    let stay: BTreeSet<&str> = next
        .entries
        .iter()
        .map(|entry| entry.definition.friendly_name.as_str())
        .collect();
    let names = live
        .entries
        .iter()
        .map(|entry| entry.definition.friendly_name.as_str())
        .filter(|name| !stay.contains(name));
    Some(Loss::Workspaces {
        folder: folder.to_owned(),
        from_to: (from, to),
        names: names.map(str::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> ListDocument {
        let workspaces: Vec<String> = names
            .iter()
            .map(|name| {
                format!(r#"{{"friendly_name":"{name}","name":"a/b:1","compatibility":["1.14.x"]}}"#)
            })
            .collect();
        let text = format!(r#"{{"name":"X","workspaces":[{}]}}"#, workspaces.join(","));
        read_list(text.as_bytes(), &ListLimits::default()).unwrap()
    }

    #[test]
    fn only_what_becomes_less_is_a_loss() {
        let (one, two) = (list(&["A"]), list(&["A", "B"]));
        assert_eq!(loss("1.1", &two, Some(&two)), None);
        assert_eq!(loss("1.1", &one, Some(&two)), None);
        assert_eq!(loss("1.1", &list(&["A", "C"]), Some(&two)), None, "renamed");
        assert_eq!(
            loss("1.1", &two, Some(&one)).unwrap().to_string(),
            "1 of 2 workspaces of version `1.1`: `B`"
        );
        assert_eq!(
            loss("1.0", &two, None).unwrap().to_string(),
            "version `1.0`, 2 workspaces"
        );
    }
}
