//! Sets of kinds present: rooms, signs, documents, lists, stages, partners.
use super::staff::live as holds;
use super::{Ctx, Recorder, SlotArgs, Value, Why};
use crate::facts::Facts;
use crate::rows::Table;

/// Kinds of rows that hold on the day. Clauses 4A.2, 4B.1-5, 4B.2-2, 4B.4-1.
pub(super) fn live<R: Recorder>(
    f: &Facts,
    c: &Ctx,
    a: &SlotArgs,
    table: Table,
    u: u32,
    r: &mut R,
) -> Value {
    set(f, a, table, u, r, |t, i| holds(t, i, c.as_of))
}

/// Kinds of rows that share a day with the period.
pub(super) fn in_window<R: Recorder>(
    f: &Facts,
    c: &Ctx,
    a: &SlotArgs,
    table: Table,
    u: u32,
    r: &mut R,
) -> Value {
    set(f, a, table, u, r, |t, i| super::counts::overlaps(t, i, c, a))
}

/// Kinds of lists on record, with items, and fresh if asked. Clause 3.1-2.
pub(super) fn lists<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> Value {
    set(f, a, Table::Lists, u, r, |t, i| {
        holds(t, i, c.as_of)?;
        let (from, to) = t.span(u);
        let newer = |j: u32| t.kind(j) == t.kind(i) && t.from(j) > t.from(i) && t.live(j, c.as_of);
        if (from..to).any(newer) {
            return Err(Why::Superseded);
        }
        if t.n(i) <= 0 {
            return Err(Why::EmptyList);
        }
        match a.fresh {
            Some(days) if c.as_of - t.from(i) > days => Err(Why::Stale(t.from(i))),
            _ => Ok(()),
        }
    })
}

#[inline]
fn set<R: Recorder>(
    f: &Facts,
    a: &SlotArgs,
    table: Table,
    u: u32,
    r: &mut R,
    ok: impl Fn(&crate::facts::Column, u32) -> Result<(), Why>,
) -> Value {
    let t = f.table(table);
    if !t.known(u) {
        return Value::Unknown(table);
    }
    let (from, to) = t.span(u);
    let mut bits = 0_u64;
    for i in from..to {
        if a.sub.as_ref().is_some_and(|s| !s.has(t.sub(i))) {
            continue;
        }
        let place = a.want.at(t.kind(i));
        if place == 0 {
            r.rejected(table, i, Why::Kind);
            continue;
        }
        match ok(t, i) {
            Ok(()) => {
                bits |= 1 << (place - 1);
                r.counted(table, i);
            }
            Err(why) => r.rejected(table, i, why),
        }
    }
    Value::Set(bits)
}
