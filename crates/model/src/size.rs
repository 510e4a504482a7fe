//! Numbers of bytes as people read them.

use std::fmt;

const DECIMAL: [&str; 4] = ["kB", "MB", "GB", "TB"];
const WHOLE: [(u64, &str); 6] = [
    (1_000_000_000, "GB"),
    (1_000_000, "MB"),
    (1_000, "kB"),
    (1 << 30, "GiB"),
    (1 << 20, "MiB"),
    (1 << 10, "KiB"),
];

/// A size in decimal units, rounded, such as `12.4 GB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteSize(pub u64);

/// A limit, exact, in the largest unit that it is whole in, such as `32 MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteLimit(pub u64);

impl fmt::Display for ByteSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1_000 {
            return write!(formatter, "{} B", self.0);
        }
        let mut value = self.0 as f64 / 1_000.0;
        let mut unit = 0;
        // 999.5 would print as 1000: it belongs to the next unit.
        while value >= 999.5 && unit + 1 < DECIMAL.len() {
            value /= 1_000.0;
            unit += 1;
        }
        let decimals = match unit {
            0 => 0,
            1 if value >= 9.95 => 0,
            _ if value >= 99.95 => 0,
            _ => 1,
        };
        let number = format!("{value:.decimals$}");
        let number = number.strip_suffix(".0").unwrap_or(&number);
        write!(formatter, "{number} {}", DECIMAL[unit])
    }
}

impl fmt::Display for ByteLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match WHOLE
            .iter()
            .find(|(unit, _)| self.0 > 0 && self.0.is_multiple_of(*unit))
        {
            Some((unit, name)) => write!(formatter, "{} {name}", self.0 / unit),
            None => write!(formatter, "{} bytes", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_and_limits_are_not() {
        let sizes = [
            (999, "999 B"),
            (901_294, "901 kB"),
            (999_600, "1 MB"),
            (12_440_000_000, "12.4 GB"),
        ];
        for (count, text) in sizes {
            assert_eq!(ByteSize(count).to_string(), text);
        }
        let limits = [
            (32 << 20, "32 MiB"),
            (256 << 10, "256 KiB"),
            (256_000, "256 kB"),
            (1_001, "1001 bytes"),
            (0, "0 bytes"),
        ];
        for (count, text) in limits {
            assert_eq!(ByteLimit(count).to_string(), text);
        }
    }
}
