use api::{AgentSpace, Space};

/// The size widget, in words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SpaceWidget<'a> {
    pub(crate) space: &'a Space,
}

impl<'a> SpaceWidget<'a> {
    pub(crate) const fn new(space: &'a Space) -> Self {
        Self { space }
    }

    /// The parts of the line, the most important first.
    pub(crate) fn parts(self) -> Vec<String> {
        let space = self.space;
        if space.agents.is_empty() {
            return vec!["No agent is connected yet".to_owned()];
        }
        let needed = match (space.needed_bytes, space.agent_count) {
            (0, _) => "Nothing to download".to_owned(),
            (bytes, 0 | 1) => format!("about {} on 1 agent", ui::bytes(bytes)),
            (bytes, agents) => format!("about {} on each of {agents} agents", ui::bytes(bytes)),
        };
        let free = match (space.free_bytes, space.agents.len()) {
            (None, _) => "free space unknown".to_owned(),
            (Some(free), 1) => format!("{} free", ui::bytes(free)),
            (Some(free), _) => format!("{} free on all agents together", ui::bytes(free)),
        };
        let mut parts = vec![needed, free];
        if space.needed_bytes > 0
            && let Some((name, after)) = self.tightest()
        {
            let after = ui::bytes_left(after);
            parts.push(match space.agents.len() {
                1 => format!("{after} after"),
                _ => format!("tightest: {name}, {after} after"),
            });
        }
        parts
    }

    /// The line as one sentence.
    pub(crate) fn spoken(self) -> String {
        self.parts().join(", ")
    }

    pub(crate) fn is_tightest(self, agent: &AgentSpace) -> bool {
        self.space.agents.len() > 1 && self.space.tightest == Some(agent.agent)
    }

    fn tightest(self) -> Option<(&'a str, i64)> {
        let agent = self
            .space
            .agents
            .iter()
            .find(|agent| self.space.tightest == Some(agent.agent))?;
        Some((&agent.name, agent.after_bytes?))
    }
}
