use diagnostics::Diagnostic;
use model::definition::Definition;

use crate::context::All;
use crate::discover::Place;
use crate::icons::{Icons, Reserved};
use crate::listed::Listed;
use crate::memory::{self, Recollection, Remembering};
use crate::report::Report;
use crate::rules::{self, icon_name_taken};
use crate::summary::Summary;
use crate::workspace::{Workspace, read_workspace};
use crate::{BuildError, Config, Fingerprint, Output, SourceTree};

/// How many workspaces there are.
pub(crate) struct Counts {
    pub(crate) workspaces: usize,
    pub(crate) left_out: usize,
}

/// Who takes the workspaces.
pub(crate) trait Taker {
    /// Takes a workspace; `icon` is the path of its icon, if that was published.
    ///
    /// One that was remembered comes without its definition. If that is needed, because a file is not in place, nothing
    /// is taken, and the workspace comes again.
    fn take(
        &mut self,
        listed: &mut Listed,
        definition: Option<&Definition>,
        icon: Option<&str>,
        output: &mut Output<'_>,
    ) -> Result<bool, BuildError>;
}

/// What a build remembers of the one before, and for the next one.
pub(crate) struct Memories<'m> {
    pub(crate) before: Recollection<'m>,
    pub(crate) after: Remembering,
}

/// What there is of a workspace only where it was read.
struct Fresh<'w> {
    definition: &'w Definition,
    icon: Vec<u8>,
}

/// What became of a workspace.
enum Outcome {
    /// It was published; what there is to say about it beside the others.
    Published(Option<Diagnostic>),
    /// A file of one that was remembered is not in place.
    NotInPlace,
}

/// Takes one workspace after the other.
struct Reading<'r, 'o> {
    tree: &'r dyn SourceTree,
    config: Option<&'r Config>,
    output: &'r mut Output<'o>,
    report: &'r mut Report,
    taker: &'r mut dyn Taker,
    icons: Icons,
    summaries: Vec<Summary>,
    /// How long the list is up to here, with the comma that follows.
    listed_bytes: usize,
}

/// Reads and checks the workspaces of `places`, one after the other: icons go to the output, workspaces that can be
/// published to the taker, and what there is to say to the report. What is remembered is not read.
pub(crate) fn read_workspaces(
    tree: &dyn SourceTree,
    places: Vec<Place>,
    config: Option<&Config>,
    mut memories: Option<&mut Memories<'_>>,
    output: &mut Output<'_>,
    report: &mut Report,
    taker: &mut dyn Taker,
) -> Result<Counts, BuildError> {
    let count = places.len();
    let mut reading = Reading {
        tree,
        config,
        output,
        report,
        taker,
        icons: Icons::default(),
        summaries: Vec::new(),
        listed_bytes: 0,
    };
    for place in places {
        let signature = match memories {
            Some(_) => memory::signature(tree, &place),
            None => None,
        };
        let listed = match (&mut memories, signature) {
            (Some(memories), Some(signature)) => {
                reading.recall_or_read(&place, signature, memories)?
            }
            _ => reading.read(&place)?,
        };
        reading
            .summaries
            .extend(listed.map(|listed| listed.summary));
    }
    let all = All {
        tree,
        config,
        workspaces: &reading.summaries,
        left_out: count - reading.summaries.len(),
    };
    rules::check_all(&all, reading.report);
    Ok(Counts {
        workspaces: all.workspaces.len(),
        left_out: all.left_out,
    })
}

impl Reading<'_, '_> {
    fn recall_or_read(
        &mut self,
        place: &Place,
        signature: Fingerprint,
        memories: &mut Memories<'_>,
    ) -> Result<Option<Listed>, BuildError> {
        let start = self.listed_bytes;
        if let Some(mut recalled) = memories.before.recall(&place.folder, signature)
            && let Outcome::Published(more) = self.publish(&mut recalled.listed, None)?
        {
            memories.after.keep(signature, &recalled, start);
            self.report.repeat(recalled.diagnostics);
            self.add(more);
            return Ok(Some(recalled.listed));
        }
        let listed = self.read(place)?;
        if let Some(listed) = &listed {
            let said = self.report.of_last_workspace();
            memories.after.add(signature, listed, start, said);
        }
        Ok(listed)
    }

    fn read(&mut self, place: &Place) -> Result<Option<Listed>, BuildError> {
        let Some(workspace) = read_workspace(self.tree, place, self.config, self.report) else {
            return Ok(None);
        };
        let Workspace {
            mut listed,
            definition,
            icon,
        } = workspace;
        let fresh = Fresh {
            definition: &definition,
            icon,
        };
        if let Outcome::Published(more) = self.publish(&mut listed, Some(fresh))? {
            self.add(more);
        }
        Ok(Some(listed))
    }

    fn add(&mut self, found: Option<Diagnostic>) {
        if let Some(found) = found {
            self.report.add(found);
        }
    }

    /// Publishes a workspace, unless a file of one that was remembered is not in place.
    fn publish(
        &mut self,
        listed: &mut Listed,
        fresh: Option<Fresh<'_>>,
    ) -> Result<Outcome, BuildError> {
        let (definition, bytes) = fresh.map_or((None, None), |fresh| {
            (Some(fresh.definition), Some(fresh.icon))
        });
        let reserved = listed.icon.as_ref().map(|icon| self.icons.reserve(icon));
        let mut path = None;
        if let (Some(icon), Some(Reserved::New | Reserved::Same)) = (&listed.icon, &reserved) {
            let written = format!("icons/{}", icon.path);
            let content = Fingerprint(icon.content);
            if matches!(reserved, Some(Reserved::New)) && !self.output.holds(&written, content) {
                let Some(bytes) = bytes else {
                    return Ok(Outcome::NotInPlace);
                };
                self.output.write_made(&written, content, bytes)?;
            }
            path = Some(written);
        }
        let is_taken = self
            .taker
            .take(listed, definition, path.as_deref(), self.output)?;
        if !is_taken {
            return Ok(Outcome::NotInPlace);
        }
        self.listed_bytes += listed.listing.len() + 1;
        let more = match (&listed.icon, reserved) {
            (Some(icon), Some(Reserved::New)) => {
                self.icons.keep(icon, &listed.summary.name);
                None
            }
            (Some(icon), Some(Reserved::Taken(other))) => {
                Some(icon_name_taken::found(&listed.summary, icon, &other))
            }
            _ => None,
        };
        Ok(Outcome::Published(more))
    }
}
