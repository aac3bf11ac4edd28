//! Ratios compared exactly, by cross-multiplication.
use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// `of / to`. A zero `to` is no number: [`Ratio::cmp_to`] answers `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ratio {
    pub of: i64,
    pub to: i64,
}

impl Ratio {
    /// `of` to `to`, both in one unit.
    pub const fn new(of: i64, to: i64) -> Self {
        Self { of, to }
    }
    /// Exact order against another ratio; `None` when either has nothing below the line.
    pub fn cmp_to(self, bound: Self) -> Option<Ordering> {
        if self.to <= 0 || bound.to <= 0 {
            return None;
        }
        Some(
            (i128::from(self.of) * i128::from(bound.to))
                .cmp(&(i128::from(bound.of) * i128::from(self.to))),
        )
    }
    /// Per mille and a half, for showing only: `66.7`, cut (not rounded) so that 79.99 % never reads 80.0.
    pub fn percent(self) -> Option<String> {
        if self.to <= 0 {
            return None;
        }
        let tenths = i128::from(self.of) * 1000 / i128::from(self.to);
        Some(format!("{}.{}", tenths / 10, (tenths % 10).abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_quarters_exactly() {
        let bound = Ratio::new(75, 100);
        let least = [1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9];
        for (d, n) in (1..=12).zip(least) {
            assert_ne!(Ratio::new(n, d).cmp_to(bound), Some(Ordering::Less), "{n}/{d}");
            assert_eq!(Ratio::new(n - 1, d).cmp_to(bound), Some(Ordering::Less), "{}/{d}", n - 1);
        }
        assert_eq!(Ratio::new(1, 0).cmp_to(bound), None);
        assert_eq!(Ratio::new(7999, 10000).percent().as_deref(), Some("79.9"));
    }
}
