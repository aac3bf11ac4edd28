//! Nouns: who sees which part of the ledger, what is asked, and counts too small to be told.
use access::Cx;
use db::{record, words};
use kernel::{Day, PersonId, RecordId, SiteId};
use ledger::ServiceKind;

/// Counts of clients below this are not told to whoever sees counts only: a handful of people is easily recognised.
pub const LEAST_TOLD: i64 = 5;
/// The longest entry of time that was no service: a day.
pub const MOST_MINUTES: i64 = 24 * 60;
/// How many services a page of the list shows.
pub const PER_PAGE: i64 = 40;

/// How far into the ledger somebody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// One's own services and hours.
    Own(PersonId),
    /// Every service and everybody's hours within scope: heads of stations, who answer for them.
    Place,
    /// Counts by site: the district, the street, who evaluates and audits.
    Counts,
}

impl Reach {
    /// The reach of whoever asks. Somebody who serves but has no file of their own sees counts.
    pub fn of(cx: &Cx) -> Self {
        if cx.actor.role().is_none() || cx.actor.can("clients.assign") {
            return Self::Place;
        }
        match cx.actor.person() {
            Some(person) if cx.actor.can("worklog.write") => Self::Own(person.clone()),
            _ => Self::Counts,
        }
    }
    /// Are counts of few people hidden from this viewer?
    pub fn coarse(&self) -> bool {
        *self == Self::Counts
    }
}

words! {
    /// Which of a month's figures a table shows.
    pub enum Measure {
        /// 服务次数
        Services = "services",
        /// 服务小时
        Hours = "hours",
        /// 人数
        Persons = "persons",
        /// 人次
        PersonTimes = "person_times",
    }
}

/// What part of the ledger is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The first of the month.
    pub month: Day,
    /// The whole year of that month instead.
    pub year: bool,
    pub site: String,
    pub kind: Option<ServiceKind>,
    pub person: String,
    pub project: String,
}

impl Asked {
    /// From the words of a query; a month that is none is the month of `today`.
    pub fn read(today: Day, get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name| get(name).unwrap_or_default();
        let month =
            format!("{}-01", text("month")).parse().unwrap_or_else(|_| today.start_of_month());
        Self {
            month,
            year: text("span") == "year",
            site: text("site"),
            kind: ServiceKind::parse(&text("kind")),
            person: text("person"),
            project: text("project"),
        }
    }
    /// `2026-11`
    pub fn month_text(&self) -> String {
        self.month.to_string().chars().take(7).collect()
    }
    /// The first and last day asked for.
    pub fn days(&self) -> (Day, Day) {
        if self.year {
            (self.month.start_of_year(), self.month.end_of_year())
        } else {
            (self.month, self.month.end_of_month())
        }
    }
    /// As a query, with one name set differently (`""` drops it).
    pub fn query(&self, name: &str, value: &str) -> String {
        let month = self.month_text();
        let kind = self.kind.map_or("", ServiceKind::as_str);
        let span = if self.year { "year" } else { "" };
        let mut all: Vec<(&str, &str)> = [
            ("month", month.as_str()),
            ("span", span),
            ("site", &self.site),
            ("kind", kind),
            ("person", &self.person),
            ("project", &self.project),
        ]
        .into_iter()
        .map(|(n, v)| if n == name { (n, value) } else { (n, v) })
        .collect();
        if !all.iter().any(|(n, _)| *n == name) {
            all.push((name, value));
        }
        let parts: Vec<String> = all
            .into_iter()
            .filter(|(n, v)| !n.is_empty() && !v.is_empty())
            .map(|(n, v)| format!("{n}={}", web::encode(v)))
            .collect();
        parts.join("&")
    }
}

words! {
    /// Where a piece of work is listed as a service.
    pub enum ItemSource {
        /// 年度服务计划
        Plan = "plan",
        /// 服务协议
        Contract = "contract",
        /// 考核指标
        Assessment = "assessment",
    }
}

record! {
    /// Something a site's service plan, contract or assessment lists for a year (4B.1-7).
    pub struct ServiceItem in "service_item" {
        id: RecordId,
        site: SiteId,
        year: i64,
        title: String,
        source: ItemSource,
        /// It is administrative work of the street, which must not stand here.
        admin: bool,
    }
}

/// Minutes as hours with one decimal: `12.5`.
pub fn hours(minutes: i64) -> String {
    let tenths = (minutes * 10 + 30).div_euclid(60);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A part of a whole in per cent with one decimal; a dash when there is no whole.
pub fn share(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "—".into();
    }
    let tenths = (part * 1000 + whole / 2) / whole;
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// Which cells of a table of client counts must not be told: those of 1 to [`LEAST_TOLD`] − 1 people, and so many more that no row or
/// column with a told total leaves exactly one cell out, from which it could be reckoned back.
pub fn hidden(counts: &[Vec<i64>]) -> Vec<Vec<bool>> {
    let mut out: Vec<Vec<bool>> = counts
        .iter()
        .map(|row| row.iter().map(|n| (1..LEAST_TOLD).contains(n)).collect())
        .collect();
    let wide = counts.iter().map(Vec::len).max().unwrap_or_default();
    let mut lines: Vec<Vec<(usize, usize)>> = counts
        .iter()
        .enumerate()
        .map(|(y, row)| (0..row.len()).map(|x| (y, x)).collect())
        .collect();
    lines.extend((0..wide).map(|x| {
        counts.iter().enumerate().filter(|(_, row)| x < row.len()).map(|(y, _)| (y, x)).collect()
    }));
    let at = |y: usize, x: usize| counts.get(y).and_then(|r| r.get(x)).copied().unwrap_or_default();
    loop {
        let mut more = None;
        for line in &lines {
            let is = |&(y, x): &(usize, usize)| out.get(y).and_then(|r| r.get(x)) == Some(&true);
            if line.iter().filter(|c| is(c)).count() != 1 {
                continue;
            }
            let open = line.iter().filter(|c| !is(c) && at(c.0, c.1) > 0);
            if let Some(next) = open.min_by_key(|c| at(c.0, c.1)) {
                more = Some(*next);
                break;
            }
        }
        let Some((y, x)) = more else { return out };
        if let Some(cell) = out.get_mut(y).and_then(|r| r.get_mut(x)) {
            *cell = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hours_and_shares_round_to_one_decimal() {
        assert_eq!([hours(0), hours(45), hours(90), hours(1000)], ["0.0", "0.8", "1.5", "16.7"]);
        assert_eq!([share(1, 3), share(0, 5), share(1, 0)], ["33.3%", "0.0%", "—"]);
    }

    #[test]
    fn a_query_comes_back_as_it_went() {
        let today = "2026-11-23".parse().unwrap();
        let asked = Asked {
            month: "2026-10-01".parse().unwrap(),
            year: true,
            site: "s 1".into(),
            kind: Some(ServiceKind::Visit),
            person: String::new(),
            project: "p".into(),
        };
        let text = asked.query("", "");
        let get = |name: &str| {
            text.split('&')
                .find_map(|p| p.strip_prefix(&format!("{name}=")))
                .map(|v| v.replace("%20", " "))
        };
        assert_eq!(Asked::read(today, get), asked);
        assert_eq!(asked.query("kind", ""), "month=2026-10&span=year&site=s%201&project=p");
        assert_eq!(Asked::read(today, |_| None).month_text(), "2026-11");
    }

    proptest! {
        #[test]
        fn no_hidden_count_can_be_reckoned_back(
            counts in prop::collection::vec(prop::collection::vec(0..9_i64, 4), 1..6)
        ) {
            let out = hidden(&counts);
            for (y, row) in counts.iter().enumerate() {
                for (x, n) in row.iter().enumerate() {
                    prop_assert!(out[y][x] || !(1..LEAST_TOLD).contains(n));
                    prop_assert!(!out[y][x] || *n > 0);
                }
            }
            let lonely = |line: Vec<(i64, bool)>| {
                line.iter().filter(|c| c.1).count() == 1 && line.iter().any(|c| !c.1 && c.0 > 0)
            };
            for y in 0..counts.len() {
                prop_assert!(!lonely((0..4).map(|x| (counts[y][x], out[y][x])).collect()));
            }
            for x in 0..4 {
                prop_assert!(!lonely((0..counts.len()).map(|y| (counts[y][x], out[y][x])).collect()));
            }
        }
    }
}
