//! "Did you mean": the name nearest to one that was written.

/// Longer texts are no misspelt names; comparing them would cost time for nothing.
const LONGEST: usize = 100;

/// The nearest of some names, if it is near enough to have been meant.
///
/// Case and the sign between words do not count; a third of the letters may differ.
pub(crate) fn nearest<'n>(
    written: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    if written.len() > LONGEST {
        return None;
    }
    let written = plain(written);
    let most = written.chars().count().div_ceil(3).min(4);
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&written, &plain(name)), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace(['_', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_was_meant_is_found() {
        let names = ["friendly_name", "description", "categories", "name"];
        for (written, meant) in [
            ("freindly_name", Some("friendly_name")),
            ("Friendly Name", Some("friendly_name")),
            ("category", Some("categories")),
            ("names", Some("name")),
            ("x", None),
            ("persistent_profile_path", None),
        ] {
            assert_eq!(nearest(written, names), meant, "{written}");
        }
        assert_eq!(nearest(&"a".repeat(5_000_000), names), None);
    }
}
