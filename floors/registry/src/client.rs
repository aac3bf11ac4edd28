//! Residents served (服务对象) and who looks after them. What identifies a resident lies sealed; who may see which resident is decided by
//! `access::care` alone, so nothing above this floor loads a client but through it.
use db::{Sealed, record, words};
use kernel::{AccountId, AssignmentId, ClientId, Day, HouseholdId, PersonId, RegionId, SiteId};

use crate::people::Sex;
pub use crate::store::client::{
    assignments_of, find_unguarded, household, keepers, next_number, set_grade,
};

words! {
    /// 风险等级 红橙黄绿 (DOMAIN §2.4).
    pub enum RiskGrade { Critical = "critical", High = "high", Medium = "medium", Low = "low" }
}

words! {
    /// Is the file in use? A merged file leads to the one that lives on.
    pub enum ClientState { Active = "active", Ended = "ended", Merged = "merged" }
}

record! {
    /// People who live together, at one address.
    pub struct Household in "household" {
        id: HouseholdId,
        region: RegionId,
        /// The region's path, for scope.
        path: String,
        /// Estate, building and entrance as one walks to them, such as `桂语苑 3 幢 2 单元`; without the door's number.
        building: Option<String>,
        /// The door's number; sealed for the household (`household.door`).
        door: Option<Sealed>,
        since: Day,
        until: Option<Day>,
    }
}

record! {
    /// A resident served. Sealed columns are sealed for the client's id, at `client.COLUMN`, under the client's id.
    pub struct Client in "client" {
        id: ClientId,
        /// The short number people say: 服务对象 128.
        number: i64,
        /// The key in the roster the client came from, by which a re-import finds the row.
        external_id: Option<String>,
        name: String,
        sex: Option<Sex>,
        birth: Option<Day>,
        id_number: Option<Sealed>,
        /// Blind index of the whole ID number.
        id_index: Option<String>,
        /// Blind index of its last four signs.
        id_tail: Option<String>,
        phone: Option<Sealed>,
        phone_index: Option<String>,
        phone_tail: Option<String>,
        /// The community where the client lives.
        region: RegionId,
        path: String,
        /// The site that serves the client.
        site: Option<SiteId>,
        household: Option<HouseholdId>,
        /// 家暴, 未保 and the like: absent from search and lists but for those assigned; counts stay right.
        restricted: bool,
        grade: RiskGrade,
        state: ClientState,
        merged_into: Option<ClientId>,
        since: Day,
        ended_on: Option<Day>,
        /// Why the file was ended: a word of the slice that ends it.
        ended_why: Option<String>,
    }
}

impl Client {
    /// Under eighteen on this day (未成年人). Unknown birth is taken for grown up.
    pub fn minor_on(&self, day: Day) -> bool {
        self.birth.is_some_and(|b| b.years_until(day) < 18)
    }
    /// How lists name somebody whose name the viewer need not know.
    pub fn pseudonym(&self) -> String {
        format!("案主{}", self.number)
    }
}

words! {
    /// How somebody stands to a client.
    pub enum AssignmentKind {
        /// 主责社工
        Worker = "worker",
        /// 协同社工
        CoWorker = "co_worker",
        /// 个案督导, who reads under a pseudonym
        Supervisor = "supervisor",
    }
}

record! {
    /// The approved assignment of a client to somebody (未成年人网络保护条例 §36): the ground on which a file is opened.
    pub struct Assignment in "assignment" {
        id: AssignmentId,
        client: ClientId,
        person: PersonId,
        kind: AssignmentKind,
        since: Day,
        until: Option<Day>,
        approved_by: AccountId,
    }
}

record! {
    /// 回避: this person never sees this client's file, whatever else holds.
    pub struct Avoidance in "avoidance" {
        id: kernel::RecordId,
        client: ClientId,
        person: PersonId,
        reason: String,
        since: Day,
    }
}
