use std::thread;
use std::time::Duration;

/// Blocks from this size on, bytes, are mapped by themselves, so that freeing them gives them back at once.
const MAPPED_FROM: i32 = 64 << 10;

/// How much may lie free at the end of an arena, bytes.
const KEPT_AT_END: i32 = 64 << 10;

/// Threads that allocate at once wait for each other a little; memory freed in one arena is of no use in another.
const ARENAS: i32 = 2;

/// How often pages that lie free between others are given back. It takes some milliseconds where very much is held.
const INTERVAL: Duration = Duration::from_secs(10);

pub(crate) fn keep_small() {
    for (parameter, value) in [
        (libc::M_MMAP_THRESHOLD, MAPPED_FROM),
        (libc::M_TRIM_THRESHOLD, KEPT_AT_END),
        (libc::M_ARENA_MAX, ARENAS),
    ] {
        // SAFETY: `mallopt` takes two numbers and only changes how later allocations are made. One that it does not
        // take, it refuses, and the allocator works as before.
        unsafe { libc::mallopt(parameter, value) };
    }
    // Without the thread the rest holds all the same.
    let _ = thread::Builder::new().name("heap".to_owned()).spawn(|| {
        loop {
            thread::park_timeout(INTERVAL);
            // SAFETY: `malloc_trim` takes the allocator's own locks, may be called from any thread, and touches nothing
            // that is allocated.
            unsafe { libc::malloc_trim(0) };
        }
    });
}
