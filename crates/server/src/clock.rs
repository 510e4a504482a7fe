use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use uuid::Uuid;

/// Where times and new identifiers come from, so that tests can choose the time.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead: Arc<std::sync::RwLock<Duration>>,
}

impl Clock {
    /// Milliseconds since 1970, UTC.
    pub fn now_ms(&self) -> i64 {
        let now = SystemTime::now() + self.ahead();
        now.duration_since(UNIX_EPOCH).map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
    }

    /// The same as a date.
    pub fn now(&self) -> OffsetDateTime {
        date(self.now_ms())
    }

    /// Monotonic time, for deadlines and contacts.
    pub fn monotonic(&self) -> Instant {
        Instant::now() + self.ahead()
    }

    /// Moves this clock forward, for tests of what happens later.
    pub fn advance(&self, by: Duration) {
        *self
            .ahead
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) += by;
    }

    /// A new identifier (UUID version 7).
    pub fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn ahead(&self) -> Duration {
        *self
            .ahead
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The date of milliseconds since 1970.
pub(crate) fn date(ms: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
