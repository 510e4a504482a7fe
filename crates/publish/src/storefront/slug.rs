use std::collections::HashSet;

use model::fold;
use model::folder_hash::Node;

use crate::path::name_of;

/// Addresses longer than this are cut.
const LONGEST: usize = 60;

/// Gives each listing the name of its page: ASCII, the same in every build, and never that of another listing.
///
/// It is made of the folder's name. Where that says more than an address can, a hash of the folder's path is added: the
/// address then depends on nothing but the folder.
#[derive(Default)]
pub(super) struct Slugs {
    taken: HashSet<String>,
}

impl Slugs {
    /// The name for the listing of a folder, which is free as yet.
    pub(super) fn find(&self, folder: &str) -> String {
        let (base, is_whole) = base(name_of(folder));
        if is_whole && !self.taken.contains(&base) {
            return base;
        }
        let hash = Node::file("", folder.as_bytes()).hex();
        // Two paths have the same start of their hash once in four thousand million times; then the whole is taken.
        let short = format!("{base}-{}", &hash[..8]);
        if self.taken.contains(&short) {
            format!("{base}-{hash}")
        } else {
            short
        }
    }

    /// Gives a name away.
    pub(super) fn take(&mut self, slug: &str) {
        self.taken.insert(slug.to_owned());
    }
}

/// Lower-case words with hyphens, and whether nothing but case and separators was lost.
fn base(name: &str) -> (String, bool) {
    let mut slug = String::new();
    let mut is_whole = name.is_ascii();
    for character in fold(name).chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else {
            is_whole &= matches!(character, ' ' | '-' | '_' | '.');
            if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        if slug.len() >= LONGEST {
            is_whole = false;
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        ("workspace".to_owned(), false)
    } else {
        (slug.to_owned(), is_whole)
    }
}

#[cfg(test)]
mod tests {
    use super::Slugs;

    fn assign(slugs: &mut Slugs, folder: &str) -> String {
        let slug = slugs.find(folder);
        slugs.take(&slug);
        slug
    }

    fn check(folders: &[&str], expected: &[&str]) {
        let mut slugs = Slugs::default();
        let assigned: Vec<_> = folders
            .iter()
            .map(|folder| assign(&mut slugs, folder))
            .collect();
        assert_eq!(assigned, expected);
    }

    #[test]
    fn plain_names_stay_plain() {
        check(
            &["workspaces/Chart Plotter", "workspaces/vs_code-2.0"],
            &["chart-plotter", "vs-code-2-0"],
        );
    }

    #[test]
    fn what_an_address_cannot_say_is_told_by_a_hash() {
        check(
            &["workspaces/Äpfel", "workspaces/日本語", "workspaces/C++"],
            &["apfel-b8622a82", "workspace-ea933978", "c-e778bfc5"],
        );
        let long = "x".repeat(300);
        let slug = Slugs::default().find(&long);
        assert!(slug.len() < 80, "{slug}");
    }

    #[test]
    fn no_two_listings_share_a_page() {
        let mut slugs = Slugs::default();
        let all: std::collections::BTreeSet<_> =
            ["a/Fox", "b/fox", "c/FOX", "d/fox-", "d/fox--", "fox"]
                .map(|folder| assign(&mut slugs, folder))
                .into();
        assert_eq!(all.len(), 6, "{all:?}");
        assert!(all.contains("fox"));
    }
}
