//! Keeps a long-running process from holding on to memory that it freed.
//!
//! A server reads lists of many megabytes now and then, and little between. The allocator of GNU systems keeps what such a
//! burst took: it spreads over an arena for every few threads, leaves large blocks between small ones, and gives back only
//! what lies at the end. Told otherwise it holds a third of that. Elsewhere nothing is done.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod gnu;

/// Makes this process give back freed memory from now on. To be called once, before threads are started.
pub fn keep_small() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    gnu::keep_small();
}
