//! Facts and verdicts kept side by side: a change recomputes what it touches, a new day what turns on it, a what-if nothing at all.
mod shown;
mod turn;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use kernel::Day;
use serde::Serialize;

use crate::board::Counts;
use crate::facts::{Facts, Owner, of_persons};
use crate::pack::Pack;
use crate::plan::{KindPlan, Plan};
use crate::rows::{Rows, Table, UnitKind};
use crate::run::{Engine, Waivers, bind_waivers};
use crate::verdict::{Clocks, Settings, Verdict};

/// A verdict that is no longer what it was. [`Verdict::Absent`] stands for "not asked".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    pub rule: String,
    pub unit: String,
    pub before: Verdict,
    pub after: Verdict,
}

/// What a change reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    pub changes: Vec<Change>,
    /// Units and persons of whom anything was measured anew; `None`: all.
    pub owners: Option<BTreeSet<String>>,
}

/// The live state of one district's compliance (or of any set of units).
pub struct Mirror {
    pack: Arc<Pack>,
    facts: Arc<Facts>,
    settings: Settings,
    clocks: Clocks,
    state: State,
}

/// Everything derived from the facts.
#[derive(Clone)]
struct State {
    plan: Plan,
    waivers: Waivers,
    /// Verdicts of an owner, in the order of its kinds' rules.
    lines: HashMap<Owner, Vec<Verdict>>,
    /// (rule, region) → how many units at or below the region stand where.
    counts: HashMap<(u32, u32), Counts>,
    /// Units where a person holds a post, works on a project or sits on a team.
    links: HashMap<u32, Vec<u32>>,
    /// Day → owners whose facts turn on it.
    turns: BTreeMap<i32, Vec<Owner>>,
    /// Words the plan was compiled with.
    words: usize,
}

/// A set of tables, one bit each.
type Tables = u64;
const EVERY: Tables = u64::MAX;

const fn bit(t: Table) -> Tables {
    1 << (t as u8)
}

/// Tables a measure reads, with the engine's own copies of them.
fn reads(tables: &[Table]) -> Tables {
    tables.iter().fold(0, |m, t| {
        m | bit(*t)
            | match t {
                Table::Supervisors => bit(Table::Teams),
                Table::Assessments => bit(Table::Appraisals),
                Table::Verdicts => EVERY,
                _ => 0,
            }
    })
}

impl Mirror {
    /// Evaluates everything once.
    pub fn new(
        pack: Arc<Pack>,
        facts: impl Into<Arc<Facts>>,
        clocks: Clocks,
        settings: Settings,
    ) -> Self {
        let facts = facts.into();
        let state = State::new(&pack, &facts, clocks, &settings);
        Self { pack, facts, settings, clocks, state }
    }
    /// The facts as they stand.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }
    /// The same to keep: a later change leaves them as they are.
    pub fn shared_facts(&self) -> Arc<Facts> {
        Arc::clone(&self.facts)
    }
    /// The pack in use.
    pub const fn pack(&self) -> &Arc<Pack> {
        &self.pack
    }
    /// Readings and waivers in use.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }
    /// The day shown.
    pub const fn clocks(&self) -> Clocks {
        self.clocks
    }
    /// An engine over the same facts, for findings and explanations. Nothing is compiled again.
    pub fn engine(&self) -> Engine<'_> {
        Engine::compiled(
            &self.pack,
            &self.facts,
            self.clocks,
            &self.state.plan,
            &self.state.waivers,
        )
    }
    /// One verdict.
    pub fn verdict(&self, rule: &str, unit: &str) -> Verdict {
        let (Some(ix), Some(owner)) = (self.engine().rule_ix(rule), self.facts.owner(unit)) else {
            return Verdict::Absent;
        };
        self.state
            .cells(&self.facts, owner)
            .find(|(r, _)| *r == ix)
            .map_or(Verdict::Absent, |(_, v)| v)
    }
    /// All verdicts of a unit, by rule id, in the pack's order.
    pub fn verdicts_of(&self, unit: &str) -> Vec<(&str, Verdict)> {
        let Some(owner) = self.facts.owner(unit) else { return Vec::new() };
        let cells = self.state.cells(&self.facts, owner).filter(|(_, v)| *v != Verdict::Absent);
        cells.filter_map(|(r, v)| Some((self.pack.rules.get(r as usize)?.id.as_str(), v))).collect()
    }
    /// How many units at or below a region stand where under a rule.
    pub fn counts(&self, rule: &str, region: &str) -> Counts {
        let (Some(ix), Some(u)) = (self.engine().rule_ix(rule), self.facts.unit(region)) else {
            return Counts::default();
        };
        self.state.counts.get(&(ix, u)).copied().unwrap_or_default()
    }
    /// Puts `rows` in the place of everything these owners (units or persons) had, and says which verdicts changed.
    pub fn apply(&mut self, owners: &[&str], rows: &Rows) -> Vec<Change> {
        self.apply_in(Table::ALL, owners, rows).changes
    }
    /// The same in these tables alone. What stands in others stays, and whoever was not reached measures what it measured.
    pub fn apply_in(&mut self, tables: &[Table], owners: &[&str], rows: &Rows) -> Reached {
        let facts = Arc::make_mut(&mut self.facts);
        let at = (&*self.pack, self.clocks, &self.settings);
        self.state.apply(at, facts, tables, owners, rows)
    }
    /// What [`Mirror::apply`] would answer. Nothing changes.
    pub fn what_if(&self, owners: &[&str], rows: &Rows) -> Vec<Change> {
        let (mut facts, mut state) = (Facts::clone(&self.facts), self.state.clone());
        let at = (&*self.pack, self.clocks, &self.settings);
        state.apply(at, &mut facts, Table::ALL, owners, rows).changes
    }
    /// Moves to a day, forward or back, and says which verdicts changed.
    pub fn turn_to(&mut self, day: Day) -> Vec<Change> {
        let before = self.clocks;
        self.clocks.as_of = day;
        if turn::gentle(&self.pack, before.as_of, day) && self.clocks.law_at == before.law_at {
            return self.state.turn(&self.pack, &self.facts, self.clocks, &self.settings);
        }
        let fresh = State::new(&self.pack, &self.facts, self.clocks, &self.settings);
        let changes = self.state.differences(&fresh, &self.pack, &self.facts);
        self.state = fresh;
        changes
    }
    /// Takes another pack, readings or waivers, and says which verdicts of rules that keep their ids changed.
    pub fn adopt(&mut self, pack: Arc<Pack>, settings: Settings) -> Vec<Change> {
        let mut before = self.named();
        (self.pack, self.settings) = (pack, settings);
        self.state = State::new(&self.pack, &self.facts, self.clocks, &self.settings);
        let mut out = Vec::new();
        for (key, after) in self.named() {
            let was = before.remove(&key).unwrap_or_default();
            if was != after {
                out.push(Change { rule: key.0, unit: key.1, before: was, after });
            }
        }
        out.extend(before.into_iter().map(|((rule, unit), before)| Change {
            rule,
            unit,
            before,
            after: Verdict::Absent,
        }));
        out.sort();
        out
    }
    fn named(&self) -> HashMap<(String, String), Verdict> {
        let mut out = HashMap::new();
        for owner in self.state.lines.keys() {
            for (r, v) in
                self.state.cells(&self.facts, *owner).filter(|(_, v)| *v != Verdict::Absent)
            {
                if let Some(rule) = self.pack.rules.get(r as usize) {
                    out.insert((rule.id.clone(), self.facts.owner_id(*owner).to_owned()), v);
                }
            }
        }
        out
    }
}

/// The plans under which an owner is asked: one for a unit, those of persons and supervisors for a person.
fn asked<'p>(plan: &'p Plan, f: &'p Facts, owner: Owner) -> impl Iterator<Item = &'p KindPlan> {
    let kind = match owner {
        Owner::Unit(u) => f.units.kind.get(u as usize).copied(),
        Owner::Person(_) => None,
    };
    plan.kinds.iter().filter(move |k| match kind {
        Some(kind) => k.kind == kind,
        None => k.kind.is_person(),
    })
}

impl State {
    fn new(pack: &Pack, f: &Facts, clocks: Clocks, settings: &Settings) -> Self {
        let plan = Plan::new(pack, f, &clocks, settings);
        let mut s = Self {
            waivers: bind_waivers(pack, f, clocks, settings),
            plan,
            lines: HashMap::new(),
            counts: HashMap::new(),
            links: HashMap::new(),
            turns: BTreeMap::new(),
            words: f.vocab.len(),
        };
        let units = u32::try_from(f.unit_count()).unwrap_or(0);
        (0..units).for_each(|u| s.link(f, u));
        let persons = u32::try_from(f.person_count()).unwrap_or(0);
        for owner in (0..units).map(Owner::Unit).chain((0..persons).map(Owner::Person)) {
            s.refresh(pack, f, clocks, owner, EVERY, &mut Vec::new());
            s.remember_turn(f, clocks.as_of.0, owner);
        }
        s
    }

    fn cells<'s>(
        &'s self,
        f: &'s Facts,
        owner: Owner,
    ) -> impl Iterator<Item = (u32, Verdict)> + 's {
        let line = self.lines.get(&owner).map_or(&[][..], Vec::as_slice);
        asked(&self.plan, f, owner).flat_map(|k| &k.rules).zip(line).map(|(r, v)| (*r, *v))
    }

    fn link(&mut self, f: &Facts, u: u32) {
        for t in [Table::Posts, Table::ProjectStaff, Table::Teams] {
            let c = f.table(t);
            let (from, to) = c.span(u);
            for i in from..to {
                let units = self.links.entry(c.who(i)).or_default();
                if !units.contains(&u) {
                    units.push(u);
                }
            }
        }
    }

    fn apply(
        &mut self,
        (pack, clocks, settings): (&Pack, Clocks, &Settings),
        f: &mut Facts,
        tables: &[Table],
        owners: &[&str],
        rows: &Rows,
    ) -> Reached {
        let known: Vec<(Owner, Vec<u64>)> =
            owners.iter().filter_map(|id| f.owner(id)).map(|o| (o, digests(f, o))).collect();
        // A unit or person introduced or moved changes what others add up, so nothing is taken for granted.
        let moved = !rows.units.is_empty() || known.len() < owners.len();
        f.replace_in(tables, owners, rows);
        if f.vocab.len() != self.words || moved {
            let fresh = Self::new(pack, f, clocks, settings);
            let changes = self.differences(&fresh, pack, f);
            *self = fresh;
            return Reached { changes, owners: None };
        }
        let mut touched: BTreeMap<Owner, Tables> = BTreeMap::new();
        for (owner, before) in known {
            let mut mask = 0;
            for ((t, was), now) in Table::ALL.iter().zip(before).zip(digests(f, owner)) {
                if was != now {
                    mask |= bit(*t);
                }
            }
            if let Owner::Unit(u) = owner {
                self.link(f, u);
            }
            self.spread(f, owner, mask, &mut touched);
        }
        let mut changes = Vec::new();
        let mut reached = BTreeSet::new();
        for (owner, mask) in touched {
            self.refresh(pack, f, clocks, owner, mask, &mut changes);
            self.remember_turn(f, clocks.as_of.0, owner);
            reached.insert(f.owner_id(owner).to_owned());
        }
        changes.sort();
        Reached { changes, owners: Some(reached) }
    }

    /// Marks whom a change reaches: the owner, the people in it, the other units of these people, and every unit above.
    fn spread(&self, f: &Facts, owner: Owner, mask: Tables, touched: &mut BTreeMap<Owner, Tables>) {
        if mask == 0 {
            return;
        }
        let mut reached: BTreeSet<Owner> = BTreeSet::from([owner]);
        let persons: Vec<u32> = match owner {
            Owner::Person(p) => vec![p],
            Owner::Unit(_)
                if mask & (bit(Table::Posts) | bit(Table::ProjectStaff) | bit(Table::Teams))
                    == 0 =>
            {
                Vec::new()
            }
            Owner::Unit(u) => {
                self.links.iter().filter(|(_, units)| units.contains(&u)).map(|(p, _)| *p).collect()
            }
        };
        for p in persons {
            reached.insert(Owner::Person(p));
            reached.extend(self.links.get(&p).into_iter().flatten().map(|u| Owner::Unit(*u)));
        }
        // A district's budget may be the measure of what its streets match.
        if let Owner::Unit(u) = owner
            && mask & bit(Table::Budgets) != 0
        {
            f.below(u, &mut |below| {
                reached.insert(Owner::Unit(below));
            });
        }
        for o in reached {
            *touched.entry(o).or_default() |= mask;
            let mut up = if let Owner::Unit(u) = o { f.parent(u) } else { None };
            while let Some(u) = up {
                *touched.entry(Owner::Unit(u)).or_default() |= mask;
                up = f.parent(u);
            }
        }
    }

    /// Recomputes the rules of an owner that read any of these tables.
    fn refresh(
        &mut self,
        pack: &Pack,
        f: &Facts,
        clocks: Clocks,
        owner: Owner,
        mask: Tables,
        out: &mut Vec<Change>,
    ) {
        let engine = Engine::compiled(pack, f, clocks, &self.plan, &self.waivers);
        let width: usize = asked(&self.plan, f, owner).map(|k| k.rules.len()).sum();
        if width == 0 {
            return;
        }
        let there = match owner {
            Owner::Unit(u) => f.exists(u, clocks.as_of.0),
            Owner::Person(_) => true,
        };
        let line = self.lines.entry(owner).or_insert_with(|| vec![Verdict::Absent; width]);
        let mut at = 0;
        for kind in asked(&self.plan, f, owner) {
            let subject = there && engine.subject(kind.kind, owner);
            for rule in &kind.rules {
                let Some(cell) = line.get_mut(at) else { break };
                at += 1;
                if mask != EVERY && !touches(&self.plan, pack, *rule, mask) {
                    continue;
                }
                let now = if subject { engine.verdict_of(*rule, owner) } else { Verdict::Absent };
                if now == *cell {
                    continue;
                }
                if let Owner::Unit(u) = owner {
                    let mut up = Some(u);
                    while let Some(region) = up {
                        let c = self.counts.entry((*rule, region)).or_default();
                        c.add(*cell, -1);
                        c.add(now, 1);
                        up = f.parent(region);
                    }
                }
                if let Some(r) = pack.rules.get(*rule as usize) {
                    let unit = f.owner_id(owner).to_owned();
                    out.push(Change { rule: r.id.clone(), unit, before: *cell, after: now });
                }
                *cell = now;
            }
        }
    }

    fn differences(&self, fresh: &Self, pack: &Pack, f: &Facts) -> Vec<Change> {
        let mut out = Vec::new();
        for owner in fresh.lines.keys() {
            let before: HashMap<u32, Verdict> = self.cells(f, *owner).collect();
            for (r, after) in fresh.cells(f, *owner) {
                let was = before.get(&r).copied().unwrap_or_default();
                if let (true, Some(rule)) = (was != after, pack.rules.get(r as usize)) {
                    let unit = f.owner_id(*owner).to_owned();
                    out.push(Change { rule: rule.id.clone(), unit, before: was, after });
                }
            }
        }
        out.sort();
        out
    }
}

fn digests(f: &Facts, owner: Owner) -> Vec<u64> {
    let persons = matches!(owner, Owner::Person(_));
    let one =
        |t: &Table| if of_persons(*t) == persons { f.table(*t).digest(owner.ix()) } else { 0 };
    Table::ALL.iter().map(one).collect()
}

/// Does the rule read any of these tables?
fn touches(plan: &Plan, pack: &Pack, rule: u32, mask: Tables) -> bool {
    // Names, modes and certificates bear on many measures besides those that list them.
    if mask & (bit(Table::Units) | bit(Table::Modes)) != 0 {
        return true;
    }
    let (Some(r), Some(p)) = (pack.rules.get(rule as usize), plan.rules.get(rule as usize)) else {
        return true;
    };
    if r.grade.is_some() {
        return mask & bit(Table::Posts) != 0;
    }
    if !r.amount.is_empty() {
        return mask & reads(&[Table::Payments, Table::Supervisors, Table::Assessments]) != 0;
    }
    let Some(slot) = p.shown_slot().and_then(|s| plan.slots.get(s as usize)) else { return true };
    let mut all = reads(slot.measure.entry().reads);
    if let Some(pair) = &slot.args.pair {
        all |= reads(pair.0.measure.entry().reads) | reads(pair.1.measure.entry().reads);
    }
    if slot.args.per_site {
        all |= bit(Table::Honours);
    }
    all & mask != 0
}

/// Kinds of unit whose verdicts move with the calendar alone.
fn moves_daily(plan: &Plan, kind: UnitKind) -> bool {
    let rules = plan.kinds.iter().find(|k| k.kind == kind).map_or(&[][..], |k| k.rules.as_slice());
    rules
        .iter()
        .filter_map(|r| plan.rules.get(*r as usize))
        .any(|r| matches!(r.test, crate::plan::Test::Path(_)))
}
