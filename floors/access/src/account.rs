//! Accounts and the roles they hold over regions for a time.
use db::{record, words};
use kernel::{AccountId, Day, GrantId, Instant, PersonId, RegionId, SiteId};

words! {
    /// May the account sign in?
    pub enum AccountStatus { Active = "active", Suspended = "suspended" }
}

record! {
    /// A login. The password is kept as an Argon2id hash.
    pub struct Account in "account" {
        id: AccountId,
        login: String,
        name: String,
        person: Option<PersonId>,
        status: AccountStatus,
        hash: String,
        /// The next sign-in asks for a new password.
        must_change: bool,
        /// Rises when every session and token of the account must die.
        epoch: i64,
        at: Instant,
    }
}

impl Account {
    /// The account as the event log keeps it: no hash.
    pub fn without_hash(&self) -> Self {
        Self { hash: String::new(), ..self.clone() }
    }
}

words! {
    /// A hat. Which rights it brings is the matrix's business; over which rows, the grant's region.
    pub enum Role {
        /// 区民政局经办
        DistrictOfficer = "district_officer",
        /// 街道分管
        StreetOfficer = "street_officer",
        /// 站长
        StationHead = "station_head",
        /// 副站长
        DeputyHead = "deputy_head",
        /// 站社工
        Worker = "worker",
        /// 社工室社工
        StudioWorker = "studio_worker",
        /// 督导
        Supervisor = "supervisor",
        /// 承接机构管理
        OperatorManager = "operator_manager",
        /// 驻校社工
        SchoolWorker = "school_worker",
        /// 评估专家
        Evaluator = "evaluator",
        /// 审计管理员
        Auditor = "auditor",
        /// 系统管理员
        SystemAdmin = "system_admin",
        /// 安全管理员
        SecurityAdmin = "security_admin",
    }
}

impl Role {
    /// The three administrator roles of GB/T 22239: nobody holds two of them.
    pub const fn administers(self) -> bool {
        matches!(self, Self::Auditor | Self::SystemAdmin | Self::SecurityAdmin)
    }
}

record! {
    /// A role held over a region (and everything under it) or over one site, for a time.
    pub struct Grant in "role_grant" {
        id: GrantId,
        account: AccountId,
        role: Role,
        region: RegionId,
        site: Option<SiteId>,
        since: Day,
        until: Option<Day>,
    }
}

impl Grant {
    /// Is it held on this day?
    pub fn holds_on(&self, day: Day) -> bool {
        kernel::Period { from: self.since, to: self.until }.holds_on(day)
    }
}
