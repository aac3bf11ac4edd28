//! The full pass: a rule at a time over a stretch of units.
use super::Engine;
use crate::facts::Owner;
use crate::measure::Value;
use crate::plan::{Ask, KindPlan, Plan, Quick};
use crate::rows::UnitKind;
use crate::verdict::Verdict;

/// How many units are asked the same rule in a row. Their rows stand in that order in memory, so a rule at a time over a stretch of units
/// reads one table from front to back; a unit at a time would read all tables a little.
pub(crate) const STRETCH: usize = 128;

/// The values of a stretch of units, each kept from the first rule that asks.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    values: Vec<(u32, Value)>,
    round: u32,
}
impl Scratch {
    /// Room for every slot of a plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        let room = plan.slots.len() * STRETCH;
        Self { values: vec![(0, Value::NotApplicable); room], round: 0 }
    }
    /// Forgets all values.
    pub(crate) fn turn(&mut self) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.values.iter_mut().for_each(|(r, _)| *r = 0);
            self.round = 1;
        }
    }
    #[inline]
    fn get(&self, slot: u32, at: usize) -> Option<Value> {
        let place = self.values.get(slot as usize * STRETCH + at);
        place.filter(|(r, _)| *r == self.round).map(|(_, v)| *v)
    }
    #[inline]
    fn set(&mut self, slot: u32, at: usize, value: Value) {
        if let Some(v) = self.values.get_mut(slot as usize * STRETCH + at) {
            *v = (self.round, value);
        }
    }
}

impl Engine<'_> {
    /// All verdicts of a stretch of units (at most [`STRETCH`]), one per rule of their kind, behind those in `out`.
    pub(crate) fn fill(
        &self,
        kind: &KindPlan,
        owners: &[Owner],
        scratch: &mut Scratch,
        out: &mut Vec<Verdict>,
    ) {
        let (width, before) = (kind.asks.len(), out.len());
        out.resize(before + width * owners.len(), Verdict::Absent);
        scratch.turn();
        for (ix, ask) in kind.asks.iter().enumerate() {
            let cells = out.get_mut(before + ix..).unwrap_or_default().iter_mut().step_by(width);
            for ((at, owner), cell) in owners.iter().enumerate().zip(cells) {
                *cell = self.ask(ask, *owner, at, scratch);
            }
        }
        if kind.kind == UnitKind::Supervisor {
            let lines = out.get_mut(before..).unwrap_or_default().chunks_mut(width.max(1));
            for (owner, line) in owners.iter().zip(lines) {
                if !self.subject(kind.kind, *owner) {
                    line.fill(Verdict::Absent);
                }
            }
        }
    }
    /// One rule: the quick way if it goes, or else the long one.
    #[inline]
    fn ask(&self, ask: &Ask, owner: Owner, at: usize, scratch: &mut Scratch) -> Verdict {
        let Some(plan) = self.plan.rules.get(ask.rule as usize) else { return Verdict::Absent };
        if !matches!(ask.quick, Quick::No) && self.waivers.is_empty() {
            if ask.conditional
                && let Some(v) = self.conditions(plan, owner)
            {
                return v;
            }
            let judged = if ask.shared {
                ask.judge(self.kept(ask.slot, owner, at, scratch))
            } else {
                ask.judge(self.value(ask.slot, owner, &mut ()))
            };
            if let Some(v) = judged {
                return v;
            }
        }
        self.judge(ask.rule, plan, owner, &mut |s| self.kept(s, owner, at, scratch))
    }
    /// The value of a slot, computed once per unit however many rules ask.
    #[inline]
    fn kept(&self, slot: u32, owner: Owner, at: usize, scratch: &mut Scratch) -> Value {
        if let Some(v) = scratch.get(slot, at) {
            return v;
        }
        if self.given.is_empty()
            && let Some(group) = self.plan.fused(slot)
            && group.answer(self.facts, &self.plan.ctx, owner.ix(), |s, v| scratch.set(s, at, v))
            && let Some(v) = scratch.get(slot, at)
        {
            return v;
        }
        let v = self.value(slot, owner, &mut ());
        scratch.set(slot, at, v);
        v
    }
}
