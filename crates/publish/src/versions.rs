use std::cmp::Ordering;

/// The content of `versions.txt` once some folders are published, from what it was before (empty if there was none).
///
/// One folder name a line. Names that stand there already keep their order, whatever they are: other builds of the same
/// site own them. A new one goes before the first later version, so that versions stay in order.
pub fn merge_versions<'f>(existing: &str, published: impl IntoIterator<Item = &'f str>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in existing.lines().map(str::trim) {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    for folder in published {
        if !names.contains(&folder) {
            let place = names
                .iter()
                .position(|name| compare(name, folder) == Ordering::Greater)
                .unwrap_or(names.len());
            names.insert(place, folder);
        }
    }
    let mut text = names.join("\n");
    text.push('\n');
    text
}

/// Versions by their numbers, other names after them.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    match (numbers(left), numbers(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.cmp(right),
    }
}

fn numbers(name: &str) -> Option<(u32, u32)> {
    let (major, minor) = name.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_form_is_listed_once_and_the_others_stay() {
        let cases = [
            ("", "1.1", "1.1\n"),
            ("1.0\n", "1.1", "1.0\n1.1\n"),
            ("1.1\n", "1.0", "1.0\n1.1\n"),
            ("1.0\n1.1\n", "1.1", "1.0\n1.1\n"),
            ("1.1\r\n\r\n 1.1 \r\ndev", "1.1", "1.1\ndev\n"),
            ("1.0\nfeature_x\n", "1.1", "1.0\n1.1\nfeature_x\n"),
            ("1.10\n", "1.1", "1.1\n1.10\n"),
            ("main\n1.0\n", "1.0", "main\n1.0\n"),
        ];
        for (existing, published, expected) in cases {
            assert_eq!(
                merge_versions(existing, [published]),
                expected,
                "{existing:?}"
            );
        }
    }
}
