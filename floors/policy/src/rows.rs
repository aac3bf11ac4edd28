//! The facts a slice can testify to, as plain typed rows. Every row names its record, its owner and the days it holds.
//!
//! Rows are written for people and tests to read; [`crate::Facts`] turns them into columns. All stretches are half-open
//! `[from, to)`: `to` is the first day on which the fact no longer holds. Money is in fen, days of training in tenths.
mod table;

use kernel::Day;
use serde::{Deserialize, Serialize};
pub use table::{Table, UnitKind};

/// A name held over a stretch of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameRow {
    pub name: String,
    #[serde(default = "open")]
    pub from: Day,
    #[serde(default)]
    pub to: Option<Day>,
}

/// How a station is run over a stretch of days: `self` or `third_party`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModeRow {
    pub mode: String,
    #[serde(default = "open")]
    pub from: Day,
    #[serde(default)]
    pub to: Option<Day>,
}

const fn open() -> Day {
    Day::MIN
}
const fn one_day() -> i64 {
    10
}
fn one() -> i64 {
    1
}

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty),+ }
    )+};
}

rows! {
    /// A place, body or project that rules are asked of. Persons are [`PersonRow`]s.
    UnitRow {
        id: String,
        kind: UnitKind,
        /// The registered name now; `names` may date others. Empty: not recorded.
        #[serde(default)] name: String,
        #[serde(default)] names: Vec<NameRow>,
        /// A region's name without its suffix (`凯旋`, `小营巷`), for matching site names.
        #[serde(default)] short_name: String,
        /// The unit above: street of a station, community of a studio, site of a project, district of a street or school.
        #[serde(default)] parent: Option<String>,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
        #[serde(default)] modes: Vec<ModeRow>,
        /// A community that is a village committee's (村), out of coverage unless the option says otherwise.
        #[serde(default)] village: bool,
        /// A project bought with public money.
        #[serde(default)] purchased_by_government: bool,
        /// A project of professional social work.
        #[serde(default)] professional: bool,
        /// A project's present stage; the stages before it must be on record.
        #[serde(default)] stage: String,
    }
    /// A natural person, for labels and for the link post ↔ person ↔ certificate.
    PersonRow { id: String, #[serde(default)] name: String }
    /// A post held at a unit.
    PostRow {
        #[serde(default)] id: String,
        unit: String,
        person: String,
        /// `head`, `deputy`, `worker`, …
        role: String,
        #[serde(default)] fulltime: bool,
        /// Who the holder is besides, such as `street_public_service_office_chief`.
        #[serde(default)] affiliation: String,
        /// Pay grade recorded, such as `community_worker_chief`.
        #[serde(default)] grade: String,
        /// A volunteer or intern: on the roster, never counted as staff.
        #[serde(default)] volunteer: bool,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A certificate, rank or degree a person holds.
    QualificationRow {
        #[serde(default)] id: String,
        person: String,
        /// `sw_assistant` `sw` `sw_senior` `sw_degree` `supervisor_assistant` `supervisor_city|province|nation` `talent_district|city|province|nation`.
        kind: String,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A stretch of work before or beside the post.
    WorkHistoryRow {
        #[serde(default)] id: String,
        person: String,
        /// `community` counts as community experience.
        kind: String,
        from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A room; one room may carry several functions (提倡一室多用).
    RoomRow {
        #[serde(default)] id: String,
        unit: String,
        #[serde(default)] name: String,
        functions: Vec<String>,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A facility, display block, plaque, logo or poster.
    FacilityRow {
        #[serde(default)] id: String,
        unit: String,
        kind: String,
        #[serde(default)] name: String,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A rule document or plan in force.
    DocumentRow {
        #[serde(default)] id: String,
        unit: String,
        class: String,
        kind: String,
        #[serde(default)] title: String,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// One of the three lists, at its latest update.
    ListRow {
        #[serde(default)] id: String,
        unit: String,
        kind: String,
        updated: Day,
        /// Items on it; an empty list is no list.
        #[serde(default = "one")] items: i64,
        #[serde(default)] to: Option<Day>,
    }
    /// A brand or speciality of a site.
    BrandRow {
        #[serde(default)] id: String,
        unit: String,
        #[serde(default)] kind: String,
        #[serde(default)] name: String,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A project in a site's programme. `id` is also the id of the project as a unit.
    ProjectRow {
        id: String,
        /// The site that runs it; empty for a project bought by a bureau without a site.
        #[serde(default)] unit: String,
        #[serde(default)] kind: String,
        #[serde(default)] title: String,
        /// Approved contract amount in fen.
        #[serde(default)] funds: Option<i64>,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A stage of a project with a record.
    ProjectStageRow { #[serde(default)] id: String, project: String, stage: String, on: Day }
    /// A department, mass organisation or social force joining a project.
    ProjectPartnerRow {
        #[serde(default)] id: String,
        project: String,
        sector: String,
        #[serde(default)] name: String,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A person executing a project.
    ProjectStaffRow {
        #[serde(default)] id: String,
        project: String,
        person: String,
        #[serde(default)] volunteer: bool,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// Money planned or spent on a project, in fen.
    ExpenditureRow {
        #[serde(default)] id: String,
        project: String,
        /// `labour` or another category.
        kind: String,
        /// `plan` or `actual`; empty reads as actual.
        #[serde(default)] basis: String,
        amount: i64,
        on: Day,
    }
    /// An item in a service plan or contract.
    ServiceRow {
        #[serde(default)] id: String,
        unit: String,
        #[serde(default)] title: String,
        /// Flagged as street administrative business.
        #[serde(default)] admin: bool,
        on: Day,
    }
    /// A day-log entry.
    WorklogRow {
        #[serde(default)] id: String,
        unit: String,
        #[serde(default)] title: String,
        #[serde(default)] admin: bool,
        /// Entered as a service rather than beside the services.
        #[serde(default)] as_service: bool,
        #[serde(default)] minutes: i64,
        on: Day,
    }
    /// A feature case; it counts on the day it was accepted.
    FeatureCaseRow {
        #[serde(default)] id: String,
        unit: String,
        #[serde(default)] title: String,
        #[serde(default)] written: Option<Day>,
        #[serde(default)] accepted: Option<Day>,
    }
    /// A person on a district's supervision team.
    SupervisorRow {
        #[serde(default)] id: String,
        person: String,
        /// The district.
        unit: String,
        /// `local`, `university` or `practice`.
        #[serde(default)] source: String,
        /// `nation`, `province`, `city`, `district`, `assistant`.
        #[serde(default)] level: String,
        #[serde(default)] fulltime: bool,
        #[serde(default)] social_worker: bool,
        /// Highest level of the supervision project worked in (`district`, `city`, …); empty: none.
        #[serde(default)] project_level: String,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A supervisor looking after a studio.
    SupervisionLinkRow {
        #[serde(default)] id: String,
        unit: String,
        person: String,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A supervisor's agreement.
    AgreementRow {
        #[serde(default)] id: String,
        person: String,
        signed: Option<Day>,
        from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// An appraisal of a person or an assessment of a site, for one year.
    AssessmentRow {
        #[serde(default)] id: String,
        /// A person or a unit.
        subject: String,
        year: i32,
        #[serde(default)] completed: Option<Day>,
        /// `excellent`, `good`, `pass`, `fail`.
        #[serde(default)] result: String,
        /// Hundredths of a point.
        #[serde(default)] score: Option<i64>,
        /// Dimensions filled in: `ability`, `quality`, `results`, `conduct`.
        #[serde(default)] dims: Vec<String>,
    }
    /// An allowance paid, in fen.
    PaymentRow {
        #[serde(default)] id: String,
        person: String,
        /// Any day of the month it is for.
        month: Day,
        amount: i64,
    }
    /// Training held: whole days `[from, to)`, or part of one day in tenths.
    TrainingRow {
        #[serde(default)] id: String,
        unit: String,
        /// `induction`, `supervision`, `continuing`, `practice`, `law`; `visit` is a study visit.
        kind: String,
        #[serde(default)] title: String,
        #[serde(default)] focus: String,
        #[serde(default)] mode: String,
        from: Day,
        /// Missing: one day.
        #[serde(default)] to: Option<Day>,
        /// Tenths of a day held on each of these days.
        #[serde(default = "one_day")] tenths: i64,
    }
    /// Training attended by a person, in tenths of a day.
    AttendanceRow {
        #[serde(default)] id: String,
        person: String,
        on: Day,
        #[serde(default = "one_day")] tenths: i64,
    }
    /// A line of a yearly budget, in fen.
    BudgetRow {
        #[serde(default)] id: String,
        unit: String,
        year: i32,
        /// `build`, `operate`, `supervise`, `serve`.
        r#use: String,
        amount: i64,
        /// The day it was approved; missing: 1 January of its year.
        #[serde(default)] on: Option<Day>,
    }
    /// Money moved, in fen.
    FundRow {
        #[serde(default)] id: String,
        /// The street or district whose account it concerns.
        unit: String,
        /// `district_allocated`, `street_match`, `station_purchase`, `venture`.
        kind: String,
        amount: i64,
        on: Day,
    }
    /// A designation held by a site.
    HonourRow {
        #[serde(default)] id: String,
        unit: String,
        honour: String,
        level: String,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// Social work placed at a school.
    SchoolServiceRow {
        #[serde(default)] id: String,
        school: String,
        #[serde(default)] person: String,
        /// First service on record under this agreement.
        #[serde(default)] first_service: Option<Day>,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A practice base with a university.
    PartnershipRow {
        #[serde(default)] id: String,
        unit: String,
        #[serde(default)] name: String,
        #[serde(default = "open")] from: Day,
        #[serde(default)] to: Option<Day>,
    }
    /// A publication or broadcast.
    PublicityRow { #[serde(default)] id: String, unit: String, #[serde(default)] title: String, on: Day }
    /// A skills contest held.
    ContestRow { #[serde(default)] id: String, unit: String, #[serde(default)] title: String, on: Day }
    /// A table was reported complete for an owner (a unit or a person; `*` for all) through this day.
    ReportRow { table: Table, unit: String, through: Day }
}

/// All rows at hand. The same rows can feed this engine and any other reading of the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rows {
    pub units: Vec<UnitRow>,
    pub persons: Vec<PersonRow>,
    pub posts: Vec<PostRow>,
    pub qualifications: Vec<QualificationRow>,
    pub work_history: Vec<WorkHistoryRow>,
    pub rooms: Vec<RoomRow>,
    pub facilities: Vec<FacilityRow>,
    pub documents: Vec<DocumentRow>,
    pub lists: Vec<ListRow>,
    pub brands: Vec<BrandRow>,
    pub projects: Vec<ProjectRow>,
    pub project_stages: Vec<ProjectStageRow>,
    pub project_partners: Vec<ProjectPartnerRow>,
    pub project_staff: Vec<ProjectStaffRow>,
    pub expenditures: Vec<ExpenditureRow>,
    pub services: Vec<ServiceRow>,
    pub worklogs: Vec<WorklogRow>,
    pub feature_cases: Vec<FeatureCaseRow>,
    pub supervisors: Vec<SupervisorRow>,
    pub supervision_links: Vec<SupervisionLinkRow>,
    pub agreements: Vec<AgreementRow>,
    pub assessments: Vec<AssessmentRow>,
    pub payments: Vec<PaymentRow>,
    pub trainings: Vec<TrainingRow>,
    pub attendances: Vec<AttendanceRow>,
    pub budgets: Vec<BudgetRow>,
    pub funds: Vec<FundRow>,
    pub honours: Vec<HonourRow>,
    pub school_services: Vec<SchoolServiceRow>,
    pub partnerships: Vec<PartnershipRow>,
    pub publicity: Vec<PublicityRow>,
    pub contests: Vec<ContestRow>,
    pub reports: Vec<ReportRow>,
}

macro_rules! each_list {
    ($($field:ident)+) => {
        impl Rows {
            /// Adds all rows of another.
            pub fn append(&mut self, mut other: Self) {
                $(self.$field.append(&mut other.$field);)+
            }
        }
    };
}
each_list! { units persons posts qualifications work_history rooms facilities documents lists brands projects project_stages project_partners project_staff expenditures services worklogs feature_cases supervisors supervision_links agreements assessments payments trainings attendances budgets funds honours school_services partnerships publicity contests reports }

impl Rows {
    /// Does anything here say something about this table: a row, or that it is complete?
    pub fn speaks_of(&self, table: Table) -> bool {
        let any = match table {
            Table::Units | Table::Modes | Table::Schools | Table::Communities => {
                !self.units.is_empty()
            }
            Table::Posts => !self.posts.is_empty(),
            Table::Qualifications => !self.qualifications.is_empty(),
            Table::WorkHistory => !self.work_history.is_empty(),
            Table::Rooms => !self.rooms.is_empty(),
            Table::Facilities => !self.facilities.is_empty(),
            Table::Documents => !self.documents.is_empty(),
            Table::Lists => !self.lists.is_empty(),
            Table::Brands => !self.brands.is_empty(),
            Table::Projects => !self.projects.is_empty(),
            Table::ProjectStages => !self.project_stages.is_empty(),
            Table::ProjectPartners => !self.project_partners.is_empty(),
            Table::ProjectStaff => !self.project_staff.is_empty(),
            Table::Expenditures => !self.expenditures.is_empty(),
            Table::Services => !self.services.is_empty(),
            Table::Worklogs => !self.worklogs.is_empty(),
            Table::FeatureCases => !self.feature_cases.is_empty(),
            Table::Supervisors | Table::Teams => !self.supervisors.is_empty(),
            Table::SupervisionLinks => !self.supervision_links.is_empty(),
            Table::Agreements => !self.agreements.is_empty(),
            Table::Assessments | Table::Appraisals => !self.assessments.is_empty(),
            Table::Payments => !self.payments.is_empty(),
            Table::Trainings => !self.trainings.is_empty(),
            Table::Attendances => !self.attendances.is_empty(),
            Table::Budgets => !self.budgets.is_empty(),
            Table::Funds => !self.funds.is_empty(),
            Table::Honours => !self.honours.is_empty(),
            Table::SchoolServices => !self.school_services.is_empty(),
            Table::Partnerships => !self.partnerships.is_empty(),
            Table::Publicity => !self.publicity.is_empty(),
            Table::Contests => !self.contests.is_empty(),
            Table::Verdicts => false,
        };
        any || self.reports.iter().any(|r| r.table == table)
    }
}
