//! Counts of dated rows.
use super::staff::{counted_before, holds};
use super::{Ctx, Recorder, SlotArgs, Value, Why};
use crate::facts::{Core, Facts, flag};
use crate::rows::{Table, UnitKind};

/// Does the row share a day with the period that ends on the day asked?
#[inline]
pub(super) fn overlaps(row: &Core, c: &Ctx, a: &SlotArgs) -> Result<(), Why> {
    if row.from > c.as_of {
        return Err(Why::NotYet(row.from));
    }
    match a.since {
        Some(since) if row.to <= since => Err(Why::OutsidePeriod),
        None if row.to <= c.as_of => Err(Why::Ended(row.to)),
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
    let mut n = 0;
    for (i, row) in f.table(table).rows_of(u) {
        if a.kind.as_ref().is_some_and(|k| !k.has(row.kind)) {
            r.rejected(table, i, Why::Kind);
            continue;
        }
        match overlaps(&row, c, a) {
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
    let mut n = 0;
    for (i, row) in t.rows_of(u) {
        let why = if row.to <= row.from { Err(Why::NotAccepted) } else { overlaps(&row, c, a) };
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
        if !R::LISTENS && !t.ever(flag::ADMIN) {
            continue;
        }
        for (i, row) in t.rows_of(u) {
            if row.flags & flag::ADMIN == 0 {
                r.rejected(table, i, Why::NotAdmin);
                continue;
            }
            match overlaps(&row, c, a) {
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
    let mut n = 0;
    for (i, row) in t.rows_of(u) {
        match holds(&row, c.as_of) {
            Ok(()) if counted_before(t, u, i, |_, row| row.live(c.as_of)) => {
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
    let mut n = 0;
    for (i, row) in t.rows_of(u) {
        let counts = |row: &Core| {
            a.kind.as_ref().is_none_or(|k| k.has(row.kind)) && overlaps(row, c, a).is_ok()
        };
        if counts(&row) {
            let mut earlier = t.rows_of(u).take_while(|(j, _)| *j < i);
            if t.rec(i) != 0 && earlier.any(|(j, row)| t.rec(j) == t.rec(i) && counts(&row)) {
                r.rejected(Table::Trainings, i, Why::CountedOnce);
            } else {
                n += 1;
                r.counted(Table::Trainings, i);
            }
        } else {
            let why = if a.kind.as_ref().is_some_and(|k| !k.has(row.kind)) {
                Why::Kind
            } else {
                Why::OutsidePeriod
            };
            r.rejected(Table::Trainings, i, why);
        }
    }
    Value::Int(n)
}
