//! What the policy is told: the tables and the log say the same, silence is not zero, and what cannot be true is refused.
mod common;

use std::sync::Arc;

use common::{day, input, map, migrations, no, now, put, system};
use db::Tx;
use kernel::{Ids, RegionId, SiteId};
use policy::rows::{Rows, Table};
use proptest::prelude::*;
use sites::acts::{self, NewSite};
use sites::model::SiteKind;

fn rows(tx: &mut Tx<'_>, known: Option<kernel::Instant>) -> Rows {
    let mut out = Rows::default();
    (sites::slice().facts.unwrap().rows)(tx, known, &mut out).unwrap();
    out
}

fn station(tx: &mut Tx<'_>, cx: &access::Cx) -> SiteId {
    let new = NewSite::at(SiteKind::Station, RegionId::from("r9900020010"), day("2022-01-01"));
    acts::open(tx, cx, new).unwrap().id
}

#[test]
fn silence_is_not_zero() {
    let ids = Arc::new(Ids::new([7; 32]));
    let cx = system(&ids);
    for db in common::open(&migrations()) {
        let cx = cx.clone();
        db.write(move |tx| {
            map(tx)?;
            let site = station(tx, &cx);
            let said = |tx: &mut Tx<'_>, table| {
                rows(tx, None).reports.iter().any(|r| r.table == table && r.unit == site.0)
            };
            assert!(!said(tx, Table::Rooms) && !said(tx, Table::Posts));
            acts::report_empty(tx, &cx, &site, "rooms")?;
            assert!(said(tx, Table::Rooms) && !said(tx, Table::Posts));
            let facts = [("kind", "logo"), ("since", "2022-02-01")];
            let kept = put(tx, &cx, "facilities", site.as_str(), &facts)?;
            assert!(said(tx, Table::Facilities));
            assert_eq!(no(acts::report_empty(tx, &cx, &site, "facilities")), ["-:sites.not_empty"]);
            let register = sites::registers::register("facilities").unwrap();
            web::register::acts::remove(tx, &cx, register, &kept.id, None)?;
            assert!(!said(tx, Table::Facilities), "a record taken back is no report");
            assert_eq!(rows(tx, None), rows(tx, Some(cx.now)));
            Ok(())
        })
        .unwrap();
    }
}

#[test]
fn names_are_dated() {
    let ids = Arc::new(Ids::new([7; 32]));
    let cx = system(&ids);
    let db = db::testing::sqlite(&migrations());
    db.write(move |tx| {
        map(tx)?;
        let site = station(tx, &cx);
        let old = "甲汀社工站";
        assert_eq!(
            no(acts::rename(tx, &cx, &site, old, day("2023-01-01"), false, None)),
            [
                "name:naming.city_missing",
                "name:naming.district_missing",
                "name:naming.street_missing",
                "name:naming.suffix"
            ]
        );
        acts::rename(tx, &cx, &site, old, day("2023-01-01"), true, None)?;
        let unit = rows(tx, None).units.into_iter().find(|u| u.id == site.0).unwrap();
        assert_eq!(unit.name, old);
        let names: Vec<_> = unit.names.iter().map(|n| (n.name.as_str(), n.from, n.to)).collect();
        assert_eq!(
            names,
            [
                ("云海市云汀示范区甲汀街道社会工作站", day("2022-01-01"), Some(day("2023-01-01"))),
                (old, day("2023-01-01"), None)
            ]
        );
        assert_eq!(
            no(acts::rename(tx, &cx, &site, "丙", day("2022-12-31"), true, None)),
            ["since:sites.renamed_too_early"]
        );
        assert_eq!(
            no(acts::rename(tx, &cx, &site, "丙", day("2024-12-31"), true, Some(1))),
            ["stale"]
        );
        Ok(())
    })
    .unwrap();
}

#[test]
fn what_cannot_be_true_is_refused() {
    let ids = Arc::new(Ids::new([7; 32]));
    let cx = system(&ids);
    for db in common::open(&migrations()) {
        let cx = cx.clone();
        db.write(move |tx| {
            map(tx)?;
            let site = station(tx, &cx);
            let home = ("home", "r9900020010");
            let who = put(tx, &cx, "people", "", &[("name", "周一"), ("external_id", "P1"), home])?;
            assert_eq!(who.version, db::event::version(tx, "person", &who.id)?);
            let person = ("person", who.id.as_str());
            let post = |tx: &mut Tx<'_>, since, until, role| {
                let f = [
                    person,
                    ("role", role),
                    ("employment", "full_time"),
                    ("since", since),
                    ("until", until),
                ];
                put(tx, &cx, "posts", site.as_str(), &f)
            };
            assert_eq!(no(post(tx, "2021-12-31", "", "head")), ["since:sites.before_site"]);
            post(tx, "2022-01-01", "2023-01-01", "head")?;
            assert_eq!(no(post(tx, "2022-12-31", "", "head")), ["since:posts.overlap"]);
            post(tx, "2022-12-31", "", "worker")?;
            post(tx, "2023-01-01", "", "head")?;
            let other = put(tx, &cx, "people", "", &[("name", "吴二"), home])?;
            let two = [
                ("person", other.id.as_str()),
                ("role", "head"),
                ("employment", "part_time"),
                ("since", "2024-01-01"),
            ];
            put(tx, &cx, "posts", site.as_str(), &two)?;
            let _number = |n| {
                put(
                    tx,
                    &cx,
                    "people",
                    "",
                    &[
                        ("name", "郑三"),
                        ("id_number", n),
                        ("sex", "male"),
                        ("birth", "1990-01-02"),
                        home,
                    ],
                )
            };
            assert_eq!(
                no(put(
                    tx,
                    &cx,
                    "people",
                    "",
                    &[("name", "郑三"), ("id_number", "11010519491231002X"), home]
                )),
                ["id_number:people.number_real"]
            );
            let made = made_up("99000219900101001");
            assert_eq!(
                no(put(
                    tx,
                    &cx,
                    "people",
                    "",
                    &[
                        ("name", "郑三"),
                        ("id_number", &made),
                        ("sex", "female"),
                        ("birth", "1990-01-02"),
                        home
                    ]
                )),
                ["birth:people.birth_differs", "sex:people.sex_differs"]
            );
            put(tx, &cx, "people", "", &[("name", "郑三"), ("id_number", &made), home])?;
            assert_eq!(
                no(put(tx, &cx, "people", "", &[("name", "郑四"), ("id_number", &made), home])),
                ["id_number:people.number_taken"]
            );
            assert_eq!(
                no(put(
                    tx,
                    &cx,
                    "rooms",
                    site.as_str(),
                    &[("name", "一室"), ("since", "2022-01-01")]
                )),
                ["functions:register.missing"]
            );
            let f = [
                ("code", "X"),
                ("kind", "studio"),
                ("name", "甲室"),
                ("region", "9900020010"),
                ("since", "2022-01-01"),
            ];
            assert_eq!(no(put(tx, &cx, "sites", "", &f)), ["region:sites.region_kind"]);
            Ok(())
        })
        .unwrap();
    }
}

/// A number with its check digit, at an unassignable place.
fn made_up(body: &str) -> String {
    "0123456789X"
        .chars()
        .map(|c| format!("{body}{c}"))
        .find(|n| kernel::numbers::id_card(n, now().day()).is_ok())
        .unwrap()
}

const SINCE: [&str; 3] = ["2022-03-01", "2023-05-01", "2024-07-01"];
const UNTIL: [&str; 3] = ["", "2025-01-01", "2026-06-30"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn tables_and_log_say_the_same(steps in prop::collection::vec((0u8..7, 0usize..3, 0usize..3, 0usize..6), 1..25)) {
        let ids = Arc::new(Ids::new([9; 32]));
        let db = db::testing::sqlite(&migrations());
        let cx = system(&ids);
        db.write(move |tx| {
            map(tx)?;
            let site = station(tx, &cx);
            let who = put(tx, &cx, "people", "", &[("name", "周一"), ("home", "r9900020010")])?.id;
            let mut kept: Vec<(&str, String)> = Vec::new();
            for (what, since, until, pick) in steps {
                let span = [("since", SINCE[since]), ("until", UNTIL[until])];
                let function = sites_function(pick);
                let (register, parent, fields) = match what {
                    0 => ("rooms", site.as_str(), vec![("name", "室"), ("functions", function)]),
                    1 => ("facilities", site.as_str(), vec![("kind", "logo")]),
                    2 => ("posts", site.as_str(), vec![("person", who.as_str()), ("role", "worker"), ("employment", "full_time")]),
                    3 => ("qualifications", who.as_str(), vec![("kind", "supervisor"), ("level", "city")]),
                    4 => ("documents", site.as_str(), vec![("class", "plan"), ("kind", "post"), ("title", "计划")]),
                    _ => {
                        if kept.is_empty() { continue }
                        let at = pick % kept.len();
                        let (name, id) = kept[at].clone();
                        let register = sites::registers::register(name).unwrap();
                        let done = if what == 5 {
                            kept.remove(at);
                            web::register::acts::remove(tx, &cx, register, &id, None)
                        } else {
                            tx.attempt(|tx| web::register::acts::amend(tx, &cx, register, &id, &input(&span), None, acts::resolve).map(drop))
                        };
                        assert!(matches!(done, Ok(()) | Err(db::Error::Refused(_))), "{done:?}");
                        continue;
                    }
                };
                let all = [fields, span.to_vec()].concat();
                match tx.attempt(|tx| put(tx, &cx, register, parent, &all)) {
                    Ok(k) => kept.push((register, k.id)),
                    Err(db::Error::Refused(_)) => {}
                    Err(e) => return Err(e),
                }
            }
            assert_eq!(rows(tx, None), rows(tx, Some(cx.now)));
            let sum = |r: &Rows| r.rooms.len() + r.facilities.len() + r.posts.len() + r.qualifications.len() + r.documents.len();
            assert_eq!(sum(&rows(tx, None)), kept.len());
            Ok(())
        }).unwrap();
    }
}

fn sites_function(pick: usize) -> &'static str {
    ["worker", "case,group", "multi", "archive,worker", "group", "case"][pick]
}
