//! A community activity (社区活动; MZ/T 071, DOMAIN §4.1): plan, sign-up, who came, who helped, what it cost, what came of it.
use db::{Sealed, record, words};
use kernel::{
    ActivityId, ClientId, Day, Instant, Money, PersonId, RecordId, Refusal, Refusals, RegionId,
    SiteId,
};
use serde::{Deserialize, Serialize};

use super::visit::is_clock;

words! {
    /// What sort of activity.
    pub enum ActivityKind {
        /// 宣传
        Publicity = "publicity",
        /// 讲座
        Talk = "talk",
        /// 便民服务
        ServiceDay = "service_day",
        /// 文体活动
        Culture = "culture",
        /// 节庆活动
        Festival = "festival",
        /// 志愿服务
        Volunteering = "volunteering",
        /// 居民骨干培养
        Leaders = "leaders",
        /// 社区调研
        Survey = "survey",
    }
}

words! {
    /// The practice domain of a studio (4A.1-12).
    pub enum Domain {
        /// 社区照顾
        Care = "care",
        /// 社区参与
        Participation = "participation",
        /// 社区融合
        Inclusion = "inclusion",
    }
}

words! {
    /// How somebody came onto the list.
    pub enum SignedBy {
        /// By a worker.
        Desk = "desk",
        /// By the code at the door.
        Code = "code",
    }
}

words! {
    /// Where an activity stands.
    pub enum Standing { Planned = "planned", Held = "held", Closed = "closed", Cancelled = "cancelled" }
}

record! {
    /// An activity. `token` is sealed for the activity, at `activity.token`.
    pub struct Activity in "activity" {
        id: ActivityId,
        site: SiteId,
        region: RegionId,
        path: String,
        title: String,
        kind: ActivityKind,
        field: Domain,
        /// The need it answers, in words.
        need: Option<String>,
        goals: String,
        /// Whom it is for.
        target: Option<String>,
        place: String,
        day: Day,
        time: String,
        minutes: i64,
        /// Places; 0 when there is room for everybody.
        capacity: i64,
        budget: Money,
        safety: String,
        publicity: Option<String>,
        /// What the code at the door carries.
        token: Sealed,
        token_index: String,
        cancelled: Option<Instant>,
        cancelled_why: Option<String>,
        held: Option<Instant>,
        /// People who came and whom nobody noted by name.
        unnamed: i64,
        materials: Option<String>,
        closed: Option<Instant>,
        summary: Option<String>,
        lessons: Option<String>,
        /// How many were very pleased … not at all.
        score_5: i64,
        score_4: i64,
        score_3: i64,
        score_2: i64,
        score_1: i64,
        by_account: String,
        at: Instant,
    }
}

record! {
    /// Who runs it.
    pub struct ActivityWorker in "activity_worker" { id: RecordId, activity: ActivityId, person: PersonId }
}

record! {
    /// Somebody on the list. The phone is sealed for the client, or for the entry itself, at `signup.phone`.
    pub struct Signup in "signup" {
        id: RecordId,
        activity: ActivityId,
        client: Option<ClientId>,
        name: String,
        phone: Option<Sealed>,
        phone_index: Option<String>,
        way: SignedBy,
        /// Agreed to be in pictures.
        photo: bool,
        at: Instant,
        cancelled: Option<Instant>,
        came: Option<Instant>,
    }
}

record! {
    /// A volunteer's time.
    pub struct Volunteer in "activity_volunteer" { id: RecordId, activity: ActivityId, name: String, minutes: i64 }
}

record! {
    /// A line of what was spent.
    pub struct Spend in "activity_spend" { id: RecordId, activity: ActivityId, what: String, amount: Money, receipt: Option<String> }
}

impl Activity {
    /// Where it stands.
    pub const fn standing(&self) -> Standing {
        match (self.cancelled, self.closed, self.held) {
            (Some(_), ..) => Standing::Cancelled,
            (None, Some(_), _) => Standing::Closed,
            (None, None, Some(_)) => Standing::Held,
            (None, None, None) => Standing::Planned,
        }
    }
    /// How many said how they liked it, and the mean in tenths.
    pub fn liked(&self) -> (i64, Option<i64>) {
        let all = [
            (5, self.score_5),
            (4, self.score_4),
            (3, self.score_3),
            (2, self.score_2),
            (1, self.score_1),
        ];
        let n: i64 = all.iter().map(|(_, n)| n).sum();
        let sum: i64 = all.iter().map(|(score, n)| score * n).sum();
        (n, (n > 0).then(|| (sum * 10 + n / 2) / n))
    }
}

/// Who has a place and who waits: the first on the list, in the order in which they came onto it.
pub fn seats(list: &[Signup], capacity: i64) -> (Vec<&Signup>, Vec<&Signup>) {
    let all = list.iter().filter(|s| s.cancelled.is_none());
    let places =
        if capacity <= 0 { usize::MAX } else { usize::try_from(capacity).unwrap_or(usize::MAX) };
    let (mut have, mut wait) = (Vec::new(), Vec::new());
    for s in all {
        // Whoever came has a place, whatever the list said.
        if have.len() < places || s.came.is_some() { have.push(s) } else { wait.push(s) }
    }
    (have, wait)
}

/// A plan as somebody fills it in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Planning {
    pub title: String,
    /// `publicity`, `talk`, `service_day`, `culture`, `festival`, `volunteering`, `leaders`, `survey`.
    pub kind: String,
    /// `care`, `participation`, `inclusion`.
    pub field: String,
    pub need: String,
    pub goals: String,
    pub target: String,
    pub place: String,
    pub day: String,
    /// `14:00`
    pub time: String,
    pub minutes: String,
    /// Empty: room for everybody.
    pub capacity: String,
    /// Yuan, such as `320.50`.
    pub budget: String,
    pub safety: String,
    pub publicity: String,
    /// Ids of the people who run it beside the asker.
    pub workers: Vec<String>,
}

/// Read and in order.
#[derive(Clone, Debug)]
pub struct Plan {
    pub kind: ActivityKind,
    pub field: Domain,
    pub day: Day,
    pub minutes: i64,
    pub capacity: i64,
    pub budget: Money,
}

impl Planning {
    /// Reads it.
    ///
    /// # Errors
    /// Refusals at the fields.
    pub fn check(&self) -> Result<Plan, Refusals> {
        let mut no = Refusals::none();
        let (kind, field) = (ActivityKind::parse(&self.kind), Domain::parse(&self.field));
        no.require(kind.is_some(), "kind", "register.not_a_choice");
        no.require(field.is_some(), "field", "register.not_a_choice");
        for (name, text) in [
            ("title", &self.title),
            ("goals", &self.goals),
            ("place", &self.place),
            ("safety", &self.safety),
        ] {
            no.require(!text.trim().is_empty(), name, "register.missing");
        }
        for (name, text) in [("title", &self.title), ("place", &self.place)] {
            if text.chars().count() > 80 {
                no.push(Refusal::at(name, "register.too_long").with("n", 80));
            }
        }
        let day: Option<Day> = self.day.parse().ok();
        no.require(day.is_some(), "day", "register.not_a_day");
        no.require(is_clock(&self.time), "time", "visits.time_wrong");
        let minutes = self.minutes.parse::<i64>();
        no.require(
            minutes.as_ref().is_ok_and(|m| (1..=1440).contains(m)),
            "minutes",
            "activities.minutes_wrong",
        );
        let capacity = if self.capacity.is_empty() { Ok(0) } else { self.capacity.parse::<i64>() };
        no.require(
            capacity.as_ref().is_ok_and(|c| (0..=5000).contains(c)),
            "capacity",
            "activities.capacity_wrong",
        );
        let budget =
            if self.budget.is_empty() { Some(Money(0)) } else { self.budget.parse::<Money>().ok() };
        no.require(budget.is_some_and(|b| b.0 >= 0), "budget", "activities.money_wrong");
        no.done()?;
        match (kind, field, day, minutes, capacity, budget) {
            (Some(kind), Some(field), Some(day), Ok(minutes), Ok(capacity), Some(budget)) => {
                Ok(Plan { kind, field, day, minutes, capacity, budget })
            }
            _ => Err(Refusal::new("web.error.refused").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signup(n: usize, cancelled: bool, came: bool) -> Signup {
        Signup {
            id: n.to_string().into(),
            activity: "a".into(),
            client: None,
            name: n.to_string(),
            phone: None,
            phone_index: None,
            way: SignedBy::Desk,
            photo: false,
            at: Instant(0),
            cancelled: cancelled.then_some(Instant(1)),
            came: came.then_some(Instant(1)),
        }
    }

    #[test]
    fn a_place_given_back_goes_to_the_first_who_waits() {
        let mut list: Vec<Signup> = (0..4).map(|n| signup(n, false, false)).collect();
        let names = |all: &[&Signup]| all.iter().map(|s| s.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&seats(&list, 2).1), ["2", "3"]);
        list[0].cancelled = Some(Instant(1));
        assert_eq!(names(&seats(&list, 2).0), ["1", "2"]);
        assert_eq!(seats(&list, 0).0.len(), 3);
    }

    proptest! {
        #[test]
        fn nobody_is_lost_between_places_and_waiting(list in prop::collection::vec((any::<bool>(), any::<bool>()), 0..40), capacity in 0i64..30) {
            let list: Vec<Signup> = list.iter().enumerate().map(|(n, (gone, came))| signup(n, *gone, *came)).collect();
            let (have, wait) = seats(&list, capacity);
            prop_assert_eq!(have.len() + wait.len(), list.iter().filter(|s| s.cancelled.is_none()).count());
            prop_assert!(wait.iter().all(|s| s.came.is_none()));
            if capacity > 0 && !wait.is_empty() {
                prop_assert!(have.len() >= usize::try_from(capacity).unwrap());
            }
        }
    }
}
