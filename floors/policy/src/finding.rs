//! What a verdict rests on, in the shapes that pages and machines read: the value measured and the bound it is held against.
use kernel::Ratio;
use serde::Serialize;

use crate::catalogue::Returns;
use crate::facts::Owner;
use crate::measure::Value;
use crate::names;
use crate::plan::{RulePlan, Test};
use crate::rows::UnitKind;
use crate::run::Engine;
use crate::verdict::Verdict;

/// A measured value as people read it: fen are still fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "as")]
pub enum Measured {
    /// A whole number in the unit of [`Finding::returns`].
    Number {
        n: i64,
    },
    Ratio {
        of: i64,
        to: i64,
    },
    /// Kinds present, among those asked for.
    Set {
        kinds: Vec<String>,
    },
    Day {
        day: Option<kernel::Day>,
    },
    Text {
        text: String,
    },
    /// The table nobody reported.
    Unknown {
        table: &'static str,
    },
    NotApplicable,
}

/// What a value is held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Threshold {
    None,
    Range { min: Option<Ratio>, max: Option<Ratio> },
    Equals { value: Ratio },
    Includes { kinds: Vec<String> },
    AnyOf { kinds: Vec<String> },
    Shape { text: String },
}

/// One rule, one unit, one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub rule: String,
    pub unit: String,
    pub kind: UnitKind,
    pub verdict: Verdict,
    pub value: Measured,
    pub threshold: Threshold,
    /// The unit of the value: count, fen, tenths of days, years, hundredths.
    pub returns: Option<Returns>,
}

impl Engine<'_> {
    /// Value and threshold beside the verdict. `None` when the rule is not asked of the unit.
    pub fn finding(&self, rule: &str, unit: &str) -> Option<Finding> {
        let ix = self.rule_ix(rule)?;
        let owner = self.facts.owner(unit)?;
        let verdict = self.verdict_of(ix, owner);
        (verdict != Verdict::Absent).then(|| self.finding_of(ix, owner, verdict)).flatten()
    }
    pub(crate) fn finding_of(&self, ix: u32, owner: Owner, verdict: Verdict) -> Option<Finding> {
        let (rule, plan) = (self.pack.rules.get(ix as usize)?, self.plan.rules.get(ix as usize)?);
        let slot = plan.shown_slot();
        let value = slot.map_or(Value::NotApplicable, |s| self.value(s, owner, &mut ()));
        Some(Finding {
            rule: rule.id.clone(),
            unit: self.facts.owner_id(owner).to_owned(),
            kind: self.asked_as(rule, owner)?,
            verdict,
            value: self.shown(slot, value),
            threshold: self.threshold(ix, owner),
            returns: rule.call.as_ref().map(|c| c.measure.entry().returns),
        })
    }
    pub(crate) fn shown(&self, slot: Option<u32>, v: Value) -> Measured {
        match v {
            Value::Unknown(t) => Measured::Unknown { table: t.name() },
            Value::NotApplicable => Measured::NotApplicable,
            Value::Int(n) => Measured::Number { n },
            Value::Ratio { of, to } => Measured::Ratio { of, to },
            Value::Set(bits) => {
                let wanted = slot
                    .and_then(|s| self.plan.slots.get(s as usize))
                    .map(|s| s.args.wanted.as_slice());
                Measured::Set { kinds: pick(wanted.unwrap_or_default(), bits) }
            }
            Value::Day(d) => Measured::Day { day: d.map(kernel::Day) },
            Value::Name(text) => {
                let text = self.facts.texts.get(text).to_owned();
                Measured::Text { text }
            }
        }
    }
    /// What the value of this rule is held against today.
    pub(crate) fn threshold(&self, ix: u32, owner: Owner) -> Threshold {
        let Some(plan) = self.plan.rules.get(ix as usize) else { return Threshold::None };
        let wanted = |mask: u64| {
            let slot = plan.slot.and_then(|s| self.plan.slots.get(s as usize));
            pick(slot.map_or(&[][..], |s| s.args.wanted.as_slice()), mask)
        };
        let test = if let Test::Duty { done, .. } = &plan.test { done } else { &plan.test };
        match test {
            Test::Range(min, max) => Threshold::Range { min: *min, max: *max },
            Test::Equals(value) => Threshold::Equals { value: *value },
            Test::All(m) => Threshold::Includes { kinds: wanted(*m) },
            Test::Any(m) => Threshold::AnyOf { kinds: wanted(*m) },
            Test::Until(stages) => {
                let stage = self.facts.units.stage.get(owner.ix() as usize).copied().unwrap_or(0);
                let mask = stages.iter().find(|(s, _)| *s == stage).map_or(0, |(_, m)| *m);
                Threshold::Includes { kinds: wanted(mask) }
            }
            Test::Matches(p, _) => {
                Threshold::Shape { text: names::suggest(self.facts, owner.ix(), p) }
            }
            Test::Path(p) => Threshold::Range { min: p.ahead.or(p.behind.map(|b| b.0)), max: None },
            Test::Allowance { amount: Some(a), .. } => Threshold::Equals { value: *a },
            _ => Threshold::None,
        }
    }
}

impl RulePlan {
    /// The slot whose value is shown: for a target, that of the point ahead.
    pub(crate) fn shown_slot(&self) -> Option<u32> {
        match &self.test {
            Test::Path(p) => p.slot_ahead.or(self.slot),
            _ => self.slot,
        }
    }
}

fn pick(words: &[String], mask: u64) -> Vec<String> {
    words.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, w)| w.clone()).collect()
}
