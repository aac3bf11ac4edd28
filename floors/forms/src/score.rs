//! Scoring. Totals and bands are in tenths, for pro-rated sums and T-scores have one digit after the point.
use serde::Serialize;

use crate::compute::numbers;
use crate::form::{Form, Text};
use crate::read::Answers;
use crate::when::UNIT;

db::words! {
    /// How a total comes about.
    pub enum Rule {
        /// The sum of the items' points, times the scale's factor.
        Sum = "sum",
        /// How many in a hundred items score at least `top` (satisfaction: answers 4 and 5).
        Share = "share",
        /// The number of a computed field (goal attainment's T-score).
        Field = "field",
    }
}

/// A stretch of totals with one meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Band {
    pub key: String,
    pub label: Text,
    /// First and last total of the band, in tenths.
    pub from: i64,
    pub to: i64,
    /// A positive screen: somebody should look closer.
    pub positive: bool,
}

/// One reading of the totals. The first set of a scale is used; the others are kept beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BandSet {
    pub id: String,
    pub title: Text,
    pub bands: Vec<Band>,
}

/// How a scale is scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scoring {
    pub rule: Rule,
    /// The fields that are items; for `field` the one computed field.
    pub items: Vec<String>,
    pub factor: i64,
    pub top: i64,
    /// How many items may be open: the total is then pro-rated. 0: a missing item gives no total.
    pub may_miss: i64,
    /// Least and largest total, in tenths.
    pub min: i64,
    pub max: i64,
    pub sets: Vec<BandSet>,
}

/// A warning that answers raise, whatever the total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// `suicide_risk`, `danger` …
    pub key: String,
    pub label: Text,
}

/// What a filled-in scale says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Score {
    /// In tenths, as are `min` and `max`.
    pub total: i64,
    pub min: i64,
    pub max: i64,
    pub band: Option<Band>,
    /// A positive screen.
    pub positive: bool,
    /// Some items were open and the total is pro-rated.
    pub prorated: bool,
    pub alerts: Vec<Alert>,
}

impl Score {
    /// The total as people write it: `15`, `63.7`.
    pub fn total_text(&self) -> String {
        tenths(self.total)
    }
    /// The largest total as people write it.
    pub fn max_text(&self) -> String {
        tenths(self.max)
    }
}

/// Tenths as people write them: `15`, `63.7`.
pub fn tenths(n: i64) -> String {
    let sign = if n < 0 { "-" } else { "" };
    let n = n.abs();
    if n % 10 == 0 { format!("{sign}{}", n / 10) } else { format!("{sign}{}.{}", n / 10, n % 10) }
}

impl BandSet {
    /// The band of a total.
    pub fn band(&self, total: i64) -> Option<&Band> {
        self.bands.iter().find(|b| (b.from..=b.to).contains(&total))
    }
}

impl Form {
    /// The warnings that these answers raise. They do not wait for the other items.
    pub fn alerts(&self, answers: &Answers) -> Vec<Alert> {
        self.alerts
            .iter()
            .filter(|rule| rule.when.iter().all(|c| c.holds(answers)))
            .map(|rule| Alert { key: rule.key.clone(), label: rule.label.clone() })
            .collect()
    }
    /// The score of these answers by the first set of bands. None for a form that scores nothing, and when an item is missing that
    /// the scale cannot do without.
    pub fn score(&self, answers: &Answers) -> Option<Score> {
        let scoring = self.score.as_ref()?;
        let (total, prorated) = self.total(scoring, answers)?;
        let band = scoring.sets.first().and_then(|set| set.band(total)).cloned();
        Some(Score {
            total,
            min: scoring.min,
            max: scoring.max,
            positive: band.as_ref().is_some_and(|b| b.positive),
            band,
            prorated,
            alerts: self.alerts(answers),
        })
    }

    fn total(&self, scoring: &Scoring, answers: &Answers) -> Option<(i64, bool)> {
        if scoring.rule == Rule::Field {
            let n = (*numbers(answers, scoring.items.first()?).first()?)?;
            return Some((rounded(n, UNIT / 10), false));
        }
        let points: Vec<i64> = scoring
            .items
            .iter()
            .filter_map(|item| self.field_of(item)?.option(&answers.text(item))?.points)
            .collect();
        let (given, all) = (to_i64(points.len()), to_i64(scoring.items.len()));
        let missing = all - given;
        if given == 0 || missing > scoring.may_miss {
            return None;
        }
        let total = match scoring.rule {
            Rule::Share => {
                let high = to_i64(points.iter().filter(|p| **p >= scoring.top).count());
                rounded(high * 1000, given)
            }
            _ => rounded(points.iter().sum::<i64>() * scoring.factor * 10 * all, given),
        };
        Some((total, missing > 0))
    }
}

fn to_i64(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Half away from zero.
fn rounded(n: i64, by: i64) -> i64 {
    let half = by / 2;
    if n >= 0 { n.saturating_add(half) / by } else { n.saturating_sub(half) / by }
}
