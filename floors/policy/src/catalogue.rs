//! The measure catalogue: everything a rule can be about, by name.
//!
//! A measure is asked of a unit and answers with one value. A pack that needs another measure needs Rust; a pack that
//! needs another number, kind or date does not.
use serde::Serialize;

use crate::rows::{Table, UnitKind};

/// What a measure answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Returns {
    /// A whole number.
    Count,
    /// Fen inside, yuan in packs.
    Money,
    /// Tenths of a day inside, days in packs.
    Days,
    /// Whole years.
    Years,
    /// Hundredths inside.
    Number,
    /// Two whole numbers, compared exactly.
    Ratio,
    /// Kinds present.
    Set,
    /// A day, or none.
    Date,
    /// A text, or none.
    Text,
}
impl Returns {
    /// Inside units per unit written in a pack.
    pub const fn scale(self) -> i64 {
        match self {
            Self::Money | Self::Number => 100,
            Self::Days => 10,
            _ => 1,
        }
    }
}

/// One entry of the catalogue.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Entry {
    #[serde(skip)]
    pub id: MeasureId,
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub returns: Returns,
    /// Kinds of unit it can be asked of; empty: of any.
    pub on: &'static [UnitKind],
    pub reads: &'static [Table],
    pub args: &'static [&'static str],
}

macro_rules! measures {
    ($($id:ident = $name:literal, $returns:ident, [$($on:ident)*], [$($reads:ident)*], [$($arg:literal)*], $zh:literal, $en:literal;)+) => {
        /// A measure, by the name the catalogue gives it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum MeasureId { $(#[doc = $en] $id),+ }
        /// All measures, in the order of their ids.
        pub const CATALOGUE: &[Entry] = &[$(Entry {
            id: MeasureId::$id, name: $name, zh: $zh, en: $en, returns: Returns::$returns,
            on: &[$(UnitKind::$on),*], reads: &[$(Table::$reads),*], args: &[$($arg),*],
        }),+];
        impl MeasureId {
            /// Its catalogue entry.
            pub const fn entry(self) -> &'static Entry {
                match self { $(Self::$id => &const { Entry {
                    id: MeasureId::$id, name: $name, zh: $zh, en: $en, returns: Returns::$returns,
                    on: &[$(UnitKind::$on),*], reads: &[$(Table::$reads),*], args: &[$($arg),*],
                } }),+ }
            }
            /// The measure of this name.
            pub fn by_name(name: &str) -> Option<Self> { match name { $($name => Some(Self::$id),)+ _ => None } }
        }
    };
}
measures! {
    UnitName = "unit.name", Text, [Station SpecialStation Studio], [Units], [], "单位登记名称", "Registered name";
    StaffCount = "staff.count", Count, [Station SpecialStation Studio], [Posts Qualifications], ["role" "fulltime" "qualification" "affiliation" "overlap"], "在岗人数（可按岗位、专职、资格筛选）", "People in post";
    StaffConcurrent = "staff.concurrent", Count, [Station SpecialStation Studio], [Posts], ["role" "except_when"], "在他处兼任的人数", "People also holding a post elsewhere";
    StaffUnqualified = "staff.unqualified", Count, [Station SpecialStation], [Posts Qualifications], ["role" "any_of"], "不具备任一资格的在岗人数", "People in post holding none of the qualifications";
    StaffMaxExperienceYears = "staff.max_experience_years", Years, [Studio], [Posts WorkHistory], [], "在岗社工最长社区工作年限", "Longest community experience among staff";
    RoomsKinds = "rooms.kinds", Set, [Station SpecialStation Studio], [Rooms], [], "功能室种类", "Room functions";
    FacilitiesKinds = "facilities.kinds", Set, [Station SpecialStation Studio], [Facilities], [], "设施与展示区块", "Facilities and display blocks";
    SignageKinds = "signage.kinds", Set, [Station SpecialStation Studio], [Facilities], [], "标牌、LOGO、标识牌", "Signs, plaque and logo";
    DocumentsKinds = "documents.kinds", Set, [Station SpecialStation Studio], [Documents], ["class"], "已发布制度、方案等文件种类", "Rule documents in force";
    ListsCurrent = "lists.current", Set, [Station SpecialStation Studio], [Lists], ["fresh_days"], "近期更新过的清单种类", "Lists on record and fresh";
    BrandsCount = "brands.count", Count, [Station SpecialStation Studio District], [Brands], ["kind"], "品牌（特色）数", "Brands";
    ProjectsCount = "projects.count", Count, [Station SpecialStation Studio], [Projects], ["kind" "period"], "本期项目数（按种类）", "Projects of the period";
    ProjectsKinds = "projects.kinds", Set, [Station SpecialStation Studio], [Projects], ["period"], "本期项目种类", "Kinds of project in the period";
    ProjectsStagesReached = "projects.stages_reached", Set, [Project], [ProjectStages], [], "项目已有记录的阶段", "Stages with a record";
    ProjectsPartnerSectors = "projects.partner_sectors", Set, [Project], [ProjectPartners], [], "组团联动部门/力量", "Partner sectors";
    ServicesAdminItems = "services.admin_items", Count, [Station SpecialStation], [Services Worklogs], ["period"], "被列为服务内容的行政性事务数", "Administrative items among services";
    CasesAccepted = "cases.accepted", Count, [Station SpecialStation Studio], [FeatureCases], ["period"], "通过的特色案例数", "Feature cases accepted";
    SupervisionTeamKinds = "supervision.team_kinds", Set, [District], [Supervisors], [], "导师团队构成", "Kinds of mentor on the team";
    SupervisionContacts = "supervision.contacts", Count, [Studio], [SupervisionLinks], [], "联系本室的督导数", "Supervisors assigned";
    SupervisionAgreementSigned = "supervision.agreement_signed", Date, [Supervisor Person], [Agreements], ["window"], "当年协议签订日", "Agreement signed on";
    SupervisionAssessed = "supervision.assessed", Date, [Supervisor Person], [Assessments], ["window" "dims"], "当年考核完成日（四个维度齐全）", "Appraisal completed on";
    SupervisionTermYears = "supervision.term_years", Years, [Supervisor Person], [Agreements], [], "连续服务年限", "Unbroken years of service";
    SupervisorsCount = "supervisors.count", Count, [District], [Supervisors Qualifications], ["levels"], "督导人数（按级别）", "Supervisors";
    AllowanceDue = "allowance.due", Money, [Person Supervisor], [Supervisors Assessments Posts], ["month"], "当月应发津贴", "Allowance due for the month";
    AllowancePaid = "allowance.paid", Money, [Person Supervisor], [Payments], ["month"], "当月已发津贴", "Allowance paid for the month";
    TrainingDaysHeld = "training.days_held", Days, [District], [Trainings], ["focus" "mode" "period"], "举办集中培训天数", "Days of training held";
    TrainingVisitsHeld = "training.visits_held", Count, [District], [Trainings], ["period"], "外出参观见习次数", "Study visits held";
    TrainingKindsHeld = "training.kinds_held", Set, [District], [Trainings], ["period"], "已举办培训类别（岗前/督导/继续教育/实务/法规）", "Kinds of training held";
    TrainingDaysAttended = "training.days_attended", Days, [Person Supervisor], [Attendances], ["period"], "个人参训天数", "Days of training attended";
    TrainingShortStaff = "training.short_staff", Count, [Station SpecialStation Studio], [Posts Attendances], ["min" "period"], "参训天数不足的在岗人数", "Staff short of training days";
    BudgetDistrict = "budget.district", Money, [District], [Budgets], ["period" "uses"], "区级年度预算", "District budget of the year";
    FundsDistrictAllocated = "funds.district_allocated", Money, [Street], [Funds], ["period"], "区级拨付本街道", "Allocated by the district";
    FundsStreetMatch = "funds.street_match", Money, [Street], [Funds], ["period"], "街道配套到位", "Matched by the street";
    FundsStationPurchase = "funds.station_purchase", Money, [District Street], [Funds], ["period"], "购买站服务支出", "Spent on station services";
    FundsVenture = "funds.venture", Money, [District Street], [Funds], ["period"], "公益创投资金", "Venture-philanthropy funds";
    ProjectStaffTotal = "project.staff_total", Count, [Project], [ProjectStaff], [], "项目执行总人数（按人去重）", "People executing the project";
    ProjectStaffProfessional = "project.staff_professional", Count, [Project], [ProjectStaff Qualifications], [], "其中社会工作专业人才", "Professionals among them";
    ProjectLabourCost = "project.labour_cost", Money, [Project], [Expenditures], ["basis"], "人力成本", "Labour cost";
    ProjectFunds = "project.funds", Money, [Project], [Projects], [], "项目经费", "Project funds";
    Ratio = "ratio", Ratio, [], [], ["of" "to" "period" "empty" "basis"], "两个度量之比（精确整数比较）", "Ratio of two measures";
    HonoursCount = "honours.count", Count, [District], [Honours], ["kind" "honour" "levels"], "示范点等荣誉数", "Sites holding the honour";
    SchoolsServed = "schools.served", Count, [District], [SchoolServices], [], "有驻校社工的学校数", "Schools with a social worker";
    SchoolsCoverage = "schools.coverage", Ratio, [District], [Schools SchoolServices], [], "学校覆盖率", "Share of schools covered";
    CommunitiesStudioCoverage = "communities.studio_coverage", Ratio, [District], [Communities Units], [], "有社工室的社区占比", "Share of communities with a studio";
    AssessmentUnitsAssessed = "assessment.units_assessed", Ratio, [District], [Units Assessments], ["period"], "已年度考核单位占比", "Share of units assessed";
    AssessmentScore = "assessment.score", Number, [Station SpecialStation Studio], [Assessments], ["period"], "年度考核得分", "Assessment score";
    UniversityBases = "university.bases", Count, [Station SpecialStation District], [Partnerships], [], "高校实践基地数", "University practice bases";
    PublicityCount = "publicity.count", Count, [Station SpecialStation Studio District], [Publicity], ["period"], "媒体宣传数", "Publications";
    ContestsCount = "contests.count", Count, [District], [Contests], ["period"], "大比武次数", "Contests held";
    VerdictsPassing = "verdicts.passing", Count, [District Street], [Verdicts], ["rule" "kind"], "某条达标的下级单位数", "Units below that pass";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_measures_each_under_its_own_name() {
        assert_eq!(CATALOGUE.len(), 50);
        for e in CATALOGUE {
            assert_eq!(MeasureId::by_name(e.name), Some(e.id));
            assert_eq!(e.id.entry().name, e.name);
            assert!(!e.zh.is_empty() && !e.en.is_empty());
        }
        assert_eq!(MeasureId::by_name("staff.magic"), None);
    }
}
