use api::{Compatibility, Finding};
use model::definition::{Choice, Definition, WantedChannel, WantedVersion};

use crate::{Facts, FindingsPanel, JsonPanel, VersionsPanel};

/// A listing as its registry publishes it, for pages that no server stands behind.
#[derive(Debug, Clone)]
pub struct Published<'a> {
    definition: &'a Definition,
    json: &'a str,
    choice: Choice,
    findings: Vec<Finding>,
    compatibility: Vec<Compatibility>,
}

impl<'a> Published<'a> {
    /// Reviews `definition`, which was read from `json`, and chooses its newest version in the registry's own channel.
    pub fn new(definition: &'a Definition, json: &'a str, default_channel: Option<&str>) -> Self {
        let findings = review::review(definition).into_iter().map(shown);
        let compatibility = definition.compatibility.iter().map(|entry| Compatibility {
            version: entry.version.clone(),
            image: entry.image.clone(),
            uncompressed_size_mb: entry.uncompressed_size_mb,
            available_tags: entry.available_tags.clone(),
        });
        let choice = definition.choose(
            &WantedVersion::Any,
            &WantedChannel::Default,
            default_channel,
        );
        Self {
            definition,
            json,
            choice: choice.unwrap_or(Choice {
                version: None,
                channel: None,
                image: None,
                uncompressed_size_mb: None,
            }),
            findings: findings.collect(),
            compatibility: compatibility.collect(),
        }
    }

    /// What is installed where nobody chose a version or channel.
    pub const fn choice(&self) -> &Choice {
        &self.choice
    }

    /// How many properties deserve a look before it is installed.
    pub const fn finding_count(&self) -> usize {
        self.findings.len()
    }

    /// "What it may do", with the identifiers explained at the address `help`.
    pub fn findings_panel<'p>(
        &'p self,
        id: &'static str,
        contact: Option<&'p str>,
        help: &'p str,
    ) -> FindingsPanel<'p> {
        FindingsPanel::new(id, &self.findings, contact).with_help(help)
    }

    /// Its versions and channels.
    pub fn versions_panel(&self) -> VersionsPanel<'_> {
        let Choice { version, image, .. } = &self.choice;
        VersionsPanel::of(&self.compatibility, version.as_deref(), image.as_deref())
    }

    /// Its JSON.
    pub fn json_panel(&self) -> JsonPanel<'_> {
        JsonPanel::of(&self.definition.friendly_name, self.json, &self.findings)
    }

    /// What else it says of itself.
    pub fn facts(&self) -> Facts {
        Facts::of_definition(self.definition, &self.choice)
    }
}

fn shown(finding: review::Finding) -> Finding {
    Finding {
        id: finding.id.as_str().to_owned(),
        section: finding.section.path(),
        section_label: finding.section.label().to_owned(),
        property: finding.property,
        value: finding.value,
    }
}
