//! People and what they hold: certificates, titles, registrations, checks, working years. One row per person whatever their hats.
use db::{record, words};
use kernel::{Day, PersonId, RecordId, RegionId};

pub use crate::store::people::{
    all, by_external, by_id_number, find, qualifications_of, search, work_of,
};

words! {
    /// As the ID card says.
    pub enum Sex { Male = "male", Female = "female" }
}

record! {
    /// A natural person who works in the system. The ID number and phone are shown masked.
    pub struct Person in "person" {
        id: PersonId,
        /// The key in the bureau's own roster, by which a re-import finds the row.
        external_id: Option<String>,
        name: String,
        sex: Option<Sex>,
        birth: Option<Day>,
        id_number: Option<String>,
        phone: Option<String>,
        /// The region that keeps the person's file: who may see the person follows from it and from posts held.
        home: Option<RegionId>,
        note: Option<String>,
    }
}

words! {
    /// What a person can hold. Certificates are for life; registrations, checks and titles lapse.
    pub enum QualificationKind {
        /// 助理社会工作师
        Assistant = "sw_assistant",
        /// 社会工作师
        Intermediate = "sw",
        /// 高级社会工作师
        Senior = "sw_senior",
        /// 督导助理
        SupervisorAssistant = "supervisor_assistant",
        /// 社工督导
        Supervisor = "supervisor",
        /// 领军人才
        LeadingTalent = "leading_talent",
        /// 社会工作专业学历
        Degree = "sw_degree",
        /// 社会工作者登记, every three years
        Registration = "registration",
        /// 背景查询, every twelve months for work with minors (未成年人保护法 §62)
        BackgroundCheck = "background_check",
    }
}

words! {
    /// Who stands behind a title, a designation, a project.
    pub enum Level { Nation = "nation", Province = "province", City = "city", District = "district" }
}

record! {
    /// A certificate, title, registration or check a person holds for a time.
    pub struct Qualification in "qualification" {
        id: RecordId,
        external_id: Option<String>,
        person: PersonId,
        kind: QualificationKind,
        level: Option<Level>,
        number: Option<String>,
        issuer: Option<String>,
        since: Day,
        until: Option<Day>,
    }
}

impl QualificationKind {
    /// Is it one of the three certificates that make a social worker licensed (持证)?
    pub const fn licenses(self) -> bool {
        matches!(self, Self::Assistant | Self::Intermediate | Self::Senior)
    }
    /// Does it have a level behind it?
    pub const fn has_level(self) -> bool {
        matches!(self, Self::SupervisorAssistant | Self::Supervisor | Self::LeadingTalent)
    }
}

words! {
    /// The work whose years a rule counts.
    pub enum WorkKind {
        /// 社区工作 (4A.3-18)
        Community = "community",
        SocialWork = "social_work",
        Other = "other",
    }
}

record! {
    /// A stretch of earlier work.
    pub struct WorkHistory in "work_history" {
        id: RecordId,
        person: PersonId,
        kind: WorkKind,
        place: String,
        since: Day,
        until: Option<Day>,
    }
}

impl Person {
    /// The person as the event log keeps them: ID number and phone masked.
    pub fn masked(&self) -> Self {
        Self {
            id_number: self.id_number.as_deref().map(kernel::numbers::mask_id),
            phone: self.phone.as_deref().map(kernel::numbers::mask_phone),
            ..self.clone()
        }
    }
}
