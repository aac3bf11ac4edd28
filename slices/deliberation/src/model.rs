//! The nouns: an issue and its states, meetings, actions; neighbours' activities and resident leaders have their own file. Pure.
mod registers;

pub use registers::{Deed, DeedKind, Leader, LeaderRole, NeighbourActivity, NeighbourKind};

use db::{Sealed, record, words};
use kernel::{
    AccountId, Day, DeliberationId, Instant, PersonId, RecordId, Refusal, RegionId, SiteId,
};

words! {
    /// Where an issue stands (DOMAIN §4.3). Every state reached is a [`Step`] with who and when; no step is skipped.
    pub enum State {
        /// 议题征集
        Collected = "collected",
        /// 筛选
        Screened = "screened",
        /// 确定主体、提前公示
        Scheduled = "scheduled",
        /// 协商
        Deliberated = "deliberated",
        /// 形成决议、公示
        Resolved = "resolved",
        /// 落实
        Executing = "executing",
        /// 反馈
        FedBack = "fed_back",
        /// 居民评价
        Evaluated = "evaluated",
        /// 归档
        Archived = "archived",
        /// 不予协商
        Rejected = "rejected",
        /// 上报街道: beyond what the community can settle.
        Escalated = "escalated",
    }
}

impl State {
    /// The road of an issue that is settled in the community.
    pub const ROAD: [Self; 9] = [
        Self::Collected,
        Self::Screened,
        Self::Scheduled,
        Self::Deliberated,
        Self::Resolved,
        Self::Executing,
        Self::FedBack,
        Self::Evaluated,
        Self::Archived,
    ];
    /// The states that may follow.
    pub const fn next(self) -> &'static [Self] {
        use State::{
            Archived, Deliberated, Escalated, Evaluated, Executing, FedBack, Rejected, Resolved,
            Scheduled, Screened,
        };
        match self {
            Self::Collected => &[Screened, Rejected],
            Screened => &[Scheduled, Rejected, Escalated],
            // A meeting may be put off, or its notice came too late.
            Scheduled => &[Deliberated, Scheduled],
            // Without agreement people meet again.
            Deliberated => &[Resolved, Scheduled, Escalated],
            Resolved => &[Executing],
            Executing => &[FedBack, Escalated],
            // What the street did is reported back, too.
            Escalated => &[FedBack],
            FedBack => &[Evaluated],
            Evaluated => &[Archived],
            Archived | Rejected => &[],
        }
    }
    /// Nothing more is to be done.
    pub const fn ended(self) -> bool {
        matches!(self, Self::Archived | Self::Rejected)
    }
    const fn place(self) -> u8 {
        match self {
            Self::Collected => 0,
            Self::Screened => 1,
            Self::Scheduled => 2,
            Self::Deliberated => 3,
            Self::Resolved => 4,
            Self::Executing => 5,
            Self::Escalated => 6,
            Self::FedBack => 7,
            Self::Evaluated => 8,
            Self::Archived | Self::Rejected => 9,
        }
    }
    /// Goes on only to a state that may follow.
    ///
    /// # Errors
    /// A refusal that names the step that is missing, or says that the step was made already.
    pub fn to(self, next: Self) -> Result<(), Refusal> {
        if self.next().contains(&next) {
            return Ok(());
        }
        if self.ended() {
            return Err(Refusal::new("deliberation.ended"));
        }
        if next.place() <= self.place() {
            return Err(Refusal::new("deliberation.done_already"));
        }
        Err(Refusal::new(match next {
            Self::Screened | Self::Rejected | Self::Collected => "deliberation.done_already",
            Self::Scheduled => "deliberation.needs.screened",
            Self::Deliberated => "deliberation.needs.scheduled",
            Self::Resolved => "deliberation.needs.deliberated",
            Self::Escalated if matches!(self, Self::Collected) => "deliberation.needs.screened",
            Self::Escalated => "deliberation.needs.meeting",
            Self::Executing => "deliberation.needs.resolved",
            Self::FedBack => "deliberation.needs.executing",
            Self::Evaluated => "deliberation.needs.fed_back",
            Self::Archived => "deliberation.needs.evaluated",
        })
        .under("4B.1-9"))
    }
    /// The colour of its badge.
    pub const fn colour(self) -> &'static str {
        match self {
            Self::Collected | Self::Screened => "yellow",
            Self::Scheduled | Self::Deliberated | Self::Resolved => "blue",
            Self::Executing => "purple",
            Self::FedBack | Self::Evaluated => "green",
            Self::Escalated => "red",
            Self::Archived | Self::Rejected => "secondary",
        }
    }
}

words! {
    pub enum Source {
        /// 居民提出
        Resident = "resident",
        /// 业委会
        Owners = "owners",
        /// 网格
        Grid = "grid",
        /// 12345
        Hotline = "hotline",
        /// 社工走访发现
        Worker = "worker",
        /// 社区党组织、居委会
        Committee = "committee",
    }
}

words! {
    pub enum Category {
        /// 物业管理
        Property = "property",
        /// 停车
        Parking = "parking",
        /// 加装电梯
        Lift = "lift",
        /// 环境卫生
        Environment = "environment",
        /// 邻里关系
        Neighbours = "neighbours",
        /// 养老助幼
        Care = "care",
        /// 公共空间
        Space = "space",
        /// 安全
        Safety = "safety",
        Other = "other",
    }
}

words! {
    pub enum MeetingForm {
        /// 居民会议
        Assembly = "assembly",
        /// 议事会
        Council = "council",
        /// 民情恳谈
        Talk = "talk",
        /// 线上协商
        Online = "online",
    }
}

words! {
    /// How it is decided.
    pub enum DecisionRule { Consensus = "consensus", Majority = "majority", TwoThirds = "two_thirds" }
}

words! {
    pub enum Outcome { Agreed = "agreed", Partly = "partly", NotAgreed = "not_agreed" }
}

words! {
    pub enum ParticipantRole {
        Resident = "resident",
        /// 居民代表
        Representative = "representative",
        /// 党组织、居委会
        Committee = "committee",
        /// 业委会
        Owners = "owners",
        /// 物业
        Property = "property",
        /// 政府部门、街道
        Government = "government",
        /// 社会组织
        CommunityOrg = "community_org",
        /// 专家、律师
        Expert = "expert",
        /// 社会工作者
        Worker = "worker",
    }
}

record! {
    /// One issue put to deliberation. Sealed columns are sealed for the issue's id, at `issue.COLUMN`.
    pub struct Issue in "issue" {
        id: DeliberationId,
        /// The short number people say: 议题 7.
        number: i64,
        title: String,
        source: Source,
        category: Category,
        site: SiteId,
        region: RegionId,
        path: String,
        worker: PersonId,
        /// Who raised it, when they said so.
        raised_by: Option<Sealed>,
        detail: Option<Sealed>,
        collected: Day,
        state: State,
        /// The resolution as it is published.
        resolution: Option<String>,
        /// The first day of its public notice, and the first day after it.
        public_from: Option<Day>,
        public_to: Option<Day>,
        /// To whom it was reported upwards.
        escalated: Option<String>,
        /// How many residents rated the outcome, and the sum of their points, one to five each.
        raters: i64,
        points: i64,
        at: Instant,
    }
}

impl Issue {
    /// The mean rating in hundredths.
    pub fn rating(&self) -> Option<i64> {
        (self.raters > 0).then(|| self.points * 100 / self.raters)
    }
}

record! {
    /// A state reached. `words` is sealed for the issue's id, at `issue_step.words`.
    pub struct Step in "issue_step" {
        id: RecordId,
        issue: DeliberationId,
        state: State,
        at: Instant,
        account: AccountId,
        who: String,
        words: Option<Sealed>,
        day: Option<Day>,
    }
}

record! {
    /// One meeting, from its being set to its minutes. Sealed at `issue_meeting.COLUMN` for the issue's id.
    pub struct Meeting in "issue_meeting" {
        id: RecordId,
        issue: DeliberationId,
        form: MeetingForm,
        day: Day,
        place: String,
        /// When the notice of it was posted.
        noticed_on: Option<Day>,
        held_on: Option<Day>,
        /// Minutes from beginning to end.
        length: i64,
        /// People present, named or not.
        attended: i64,
        rule: Option<DecisionRule>,
        yes: i64,
        no: i64,
        abstain: i64,
        outcome: Option<Outcome>,
        views: Option<Sealed>,
        minutes: Option<Sealed>,
        at: Instant,
    }
}

/// The notice stands at least so many days before the meeting.
pub const NOTICE_DAYS: i32 = 3;
/// How long a resolution is on public notice unless somebody says otherwise, in days.
pub const PUBLIC_DAYS: i32 = 5;

impl Meeting {
    /// The last day for posting the notice.
    pub const fn notice_by(&self) -> Day {
        self.day.plus_days(-NOTICE_DAYS)
    }
}

/// Do the votes carry it?
///
/// # Errors
/// A refusal at `outcome` when the rule is not met, at `yes` when more voted than came.
pub fn carried(
    rule: DecisionRule,
    outcome: Outcome,
    votes: [i64; 3],
    attended: i64,
) -> Result<(), Refusal> {
    let [yes, no, abstain] = votes;
    let all = yes + no + abstain;
    if votes.iter().any(|v| *v < 0) || all > attended {
        return Err(Refusal::at("yes", "deliberation.votes_many"));
    }
    let met = match rule {
        DecisionRule::Consensus => no == 0,
        DecisionRule::Majority => yes * 2 > all,
        DecisionRule::TwoThirds => all > 0 && yes * 3 >= all * 2,
    };
    if outcome == Outcome::Agreed && !met {
        return Err(Refusal::at("outcome", "deliberation.votes_short"));
    }
    Ok(())
}

record! {
    /// Somebody invited; the name is sealed at `issue_participant.name` for the issue's id.
    pub struct Participant in "issue_participant" {
        id: RecordId,
        issue: DeliberationId,
        name: Sealed,
        role: ParticipantRole,
        present: bool,
        at: Instant,
    }
}

record! {
    /// What is to be done about it, by whom and by when.
    pub struct Action in "issue_action" {
        id: RecordId,
        issue: DeliberationId,
        what: String,
        owner: String,
        due: Day,
        done_on: Option<Day>,
        note: Option<String>,
        at: Instant,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_road_is_walked_step_by_step() {
        for pair in State::ROAD.windows(2) {
            assert!(pair[0].to(pair[1]).is_ok(), "{} to {}", pair[0], pair[1]);
        }
        for (from, to, key) in [
            (State::Collected, State::Scheduled, "deliberation.needs.screened"),
            (State::Screened, State::Deliberated, "deliberation.needs.scheduled"),
            (State::Scheduled, State::Resolved, "deliberation.needs.deliberated"),
            (State::Deliberated, State::Executing, "deliberation.needs.resolved"),
            (State::Resolved, State::FedBack, "deliberation.needs.executing"),
            (State::Executing, State::Evaluated, "deliberation.needs.fed_back"),
            (State::FedBack, State::Archived, "deliberation.needs.evaluated"),
            (State::FedBack, State::Screened, "deliberation.done_already"),
            (State::Rejected, State::Screened, "deliberation.ended"),
        ] {
            assert_eq!(from.to(to).unwrap_err().key, key, "{from} to {to}");
        }
    }

    #[test]
    fn every_state_is_reached_and_no_step_leads_nowhere() {
        let mut seen = vec![State::Collected];
        let mut at = 0;
        while let Some(state) = seen.get(at).copied() {
            seen.extend(
                state.next().iter().copied().filter(|n| !seen.contains(n)).collect::<Vec<_>>(),
            );
            at += 1;
        }
        assert_eq!(seen.len(), State::ALL.len());
        for from in State::ALL {
            for to in State::ALL {
                assert_eq!(from.to(*to).is_ok(), from.next().contains(to), "{from} to {to}");
            }
        }
    }

    #[test]
    fn votes_carry_by_the_rule() {
        let said = |rule, votes| carried(rule, Outcome::Agreed, votes, 20).is_ok();
        assert!(
            said(DecisionRule::Majority, [6, 5, 0]) && !said(DecisionRule::Majority, [5, 5, 0])
        );
        assert!(
            said(DecisionRule::TwoThirds, [8, 2, 2]) && !said(DecisionRule::TwoThirds, [7, 5, 0])
        );
        assert!(
            said(DecisionRule::Consensus, [9, 0, 3]) && !said(DecisionRule::Consensus, [9, 1, 0])
        );
        assert!(!said(DecisionRule::Majority, [15, 4, 4]), "more votes than people");
        assert!(carried(DecisionRule::Majority, Outcome::NotAgreed, [1, 9, 0], 10).is_ok());
    }
}
