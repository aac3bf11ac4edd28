//! Rows as lines of an explanation, near misses first.
use kernel::Day;

use super::{Line, RecordRef, Say, Trace};
use crate::facts::{Facts, NONE, Owner};
use crate::measure::Why;
use crate::rows::Table;

/// Rows counted and rows not counted.
pub(super) fn split(f: &Facts, trace: &Trace) -> (Vec<Line>, Vec<Line>) {
    let mut counted = Vec::new();
    let mut rejected: Vec<(u8, Line)> = Vec::new();
    for (at, (table, row, why)) in trace.rows.iter().enumerate() {
        let mut l = line(f, *table, *row);
        l.also = trace.also.iter().filter(|a| a.0 == at).map(|a| line(f, a.1, a.2)).collect();
        match why {
            None => counted.push(l),
            Some(why) => {
                if let Some((t, r)) = evidence(*why) {
                    l.also.push(line(f, t, r));
                }
                l.because = Some(because(f, *why, &l));
                rejected.push((rank(*why), l));
            }
        }
    }
    rejected.sort_by_key(|(rank, _)| *rank);
    (counted, rejected.into_iter().map(|(_, l)| l).collect())
}

/// The row a reason points at.
const fn evidence(why: Why) -> Option<(Table, u32)> {
    match why {
        Why::QualificationEnded(q) | Why::QualificationNotYet(q) => {
            Some((Table::Qualifications, q))
        }
        Why::FulltimeElsewhere(p) => Some((Table::Posts, p)),
        _ => None,
    }
}

/// 0 is the nearest miss.
const fn rank(why: Why) -> u8 {
    match why {
        Why::QualificationEnded(_)
        | Why::Stale(_)
        | Why::NotAccepted
        | Why::Incomplete
        | Why::NoService => 0,
        Why::QualificationNotYet(_)
        | Why::QualificationUnknown
        | Why::EmptyList
        | Why::FulltimeElsewhere(_) => 1,
        Why::PartTime
        | Why::FullTime
        | Why::NoStudio
        | Why::NotAssessed
        | Why::Failing
        | Why::Level => 2,
        Why::NoQualification | Why::Affiliation | Why::NotYet(_) => 3,
        Why::Ended(_) | Why::SamePerson | Why::CountedOnce | Why::ThirdPartyHead | Why::Exempt => 4,
        Why::Volunteer | Why::Qualified | Why::NotElsewhere | Why::Enough | Why::Village => 5,
        Why::OutsidePeriod | Why::Plan | Why::Superseded => 6,
        Why::Role | Why::Kind | Why::NotAdmin => 7,
    }
}

fn because(f: &Facts, why: Why, l: &Line) -> Say {
    let day = |d: i32| ("day", Day(d).to_string());
    let q = |row: u32| {
        let t = f.table(Table::Qualifications);
        (("kind", f.vocab.get(t.kind(row)).to_owned()), t)
    };
    let (key, args): (&str, Vec<(&'static str, String)>) = match why {
        Why::Ended(d) => ("ended", vec![day(d)]),
        Why::NotYet(d) => ("not_yet", vec![day(d)]),
        Why::Stale(d) => ("stale", vec![day(d)]),
        Why::QualificationEnded(row) => {
            let (kind, t) = q(row);
            ("qualification_ended", vec![kind, day(t.to(row))])
        }
        Why::QualificationNotYet(row) => {
            let (kind, t) = q(row);
            ("qualification_not_yet", vec![kind, day(t.from(row))])
        }
        Why::FulltimeElsewhere(row) => {
            let unit = f.table(Table::Posts).unit.get(row as usize).copied().unwrap_or(NONE);
            ("fulltime_elsewhere", vec![("unit", f.unit_label(unit).to_owned())])
        }
        Why::Role => ("role", vec![("kind", l.kind.clone())]),
        Why::Kind => ("kind", vec![("kind", l.kind.clone())]),
        Why::Affiliation => ("affiliation", Vec::new()),
        Why::PartTime => ("part_time", Vec::new()),
        Why::FullTime => ("full_time", Vec::new()),
        Why::Volunteer => ("volunteer", Vec::new()),
        Why::NoQualification => ("no_qualification", Vec::new()),
        Why::QualificationUnknown => ("qualification_unknown", Vec::new()),
        Why::SamePerson => ("same_person", Vec::new()),
        Why::ThirdPartyHead => ("third_party_head", Vec::new()),
        Why::Exempt => ("exempt", Vec::new()),
        Why::Qualified => ("qualified", Vec::new()),
        Why::NotElsewhere => ("not_elsewhere", Vec::new()),
        Why::OutsidePeriod => ("outside_period", Vec::new()),
        Why::NotAccepted => ("not_accepted", Vec::new()),
        Why::EmptyList => ("empty_list", Vec::new()),
        Why::Superseded => ("superseded", Vec::new()),
        Why::Level => ("level", Vec::new()),
        Why::NotAdmin => ("not_admin", Vec::new()),
        Why::NoService => ("no_service", Vec::new()),
        Why::NoStudio => ("no_studio", Vec::new()),
        Why::Village => ("village", Vec::new()),
        Why::NotAssessed => ("not_assessed", Vec::new()),
        Why::Incomplete => ("incomplete", Vec::new()),
        Why::Enough => ("enough", Vec::new()),
        Why::Plan => ("plan", Vec::new()),
        Why::CountedOnce => ("counted_once", Vec::new()),
        Why::Failing => ("failing", Vec::new()),
    };
    Say { key: format!("policy.reason.{key}"), args }
}

/// One row as a line. Units, communities and schools are rows of themselves.
fn line(f: &Facts, t: Table, row: u32) -> Line {
    if matches!(t, Table::Units | Table::Communities | Table::Schools) {
        let id = f.owner_id(Owner::Unit(row)).to_owned();
        let kind = f.units.kind.get(row as usize).map_or("", |k| k.name()).to_owned();
        let label = f.unit_label(row).to_owned();
        return Line {
            record: RecordRef { kind: t.record(), table: t.name(), id },
            label,
            kind,
            from: None,
            to: None,
            n: None,
            because: None,
            also: Vec::new(),
        };
    }
    let c = f.table(t);
    let label = match t {
        Table::Posts
        | Table::ProjectStaff
        | Table::SupervisionLinks
        | Table::Supervisors
        | Table::Teams => f.person_label(c.who(row)).to_owned(),
        _ => f.texts.get(c.label(row)).to_owned(),
    };
    let id = f.texts.get(c.rec(row));
    let id = if id.is_empty() { format!("#{row}") } else { id.to_owned() };
    // A signing day, a first service and a mask of dimensions are no amounts.
    let amount = matches!(
        t,
        Table::Lists
            | Table::Payments
            | Table::Trainings
            | Table::Attendances
            | Table::Budgets
            | Table::Funds
            | Table::Expenditures
    ) || (t == Table::Projects && c.who(row) == 1);
    let days = |d: i32| (d > Day::MIN.0 && d < Day::MAX.0).then_some(Day(d));
    Line {
        record: RecordRef { kind: t.record(), table: t.name(), id },
        label,
        kind: f.vocab.get(c.kind(row)).to_owned(),
        from: days(c.from(row)),
        to: days(c.to(row)),
        n: amount.then(|| c.n(row)),
        because: None,
        also: Vec::new(),
    }
}
