use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use model::AgentId;

/// So long after its last word an agent still counts as connected.
const CONNECTED: Duration = Duration::from_secs(30);

/// Which of the programs that have an agent's token is that agent: two would undo each other's work, so the second is
/// refused while the first is connected.
///
/// Each server knows only who spoke to it. That is enough to notice a token that was copied, in time.
#[derive(Debug, Default)]
pub(crate) struct Instances {
    holders: Mutex<HashMap<AgentId, Holder>>,
}

#[derive(Debug)]
struct Holder {
    instance: String,
    at: Instant,
    /// Who was refused last.
    refused: Option<String>,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It comes from the agent.
    Granted,
    /// It comes from another program with its token.
    Refused {
        /// Whether that is the first time.
        is_news: bool,
    },
}

impl Instances {
    /// Takes a request of an agent from one of the programs that have its token.
    pub(crate) fn admit(&self, agent: AgentId, instance: &str, now: Instant) -> Admission {
        let mut holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(holder) = holders.get_mut(&agent)
            && holder.instance != instance
            && now.saturating_duration_since(holder.at) <= CONNECTED
        {
            let is_news = holder.refused.as_deref() != Some(instance);
            holder.refused = Some(instance.to_owned());
            return Admission::Refused { is_news };
        }
        let holder = holders.entry(agent).or_insert_with(|| Holder {
            instance: instance.to_owned(),
            at: now,
            refused: None,
        });
        if holder.instance != instance {
            instance.clone_into(&mut holder.instance);
            holder.refused = None;
        }
        holder.at = now;
        Admission::Granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_refused_until_the_first_was_silent_for_long() {
        let instances = Instances::default();
        let start = Instant::now();
        let agent = AgentId::from_uuid(uuid::Uuid::now_v7());
        let admit = |instance, seconds| {
            instances.admit(agent, instance, start + Duration::from_secs(seconds))
        };
        assert_eq!(admit("a", 0), Admission::Granted);
        assert_eq!(admit("b", 1), Admission::Refused { is_news: true });
        assert_eq!(admit("a", 20), Admission::Granted);
        assert_eq!(admit("b", 50), Admission::Refused { is_news: false });
        assert_eq!(admit("b", 51), Admission::Granted);
        assert_eq!(admit("a", 52), Admission::Refused { is_news: true });
        let other = AgentId::from_uuid(uuid::Uuid::now_v7());
        assert_eq!(instances.admit(other, "a", start), Admission::Granted);
    }
}
