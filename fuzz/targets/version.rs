//! Every text is a version or an error; printed and read again it is the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::version::{CompatibilityVersion, compare};

fuzz_target!(|texts: (&str, &str)| {
    let (left, right) = texts;
    assert_eq!(compare(left, right), compare(right, left).reverse());
    if let Ok(version) = left.parse::<CompatibilityVersion>() {
        assert_eq!(version.to_string().parse(), Ok(version));
        assert!(version.line().matches(version));
    }
});
