//! How long to wait before a request is tried again.

use std::time::Duration;

use jiff::Timestamp;

/// The pause before try `tries + 1` of a question: `pause`, twice as long after each try, and of that between a half and all, as the
/// hash of the question says, so that questions that failed together are not asked together again. The same question waits the same
/// time in every run. At most `longest`.
pub(crate) fn pause(pause: Duration, longest: Duration, tries: u32, question: &[u8; 32]) -> Duration {
    let doubled = pause.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(longest);
    let byte = question[tries as usize % question.len()];
    doubled.mul_f64(0.5 + f64::from(byte) / 510.0)
}

/// How long a server asks to wait: the field `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), or `Retry-After-Ms`.
pub(crate) fn asked_for(retry_after: Option<&str>, retry_after_ms: Option<&str>, now: Timestamp) -> Option<Duration> {
    let number = |text: &str, unit: f64| {
        let number = text.trim().parse::<f64>().ok().filter(|number| *number >= 0.0)?;
        Some(Duration::try_from_secs_f64(number * unit).unwrap_or(Duration::MAX))
    };
    if let Some(pause) = retry_after_ms.and_then(|text| number(text, 0.001)) {
        return Some(pause);
    }
    let text = retry_after?;
    number(text, 1.0).or_else(|| {
        let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()?;
        Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_longest_and_are_the_same_in_every_run() {
        let (second, minute) = (Duration::from_secs(1), Duration::from_mins(1));
        let all = |question: [u8; 32]| (1..40).map(move |tries| pause(second, minute, tries, &question));
        assert!(all([255; 32]).is_sorted() && all([0; 32]).is_sorted());
        assert_eq!(all([255; 32]).take(3).map(|pause| pause.as_secs()).collect::<Vec<_>>(), [1, 2, 4]);
        assert_eq!(all([255; 32]).nth(38), Some(minute));
        assert_eq!(all([0; 32]).nth(38), Some(minute / 2));
    }

    #[test]
    fn servers_ask_to_wait_in_seconds_or_until_a_date() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let check = |field: &str, seconds: Option<f64>| {
            assert_eq!(asked_for(Some(field), None, now).map(|pause| pause.as_secs_f64()), seconds, "{field}");
        };
        check("7", Some(7.0));
        check(" 0.5 ", Some(0.5));
        check("Sun, 01 Mar 2026 12:01:30 GMT", Some(90.0));
        check("Sun, 01 Mar 2026 11:00:00 GMT", Some(0.0));
        check("soon", None);
        check("-3", None);
        check("NaN", None);
        assert_eq!(asked_for(Some("1e300"), None, now), Some(Duration::MAX));
        assert_eq!(asked_for(Some("7"), Some("250"), now), Some(Duration::from_millis(250)));
        assert_eq!(asked_for(None, None, now), None);
    }
}
