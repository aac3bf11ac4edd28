//! Nouns of group work and what they refuse. Pure.
//!
//! Vocabulary and phases are those of MZ/T 095; [`figures`] counts persons, person-times and rates.
pub mod figures;

use db::{Sealed, record, words};
use kernel::{
    AccountId, ClientId, Day, GroupId, Instant, PersonId, RecordId, Refusals, RegionId, SiteId,
};
use serde::{Deserialize, Serialize};

words! {
    /// What a group is for.
    pub enum GroupKind {
        /// 教育小组
        Educational = "educational",
        /// 成长小组
        Growth = "growth",
        /// 支持小组
        Support = "support",
        /// 治疗小组
        Therapeutic = "therapeutic",
        /// 互助（自助）小组
        MutualAid = "mutual_aid",
        /// 兴趣（任务）小组
        Interest = "interest",
    }
}
words! {
    /// Whether members may join on the way.
    pub enum Openness { Closed = "closed", SemiOpen = "semi_open", Open = "open" }
}
words! {
    /// 工作模式
    pub enum Model {
        /// 社会目标模式
        SocialGoals = "social_goals",
        /// 互动模式
        Interaction = "interaction",
        /// 发展模式
        Development = "development",
        /// 治疗模式
        Treatment = "treatment",
    }
}
words! {
    /// The phases of MZ/T 095 in their order, and the end of the file. Each begins once, by somebody, on a day.
    pub enum Phase {
        /// 筹备期
        Preparing = "preparing",
        /// 形成期
        Forming = "forming",
        /// 转折期
        Transition = "transition",
        /// 成熟期
        Working = "working",
        /// 结束期
        Ending = "ending",
        /// 已结束
        Closed = "closed",
    }
}
words! {
    /// Who leads.
    pub enum WorkerRole { Lead = "lead", Co = "co" }
}
words! {
    /// What happened to the plan.
    pub enum ReviewStep { Submitted = "submitted", Approved = "approved", Returned = "returned" }
}
words! {
    /// 筛选结果
    pub enum Screening { Waiting = "waiting", Accepted = "accepted", Declined = "declined" }
}
words! {
    /// 出席情况. Late and early leavers attended; only the absent did not.
    pub enum Mark { Present = "present", Late = "late", LeftEarly = "left_early", Absent = "absent" }
}

impl Mark {
    /// Was the member there?
    pub const fn attended(self) -> bool {
        !matches!(self, Self::Absent)
    }
}
impl Phase {
    /// The phase after this one; the last has none.
    pub fn next(self) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| *p > self)
    }
    /// Has the group begun and not been closed?
    pub fn runs(self) -> bool {
        self != Self::Preparing && self != Self::Closed
    }
}

record! {
    /// A group (小组). Goals, criteria and expected difficulties speak of people's needs and are sealed for the group.
    pub struct Group in "group_work" {
        id: GroupId,
        name: String,
        kind: GroupKind,
        openness: Openness,
        model: Option<Model>,
        theory: Option<String>,
        /// Whom it is for.
        target: String,
        goals: Sealed,
        /// Who can join.
        criteria: Option<Sealed>,
        /// Expected difficulties and the answers to them.
        risks: Option<Sealed>,
        /// How it will be evaluated.
        evaluation: Option<String>,
        /// Members expected.
        size: i64,
        /// Sessions planned.
        planned: i64,
        starts: Option<Day>,
        place: Option<String>,
        /// The scale answered before and after (a form's id).
        scale: Option<String>,
        site: SiteId,
        region: RegionId,
        path: String,
        by_account: AccountId,
        at: Instant,
    }
}
record! {
    /// Who leads the group, for a time.
    pub struct Worker in "group_worker" {
        id: RecordId,
        group_id: GroupId,
        person: PersonId,
        role: WorkerRole,
        since: Day,
        until: Option<Day>,
    }
}
record! {
    /// A phase that began.
    pub struct PhaseBegun in "group_phase" {
        id: RecordId,
        group_id: GroupId,
        phase: Phase,
        day: Day,
        by_account: AccountId,
        by_name: String,
        at: Instant,
    }
}
record! {
    /// The plan was submitted, approved or returned.
    pub struct Review in "group_review" {
        id: RecordId,
        group_id: GroupId,
        step: ReviewStep,
        reason: Option<String>,
        by_account: AccountId,
        by_name: String,
        at: Instant,
    }
}
record! {
    /// A member, from applying to leaving. `name` is sealed for the client when there is one, else for the group; `tail` are the last two digits
    /// of the phone, for signing in; why somebody was not taken or left is sealed like the name.
    pub struct Member in "group_member" {
        id: RecordId,
        group_id: GroupId,
        /// Three digits, given on paper: 101, 102 …
        number: i64,
        client: Option<ClientId>,
        name: Sealed,
        tail: Option<Sealed>,
        /// The eighteenth birthday of somebody who applied as a minor.
        adult_on: Option<Day>,
        applied_on: Day,
        outcome: Screening,
        why: Option<Sealed>,
        decided_by: Option<String>,
        decided_at: Option<Instant>,
        /// Member since.
        enrolled_on: Option<Day>,
        /// 小组契约 signed.
        contract_on: Option<Day>,
        /// The first day without.
        left_on: Option<Day>,
        left_why: Option<Sealed>,
    }
}
record! {
    /// A session as planned (每节计划).
    pub struct Session in "group_session" {
        id: RecordId,
        group_id: GroupId,
        number: i64,
        day: Day,
        /// `14:00`
        begins: String,
        ends: String,
        place: Option<String>,
        theme: String,
        goals: Option<Sealed>,
        /// [`Step`]s in order.
        steps: serde_json::Value,
    }
}
record! {
    /// A session as it was (每节记录). The narrative is sealed for the group.
    pub struct Record in "group_record" {
        id: RecordId,
        session: RecordId,
        group_id: GroupId,
        day: Day,
        begins: String,
        ends: String,
        /// People present who are no members: 陪同、旁听.
        others: i64,
        /// Everybody in the photos agreed to them.
        photos: bool,
        happened: Sealed,
        dynamics: Option<Sealed>,
        attainment: Option<Sealed>,
        reflection: Option<Sealed>,
        next_time: Option<Sealed>,
        by_account: AccountId,
        by_name: String,
        at: Instant,
    }
}
record! {
    /// A member at a session. `why` (absent) and `note` are sealed for the client when there is one, else for the group.
    pub struct Presence in "group_present" {
        id: RecordId,
        session: RecordId,
        member: RecordId,
        mark: Mark,
        why: Option<Sealed>,
        note: Option<Sealed>,
        /// Signed in by themselves.
        signed_at: Option<Instant>,
    }
}
record! {
    /// The door through which members of a session sign in by themselves, open for its day. The token is sealed for the session.
    pub struct Door in "group_door" {
        id: RecordId,
        session: RecordId,
        token: Sealed,
        token_index: String,
        closes: Instant,
        by_account: AccountId,
        at: Instant,
    }
}

impl Member {
    /// Is somebody a member on this day?
    pub fn enrolled(&self, day: Day) -> bool {
        self.enrolled_on.is_some_and(|d| d <= day) && self.left_on.is_none_or(|d| d > day)
    }
    /// Whose key seals what is kept about this member.
    pub fn owner(&self) -> &str {
        self.client.as_ref().map_or(self.group_id.as_str(), |c| c.as_str())
    }
    /// How the member is called before those who need not know the name.
    pub fn pseudonym(&self) -> String {
        format!("组员{}", self.number)
    }
}

/// One step of a session's plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub minutes: i64,
    pub name: String,
    /// What is done and what for.
    #[serde(default)]
    pub how: String,
    #[serde(default)]
    pub material: String,
    #[serde(default)]
    pub owner: String,
}

/// Sessions a group needs before it can be closed: with fewer it was an activity (MZ/T 095, usual practice).
pub const LEAST_SESSIONS: usize = 4;

/// What stands against closing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Closing {
    pub held: usize,
    /// Planned sessions of past days without a record.
    pub unrecorded: usize,
    /// Members without a signed contract.
    pub unsigned: usize,
    pub members: usize,
    pub reported: bool,
}

impl Closing {
    /// Everything that is missing, each by its name.
    pub fn refusals(&self) -> Refusals {
        use kernel::Refusal;
        let mut no = Refusals::none();
        if self.held < LEAST_SESSIONS {
            no.push(
                Refusal::new("groups.gate.sessions")
                    .with("n", self.held)
                    .with("least", LEAST_SESSIONS),
            );
        }
        if self.unrecorded > 0 {
            no.push(Refusal::new("groups.gate.records").with("n", self.unrecorded));
        }
        if self.members == 0 {
            no.push(Refusal::new("groups.gate.members"));
        }
        if self.unsigned > 0 {
            no.push(Refusal::new("groups.gate.contract").with("n", self.unsigned));
        }
        if !self.reported {
            no.push(Refusal::new("groups.gate.report"));
        }
        no
    }
}

/// Minutes from one time of day to a later one, both `HH:MM`; nothing when they are no times or the wrong way round.
pub fn minutes(begins: &str, ends: &str) -> Option<i64> {
    let n = clock(ends)? - clock(begins)?;
    (n > 0).then_some(n)
}

fn clock(text: &str) -> Option<i64> {
    let (h, m) = text.split_once(':')?;
    let (h, m): (i64, i64) = (h.parse().ok()?, m.parse().ok()?);
    ((0..24).contains(&h) && (0..60).contains(&m)).then_some(h * 60 + m)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_follow_one_another_to_the_end() {
        let mut all = vec![Phase::Preparing];
        while let Some(next) = all[all.len() - 1].next() {
            all.push(next);
        }
        assert_eq!(all, Phase::ALL);
        assert!(!Phase::Preparing.runs() && Phase::Ending.runs() && !Phase::Closed.runs());
    }

    #[test]
    fn times_of_day_become_minutes() {
        assert_eq!(minutes("14:00", "15:30"), Some(90));
        for (a, b) in [("15:30", "14:00"), ("14:00", "14:00"), ("", "14:00"), ("9", "25:00")] {
            assert_eq!(minutes(a, b), None, "{a}–{b}");
        }
    }

    #[test]
    fn closing_names_all_that_is_missing() {
        let keys = |c: Closing| c.refusals().0.iter().map(|r| r.key).collect::<Vec<_>>();
        let none = Closing::default();
        assert_eq!(
            keys(none),
            ["groups.gate.sessions", "groups.gate.members", "groups.gate.report"]
        );
        let full = Closing { held: 4, members: 6, reported: true, ..none };
        assert!(keys(full).is_empty());
        assert_eq!(keys(Closing { unrecorded: 1, ..full }), ["groups.gate.records"]);
        assert_eq!(keys(Closing { unsigned: 2, ..full }), ["groups.gate.contract"]);
        assert_eq!(keys(Closing { held: 3, ..full }), ["groups.gate.sessions"]);
    }
}
