//! Computed fields: `age(birth, date)`, `sum(a, b)`, `sum(rows.fee)`, `count(rows)`, `minutes(from, to)`, `days(a, b)`, `gas(goals.level, goals.weight)`.
use kernel::Day;
use serde::Serialize;
use serde_json::Value as Json;

use crate::read::{Answers, number_of, words_of};
use crate::when::UNIT;

/// What a field is worked out from. Names are fields, or `table.column`. A missing part leaves the result open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Formula {
    /// Whole years from a birth to a day.
    Age(String, String),
    /// The sum of all that is answered.
    Sum(Vec<String>),
    /// How many rows or ticks.
    Count(String),
    /// Minutes from a time to a later time of the same day.
    Minutes(String, String),
    /// Days from a day to another, both counted.
    Days(String, String),
    /// The T-score of goal attainment scaling: levels −2…+2 and weights of each goal.
    Gas(String, String),
}

impl Formula {
    /// Reads `name(arg, arg)`.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.trim().strip_suffix(')')?.split_once('(')?;
        let args: Vec<String> = rest.split(',').map(|a| a.trim().to_owned()).collect();
        if args.iter().any(String::is_empty) {
            return None;
        }
        Some(match (name.trim(), args.as_slice()) {
            ("age", [a, b]) => Self::Age(a.clone(), b.clone()),
            ("sum", _) => Self::Sum(args),
            ("count", [a]) => Self::Count(a.clone()),
            ("minutes", [a, b]) => Self::Minutes(a.clone(), b.clone()),
            ("days", [a, b]) => Self::Days(a.clone(), b.clone()),
            ("gas", [a, b]) => Self::Gas(a.clone(), b.clone()),
            _ => return None,
        })
    }
    /// The fields it reads, `table.column` as written.
    pub fn reads(&self) -> Vec<&str> {
        match self {
            Self::Age(a, b) | Self::Minutes(a, b) | Self::Days(a, b) | Self::Gas(a, b) => {
                vec![a, b]
            }
            Self::Sum(all) => all.iter().map(String::as_str).collect(),
            Self::Count(a) => vec![a],
        }
    }
    /// The result in units of 10⁻⁴, if every part it needs is there.
    pub fn value(&self, answers: &Answers) -> Option<i64> {
        match self {
            Self::Age(birth, on) => {
                let (birth, on) = (day(answers, birth)?, day(answers, on)?);
                (birth <= on).then(|| i64::from(birth.years_until(on)) * UNIT)
            }
            Self::Sum(names) => {
                let all: Vec<i64> =
                    names.iter().flat_map(|n| numbers(answers, n)).flatten().collect();
                (!all.is_empty()).then(|| all.iter().fold(0i64, |sum, n| sum.saturating_add(*n)))
            }
            Self::Count(name) => {
                let n = match answers.0.get(name)? {
                    Json::Array(rows) => rows.len(),
                    one => words_of(one).len(),
                };
                i64::try_from(n).ok().map(|n| n * UNIT)
            }
            Self::Minutes(from, to) => {
                let (from, to) = (minute(answers, from)?, minute(answers, to)?);
                (from <= to).then_some((to - from) * UNIT)
            }
            Self::Days(from, to) => {
                let (from, to) = (day(answers, from)?, day(answers, to)?);
                (from <= to).then(|| i64::from(to.0 - from.0 + 1) * UNIT)
            }
            Self::Gas(levels, weights) => {
                let (levels, weights) = (numbers(answers, levels), numbers(answers, weights));
                let goals: Option<Vec<(f64, f64)>> = levels
                    .iter()
                    .enumerate()
                    .map(|(at, level)| {
                        // A goal without a weight weighs 1, as goals do unless somebody says otherwise.
                        let weight = weights.get(at).copied().flatten().unwrap_or(UNIT);
                        Some((float(weight), float((*level)?)))
                    })
                    .collect();
                gas_t(&goals?).map(|t| (t * 10_000.0).round() as i64)
            }
        }
    }
}

fn float(n: i64) -> f64 {
    n as f64 / UNIT as f64
}

/// The correlation that goal attainment scaling assumes between goals.
const RHO: f64 = 0.3;

/// The T-score of goal attainment scaling for (weight, level −2…+2) of each goal:
/// `50 + 10·Σwx ÷ √((1−ρ)Σw² + ρ(Σw)²)` with ρ = 0.3 (Kiresuk and Sherman 1968). None without goals or without weight.
pub fn gas_t(goals: &[(f64, f64)]) -> Option<f64> {
    let reached: f64 = goals.iter().map(|(w, x)| w * x).sum();
    let squares: f64 = goals.iter().map(|(w, _)| w * w).sum();
    let weight: f64 = goals.iter().map(|(w, _)| w).sum();
    let below = ((1.0 - RHO) * squares + RHO * weight * weight).sqrt();
    (below > 0.0).then(|| 50.0 + 10.0 * reached / below)
}

fn day(answers: &Answers, name: &str) -> Option<Day> {
    answers.0.get(name)?.as_str()?.parse().ok()
}

/// Minutes since midnight of an answered time.
fn minute(answers: &Answers, name: &str) -> Option<i64> {
    let (h, m) = answers.0.get(name)?.as_str()?.split_once(':')?;
    Some(h.parse::<i64>().ok()? * 60 + m.parse::<i64>().ok()?)
}

/// The numbers of a field (one) or of a column (one a row); an open cell is `None`.
pub(crate) fn numbers(answers: &Answers, name: &str) -> Vec<Option<i64>> {
    match name.split_once('.') {
        None => answers.0.get(name).map_or_else(Vec::new, |v| vec![number_of(v)]),
        Some((table, column)) => {
            answers.0.get(table).and_then(Json::as_array).map_or_else(Vec::new, |rows| {
                rows.iter().map(|row| row.get(column).and_then(number_of)).collect()
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goal_attainment_as_published() {
        for (goals, t) in [
            (&[(1.0, 0.0), (1.0, 0.0), (1.0, 0.0)][..], 50.0),
            (&[(1.0, 1.0), (1.0, 1.0), (1.0, 1.0)][..], 63.69),
            (&[(2.0, 1.0), (1.0, -1.0)][..], 54.02),
        ] {
            assert!((gas_t(goals).unwrap() - t).abs() < 0.005, "{goals:?}");
        }
        assert_eq!(gas_t(&[]), None);
        assert_eq!(gas_t(&[(0.0, 1.0)]), None);
    }

    #[test]
    fn formulas_read_and_work() {
        let answers: Answers = serde_json::from_value(serde_json::json!({
            "birth": "1948-02-29", "on": "2026-02-28", "from": "09:30", "to": "10:15", "a": 2, "b": "1.5",
            "many": ["x", "y"], "rows": [{ "fee": 3 }, { "fee": 4 }, {}],
            "goals": [{ "level": "1", "weight": 2 }, { "level": "-1" }],
        })).unwrap();
        for (text, value) in [
            ("age(birth, on)", Some(78)),
            ("minutes(from, to)", Some(45)),
            ("minutes(to, from)", None),
            ("sum(rows.fee)", Some(7)),
            ("count(rows)", Some(3)),
            ("count(many)", Some(2)),
            ("count(none)", None),
            ("days(on, on)", Some(1)),
            ("days(birth, none)", None),
            ("sum(none)", None),
        ] {
            assert_eq!(
                Formula::parse(text).unwrap().value(&answers),
                value.map(|v| v * UNIT),
                "{text}"
            );
        }
        assert_eq!(Formula::parse("sum(a, b)").unwrap().value(&answers), Some(35_000));
        assert_eq!(
            Formula::parse("gas(goals.level, goals.weight)")
                .unwrap()
                .value(&answers)
                .map(|t| (t + 50) / 100),
            Some(5402)
        );
        for text in ["", "age(a)", "power(a, b)", "sum()", "sum(a"] {
            assert_eq!(Formula::parse(text), None, "{text}");
        }
    }
}
