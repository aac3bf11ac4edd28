//! Sites (站点/站室) and the posts people hold at them: which every slice points to. How a site is named, run and furnished is the sites' slice's.
//!
//! All stretches are half-open: `until` is the first day on which the record no longer holds.
use db::{record, words};
use kernel::{Day, PersonId, RecordId, RegionId, SiteId};

pub use crate::store::site::{colleagues, find, of_person, serving, staff, under};

words! {
    /// What kind of site (4A.1).
    pub enum SiteKind {
        /// 街道社会工作站
        Station = "station",
        /// 专项工作站, under a station (4A.1-3)
        SpecialStation = "special_station",
        /// 社区社会工作室
        Studio = "studio",
    }
}

words! {
    /// What a studio is named for (4A.2-17).
    pub enum NamingBasis { Person = "person", Field = "field", Specialty = "specialty" }
}

words! {
    /// Where a site has its premises (4A.2-2, 4A.2-13, 4A.1-8).
    pub enum Host {
        /// 党群服务中心
        PartyService = "party_service",
        /// 社会组织服务中心
        OrgService = "org_service",
        /// 社区居委会
        Committee = "committee",
        /// 司法工作站
        Justice = "justice",
        /// 未成年人保护站
        MinorProtection = "minor_protection",
        Other = "other",
    }
}

record! {
    /// A station, special station or studio (站点/站室).
    pub struct Site in "site" {
        id: SiteId,
        /// The key in the bureau's list, by which a re-import finds the row.
        code: String,
        kind: SiteKind,
        /// The name now; earlier ones are [`SiteName`]s.
        name: String,
        /// Since when it bears the name; missing: since it opened.
        named: Option<Day>,
        /// The street of a station, the community or village of a studio.
        region: RegionId,
        /// The station of a special station or studio.
        parent: Option<SiteId>,
        basis: Option<NamingBasis>,
        /// What stands before 社会工作室 in a studio's name.
        label: Option<String>,
        address: Option<String>,
        host: Option<Host>,
        /// Square metres.
        area: Option<i64>,
        phone: Option<String>,
        since: Day,
        until: Option<Day>,
    }
}

words! {
    /// What a person is at a site.
    pub enum PostRole {
        Head = "head",
        Deputy = "deputy",
        Worker = "worker",
        Supervisor = "supervisor",
        Volunteer = "volunteer",
        Intern = "intern",
        Other = "other",
    }
}

words! {
    /// 专职 or 兼职.
    pub enum Employment { FullTime = "full_time", PartTime = "part_time" }
}

words! {
    /// Who the holder of a post is besides.
    pub enum Affiliation {
        /// 街道公共服务办公室负责人 (4A.3-8)
        ServiceOfficeChief = "street_public_service_office_chief",
        /// 承接机构负责人 (4A.3-11)
        OperatorDirector = "operator_director",
        /// 承接机构项目主管 (4A.3-11)
        OperatorProjectLead = "operator_project_lead",
        Other = "other",
    }
}

words! {
    /// The pay grade recorded (4A.3-7, 4A.3-10).
    pub enum Grade { Chief = "community_worker_chief", Deputy = "community_worker_deputy", Other = "other" }
}

record! {
    /// A post held at a site.
    pub struct Post in "post" {
        id: RecordId,
        external_id: Option<String>,
        site: SiteId,
        person: PersonId,
        role: PostRole,
        employment: Employment,
        affiliation: Option<Affiliation>,
        grade: Option<Grade>,
        duty: Option<String>,
        since: Day,
        until: Option<Day>,
    }
}

impl PostRole {
    /// On the roster, never counted as staff.
    pub const fn unpaid(self) -> bool {
        matches!(self, Self::Volunteer | Self::Intern)
    }
}

impl Site {
    /// The days of the site.
    pub const fn period(&self) -> kernel::Period {
        kernel::Period { from: self.since, to: self.until }
    }
    /// Since when it bears its present name.
    pub fn named_since(&self) -> Day {
        self.named.unwrap_or(self.since)
    }
    /// The name as people say it in a list: 岚渚街道社工站, 岚砚渡社区七彩社工室. The whole name where it follows no pattern.
    pub fn short(&self) -> String {
        short(&self.name).unwrap_or_else(|| self.name.clone())
    }
}

/// What of an official name (4A.2-10, 4A.2-18) tells sites of one district apart.
fn short(name: &str) -> Option<String> {
    if let Some(street) = name.strip_suffix("社会工作站") {
        let street = street.rsplit_once('区').map_or(street, |(_, s)| s);
        return street.ends_with("街道").then(|| format!("{street}社工站"));
    }
    let (place, label) = name.strip_suffix("社会工作室")?.split_once('（')?.1.split_once('）')?;
    Some(format!("{place}{label}社工室"))
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_short_name_keeps_what_tells_sites_apart() {
        let said = |name| short(name).unwrap_or_default();
        assert_eq!(said("云海市云汀示范区岚渚街道社会工作站"), "岚渚街道社工站");
        assert_eq!(said("云汀示范区岚渚街道（岚砚渡社区）七彩社会工作室"), "岚砚渡社区七彩社工室");
        assert_eq!(short("岚渚街道儿童工作站"), None, "a name of another pattern is said whole");
        assert_eq!(short("社会工作室"), None);
    }
}
