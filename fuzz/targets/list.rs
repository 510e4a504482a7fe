//! Whatever `list.json` holds, its entries are read or set aside, and what was read is JSON again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::json::{self, Limits};
use model::list::{ListLimits, read_list};

fuzz_target!(|bytes: &[u8]| {
    let limits = ListLimits::default();
    let Ok(list) = read_list(bytes, &limits) else {
        return;
    };
    for entry in &list.entries {
        assert!(entry.json.len() <= limits.max_listing_bytes);
        let parsed = json::parse(entry.json.as_bytes(), &Limits::default());
        assert!(parsed.value.is_some(), "an entry is kept as it was published");
    }
    for entry in &list.set_aside {
        assert!(!entry.reason.is_empty());
    }
});
