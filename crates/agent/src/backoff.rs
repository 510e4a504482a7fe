use std::time::Duration;

/// Delays that grow from one second to a minute, each drawn anew from nothing to its ceiling.
///
/// Full jitter: many agents that lost one server at once come back one by one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(1);

impl Backoff {
    /// Back to the first delay, because something worked.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    /// The delay before the next try.
    pub(crate) fn next(&mut self) -> Duration {
        let ceiling = ceiling(self.failures);
        self.failures = self.failures.saturating_add(1);
        drawn(ceiling)
    }
}

/// The delay after so many failures, counted from 0.
pub(crate) fn delay_after(failures: u32) -> Duration {
    drawn(ceiling(failures))
}

fn ceiling(failures: u32) -> Duration {
    FIRST
        .saturating_mul(2_u32.saturating_pow(failures))
        .min(LONGEST)
}

fn drawn(ceiling: Duration) -> Duration {
    // Without randomness the ceiling itself is still a safe delay.
    match getrandom::u32() {
        Ok(number) => ceiling.mul_f64(f64::from(number) / f64::from(u32::MAX)),
        Err(_) => ceiling,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceilings_double_up_to_a_minute() {
        let seconds: Vec<u64> = (0..8).map(|failures| ceiling(failures).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(ceiling(u32::MAX), LONGEST);
    }

    #[test]
    fn delays_stay_below_their_ceiling() {
        let mut backoff = Backoff::default();
        for failures in 0..100 {
            assert!(backoff.next() <= ceiling(failures));
        }
        backoff.reset();
        assert!(backoff.next() <= FIRST);
    }
}
