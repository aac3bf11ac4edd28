//! Money in fen. Sums are exact; a float never touches them.
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An amount in fen (分), 100 to the yuan.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    /// So many whole yuan.
    pub const fn yuan(n: i64) -> Self {
        Self(n * 100)
    }
    /// `1,400,000.00` — for ledgers, in yuan.
    pub fn in_yuan(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, cents) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let digits = whole.to_string();
        let mut out = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(',');
            }
            out.push(c);
        }
        format!("{sign}{out}.{cents:02}")
    }
    /// `140.0` or `139.9999` — for boards, in 10,000 yuan (万元): one decimal at least, never rounded.
    pub fn in_wan(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let mut decimals = format!("{rest:06}");
        while decimals.len() > 1 && decimals.ends_with('0') {
            decimals.pop();
        }
        format!("{sign}{whole}.{decimals}")
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_yuan())
    }
}

/// The text is not an amount of yuan with at most two decimals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMoney;

impl FromStr for Money {
    type Err = NotMoney;
    /// Yuan, with or without thousands commas and a `元` or `¥`.
    fn from_str(s: &str) -> Result<Self, NotMoney> {
        let plain: String = s
            .trim()
            .trim_start_matches(['¥', '￥'])
            .trim_end_matches('元')
            .replace([',', '，'], "");
        let (sign, digits) = plain.strip_prefix('-').map_or((1, plain.as_str()), |d| (-1, d));
        let (whole, cents) = digits.split_once('.').unwrap_or((digits, ""));
        let plain_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || cents.len() > 2 || !plain_digits(whole) || !plain_digits(cents) {
            return Err(NotMoney);
        }
        let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| NotMoney)?;
        let whole: i64 = whole.parse().map_err(|_| NotMoney)?;
        whole
            .checked_mul(100)
            .and_then(|w| w.checked_add(cents))
            .map(|fen| Self(sign * fen))
            .ok_or(NotMoney)
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self(self.0 + o.0)
    }
}
impl Sub for Money {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self(self.0 - o.0)
    }
}
impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(it: I) -> Self {
        it.fold(Self(0), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_in_fen_out() {
        assert_eq!("1,400,000".parse(), Ok(Money::yuan(1_400_000)));
        assert_eq!("1399999.99".parse(), Ok(Money(139_999_999)));
        assert_eq!("-0.5元".parse(), Ok(Money(-50)));
        for bad in ["", "1.234", "十万", "1e5", ".5", "99999999999999999999"] {
            assert_eq!(bad.parse::<Money>(), Err(NotMoney), "{bad}");
        }
        assert_eq!(Money(139_999_999).in_yuan(), "1,399,999.99");
        assert_eq!(Money(-5).in_yuan(), "-0.05");
        assert_eq!(Money::yuan(120_000).in_wan(), "12.0");
        assert_eq!(Money(139_999_999).in_wan(), "139.999999");
    }
}
