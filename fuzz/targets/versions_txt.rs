//! Whatever `versions.txt` holds, few folders are tried and none of them leads elsewhere.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::list::versions_to_try;

fuzz_target!(|text: &str| {
    let folders = versions_to_try(text);
    assert!((2..=22).contains(&folders.len()));
    for (index, folder) in folders.iter().enumerate() {
        assert!(!folder.contains(['/', '\\', '?', '#', '%', ':']));
        assert!(folder != "." && folder != "..");
        assert!(!folders[..index].contains(folder), "each is tried once");
    }
});
