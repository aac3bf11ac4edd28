//! The two light registers: neighbours' activities, resident leaders and what they learnt and did.
use db::{Sealed, record, words};
use kernel::{Day, Instant, PersonId, RecordId, RegionId, SiteId};

words! {
    /// 两邻文化: 与邻为善、以邻为伴.
    pub enum NeighbourKind {
        /// 邻里节
        Festival = "festival",
        /// 百家宴、长桌宴
        SharedTable = "shared_table",
        /// 邻里互助
        MutualHelp = "mutual_help",
        /// 邻里课堂
        Lesson = "lesson",
        /// 楼道文化
        Stairwell = "stairwell",
        /// 邻里调解
        Mediation = "mediation",
        Other = "other",
    }
}

record! {
    /// A two-neighbours activity, in the light register; it is a service of the ledger.
    pub struct NeighbourActivity in "neighbour_activity" {
        id: RecordId,
        title: String,
        kind: NeighbourKind,
        site: SiteId,
        region: RegionId,
        path: String,
        worker: PersonId,
        day: Day,
        place: String,
        minutes: i64,
        /// People who came; nobody notes them by name.
        persons: i64,
        note: Option<String>,
        withdrawn: Option<Instant>,
        at: Instant,
    }
}

words! {
    /// What a resident leader is to the community.
    pub enum LeaderRole {
        /// 楼道长、单元长
        Stairwell = "stairwell",
        /// 居民代表
        Representative = "representative",
        /// 议事员
        Deliberator = "deliberator",
        /// 社区社会组织负责人
        OrgHead = "org_head",
        /// 志愿队长
        VolunteerHead = "volunteer_head",
        /// 调解员
        Mediator = "mediator",
        Other = "other",
    }
}

record! {
    /// A resident leader (骨干). The phone is sealed at `resident_leader.phone` for the leader's id.
    pub struct Leader in "resident_leader" {
        id: RecordId,
        site: SiteId,
        region: RegionId,
        path: String,
        name: String,
        phone: Option<Sealed>,
        role: LeaderRole,
        group_led: Option<String>,
        since: Day,
        until: Option<Day>,
        at: Instant,
    }
}

words! {
    /// What a leader learnt, and what they did.
    pub enum DeedKind { Training = "training", Project = "project" }
}

record! {
    pub struct Deed in "leader_deed" {
        id: RecordId,
        leader: RecordId,
        kind: DeedKind,
        what: String,
        day: Day,
        hours: i64,
        at: Instant,
    }
}
