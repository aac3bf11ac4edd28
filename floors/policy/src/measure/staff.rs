//! People in post: counted once each, on the day asked.
use super::{Ctx, Recorder, SlotArgs, Value, Why};
use crate::calendar::years_between;
use crate::facts::{Column, Core, Facts, NONE, flag};
use crate::measure::slot::Lut;
use crate::rows::Table;

/// Why a row does not hold on the day, if it does not.
#[inline]
pub(super) const fn holds(row: &Core, day: i32) -> Result<(), Why> {
    if row.from > day {
        return Err(Why::NotYet(row.from));
    }
    if day >= row.to { Err(Why::Ended(row.to)) } else { Ok(()) }
}

/// The same for a row by its number.
#[inline]
pub(super) fn live(t: &Column, i: u32, day: i32) -> Result<(), Why> {
    holds(&t.core(i), day)
}

/// The certificate that qualifies a person, or why none does.
#[inline]
fn qualified(f: &Facts, person: u32, quals: &Lut, day: i32) -> Result<u32, Why> {
    let t = f.table(Table::Qualifications);
    let mut why = Why::NoQualification;
    for (i, row) in t.rows_of(person) {
        if !quals.has(row.kind) {
            continue;
        }
        match holds(&row, day) {
            Ok(()) => return Ok(i),
            // The one that ran out last is the nearest miss.
            Err(Why::Ended(end)) => match why {
                Why::QualificationEnded(j) if t.to(j) >= end => {}
                _ => why = Why::QualificationEnded(i),
            },
            Err(_) if why == Why::NoQualification => why = Why::QualificationNotYet(i),
            Err(_) => {}
        }
    }
    if why == Why::NoQualification && !t.known(person) {
        Err(Why::QualificationUnknown)
    } else {
        Err(why)
    }
}

/// Another live post of whoever holds this one, at another unit; `full`: a full-time one.
fn elsewhere(f: &Facts, c: &Ctx, own: u32, unit: u32, full: bool) -> Option<u32> {
    let posts = f.table(Table::Posts);
    // Most people hold one post.
    if posts.flags(own) & flag::ANOTHER == 0 {
        return None;
    }
    let mut at = f.persons.first_post.get(posts.who(own) as usize).copied().unwrap_or(NONE);
    while at != NONE {
        let other = posts.unit.get(at as usize).copied().unwrap_or(NONE);
        let wanted = !full || posts.flags(at) & flag::FULLTIME != 0;
        if other != unit
            && wanted
            && posts.live(at, c.as_of)
            && posts.flags(at) & flag::VOLUNTEER == 0
        {
            return Some(at);
        }
        at = posts.next.get(at as usize).copied().unwrap_or(NONE);
    }
    None
}

/// Does this post count? Answers with the certificate's row, or [`NONE`] when none was asked for.
#[inline]
fn counts(f: &Facts, c: &Ctx, a: &SlotArgs, unit: u32, i: u32, row: &Core) -> Result<u32, Why> {
    let t = f.table(Table::Posts);
    if row.flags & flag::VOLUNTEER != 0 {
        return Err(Why::Volunteer);
    }
    if a.kind.as_ref().is_some_and(|k| !k.has(row.kind)) {
        return Err(Why::Role);
    }
    holds(row, c.as_of)?;
    if let Some((head, mode)) = a.not_head
        && row.kind == head
        && f.mode_on(unit, c.as_of) == Some(mode)
    {
        return Err(Why::ThirdPartyHead);
    }
    if a.sub.as_ref().is_some_and(|s| !s.has(t.sub(i))) {
        return Err(Why::Affiliation);
    }
    if a.fulltime && row.flags & flag::FULLTIME == 0 {
        return Err(Why::PartTime);
    }
    if a.part_time && row.flags & flag::FULLTIME != 0 {
        return Err(Why::FullTime);
    }
    // Whoever cannot count anyway needs no certificate.
    if a.fulltime
        && let Some(other) = elsewhere(f, c, i, unit, true)
    {
        return Err(Why::FulltimeElsewhere(other));
    }
    a.quals.as_ref().map_or(Ok(NONE), |q| qualified(f, t.who(i), q, c.as_of))
}

/// Did an earlier counted row of this owner name the same person?
#[inline]
pub(super) fn counted_before(
    t: &Column,
    u: u32,
    i: u32,
    mut ok: impl FnMut(u32, &Core) -> bool,
) -> bool {
    let who = t.who(i);
    t.rows_of(u).take_while(|(j, _)| *j < i).any(|(j, row)| t.who(j) == who && ok(j, &row))
}

/// Distinct persons with a live post, filtered. Clauses 4A.3-3 to 4A.3-11, 4A.3-17.
pub(super) fn count<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> Value {
    let t = f.table(Table::Posts);
    if !t.known(u) {
        return Value::Unknown(Table::Posts);
    }
    let (mut n, mut missing) = (0, false);
    let (mut supervisor, mut supervisor_outside) = (false, false);
    for (i, row) in t.rows_of(u) {
        let verdict = counts(f, c, a, u, i, &row);
        if let Some(ranks) = &a.ranks
            && row.live(c.as_of)
            && qualified(f, t.who(i), ranks, c.as_of).is_ok()
        {
            supervisor = true;
            supervisor_outside |= verdict.is_err();
        }
        match verdict {
            Ok(_) if counted_before(t, u, i, |j, row| counts(f, c, a, u, j, row).is_ok()) => {
                r.rejected(Table::Posts, i, Why::SamePerson);
            }
            Ok(cert) => {
                n += 1;
                r.counted(Table::Posts, i);
                if cert != NONE {
                    r.also(Table::Qualifications, cert);
                }
            }
            Err(why) => {
                missing |= why == Why::QualificationUnknown;
                r.rejected(Table::Posts, i, why);
            }
        }
    }
    if missing {
        return Value::Unknown(Table::Qualifications);
    }
    // Read as different people, one of the certified is taken up by being the supervisor.
    Value::Int(n - i64::from(a.disjoint && supervisor && !supervisor_outside && n > 0))
}

/// Distinct persons in these roles who also hold a post at another unit. Clause 4A.3-12.
pub(super) fn concurrent<R: Recorder>(
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
    let judge = |i: u32, row: &Core| -> Result<u32, Why> {
        counts(f, c, a, u, i, row)?;
        if let Some((roles, mode)) = &a.except
            && roles.has(row.kind)
            && f.mode_on(u, c.as_of) == Some(*mode)
        {
            return Err(Why::Exempt);
        }
        elsewhere(f, c, i, u, false).ok_or(Why::NotElsewhere)
    };
    let mut n = 0;
    for (i, row) in t.rows_of(u) {
        match judge(i, &row) {
            Ok(_) if counted_before(t, u, i, |j, row| judge(j, row).is_ok()) => {
                r.rejected(Table::Posts, i, Why::SamePerson)
            }
            Ok(other) => {
                n += 1;
                r.counted(Table::Posts, i);
                r.also(Table::Posts, other);
            }
            Err(why) => r.rejected(Table::Posts, i, why),
        }
    }
    Value::Int(n)
}

/// Distinct persons in these roles who hold none of the qualifications. Clause 4A.3-13.
pub(super) fn unqualified<R: Recorder>(
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
    let lacks = |i: u32, row: &Core| -> Result<Why, Why> {
        match counts(f, c, a, u, i, row) {
            Ok(_) => Err(Why::Qualified),
            Err(
                w @ (Why::NoQualification
                | Why::QualificationEnded(_)
                | Why::QualificationNotYet(_)),
            ) => Ok(w),
            Err(other) => Err(other),
        }
    };
    let (mut n, mut missing) = (0, false);
    for (i, row) in t.rows_of(u) {
        match lacks(i, &row) {
            Ok(_) if counted_before(t, u, i, |j, row| lacks(j, row).is_ok()) => {
                r.rejected(Table::Posts, i, Why::SamePerson)
            }
            Ok(why) => {
                n += 1;
                r.counted(Table::Posts, i);
                if let Why::QualificationEnded(q) | Why::QualificationNotYet(q) = why {
                    r.also(Table::Qualifications, q);
                }
            }
            Err(why) => {
                missing |= why == Why::QualificationUnknown;
                r.rejected(Table::Posts, i, why);
            }
        }
    }
    if missing { Value::Unknown(Table::Qualifications) } else { Value::Int(n) }
}

/// Longest community experience, in whole years completed by the end of the day, of anyone in post. Clause 4A.3-18.
pub(super) fn experience<R: Recorder>(
    f: &Facts,
    c: &Ctx,
    a: &SlotArgs,
    u: u32,
    r: &mut R,
) -> Value {
    let (posts, work) = (f.table(Table::Posts), f.table(Table::WorkHistory));
    if !posts.known(u) {
        return Value::Unknown(Table::Posts);
    }
    let (mut best, mut missing) = (0, false);
    for (i, row) in posts.rows_of(u) {
        if let Err(why) = holds(&row, c.as_of) {
            r.rejected(Table::Posts, i, why);
            continue;
        }
        if row.flags & flag::VOLUNTEER != 0 {
            r.rejected(Table::Posts, i, Why::Volunteer);
            continue;
        }
        let who = posts.who(i);
        missing |= !work.known(who);
        let days = days_worked(work, who, a.kind.as_ref(), c.as_of + 1);
        r.counted(Table::Posts, i);
        for (w, _) in work.rows_of(who) {
            r.also(Table::WorkHistory, w);
        }
        if days > 0 {
            best = best.max(years_between(c.as_of + 1 - days, c.as_of + 1));
        }
    }
    if missing { Value::Unknown(Table::WorkHistory) } else { Value::Int(best) }
}

/// Days of work of these kinds before `until`; days worked twice over count once.
fn days_worked(work: &Column, who: u32, kinds: Option<&Lut>, until: i32) -> i32 {
    let (mut cursor, mut days) = (i32::MIN, 0);
    loop {
        let next = work
            .rows_of(who)
            .map(|(_, w)| w)
            .filter(|w| kinds.is_none_or(|k| k.has(w.kind)) && w.to > cursor && w.from < until)
            .min_by_key(|w| w.from.max(cursor));
        let Some(w) = next else { return days };
        days += (w.to.min(until) - w.from.max(cursor)).max(0);
        cursor = w.to;
    }
}

/// People executing a project, volunteers aside; with `quals`, the professionals among them. Clause 5.2-7.
pub(super) fn project<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> Value {
    let t = f.table(Table::ProjectStaff);
    if !t.known(u) {
        return Value::Unknown(Table::ProjectStaff);
    }
    let judge = |i: u32, row: &Core| -> Result<u32, Why> {
        holds(row, c.as_of)?;
        if row.flags & flag::VOLUNTEER != 0 {
            return Err(Why::Volunteer);
        }
        a.quals.as_ref().map_or(Ok(NONE), |q| qualified(f, t.who(i), q, c.as_of))
    };
    let (mut n, mut missing) = (0, false);
    for (i, row) in t.rows_of(u) {
        match judge(i, &row) {
            Ok(_) if counted_before(t, u, i, |j, row| judge(j, row).is_ok()) => {
                r.rejected(Table::ProjectStaff, i, Why::SamePerson);
            }
            Ok(cert) => {
                n += 1;
                r.counted(Table::ProjectStaff, i);
                if cert != NONE {
                    r.also(Table::Qualifications, cert);
                }
            }
            Err(why) => {
                missing |= why == Why::QualificationUnknown;
                r.rejected(Table::ProjectStaff, i, why);
            }
        }
    }
    if missing { Value::Unknown(Table::Qualifications) } else { Value::Int(n) }
}
