//! What turns on a day: only owners with an interval or a deadline that turns are computed again.
use kernel::Day;

use super::{Change, EVERY, State, moves_daily};
use crate::calendar::civil;
use crate::facts::{Facts, Owner, of_persons};
use crate::pack::{Bound, Dated, Pack};
use crate::plan::Plan;
use crate::rows::{Table, UnitKind};
use crate::verdict::{Clocks, Settings};

/// Can the step from one day to the next be made owner by owner? Not into another month or year, over a deadline, over a change of a
/// bound, or backwards: then everything is computed.
pub(super) fn gentle(pack: &Pack, from: Day, to: Day) -> bool {
    let ((y0, m0, _), (y1, m1, _)) = (civil(from.0), civil(to.0));
    let crossed = |d: Day| from < d && d <= to;
    let dated = |ds: &[Dated]| ds.iter().any(|d| crossed(d.from) || d.to.is_some_and(crossed));
    let last_of_month = civil(to.0 + 1).1 != m1;
    from <= to
        && (y0, m0) == (y1, m1)
        && !last_of_month
        && ![pack.in_force.0, pack.in_force.1].into_iter().flatten().any(crossed)
        && !pack.rules.iter().any(|r| {
            let due = r
                .due
                .and_then(|d| Day::of(i16::try_from(y1).ok()?, d.month, d.day))
                .is_some_and(crossed);
            let bounds = match &r.bound {
                Bound::Range { min, max } => dated(min) || dated(max),
                Bound::Equals(e) => dated(e),
                _ => false,
            };
            due || bounds || dated(&r.amount) || [r.from, r.to].into_iter().flatten().any(crossed)
        })
}

impl State {
    /// Recomputes what turns up to the day of the clocks.
    pub(super) fn turn(
        &mut self,
        pack: &Pack,
        f: &Facts,
        clocks: Clocks,
        settings: &Settings,
    ) -> Vec<Change> {
        self.plan = Plan::new(pack, f, &clocks, settings);
        self.waivers = crate::run::bind_waivers(pack, f, clocks, settings);
        let later = self.turns.split_off(&(clocks.as_of.0 + 1));
        let popped = std::mem::replace(&mut self.turns, later);
        let mut touched = std::collections::BTreeMap::new();
        for owner in popped.into_values().flatten() {
            self.spread(f, owner, EVERY, &mut touched);
        }
        for (u, kind) in f.units.kind.iter().enumerate() {
            if moves_daily(&self.plan, *kind) {
                touched.insert(Owner::Unit(u32::try_from(u).unwrap_or(u32::MAX)), EVERY);
            }
        }
        // A waiver that ends today gives its verdict back.
        let waived = settings.waivers.iter().filter_map(|w| f.owner(&w.unit));
        touched.extend(waived.map(|o| (o, EVERY)));
        let mut out = Vec::new();
        for owner in touched.into_keys() {
            self.refresh(pack, f, clocks, owner, EVERY, &mut out);
            self.remember_turn(f, clocks.as_of.0, owner);
        }
        out.sort();
        out
    }

    /// Notes the next day on which anything of this owner turns.
    pub(super) fn remember_turn(&mut self, f: &Facts, day: i32, owner: Owner) {
        if let Some(next) = next_turn(f, owner, day) {
            let owners = self.turns.entry(next).or_default();
            if !owners.contains(&owner) {
                owners.push(owner);
            }
        }
    }
}

fn next_turn(f: &Facts, owner: Owner, day: i32) -> Option<i32> {
    let persons = matches!(owner, Owner::Person(_));
    let mut next: Option<i32> = None;
    let mut note = |d: i32| {
        if d > day && d < Day::MAX.0 {
            next = Some(next.map_or(d, |n| n.min(d)));
        }
    };
    for t in Table::ALL.iter().filter(|t| of_persons(**t) == persons) {
        let c = f.table(*t);
        if let Some(d) = c.turns_after(owner.ix(), day) {
            note(d);
        }
        let (from, to) = c.span(owner.ix());
        for i in from..to {
            match t {
                // A signature or a first service is a day of its own.
                Table::Agreements | Table::SchoolServices => {
                    note(i32::try_from(c.n(i)).unwrap_or(i32::MAX))
                }
                // A list grows stale at some age; looking every day of its life costs little, for there are three.
                Table::Lists if c.to(i) > day => note(day + 1),
                // Experience completes a year on an anniversary, shifted by gaps; looked at daily while it runs.
                Table::WorkHistory if c.to(i) > day => note(day + 1),
                _ => {}
            }
        }
    }
    if let Owner::Unit(u) = owner {
        let at = u as usize;
        f.units.from.get(at).copied().into_iter().for_each(&mut note);
        f.units.to.get(at).copied().into_iter().for_each(&mut note);
        if f.units.kind.get(at) == Some(&UnitKind::District) {
            note(day + 1);
        }
    }
    next
}
