//! Measures: one value of one unit on one day, by a few kernels over the columns.
//!
//! Every kernel is written once for the batch and for the explanation: it tells a [`Recorder`] which rows it counted and which it
//! did not, with the reason. The batch's recorder is `()`, whose methods are empty and vanish.
//!
//! Reading order: `slot` (a measure with its arguments, bound to a vocabulary), `staff`, `sets`, `counts`, `sums`, `people`, `region`.
mod counts;
mod people;
mod region;
mod sets;
mod slot;
mod staff;
mod sums;

pub(crate) use people::{Earned, Eligible, Part};
pub(crate) use slot::{Lut, Slot, SlotArgs, ladder};

use crate::catalogue::MeasureId;
use crate::facts::{Facts, Owner};
use crate::rows::Table;

/// What a measure answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// This table was never reported.
    Unknown(Table),
    NotApplicable,
    /// Count, fen, tenths of days, years, hundredths.
    Int(i64),
    Ratio {
        of: i64,
        to: i64,
    },
    /// Bits of the slot's wanted kinds.
    Set(u64),
    /// A day, or none.
    Day(Option<i32>),
    /// The unit's registered name, a text of the facts.
    Name(u32),
}

/// The days a run stands on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ctx {
    pub as_of: i32,
    pub year: i32,
    /// 1 January of the year of `as_of`.
    pub year0: i32,
    /// First day of the month of `as_of`, and of the next one.
    pub month0: i32,
    pub month1: i32,
}
impl Ctx {
    pub(crate) fn on(day: kernel::Day) -> Self {
        let month0 = day.start_of_month();
        Self {
            as_of: day.0,
            year: day.year(),
            year0: day.start_of_year().0,
            month0: month0.0,
            month1: month0.plus_months(1).0,
        }
    }
}

/// Why a row was not counted. Days are day numbers, rows are row numbers of the table named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Ended(i32),
    NotYet(i32),
    Kind,
    Role,
    Affiliation,
    PartTime,
    FullTime,
    Volunteer,
    NoQualification,
    /// The certificate in this row of `qualifications` ran out.
    QualificationEnded(u32),
    QualificationNotYet(u32),
    QualificationUnknown,
    SamePerson,
    /// A full-time post stands at another unit: this row of `posts`.
    FulltimeElsewhere(u32),
    ThirdPartyHead,
    Exempt,
    Qualified,
    NotElsewhere,
    OutsidePeriod,
    NotAccepted,
    EmptyList,
    /// A newer version stands beside it.
    Superseded,
    Stale(i32),
    Level,
    NotAdmin,
    NoService,
    NoStudio,
    Village,
    NotAssessed,
    Incomplete,
    Enough,
    Plan,
    CountedOnce,
    Failing,
}

/// Hears which rows a kernel counted.
pub(crate) trait Recorder {
    /// Must it hear of every row, or may rows be skipped that cannot count?
    const LISTENS: bool = true;
    /// A row that counted.
    #[inline]
    fn counted(&mut self, _: Table, _: u32) {}
    /// A row that did not.
    #[inline]
    fn rejected(&mut self, _: Table, _: u32, _: Why) {}
    /// A row that bears on the last one: the certificate of a post, the post elsewhere.
    #[inline]
    fn also(&mut self, _: Table, _: u32) {}
}
impl Recorder for () {
    const LISTENS: bool = false;
}

/// Asks a measure of an owner.
#[inline]
pub(crate) fn measure<R: Recorder>(f: &Facts, c: &Ctx, s: &Slot, o: Owner, r: &mut R) -> Value {
    use MeasureId as M;
    let u = o.ix();
    let a = &s.args;
    match s.measure {
        M::UnitName => match f.name_on(u, c.as_of) {
            Some(text) => Value::Name(text),
            None => Value::Unknown(Table::Units),
        },
        M::StaffCount => staff::count(f, c, a, u, r),
        M::StaffConcurrent => staff::concurrent(f, c, a, u, r),
        M::StaffUnqualified => staff::unqualified(f, c, a, u, r),
        M::StaffMaxExperienceYears => staff::experience(f, c, a, u, r),
        M::RoomsKinds => sets::live(f, c, a, Table::Rooms, u, r),
        M::FacilitiesKinds | M::SignageKinds => sets::live(f, c, a, Table::Facilities, u, r),
        M::DocumentsKinds => sets::live(f, c, a, Table::Documents, u, r),
        M::ListsCurrent => sets::lists(f, c, a, u, r),
        M::ProjectsKinds => sets::in_window(f, c, a, Table::Projects, u, r),
        M::ProjectsStagesReached => sets::live(f, c, a, Table::ProjectStages, u, r),
        M::ProjectsPartnerSectors => sets::live(f, c, a, Table::ProjectPartners, u, r),
        M::SupervisionTeamKinds => sets::live(f, c, a, Table::Teams, u, r),
        M::TrainingKindsHeld => sets::in_window(f, c, a, Table::Trainings, u, r),
        M::BrandsCount => counts::with_below(f, c, a, Table::Brands, u, r),
        M::PublicityCount => counts::with_below(f, c, a, Table::Publicity, u, r),
        M::UniversityBases => counts::with_below(f, c, a, Table::Partnerships, u, r),
        M::ContestsCount => counts::in_window(f, c, a, Table::Contests, u, r),
        M::ProjectsCount => counts::in_window(f, c, a, Table::Projects, u, r),
        M::CasesAccepted => counts::cases(f, c, a, u, r),
        M::ServicesAdminItems => counts::admin(f, c, a, u, r),
        M::SupervisionContacts => counts::people(f, c, Table::SupervisionLinks, u, r),
        M::TrainingVisitsHeld => counts::visits(f, c, a, u, r),
        M::TrainingDaysHeld => sums::training_days(f, c, a, Table::Trainings, u, r),
        M::TrainingDaysAttended => sums::training_days(f, c, a, Table::Attendances, u, r),
        M::TrainingShortStaff => sums::short_staff(f, c, a, u, r),
        M::BudgetDistrict => sums::budget(f, c, a, u, r),
        M::FundsDistrictAllocated
        | M::FundsStreetMatch
        | M::FundsStationPurchase
        | M::FundsVenture => sums::funds(f, c, a, u, r),
        M::ProjectLabourCost => sums::labour(f, c, a, u, r),
        M::ProjectFunds => sums::project_funds(f, u, r),
        M::ProjectStaffTotal => staff::project(f, c, a, u, r),
        M::ProjectStaffProfessional => staff::project(f, c, a, u, r),
        M::SupervisionAgreementSigned => people::signed(f, c, u, r),
        M::SupervisionAssessed => people::assessed(f, c, a, u, r),
        M::SupervisionTermYears => people::term(f, c, u, r),
        M::AllowancePaid => people::paid(f, c, u, r),
        M::AllowanceDue => people::due(f, c, a, u),
        M::SupervisorsCount => region::supervisors(f, c, a, u, r),
        M::HonoursCount => region::honours(f, c, a, u, r),
        M::SchoolsServed => region::schools(f, c, a, u, r, false),
        M::SchoolsCoverage => region::schools(f, c, a, u, r, true),
        M::CommunitiesStudioCoverage => region::studio_coverage(f, c, a, u, r),
        M::AssessmentUnitsAssessed => region::assessed(f, c, u, r),
        M::AssessmentScore => region::score(f, c, u, r),
        M::Ratio => ratio(f, c, a, o, r),
        // Rolled up by the run, which knows the rules below.
        M::VerdictsPassing => Value::NotApplicable,
    }
}

fn ratio<R: Recorder>(f: &Facts, c: &Ctx, a: &SlotArgs, o: Owner, r: &mut R) -> Value {
    let Some(pair) = &a.pair else { return Value::NotApplicable };
    let (of, to) = (measure(f, c, &pair.0, o, r), measure(f, c, &pair.1, o, &mut ()));
    match (of, to) {
        (Value::Unknown(t), _) | (_, Value::Unknown(t)) => Value::Unknown(t),
        (Value::Int(_), Value::Int(0)) => Value::NotApplicable,
        (Value::Int(of), Value::Int(to)) => {
            Value::Ratio { of: of.saturating_mul(shares(f, a, o)), to }
        }
        _ => Value::NotApplicable,
    }
}

/// Equal shares of a district's budget: the streets the budget is spread over.
fn shares(f: &Facts, a: &SlotArgs, o: Owner) -> i64 {
    if !a.share {
        return 1;
    }
    let Some(d) = f.above(o.ix(), crate::rows::UnitKind::District) else { return 1 };
    let mut n = 0;
    f.below(d, &mut |u| {
        n += i64::from(f.units.kind.get(u as usize) == Some(&crate::rows::UnitKind::Street))
    });
    n.max(1)
}
