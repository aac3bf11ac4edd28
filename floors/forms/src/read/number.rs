//! Numbers and times as people type them: full-width digits, a Chinese colon, a trailing point.
use serde_json::Value as Json;

use crate::when::UNIT;

/// Larger numbers are nobody's age, fee or count.
const MOST: i64 = 1_000_000_000_000;

fn narrow(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
            '．' => '.',
            '：' => ':',
            '－' | '−' => '-',
            c => c,
        })
        .collect()
}

/// A number with at most so many digits after the point, in units of 10⁻⁴.
pub(crate) fn scaled(text: &str, decimals: u8) -> Option<i64> {
    let text = narrow(text);
    let (negative, digits) =
        text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let rest = rest.trim_end_matches('0');
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || !all_digits(whole)
        || !all_digits(rest)
        || rest.len() > usize::from(decimals)
    {
        return None;
    }
    let whole: i64 = whole.parse().ok().filter(|n| *n <= MOST)?;
    let part: i64 = format!("{rest:0<4}").parse().ok()?;
    let n = whole * UNIT + part;
    Some(if negative { -n } else { n })
}

/// The number as it is kept: whole as a number, with a point as text.
pub(crate) fn plain(n: i64, decimals: u8) -> Json {
    // Rounded half away from zero to the digits the field shows.
    let step = 10i64.pow(4u32.saturating_sub(u32::from(decimals)));
    let rounded = (n.abs().saturating_add(step / 2)) / step;
    if decimals == 0 {
        return Json::from(if n < 0 { -rounded } else { rounded });
    }
    let base = 10i64.pow(u32::from(decimals).min(4));
    let sign = if n < 0 && rounded > 0 { "-" } else { "" };
    let width = usize::from(decimals).min(4);
    Json::String(format!("{sign}{}.{:0width$}", rounded / base, rounded % base))
}

/// The number of an answer in units of 10⁻⁴.
pub(crate) fn number_of(v: &Json) -> Option<i64> {
    match v {
        Json::Number(n) => scaled(&n.to_string(), 4),
        Json::String(s) => scaled(s, 4),
        _ => None,
    }
}

/// `9:05`, `09：05` → `09:05`.
pub(crate) fn time(text: &str) -> Option<String> {
    let text = narrow(text);
    let mut parts = text.split(':');
    let (h, m, s, None) = (parts.next()?, parts.next()?, parts.next(), parts.next()) else {
        return None;
    };
    let number = |t: &str, below: u32| {
        (!t.is_empty() && t.len() <= 2 && t.bytes().all(|b| b.is_ascii_digit()))
            .then(|| t.parse::<u32>().ok().filter(|n| *n < below))
            .flatten()
    };
    if let Some(s) = s {
        number(s, 60)?;
    }
    Some(format!("{:02}:{:02}", number(h, 24)?, number(m, 60)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_typed() {
        for (text, decimals, n) in [
            ("12", 0, Some(120_000)),
            ("１２", 0, Some(120_000)),
            ("-3", 0, Some(-30_000)),
            ("1.50", 1, Some(15_000)),
            ("1.55", 1, None),
            ("1.0", 0, Some(10_000)),
            ("", 0, None),
            ("1e3", 0, None),
            ("--1", 0, None),
            (".5", 1, None),
            ("9999999999999", 0, None),
            ("0.0001", 4, Some(1)),
        ] {
            assert_eq!(scaled(text, decimals), n, "{text}");
        }
        assert_eq!(plain(636_852, 2), Json::from("63.69"));
        assert_eq!(plain(-15_000, 1), Json::from("-1.5"));
        assert_eq!(plain(-15_000, 0), Json::from(-2));
        assert_eq!(plain(-1, 1), Json::from("0.0"));
        for (text, t) in [
            ("9:5", Some("09:05")),
            ("09：30", Some("09:30")),
            ("24:00", None),
            ("9", None),
            ("9:30:00", Some("09:30")),
            ("9:30:0:0", None),
        ] {
            assert_eq!(time(text).as_deref(), t, "{text}");
        }
    }
}
