//! What a district adds up from the units below it.
use super::{Ctx, Lut, Recorder, SlotArgs, Value, Why};
use crate::facts::{Facts, flag};
use crate::rows::{Table, UnitKind};

/// A live honour of this kind and level held by the unit.
pub(super) fn honoured(
    f: &Facts,
    c: &Ctx,
    honour: Option<&Lut>,
    levels: Option<&Lut>,
    u: u32,
) -> Option<u32> {
    let t = f.table(Table::Honours);
    let (from, to) = t.span(u);
    (from..to).find(|i| {
        t.live(*i, c.as_of)
            && honour.is_none_or(|h| h.has(t.kind(*i)))
            && levels.is_none_or(|l| l.has(t.sub(*i)))
    })
}

/// Sites below that hold the honour, each once. Clauses 2-5a, 2-5b.
pub(super) fn honours<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, u: u32, r: &mut R) -> Value {
    let t = f.table(Table::Honours);
    let mut known = t.known(u);
    let mut n = 0;
    f.below(u, &mut |s| {
        known |= t.known(s);
        if a.unit.is_some_and(|k| f.units.kind.get(s as usize) != Some(&k)) {
            return;
        }
        if let Some(i) = honoured(f, c, a.kind.as_ref(), a.sub.as_ref(), s) {
            n += 1;
            r.counted(Table::Honours, i);
            r.also(Table::Units, s);
            return;
        }
        let (from, to) = t.span(s);
        for i in from..to {
            let why = match super::staff::live(t, i, c.as_of) {
                Err(why) => why,
                Ok(()) if a.kind.as_ref().is_some_and(|h| !h.has(t.kind(i))) => Why::Kind,
                Ok(()) => Why::Level,
            };
            r.rejected(Table::Honours, i, why);
        }
    });
    if known { Value::Int(n) } else { Value::Unknown(Table::Honours) }
}

/// Schools with social work landed; as a share of all schools when `share`. Clauses 2-5c, 2-7d.
pub(super) fn schools<R: Recorder>(
    f: &Facts,
    c: &Ctx,
    a: &SlotArgs,
    u: u32,
    r: &mut R,
    share: bool,
) -> Value {
    let t = f.table(Table::SchoolServices);
    let mut known = t.known(u);
    let (mut served, mut all) = (0, 0);
    f.below(u, &mut |s| {
        if f.units.kind.get(s as usize) != Some(&UnitKind::School) {
            return;
        }
        known |= t.known(s);
        if !f.exists(s, c.as_of) {
            return;
        }
        all += 1;
        let (from, to) = t.span(s);
        let mut landed = false;
        for i in from..to {
            let why = match super::staff::live(t, i, c.as_of) {
                Err(why) => Some(why),
                Ok(()) if !a.agreement_enough && t.n(i) > i64::from(c.as_of) => {
                    Some(Why::NoService)
                }
                Ok(()) if landed => Some(Why::CountedOnce),
                Ok(()) => None,
            };
            match why {
                Some(why) => r.rejected(Table::SchoolServices, i, why),
                None => {
                    landed = true;
                    r.counted(Table::SchoolServices, i);
                    r.also(Table::Schools, s);
                }
            }
        }
        served += i64::from(landed);
        if share && !landed {
            r.rejected(Table::Schools, s, Why::NoService);
        }
    });
    if !known {
        return Value::Unknown(Table::SchoolServices);
    }
    match (share, all) {
        (false, _) => Value::Int(served),
        (true, 0) if f.table(Table::Schools).known(u) => Value::NotApplicable,
        (true, 0) => Value::Unknown(Table::Schools),
        (true, _) => Value::Ratio { of: served, to: all },
    }
}

/// Communities with an open studio. Villages stay out unless the option says otherwise. Clause 2-7c.
pub(super) fn studio_coverage<R: Recorder>(
    f: &Facts,
    c: &Ctx,
    a: &SlotArgs,
    u: u32,
    r: &mut R,
) -> Value {
    let (mut covered, mut all) = (0, 0);
    f.below(u, &mut |s| {
        if f.units.kind.get(s as usize) != Some(&UnitKind::Community) || !f.exists(s, c.as_of) {
            return;
        }
        if f.unit_flag(s, flag::VILLAGE) && !a.villages {
            r.rejected(Table::Communities, s, Why::Village);
            return;
        }
        all += 1;
        let mut studio = None;
        f.below(s, &mut |x| {
            if f.units.kind.get(x as usize) == Some(&UnitKind::Studio) && f.exists(x, c.as_of) {
                studio = Some(x);
            }
        });
        match studio {
            Some(x) => {
                covered += 1;
                r.counted(Table::Communities, s);
                r.also(Table::Units, x);
            }
            None => r.rejected(Table::Communities, s, Why::NoStudio),
        }
    });
    match all {
        0 if f.table(Table::Communities).known(u) => Value::NotApplicable,
        0 => Value::Unknown(Table::Communities),
        _ => Value::Ratio { of: covered, to: all },
    }
}

/// Stations and studios with this year's assessment completed. Clause 5.1-5.
pub(super) fn assessed<R: Recorder>(f: &Facts, c: &Ctx, u: u32, r: &mut R) -> Value {
    let t = f.table(Table::Assessments);
    let mut known = t.known(u);
    let (mut done, mut all) = (0, 0);
    f.below(u, &mut |s| {
        let site =
            matches!(f.units.kind.get(s as usize), Some(UnitKind::Station | UnitKind::Studio));
        if !site || !f.exists(s, c.as_of) {
            return;
        }
        known |= t.known(s);
        all += 1;
        let (from, to) = t.span(s);
        match (from..to).find(|i| i32::from(t.sub(*i)) == c.year && t.from(*i) <= c.as_of) {
            Some(i) => {
                done += 1;
                r.counted(Table::Assessments, i);
                r.also(Table::Units, s);
            }
            None => r.rejected(Table::Units, s, Why::NotAssessed),
        }
    });
    if !known {
        Value::Unknown(Table::Assessments)
    } else if all == 0 {
        Value::NotApplicable
    } else {
        Value::Ratio { of: done, to: all }
    }
}

/// This year's score, in hundredths.
pub(super) fn score<R: Recorder>(f: &Facts, c: &Ctx, u: u32, r: &mut R) -> Value {
    let t = f.table(Table::Assessments);
    let (from, to) = t.span(u);
    for i in from..to {
        if i32::from(t.sub(i)) == c.year && t.from(i) <= c.as_of && t.n(i) != i64::MIN {
            r.counted(Table::Assessments, i);
            return Value::Int(t.n(i));
        }
        r.rejected(Table::Assessments, i, Why::OutsidePeriod);
    }
    Value::Unknown(Table::Assessments)
}

/// Distinct persons of the team with a rank of these levels. Clauses 2-5d, 2-6d, 2-7e.
pub(super) fn supervisors<R: Recorder>(
    f: &Facts,
    c: &Ctx,
    a: &SlotArgs,
    u: u32,
    r: &mut R,
) -> Value {
    let t = f.table(Table::Teams);
    if !t.known(u) {
        return Value::Unknown(Table::Supervisors);
    }
    let q = f.table(Table::Qualifications);
    let judge = |i: u32| -> Result<(), Why> {
        super::staff::live(t, i, c.as_of)?;
        if a.sub.as_ref().is_none_or(|l| l.has(t.sub(i))) {
            return Ok(());
        }
        let (from, to) = q.span(t.who(i));
        let ranked = (from..to)
            .any(|j| a.ranks.as_ref().is_some_and(|k| k.has(q.kind(j))) && q.live(j, c.as_of));
        if ranked { Ok(()) } else { Err(Why::Level) }
    };
    let (from, to) = t.span(u);
    let mut n = 0;
    for i in from..to {
        match judge(i) {
            Ok(()) if (from..i).any(|j| t.who(j) == t.who(i) && judge(j).is_ok()) => {
                r.rejected(Table::Teams, i, Why::SamePerson);
            }
            Ok(()) => {
                n += 1;
                r.counted(Table::Teams, i);
            }
            Err(why) => r.rejected(Table::Teams, i, why),
        }
    }
    Value::Int(n)
}
