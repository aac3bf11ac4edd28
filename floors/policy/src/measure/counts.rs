//! Counts of dated rows.
use super::staff::live;
use super::{Ctx, Recorder, SlotArgs, Value, Why};
use crate::facts::{Column, Facts, flag};
use crate::rows::{Table, UnitKind};

/// Does the row share a day with the period that ends on the day asked?
#[inline]
pub(super) fn overlaps(t: &Column, i: u32, c: &Ctx, a: &SlotArgs) -> Result<(), Why> {
    if t.from(i) > c.as_of {
        return Err(Why::NotYet(t.from(i)));
    }
    match a.since {
        Some(since) if t.to(i) <= since => Err(Why::OutsidePeriod),
        None if t.to(i) <= c.as_of => Err(Why::Ended(t.to(i))),
        _ => Ok(()),
    }
}

/// Rows of these kinds in the period.
pub(super) fn in_window<R: Recorder>(
    f: &Facts,
    c: &Ctx,
    a: &SlotArgs,
    table: Table,
    u: u32,
    r: &mut R,
) -> Value {
    if !f.table(table).known(u) {
        return Value::Unknown(table);
    }
    Value::Int(rows(f, c, a, table, u, r))
}

fn rows<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, table: Table, u: u32, r: &mut R) -> i64 {
    let t = f.table(table);
    let (from, to) = t.span(u);
    let mut n = 0;
    for i in from..to {
        if a.kind.as_ref().is_some_and(|k| !k.has(t.kind(i))) {
            r.rejected(table, i, Why::Kind);
            continue;
        }
        match overlaps(t, i, c, a) {
            Ok(()) => {
                n += 1;
                r.counted(table, i);
            }
            Err(why) => r.rejected(table, i, why),
        }
    }
    n
}

/// The same, a district adding up what stands below it. Known when anyone reported.
pub(super) fn with_below<R: Recorder>(
    f: &Facts,
    c: &Ctx,
    a: &SlotArgs,
    table: Table,
    u: u32,
    r: &mut R,
) -> Value {
    let mut known = f.table(table).known(u);
    let mut n = rows(f, c, a, table, u, r);
    if f.units.kind.get(u as usize) == Some(&UnitKind::District) {
        f.below(u, &mut |below| {
            known |= f.table(table).known(below);
            n += rows(f, c, a, table, below, r);
        });
    }
    if known { Value::Int(n) } else { Value::Unknown(table) }
}

/// Feature cases accepted in the period. Clauses 4B.4-6, 4B.4-7.
pub(super) fn cases<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> Value {
    let t = f.table(Table::FeatureCases);
    if !t.known(u) {
        return Value::Unknown(Table::FeatureCases);
    }
    let (from, to) = t.span(u);
    let mut n = 0;
    for i in from..to {
        let why = if t.to(i) <= t.from(i) { Err(Why::NotAccepted) } else { overlaps(t, i, c, a) };
        match why {
            Ok(()) => {
                n += 1;
                r.counted(Table::FeatureCases, i);
            }
            // An acceptance lasts one day; without a period every earlier one counts.
            Err(Why::Ended(_)) => {
                n += 1;
                r.counted(Table::FeatureCases, i);
            }
            Err(why) => r.rejected(Table::FeatureCases, i, why),
        }
    }
    Value::Int(n)
}

/// Administrative items among the services and the day-log. Clause 4B.1-7.
pub(super) fn admin<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> Value {
    // The day-log only adds to what the service plan says.
    if !f.table(Table::Services).known(u) {
        return Value::Unknown(Table::Services);
    }
    let mut n = 0;
    for table in [Table::Services, Table::Worklogs] {
        let t = f.table(table);
        let (from, to) = t.span(u);
        for i in from..to {
            if t.flags(i) & flag::ADMIN == 0 {
                r.rejected(table, i, Why::NotAdmin);
                continue;
            }
            match overlaps(t, i, c, a) {
                Ok(()) => {
                    n += 1;
                    r.counted(table, i);
                }
                Err(why) => r.rejected(table, i, why),
            }
        }
    }
    Value::Int(n)
}

/// Distinct persons linked on the day. Clause 4B.3-9.
pub(super) fn people<R: Recorder>(f: &Facts, c: &Ctx, table: Table, u: u32, r: &mut R) -> Value {
    let t = f.table(table);
    if !t.known(u) {
        return Value::Unknown(table);
    }
    let (from, to) = t.span(u);
    let mut n = 0;
    for i in from..to {
        match live(t, i, c.as_of) {
            Ok(()) if (from..i).any(|j| t.who(j) == t.who(i) && t.live(j, c.as_of)) => {
                r.rejected(table, i, Why::SamePerson);
            }
            Ok(()) => {
                n += 1;
                r.counted(table, i);
            }
            Err(why) => r.rejected(table, i, why),
        }
    }
    Value::Int(n)
}

/// Study visits: a visit of several days is one visit. Clause 4B.3-7.
pub(super) fn visits<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> Value {
    let t = f.table(Table::Trainings);
    if !t.known(u) {
        return Value::Unknown(Table::Trainings);
    }
    let (from, to) = t.span(u);
    let mut n = 0;
    for i in from..to {
        let counts = |j: u32| {
            a.kind.as_ref().is_none_or(|k| k.has(t.kind(j))) && overlaps(t, j, c, a).is_ok()
        };
        if counts(i) {
            if t.rec(i) != 0 && (from..i).any(|j| t.rec(j) == t.rec(i) && counts(j)) {
                r.rejected(Table::Trainings, i, Why::CountedOnce);
            } else {
                n += 1;
                r.counted(Table::Trainings, i);
            }
        } else {
            let why = if a.kind.as_ref().is_some_and(|k| !k.has(t.kind(i))) {
                Why::Kind
            } else {
                Why::OutsidePeriod
            };
            r.rejected(Table::Trainings, i, why);
        }
    }
    Value::Int(n)
}
