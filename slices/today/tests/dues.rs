//! What is due, on a fixed clock: the page, the API and the slices that know it say the same, each to whoever may mend it.
#![allow(clippy::allow_attributes, clippy::unwrap_used, reason = "a test fails loudly")]

use access::Role;
use axum::http::StatusCode;
use serde_json::Value as Json;
use story::{Browser, House, houses};

/// A station whose head's registration lapses on 10 December, and another street's, both short of staff.
fn begin(h: &House) -> (String, String) {
    h.map();
    let (station, other) = (h.station("r990002001"), h.station("r990002002"));
    let (head, _) = h.staff(&station, "r990002001", "周一", "head");
    h.certificate(&head, "sw", "2016-06-01", "");
    h.certificate(&head, "registration", "2024-01-15", "2026-12-10");
    h.staff(&other, "r990002002", "孙五", "head");
    h.open("shen", Role::DistrictOfficer, "r990002");
    h.open("lin", Role::StationHead, "r990002001");
    h.open("yan", Role::Auditor, "r990002");
    (station, other)
}

async fn due(b: &mut Browser) -> Vec<Json> {
    b.get("/api/v1/today").await.json().as_array().unwrap().clone()
}
fn about<'a>(all: &'a [Json], words: &str) -> Vec<&'a Json> {
    all.iter().filter(|d| d["href"].as_str().unwrap().contains(words)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_rule_is_due_to_whoever_may_mend_it_and_leaves_when_it_is_mended() {
    let mut told = Vec::new();
    for h in houses() {
        let (station, other) = begin(&h);
        let mut head = h.signed_in("lin").await;
        let all = due(&mut head).await;
        let staff = format!("/board/{station}/why/station.staff");
        let found = about(&all, &staff);
        assert_eq!(found.len(), 1, "{all:?}");
        assert_eq!((&found[0]["clause"], &found[0]["by"]), (&"4A.3-3".into(), &Json::Null));
        assert!(about(&all, &other).is_empty(), "another street's work is not hers");
        let page = head.get("/today").await;
        assert!(page.body.contains(&staff) && !page.body.contains(&other));

        let mut officer = h.signed_in("shen").await;
        let wide = due(&mut officer).await;
        assert!(!about(&wide, &station).is_empty() && !about(&wide, &other).is_empty());
        let mut auditor = h.signed_in("yan").await;
        let auditors = due(&mut auditor).await;
        assert!(about(&auditors, "/board/").is_empty(), "who may not mend is not asked to");

        h.staff(&station, "r990002001", "吴二", "deputy");
        h.staff(&station, "r990002001", "郑三", "worker");
        let later = due(&mut head).await;
        assert!(about(&later, &staff).is_empty(), "three are enough");
        told.push((texts(&all), texts(&later)));
    }
    assert_eq!(told[0], told[1], "both engines say the same");
}

fn texts(all: &[Json]) -> Vec<String> {
    all.iter().map(|d| format!("{} {} {}", d["text"], d["place"], d["by"])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiver_about_to_end_is_due_within_sixty_days_and_first() {
    for h in houses() {
        let (station, _) = begin(&h);
        let mut officer = h.signed_in("shen").await;
        for (rule, until) in [("station.staff", "2026-12-01"), ("station.certified", "2027-03-01")]
        {
            let body = serde_json::json!({ "rule": rule, "unit": station, "reason": "等待招聘", "until": until });
            let made = officer.post("/api/v1/waivers", "", body).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        }
        let mut head = h.signed_in("lin").await;
        let all = due(&mut head).await;
        let staff = about(&all, "why/station.staff");
        assert_eq!(staff.len(), 1, "a waived rule is no failing rule: {all:?}");
        assert_eq!(staff[0]["by"], "2026-12-01");
        assert!(
            about(&all, "why/station.certified").is_empty(),
            "its end is further off than 60 days"
        );
        let days: Vec<_> = all.iter().map(|d| d["by"].as_str().map(str::to_owned)).collect();
        let first_open = days.iter().position(Option::is_none).unwrap_or(days.len());
        assert!(
            days[first_open..].iter().all(Option::is_none),
            "what has a day comes first: {days:?}"
        );
        let mut sorted = days[..first_open].to_vec();
        sorted.sort();
        assert_eq!(sorted, days[..first_open], "the nearest day first");

        // On the day it ends the rule itself is due again.
        h.pass_days(8);
        let mut head = h.signed_in("lin").await;
        let all = due(&mut head).await;
        let staff = about(&all, "why/station.staff");
        assert_eq!((staff.len(), &staff[0]["by"]), (1, &Json::Null), "{all:?}");
    }
}
