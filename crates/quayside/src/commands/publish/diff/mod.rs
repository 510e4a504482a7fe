//! `quayside publish diff`: what a build would change of what is published.

mod comment;
mod json;
mod text;

use anyhow::{Context as _, bail};
use catalogue::comparison::{Comparison, FieldChange};
use model::list::{ListLimits, read_list};
use review::Finding;
use sources::PublishedVersion;

use super::build::{failed_names, refuse_if_nothing_is_left, tell_failures};
use super::editions::Sources;
use super::{live, site};
use crate::arguments::{DiffArguments, DiffFormat};
use crate::{Ending, console};

/// Parts of a listing that are told by people's formats; JSON tells all.
const MOST_FIELDS: usize = 20;

/// How much of a version's name is told, characters.
const LONGEST_FOLDER: usize = 100;

/// What a build would change.
struct Difference<'a> {
    url: &'a str,
    /// Whether there is a site at all.
    is_published: bool,
    /// The versions of both, the lowest first.
    versions: Vec<VersionDifference>,
}

/// What it would change of one version.
struct VersionDifference {
    folder: String,
    fate: Fate,
    comparison: Comparison,
    /// Workspaces that the build leaves out, because of errors.
    left_out: usize,
    /// Workspaces of what is published that cannot be read.
    unreadable: usize,
}

/// What becomes of a version as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    New,
    Stays,
    Goes,
}

impl Fate {
    const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Stays => "published",
            Self::Goes => "gone",
        }
    }
}

pub(crate) async fn run(arguments: &DiffArguments) -> anyhow::Result<Ending> {
    // Nothing is written, so no site lies anywhere.
    let sources = Sources::open(&arguments.source, std::path::Path::new("public"))?;
    tell_failures(&sources);
    refuse_if_nothing_is_left(&sources)?;
    let live = live::read_all(&arguments.url)
        .await
        .with_context(|| format!("failed to read what is published at `{}`", arguments.url))?;
    let difference = compare(&arguments.url, &sources, &live)?;
    let format = if arguments.json {
        DiffFormat::Json
    } else {
        arguments.format
    };
    console::data(
        match format {
            DiffFormat::Text => text::render(&difference),
            DiffFormat::Json => json::render(&difference)?,
            DiffFormat::Comment => comment::render(&difference),
        }
        .trim_end(),
    );
    if !sources.failed.is_empty() {
        bail!(
            "{} could not be compared; the others were",
            failed_names(&sources)
        );
    }
    Ok(Ending::Done)
}

fn compare<'a>(
    url: &'a str,
    sources: &Sources,
    live: &[PublishedVersion],
) -> anyhow::Result<Difference<'a>> {
    let (built, lists) = site::rehearse(sources)?;
    let mut versions = Vec::new();
    for (prepared, built) in sources.editions.iter().zip(&built) {
        let folder = &prepared.folder;
        let list = lists.0.get(folder).context("every edition has a list")?;
        let limits = ListLimits {
            max_bytes: list.len(),
            ..ListLimits::default()
        };
        let list = read_list(list, &limits)
            .with_context(|| format!("consumers could not read version `{folder}`"))?;
        let before = live.iter().find(|version| version.folder == *folder);
        let before = before.map(|version| &version.list);
        versions.push(VersionDifference {
            folder: folder.clone(),
            fate: if before.is_some() {
                Fate::Stays
            } else {
                Fate::New
            },
            comparison: Comparison::of(before, &list),
            left_out: built.left_out,
            unreadable: before.map_or(0, |list| list.set_aside.len()),
        });
    }
    let may_have_failed = |folder: &str| {
        let mut failed = sources.failed.iter();
        failed.any(|failed| failed.folder.as_deref().is_none_or(|known| known == folder))
    };
    for PublishedVersion { folder, list } in live {
        let is_built = versions.iter().any(|version| version.folder == *folder);
        if is_built || may_have_failed(folder) {
            continue;
        }
        // A folder is one version; the others of a site are built from elsewhere.
        if sources.is_whole {
            versions.push(VersionDifference {
                folder: folder.clone(),
                fate: Fate::Goes,
                comparison: Comparison::of_removed(list),
                left_out: 0,
                unreadable: list.set_aside.len(),
            });
        } else {
            console::note(&format!(
                "note: version `{}` is published too, and not compared: this build does not make it",
                line_of(folder, LONGEST_FOLDER)
            ));
        }
    }
    Ok(Difference {
        url,
        is_published: !live.is_empty(),
        versions,
    })
}

impl Difference<'_> {
    /// The whole in one sentence.
    fn summary(&self) -> String {
        let sum = |count: fn(&Comparison) -> usize| -> usize {
            let versions = self.versions.iter();
            versions.map(|version| count(&version.comparison)).sum()
        };
        let counts = [
            (sum(|of| of.added.len()), "added"),
            (sum(|of| of.changed.len()), "changed"),
            (sum(|of| of.removed.len()), "removed"),
        ];
        let told: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{} {word}", console::count(*count, "workspace")))
            .collect();
        let line = if told.is_empty() {
            "No workspace changes".to_owned()
        } else {
            told.join(", ")
        };
        match sum(Comparison::wider) {
            0 => line,
            wider => format!("{line}; {wider} may do more than before"),
        }
    }
}

impl VersionDifference {
    /// How many listings come, change, go and stay.
    fn summary(&self) -> String {
        let comparison = &self.comparison;
        let counts = [
            (comparison.added.len(), "added"),
            (comparison.changed.len(), "changed"),
            (comparison.removed.len(), "removed"),
            (comparison.unchanged, "unchanged"),
        ];
        let told: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        match told.as_slice() {
            [] => "no workspaces".to_owned(),
            told => told.join(", "),
        }
    }

    /// What keeps the comparison from being whole.
    fn caveats(&self) -> Vec<String> {
        let mut caveats = Vec::new();
        if self.left_out > 0 {
            caveats.push(format!(
                "{} left out because of errors: `quayside publish check` says why",
                console::count(self.left_out, "workspace")
            ));
        }
        if self.unreadable > 0 {
            caveats.push(format!(
                "{} of what is published cannot be read, and cannot be compared",
                console::count(self.unreadable, "workspace")
            ));
        }
        caveats
    }
}

/// Where a finding stands, as fields are told.
fn path_of(finding: &Finding) -> String {
    let section = finding.section.path();
    if finding.property.is_empty() || finding.property == section {
        section
    } else {
        format!("{section}.{}", finding.property)
    }
}

/// A text of a registry in one line: cut, and without what would change how a terminal or a page shows what follows.
fn line_of(text: &str, longest: usize) -> String {
    let mut line: String = text.chars().take(longest).map(shown).collect();
    if text.chars().nth(longest).is_some() {
        line.push('…');
    }
    line
}

fn shown(sign: char) -> char {
    if is_hidden(sign) { '\u{fffd}' } else { sign }
}

/// Whether a sign does something instead of being seen: orders to a terminal, and signs that turn the direction of
/// writing, which make a line say what it does not.
fn is_hidden(sign: char) -> bool {
    let is_turn = matches!(
        sign,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    sign.is_control() || is_turn
}

/// The fields that are told, and how many more there are.
fn first_fields(fields: &[FieldChange]) -> (&[FieldChange], usize) {
    let told = &fields[..fields.len().min(MOST_FIELDS)];
    (told, fields.len() - told.len())
}
