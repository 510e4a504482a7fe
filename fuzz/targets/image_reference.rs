//! Every text is an image reference or an error; one that was read says again what was written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::ImageReference;

fuzz_target!(|text: &str| {
    let Ok(reference) = ImageReference::parse(text) else {
        return;
    };
    assert_eq!(reference.as_written(), text);
    assert!(reference.name().starts_with(reference.host()));
    let other = reference
        .with_tag("other")
        .expect("every reference takes a tag");
    assert_eq!(other.tag(), Some("other"));
    assert_eq!(other.name(), reference.name());
    ImageReference::parse(other.as_written()).expect("what was made is a reference");
});
