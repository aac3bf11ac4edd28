//! The quick way through a full pass: what nearly every rule asks, without looking at the rule itself, and measures that read the same rows
//! answered in one go. Whatever does not fit goes the long way; both ways say the same.
use super::{Plan, RulePlan, Test};
use crate::catalogue::MeasureId;
use crate::facts::Facts;
use crate::measure::{Ctx, Slot, Value};
use crate::pack::{Empty, Modality};
use crate::rows::Table;
use crate::verdict::Verdict;

/// One rule as a pass over many units asks it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask {
    pub rule: u32,
    pub slot: u32,
    pub quick: Quick,
    pub conditional: bool,
    /// Do other rules ask for the same value, or is it computed together with others?
    pub shared: bool,
    yes: Verdict,
    no: Verdict,
    empty: Verdict,
}

/// A comparison of whole numbers or bits.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Quick {
    /// Anything else.
    No,
    Between(i64, i64),
    All(u64),
    Any(u64),
}

impl Ask {
    pub(super) fn new(rule: u32, plan: &RulePlan) -> Self {
        let hard = plan.modality == Modality::Must;
        let (test, yes, no) = match &plan.test {
            Test::Duty { done, closed: false } => (&**done, Verdict::Met, Verdict::NotYet),
            Test::Duty { done, .. } if hard => (&**done, Verdict::Met, Verdict::Missed),
            Test::Duty { done, .. } => (&**done, Verdict::Met, Verdict::Warn),
            plain if hard => (plain, Verdict::Pass, Verdict::Fail),
            plain => (plain, Verdict::Pass, Verdict::Warn),
        };
        let quick = match test {
            _ if !plan.stands || plan.slot.is_none() => Quick::No,
            Test::Range(min, max) => {
                let whole = |r: &Option<kernel::Ratio>, open| match r {
                    None => Some(open),
                    Some(r) if r.to == 1 => Some(r.of),
                    Some(_) => None,
                };
                match (whole(min, i64::MIN), whole(max, i64::MAX)) {
                    (Some(min), Some(max)) => Quick::Between(min, max),
                    _ => Quick::No,
                }
            }
            Test::Equals(e) if e.to == 1 => Quick::Between(e.of, e.of),
            Test::All(mask) => Quick::All(*mask),
            Test::Any(mask) => Quick::Any(*mask),
            _ => Quick::No,
        };
        let empty = match plan.empty {
            Empty::NotApplicable => Verdict::NotApplicable,
            Empty::Unknown => Verdict::Unknown,
            Empty::Pass => yes,
        };
        let slot = plan.slot.unwrap_or(0);
        let conditional = !plan.conditions.is_empty();
        Self { rule, slot, quick, conditional, shared: true, yes, no, empty }
    }
    /// The verdict on this value, when it is of the kind compared.
    #[inline]
    pub(crate) const fn judge(&self, value: Value) -> Option<Verdict> {
        let held = match (self.quick, value) {
            (_, Value::Unknown(_)) => return Some(Verdict::Unknown),
            (_, Value::NotApplicable) => return Some(self.empty),
            (Quick::Between(min, max), Value::Int(n)) => min <= n && n <= max,
            (Quick::All(mask), Value::Set(bits)) => bits & mask == mask,
            (Quick::Any(mask), Value::Set(bits)) => bits & mask != 0,
            _ => return None,
        };
        Some(if held { self.yes } else { self.no })
    }
}

/// Slots that read the same rows of a unit in the same way.
#[derive(Clone, Debug)]
pub(crate) struct Fused {
    table: Table,
    /// First day counted; with none, rows must hold on the day asked.
    since: Option<i32>,
    /// Kind → what such a row adds: bits of all slots of a set, or one in each slot's byte of a count.
    adds: Vec<u64>,
    /// Slot, where its part begins, and the bits of that part.
    parts: Vec<(u32, u32, u64)>,
    sets: bool,
}

/// Rows beyond this many do not fit a byte of a count.
const MOST_ROWS: usize = 255;

impl Fused {
    /// All groups worth having, and for every slot the place of its group.
    pub(super) fn of(slots: &[Slot], f: &Facts) -> (Vec<Self>, Vec<Option<u16>>) {
        let mut groups: Vec<Self> = Vec::new();
        let mut at: Vec<Option<u16>> = vec![None; slots.len()];
        for (ix, slot) in (0_u32..).zip(slots) {
            let Some((table, sets)) = Self::fits(slot) else { continue };
            let width = if sets { u32::try_from(slot.args.wanted.len()).unwrap_or(64) } else { 8 };
            let since = slot.args.since;
            let found = groups.iter().position(|g| {
                (g.table, g.sets, g.since) == (table, sets, since) && g.used() + width <= 64
            });
            let place = found.unwrap_or_else(|| {
                let adds = vec![0; f.vocab.len()];
                groups.push(Self { table, since, adds, parts: Vec::new(), sets });
                groups.len() - 1
            });
            let Some(g) = groups.get_mut(place) else { continue };
            let shift = g.used();
            if width == 0 || shift + width > 64 {
                continue;
            }
            for (kind, add) in (0_u16..).zip(&mut g.adds) {
                if sets {
                    let bit = slot.args.want.at(kind);
                    *add |= u64::from(bit != 0) << (shift + u32::from(bit.saturating_sub(1)));
                } else if slot.args.kind.as_ref().is_none_or(|k| k.has(kind)) {
                    *add |= 1 << shift;
                }
            }
            g.parts.push((ix, shift, u64::MAX >> (64 - width)));
            if let Some(a) = at.get_mut(ix as usize) {
                *a = u16::try_from(place).ok();
            }
        }
        for a in &mut at {
            // Alone a slot is as quick by itself, and it may not be asked of every unit.
            if a.is_some_and(|g| groups.get(g as usize).is_none_or(|g| g.parts.len() < 2)) {
                *a = None;
            }
        }
        (groups, at)
    }
    fn fits(slot: &Slot) -> Option<(Table, bool)> {
        match slot.measure {
            MeasureId::FacilitiesKinds | MeasureId::SignageKinds
                if slot.args.sub.is_none() && slot.args.since.is_none() =>
            {
                Some((Table::Facilities, true))
            }
            MeasureId::ProjectsCount => Some((Table::Projects, false)),
            _ => None,
        }
    }
    fn used(&self) -> u32 {
        self.parts.last().map_or(0, |(_, shift, mask)| shift + mask.count_ones())
    }
    /// Answers every slot of the group for a unit; `false` when it cannot.
    #[inline]
    pub(crate) fn answer(
        &self,
        f: &Facts,
        c: &Ctx,
        unit: u32,
        mut keep: impl FnMut(u32, Value),
    ) -> bool {
        let t = f.table(self.table);
        let rows = t.slice(unit);
        if rows.len() > MOST_ROWS {
            return false;
        }
        if rows.is_empty() && !t.known(unit) {
            self.parts.iter().for_each(|(slot, ..)| keep(*slot, Value::Unknown(self.table)));
            return true;
        }
        let day = c.as_of;
        let after = self.since.unwrap_or(day);
        let mut sum = 0_u64;
        for row in rows {
            let add = self.adds.get(row.kind as usize).copied().unwrap_or(0);
            let add = if row.from <= day && row.to > after { add } else { 0 };
            sum = if self.sets { sum | add } else { sum + add };
        }
        for (slot, shift, mask) in &self.parts {
            let part = sum >> shift & mask;
            let whole = Value::Int(i64::try_from(part).unwrap_or(i64::MAX));
            keep(*slot, if self.sets { Value::Set(part) } else { whole });
        }
        true
    }
}

impl Plan {
    /// The group of a slot, if it has one.
    #[inline]
    pub(crate) fn fused(&self, slot: u32) -> Option<&Fused> {
        let at = self.group.get(slot as usize).copied().flatten()?;
        self.groups.get(at as usize)
    }
}
