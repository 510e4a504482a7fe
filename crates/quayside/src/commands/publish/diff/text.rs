//! For people at a terminal.

use catalogue::comparison::{ChangedListing, FieldChange};
use review::Finding;

use super::{Difference, Fate, VersionDifference, first_fields, line_of, path_of};

/// How much of a name or a value is told, characters.
const LONGEST: usize = 120;

/// The differences in lines: `+` is new, `~` changed, `-` gone, `!` deserves a look.
pub(super) fn render(difference: &Difference<'_>) -> String {
    let mut lines = Vec::new();
    if !difference.is_published {
        lines.push(format!(
            "Nothing is published at {} yet: everything is new.",
            line_of(difference.url, LONGEST)
        ));
    }
    for version in &difference.versions {
        tell(version, &mut lines);
    }
    lines.push(format!("{}.", difference.summary()));
    lines.join("\n")
}

fn tell(version: &VersionDifference, lines: &mut Vec<String>) {
    let fate = match version.fate {
        Fate::Stays => String::new(),
        fate => format!(" ({})", fate.word()),
    };
    let folder = line_of(&version.folder, LONGEST);
    lines.push(format!("Version {folder}{fate}: {}", version.summary()));
    for caveat in version.caveats() {
        lines.push(format!("  note: {caveat}"));
    }
    let comparison = &version.comparison;
    if !comparison.registry.is_empty() {
        lines.push("  ~ the registry itself".to_owned());
        fields(&comparison.registry, lines);
    }
    for added in &comparison.added {
        lines.push(format!("  + {}", line_of(&added.name, LONGEST)));
        findings(&added.findings, lines);
    }
    for changed in &comparison.changed {
        tell_changed(changed, lines);
    }
    for name in &comparison.removed {
        lines.push(format!("  - {}", line_of(name, LONGEST)));
    }
    lines.push(String::new());
}

fn tell_changed(changed: &ChangedListing, lines: &mut Vec<String>) {
    lines.push(format!("  ~ {}", line_of(&changed.name, LONGEST)));
    findings(&changed.wider, lines);
    if changed.fields.is_empty() {
        lines.push("      files of its folder".to_owned());
    }
    fields(&changed.fields, lines);
}

fn fields(fields: &[FieldChange], lines: &mut Vec<String>) {
    let (told, more) = first_fields(fields);
    for field in told {
        let path = line_of(&field.path, LONGEST);
        lines.push(match (&field.before, &field.after) {
            (Some(before), Some(after)) => format!(
                "      {path}: {} → {}",
                line_of(before, LONGEST),
                line_of(after, LONGEST)
            ),
            (None, Some(after)) => format!("      {path}: added, {}", line_of(after, LONGEST)),
            (Some(before), None) => format!("      {path}: removed, {}", line_of(before, LONGEST)),
            (None, None) => continue,
        });
    }
    if more > 0 {
        lines.push(format!("      and {more} more"));
    }
}

fn findings(findings: &[Finding], lines: &mut Vec<String>) {
    for finding in findings {
        lines.push(format!(
            "    ! {}: {} = {}",
            finding.id,
            line_of(&path_of(finding), LONGEST),
            line_of(&finding.value, LONGEST)
        ));
    }
}
