//! Days, instants and half-open periods. Business days are days in Asia/Shanghai; instants are UTC milliseconds.
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

/// Milliseconds by which Asia/Shanghai is ahead of UTC (no daylight saving since 1991).
const SHANGHAI_AHEAD: i64 = 8 * 3_600_000;
const DAY_MILLIS: i64 = 86_400_000;

impl Instant {
    /// The business day in Asia/Shanghai.
    pub fn day(self) -> Day {
        Day(i32::try_from((self.0 + SHANGHAI_AHEAD).div_euclid(DAY_MILLIS)).unwrap_or(i32::MAX))
    }
    /// This instant moved by so many milliseconds.
    pub const fn plus_millis(self, n: i64) -> Self {
        Self(self.0 + n)
    }
    /// `2026-11-23 14:05` on a Shanghai wall clock.
    pub fn local(self) -> String {
        let minutes = (self.0 + SHANGHAI_AHEAD).rem_euclid(DAY_MILLIS) / 60_000;
        format!("{} {:02}:{:02}", self.day(), minutes / 60, minutes % 60)
    }
    /// RFC 3339 with the Shanghai offset, for machines.
    pub fn rfc3339(self) -> String {
        let rest = (self.0 + SHANGHAI_AHEAD).rem_euclid(DAY_MILLIS);
        let (s, ms) = (rest / 1000, rest % 1000);
        format!("{}T{:02}:{:02}:{:02}.{ms:03}+08:00", self.day(), s / 3600, s / 60 % 60, s % 60)
    }
}

/// A calendar day, kept as days since 1970-01-01 so that a column of days is a column of small integers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i32);

impl Day {
    /// Before every day anyone writes: an open beginning.
    pub const MIN: Self = Self(-719_162);
    /// After every day anyone writes: an open end.
    pub const MAX: Self = Self(2_932_896);

    /// A day of the Gregorian calendar, if there is one.
    pub fn of(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self::from_date)
    }
    fn from_date(d: Date) -> Self {
        let span = d.since(Date::constant(1970, 1, 1)).map_or(0, |s| s.get_days());
        Self(span)
    }
    fn date(self) -> Date {
        let within = self.0.clamp(Self::MIN.0, Self::MAX.0);
        Date::constant(1970, 1, 1)
            .checked_add(jiff::Span::new().days(within))
            .unwrap_or(Date::constant(1970, 1, 1))
    }
    /// The calendar year.
    pub fn year(self) -> i32 {
        self.date().year().into()
    }
    /// The month, 1–12.
    pub fn month(self) -> i32 {
        self.date().month().into()
    }
    /// The day of the month, 1–31.
    pub fn day_of_month(self) -> i32 {
        self.date().day().into()
    }
    /// Monday = 1 … Sunday = 7.
    pub const fn weekday(self) -> i32 {
        (self.0 + 3).rem_euclid(7) + 1
    }
    /// So many days later.
    pub const fn plus_days(self, n: i32) -> Self {
        Self(self.0 + n)
    }
    /// So many years later; 29 February becomes 28 February in a common year.
    pub fn plus_years(self, n: i32) -> Self {
        self.date().checked_add(jiff::Span::new().years(n)).map_or(self, Self::from_date)
    }
    /// So many months later, clamped to the month's length.
    pub fn plus_months(self, n: i32) -> Self {
        self.date().checked_add(jiff::Span::new().months(n)).map_or(self, Self::from_date)
    }
    /// 1 January of this day's year.
    pub fn start_of_year(self) -> Self {
        Self::from_date(self.date().first_of_year())
    }
    /// 31 December of this day's year.
    pub fn end_of_year(self) -> Self {
        Self::from_date(self.date().last_of_year())
    }
    /// First day of this day's month.
    pub fn start_of_month(self) -> Self {
        Self::from_date(self.date().first_of_month())
    }
    /// Last day of this day's month.
    pub fn end_of_month(self) -> Self {
        Self::from_date(self.date().last_of_month())
    }
    /// Whole years from this day to `later` (an age, an experience).
    pub fn years_until(self, later: Self) -> i32 {
        let mut years = later.year() - self.year();
        if self.plus_years(years) > later {
            years -= 1;
        }
        years
    }
    /// Midnight at the beginning of this day in Asia/Shanghai.
    pub fn start(self) -> Instant {
        Instant(i64::from(self.0) * DAY_MILLIS - SHANGHAI_AHEAD)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.date();
        write!(f, "{:04}-{:02}-{:02}", d.year(), d.month(), d.day())
    }
}

/// The text is not a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotADay;

impl FromStr for Day {
    type Err = NotADay;
    /// `2026-11-23`, and what people type in its place: `2026.11.23`, `2026/11/23`, `2026年11月23日`, full-width digits.
    fn from_str(s: &str) -> Result<Self, NotADay> {
        let plain: String = s
            .trim()
            .chars()
            .map(|c| match c {
                '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
                '.' | '/' | '年' | '月' | '．' | '／' => '-',
                c => c,
            })
            .filter(|c| *c != '日')
            .collect();
        let mut parts = plain.split('-');
        let (Some(y), Some(m), Some(d), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotADay);
        };
        if y.len() != 4 {
            return Err(NotADay);
        }
        let (Ok(y), Ok(m), Ok(d)) = (y.parse(), m.parse(), d.parse()) else { return Err(NotADay) };
        Self::of(y, m, d).ok_or(NotADay)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(|NotADay| serde::de::Error::custom(format!("`{text}` is not a day")))
    }
}

/// A half-open stretch of days `[from, to)`. The end is the first day on which it no longer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    pub from: Day,
    /// `None`: still running.
    pub to: Option<Day>,
}

impl Period {
    /// From this day on, without an end.
    pub const fn since(from: Day) -> Self {
        Self { from, to: None }
    }
    /// Does it hold on this day?
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
    /// Do the two share a day?
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to.unwrap_or(Day::MAX) && other.from < self.to.unwrap_or(Day::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> Day {
        s.parse().unwrap()
    }

    #[test]
    fn days_read_what_people_type() {
        for s in [
            "2026-11-23",
            "2026.11.23",
            "2026/11/23",
            "2026年11月23日",
            "２０２６-11-23",
            " 2026-11-23 ",
        ] {
            assert_eq!(d(s).to_string(), "2026-11-23");
        }
        for s in ["2026-02-29", "2026-13-01", "26-1-1", "", "2026-11", "20261123"] {
            assert_eq!(s.parse::<Day>(), Err(NotADay), "{s}");
        }
        assert_eq!(d("1970-01-01").0, 0);
        assert_eq!(d("2026-11-23").weekday(), 1);
        assert_eq!(Day::MAX.to_string(), "9999-12-31");
        assert_eq!(Day::MIN.to_string(), "0001-01-01");
    }

    #[test]
    fn years_and_ages() {
        assert_eq!(d("2024-02-29").plus_years(1), d("2025-02-28"));
        assert_eq!(d("2020-06-01").years_until(d("2023-05-31")), 2);
        assert_eq!(d("2020-06-01").years_until(d("2023-06-01")), 3);
        assert_eq!(d("2026-03-05").end_of_year(), d("2026-12-31"));
        assert_eq!(d("2024-02-05").end_of_month(), d("2024-02-29"));
    }

    #[test]
    fn the_business_day_is_shanghais() {
        // 2026-11-22T16:00Z is midnight of the 23rd in Hangzhou.
        let midnight = d("2026-11-23").start();
        assert_eq!(midnight.day(), d("2026-11-23"));
        assert_eq!(midnight.plus_millis(-1).day(), d("2026-11-22"));
        assert_eq!(midnight.local(), "2026-11-23 00:00");
        assert_eq!(midnight.plus_millis(61_005).rfc3339(), "2026-11-23T00:01:01.005+08:00");
    }

    #[test]
    fn the_end_is_the_first_day_without() {
        let p = Period { from: d("2022-03-01"), to: Some(d("2023-06-01")) };
        assert!(
            p.holds_on(d("2023-05-31"))
                && !p.holds_on(d("2023-06-01"))
                && !p.holds_on(d("2022-02-28"))
        );
        assert!(!p.overlaps(&Period::since(d("2023-06-01"))));
        assert!(p.overlaps(&Period::since(d("2023-05-31"))));
    }
}
