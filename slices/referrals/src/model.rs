//! The nouns: a referral and its states, the packet that is shared, the room a body has; the link has its own file. Pure.
mod link;

pub use link::{LINK_DAYS, Link, LinkEnd, Look, LookKind, MOST_LINK_DAYS, MOST_WRONG};

use db::{Sealed, record, words};
use kernel::{
    AccountId, ClientId, Day, Instant, OrgId, PersonId, RecordId, ReferralId, Refusal, RegionId,
    SiteId,
};

words! {
    /// Where a referral stands. Every state reached is a [`Step`] with who and when.
    pub enum State {
        /// 草稿
        Draft = "draft",
        /// 已发出
        Sent = "sent",
        /// 已签收: the receiver opened it.
        Received = "received",
        /// 已受理
        Accepted = "accepted",
        /// 不受理
        Declined = "declined",
        /// 已退回: papers are missing, or the service could not go on.
        Returned = "returned",
        /// 建议再转: the receiver names a better place; the sender asks the client again before anything is sent there.
        ReReferred = "re_referred",
        /// 服务中
        InService = "in_service",
        /// 已反馈
        FedBack = "fed_back",
        /// 已办结
        Closed = "closed",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

/// Who may bring a state about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Sender,
    Receiver,
}

impl State {
    /// The states that may follow.
    pub const fn next(self) -> &'static [Self] {
        use State::{
            Accepted, Closed, Declined, Draft, FedBack, InService, ReReferred, Received, Returned,
            Sent, Withdrawn,
        };
        match self {
            Draft => &[Sent, Withdrawn],
            Sent => &[Received, Withdrawn],
            Received => &[Accepted, Declined, Returned, ReReferred, Withdrawn],
            Accepted => &[InService, Returned, Withdrawn],
            InService => &[FedBack, Returned, Withdrawn],
            Declined | Returned | ReReferred | FedBack => &[Closed],
            Closed | Withdrawn => &[],
        }
    }
    /// Whose step it is to get here.
    pub const fn side(self) -> Side {
        match self {
            Self::Draft | Self::Sent | Self::Closed | Self::Withdrawn => Side::Sender,
            _ => Side::Receiver,
        }
    }
    /// The receiver has not answered yet.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Sent | Self::Received)
    }
    /// Nothing more is to be done by anybody.
    pub const fn ended(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn)
    }
    /// The receiver may read the packet.
    pub const fn shared(self) -> bool {
        !matches!(self, Self::Draft | Self::Withdrawn)
    }
    /// Goes on only to a state that may follow.
    ///
    /// # Errors
    /// A refusal that says where the referral stands.
    pub fn to(self, next: Self) -> Result<(), Refusal> {
        if self.next().contains(&next) { Ok(()) } else { Err(Refusal::new(self.standing())) }
    }
    const fn standing(self) -> &'static str {
        match self {
            Self::Draft => "referrals.now.draft",
            Self::Sent => "referrals.now.sent",
            Self::Received => "referrals.now.received",
            Self::Accepted => "referrals.now.accepted",
            Self::Declined => "referrals.now.declined",
            Self::Returned => "referrals.now.returned",
            Self::ReReferred => "referrals.now.re_referred",
            Self::InService => "referrals.now.in_service",
            Self::FedBack => "referrals.now.fed_back",
            Self::Closed => "referrals.now.closed",
            Self::Withdrawn => "referrals.now.withdrawn",
        }
    }
    /// The colour of its badge.
    pub const fn colour(self) -> &'static str {
        match self {
            Self::Draft | Self::Closed | Self::Withdrawn => "secondary",
            Self::Sent | Self::Received => "yellow",
            Self::Accepted | Self::InService => "blue",
            Self::FedBack => "green",
            Self::Declined | Self::Returned | Self::ReReferred => "red",
        }
    }
}

words! {
    /// The kind of service that is asked for; receivers say for each whether they have room.
    pub enum ServiceField {
        /// 社会救助
        Relief = "relief",
        /// 养老服务
        Elder = "elder",
        /// 儿童与未成年人保护
        Child = "child",
        /// 残疾人服务
        Disability = "disability",
        /// 医疗康复
        Medical = "medical",
        /// 心理健康
        Mental = "mental",
        /// 法律援助
        Legal = "legal",
        /// 就业帮扶
        Work = "work",
        /// 教育支持
        School = "school",
        /// 婚姻家庭
        Family = "family",
        /// 其他
        Other = "other",
    }
}

words! {
    pub enum Urgency { Routine = "routine", Soon = "soon", Urgent = "urgent" }
}

words! {
    /// What may be ticked to be shared beside reason and field. Nothing else of the file ever leaves (个人信息保护法 §6, §23).
    pub enum Share {
        Name = "name",
        SexAge = "sex_age",
        Phone = "phone",
        Address = "address",
        Categories = "categories",
        Summary = "summary",
    }
}

words! {
    /// On which ground a person's data is shared.
    pub enum Basis {
        /// 本人同意
        Own = "own",
        /// 监护人同意 (under fourteen always, 个人信息保护法 §31)
        Guardian = "guardian",
        /// 法定事由: no consent needed; the clause is named.
        Statute = "statute",
    }
}

words! {
    pub enum ConsentForm { Written = "written", Oral = "oral", Online = "online" }
}

record! {
    /// One referral. Sealed columns are sealed for the client's id, at `referral.COLUMN`, under the referral's id.
    pub struct Referral in "referral" {
        id: ReferralId,
        /// The short number people say: 转介 12.
        number: i64,
        client: ClientId,
        /// The site that refers.
        site: SiteId,
        region: RegionId,
        path: String,
        worker: PersonId,
        /// Where it came from: `case:ID`, `visit:ID`, `referral:ID`.
        origin: Option<String>,
        to_site: Option<SiteId>,
        to_org: Option<OrgId>,
        to_path: Option<String>,
        /// The receiver's name as it was when the referral was written.
        to_name: String,
        /// Whom to ask for there.
        to_contact: Option<String>,
        field: ServiceField,
        urgency: Urgency,
        reason: Sealed,
        summary: Option<Sealed>,
        categories: Option<Sealed>,
        /// [`Share`] words joined by commas.
        shares: String,
        basis: Option<Basis>,
        /// Who consented, by name.
        consent_by: Option<Sealed>,
        consent_on: Option<Day>,
        consent_form: Option<ConsentForm>,
        clause: Option<String>,
        /// What the receiver sees: JSON of [`Packet`], made once when the referral is sent.
        packet: Option<Sealed>,
        state: State,
        sent_at: Option<Instant>,
        /// The last day for an answer: five working days (DOMAIN §2.3).
        answer_by: Option<Day>,
        opened_at: Option<Instant>,
        answered_at: Option<Instant>,
        /// Who takes the person over at the receiving site.
        keeper: Option<PersonId>,
        first_service: Option<Day>,
        /// What the sending cost, in minutes of the worker's.
        minutes: i64,
        at: Instant,
        /// Ids of the client's attachments that go along, joined by commas.
        attachments: Option<String>,
    }
}

impl Referral {
    /// The attachments that go along.
    pub fn enclosed(&self) -> Vec<RecordId> {
        let all = self.attachments.as_deref().unwrap_or_default();
        all.split(',').filter(|id| !id.is_empty()).map(RecordId::from).collect()
    }
    /// What is ticked.
    pub fn shares(&self) -> Vec<Share> {
        self.shares.split(',').filter_map(Share::parse).collect()
    }
    /// The answer is late.
    pub fn late_on(&self, today: Day) -> bool {
        self.state.waits() && self.answer_by.is_some_and(|by| by < today)
    }
}

record! {
    /// A state reached: by whom and when, and what was said. `words` is sealed for the client's id, at `referral_step.words`.
    pub struct Step in "referral_step" {
        id: RecordId,
        referral: ReferralId,
        state: State,
        at: Instant,
        account: Option<AccountId>,
        who: String,
        /// The link through which it came, when nobody was signed in.
        link: Option<RecordId>,
        words: Option<Sealed>,
        /// The day of the first service; the place named for going on.
        detail: Option<String>,
    }
}

/// What is shared: a snapshot. Later changes of the file do not reach it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Packet {
    pub number: i64,
    pub field: String,
    pub urgency: String,
    pub reason: String,
    pub from: String,
    pub from_phone: Option<String>,
    pub worker: String,
    pub sent: String,
    pub answer_by: String,
    pub name: Option<String>,
    pub sex: Option<String>,
    /// Such as `60–69`.
    pub age: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub categories: Option<String>,
    pub summary: Option<String>,
    /// [`Basis`], and the clause when it is the law's.
    pub basis: String,
    pub clause: Option<String>,
    pub consent_on: Option<String>,
    /// Files that go along.
    #[serde(default)]
    pub enclosed: Vec<Enclosed>,
}

/// A file that goes along: what it is, and the digest by which it is told from any other.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Enclosed {
    /// `signed`, `scan`, `photo`, `other`
    pub kind: String,
    pub name: String,
    pub note: String,
    pub day: String,
    pub file: String,
    pub mime: String,
    pub bytes: i64,
    /// SHA-256, hexadecimal.
    pub digest: String,
}

words! {
    /// Has a body room for a kind of service?
    pub enum Room { Open = "open", Limited = "limited", Full = "full", Closed = "closed" }
}

record! {
    /// The room of a site or a partner for a kind of service, as last confirmed.
    pub struct Capacity in "capacity" {
        id: RecordId,
        site: Option<SiteId>,
        org: Option<OrgId>,
        field: ServiceField,
        room: Room,
        note: Option<String>,
        confirmed: Day,
        by_name: String,
        at: Instant,
    }
}

/// After so many days a statement about room is old.
pub const STALE_DAYS: i32 = 30;

impl Capacity {
    /// Must it be asked again?
    pub fn stale_on(&self, today: Day) -> bool {
        self.confirmed.plus_days(STALE_DAYS) < today
    }
    /// Where it stands among receivers: open, limited, old or unknown, full, closed.
    pub fn rank(one: Option<&Self>, today: Day) -> u8 {
        match one {
            Some(c) if c.stale_on(today) => 2,
            Some(c) => match c.room {
                Room::Open => 0,
                Room::Limited => 1,
                Room::Full => 3,
                Room::Closed => 4,
            },
            None => 2,
        }
    }
}

/// How long an answer may take, in working days (DOMAIN §2.3).
pub const ANSWER_DAYS: i32 = 5;

/// So many working days after a day. Monday to Friday; public holidays are not known here, so the clock never runs shorter than the rule.
pub fn working_days_after(day: Day, days: i32) -> Day {
    let mut at = day;
    let mut left = days;
    while left > 0 {
        at = at.plus_days(1);
        if at.weekday() <= 5 {
            left -= 1;
        }
    }
    at
}

/// Ages are shared as bands.
pub fn age_band(years: i32) -> &'static str {
    match years {
        ..=5 => "0–5",
        6..=13 => "6–13",
        14..=17 => "14–17",
        18..=35 => "18–35",
        36..=59 => "36–59",
        60..=69 => "60–69",
        70..=79 => "70–79",
        _ => "80+",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn five_working_days_pass_over_a_weekend() {
        for (from, to) in [
            ("2026-11-23", "2026-11-30"),
            ("2026-11-27", "2026-12-04"),
            ("2026-11-28", "2026-12-04"),
            ("2026-11-29", "2026-12-04"),
        ] {
            assert_eq!(working_days_after(day(from), ANSWER_DAYS), day(to), "{from}");
        }
    }

    #[test]
    fn every_state_can_be_reached_and_all_roads_end() {
        let mut seen = vec![State::Draft];
        let mut at = 0;
        while let Some(state) = seen.get(at).copied() {
            for next in state.next() {
                assert!(state.to(*next).is_ok());
                if !seen.contains(next) {
                    seen.push(*next);
                }
            }
            at += 1;
        }
        assert_eq!(seen.len(), State::ALL.len());
        for state in State::ALL {
            assert_eq!(state.next().is_empty(), state.ended(), "{state}");
            assert!(state.to(State::Draft).is_err(), "nothing becomes a draft again");
            assert!(!state.waits() || state.next().contains(&State::Withdrawn));
        }
    }

    #[test]
    fn old_statements_count_as_unknown() {
        let said = |room, confirmed: &str| Capacity {
            id: "c".into(),
            site: None,
            org: None,
            field: ServiceField::Legal,
            room,
            note: None,
            confirmed: day(confirmed),
            by_name: String::new(),
            at: Instant(0),
        };
        let today = day("2026-11-23");
        let (fresh, edge, old) = (
            said(Room::Open, "2026-11-20"),
            said(Room::Closed, "2026-10-24"),
            said(Room::Open, "2026-10-23"),
        );
        assert_eq!(Capacity::rank(Some(&fresh), today), 0);
        assert_eq!(Capacity::rank(Some(&edge), today), 4);
        assert_eq!(Capacity::rank(Some(&old), today), Capacity::rank(None, today));
    }
}
