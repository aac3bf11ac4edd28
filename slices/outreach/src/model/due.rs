//! When a visit is due, and in which order one walks.
use db::{FromRow, Result, Row, record};
use kernel::{ClientId, Day, Instant, PersonId, RecordId, VisitId};
use registry::client::{Client, RiskGrade};

record! {
    /// How often a client is visited, set apart from what the risk grade asks for. `why` is sealed for the client.
    pub struct VisitPlan in "visit_plan" {
        id: RecordId,
        client: ClientId,
        every_days: i64,
        why: Option<db::Sealed>,
        set_by: String,
        since: Day,
        until: Option<Day>,
    }
}

record! {
    /// A visit planned for a day.
    pub struct Turn in "visit_turn" {
        id: RecordId,
        client: ClientId,
        day: Day,
        set_by: String,
        at: Instant,
        visit: Option<VisitId>,
        dropped: Option<Instant>,
    }
}

record! {
    /// Who is to go.
    pub struct TurnWorker in "visit_turn_worker" {
        id: RecordId,
        turn: RecordId,
        person: PersonId,
    }
}

/// Days between visits by risk grade: weekly, monthly, monthly, quarterly (DOMAIN §2.4).
pub const fn usual_days(grade: RiskGrade) -> i64 {
    match grade {
        RiskGrade::Critical => 7,
        RiskGrade::High | RiskGrade::Medium => 30,
        RiskGrade::Low => 90,
    }
}

/// Where a client stands as far as visits are concerned.
#[derive(Clone, Debug)]
pub struct Standing {
    pub client: Client,
    /// Estate, building, entrance.
    pub building: String,
    pub last_met: Option<Day>,
    /// Agreed at the latest visit or attempt.
    pub next_on: Option<Day>,
    /// The client's own frequency, when one is set.
    pub own_days: Option<i64>,
    /// The responsible worker.
    pub keeper: Option<PersonId>,
    /// Is the asker assigned, as worker or co-worker?
    pub mine: bool,
    /// Planned for this day and not done yet.
    pub planned: Option<Day>,
}

impl FromRow for Standing {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            client: Client::from_row(row)?,
            building: row.get::<Option<String>>("building")?.unwrap_or_default(),
            last_met: row.get("last_met")?,
            next_on: row.get("next_visit")?,
            own_days: row.get("own_days")?,
            keeper: row.get("keeper")?,
            mine: row.get::<i64>("mine")? > 0,
            planned: row.get("planned")?,
        })
    }
}

impl Standing {
    /// Days between visits.
    pub fn every(&self) -> i64 {
        self.own_days.unwrap_or_else(|| usual_days(self.client.grade))
    }
    /// The day by which the next visit is due: so many days after the last met one (after the file was opened when there was none),
    /// or sooner when a sooner day was agreed.
    pub fn due(&self) -> Day {
        due_after(self.last_met.unwrap_or(self.client.since), self.every(), self.next_on)
    }
    /// Where it stands among the houses: community, then building as numbers count, then the client's number.
    pub fn place(&self) -> (String, Vec<Chunk>, i64) {
        (self.client.path.clone(), natural(&self.building), self.client.number)
    }
}

/// The due day after a visit.
pub fn due_after(last: Day, every: i64, agreed: Option<Day>) -> Day {
    let due = last.plus_days(i32::try_from(every).unwrap_or(90));
    agreed.map_or(due, |a| a.min(due))
}

/// A part of a building's name: words, or a number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chunk {
    Number(u64),
    Words(String),
}

/// A text as people count: 2 幢 before 11 幢.
pub fn natural(text: &str) -> Vec<Chunk> {
    let mut out: Vec<Chunk> = Vec::new();
    for c in text.chars() {
        match (c.to_digit(10), out.last_mut()) {
            (Some(d), Some(Chunk::Number(n))) => {
                *n = n.saturating_mul(10).saturating_add(u64::from(d))
            }
            (Some(d), _) => out.push(Chunk::Number(u64::from(d))),
            (None, Some(Chunk::Words(w))) => w.push(c),
            (None, _) => out.push(Chunk::Words(c.to_string())),
        }
    }
    out
}

/// The way one walks: estates, buildings, doors in their order.
pub fn route(all: &mut [Standing]) {
    all.sort_by_cached_key(Standing::place);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(t: &str) -> Day {
        t.parse().unwrap()
    }

    #[test]
    fn due_by_grade_and_sooner_when_agreed() {
        let last = day("2026-11-01");
        assert_eq!(due_after(last, usual_days(RiskGrade::Critical), None), day("2026-11-08"));
        assert_eq!(due_after(last, usual_days(RiskGrade::High), None), day("2026-12-01"));
        assert_eq!(due_after(last, 90, Some(day("2026-11-20"))), day("2026-11-20"));
        assert_eq!(due_after(last, 30, Some(day("2027-01-20"))), day("2026-12-01"));
    }

    #[test]
    fn buildings_in_walking_order() {
        let mut all = vec!["桂语苑 11 幢", "桂语苑 2 幢 1 单元", "桂语苑 2 幢", "柳岸里 3 幢"];
        all.sort_by_key(|b| natural(b));
        assert_eq!(all, ["柳岸里 3 幢", "桂语苑 2 幢", "桂语苑 2 幢 1 单元", "桂语苑 11 幢"]);
    }
}
