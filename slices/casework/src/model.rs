//! Nouns and what they refuse. Pure.
//!
//! [`stage`] is the state machine with its gates, [`clock`] what is due when, [`gas`] how goals are scored, [`report`] the duty to report
//! harm to a minor; here are the rows.
pub mod clock;
pub mod gas;
pub mod report;
pub mod stage;

use db::{Sealed, record, words};
use kernel::{AccountId, CaseId, ClientId, Day, Instant, PersonId, RecordId, RegionId, SiteId};
use registry::client::RiskGrade;

pub use stage::{ClosureReason, Stage};

words! {
    /// How far the help goes.
    pub enum CaseKind {
        /// 一般个案
        General = "general",
        /// 辅导/咨询个案
        Counselling = "counselling",
        /// 个案管理, several bodies together
        Management = "management",
    }
}

words! {
    /// Where a case came from.
    pub enum CaseSource {
        /// 自行求助
        Self_ = "self",
        Family = "family",
        Community = "community",
        School = "school",
        Referral = "referral",
        Visit = "visit",
        /// 强制报告
        Report = "report",
        Hotline = "hotline",
    }
}

record! {
    /// A case (个案). Its stage is the latest [`CaseStage`]; narrative lies sealed for the client in the rows around it.
    pub struct Case in "case_file" {
        id: CaseId,
        year: i64,
        /// Counts from 1 within the year.
        serial: i64,
        client: ClientId,
        site: SiteId,
        region: RegionId,
        path: String,
        kind: CaseKind,
        source: CaseSource,
        /// The record it came from, such as `visit:ID`.
        origin: Option<String>,
        stage: Stage,
        /// Since when it stands at this stage.
        stage_on: Day,
        opened_on: Day,
        closed_on: Option<Day>,
        reason: Option<ClosureReason>,
        /// When the plan is to be looked at again, as the plan says.
        review_on: Option<Day>,
        /// Since when a crisis plan is owed; older plans do not answer it.
        crisis_at: Option<Instant>,
        /// Until when the closed file is kept.
        keep_until: Option<Day>,
    }
}

impl Case {
    /// `2026-031`, as people say it after 个案.
    pub fn number(&self) -> String {
        format!("{}-{:03}", self.year, self.serial)
    }
}

record! {
    /// A case came to a stage: by whom, when and why.
    pub struct CaseStage in "case_stage" {
        id: RecordId,
        case_file: CaseId,
        stage: Stage,
        on_day: Day,
        at: Instant,
        by_account: AccountId,
        by_name: String,
        /// A word of [`ClosureReason`] or of the intake's decision.
        reason: Option<String>,
        words: Option<Sealed>,
    }
}

words! {
    /// What somebody else has to agree to.
    pub enum RequestKind {
        /// 开案
        Opening = "opening",
        /// 结案
        Closure = "closure",
        /// 移交
        Transfer = "transfer",
        /// 降低风险等级
        LowerRisk = "lower_risk",
    }
}

words! {
    /// What became of a request.
    pub enum Outcome { Approved = "approved", Returned = "returned", Declined = "declined" }
}

record! {
    /// A request that waits for somebody else, or waited.
    pub struct CaseRequest in "case_request" {
        id: RecordId,
        case_file: CaseId,
        kind: RequestKind,
        path: String,
        asked_by: AccountId,
        asked_name: String,
        at: Instant,
        /// Who is to take the case over.
        to_person: Option<PersonId>,
        grade: Option<RiskGrade>,
        words: Option<Sealed>,
        decided_by: Option<AccountId>,
        decided_name: Option<String>,
        decided_at: Option<Instant>,
        outcome: Option<Outcome>,
        remark: Option<Sealed>,
        /// When the new worker took it over.
        accepted_at: Option<Instant>,
    }
}

words! {
    /// How people met.
    pub enum ContactMode {
        /// 站内面谈
        Face = "face",
        /// 家访
        Home = "home",
        Phone = "phone",
        Online = "online",
        /// 陪同
        Accompany = "accompany",
        /// 会议
        Conference = "conference",
    }
}

words! {
    /// Was a note written in time (24 hours; after 72 it is late)?
    pub enum Lateness { InTime = "in_time", After24 = "after_24", After72 = "after_72" }
}

impl Lateness {
    /// Of a note about a contact that ended then.
    pub const fn of(ended: Instant, written: Instant) -> Self {
        let hours = (written.0 - ended.0) / 3_600_000;
        if hours >= 72 {
            Self::After72
        } else if hours >= 24 {
            Self::After24
        } else {
            Self::InTime
        }
    }
}

words! {
    /// What a contact did for a goal.
    pub enum Progress { None = "none", Some = "some", Reached = "reached", Back = "back" }
}

record! {
    /// A contact within a case (过程记录): facts and analysis apart.
    pub struct ContactNote in "contact_note" {
        id: RecordId,
        case_file: CaseId,
        /// Which contact of the case, from 1.
        serial: i64,
        day: Day,
        /// `15:30`
        start: Option<String>,
        minutes: i64,
        mode: ContactMode,
        place: Option<Sealed>,
        facts: Sealed,
        analysis: Option<Sealed>,
        actions: Option<Sealed>,
        /// `{goal id: progress}`
        goals: serde_json::Value,
        /// The grade the worker came to, when it changed.
        grade: Option<RiskGrade>,
        next_on: Option<Day>,
        next_step: Option<Sealed>,
        late: Lateness,
        at: Instant,
        by_account: AccountId,
        by_person: PersonId,
        by_name: String,
        amended_at: Option<Instant>,
    }
}

record! {
    /// A need the assessment found.
    pub struct CaseNeed in "case_need" {
        id: RecordId,
        case_file: CaseId,
        /// In order of weight, from 1.
        place: i64,
        words: Sealed,
        since: Day,
        until: Option<Day>,
    }
}

record! {
    /// A goal of the plan, scored −2 to +2 (GAS).
    pub struct CaseGoal in "case_goal" {
        id: RecordId,
        case_file: CaseId,
        need: Option<RecordId>,
        statement: Sealed,
        indicator: Option<Sealed>,
        due: Option<Day>,
        weight: i64,
        level: Option<i64>,
        levelled_on: Option<Day>,
        since: Day,
        until: Option<Day>,
    }
}

record! {
    /// Something somebody does for a goal.
    pub struct CaseTask in "case_task" {
        id: RecordId,
        case_file: CaseId,
        goal: Option<RecordId>,
        what: Sealed,
        owner: Option<PersonId>,
        /// Who does it, when it is nobody of the house.
        owner_words: Option<Sealed>,
        due: Option<Day>,
        since: Day,
        done_on: Option<Day>,
    }
}

words! {
    /// What a supervisor says of a record.
    pub enum ReviewVerdict { Seen = "seen", Advice = "advice", Returned = "returned" }
}

record! {
    /// A supervisor's view of one record of the case (个案督导意见).
    pub struct CaseReview in "case_review" {
        id: RecordId,
        case_file: CaseId,
        /// `contact_note` or `form_answer`
        about: String,
        about_id: String,
        verdict: ReviewVerdict,
        words: Option<Sealed>,
        at: Instant,
        by_account: AccountId,
        by_name: String,
        answer: Option<Sealed>,
        answered_at: Option<Instant>,
    }
}

record! {
    /// What a closed file was: the hash over its content.
    pub struct CaseFreeze in "case_freeze" {
        id: RecordId,
        case_file: CaseId,
        hash: String,
        /// How many records the hash covers.
        parts: i64,
        at: Instant,
        by_name: String,
    }
}

record! {
    /// What was added to a closed file.
    pub struct CaseAddendum in "case_addendum" {
        id: RecordId,
        case_file: CaseId,
        words: Sealed,
        at: Instant,
        by_account: AccountId,
        by_name: String,
    }
}

/// How dangerous a grade is: critical 3 … low 0.
pub const fn weight_of(grade: RiskGrade) -> u8 {
    match grade {
        RiskGrade::Critical => 3,
        RiskGrade::High => 2,
        RiskGrade::Medium => 1,
        RiskGrade::Low => 0,
    }
}

/// Until when a file closed on a day is kept: ten years, and of somebody under age at least until the 28th birthday.
pub fn keep_until(closed: Day, birth: Option<Day>) -> Day {
    let ten = closed.plus_years(10);
    match birth {
        Some(b) if b.years_until(closed) < 18 => ten.max(b.plus_years(28)),
        _ => ten,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn files_are_kept_ten_years_and_of_minors_until_28() {
        assert_eq!(keep_until(day("2026-11-23"), Some(day("1948-03-05"))), day("2036-11-23"));
        assert_eq!(keep_until(day("2026-11-23"), Some(day("2016-05-01"))), day("2044-05-01"));
        assert_eq!(keep_until(day("2026-11-23"), Some(day("2009-05-01"))), day("2037-05-01"));
        assert_eq!(keep_until(day("2026-11-23"), None), day("2036-11-23"));
    }

    #[test]
    fn a_note_is_late_after_a_day_and_very_late_after_three() {
        let end = Instant(1_000_000);
        let after = |h: i64| Lateness::of(end, end.plus_millis(h * 3_600_000));
        assert_eq!(
            (after(23), after(24), after(71), after(72)),
            (Lateness::InTime, Lateness::After24, Lateness::After24, Lateness::After72)
        );
    }
}
