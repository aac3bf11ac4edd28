//! Sets of kinds present: rooms, signs, documents, lists, stages, partners.
use super::staff::holds;
use super::{Ctx, Recorder, SlotArgs, Value, Why};
use crate::facts::{Core, Facts};
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
    set(f, a, table, u, r, |_, row| holds(row, c.as_of))
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
    set(f, a, table, u, r, |_, row| super::counts::overlaps(row, c, a))
}

/// Kinds of lists on record, with items, and fresh if asked. Clause 3.1-2.
pub(super) fn lists<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> Value {
    let lists = f.table(Table::Lists);
    set(f, a, Table::Lists, u, r, |i, row| {
        holds(row, c.as_of)?;
        let newer = |(_, other): (u32, Core)| {
            other.kind == row.kind && other.from > row.from && other.live(c.as_of)
        };
        if lists.rows_of(u).any(newer) {
            return Err(Why::Superseded);
        }
        if lists.n(i) <= 0 {
            return Err(Why::EmptyList);
        }
        match a.fresh {
            Some(days) if c.as_of - row.from > days => Err(Why::Stale(row.from)),
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
    ok: impl Fn(u32, &Core) -> Result<(), Why>,
) -> Value {
    let t = f.table(table);
    if !t.known(u) {
        return Value::Unknown(table);
    }
    let mut bits = 0_u64;
    for (i, row) in t.rows_of(u) {
        if a.sub.as_ref().is_some_and(|s| !s.has(t.sub(i))) {
            continue;
        }
        let place = a.want.at(row.kind);
        if place == 0 {
            r.rejected(table, i, Why::Kind);
            continue;
        }
        match ok(i, &row) {
            Ok(()) => {
                bits |= 1 << (place - 1);
                r.counted(table, i);
            }
            Err(why) => r.rejected(table, i, why),
        }
    }
    Value::Set(bits)
}
