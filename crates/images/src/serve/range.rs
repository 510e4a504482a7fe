use std::ops::Range;

use http::HeaderValue;

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Everything: no header, or one that need not be obeyed (several ranges, other units).
    Whole,
    /// One part, not empty.
    Part(Range<u64>),
    /// Something beyond the end.
    Nothing,
}

pub(super) fn wanted(header: Option<&HeaderValue>, length: u64) -> Wanted {
    let Some(text) = header
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("bytes="))
    else {
        return Wanted::Whole;
    };
    let Some((first, last)) = text.split_once('-').filter(|_| !text.contains(',')) else {
        return Wanted::Whole;
    };
    let part = match (number(first), number(last)) {
        (Ok(Some(first)), Ok(Some(last))) if first > last => return Wanted::Whole,
        (Ok(Some(first)), Ok(last)) => {
            first..last.map_or(length, |last| last.saturating_add(1).min(length))
        }
        (Ok(None), Ok(Some(count))) => length.saturating_sub(count)..length,
        _ => return Wanted::Whole,
    };
    if part.is_empty() {
        Wanted::Nothing
    } else {
        Wanted::Part(part)
    }
}

fn number(text: &str) -> Result<Option<u64>, std::num::ParseIntError> {
    match text.trim() {
        "" => Ok(None),
        // `parse` would take a sign.
        digits if digits.starts_with('+') => "".parse().map(Some),
        digits => digits.parse().map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_others_are_passed_over() {
        for (text, expected) in [
            ("bytes=0-", Wanted::Part(0..10)),
            ("bytes=3-", Wanted::Part(3..10)),
            ("bytes=3-4", Wanted::Part(3..5)),
            ("bytes=3-99", Wanted::Part(3..10)),
            ("bytes=-4", Wanted::Part(6..10)),
            ("bytes=-99", Wanted::Part(0..10)),
            ("bytes=3-18446744073709551615", Wanted::Part(3..10)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=4-3", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=1-2,4-5", Wanted::Whole),
            ("bytes=99999999999999999999-", Wanted::Whole),
            ("lines=1-2", Wanted::Whole),
        ] {
            assert_eq!(
                wanted(Some(&HeaderValue::from_static(text)), 10),
                expected,
                "{text}"
            );
        }
        assert_eq!(wanted(None, 10), Wanted::Whole);
        assert_eq!(
            wanted(Some(&HeaderValue::from_static("bytes=0-")), 0),
            Wanted::Nothing
        );
    }
}
