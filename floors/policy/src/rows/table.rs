//! The tables of facts and the kinds of unit that rules can be asked of, by name.
use serde::{Deserialize, Serialize};

macro_rules! tables {
    ($($name:ident = $text:literal, $record:literal, $zh:literal;)+) => {
        /// A table of facts, by the name the measure catalogue uses.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[repr(u8)]
        pub enum Table { $(#[doc = $zh] $name),+ }
        impl Table {
            /// Every table, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// Its name in packs and reports, such as `posts`.
            pub const fn name(self) -> &'static str { match self { $(Self::$name => $text),+ } }
            /// The kind of one of its records, such as `post`.
            pub const fn record(self) -> &'static str { match self { $(Self::$name => $record),+ } }
            /// What people call its records.
            pub const fn zh(self) -> &'static str { match self { $(Self::$name => $zh),+ } }
            /// The table of this name.
            pub fn by_name(name: &str) -> Option<Self> { match name { $($text => Some(Self::$name),)+ _ => None } }
        }
    };
}
tables! {
    Units = "units", "unit", "单位";
    Modes = "modes", "mode", "运营方式";
    Posts = "posts", "post", "任职";
    Qualifications = "qualifications", "qualification", "资格证书";
    WorkHistory = "work_history", "work_history", "工作经历";
    Rooms = "rooms", "room", "功能室";
    Facilities = "facilities", "facility", "设施与标牌";
    Documents = "documents", "document", "制度文件";
    Lists = "lists", "list", "清单";
    Brands = "brands", "brand", "品牌";
    Projects = "projects", "project", "项目";
    ProjectStages = "project_stages", "project_stage", "项目阶段";
    ProjectPartners = "project_partners", "project_partner", "联动力量";
    ProjectStaff = "project_staff", "project_staff", "项目人员";
    Expenditures = "expenditures", "expenditure", "项目支出";
    Services = "services", "service", "服务";
    Worklogs = "worklogs", "worklog", "工作日志";
    FeatureCases = "feature_cases", "feature_case", "特色案例";
    Supervisors = "supervisors", "supervisor", "督导";
    SupervisionLinks = "supervision_links", "supervision_link", "督导联系";
    Agreements = "agreements", "agreement", "督导协议";
    Assessments = "assessments", "assessment", "考核";
    Payments = "payments", "payment", "津贴发放";
    Trainings = "trainings", "training", "培训";
    Attendances = "attendances", "attendance", "参训";
    Budgets = "budgets", "budget", "预算";
    Funds = "funds", "fund", "资金";
    Honours = "honours", "honour", "荣誉";
    SchoolServices = "school_services", "school_service", "驻校服务";
    Schools = "schools", "school", "学校";
    Communities = "communities", "community", "社区";
    Partnerships = "partnerships", "partnership", "合作基地";
    Publicity = "publicity", "publicity", "媒体宣传";
    Contests = "contests", "contest", "大比武";
    Verdicts = "verdicts", "verdict", "结论";
    Appraisals = "appraisals", "assessment", "督导考核";
    Teams = "teams", "supervisor", "导师团队";
}

/// What a rule can be asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum UnitKind {
    /// 区
    District,
    /// 街道
    Street,
    /// 社区（村）
    Community,
    /// 街道社会工作站
    Station,
    /// 专项工作站
    SpecialStation,
    /// 社区社会工作室
    Studio,
    /// 项目
    Project,
    /// 督导（以人为对象）
    Supervisor,
    /// 人员
    Person,
    /// 学校
    School,
}
impl UnitKind {
    /// Every kind, upper units first.
    pub const ALL: [Self; 10] = [
        Self::District,
        Self::Street,
        Self::Community,
        Self::Station,
        Self::SpecialStation,
        Self::Studio,
        Self::Project,
        Self::Supervisor,
        Self::Person,
        Self::School,
    ];
    /// Its name in packs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Street => "street",
            Self::Community => "community",
            Self::Station => "station",
            Self::SpecialStation => "special_station",
            Self::Studio => "studio",
            Self::Project => "project",
            Self::Supervisor => "supervisor",
            Self::Person => "person",
            Self::School => "school",
        }
    }
    /// The kind of this name; a bureau is asked as its district.
    pub fn by_name(name: &str) -> Option<Self> {
        if name == "district_bureau" {
            return Some(Self::District);
        }
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
    /// Is the subject a person rather than a place, a body or a project?
    pub const fn is_person(self) -> bool {
        matches!(self, Self::Supervisor | Self::Person)
    }
}
