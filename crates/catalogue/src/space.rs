//! What the size widget shows: space needed and free, per agent and in all.

use std::collections::HashMap;

use model::AgentId;

use crate::PlacementState;

/// Bytes of a decimal megabyte, the unit of published sizes.
pub const BYTES_PER_MB: u64 = 1_000_000;

/// An agent and the disk of its image store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentDisk<'a> {
    /// The agent.
    pub agent: AgentId,
    /// Its name.
    pub name: &'a str,
    /// Its host: file systems are told apart within one host only.
    pub host: &'a str,
    /// Which file system of the host; absent where the agent cannot tell.
    pub filesystem: Option<&'a str>,
    /// Bytes free; absent where the agent cannot see the disk.
    pub free_bytes: Option<u64>,
}

/// What one placement needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacementNeed {
    /// The agent it is for.
    pub agent: AgentId,
    /// Its state: one that is ready or being taken away needs nothing.
    pub state: PlacementState,
    /// Bytes it takes unpacked: the pinned image's own once known, else the publisher's
    /// estimate, else absent.
    pub bytes: Option<u64>,
}

/// Space on one agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentSpace {
    /// The agent.
    pub agent: AgentId,
    /// Bytes free; absent when it cannot tell.
    pub free_bytes: Option<u64>,
    /// Bytes that its own unfinished placements need.
    pub needed_bytes: u64,
    /// Bytes left once everything on its file system is done, below 0 when it will not fit.
    pub after_bytes: Option<i64>,
    /// Unfinished placements of unknown size, so that the estimate is known to be short.
    pub unknown_sizes: u32,
}

/// Space on all agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// Bytes needed on the agent where most is needed; a worst case.
    pub needed_bytes: u64,
    /// Agents where something is needed; all of them when nothing is.
    pub agent_count: u32,
    /// Bytes free, each file system counted once; absent when no agent can tell.
    pub free_bytes: Option<u64>,
    /// Agents that cannot tell what is free.
    pub unknown_agents: u32,
    /// One for each agent, in the order given.
    pub agents: Vec<AgentSpace>,
    /// The agent with the least left afterwards.
    pub tightest: Option<AgentId>,
}

/// Sums up what is needed and what is free.
pub fn space(agents: &[AgentDisk<'_>], placements: &[PlacementNeed]) -> Space {
    let mut needs: HashMap<AgentId, Need> = HashMap::new();
    for placement in placements {
        if matches!(
            placement.state,
            PlacementState::Ready | PlacementState::Removing
        ) {
            continue;
        }
        let need = needs.entry(placement.agent).or_default();
        match placement.bytes {
            Some(bytes) => need.bytes = need.bytes.saturating_add(bytes),
            None => need.unknown_sizes += 1,
        }
    }
    let need_of = |agent: &AgentDisk<'_>| needs.get(&agent.agent).copied().unwrap_or_default();

    // Agents on one file system draw from the same free bytes. Each measures for itself and at
    // its own time; the least of their answers is the careful one.
    let mut filesystems: HashMap<FilesystemKey<'_>, Filesystem> = HashMap::new();
    for agent in agents {
        let Some(free) = agent.free_bytes else {
            continue;
        };
        let filesystem = filesystems
            .entry(FilesystemKey::of(agent))
            .or_insert(Filesystem { free, needed: 0 });
        filesystem.free = filesystem.free.min(free);
        filesystem.needed = filesystem.needed.saturating_add(need_of(agent).bytes);
    }

    let lines: Vec<AgentSpace> = agents
        .iter()
        .map(|agent| {
            let need = need_of(agent);
            let filesystem = agent
                .free_bytes
                .and_then(|_| filesystems.get(&FilesystemKey::of(agent)));
            AgentSpace {
                agent: agent.agent,
                free_bytes: filesystem.map(|filesystem| filesystem.free),
                needed_bytes: need.bytes,
                after_bytes: filesystem.map(Filesystem::after),
                unknown_sizes: need.unknown_sizes,
            }
        })
        .collect();
    let needing = lines
        .iter()
        .filter(|line| line.needed_bytes > 0 || line.unknown_sizes > 0);
    let agent_count = match needing.count() {
        0 => lines.len(),
        count => count,
    };
    let tightest = lines
        .iter()
        .zip(agents)
        .filter_map(|(line, agent)| Some((line.after_bytes?, agent.name, line.agent)))
        .min()
        .map(|(_, _, agent)| agent);
    Space {
        needed_bytes: lines
            .iter()
            .map(|line| line.needed_bytes)
            .max()
            .unwrap_or(0),
        agent_count: agent_count as u32,
        free_bytes: (!filesystems.is_empty()).then(|| {
            filesystems
                .values()
                .fold(0, |sum, one| one.free.saturating_add(sum))
        }),
        unknown_agents: lines
            .iter()
            .filter(|line| line.free_bytes.is_none())
            .count() as u32,
        agents: lines,
        tightest,
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Need {
    bytes: u64,
    unknown_sizes: u32,
}

/// An agent that cannot name its file system is taken to have its own.
#[derive(PartialEq, Eq, Hash)]
enum FilesystemKey<'a> {
    Named(&'a str, &'a str),
    Own(AgentId),
}

impl<'a> FilesystemKey<'a> {
    fn of(agent: &AgentDisk<'a>) -> Self {
        match agent.filesystem {
            Some(filesystem) => Self::Named(agent.host, filesystem),
            None => Self::Own(agent.agent),
        }
    }
}

struct Filesystem {
    free: u64,
    needed: u64,
}

impl Filesystem {
    fn after(&self) -> i64 {
        let after = i128::from(self.free) - i128::from(self.needed);
        i64::try_from(after).unwrap_or(if after < 0 { i64::MIN } else { i64::MAX })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::agent_id;

    const GB: u64 = 1_000_000_000;

    fn disk(
        number: u32,
        host: &'static str,
        filesystem: &'static str,
        free: u64,
    ) -> AgentDisk<'static> {
        AgentDisk {
            agent: agent_id(number),
            name: ["a", "b", "c", "d"][number as usize],
            host,
            filesystem: Some(filesystem),
            free_bytes: Some(free),
        }
    }

    fn need(number: u32, state: PlacementState, bytes: u64) -> PlacementNeed {
        PlacementNeed {
            agent: agent_id(number),
            state,
            bytes: Some(bytes),
        }
    }

    #[test]
    fn needs_are_shown_where_most_is_needed() {
        let agents = [disk(0, "one", "/", 100 * GB), disk(1, "two", "/", 20 * GB)];
        let placements = [
            need(0, PlacementState::Waiting, 3 * GB),
            need(0, PlacementState::Pulling, 4 * GB),
            need(0, PlacementState::Ready, 50 * GB),
            need(1, PlacementState::Waiting, 11 * GB),
            need(1, PlacementState::Removing, 50 * GB),
        ];
        let space = space(&agents, &placements);
        assert_eq!(space.needed_bytes, 11 * GB);
        assert_eq!(space.agent_count, 2);
        assert_eq!(space.free_bytes, Some(120 * GB));
        assert_eq!(space.tightest, Some(agent_id(1)));
        assert_eq!(space.agents[0].after_bytes, Some(93 * GB as i64));
        assert_eq!(space.agents[1].after_bytes, Some(9 * GB as i64));
    }

    #[test]
    fn a_file_system_counts_once_and_both_draw_from_it() {
        let agents = [
            disk(0, "one", "8:1", 10 * GB),
            disk(1, "one", "8:1", 9 * GB),
            disk(2, "two", "8:1", 5 * GB),
        ];
        let placements = [
            need(0, PlacementState::Waiting, 4 * GB),
            need(1, PlacementState::Failed, 7 * GB),
        ];
        let space = space(&agents, &placements);
        assert_eq!(space.free_bytes, Some(14 * GB));
        assert_eq!(space.agents[0].needed_bytes, 4 * GB);
        assert_eq!(space.agents[0].after_bytes, Some(-2 * GB as i64));
        assert_eq!(space.agents[1].after_bytes, Some(-2 * GB as i64));
        assert_eq!(space.agents[2].after_bytes, Some(5 * GB as i64));
        assert_eq!(space.tightest, Some(agent_id(0)));
    }

    #[test]
    fn unknown_is_never_nought() {
        let mut blind = disk(0, "one", "/", 0);
        blind.free_bytes = None;
        let alone = space(
            std::slice::from_ref(&blind),
            &[need(0, PlacementState::Waiting, GB)],
        );
        assert_eq!(
            (alone.free_bytes, alone.tightest, alone.unknown_agents),
            (None, None, 1)
        );
        assert_eq!(alone.agents[0].after_bytes, None);

        let both = space(&[blind, disk(1, "one", "/", 7 * GB)], &[]);
        assert_eq!((both.free_bytes, both.unknown_agents), (Some(7 * GB), 1));
        assert_eq!(both.agents[0].free_bytes, None);
        assert_eq!(both.tightest, Some(agent_id(1)));
    }

    #[test]
    fn an_unnamed_file_system_is_the_agents_own() {
        let mut agents = [disk(0, "one", "/", 2 * GB), disk(1, "one", "/", 3 * GB)];
        agents[0].filesystem = None;
        agents[1].filesystem = None;
        assert_eq!(space(&agents, &[]).free_bytes, Some(5 * GB));
    }

    #[test]
    fn unknown_sizes_are_counted() {
        let unknown = PlacementNeed {
            agent: agent_id(0),
            state: PlacementState::Waiting,
            bytes: None,
        };
        let agents = [disk(0, "one", "/", GB), disk(1, "two", "/", GB)];
        let space = space(&agents, &[unknown]);
        assert_eq!((space.needed_bytes, space.agent_count), (0, 1));
        assert_eq!(space.agents[0].unknown_sizes, 1);
    }

    #[test]
    fn without_need_or_agents_there_is_still_an_answer() {
        let nothing = space(&[], &[]);
        assert_eq!(
            (
                nothing.needed_bytes,
                nothing.agent_count,
                nothing.free_bytes
            ),
            (0, 0, None)
        );
        let agents = [disk(0, "one", "/", GB), disk(1, "two", "/", GB)];
        assert_eq!(space(&agents, &[]).agent_count, 2);
    }

    #[test]
    fn absurd_sizes_do_not_overflow() {
        let agents = [disk(0, "one", "/", u64::MAX), disk(1, "two", "/", u64::MAX)];
        let placements = [
            need(0, PlacementState::Waiting, u64::MAX),
            need(0, PlacementState::Waiting, u64::MAX),
        ];
        let space = space(&agents, &placements);
        assert_eq!(space.free_bytes, Some(u64::MAX));
        assert_eq!(space.agents[0].after_bytes, Some(0));
        assert_eq!(space.agents[1].after_bytes, Some(i64::MAX));
    }
}
