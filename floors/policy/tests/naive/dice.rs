//! Dice that fall the same way for the same seed, and the maker that hands out ids and dates while a district grows.
use kernel::Day;
use policy::rows::{Rows, UnitKind};

/// A small generator of numbers (SplitMix64), so that a seed is a district.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }
    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.below(usize::try_from(high - low + 1).unwrap())).unwrap()
    }
    /// True `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
    pub(crate) fn word(&mut self, from: &[&str]) -> String {
        (*self.pick(from)).to_owned()
    }
}

/// A district, and the day it is asked about.
pub(crate) struct District {
    pub(crate) rows: Rows,
    pub(crate) as_of: Day,
}

/// Days that matter when `d` is asked about.
fn near(d: Day) -> Vec<Day> {
    let year = d.start_of_year();
    let mut days: Vec<Day> = [-1500, -1096, -1095, -800, -366, -365, -364, -200, -40, -1, 0, 1, 40]
        .map(|n| d.plus_days(n))
        .to_vec();
    days.extend([
        year,
        year.plus_days(-1),
        year.plus_days(1),
        d.end_of_year(),
        d.start_of_month(),
        d.start_of_month().plus_days(-1),
    ]);
    days.extend([d.plus_years(-3), d.plus_years(-3).plus_days(1), d.plus_years(-1)]);
    days
}

/// Hands out ids and dates while a district grows.
pub(crate) struct Maker {
    pub(crate) dice: Dice,
    pub(crate) as_of: Day,
    days: Vec<Day>,
    ids: usize,
    pub(crate) rows: Rows,
}

impl Maker {
    pub(crate) fn new(dice: Dice, as_of: Day) -> Self {
        Self { dice, as_of, days: near(as_of), ids: 0, rows: Rows::default() }
    }
    pub(crate) fn id(&mut self, stem: &str) -> String {
        self.ids += 1;
        format!("{stem}{}", self.ids)
    }
    pub(crate) fn day(&mut self) -> Day {
        *self.dice.pick(&self.days)
    }
    /// A day that has come, mostly.
    pub(crate) fn past(&mut self) -> Day {
        let day = self.day();
        if day > self.as_of && self.dice.chance(80) { self.as_of } else { day }
    }
    /// `[from, to)`: usually running, often ending right beside the day asked about.
    pub(crate) fn stretch(&mut self) -> (Day, Option<Day>) {
        let from = self.past();
        let to = match self.dice.below(10) {
            0..=5 => None,
            6 => Some(self.as_of),
            7 => Some(self.as_of.plus_days(1)),
            _ => Some(self.day()),
        };
        (from, to.filter(|to| *to > from))
    }
    pub(crate) fn units_of(&self, kind: UnitKind) -> Vec<String> {
        self.rows.units.iter().filter(|u| u.kind == kind).map(|u| u.id.clone()).collect()
    }
    pub(crate) fn person(&mut self) -> String {
        let n = self.rows.persons.len();
        let at = self.dice.below(n);
        self.rows.persons[at].id.clone()
    }
    pub(crate) fn maybe_unit(&mut self, kind: UnitKind) -> Option<String> {
        let all = self.units_of(kind);
        if all.is_empty() { None } else { Some(self.dice.pick(&all).clone()) }
    }
}
