//! Working days (工作日): Monday to Friday, but for the state's holidays and the weekends that are worked in their stead (调休).
//!
//! Each published year is a file under `holidays/`; in a year without one, every Monday to Friday counts.
use std::sync::LazyLock;

use serde::Deserialize;

use crate::Day;

/// A published year.
#[derive(Default, Deserialize)]
struct Year {
    /// First and last day off.
    off: Vec<(Day, Day)>,
    /// Weekend days worked.
    work: Vec<Day>,
}

static YEARS: LazyLock<Vec<Year>> = LazyLock::new(|| {
    [include_str!("../holidays/2026.toml")]
        .into_iter()
        .filter_map(|text| toml::from_str(text).ok())
        .collect()
});

/// Is this a working day?
pub fn works(day: Day) -> bool {
    if YEARS.iter().any(|y| y.work.contains(&day)) {
        return true;
    }
    day.weekday() <= 5 && !YEARS.iter().any(|y| y.off.iter().any(|(a, b)| *a <= day && day <= *b))
}

/// The `n`th working day after this day: where a clock of so many working days ends. `n` of 0 or less is the day itself.
pub fn plus_working(day: Day, n: i32) -> Day {
    let (mut at, mut left) = (day, n);
    while left > 0 {
        at = at.plus_days(1);
        if works(at) {
            left -= 1;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn holidays_pause_the_clock_and_worked_weekends_do_not() {
        assert_eq!(YEARS.len(), 1, "every file is read");
        assert!(!works(day("2026-10-01")) && works(day("2026-10-10")) && !works(day("2026-10-11")));
        // Wednesday before the October holiday: the 8th, 9th and the worked Saturday.
        assert_eq!(plus_working(day("2026-09-30"), 3), day("2026-10-10"));
        assert_eq!(plus_working(day("2026-11-20"), 1), day("2026-11-23"));
        assert_eq!(plus_working(day("2026-11-23"), 0), day("2026-11-23"));
        // No list for that year: 1 January 2031 is a Wednesday like any other.
        assert!(works(day("2031-01-01")));
    }
}
