//! The ledger against a plain recount: whatever is recorded, amended and withdrawn, the monthly sums, the sums over any days and the
//! hours of each worker are what one gets by counting the services that stand, on both engines.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use access::Cx;
use db::{Db, Migration};
use kernel::{ClientId, Day, Ids, Instant, PersonId, SiteId};
use ledger::report::{self, Part, Sum};
use ledger::{NewService, ServiceKind};
use proptest::prelude::*;
use registry::client::{Client, ClientState, RiskGrade};
use registry::people::Person;
use registry::region::{Region, RegionKind};
use registry::site::{Site, SiteKind};

/// 2026-11-23 09:00 in Shanghai.
const NOW: i64 = 1_795_395_600_000;
const KINDS: [ServiceKind; 3] =
    [ServiceKind::Visit, ServiceKind::GroupSession, ServiceKind::CaseContact];

fn day(text: &str) -> Day {
    text.parse().unwrap()
}
fn cx() -> Cx {
    static IDS: OnceLock<Arc<Ids>> = OnceLock::new();
    Cx::system(Instant(NOW), IDS.get_or_init(|| Arc::new(Ids::new([3; 32]))).clone())
}
fn migrations() -> Vec<Migration> {
    [registry::MIGRATIONS, access::MIGRATIONS, ledger::MIGRATIONS].concat()
}
fn house() -> &'static [Db] {
    static HOUSE: OnceLock<Vec<Db>> = OnceLock::new();
    HOUSE.get_or_init(|| {
        let all = db::testing::both(&migrations());
        for db in &all {
            db.write(|tx| {
                for (id, path, kind) in
                    [("s", "/s/", RegionKind::Street), ("c", "/s/c/", RegionKind::Community)]
                {
                    registry::region::insert(
                        tx,
                        &Region {
                            id: id.into(),
                            kind,
                            code: id.into(),
                            name: id.into(),
                            parent: (id == "c").then(|| "s".into()),
                            path: path.into(),
                            since: day("2020-01-01"),
                            until: None,
                        },
                    )?;
                }
                for n in 0..3 {
                    tx.insert(&person(n))?;
                }
                for n in 0..6 {
                    tx.insert(&client(n))?;
                }
                Ok(())
            })
            .unwrap();
        }
        all
    })
}
fn person(n: usize) -> Person {
    serde_json::from_value(
        serde_json::json!({ "id": format!("p{n}"), "name": format!("甲{n}"), "home": "s" }),
    )
    .unwrap()
}
fn client(n: i64) -> Client {
    Client {
        id: format!("k{n}").into(),
        number: n,
        external_id: None,
        name: format!("乙{n}"),
        sex: None,
        birth: None,
        id_number: None,
        id_index: None,
        id_tail: None,
        phone: None,
        phone_index: None,
        phone_tail: None,
        region: "c".into(),
        path: "/s/c/".into(),
        site: None,
        household: None,
        restricted: false,
        grade: RiskGrade::Low,
        state: ClientState::Active,
        merged_into: None,
        since: day("2026-01-01"),
        ended_on: None,
        ended_why: None,
    }
}
/// A site of its own for each history, so that they share a database and nothing else.
fn site() -> SiteId {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let id = format!("site{}", NEXT.fetch_add(1, Ordering::Relaxed));
    for db in house() {
        let id = id.clone();
        db.write(move |tx| {
            tx.insert(&Site {
                id: id.clone().into(),
                code: id.clone(),
                kind: SiteKind::Station,
                name: id,
                named: None,
                region: "s".into(),
                parent: None,
                basis: None,
                label: None,
                address: None,
                host: None,
                area: None,
                phone: None,
                since: day("2020-01-01"),
                until: None,
            })
        })
        .unwrap();
    }
    id.into()
}

#[derive(Clone, Debug)]
enum Step {
    Record(What),
    Amend(usize, What),
    Withdraw(usize),
}
#[derive(Clone, Debug)]
struct What {
    kind: usize,
    /// Days after 2026-08-20: three months in all.
    day: i32,
    minutes: i64,
    clients: Vec<usize>,
    workers: Vec<(usize, i64)>,
    unnamed: i64,
}

fn what() -> impl Strategy<Value = What> {
    (
        0..KINDS.len(),
        0..90_i32,
        0..200_i64,
        prop::collection::vec(0..6_usize, 0..5),
        prop::collection::btree_map(0..3_usize, 0..200_i64, 1..3),
        0..4_i64,
    )
        .prop_map(|(kind, day, minutes, clients, workers, unnamed)| What {
            kind,
            day,
            minutes,
            clients,
            workers: workers.into_iter().collect(),
            unnamed,
        })
}
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => what().prop_map(Step::Record),
        2 => (0..8_usize, what()).prop_map(|(n, w)| Step::Amend(n, w)),
        1 => (0..8_usize).prop_map(Step::Withdraw),
    ];
    prop::collection::vec(step, 1..14)
}

impl What {
    fn on(&self) -> Day {
        day("2026-08-20").plus_days(self.day)
    }
    fn service(&self, site: &SiteId, source_id: &str) -> NewService {
        NewService {
            kind: KINDS[self.kind],
            source: "test",
            source_id: source_id.into(),
            site: site.clone(),
            region: "c".into(),
            path: "/s/c/".into(),
            day: self.on(),
            minutes: self.minutes,
            workers: self.workers.iter().map(|(n, m)| (format!("p{n}").into(), *m)).collect(),
            clients: self.clients.iter().map(|n| format!("k{n}").into()).collect(),
            unnamed: self.unnamed,
            project: (self.kind == 0).then(|| "project".into()),
            need: None,
            field: None,
        }
    }
    fn named(&self) -> BTreeSet<usize> {
        self.clients.iter().copied().collect()
    }
}

fn count<'a>(all: impl Iterator<Item = &'a What>) -> Sum {
    let mut sum = Sum::default();
    let mut met = BTreeSet::new();
    for w in all {
        sum.services += 1;
        sum.minutes += w.minutes;
        sum.person_times += i64::try_from(w.named().len()).unwrap() + w.unnamed;
        sum.persons += w.unnamed;
        met.extend(w.named());
    }
    sum.persons += i64::try_from(met.len()).unwrap();
    sum
}

fn month(w: &What) -> String {
    w.on().to_string()[..7].to_owned()
}

fn agree(db: &Db, site: &SiteId, stand: &[What], stretch: (Day, Day)) {
    let here = site.clone();
    let (kinds, all) = db
        .read(move |tx| {
            let mine = |v: Vec<report::Month>| -> Vec<report::Month> {
                v.into_iter().filter(|m| m.site == here).collect()
            };
            let (from, to) = ("2026-01", "2026-12");
            Ok((
                mine(report::months(tx, "/s/", from, to)?),
                mine(report::totals(tx, "/s/", from, to)?),
            ))
        })
        .unwrap();
    let got: BTreeMap<(String, Option<ServiceKind>), Sum> = kinds
        .iter()
        .chain(&all)
        .map(|m| {
            let sum = Sum {
                services: m.services,
                minutes: m.minutes,
                person_times: m.person_times,
                persons: m.persons,
            };
            ((m.month.clone(), m.kind), sum)
        })
        .collect();
    let mut want = BTreeMap::new();
    for m in stand.iter().map(month).collect::<BTreeSet<_>>() {
        want.insert((m.clone(), None), count(stand.iter().filter(|w| month(w) == m)));
        for (k, kind) in KINDS.iter().enumerate() {
            let part = || stand.iter().filter(|w| month(w) == m && w.kind == k);
            if part().next().is_some() {
                want.insert((m.clone(), Some(*kind)), count(part()));
            }
        }
    }
    assert_eq!(got, want);

    let year =
        Part { site: Some(site.clone()), ..Part::of("/s/", day("2026-01-01"), day("2026-12-31")) };
    let mut rows = db.read(move |tx| report::by_month(tx, &year)).unwrap();
    let mut kept: Vec<_> =
        kinds.into_iter().chain(all).map(|m| report::Month { site: "".into(), ..m }).collect();
    let key = |m: &report::Month| (m.month.clone(), m.kind);
    rows.sort_by_key(key);
    kept.sort_by_key(key);
    assert_eq!(rows, kept);

    let part = Part { site: Some(site.clone()), ..Part::of("/s/", stretch.0, stretch.1) };
    let inside = || stand.iter().filter(|w| (stretch.0..=stretch.1).contains(&w.on()));
    let (whole, project, hours, rows) = db
        .read(move |tx| {
            let project = Part { project: Some("project".into()), ..part.clone() };
            let hours = report::hours(tx, &part)?;
            let mut rows = Vec::new();
            let mut after: Option<(Day, kernel::ServiceId)> = None;
            // Page by page, three at a time: every service once.
            loop {
                let last = after.as_ref().map(|(d, i)| (*d, i));
                let page = report::list(tx, &part, last, 3)?;
                let Some(end) = page.last() else { break };
                after = Some((end.day, end.id.clone()));
                rows.extend(page);
            }
            Ok((report::sum(tx, &part)?, report::sum(tx, &project)?, hours, rows))
        })
        .unwrap();
    assert_eq!(whole, count(inside()));
    assert_eq!(project, count(inside().filter(|w| w.kind == 0)));
    assert_eq!(i64::try_from(rows.len()).unwrap(), whole.services);
    assert_eq!(rows.iter().map(|s| s.person_times).sum::<i64>(), whole.person_times);
    let ids: BTreeSet<_> = rows.iter().map(|s| s.id.clone()).collect();
    assert_eq!(ids.len(), rows.len());
    let mut of_person: BTreeMap<PersonId, i64> = BTreeMap::new();
    for h in hours {
        *of_person.entry(h.person).or_default() += h.minutes;
    }
    let mut want: BTreeMap<PersonId, i64> = BTreeMap::new();
    for (p, m) in inside().flat_map(|w| &w.workers) {
        *want.entry(format!("p{p}").into()).or_default() += m;
    }
    assert_eq!(of_person, want);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn sums_are_what_the_rows_say(steps in steps(), from in 0..90_i32, days in 0..40_i32) {
        let site = site();
        let mut stand: Vec<Option<What>> = Vec::new();
        for step in &steps {
            match step {
                Step::Record(w) => {
                    for db in house() {
                        let new = w.service(&site, &format!("{site}-{}", stand.len()));
                        db.write(move |tx| ledger::record(tx, &cx(), new)).unwrap();
                    }
                    stand.push(Some(w.clone()));
                }
                Step::Amend(n, w) if matches!(stand.get(*n), Some(Some(_))) => {
                    for db in house() {
                        let new = w.service(&site, &format!("{site}-{n}"));
                        db.write(move |tx| ledger::amend(tx, &cx(), new)).unwrap();
                    }
                    stand[*n] = Some(w.clone());
                }
                Step::Withdraw(n) if matches!(stand.get(*n), Some(Some(_))) => {
                    for db in house() {
                        let source = format!("{site}-{n}");
                        db.write(move |tx| ledger::withdraw(tx, &cx(), "test", &source)).unwrap();
                    }
                    stand[*n] = None;
                }
                Step::Amend(n, _) | Step::Withdraw(n) => {
                    // What was never recorded, or is withdrawn, cannot be changed.
                    for db in house() {
                        let source = format!("{site}-{n}");
                        let no = db.write(move |tx| ledger::withdraw(tx, &cx(), "test", &source));
                        prop_assert!(matches!(no, Err(db::Error::Missing)));
                    }
                }
            }
        }
        let stand: Vec<What> = stand.into_iter().flatten().collect();
        let start = day("2026-08-20").plus_days(from);
        for db in house() {
            agree(db, &site, &stand, (start, start.plus_days(days)));
        }
    }
}

#[test]
fn what_cannot_be_is_refused_at_its_field() {
    let site = site();
    let good =
        What { kind: 0, day: 0, minutes: 30, clients: vec![0], workers: vec![(0, 30)], unnamed: 0 };
    for db in house() {
        let tries = [
            ("minutes", NewService { minutes: 1441, ..good.service(&site, "x") }),
            ("day", NewService { day: day("2026-11-24"), ..good.service(&site, "x") }),
            ("workers", NewService { workers: Vec::new(), ..good.service(&site, "x") }),
        ];
        for (field, new) in tries {
            let no = db.write(move |tx| ledger::record(tx, &cx(), new));
            let Err(db::Error::Refused(no)) = no else { unreachable!("{no:?}") };
            assert_eq!(no.0[0].field.as_deref(), Some(field));
        }
        let id = ClientId::from("k0");
        assert!(
            db.read(move |tx| report::last_of(tx, &id, ServiceKind::Deliberation))
                .unwrap()
                .is_none()
        );
    }
}
