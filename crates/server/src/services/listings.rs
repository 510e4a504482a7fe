//! Searching and showing listings.

use std::collections::{BTreeSet, HashMap};

use api::{
    Compatibility, Facet, Facets, Finding, InstalledBrief, ListingDetail, ListingSummary,
    ListingsQuery, Paged, RegistryRef, SortOrder, Unfit, UnfitListings, Workspace,
};
use catalogue::{Hit, Index, InstalledFilter, Query, Sort};
use model::definition::{CompatibilityEntry, Definition, NoFit, WantedChannel, WantedVersion};
use model::{ListingId, RegistryId};
use serde_json::value::RawValue;
use store::{RegistryRow, ShownListing};

use crate::app::App;
use crate::clock::date;
use crate::error::{AppError, AppResult};
use crate::paging;
use crate::services::catalogue::{RegistryFacts, Snapshot};
use crate::services::read_listings::{Offer, ReadListing};
use crate::services::{definitions, installs};

/// The longest search looked at, characters.
const LONGEST_SEARCH: usize = 200;

/// The path of an icon on this server; one with initials where there is none.
pub(crate) fn icon_path(hash: Option<&str>, name: &str) -> String {
    match hash {
        Some(hash) => format!("/icons/{hash}"),
        None => format!("/icons/initials/{}", initials(name)),
    }
}

/// Up to two letters of a name, for a drawn icon.
fn initials(name: &str) -> String {
    let words = name
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let letters: String = words
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    let text = if letters.is_empty() {
        "?".to_owned()
    } else {
        letters
    };
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The name of a registry; its host until the first list was read.
pub(crate) fn registry_name(row: &RegistryRow) -> String {
    let named = row
        .name
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    named.map_or_else(
        || {
            let host = url::Url::parse(&row.url)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned));
            host.unwrap_or_else(|| row.url.clone())
        },
        str::to_owned,
    )
}

/// Security findings as the API shows them.
pub(crate) fn findings(definition: &Definition) -> Vec<Finding> {
    review::review(definition)
        .into_iter()
        .map(|finding| Finding {
            id: finding.id.as_str().to_owned(),
            section: finding.section.path(),
            section_label: finding.section.label().to_owned(),
            property: finding.property,
            value: finding.value,
        })
        .collect()
}

/// Whether a tile carries the red border and triangle.
pub(crate) fn is_flagged(definition: &Definition) -> bool {
    !review::review(definition).is_empty()
}

/// A query with its texts as the rules want them.
struct Wanted {
    version: WantedVersion,
    channel: WantedChannel,
    installed: Vec<ListingId>,
    /// What the agents are; empty for no limit.
    architectures: Vec<String>,
}

/// Searches listings.
pub(crate) async fn list(app: &App, query: &ListingsQuery) -> AppResult<Paged<ListingSummary>> {
    let (page, per_page) = paging::check(query.page, query.per_page)?;
    let snapshot = app.catalogue.snapshot();
    let Some(index) = &snapshot.index else {
        return Ok(Paged {
            items: Vec::new(),
            total: 0,
            page,
            per_page,
            facets: Some(Facets::default()),
        });
    };
    let installed = match query.installed {
        Some(_) => app
            .store
            .workspaces()
            .list()
            .await?
            .into_iter()
            .filter_map(|row| row.listing_id)
            .collect(),
        None => Vec::new(),
    };
    let wanted = wanted(query, installed, architectures(app).await?)?;
    let found = search(app, index, query, &wanted, page, per_page)?;
    let items = summaries(app, &snapshot, &found.hits, &wanted).await?;
    Ok(Paged {
        items,
        total: found.total as u64,
        page,
        per_page,
        facets: Some(facets(found.facets, &snapshot.registries)),
    })
}

/// The architectures of all agents; none while one of them is not known, or there is no agent yet.
async fn architectures(app: &App) -> AppResult<Vec<String>> {
    let agents = app.store.agents().list().await?;
    let known: Option<BTreeSet<String>> = agents.into_iter().map(|it| it.architecture).collect();
    Ok(known.unwrap_or_default().into_iter().collect())
}

fn wanted(
    query: &ListingsQuery,
    installed: Vec<ListingId>,
    architectures: Vec<String>,
) -> AppResult<Wanted> {
    let version = match query.version.as_deref() {
        None | Some("" | "any") => WantedVersion::Any,
        Some(text) => {
            let version = text.parse().map_err(|_| {
                AppError::bad_request("`version` is `any` or a version such as `1.17.x`.")
            })?;
            WantedVersion::Exact(version)
        }
    };
    let channel = match query.channel.as_deref() {
        None | Some("" | "default") => WantedChannel::Default,
        Some(name) => WantedChannel::Named(name.to_owned()),
    };
    Ok(Wanted {
        version,
        channel,
        installed,
        architectures,
    })
}

fn search(
    app: &App,
    index: &Index,
    query: &ListingsQuery,
    wanted: &Wanted,
    page: u32,
    per_page: u32,
) -> AppResult<catalogue::Page> {
    let text = query.search.as_deref().unwrap_or_default();
    let cut = text
        .char_indices()
        .nth(LONGEST_SEARCH)
        .map_or(text, |(end, _)| &text[..end]);
    let flagged = match query.risk.as_deref() {
        None | Some("") => None,
        Some("flagged") => Some(true),
        Some("unflagged") => Some(false),
        Some(_) => return Err(AppError::bad_request("`risk` is `flagged` or `unflagged`.")),
    };
    Ok(index.search(&Query {
        search: cut,
        category: query.category.as_deref().filter(|text| !text.is_empty()),
        registry: query.registry,
        architecture: query
            .architecture
            .as_deref()
            .filter(|text| !text.is_empty()),
        version: wanted.version,
        channel: wanted.channel.clone(),
        agent_architectures: &wanted.architectures,
        show_unfit: query.unfit == Some(UnfitListings::Show),
        installed: match query.installed {
            None => InstalledFilter::Any,
            Some(true) => InstalledFilter::Only(&wanted.installed),
            Some(false) => InstalledFilter::Without(&wanted.installed),
        },
        flagged,
        sort: query.sort.map(|sort| match sort {
            SortOrder::Name => Sort::Name,
            SortOrder::Registry => Sort::Registry,
            SortOrder::Newest => Sort::Newest,
            SortOrder::Changed => Sort::Changed,
            SortOrder::Size => Sort::Size,
        }),
        page,
        per_page,
        now_ms: app.clock.now_ms(),
    }))
}

fn facets(facets: catalogue::Facets, registries: &HashMap<RegistryId, RegistryFacts>) -> Facets {
    let labelled = |counts: Vec<catalogue::LabelCount>| {
        let facet = |count: catalogue::LabelCount| Facet {
            value: count.label.clone(),
            label: count.label,
            count: count.count as u64,
        };
        counts.into_iter().map(facet).collect()
    };
    let fixed = |value: &str, label: &str, count: usize| Facet {
        value: value.to_owned(),
        label: label.to_owned(),
        count: count as u64,
    };
    Facets {
        category: labelled(facets.category),
        registry: facets
            .registry
            .into_iter()
            .map(|count| Facet {
                label: registries
                    .get(&count.id)
                    .and_then(|facts| facts.place.as_deref())
                    .map_or_else(
                        || count.name.clone(),
                        |place| format!("{} ({place})", count.name),
                    ),
                value: count.id.to_string(),
                count: count.count as u64,
            })
            .collect(),
        architecture: labelled(facets.architecture),
        risk: vec![
            fixed("flagged", "Flagged for review", facets.flagged),
            fixed("unflagged", "Not flagged", facets.unflagged),
        ],
        unfit: facets
            .unfit
            .into_iter()
            .map(|(reason, count)| match reason {
                catalogue::Unfit::Version => fixed("version", "no entry for this version", count),
                catalogue::Unfit::Channel => fixed("channel", "not in this channel", count),
                catalogue::Unfit::Architecture => {
                    fixed("architecture", "made for another architecture", count)
                }
            })
            .collect(),
    }
}

async fn summaries(
    app: &App,
    snapshot: &Snapshot,
    hits: &[Hit],
    wanted: &Wanted,
) -> AppResult<Vec<ListingSummary>> {
    let ids: Vec<ListingId> = hits.iter().map(|hit| hit.id).collect();
    let read = snapshot.read.get(app, &snapshot.registries, &ids).await?;
    let mut installed = installed(app, &ids).await?;
    let hits: HashMap<ListingId, Hit> = hits.iter().map(|hit| (hit.id, *hit)).collect();
    let summaries = read.iter().map(|listing| {
        let marks = hits
            .get(&listing.id)
            .map(|hit| (hit.is_new, hit.is_changed))
            .unwrap_or_default();
        let workspace = installed.remove(&listing.id);
        summary(snapshot, listing, marks, wanted, workspace)
    });
    Ok(summaries.collect())
}

/// What is installed from listings: the oldest of each.
async fn installed(app: &App, ids: &[ListingId]) -> AppResult<HashMap<ListingId, Workspace>> {
    let mut found = HashMap::new();
    for workspace in installs::of_listings(app, ids).await? {
        if let Some(listing) = workspace.listing {
            found.entry(listing).or_insert(workspace);
        }
    }
    Ok(found)
}

fn summary(
    snapshot: &Snapshot,
    listing: &ReadListing,
    (is_new, is_changed): (bool, bool),
    wanted: &Wanted,
    installed: Option<Workspace>,
) -> ListingSummary {
    let definition = &listing.definition;
    let registry = snapshot.registries.get(&listing.registry_id);
    let default_channel = registry.and_then(|registry| registry.default_channel.as_deref());
    let offer = if wanted.is_usual() {
        Ok(listing.usual.clone())
    } else {
        definition
            .choose(&wanted.version, &wanted.channel, default_channel)
            .map(Offer::new)
    };
    let (choice, unfit) = match offer {
        Ok(Offer { choice, trouble }) => {
            let unfit = trouble.map(|detail| Unfit::Image { detail });
            let foreign = || (!wanted.has_agent_for(definition)).then_some(Unfit::Architecture);
            (choice, unfit.or_else(foreign))
        }
        Err(reason) => (listing.usual.choice.clone(), Some(unfit(reason, wanted))),
    };
    ListingSummary {
        id: listing.id,
        registry: RegistryRef {
            id: listing.registry_id,
            name: registry
                .map(|registry| registry.name.clone())
                .unwrap_or_default(),
            place: registry.and_then(|registry| registry.place.clone()),
        },
        friendly_name: definition.friendly_name.clone(),
        description: definition.description.clone(),
        notes: definition.notes.clone(),
        icon: icon_path(listing.icon_hash.as_deref(), &definition.friendly_name),
        architectures: definition.architectures.clone(),
        categories: definition.categories.clone(),
        image: choice.image,
        version: choice.version,
        channel: choice.channel,
        uncompressed_size_mb: choice.uncompressed_size_mb,
        warned: !listing.findings.is_empty(),
        findings: listing.findings.clone(),
        is_new,
        is_changed,
        withdrawn: listing.withdrawn,
        unfit,
        installed: installed.map(|workspace| InstalledBrief {
            id: workspace.id,
            state: workspace.state,
            percent: workspace.percent,
            cause: workspace.cause,
            detail: workspace.detail,
        }),
        first_seen_at: date(listing.first_seen_at),
        changed_at: date(listing.changed_at),
    }
}

fn unfit(reason: NoFit, wanted: &Wanted) -> Unfit {
    match (reason, &wanted.version, &wanted.channel) {
        (NoFit::Channel, _, WantedChannel::Named(channel)) => Unfit::Channel {
            channel: channel.clone(),
        },
        (_, WantedVersion::Exact(version), _) => Unfit::Version {
            version: version.to_string(),
        },
        _ => Unfit::Version {
            version: "any".to_owned(),
        },
    }
}

impl Wanted {
    /// Every version, in each registry's own channel.
    const fn anything(architectures: Vec<String>) -> Self {
        Self {
            version: WantedVersion::Any,
            channel: WantedChannel::Default,
            installed: Vec::new(),
            architectures,
        }
    }

    /// Whether any version and each registry's own channel are right, as they are for nearly every page.
    fn is_usual(&self) -> bool {
        self.version == WantedVersion::Any && self.channel == WantedChannel::Default
    }

    fn has_agent_for(&self, definition: &Definition) -> bool {
        let fits = |own: &String| definitions::fits_architecture(definition, Some(own));
        self.architectures.is_empty() || self.architectures.iter().any(fits)
    }
}

/// One listing, short.
pub(crate) async fn find_summary(app: &App, id: ListingId) -> AppResult<ListingSummary> {
    find(app, id).await.map(|detail| detail.summary)
}

/// One listing with all that is known of it.
pub(crate) async fn find(app: &App, id: ListingId) -> AppResult<ListingDetail> {
    let row = app
        .store
        .listings()
        .find(id)
        .await?
        .ok_or_else(|| AppError::listing_not_found(id))?;
    let sha = row.content.sha.clone();
    let row = ShownListing::from(row);
    let snapshot = app.catalogue.snapshot();
    let registry = snapshot.registries.get(&row.registry_id);
    let read = ReadListing::new(&row, definitions::read(&row.json)?.definition, registry);
    let definition = &read.definition;
    let marks = snapshot
        .index
        .as_ref()
        .and_then(|index| index.find(id, app.clock.now_ms()));
    let marks = marks
        .map(|hit| (hit.is_new, hit.is_changed))
        .unwrap_or_default();
    let workspace = installed(app, &[id]).await?.remove(&id);
    let wanted = Wanted::anything(architectures(app).await?);
    let summary = summary(&snapshot, &read, marks, &wanted, workspace);
    Ok(ListingDetail {
        summary,
        sha,
        docker_registry: definition.docker_registry.clone(),
        compatibility: definition.compatibility.iter().map(compatibility).collect(),
        cores: definition.cores.map(definitions::number_text),
        memory_mb: definition.memory_mb,
        json: RawValue::from_string(row.json).map_err(AppError::internal)?,
    })
}

fn compatibility(entry: &CompatibilityEntry) -> Compatibility {
    Compatibility {
        version: entry.version.clone(),
        image: entry.image.clone(),
        uncompressed_size_mb: entry.uncompressed_size_mb,
        available_tags: entry.available_tags.clone(),
    }
}

/// Listings of a registry that cannot be installed as published, at most 200.
pub(crate) async fn unfit_of(app: &App, registry: RegistryId) -> AppResult<Vec<ListingSummary>> {
    let query = ListingsQuery {
        registry: Some(registry),
        unfit: Some(UnfitListings::Show),
        per_page: Some(paging::MOST_PER_PAGE),
        ..ListingsQuery::default()
    };
    let page = list(app, &query).await?;
    Ok(page
        .items
        .into_iter()
        .filter(|listing| listing.unfit.is_some())
        .collect())
}
