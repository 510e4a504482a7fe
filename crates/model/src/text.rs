use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_casemap::{CaseMapper, CaseMapperBorrowed};
use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;
use icu_normalizer::properties::{CanonicalCombiningClassMap, CanonicalCombiningClassMapBorrowed};
use icu_normalizer::{DecomposingNormalizer, DecomposingNormalizerBorrowed};

const NORMALIZER: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizer::new_nfkd();
const CASE: CaseMapperBorrowed<'static> = CaseMapper::new();
const CLASSES: CanonicalCombiningClassMapBorrowed<'static> = CanonicalCombiningClassMap::new();

/// Folds a text for search and identity: case, accents, full-width and other compatibility forms do not count.
///
/// Compatibility decomposition (NFKD), combining marks and characters without a look of their own taken out, full case
/// folding. Folding twice changes nothing.
pub fn fold(text: &str) -> String {
    // Nearly all names are ASCII, where only case is left to fold.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let decomposed: String = without_marks(&NORMALIZER.normalize(text));
    let folded = CASE.fold_string(&decomposed);
    // Folding may give characters that decompose in turn.
    without_marks(&NORMALIZER.normalize(&folded))
}

/// Compares two names as JavaScript's `localeCompare(…, 'en')` does; names that collate as equal go by their bytes.
pub fn compare_names(left: &str, right: &str) -> Ordering {
    static COLLATOR: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| {
        Collator::try_new(locale!("en").into(), CollatorOptions::default())
            .expect("the collation of English is compiled in")
    });
    COLLATOR
        .compare(left, right)
        .then_with(|| left.as_bytes().cmp(right.as_bytes()))
}

fn without_marks(text: &str) -> String {
    text.chars()
        .filter(|&character| CLASSES.get_u8(character) == 0 && !is_invisible(character))
        .collect()
}

/// Characters that change nothing but the look of others: variation selectors, joiners, direction marks.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
