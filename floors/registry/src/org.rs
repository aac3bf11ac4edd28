//! Bodies: the bureau, street offices, operating agencies, community organisations, schools, partners.
use db::{record, words};
use kernel::{Day, OrgId, RegionId};

pub use crate::store::org::{all, find, insert, update};

words! {
    /// What a body is to the stations.
    pub enum OrgKind {
        /// 主管部门: today the civil affairs bureau; the role, not the name, is what rules ask.
        Authority = "authority",
        StreetOffice = "street_office",
        /// 承接机构: runs a station under contract.
        Operator = "operator",
        CommunityOrg = "community_org",
        School = "school",
        Partner = "partner",
    }
}

record! {
    /// A body.
    pub struct Org in "org" {
        id: OrgId,
        kind: OrgKind,
        name: String,
        /// 统一社会信用代码; a filed but unregistered community organisation has none.
        uscc: Option<String>,
        region: RegionId,
        since: Day,
        until: Option<Day>,
    }
}
