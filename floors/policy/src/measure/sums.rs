//! Sums in a period: money in fen, training in tenths of a day.
use super::counts::overlaps;
use super::{Ctx, Recorder, SlotArgs, Value, Why};
use crate::facts::{Facts, flag};
use crate::rows::{Table, UnitKind};

/// Tenths of days trained; one calendar day is at most one day, however many sessions. Clause 4B.3-6.
pub(super) fn training_days<R: Recorder>(
    f: &Facts,
    c: &Ctx,
    a: &SlotArgs,
    table: Table,
    u: u32,
    r: &mut R,
) -> Value {
    let t = f.table(table);
    if !t.known(u) {
        return Value::Unknown(table);
    }
    let (from, to) = t.span(u);
    let ok = |i: u32| -> Result<(), Why> {
        if a.not_kind.is_some_and(|k| k == t.kind(i)) {
            return Err(Why::Kind);
        }
        if a.sub.as_ref().is_some_and(|s| !s.has(t.sub(i)))
            || a.aux.as_ref().is_some_and(|m| !m.has(t.aux(i)))
        {
            return Err(Why::Kind);
        }
        overlaps(&t.core(i), c, a)
    };
    let mut sum = 0;
    for i in from..to {
        match ok(i) {
            Ok(()) => {
                r.counted(table, i);
                let day = t.from(i);
                // The first session of a day carries the whole day's sum.
                if !(from..i).any(|j| t.from(j) == day && ok(j).is_ok()) {
                    let all: i64 = (i..to)
                        .filter(|j| t.from(*j) == day && ok(*j).is_ok())
                        .map(|j| t.n(j))
                        .sum();
                    sum += all.min(10);
                }
            }
            Err(why) => r.rejected(table, i, why),
        }
    }
    Value::Int(sum)
}

/// Distinct persons in post who attended fewer days than asked.
pub(super) fn short_staff<R: Recorder>(
    f: &Facts,
    c: &Ctx,
    a: &SlotArgs,
    u: u32,
    r: &mut R,
) -> Value {
    let t = f.table(Table::Posts);
    if !t.known(u) {
        return Value::Unknown(Table::Posts);
    }
    let (from, to) = t.span(u);
    let mut n = 0;
    for i in from..to {
        if !t.live(i, c.as_of) || t.flags(i) & flag::VOLUNTEER != 0 {
            continue;
        }
        let staff = |j: u32| t.live(j, c.as_of) && t.flags(j) & flag::VOLUNTEER == 0;
        if (from..i).any(|j| t.who(j) == t.who(i) && staff(j)) {
            r.rejected(Table::Posts, i, Why::SamePerson);
            continue;
        }
        match training_days(f, c, a, Table::Attendances, t.who(i), &mut ()) {
            Value::Int(days) if days >= a.min => r.rejected(Table::Posts, i, Why::Enough),
            Value::Int(_) => {
                n += 1;
                r.counted(Table::Posts, i);
            }
            other => return other,
        }
    }
    Value::Int(n)
}

/// The district's budget lines of the year in force on the day. Clause 5.2-2.
pub(super) fn budget<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> Value {
    let Some(d) = f.above(u, UnitKind::District) else { return Value::NotApplicable };
    let t = f.table(Table::Budgets);
    if !t.known(d) {
        return Value::Unknown(Table::Budgets);
    }
    let (from, to) = t.span(d);
    let mut sum = 0;
    for i in from..to {
        if a.kind.as_ref().is_some_and(|k| !k.has(t.kind(i))) {
            r.rejected(Table::Budgets, i, Why::Kind);
        } else if let Err(why) = super::staff::live(t, i, c.as_of) {
            r.rejected(Table::Budgets, i, why);
        } else {
            sum += t.n(i);
            r.counted(Table::Budgets, i);
        }
    }
    if !a.per_site {
        return Value::Int(sum);
    }
    let mut sites = 0;
    f.below(d, &mut |s| sites += i64::from(super::region::honoured(f, c, None, None, s).is_some()));
    if sites == 0 { Value::NotApplicable } else { Value::Ratio { of: sum, to: sites } }
}

/// Money of one kind moved in the period. Clauses 5.2-3, 5.2-4.
pub(super) fn funds<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> Value {
    let kind = f.units.kind.get(u as usize);
    if a.combined && kind == Some(&UnitKind::Street) {
        return Value::NotApplicable;
    }
    let mut known = f.table(Table::Funds).known(u);
    let mut sum = funds_of(f, c, a, u, r);
    if a.combined {
        f.below(u, &mut |s| {
            known |= f.table(Table::Funds).known(s);
            sum += funds_of(f, c, a, s, r);
        });
    }
    if known { Value::Int(sum) } else { Value::Unknown(Table::Funds) }
}

fn funds_of<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> i64 {
    let t = f.table(Table::Funds);
    let (from, to) = t.span(u);
    let mut sum = 0;
    for i in from..to {
        if a.kind.as_ref().is_some_and(|k| !k.has(t.kind(i))) {
            r.rejected(Table::Funds, i, Why::Kind);
            continue;
        }
        match overlaps(&t.core(i), c, a) {
            Err(Why::Ended(_)) | Ok(()) => {
                sum += t.n(i);
                r.counted(Table::Funds, i);
            }
            Err(why) => r.rejected(Table::Funds, i, why),
        }
    }
    sum
}

/// Labour cost of a project up to the day: spent, or planned when asked so. Clause 5.2-8.
pub(super) fn labour<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> Value {
    let t = f.table(Table::Expenditures);
    if !t.known(u) {
        return Value::Unknown(Table::Expenditures);
    }
    let (from, to) = t.span(u);
    let mut sum = 0;
    for i in from..to {
        if a.kind.as_ref().is_some_and(|k| !k.has(t.kind(i))) {
            r.rejected(Table::Expenditures, i, Why::Kind);
        } else if t.flags(i) & flag::PLAN != a.flags {
            r.rejected(Table::Expenditures, i, Why::Plan);
        } else if t.from(i) > c.as_of {
            r.rejected(Table::Expenditures, i, Why::NotYet(t.from(i)));
        } else {
            sum += t.n(i);
            r.counted(Table::Expenditures, i);
        }
    }
    Value::Int(sum)
}

/// Approved contract amount of a project.
pub(super) fn project_funds<R: Recorder>(f: &Facts, u: u32, r: &mut R) -> Value {
    let t = f.table(Table::Projects);
    let (from, to) = t.span(u);
    for i in from..to {
        if t.who(i) == 1 {
            r.counted(Table::Projects, i);
            return Value::Int(t.n(i));
        }
    }
    Value::Unknown(Table::Projects)
}
