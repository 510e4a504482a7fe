use std::time::{Duration, SystemTime};

use http::{HeaderMap, header};
use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};

/// Longest wait that is believed.
const LONGEST: Duration = Duration::from_hours(24);

/// How long a `Retry-After` field asks to wait, at most a day.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => until(text, SystemTime::now())?,
    };
    Some(wait.min(LONGEST))
}

/// The time from now to an HTTP date; zero where it has passed.
fn until(date: &str, now: SystemTime) -> Option<Duration> {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let date = PrimitiveDateTime::parse(date, &format).ok()?.assume_utc();
    let wait = date - OffsetDateTime::from(now);
    Some(wait.try_into().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &'static str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, http::HeaderValue::from_static(value));
        retry_after(&headers)
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        assert_eq!(check("120"), Some(Duration::from_mins(2)));
        assert_eq!(check("99999999999"), Some(LONGEST));
        assert_eq!(check("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert_eq!(check("Tue, 21 Oct 2994 07:28:00 GMT"), Some(LONGEST));
        assert_eq!(check("soon"), None);
        let now = SystemTime::UNIX_EPOCH + Duration::from_mins(24_090_207);
        assert_eq!(
            until("Wed, 21 Oct 2015 07:28:00 GMT", now),
            Some(Duration::from_mins(1))
        );
    }
}
