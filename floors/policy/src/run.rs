//! The pass over the units: values into verdicts.
mod pass;

use std::borrow::Cow;
use std::collections::HashMap;

use kernel::Ratio;

use crate::catalogue::MeasureId;
use crate::facts::{Facts, Owner};
use crate::measure::{Earned, Recorder, Slot, Value, measure};
use crate::names;
use crate::pack::{Empty, Modality, Pack, Rule};
use crate::plan::{Condition, Path, Plan, RulePlan, Test, WhoPlan};
use crate::rows::{Table, UnitKind};
use crate::verdict::{Clocks, Settings, Verdict, Waiver};
pub(crate) use pass::{STRETCH, Scratch};

/// A pack asked of facts on a day: compiled once, ready for a board, a finding or an explanation.
pub struct Engine<'a> {
    pub(crate) pack: &'a Pack,
    pub(crate) facts: &'a Facts,
    pub(crate) clocks: Clocks,
    pub(crate) plan: Cow<'a, Plan>,
    pub(crate) waivers: Cow<'a, Waivers>,
    /// Values handed in by a case in place of facts.
    pub(crate) given: HashMap<(MeasureId, Owner), Value>,
}

/// Waivers in force, by rule and owner.
pub(crate) type Waivers = HashMap<(u32, Owner), Waiver>;

pub(crate) fn bind_waivers(
    pack: &Pack,
    facts: &Facts,
    clocks: Clocks,
    settings: &Settings,
) -> Waivers {
    let mut waivers = HashMap::new();
    for w in settings.waivers.iter().filter(|w| clocks.as_of < w.expires) {
        let rule =
            pack.rules.iter().position(|r| r.id == w.rule).and_then(|r| u32::try_from(r).ok());
        if let (Some(rule), Some(owner)) = (rule, facts.owner(&w.unit)) {
            waivers.insert((rule, owner), w.clone());
        }
    }
    waivers
}

/// Evaluates with the pack's default readings and no waivers.
pub fn evaluate(pack: &Pack, facts: &Facts, clocks: Clocks) -> crate::board::Board {
    Engine::new(pack, facts, clocks, &Settings::default()).board()
}

/// A number as a fraction, for comparing.
#[inline]
const fn number(v: Value) -> Option<Ratio> {
    match v {
        Value::Int(n) => Some(Ratio::new(n, 1)),
        Value::Ratio { of, to } => Some(Ratio::new(of, to)),
        Value::Day(d) => Some(Ratio::new(d.is_some() as i64, 1)),
        _ => None,
    }
}
#[inline]
fn at_least(v: Ratio, bound: Ratio) -> bool {
    if v.to == 1 && bound.to == 1 {
        return v.of >= bound.of;
    }
    v.cmp_to(bound).is_some_and(std::cmp::Ordering::is_ge)
}

/// Whether a plain comparison held.
enum Held {
    Yes,
    No,
    Unknown,
    NotApplicable,
}

impl<'a> Engine<'a> {
    /// Compiles the pack for these facts on this day.
    pub fn new(pack: &'a Pack, facts: &'a Facts, clocks: Clocks, settings: &Settings) -> Self {
        let plan = Plan::new(pack, facts, &clocks, settings);
        let waivers = bind_waivers(pack, facts, clocks, settings);
        Self {
            pack,
            facts,
            clocks,
            plan: Cow::Owned(plan),
            waivers: Cow::Owned(waivers),
            given: HashMap::new(),
        }
    }
    /// The same with what was compiled before.
    pub(crate) fn compiled(
        pack: &'a Pack,
        facts: &'a Facts,
        clocks: Clocks,
        plan: &'a Plan,
        waivers: &'a Waivers,
    ) -> Self {
        Self {
            pack,
            facts,
            clocks,
            plan: Cow::Borrowed(plan),
            waivers: Cow::Borrowed(waivers),
            given: HashMap::new(),
        }
    }
    /// The pack asked.
    pub const fn pack(&self) -> &'a Pack {
        self.pack
    }
    /// The facts asked.
    pub const fn facts(&self) -> &'a Facts {
        self.facts
    }
    /// The day asked.
    pub const fn clocks(&self) -> Clocks {
        self.clocks
    }

    /// The kind under which a rule is asked of an owner, if it is.
    pub(crate) fn asked_as(&self, rule: &Rule, owner: Owner) -> Option<UnitKind> {
        match owner {
            Owner::Unit(u) => {
                let kind = self.facts.units.kind.get(u as usize)?;
                rule.on.contains(kind).then_some(*kind)
            }
            Owner::Person(_) => rule.on.iter().copied().find(|k| k.is_person()),
        }
    }

    /// The verdict of one rule on one unit or person; [`Verdict::Absent`] when it is not asked.
    pub fn verdict(&self, rule: &str, unit: &str) -> Verdict {
        let Some(ix) = self.rule_ix(rule) else { return Verdict::Absent };
        self.facts.owner(unit).map_or(Verdict::Absent, |o| self.verdict_of(ix, o))
    }
    pub(crate) fn rule_ix(&self, rule: &str) -> Option<u32> {
        self.pack.rules.iter().position(|r| r.id == rule).and_then(|i| u32::try_from(i).ok())
    }
    pub(crate) fn verdict_of(&self, rule: u32, owner: Owner) -> Verdict {
        let (Some(r), Some(plan)) =
            (self.pack.rules.get(rule as usize), self.plan.rules.get(rule as usize))
        else {
            return Verdict::Absent;
        };
        let (Some(kind), true) = (self.asked_as(r, owner), self.stands_today(owner)) else {
            return Verdict::Absent;
        };
        if r.kind == crate::pack::RuleKind::Permit || !self.subject(kind, owner) {
            return Verdict::Absent;
        }
        self.judge(rule, plan, owner, &mut |s| self.value(s, owner, &mut ()))
    }
    fn stands_today(&self, owner: Owner) -> bool {
        match owner {
            Owner::Unit(u) => self.facts.exists(u, self.plan.ctx.as_of),
            Owner::Person(_) => true,
        }
    }
    /// Is the owner what this kind of rule is about? A person is a supervisor while on a team.
    pub(crate) fn subject(&self, kind: UnitKind, owner: Owner) -> bool {
        if kind != UnitKind::Supervisor {
            return true;
        }
        let t = self.facts.table(Table::Supervisors);
        let (from, to) = t.span(owner.ix());
        (from..to).any(|i| t.live(i, self.plan.ctx.as_of))
    }

    /// The value of a slot.
    pub(crate) fn value<R: Recorder>(&self, slot: u32, owner: Owner, r: &mut R) -> Value {
        let Some(s) = self.plan.slots.get(slot as usize) else { return Value::NotApplicable };
        if !self.given.is_empty()
            && let Some(v) = self.given.get(&(s.measure, owner))
        {
            return *v;
        }
        if s.measure == MeasureId::VerdictsPassing {
            self.passing(s, owner, r)
        } else {
            measure(self.facts, &self.plan.ctx, s, owner, r)
        }
    }

    /// Units below that pass a rule.
    fn passing<R: Recorder>(&self, s: &Slot, owner: Owner, r: &mut R) -> Value {
        let (Owner::Unit(u), Some(rule)) =
            (owner, s.args.rule.as_deref().and_then(|id| self.rule_ix(id)))
        else {
            return Value::NotApplicable;
        };
        let mut n = 0;
        self.facts.below(u, &mut |b| {
            if s.args.unit.is_some_and(|k| self.facts.units.kind.get(b as usize) != Some(&k)) {
                return;
            }
            match self.verdict_of(rule, Owner::Unit(b)) {
                Verdict::Absent => {}
                v if v.good() => {
                    n += 1;
                    r.counted(Table::Units, b);
                }
                _ => r.rejected(Table::Units, b, crate::measure::Why::Failing),
            }
        });
        Value::Int(n)
    }

    /// From conditions and values to a verdict.
    #[inline]
    fn judge(
        &self,
        ix: u32,
        rule: &RulePlan,
        owner: Owner,
        value: &mut impl FnMut(u32) -> Value,
    ) -> Verdict {
        if !rule.stands {
            return Verdict::NotApplicable;
        }
        let v = match self.conditions(rule, owner) {
            Some(v) => v,
            None => self.test(rule, &rule.test, owner, value),
        };
        if matches!(v, Verdict::Fail | Verdict::Warn | Verdict::Missed | Verdict::Behind)
            && !self.waivers.is_empty()
            && self.waivers.contains_key(&(ix, owner))
        {
            return Verdict::Waived;
        }
        v
    }

    /// `None` when every condition holds.
    pub(crate) fn conditions(&self, rule: &RulePlan, owner: Owner) -> Option<Verdict> {
        for c in &rule.conditions {
            let u = owner.ix();
            let holds = match c {
                Condition::Mode(modes) => match self.facts.mode_on(u, self.plan.ctx.as_of) {
                    Some(m) => modes.has(m),
                    None => return Some(Verdict::Unknown),
                },
                Condition::Flag(bit, want) => self.facts.unit_flag(u, *bit) == *want,
                Condition::Kind(kinds) => {
                    self.facts.units.project_kind.get(u as usize).is_some_and(|k| kinds.has(*k))
                }
            };
            if !holds {
                return Some(Verdict::NotApplicable);
            }
        }
        None
    }

    fn test(
        &self,
        rule: &RulePlan,
        test: &Test,
        owner: Owner,
        value: &mut impl FnMut(u32) -> Value,
    ) -> Verdict {
        let hard = rule.modality == Modality::Must;
        match test {
            Test::NoBound => Verdict::NotApplicable,
            Test::Judgement => Verdict::Judgement,
            Test::Grade => self.grade(rule, owner),
            Test::Path(p) => path(p, rule, value),
            Test::Duty { done, closed } => {
                let v = rule.slot.map_or(Value::NotApplicable, &mut *value);
                match self.held(rule, done, v, owner) {
                    Held::Yes => Verdict::Met,
                    Held::Unknown => Verdict::Unknown,
                    Held::NotApplicable => Verdict::NotApplicable,
                    Held::No if !closed => Verdict::NotYet,
                    Held::No if hard => Verdict::Missed,
                    Held::No => Verdict::Warn,
                }
            }
            Test::Allowance { amount, closed, eligible } => {
                match eligible.earned(self.facts, &self.plan.ctx, owner.ix()) {
                    Earned::No => return Verdict::NotApplicable,
                    Earned::Later => return Verdict::NotYet,
                    Earned::Unknown(_) => return Verdict::Unknown,
                    Earned::Yes => {}
                }
                let Some(amount) = amount else { return Verdict::NotApplicable };
                match rule.slot.map_or(Value::NotApplicable, &mut *value) {
                    Value::Unknown(_) => Verdict::Unknown,
                    v if number(v).is_some_and(|n| {
                        n.cmp_to(*amount).is_some_and(std::cmp::Ordering::is_eq)
                    }) =>
                    {
                        Verdict::Pass
                    }
                    _ if !closed => Verdict::NotYet,
                    _ if hard => Verdict::Fail,
                    _ => Verdict::Warn,
                }
            }
            Test::Show => match rule.slot.map(&mut *value) {
                Some(Value::Unknown(_)) => Verdict::Unknown,
                Some(Value::NotApplicable) | None => Verdict::NotApplicable,
                Some(_) => Verdict::Pass,
            },
            plain => {
                let v = rule.slot.map_or(Value::NotApplicable, &mut *value);
                match self.held(rule, plain, v, owner) {
                    Held::Yes => Verdict::Pass,
                    Held::Unknown => Verdict::Unknown,
                    Held::NotApplicable => Verdict::NotApplicable,
                    Held::No if hard => Verdict::Fail,
                    Held::No => Verdict::Warn,
                }
            }
        }
    }

    #[inline]
    fn held(&self, rule: &RulePlan, test: &Test, v: Value, owner: Owner) -> Held {
        match v {
            Value::Unknown(_) => return Held::Unknown,
            Value::NotApplicable => {
                return match rule.empty {
                    Empty::NotApplicable => Held::NotApplicable,
                    Empty::Unknown => Held::Unknown,
                    Empty::Pass => Held::Yes,
                };
            }
            _ => {}
        }
        let ok = match (test, v) {
            (Test::All(mask), Value::Set(bits)) => bits & mask == *mask,
            (Test::Any(mask), Value::Set(bits)) => bits & mask != 0,
            (Test::Until(stages), Value::Set(bits)) => {
                let stage = self.facts.units.stage.get(owner.ix() as usize).copied().unwrap_or(0);
                match stages.iter().find(|(s, _)| *s == stage) {
                    Some((_, mask)) => bits & mask == *mask,
                    None => return Held::Unknown,
                }
            }
            (Test::Matches(p, loose), Value::Name(text)) => {
                let name = self.facts.texts.get(text);
                match names::shape(self.facts, owner.ix(), p, name, *loose) {
                    names::Shape::Fits => true,
                    names::Shape::Differs => false,
                    names::Shape::NoRegion => return Held::Unknown,
                }
            }
            (Test::Range(min, max), v) => {
                let Some(n) = number(v) else { return Held::NotApplicable };
                min.is_none_or(|m| at_least(n, m))
                    && max.is_none_or(|m| n.cmp_to(m).is_some_and(std::cmp::Ordering::is_le))
            }
            (Test::Equals(e), v) => {
                let Some(n) = number(v) else { return Held::NotApplicable };
                n.cmp_to(*e).is_some_and(std::cmp::Ordering::is_eq)
            }
            _ => return Held::NotApplicable,
        };
        if ok { Held::Yes } else { Held::No }
    }

    /// Does every post that earns a grade carry it? A post without a grade on record does not. Clauses 4A.3-7, 4A.3-10.
    fn grade(&self, rule: &RulePlan, owner: Owner) -> Verdict {
        let Some(w) = &rule.who else { return Verdict::Absent };
        let posts = self.facts.table(Table::Posts);
        let mut out = Verdict::Absent;
        for at in self.role_posts(w, owner.ix()) {
            let v = match posts.aux(at) {
                g if Some(g) == w.grade => Verdict::Pass,
                _ if rule.modality == Modality::Must => Verdict::Fail,
                _ => Verdict::Warn,
            };
            if out == Verdict::Absent || out == Verdict::Pass || v == Verdict::Fail {
                out = v;
            }
        }
        out
    }
    /// Live posts of a person in the role, kind of unit and mode asked for.
    pub(crate) fn role_posts<'s>(
        &'s self,
        w: &'s WhoPlan,
        person: u32,
    ) -> impl Iterator<Item = u32> + 's {
        let posts = self.facts.table(Table::Posts);
        let day = self.plan.ctx.as_of;
        let first = self.facts.persons.first_post.get(person as usize).copied();
        std::iter::successors(first, |at| posts.next.get(*at as usize).copied())
            .take_while(|at| *at != crate::facts::NONE)
            .filter(move |at| {
                let unit = posts.unit.get(*at as usize).copied().unwrap_or(crate::facts::NONE);
                posts.live(*at, day)
                    && posts.flags(*at) & crate::facts::flag::VOLUNTEER == 0
                    && w.role.is_none_or(|r| posts.kind(*at) == r)
                    && w.unit.is_none_or(|k| self.facts.units.kind.get(unit as usize) == Some(&k))
                    && w.mode.is_none_or(|m| self.facts.mode_on(unit, day) == Some(m))
            })
    }
}

/// Where a target stands on its path.
fn path(p: &Path, rule: &RulePlan, value: &mut impl FnMut(u32) -> Value) -> Verdict {
    let Some(slot) = rule.slot else { return Verdict::NotApplicable };
    let now = value(slot);
    let next = p.slot_ahead.map_or(now, value);
    let (Some(now), Some(next)) = (number(now), number(next)) else {
        return if matches!(now, Value::Unknown(_)) || matches!(next, Value::Unknown(_)) {
            Verdict::Unknown
        } else {
            Verdict::NotApplicable
        };
    };
    let short = if rule.modality == Modality::Must { Verdict::Missed } else { Verdict::Behind };
    match (p.behind, p.ahead) {
        (Some((b, true)), _) | (Some((b, _)), None) => {
            if at_least(now, b) {
                Verdict::Met
            } else {
                short
            }
        }
        (_, Some(a)) if at_least(next, a) => Verdict::Met,
        (None, Some(_)) => Verdict::NotYet,
        (Some((b, _)), Some(_)) if !at_least(now, b) => short,
        (Some(_), Some(_)) => match p.line {
            Some(line) if !at_least(next, line) => Verdict::Behind,
            _ => Verdict::OnTrack,
        },
        (None, None) => Verdict::NotApplicable,
    }
}
