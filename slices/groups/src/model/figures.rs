//! Persons, person-times and rates of a group. Pure; rows add up to sums whatever is put in.
//!
//! Expected at a session: whoever is a member on its day, and whoever came though they were none yet. Rate = Σ present ÷ Σ expected.
//! 人次 (person-times) are attendances, 人数 (persons) the different members who came at least once: the two are always told together.
//! A member completed the group who came to two thirds of all sessions held. People present who are no members are told apart:
//! nobody knows whether the same ones came twice, so they are person-times and no persons.
use kernel::{Day, Ratio, RecordId};

use super::{Mark, Member, Presence, Record};

/// Two thirds of the sessions complete a group.
const COMPLETES: Ratio = Ratio::new(2, 3);

/// A session's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub session: RecordId,
    pub day: Day,
    pub expected: i64,
    /// Members who came.
    pub present: i64,
    /// Present who are no members.
    pub others: i64,
}

/// A member's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    pub member: RecordId,
    pub expected: i64,
    pub present: i64,
    pub completed: bool,
}

/// The figures of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// By day.
    pub sessions: Vec<SessionRow>,
    /// Members who were expected at a session at least, by number.
    pub members: Vec<MemberRow>,
    pub expected: i64,
    /// 组员人次
    pub present: i64,
    /// 其他人次
    pub others: i64,
    /// 人数: different members who came.
    pub persons: i64,
    pub completed: i64,
}

impl Figures {
    /// Counts what records, members and attendances say.
    pub fn of(records: &[Record], members: &[Member], presences: &[Presence]) -> Self {
        let mut held: Vec<&Record> = records.iter().collect();
        held.sort_by(|a, b| (a.day, &a.session).cmp(&(b.day, &b.session)));
        let came = |session: &RecordId, member: &RecordId| {
            presences
                .iter()
                .any(|p| p.session == *session && p.member == *member && p.mark.attended())
        };
        let mut out = Self::default();
        for r in &held {
            let mut row = SessionRow {
                session: r.session.clone(),
                day: r.day,
                expected: 0,
                present: 0,
                others: r.others.max(0),
            };
            for m in members {
                let present = came(&r.session, &m.id);
                row.expected += i64::from(present || m.enrolled(r.day));
                row.present += i64::from(present);
            }
            out.expected += row.expected;
            out.present += row.present;
            out.others += row.others;
            out.sessions.push(row);
        }
        let all = i64::try_from(held.len()).unwrap_or(i64::MAX);
        for m in members {
            let mut row =
                MemberRow { member: m.id.clone(), expected: 0, present: 0, completed: false };
            for r in &held {
                let present = came(&r.session, &m.id);
                row.expected += i64::from(present || m.enrolled(r.day));
                row.present += i64::from(present);
            }
            if row.expected == 0 {
                continue;
            }
            row.completed = Ratio::new(row.present, all)
                .cmp_to(COMPLETES)
                .is_some_and(std::cmp::Ordering::is_ge);
            out.persons += i64::from(row.present > 0);
            out.completed += i64::from(row.completed);
            out.members.push(row);
        }
        out
    }
    /// 人次: attendances of members and of others.
    pub const fn person_times(&self) -> i64 {
        self.present + self.others
    }
    /// `66.7`; nothing before the first session.
    pub fn rate(&self) -> Option<String> {
        Ratio::new(self.present, self.expected).percent()
    }
    /// Sessions held.
    pub fn held(&self) -> usize {
        self.sessions.len()
    }
    /// The row of a member.
    pub fn member(&self, id: &RecordId) -> Option<&MemberRow> {
        self.members.iter().find(|m| m.member == *id)
    }
    /// The row of a session.
    pub fn session(&self, id: &RecordId) -> Option<&SessionRow> {
        self.sessions.iter().find(|s| s.session == *id)
    }
}

impl MemberRow {
    /// `66.7`
    pub fn rate(&self) -> Option<String> {
        Ratio::new(self.present, self.expected).percent()
    }
}
impl SessionRow {
    /// `66.7`
    pub fn rate(&self) -> Option<String> {
        Ratio::new(self.present, self.expected).percent()
    }
}

/// The mark a form proposes for a member: what is kept, else present; absent where others signed in by themselves and this one did not.
pub fn proposed(kept: Option<&Presence>, anybody_signed: bool) -> Mark {
    match kept {
        Some(p) => p.mark,
        None if anybody_signed => Mark::Absent,
        None => Mark::Present,
    }
}

#[cfg(test)]
mod tests {
    use db::Sealed;
    use proptest::prelude::*;

    use super::super::Screening;
    use super::*;

    fn sealed() -> Sealed {
        serde_json::from_value(serde_json::json!("s1.x")).unwrap()
    }
    fn day(n: i32) -> Day {
        Day(20_000 + n)
    }
    fn member(n: i64, from: Option<i32>, left: Option<i32>) -> Member {
        Member {
            id: RecordId::from(format!("m{n}")),
            group_id: "g".into(),
            number: 100 + n,
            client: None,
            name: sealed(),
            tail: None,
            adult_on: None,
            applied_on: day(0),
            outcome: Screening::Accepted,
            why: None,
            decided_by: None,
            decided_at: None,
            enrolled_on: from.map(day),
            contract_on: None,
            left_on: left.map(day),
            left_why: None,
        }
    }
    fn record(n: usize, on: i32, others: i64) -> Record {
        Record {
            id: RecordId::from(format!("r{n}")),
            session: RecordId::from(format!("s{n}")),
            group_id: "g".into(),
            day: day(on),
            begins: "14:00".into(),
            ends: "15:30".into(),
            others,
            photos: false,
            happened: sealed(),
            dynamics: None,
            attainment: None,
            reflection: None,
            next_time: None,
            by_account: "a".into(),
            by_name: String::new(),
            at: kernel::Instant(0),
        }
    }
    fn came(session: usize, member: i64, mark: Mark) -> Presence {
        Presence {
            id: RecordId::from(format!("p{session}-{member}")),
            session: RecordId::from(format!("s{session}")),
            member: RecordId::from(format!("m{member}")),
            mark,
            why: None,
            note: None,
            signed_at: None,
        }
    }

    #[test]
    fn late_joiners_and_leavers_are_expected_only_while_members() {
        let members =
            [member(1, Some(0), None), member(2, Some(10), None), member(3, Some(0), Some(10))];
        let records = [record(1, 5, 0), record(2, 12, 2), record(3, 20, 0)];
        let marks = [
            came(1, 1, Mark::Present),
            came(1, 3, Mark::Late),
            came(2, 1, Mark::LeftEarly),
            came(2, 2, Mark::Absent),
            came(3, 1, Mark::Absent),
            came(3, 2, Mark::Present),
        ];
        let f = Figures::of(&records, &members, &marks);
        assert_eq!((f.expected, f.present, f.others, f.persons), (6, 4, 2, 3));
        assert_eq!((f.person_times(), f.rate().as_deref()), (6, Some("66.6")));
        // Two of three sessions complete; one of three does not, though it was one of one expected.
        let done: Vec<bool> = f.members.iter().map(|m| m.completed).collect();
        assert_eq!((done, f.completed), (vec![true, false, false], 1));
    }

    #[test]
    fn nobody_and_nothing_is_no_rate() {
        assert_eq!(Figures::of(&[], &[member(1, Some(0), None)], &[]).rate(), None);
    }

    #[test]
    fn a_form_proposes_present_until_somebody_signs_in() {
        assert_eq!(proposed(None, false), Mark::Present);
        assert_eq!(proposed(None, true), Mark::Absent);
        assert_eq!(proposed(Some(&came(1, 1, Mark::Late)), true), Mark::Late);
    }

    proptest! {
        #[test]
        fn rows_add_up(
            spans in prop::collection::vec((prop::option::of(0i32..40), prop::option::of(0i32..40)), 0..14),
            days in prop::collection::vec((0i32..40, 0i64..4), 0..10),
            marks in prop::collection::vec(0usize..5, 140),
        ) {
            let members: Vec<Member> = spans.iter().zip(1..).map(|((from, left), n)| member(n, *from, *left)).collect();
            let records: Vec<Record> = days.iter().enumerate().map(|(n, (on, others))| record(n, *on, *others)).collect();
            let mut presences = Vec::new();
            for s in 0..records.len() {
                for m in &members {
                    let at = s * 14 + usize::try_from(m.number - 101).unwrap();
                    if let Some(mark) = Mark::ALL.get(marks[at]) {
                        presences.push(came(s, m.number - 100, *mark));
                    }
                }
            }
            let f = Figures::of(&records, &members, &presences);
            let sum = |it: &mut dyn Iterator<Item = i64>| it.sum::<i64>();
            prop_assert_eq!(f.expected, sum(&mut f.sessions.iter().map(|s| s.expected)));
            prop_assert_eq!(f.expected, sum(&mut f.members.iter().map(|m| m.expected)));
            prop_assert_eq!(f.present, sum(&mut f.sessions.iter().map(|s| s.present)));
            prop_assert_eq!(f.present, sum(&mut f.members.iter().map(|m| m.present)));
            prop_assert_eq!(f.present, presences.iter().filter(|p| p.mark.attended()).count() as i64);
            prop_assert_eq!(f.others, days.iter().map(|d| d.1).sum::<i64>());
            prop_assert!(f.persons <= f.present && f.persons <= members.len() as i64 && f.completed <= f.persons);
            prop_assert!(f.present == 0 || f.persons > 0);
            for m in &f.members {
                prop_assert!(0 <= m.present && m.present <= m.expected && m.expected <= f.held() as i64);
                prop_assert_eq!(m.completed, f.held() > 0 && 3 * m.present >= 2 * f.held() as i64);
            }
        }
    }
}
