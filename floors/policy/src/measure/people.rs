//! Supervisors: agreements, appraisals, allowances. The owner is a person.
use super::staff::live;
use super::{Ctx, Lut, Recorder, SlotArgs, Value, Why};
use crate::calendar::years_between;
use crate::facts::{Column, Facts, flag};
use crate::rows::Table;

/// Whom an allowance is due to, bound to the vocabulary. Clauses 4B.2-10, 4B.2-11.
#[derive(Clone, Debug)]
pub(crate) struct Eligible {
    pub fulltime: bool,
    pub social_worker: bool,
    pub levels: Option<Lut>,
    /// Results that unlock it, and whether the latest appraisal decides rather than the year's.
    pub results: Option<(Lut, bool)>,
    /// `any_day`, `full_month` or `half_month`.
    pub part: Part,
    /// Fen a month.
    pub amount: i64,
}

/// What a month needs to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    AnyDay,
    FullMonth,
    HalfMonth,
}

/// Whether a month is earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Earned {
    Yes,
    No,
    /// The appraisal that decides is still to come.
    Later,
    /// This table was never reported.
    Unknown(Table),
}

impl Eligible {
    /// Has this person earned the month of the day asked?
    pub(crate) fn earned(&self, f: &Facts, c: &Ctx, person: u32) -> Earned {
        let t = f.table(Table::Supervisors);
        let (from, to) = t.span(person);
        let fits = |i: u32| {
            let flags = t.flags(i);
            (!self.fulltime || flags & flag::FULLTIME != 0)
                && (!self.social_worker || flags & flag::SOCIAL_WORKER != 0)
                && self.levels.as_ref().is_none_or(|l| l.has(t.aux(i)))
        };
        let held = |day: i32| (from..to).any(|i| t.live(i, day) && fits(i));
        let days = (c.month0..c.month1).filter(|d| held(*d)).count();
        let days = i32::try_from(days).unwrap_or(0);
        let month = c.month1 - c.month0;
        let enough = match self.part {
            Part::AnyDay => days > 0,
            Part::FullMonth => days >= month,
            Part::HalfMonth => days * 2 >= month,
        };
        if !enough {
            return Earned::No;
        }
        let Some((results, latest)) = &self.results else { return Earned::Yes };
        let a = f.table(Table::Appraisals);
        if !a.known(person) {
            return Earned::Unknown(Table::Assessments);
        }
        let (from, to) = a.span(person);
        let done = (from..to)
            .filter(|i| a.from(*i) <= c.as_of && (*latest || i32::from(a.sub(*i)) == c.year));
        match done.max_by_key(|i| (a.sub(*i), a.from(*i))) {
            Some(i) if results.has(a.kind(i)) => Earned::Yes,
            Some(_) => Earned::No,
            None => Earned::Later,
        }
    }
}

/// The allowance due for the month of the day asked.
pub(super) fn due(f: &Facts, c: &Ctx, a: &SlotArgs, person: u32) -> Value {
    let Some(e) = &a.eligible else { return Value::NotApplicable };
    match e.earned(f, c, person) {
        Earned::Yes => Value::Int(e.amount),
        Earned::No | Earned::Later => Value::Int(0),
        Earned::Unknown(t) => Value::Unknown(t),
    }
}

/// The allowance paid for the month of the day asked.
pub(super) fn paid<R: Recorder>(f: &Facts, c: &Ctx, person: u32, r: &mut R) -> Value {
    let t = f.table(Table::Payments);
    if !t.known(person) {
        return Value::Unknown(Table::Payments);
    }
    let (from, to) = t.span(person);
    let mut sum = 0;
    for i in from..to {
        if t.from(i) == c.month0 {
            sum += t.n(i);
            r.counted(Table::Payments, i);
        } else {
            r.rejected(Table::Payments, i, Why::OutsidePeriod);
        }
    }
    Value::Int(sum)
}

/// The first day of this year on which an agreement was signed. Clause 4B.2-6.
pub(super) fn signed<R: Recorder>(f: &Facts, c: &Ctx, person: u32, r: &mut R) -> Value {
    let t = f.table(Table::Agreements);
    if !t.known(person) {
        return Value::Unknown(Table::Agreements);
    }
    let (from, to) = t.span(person);
    let mut first = None;
    for i in from..to {
        let day = i32::try_from(t.n(i)).unwrap_or(i32::MAX);
        if day == i32::MAX {
            r.rejected(Table::Agreements, i, Why::Incomplete);
        } else if day > c.as_of {
            r.rejected(Table::Agreements, i, Why::NotYet(day));
        } else if day < c.year0 {
            r.rejected(Table::Agreements, i, Why::OutsidePeriod);
        } else {
            first = Some(first.map_or(day, |f: i32| f.min(day)));
            r.counted(Table::Agreements, i);
        }
    }
    Value::Day(first)
}

/// The day this year's appraisal was completed with every dimension filled in. Clauses 4B.2-7, 4B.2-8.
pub(super) fn assessed<R: Recorder>(
    f: &Facts,
    c: &Ctx,
    a: &SlotArgs,
    person: u32,
    r: &mut R,
) -> Value {
    let t = f.table(Table::Appraisals);
    if !t.known(person) {
        return Value::Unknown(Table::Assessments);
    }
    let (from, to) = t.span(person);
    let mut first = None;
    for i in from..to {
        if i32::from(t.sub(i)) != c.year {
            r.rejected(Table::Appraisals, i, Why::OutsidePeriod);
        } else if t.from(i) > c.as_of {
            r.rejected(Table::Appraisals, i, Why::NotYet(t.from(i)));
        } else if t.who(i) & a.dims != a.dims {
            r.rejected(Table::Appraisals, i, Why::Incomplete);
        } else {
            first = Some(first.map_or(t.from(i), |f: i32| f.min(t.from(i))));
            r.counted(Table::Appraisals, i);
        }
    }
    Value::Day(first)
}

/// Whole years of service under agreements without a gap, up to the end of the day. Clause 4B.2-5.
pub(super) fn term<R: Recorder>(f: &Facts, c: &Ctx, person: u32, r: &mut R) -> Value {
    let t = f.table(Table::Agreements);
    if !t.known(person) {
        return Value::Unknown(Table::Agreements);
    }
    let (from, to) = t.span(person);
    let Some(now) = (from..to).find(|i| live(t, *i, c.as_of).is_ok()) else { return Value::Int(0) };
    let start = chain_start(t, from, to, t.from(now));
    for i in from..to {
        match live(t, i, c.as_of) {
            Err(why @ Why::NotYet(_)) => r.rejected(Table::Agreements, i, why),
            _ if t.from(i) >= start => r.counted(Table::Agreements, i),
            _ => r.rejected(Table::Agreements, i, Why::OutsidePeriod),
        }
    }
    Value::Int(years_between(start, c.as_of + 1))
}

/// The beginning of the unbroken run of agreements that holds this day.
fn chain_start(t: &Column, from: u32, to: u32, mut start: i32) -> i32 {
    loop {
        let earlier =
            (from..to).filter(|i| t.from(*i) < start && t.to(*i) >= start).map(|i| t.from(i)).min();
        match earlier {
            Some(e) => start = e,
            None => return start,
        }
    }
}
