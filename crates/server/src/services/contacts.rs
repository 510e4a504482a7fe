use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use api::AgentContact;
use model::AgentId;

const LATE: Duration = Duration::from_secs(30);
const OFFLINE: Duration = Duration::from_mins(1);

/// When agents were last heard of, by this server's monotonic clock: a wrong wall clock makes nobody late.
///
/// The database counts contacts. Where several servers share it, each sees the others' agents by that count going up.
#[derive(Debug)]
pub(crate) struct Contacts {
    started: Instant,
    seen: Mutex<HashMap<AgentId, Seen>>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    count: i64,
    at: Instant,
}

impl Contacts {
    /// Agents not heard of yet count from the server's start.
    pub(crate) fn new(started: Instant) -> Self {
        Self {
            started,
            seen: Mutex::default(),
        }
    }

    /// An agent spoke to this server.
    pub(crate) fn heard(&self, agent: AgentId, now: Instant) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = seen.entry(agent).or_insert(Seen { count: -1, at: now });
        entry.at = now;
    }

    /// What the database says of an agent, and with it whether it is heard of.
    pub(crate) fn contact(&self, agent: AgentId, count: i64, now: Instant) -> AgentContact {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let started = self.started;
        let entry = seen.entry(agent).or_insert(Seen { count, at: started });
        if entry.count != count {
            // The first look after a start says nothing about when the contact was.
            if entry.count >= 0 && count > entry.count {
                entry.at = entry.at.max(now);
            }
            entry.count = count;
        }
        match now.saturating_duration_since(entry.at) {
            age if age <= LATE => AgentContact::Online,
            age if age <= OFFLINE => AgentContact::Late,
            _ => AgentContact::Offline,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_becomes_late_then_offline_and_comes_back() {
        let start = Instant::now();
        let contacts = Contacts::new(start);
        let agent = AgentId::from_uuid(uuid::Uuid::now_v7());
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(
            contacts.contact(agent, 7, after(10)),
            AgentContact::Online,
            "a restart counts from the start"
        );
        assert_eq!(contacts.contact(agent, 7, after(31)), AgentContact::Late);
        assert_eq!(contacts.contact(agent, 7, after(61)), AgentContact::Offline);
        assert_eq!(
            contacts.contact(agent, 8, after(62)),
            AgentContact::Online,
            "another server heard of it"
        );
        contacts.heard(agent, after(100));
        assert_eq!(contacts.contact(agent, 8, after(120)), AgentContact::Online);
    }
}
