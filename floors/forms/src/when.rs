//! Conditions: `source = referral`, `kind = a|b`, `age >= 60`, `danger`. All of a list must hold.
//!
//! A condition looks back: it names fields that stand before its own, so one pass decides and no circle is possible.
use serde::Serialize;

use crate::form::Text;
use crate::read::{Answers, number_of, words_of};

/// How an answer is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Op {
    /// There is any answer.
    Given,
    /// One of the words is the answer, or among the answers.
    Is,
    /// None of the words is.
    IsNot,
    /// The number is at least this.
    AtLeast,
    /// The number is at most this.
    AtMost,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cond {
    pub field: String,
    pub op: Op,
    pub words: Vec<String>,
}

impl Cond {
    /// Reads `field`, `field = a|b`, `field != a`, `field >= 3`, `field <= 3`.
    pub fn parse(text: &str) -> Option<Self> {
        let ops = [(">=", Op::AtLeast), ("<=", Op::AtMost), ("!=", Op::IsNot), ("=", Op::Is)];
        let found = ops.iter().find_map(|(sign, op)| Some((text.split_once(sign)?, *op)));
        let (field, op, words) = match found {
            None => (text, Op::Given, Vec::new()),
            Some(((field, rest), op)) => {
                (field, op, rest.split('|').map(|w| w.trim().to_owned()).collect())
            }
        };
        let field = field.trim().to_owned();
        let numeric = matches!(op, Op::AtLeast | Op::AtMost);
        let sound = !field.is_empty()
            && words.iter().all(|w: &String| !w.is_empty())
            && (!numeric || words.iter().all(|w| w.parse::<i64>().is_ok()));
        sound.then_some(Self { field, op, words })
    }
    /// Does it hold for these answers? An open question fulfils no condition but `!=`.
    pub fn holds(&self, answers: &Answers) -> bool {
        let given = answers.0.get(&self.field);
        let has = |word: &String| given.is_some_and(|v| words_of(v).iter().any(|w| w == word));
        let number = given.and_then(number_of);
        let bound = self.words.first().and_then(|w| w.parse::<i64>().ok()).map(|n| n * UNIT);
        match self.op {
            Op::Given => given.is_some(),
            Op::Is => self.words.iter().any(has),
            Op::IsNot => !self.words.iter().any(has),
            Op::AtLeast => number.zip(bound).is_some_and(|(n, b)| n >= b),
            Op::AtMost => number.zip(bound).is_some_and(|(n, b)| n <= b),
        }
    }
}

/// Numbers are compared and added in units of 10⁻⁴.
pub(crate) const UNIT: i64 = 10_000;

/// Something that must not be overlooked, whatever the total: PHQ-9 item 9, immediate danger at intake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlertRule {
    /// `suicide_risk`, `danger` …: what listeners know it by.
    pub key: String,
    pub label: Text,
    pub when: Vec<Cond>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_read_and_hold() {
        let answers: Answers = serde_json::from_value(
            json!({ "a": "x", "n": 3, "m": ["p", "q"], "d": "2.5", "t": true }),
        )
        .unwrap();
        for (text, holds) in [
            ("a", true),
            ("z", false),
            ("a = x|y", true),
            ("a = y", false),
            ("m = q", true),
            ("m != q", false),
            ("z != q", true),
            ("n >= 3", true),
            ("n >= 4", false),
            ("d <= 2", false),
            ("d >= 2", true),
            ("t = 1", true),
            ("a >= 1", false),
        ] {
            assert_eq!(Cond::parse(text).unwrap().holds(&answers), holds, "{text}");
        }
        for text in ["", "= x", "a =", "a >= b", "a = |"] {
            assert_eq!(Cond::parse(text), None, "{text}");
        }
    }
}
