use std::collections::HashMap;
use std::hash::Hash;

use model::list::ListEntry;

use crate::identity::ListingKey;

/// For each listing the place of the one that it was before.
///
/// Names tell, with the image first; where several share one, they are paired in their order. Of the rest those are
/// paired that alone have an image.
pub(super) fn partners(before: &[ListEntry], after: &[ListEntry]) -> Vec<Option<usize>> {
    let keys = |entries: &[ListEntry]| -> Vec<ListingKey> {
        let keys = entries
            .iter()
            .map(|entry| ListingKey::of(&entry.definition));
        keys.collect()
    };
    let (before, after) = (keys(before), keys(after));
    let mut pairs = Pairs {
        partners: vec![None; after.len()],
        taken: vec![false; before.len()],
    };
    let name_and_image = |key: &ListingKey| {
        let image = key.image_repository.clone();
        Some((key.name_key.clone(), image))
    };
    pairs.add(&before, &after, usize::MAX, name_and_image);
    pairs.add(&before, &after, usize::MAX, |key| {
        Some(key.name_key.clone())
    });
    pairs.add(&before, &after, 1, |key| key.image_repository.clone());
    pairs.partners
}

struct Pairs {
    partners: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairs {
    /// Pairs what has the same key, in its order, if no more than `most` of either side have it.
    fn add<K: Eq + Hash>(
        &mut self,
        before: &[ListingKey],
        after: &[ListingKey],
        most: usize,
        key: impl Fn(&ListingKey) -> Option<K>,
    ) {
        let mut holders: HashMap<K, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for (place, listing) in before.iter().enumerate() {
            if let Some(key) = key(listing).filter(|_| !self.taken[place]) {
                holders.entry(key).or_default().0.push(place);
            }
        }
        for (place, listing) in after.iter().enumerate() {
            if self.partners[place].is_none()
                && let Some(key) = key(listing)
                && let Some((_, fresh)) = holders.get_mut(&key)
            {
                fresh.push(place);
            }
        }
        for (known, fresh) in holders.into_values() {
            if known.len().max(fresh.len()) <= most {
                for (known, fresh) in known.into_iter().zip(fresh) {
                    self.taken[known] = true;
                    self.partners[fresh] = Some(known);
                }
            }
        }
    }
}
