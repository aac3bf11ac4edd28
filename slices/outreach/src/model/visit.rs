//! A visit (走访, 探访, 家访; DOMAIN §4.2): what is noted of it and what it refuses.
use db::{Sealed, record, words};
use kernel::{
    ClientId, Day, Instant, PersonId, RecordId, Refusal, Refusals, RegionId, SiteId, VisitId,
};
use serde::{Deserialize, Serialize};

words! {
    /// How the client was seen.
    pub enum Way { Home = "home", Phone = "phone", Outside = "outside" }
}

words! {
    /// What came of it. Only a met client was served; everything else is an attempt.
    pub enum Outcome {
        Met = "met",
        NotHome = "not_home",
        Refused = "refused",
        Moved = "moved",
        Hospital = "hospital",
        Died = "died",
    }
}

impl Outcome {
    /// Does it suggest that the file be ended?
    pub const fn ends(self) -> bool {
        matches!(self, Self::Moved | Self::Died)
    }
}

words! {
    /// What is looked at on every visit.
    pub enum Aspect {
        /// 身体
        Physical = "physical",
        /// 情绪
        Mood = "mood",
        /// 日常生活
        Daily = "daily",
        /// 用药
        Medicine = "medicine",
        /// 居住与消防、燃气安全
        Housing = "housing",
        /// 照料人
        Carer = "carer",
        /// 收入与待遇变化
        Income = "income",
    }
}

words! {
    /// What was done on the spot.
    pub enum Help {
        /// 陪伴聊天
        Company = "company",
        /// 政策告知
        Policy = "policy",
        /// 代办事项
        Errand = "errand",
        /// 安全检查
        Safety = "safety",
        /// 联系家属
        Family = "family",
        /// 送物资
        Goods = "goods",
    }
}

words! {
    /// What was found to be needed.
    pub enum NeedKind {
        /// 待遇与救助
        Benefit = "benefit",
        /// 医疗健康
        Health = "health",
        /// 心理支持
        Mind = "mind",
        /// 照护
        Care = "care",
        /// 居家安全与改造
        Home = "home",
        /// 法律与权益
        Legal = "legal",
        /// 就学就业
        Study = "study",
        Other = "other",
    }
}

words! {
    /// What became of a need.
    pub enum Answered {
        /// 已开个案
        Case = "case",
        /// 已转介
        Referral = "referral",
        /// 已告知政策或当场解决
        Tip = "tip",
        /// 不再需要
        Gone = "gone",
    }
}

record! {
    /// A visit or an attempt at one. Sealed columns are sealed for the client, at `visit.COLUMN`, under the visit's id.
    pub struct Visit in "visit" {
        id: VisitId,
        client: ClientId,
        site: SiteId,
        region: RegionId,
        path: String,
        day: Day,
        /// `09:30`, Asia/Shanghai.
        time: String,
        minutes: i64,
        way: Way,
        /// Was it planned for a day?
        planned: bool,
        outcome: Outcome,
        /// `normal`, or the aspects that are not, joined with commas; nothing when the client was not met.
        state: Option<Sealed>,
        /// Kinds of help given, joined with commas.
        help: Option<Sealed>,
        note: Option<Sealed>,
        next_on: Option<Day>,
        by_account: String,
        at: Instant,
        withdrawn: Option<Instant>,
        withdrawn_why: Option<Sealed>,
    }
}

record! {
    /// Who went. Two are advised for homes.
    pub struct VisitWorker in "visit_worker" {
        id: RecordId,
        visit: VisitId,
        person: PersonId,
    }
}

record! {
    /// Something found to be needed; open until it is answered. Its words are sealed for the client.
    pub struct VisitNeed in "visit_need" {
        id: RecordId,
        visit: VisitId,
        client: ClientId,
        kind: NeedKind,
        words: Option<Sealed>,
        answered: Option<Answered>,
        answered_on: Option<Day>,
        at: Instant,
    }
}

/// What somebody fills in: by form, API or offline. Words are kept as typed until [`Draft::check`] has read them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// Id of the client.
    pub client: String,
    /// `2026-11-23`; today when empty.
    pub day: String,
    /// `09:30`; now when empty.
    pub time: String,
    /// From beginning to end; 30 when empty.
    pub minutes: String,
    /// `home`, `phone`, `outside`.
    pub way: String,
    /// `met`, `not_home`, `refused`, `moved`, `hospital`, `died`.
    pub outcome: String,
    /// Everything was looked at and is as it should be.
    pub normal: bool,
    /// What is not as it should be: `physical`, `mood`, `daily`, `medicine`, `housing`, `carer`, `income`.
    pub concerns: Vec<String>,
    /// `company`, `policy`, `errand`, `safety`, `family`, `goods`.
    pub helps: Vec<String>,
    pub note: String,
    /// `benefit`, `health`, `mind`, `care`, `home`, `legal`, `study`, `other`.
    pub needs: Vec<String>,
    pub need_words: String,
    /// The day of the next visit, if one was agreed.
    pub next_on: String,
    /// Ids of the people who went along.
    pub workers: Vec<String>,
}

/// A draft that was read and may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVisit {
    pub client: ClientId,
    pub day: Day,
    pub time: String,
    pub minutes: i64,
    pub way: Way,
    pub outcome: Outcome,
    pub concerns: Vec<Aspect>,
    pub helps: Vec<Help>,
    pub note: String,
    pub needs: Vec<NeedKind>,
    pub need_words: String,
    pub next_on: Option<Day>,
    pub workers: Vec<PersonId>,
}

/// A visit takes so many minutes unless somebody says otherwise.
pub const USUAL_MINUTES: i64 = 30;
/// Longer than this it was no visit.
const MOST_MINUTES: i64 = 480;
/// Signs of a note.
pub const MOST_SIGNS: usize = 2000;

impl Draft {
    /// Reads it.
    ///
    /// # Errors
    /// Refusals at the fields.
    pub fn check(&self, now: Instant) -> Result<NewVisit, Refusals> {
        let mut no = Refusals::none();
        let today = now.day();
        let day = if self.day.is_empty() { Some(today) } else { self.day.parse().ok() };
        no.require(day.is_some(), "day", "register.not_a_day");
        no.require(day.is_none_or(|d| d <= today), "day", "visits.future");
        let time = if self.time.is_empty() { clock(now) } else { self.time.clone() };
        no.require(is_clock(&time), "time", "visits.time_wrong");
        let minutes =
            if self.minutes.is_empty() { Ok(USUAL_MINUTES) } else { self.minutes.parse() };
        let whole = minutes.as_ref().is_ok_and(|m| (1..=MOST_MINUTES).contains(m));
        no.require(whole, "minutes", "visits.minutes_wrong");
        let way = if self.way.is_empty() { Some(Way::Home) } else { Way::parse(&self.way) };
        no.require(way.is_some(), "way", "register.not_a_choice");
        let outcome = if self.outcome.is_empty() {
            Some(Outcome::Met)
        } else {
            Outcome::parse(&self.outcome)
        };
        no.require(outcome.is_some(), "outcome", "register.not_a_choice");
        let concerns = list(&mut no, "concerns", &self.concerns, Aspect::parse);
        let helps = list(&mut no, "helps", &self.helps, Help::parse);
        let needs = list(&mut no, "needs", &self.needs, NeedKind::parse);
        let met = outcome == Some(Outcome::Met);
        no.require(!met || self.normal || !concerns.is_empty(), "concerns", "visits.state_missing");
        no.require(!self.normal || concerns.is_empty(), "concerns", "visits.state_both");
        let named =
            !needs.is_empty() || self.need_words.trim().is_empty() || !self.needs.is_empty();
        no.require(named, "needs", "visits.need_kind");
        for (name, text) in [("note", &self.note), ("need_words", &self.need_words)] {
            if text.chars().count() > MOST_SIGNS {
                no.push(Refusal::at(name, "register.too_long").with("n", MOST_SIGNS));
            }
        }
        let next_on =
            if self.next_on.is_empty() { Ok(None) } else { self.next_on.parse().map(Some) };
        no.require(next_on.is_ok(), "next_on", "register.not_a_day");
        let next_on = next_on.unwrap_or_default();
        let after = next_on.is_none_or(|n| day.is_none_or(|d| n > d));
        no.require(after, "next_on", "visits.next_too_early");
        no.done()?;
        let (Some(day), Some(way), Some(outcome), Ok(minutes)) = (day, way, outcome, minutes)
        else {
            return Err(Refusal::new("visits.time_wrong").into());
        };
        Ok(NewVisit {
            client: ClientId::from(self.client.as_str()),
            day,
            time,
            minutes,
            way,
            outcome,
            concerns: if met { concerns } else { Vec::new() },
            helps,
            note: self.note.trim().to_owned(),
            needs,
            need_words: self.need_words.trim().to_owned(),
            next_on: next_on.filter(|_| !outcome.ends()),
            workers: self.workers.iter().map(|w| PersonId::from(w.as_str())).collect(),
        })
    }
}

impl NewVisit {
    /// The checklist as kept; nothing when nobody was met.
    pub fn state(&self) -> String {
        match (self.outcome, self.concerns.as_slice()) {
            (Outcome::Met, []) => "normal".into(),
            (Outcome::Met, some) => joined(some.iter().map(|a| a.as_str())),
            _ => String::new(),
        }
    }
    /// The help given, as kept.
    pub fn help(&self) -> String {
        joined(self.helps.iter().map(|h| h.as_str()))
    }
}

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(",")
}

/// Reads words, each once, in the order they came.
fn list<T: PartialEq>(
    no: &mut Refusals,
    field: &str,
    words: &[String],
    parse: fn(&str) -> Option<T>,
) -> Vec<T> {
    let mut out = Vec::new();
    for word in words.iter().filter(|w| !w.is_empty()) {
        match parse(word) {
            Some(w) if !out.contains(&w) => out.push(w),
            Some(_) => {}
            None => no.push(Refusal::at(field, "register.not_a_choice")),
        }
    }
    out
}

/// The time of an instant in Asia/Shanghai: `09:30`.
pub fn clock(now: Instant) -> String {
    let minutes = (now.0 - now.day().start().0).div_euclid(60_000);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `00:00` to `23:59`.
pub fn is_clock(text: &str) -> bool {
    let Some((h, m)) = text.split_once(':') else { return false };
    let two = |t: &str, most: u32| {
        t.len() == 2
            && t.bytes().all(|b| b.is_ascii_digit())
            && t.parse::<u32>().is_ok_and(|n| n < most)
    };
    two(h, 24) && two(m, 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        "2026-11-23".parse::<Day>().unwrap().start().plus_millis(34_200_000)
    }
    fn said(d: &Draft) -> Vec<String> {
        d.check(now()).err().map_or_else(Vec::new, |no| {
            no.0.iter()
                .map(|r| format!("{}:{}", r.field.clone().unwrap_or_default(), r.key))
                .collect()
        })
    }

    #[test]
    fn three_taps_make_a_visit() {
        let visit =
            Draft { client: "c".into(), normal: true, ..Draft::default() }.check(now()).unwrap();
        assert_eq!(
            (visit.time.as_str(), visit.minutes, visit.outcome),
            ("09:30", 30, Outcome::Met)
        );
        assert_eq!(visit.state(), "normal");
    }

    #[test]
    fn a_met_client_was_looked_at_and_an_absent_one_was_not() {
        let met = Draft::default();
        assert_eq!(said(&met), ["concerns:visits.state_missing"]);
        let gone =
            Draft { outcome: "not_home".into(), concerns: vec!["mood".into()], ..Draft::default() };
        assert_eq!(gone.check(now()).unwrap().state(), "");
        let both = Draft { normal: true, concerns: vec!["mood".into()], ..Draft::default() };
        assert_eq!(said(&both), ["concerns:visits.state_both"]);
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_field() {
        let wrong = Draft {
            day: "2026-11-24".into(),
            time: "9:3".into(),
            minutes: "900".into(),
            next_on: "2026-11-20".into(),
            needs: vec!["nonsense".into()],
            normal: true,
            ..Draft::default()
        };
        let fields: Vec<String> =
            said(&wrong).iter().map(|s| s.split(':').next().unwrap().to_owned()).collect();
        assert_eq!(fields, ["day", "time", "minutes", "needs", "next_on"]);
        let words =
            Draft { normal: true, need_words: "想申请助浴".into(), ..Draft::default() };
        assert_eq!(said(&words), ["needs:visits.need_kind"]);
    }

    #[test]
    fn clocks() {
        assert!(is_clock("00:00") && is_clock("23:59"));
        assert!(
            !is_clock("24:00") && !is_clock("9:30") && !is_clock("09:60") && !is_clock("ab:cd")
        );
    }
}
