//! Nouns of social work at schools, and when it has landed (落地). Pure.
use db::{Sealed, record, words};
use kernel::{Day, Instant, OrgId, Period, PersonId, PlacementId, RecordId};

words! {
    /// The two modes of the service plan (2-7d).
    pub enum Mode {
        /// 一校一社工
        OneSchool = "one_school_one_sw",
        /// 多校一社工
        ManySchools = "multi_school_one_sw",
    }
}
words! {
    /// What was delivered at the school.
    pub enum ServiceKind {
        /// 个别辅导
        Individual = "individual",
        /// 小组
        Group = "group",
        /// 班会、主题课
        ClassTalk = "class_talk",
        /// 家长工作
        Parents = "parents",
        /// 教师支持
        Teachers = "teachers",
        /// 危机介入
        Crisis = "crisis",
    }
}
record! {
    /// A social worker placed at a school under an agreement, `until` the first day without.
    pub struct Placement in "school_placement" {
        id: PlacementId,
        school: OrgId,
        person: PersonId,
        mode: Mode,
        /// The agreement's number.
        number: Option<String>,
        signed_on: Day,
        since: Day,
        until: Option<Day>,
    }
}
record! {
    /// A service at a school. The notes are sealed for its own row.
    pub struct SchoolService in "school_service" {
        id: RecordId,
        placement: PlacementId,
        school: OrgId,
        person: PersonId,
        day: Day,
        kind: ServiceKind,
        minutes: i64,
        /// Pupils reached, those on file among them.
        pupils: i64,
        notes: Option<Sealed>,
        at: Instant,
        withdrawn: Option<Instant>,
    }
}

impl Placement {
    /// The days of the agreement.
    pub const fn period(&self) -> Period {
        Period { from: self.since, to: self.until }
    }
    /// Does the agreement run out within so many days?
    pub fn ends_within(&self, today: Day, days: i32) -> bool {
        self.period().holds_on(today) && self.until.is_some_and(|d| d <= today.plus_days(days))
    }
    /// The first service under this agreement, if any.
    pub fn first_service(&self, services: &[SchoolService]) -> Option<Day> {
        services
            .iter()
            .filter(|s| s.placement == self.id && s.withdrawn.is_none())
            .map(|s| s.day)
            .filter(|d| self.period().holds_on(*d))
            .min()
    }
    /// Landed on a day: the agreement is in force on it and a service was delivered under it by then (M03).
    pub fn landed(&self, services: &[SchoolService], day: Day) -> bool {
        self.period().holds_on(day) && self.first_service(services).is_some_and(|d| d <= day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placement(since: i32, until: Option<i32>) -> Placement {
        Placement {
            id: "p".into(),
            school: "o".into(),
            person: "q".into(),
            mode: Mode::OneSchool,
            number: None,
            signed_on: Day(since),
            since: Day(since),
            until: until.map(Day),
        }
    }
    fn service(day: i32, withdrawn: bool) -> SchoolService {
        SchoolService {
            id: "s".into(),
            placement: "p".into(),
            school: "o".into(),
            person: "q".into(),
            day: Day(day),
            kind: ServiceKind::ClassTalk,
            minutes: 40,
            pupils: 30,
            notes: None,
            at: Instant(0),
            withdrawn: withdrawn.then_some(Instant(1)),
        }
    }

    #[test]
    fn landed_takes_an_agreement_in_force_and_a_service_in_it() {
        let p = placement(10, Some(100));
        assert!(!p.landed(&[], Day(50)));
        assert!(p.landed(&[service(20, false)], Day(50)));
        assert!(!p.landed(&[service(60, false)], Day(50)), "not yet");
        assert!(!p.landed(&[service(5, false)], Day(50)), "before the agreement");
        assert!(!p.landed(&[service(20, true)], Day(50)), "withdrawn");
        assert!(!p.landed(&[service(20, false)], Day(100)), "the first day without");
        assert!(placement(10, None).landed(&[service(20, false)], Day(9000)));
    }

    #[test]
    fn an_agreement_warns_before_its_end_only() {
        let p = placement(10, Some(100));
        assert!(!p.ends_within(Day(69), 30) && p.ends_within(Day(70), 30));
        assert!(!p.ends_within(Day(100), 30));
        assert!(!placement(10, None).ends_within(Day(50), 30));
    }
}
