//! The words of findings that `check` and the page for new workspaces say alike.

/// What a finding says, with `{name}` where something of the workspace goes, and what to do about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    pub(crate) message: &'static str,
    pub(crate) hint: &'static str,
}

impl Words {
    /// The message with its gaps filled. What is filled in is not looked at again, whatever it holds.
    pub(crate) fn fill(&self, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.message;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((gap, behind)) = after.split_once('}') else {
                break;
            };
            let value = values.iter().find(|(name, _)| *name == gap);
            filled.push_str(value.map_or("", |(_, value)| value));
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_once() {
        let words = Words {
            message: "`{a}` is {b}, not `{a}`",
            hint: "",
        };
        let filled = words.fill(&[("a", "{b}"), ("b", "x")]);
        assert_eq!(filled, "`{b}` is x, not `{b}`");
    }
}
