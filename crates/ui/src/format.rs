use std::borrow::Borrow;

use model::ByteSize;
use time::{Duration, OffsetDateTime};

// Templates hand values over by reference, other code by value: the functions here take both.

/// A size in decimal units, such as `12.4 GB`.
pub fn bytes(count: impl Borrow<u64>) -> String {
    ByteSize(*count.borrow()).to_string()
}

/// What is left of a size, with a minus sign where nothing is.
pub fn bytes_left(count: impl Borrow<i64>) -> String {
    let count = *count.borrow();
    if count < 0 {
        format!("\u{2212}{}", bytes(count.unsigned_abs()))
    } else {
        bytes(count.unsigned_abs())
    }
}

/// A size that is published in (decimal) megabytes.
pub fn megabytes(count: impl Borrow<u64>) -> String {
    bytes(count.borrow().saturating_mul(1_000_000))
}

/// How much is done, 0 to 100; 100 only when all is.
pub fn percent(done: u64, total: u64) -> u8 {
    if total == 0 {
        return 0;
    }
    if done >= total {
        return 100;
    }
    (u128::from(done) * 100 / u128::from(total)) as u8
}

/// How long ago something was, such as `2 h ago`.
pub fn age(then: impl Borrow<OffsetDateTime>, now: impl Borrow<OffsetDateTime>) -> String {
    let then = *then.borrow();
    let passed = *now.borrow() - then;
    if passed < Duration::seconds(5) {
        "just now".to_owned()
    } else if passed < Duration::minutes(1) {
        format!("{} s ago", passed.whole_seconds())
    } else if passed < Duration::hours(1) {
        format!("{} min ago", passed.whole_minutes())
    } else if passed < Duration::days(1) {
        format!("{} h ago", passed.whole_hours())
    } else if passed < Duration::days(31) {
        format!("{} d ago", passed.whole_days())
    } else {
        format!("on {}", date(then))
    }
}

/// A day, such as `3 March 2026`.
pub fn date(at: impl Borrow<OffsetDateTime>) -> String {
    let at = at.borrow();
    format!("{} {} {}", at.day(), at.month(), at.year())
}

/// A day and minute in UTC, such as `3 March 2026, 09:41 UTC`.
pub fn minute(at: impl Borrow<OffsetDateTime>) -> String {
    let at = at.borrow().to_offset(time::UtcOffset::UTC);
    format!("{}, {:02}:{:02} UTC", date(at), at.hour(), at.minute())
}

/// A point in time as machines read it (RFC 3339, UTC, whole seconds).
pub fn timestamp(at: impl Borrow<OffsetDateTime>) -> String {
    let at = at.borrow().to_offset(time::UtcOffset::UTC);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// How long something took, such as `38 ms` or `1.2 s`.
pub fn duration_ms(milliseconds: impl Borrow<u64>) -> String {
    let milliseconds = *milliseconds.borrow();
    if milliseconds == 0 {
        "< 1 ms".to_owned()
    } else if milliseconds < 1_000 {
        format!("{milliseconds} ms")
    } else {
        format!("{:.1} s", milliseconds as f64 / 1_000.0)
    }
}

/// A count with its word, such as `1 workspace` or `12 registries`.
pub fn plural(count: impl Borrow<u64>, word: &str) -> String {
    let count = *count.borrow();
    match (count, word.strip_suffix('y')) {
        (1, _) => format!("{count} {word}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {word}s"),
    }
}

/// A digest short enough for a table, such as `sha256:9f2c…41ab`.
pub fn short_digest(digest: &str) -> String {
    let (algorithm, hex) = digest.split_once(':').unwrap_or(("", digest));
    let (Some(head), Some(tail)) = (hex.get(..4), hex.get(hex.len().saturating_sub(4)..)) else {
        return digest.to_owned();
    };
    if hex.len() <= 12 {
        return digest.to_owned();
    }
    format!("{algorithm}:{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn sizes_read_as_people_write_them() {
        for (count, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1 kB"),
            (214_000, "214 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (1_500_000, "1.5 MB"),
            (9_949_999, "9.9 MB"),
            (9_950_000, "10 MB"),
            (612_000_000, "612 MB"),
            (12_400_000_000, "12.4 GB"),
            (310_000_000_000, "310 GB"),
            (1_200_000_000_000, "1.2 TB"),
            (u64::MAX, "18446744 TB"),
        ] {
            assert_eq!(bytes(count), text);
        }
        assert_eq!(megabytes(2_643), "2.6 GB");
        assert_eq!(megabytes(u64::MAX), "18446744 TB");
        assert_eq!(bytes_left(-3_100_000_000), "\u{2212}3.1 GB");
        assert_eq!(bytes_left(i64::MIN), "\u{2212}9223372 TB");
    }

    #[test]
    fn percent_is_never_full_too_early() {
        assert_eq!(percent(0, 0), 0);
        assert_eq!(percent(999, 1_000), 99);
        assert_eq!(percent(1_000, 1_000), 100);
        assert_eq!(percent(2_000, 1_000), 100);
        assert_eq!(percent(u64::MAX - 1, u64::MAX), 99);
    }

    #[test]
    fn ages_grow_coarser() {
        let now = datetime!(2026-11-24 09:41:00 UTC);
        for (then, text) in [
            (datetime!(2026-11-24 09:42:00 UTC), "just now"),
            (datetime!(2026-11-24 09:40:58 UTC), "just now"),
            (datetime!(2026-11-24 09:40:30 UTC), "30 s ago"),
            (datetime!(2026-11-24 09:29:00 UTC), "12 min ago"),
            (datetime!(2026-11-24 07:40:00 UTC), "2 h ago"),
            (datetime!(2026-11-21 09:40:00 UTC), "3 d ago"),
            (datetime!(2026-03-03 09:40:00 UTC), "on 3 March 2026"),
        ] {
            assert_eq!(age(then, now), text);
        }
        assert_eq!(minute(now), "24 November 2026, 09:41 UTC");
        assert_eq!(timestamp(now), "2026-11-24T09:41:00Z");
    }

    #[test]
    fn counts_have_their_word() {
        assert_eq!(plural(1, "workspace"), "1 workspace");
        assert_eq!(plural(0, "workspace"), "0 workspaces");
        assert_eq!(plural(2, "registry"), "2 registries");
        assert_eq!(plural(2, "entry"), "2 entries");
    }

    #[test]
    fn digests_are_cut_in_the_middle() {
        let digest = "sha256:9f2c0000000000000000000000000000000000000000000000000000000041ab";
        assert_eq!(short_digest(digest), "sha256:9f2c…41ab");
        assert_eq!(short_digest("é"), "é");
        assert_eq!(short_digest(""), "");
    }
}
