//! The nouns of a site: what it is, what it has and for which days. Pure.
//!
//! All stretches are half-open: `until` is the first day on which the record no longer holds.
use db::{record, words};
use kernel::{Day, EvidenceId, FileId, Instant, OrgId, RecordId, SiteId};
use registry::people::Level;
pub use registry::site::{
    Affiliation, Employment, Grade, Host, NamingBasis, Post, PostRole, Site, SiteKind,
};

record! {
    /// A name a site bore earlier.
    pub struct SiteName in "site_name" {
        id: RecordId,
        site: SiteId,
        name: String,
        since: Day,
        until: Day,
    }
}

words! {
    /// Who runs the site (4A.3-7, 4A.3-8).
    pub enum Mode { SelfRun = "self_run", ThirdParty = "third_party" }
}

record! {
    /// How a site is run for a time.
    pub struct Operation in "operation" {
        id: RecordId,
        site: SiteId,
        mode: Mode,
        operator: Option<OrgId>,
        contract: Option<String>,
        since: Day,
        until: Option<Day>,
    }
}

record! {
    /// A room with the functions it carries (提倡一室多用, 4A.2-5).
    pub struct Room in "room" {
        id: RecordId,
        site: SiteId,
        name: String,
        /// Of `worker`, `case`, `group`, `multi`, `archive`, `other`, joined with commas.
        functions: String,
        /// Square metres.
        area: Option<i64>,
        since: Day,
        until: Option<Day>,
    }
}

words! {
    /// A window, display block, plaque or poster (4A.2-7 … 4A.2-16).
    pub enum FacilityKind {
        Window = "window",
        Reception = "reception",
        ShowServices = "show_services",
        ShowList = "show_list",
        ShowMinors = "show_minors",
        ShowRelief = "show_relief",
        ShowCharity = "show_charity",
        ShowIncubation = "show_incubation",
        Logo = "logo",
        WallSign = "wall_sign",
        Concept = "concept",
        Process = "process",
        Duties = "duties",
        News = "news",
        Other = "other",
    }
}

record! {
    /// A sign or display of a site.
    pub struct Facility in "facility" {
        id: RecordId,
        site: SiteId,
        kind: FacilityKind,
        name: Option<String>,
        place: Option<String>,
        since: Day,
        until: Option<Day>,
    }
}

words! {
    /// What a document of a site is.
    pub enum DocClass { ManagementRule = "management_rule", Plan = "plan", Other = "other" }
}

words! {
    /// What a management rule is about (4A.2-6).
    pub enum DocKind {
        Post = "post",
        Finance = "finance",
        Training = "training",
        Volunteer = "volunteer",
        Archive = "archive",
        Other = "other",
    }
}

record! {
    /// A rule document or plan in force for a time; its next version is another record.
    pub struct RuleDoc in "rule_doc" {
        id: RecordId,
        site: SiteId,
        class: DocClass,
        kind: DocKind,
        title: String,
        version: Option<String>,
        /// Who signed it.
        signer: Option<String>,
        since: Day,
        until: Option<Day>,
    }
}

words! {
    /// What a site was named (2-5, 5.1-3).
    pub enum Honour {
        /// 示范点
        Demonstration = "demonstration",
        /// 星级
        Star = "star",
        /// 百强
        Top100 = "top100",
        /// 样板
        Model = "model",
        Other = "other",
    }
}

record! {
    /// A designation or recognition of a site.
    pub struct Designation in "designation" {
        id: RecordId,
        site: SiteId,
        honour: Honour,
        level: Level,
        year: Option<i64>,
        /// The number of the document that says so.
        doc_no: Option<String>,
        note: Option<String>,
        since: Day,
        until: Option<Day>,
    }
}

record! {
    /// Somebody said that a register of a site is complete though it holds nothing: silence is not zero.
    pub struct RegisterReport in "register_report" {
        id: RecordId,
        site: SiteId,
        register: String,
        since: Day,
    }
}

words! {
    /// What a reviewer found.
    pub enum Outcome { Accepted = "accepted", Returned = "returned" }
}

record! {
    /// A photo or document that proves a record of a site, with its review. The reviewer is never the uploader.
    pub struct Evidence in "evidence" {
        id: EvidenceId,
        site: SiteId,
        /// The table of the record it proves: `room`, `facility`, `site` …
        subject: String,
        record: String,
        file: FileId,
        /// The day of the photo, or of the upload when the camera says none.
        taken: Day,
        note: Option<String>,
        by_account: String,
        at: Instant,
        outcome: Option<Outcome>,
        reason: Option<String>,
        reviewer: Option<String>,
        reviewed_at: Option<Instant>,
    }
}

/// Evidence older than so many months proves nothing any more.
pub const EVIDENCE_MONTHS: i32 = 12;

words! {
    /// Where a piece of evidence stands.
    pub enum EvidenceState { Waiting = "waiting", Accepted = "accepted", Returned = "returned", Stale = "stale" }
}

impl Evidence {
    /// Where it stands on a day.
    pub fn state(&self, today: Day) -> EvidenceState {
        match self.outcome {
            None => EvidenceState::Waiting,
            Some(Outcome::Returned) => EvidenceState::Returned,
            Some(Outcome::Accepted) if self.taken.plus_months(EVIDENCE_MONTHS) <= today => {
                EvidenceState::Stale
            }
            Some(Outcome::Accepted) => EvidenceState::Accepted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_of_a_year_ago_is_stale() {
        let mut e = Evidence {
            id: "e".into(),
            site: "s".into(),
            subject: "room".into(),
            record: "r".into(),
            file: "f".into(),
            taken: "2025-11-23".parse().unwrap(),
            note: None,
            by_account: "a".into(),
            at: Instant(0),
            outcome: None,
            reason: None,
            reviewer: None,
            reviewed_at: None,
        };
        assert_eq!(e.state("2026-11-23".parse().unwrap()), EvidenceState::Waiting);
        e.outcome = Some(Outcome::Accepted);
        assert_eq!(e.state("2026-11-22".parse().unwrap()), EvidenceState::Accepted);
        assert_eq!(e.state("2026-11-23".parse().unwrap()), EvidenceState::Stale);
        e.outcome = Some(Outcome::Returned);
        assert_eq!(e.state("2026-11-23".parse().unwrap()), EvidenceState::Returned);
    }
}
