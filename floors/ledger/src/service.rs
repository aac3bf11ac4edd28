//! The rows of the ledger.
use db::{record, words};
use kernel::{ClientId, Day, Instant, PersonId, RecordId, RegionId, ServiceId, SiteId};

words! {
    /// What was delivered.
    pub enum ServiceKind {
        /// 走访
        Visit = "visit",
        /// 个案服务 (a contact within a case)
        CaseContact = "case_contact",
        /// 小组节次
        GroupSession = "group_session",
        /// 社区活动
        Activity = "activity",
        /// 咨询
        Consultation = "consultation",
        /// 社区协商
        Deliberation = "deliberation",
        /// 驻校服务
        SchoolService = "school_service",
        /// 转介
        Referral = "referral",
    }
}

record! {
    /// One service delivered.
    pub struct Service in "service" {
        id: ServiceId,
        kind: ServiceKind,
        /// The table of the record it was written by, and the record: `visit`, `contact_note`, `group_session` …
        source: String,
        source_id: String,
        site: SiteId,
        region: RegionId,
        path: String,
        day: Day,
        /// `2026-11`
        month: String,
        /// From beginning to end, whoever took part.
        minutes: i64,
        /// 人次: attendances, named and unnamed.
        person_times: i64,
        /// Of them, people nobody noted by name.
        unnamed: i64,
        /// The project that counts it as its output.
        project: Option<String>,
        /// The need it answers.
        need: Option<String>,
        /// 社区照顾 `care`, 社区参与 `participation`, 社区融合 `inclusion` (4A.1-12); a service line of 4A.1-6; as the slice says.
        field: Option<String>,
        at: Instant,
        withdrawn: Option<Instant>,
    }
}

record! {
    /// Who delivered it, and how many minutes of theirs it took.
    pub struct ServiceWorker in "service_worker" {
        id: RecordId,
        service: ServiceId,
        person: PersonId,
        day: Day,
        minutes: i64,
    }
}

record! {
    /// Whom it was for.
    pub struct ServiceClient in "service_client" {
        id: RecordId,
        service: ServiceId,
        client: ClientId,
        day: Day,
    }
}

/// A service to be written into the ledger.
#[derive(Clone, Debug)]
pub struct NewService {
    pub kind: ServiceKind,
    /// The table of the record it is written by.
    pub source: &'static str,
    pub source_id: String,
    pub site: SiteId,
    pub region: RegionId,
    /// The region's path.
    pub path: String,
    pub day: Day,
    /// From beginning to end.
    pub minutes: i64,
    /// Each with the minutes of their own it took (travel and writing are not service; give the service's own minutes).
    pub workers: Vec<(PersonId, i64)>,
    /// Each once, however often they took part.
    pub clients: Vec<ClientId>,
    /// People present whom nobody noted by name.
    pub unnamed: i64,
    pub project: Option<String>,
    pub need: Option<String>,
    pub field: Option<String>,
}

words! {
    /// What time went to beside services.
    pub enum OtherKind {
        /// 街道行政性事务 (4B.1-7)
        Administrative = "administrative",
        /// 会议
        Meeting = "meeting",
        /// 文书
        Paperwork = "paperwork",
        /// 培训学习
        Training = "training",
        /// 路途
        Travel = "travel",
        /// 其他
        Other = "other",
    }
}

record! {
    /// Time that was no service.
    pub struct OtherTime in "other_time" {
        id: RecordId,
        person: PersonId,
        site: SiteId,
        path: String,
        kind: OtherKind,
        day: Day,
        minutes: i64,
        /// What it was, in words.
        what: String,
        /// Who asked for it, when it was administrative.
        asked_by: Option<String>,
        /// It stands in a service plan, contract or assessment as if it were a service, which 4B.1-7 forbids.
        listed: bool,
        at: Instant,
    }
}
