//! All verdicts of a run, one byte each.
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::facts::Owner;
use crate::finding::Finding;
use crate::measure::Value;
use crate::run::Engine;
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
        let mut values = vec![Value::NotApplicable; self.plan.slots.len()];
        let mut kinds = Vec::with_capacity(self.plan.kinds.len());
        for plan in &self.plan.kinds {
            let width = plan.rules.len();
            let mut b =
                KindBoard { rules: plan.rules.clone(), owners: Vec::new(), verdicts: Vec::new() };
            let mut line = vec![Verdict::Absent; width];
            let mut ask = |owner: Owner, b: &mut KindBoard| {
                self.fill(plan, owner, &mut values, &mut line);
                // A person no rule concerns takes no room on the board.
                if !plan.kind.is_person() || line.iter().any(|v| *v != Verdict::Absent) {
                    b.owners.push(owner);
                    b.verdicts.extend_from_slice(&line);
                }
            };
            if plan.kind.is_person() {
                for p in 0..u32::try_from(self.facts.person_count()).unwrap_or(0) {
                    ask(Owner::Person(p), &mut b);
                }
            } else {
                let units = &self.facts.units;
                let n = units.kind.iter().filter(|k| **k == plan.kind).count();
                b.owners.reserve(n);
                b.verdicts.reserve(n * width);
                for (u, kind) in units.kind.iter().enumerate() {
                    let u = u32::try_from(u).unwrap_or(u32::MAX);
                    if *kind == plan.kind && self.facts.exists(u, self.plan.ctx.as_of) {
                        ask(Owner::Unit(u), &mut b);
                    }
                }
            }
            kinds.push(b);
        }
        Board { clocks: self.clocks, kinds }
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
                let posts = self.facts.table(crate::rows::Table::Posts);
                let teams = self.facts.table(crate::rows::Table::Teams);
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
