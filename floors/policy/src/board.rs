//! All verdicts of a run, one byte each.
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::facts::Owner;
use crate::finding::Finding;
use crate::plan::{KindPlan, Test};
use crate::rows::{Table, UnitKind};
use crate::run::{Engine, STRETCH, Scratch};
use crate::verdict::{Clocks, Verdict};

/// Verdicts of every rule on every unit it is asked of.
#[derive(Clone, Debug)]
pub struct Board {
    pub clocks: Clocks,
    pub(crate) kinds: Vec<KindBoard>,
}

/// A dense table: units of one kind × the rules asked of it.
#[derive(Clone, Debug)]
pub(crate) struct KindBoard {
    pub rules: Vec<u32>,
    pub owners: Vec<Owner>,
    pub verdicts: Vec<Verdict>,
}

impl KindBoard {
    /// A person no rule concerns takes no room on the board.
    fn drop_absent(&mut self) {
        let width = self.rules.len().max(1);
        let all = std::mem::take(&mut self.verdicts);
        let mut lines = all.chunks(width);
        self.owners.retain(|_| {
            let line = lines.next().unwrap_or_default();
            let asked = line.iter().any(|v| *v != Verdict::Absent);
            if asked {
                self.verdicts.extend_from_slice(line);
            }
            asked
        });
    }
}

/// How many units stand at each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts(pub [u32; Verdict::ALL.len()]);
impl Counts {
    /// Units at this verdict.
    pub fn of(&self, v: Verdict) -> u32 {
        self.0.get(v as usize).copied().unwrap_or(0)
    }
    pub(crate) fn add(&mut self, v: Verdict, n: i32) {
        if let Some(c) = self.0.get_mut(v as usize) {
            *c = c.saturating_add_signed(n);
        }
    }
}

impl Engine<'_> {
    /// Evaluates every rule on every unit that exists on the day.
    pub fn board(&self) -> Board {
        let mut scratch = Scratch::new(&self.plan);
        let mut kinds: Vec<KindBoard> = Vec::with_capacity(self.plan.kinds.len());
        for plan in &self.plan.kinds {
            let (rules, width) = (plan.rules.clone(), plan.rules.len());
            let owners = self.owners(plan);
            let mut verdicts = Vec::with_capacity(owners.len() * width);
            for stretch in owners.chunks(STRETCH) {
                self.fill(plan, stretch, &mut scratch, &mut verdicts);
            }
            let mut b = KindBoard { rules, owners, verdicts };
            if plan.kind.is_person() {
                b.drop_absent();
            }
            kinds.push(b);
        }
        Board { clocks: self.clocks, kinds }
    }
    /// Whom the rules of this kind are asked of, in the order of their numbers.
    pub(crate) fn owners(&self, plan: &KindPlan) -> Vec<Owner> {
        if plan.kind.is_person() {
            return match self.concerned(plan) {
                Some(persons) => persons.into_iter().map(Owner::Person).collect(),
                None => {
                    let all = u32::try_from(self.facts.person_count()).unwrap_or(0);
                    (0..all).map(Owner::Person).collect()
                }
            };
        }
        let kinds = &self.facts.units.kind;
        let mut out = Vec::with_capacity(kinds.iter().filter(|k| **k == plan.kind).count());
        let day = self.plan.ctx.as_of;
        let here = (0..).zip(kinds).filter(|(u, k)| **k == plan.kind && self.facts.exists(*u, day));
        out.extend(here.map(|(u, _)| Owner::Unit(u)));
        out
    }
    /// The only persons these rules can concern: whoever is on a team, or holds a post in a role that earns a grade. `None`: anyone.
    fn concerned(&self, plan: &KindPlan) -> Option<Vec<u32>> {
        if plan.kind == UnitKind::Supervisor {
            return Some(self.facts.table(Table::Supervisors).owners().collect());
        }
        let rules = || plan.rules.iter().filter_map(|r| self.plan.rules.get(*r as usize));
        let roles: Option<Vec<u16>> = rules()
            .map(|r| match (&r.test, &r.who) {
                (Test::Grade, Some(w)) if r.stands => w.role,
                _ => None,
            })
            .collect();
        let roles = roles?;
        let posts = self.facts.table(Table::Posts);
        let mut out: Vec<u32> = posts.whose(|row| roles.contains(&row.kind)).collect();
        out.sort_unstable();
        out.dedup();
        Some(out)
    }
}

impl Board {
    pub(crate) fn cells(&self) -> impl Iterator<Item = (u32, Owner, Verdict)> {
        self.kinds.iter().flat_map(|k| {
            let lines = k.verdicts.chunks(k.rules.len().max(1));
            k.owners.iter().zip(lines).flat_map(|(o, line)| {
                k.rules
                    .iter()
                    .zip(line)
                    .filter(|(_, v)| **v != Verdict::Absent)
                    .map(|(r, v)| (*r, *o, *v))
            })
        })
    }
    /// How many verdicts there are.
    pub fn len(&self) -> usize {
        self.cells().count()
    }
    /// Is nothing asked of anyone?
    pub fn is_empty(&self) -> bool {
        self.cells().next().is_none()
    }
    /// The same as rows, with values and thresholds. The engine must be the one that made the board.
    pub fn findings<'e>(&'e self, engine: &'e Engine<'_>) -> impl Iterator<Item = Finding> + 'e {
        self.cells().filter_map(|(r, o, v)| engine.finding_of(r, o, v))
    }
    /// (rule id, unit id, verdict) of every cell.
    pub fn verdicts<'e>(
        &'e self,
        engine: &'e Engine<'_>,
    ) -> impl Iterator<Item = (&'e str, &'e str, Verdict)> + 'e {
        self.cells().filter_map(|(r, o, v)| {
            Some((engine.pack().rules.get(r as usize)?.id.as_str(), engine.facts().owner_id(o), v))
        })
    }
    /// Units at each verdict, per rule id in the pack's order; `within`: only units at or below this one.
    pub fn tally<'e>(
        &self,
        engine: &'e Engine<'_>,
        within: Option<&str>,
    ) -> Vec<(&'e str, Counts)> {
        let scope = within.map(|id| engine.scope(id));
        let mut all = vec![Counts::default(); engine.pack().rules.len()];
        for (r, o, v) in self.cells() {
            if scope.as_ref().is_none_or(|s| s.contains(&o))
                && let Some(c) = all.get_mut(r as usize)
            {
                c.add(v, 1);
            }
        }
        engine.pack().rules.iter().map(|r| r.id.as_str()).zip(all).collect()
    }
    /// SHA-256 of the verdicts with their ids, in hex: the same facts and pack give the same hash.
    pub fn hash(&self, engine: &Engine<'_>) -> String {
        let mut lines: Vec<(&str, &str, Verdict)> = self.verdicts(engine).collect();
        lines.sort_unstable();
        let mut h = Sha256::new();
        for (rule, unit, v) in lines {
            h.update(rule.as_bytes());
            h.update([0]);
            h.update(unit.as_bytes());
            h.update([0, v as u8]);
        }
        h.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}

impl Engine<'_> {
    /// The unit, all units below it, and the persons in post there.
    pub(crate) fn scope(&self, id: &str) -> std::collections::HashSet<Owner> {
        let mut out = std::collections::HashSet::new();
        match self.facts.owner(id) {
            Some(Owner::Unit(u)) => {
                let posts = self.facts.table(Table::Posts);
                let teams = self.facts.table(Table::Teams);
                let mut add = |u: u32| {
                    out.insert(Owner::Unit(u));
                    for t in [posts, teams] {
                        let (from, to) = t.span(u);
                        out.extend((from..to).map(|i| Owner::Person(t.who(i))));
                    }
                };
                add(u);
                self.facts.below(u, &mut add);
            }
            Some(p) => {
                out.insert(p);
            }
            None => {}
        }
        out
    }
}
