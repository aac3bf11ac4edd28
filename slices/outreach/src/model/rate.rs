//! 探访率: of the people due for a visit in a month, how many were met (DOMAIN §4.2). An attempt is no visit.
use db::{FromRow, Result, Row};
use kernel::{ClientId, Day, PersonId, RegionId, SiteId};
use registry::client::RiskGrade;

use super::due::{due_after, usual_days};

/// A client in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InMonth {
    pub client: ClientId,
    pub number: i64,
    pub name: String,
    pub region: RegionId,
    pub site: Option<SiteId>,
    pub grade: RiskGrade,
    pub since: Day,
    /// May the asker see who it is?
    pub seen: bool,
    pub keeper: Option<PersonId>,
    pub own_days: Option<i64>,
    /// The last met visit before the month.
    pub before: Option<Day>,
    /// Met visits in the month.
    pub met: i64,
    /// Visits and attempts in the month.
    pub tried: i64,
}

impl FromRow for InMonth {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            client: row.get("id")?,
            number: row.get("number")?,
            name: row.get("name")?,
            region: row.get("region")?,
            site: row.get("site")?,
            grade: row.get("grade")?,
            since: row.get("since")?,
            seen: row.get::<i64>("seen")? > 0,
            keeper: row.get("keeper")?,
            own_days: row.get("own_days")?,
            before: row.get("met_before")?,
            met: row.get("met")?,
            tried: row.get("tried")?,
        })
    }
}

impl InMonth {
    /// Is a visit due by the last day of the month?
    pub fn due_by(&self, last: Day) -> bool {
        let every = self.own_days.unwrap_or_else(|| usual_days(self.grade));
        due_after(self.before.unwrap_or(self.since), every, None) <= last
    }
}

/// Due, met and tried of some people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Rate {
    /// Distinct people due.
    pub due: i64,
    /// Of them, met at least once.
    pub met: i64,
    /// Of them, tried and never met.
    pub missed: i64,
}

impl Rate {
    /// Counts one person who was due.
    pub fn count(&mut self, c: &InMonth) {
        self.due += 1;
        self.met += i64::from(c.met > 0);
        self.missed += i64::from(c.met == 0 && c.tried > 0);
    }
    /// Per cent, one decimal; a dash when nobody was due.
    pub fn percent(&self) -> String {
        kernel::Ratio::new(self.met, self.due).percent().unwrap_or_else(|| "—".into())
    }
}

/// Adds up people by a key, in the order in which keys first come.
pub fn by<K: PartialEq + Clone>(all: &[InMonth], key: impl Fn(&InMonth) -> K) -> Vec<(K, Rate)> {
    let mut out: Vec<(K, Rate)> = Vec::new();
    for c in all {
        let k = key(c);
        match out.iter_mut().find(|(have, _)| *have == k) {
            Some((_, rate)) => rate.count(c),
            None => {
                let mut rate = Rate::default();
                rate.count(c);
                out.push((k, rate));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person(n: i64, keeper: u8, met: i64, tried: i64) -> InMonth {
        InMonth {
            client: n.to_string().into(),
            number: n,
            name: String::new(),
            region: "r".into(),
            site: None,
            grade: RiskGrade::Low,
            since: Day(0),
            seen: true,
            keeper: Some(keeper.to_string().into()),
            own_days: None,
            before: None,
            met,
            tried: tried.max(met),
        }
    }

    #[test]
    fn a_quarterly_client_is_due_once_a_quarter() {
        let mut c = person(1, 1, 0, 0);
        let last: Day = "2026-11-30".parse().unwrap();
        c.before = Some("2026-10-15".parse().unwrap());
        assert!(!c.due_by(last));
        c.before = Some("2026-08-30".parse().unwrap());
        assert!(c.due_by(last));
        c.before = None;
        c.since = "2026-11-20".parse().unwrap();
        c.grade = RiskGrade::Critical;
        assert!(c.due_by(last));
    }

    proptest! {
        #[test]
        fn rows_add_up_to_the_total(people in prop::collection::vec((0u8..5, 0i64..3, 0i64..4), 0..60)) {
            let all: Vec<InMonth> = people.iter().zip(0..).map(|((k, m, t), n)| person(n, *k, *m, *t)).collect();
            let rows = by(&all, |c| c.keeper.clone());
            let total = by(&all, |_| ());
            let total = total.first().map(|t| t.1).unwrap_or_default();
            prop_assert_eq!(rows.iter().map(|r| r.1.due).sum::<i64>(), total.due);
            prop_assert_eq!(rows.iter().map(|r| r.1.met).sum::<i64>(), total.met);
            prop_assert_eq!(rows.iter().map(|r| r.1.missed).sum::<i64>(), total.missed);
            prop_assert!(total.met + total.missed <= total.due);
        }
    }
}
