//! The story of one rule, told through the router on both engines: three licensed workers at a station (4A.3-5).
#![allow(
    clippy::allow_attributes,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails loudly"
)]

use std::collections::BTreeMap;

use access::Role;
use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use serde_json::{Value as Json, json};
use story::{Browser, House, houses};

const RULE: &str = "station.certified";

struct Told {
    station: String,
    other: String,
    /// A worker without a certificate, and her post.
    late: (String, String),
    lines: Vec<String>,
}

/// Two stations; at the first, two of four hold a certificate in force, one has lapsed, one has none.
fn begin(h: &House) -> Told {
    h.map();
    let station = h.station("r990002001");
    let other = h.station("r990002002");
    let here = "r990002001";
    let (head, _) = h.staff(&station, here, "周一", "head");
    let (deputy, _) = h.staff(&station, here, "吴二", "deputy");
    let (lapsed, _) = h.staff(&station, here, "郑三", "worker");
    let late = h.staff(&station, here, "王四", "worker");
    h.certificate(&head, "sw", "2016-06-01", "");
    h.certificate(&deputy, "sw_assistant", "2018-06-01", "");
    h.certificate(&lapsed, "sw", "2019-06-01", "2026-06-01");
    h.staff(&other, "r990002002", "孙五", "head");
    h.open("shen", Role::DistrictOfficer, "r990002");
    h.open("lin", Role::StationHead, "r990002001");
    h.open("yan", Role::Auditor, "r990002");
    h.open("admin", Role::SystemAdmin, "r990002");
    Told { station, other, late, lines: Vec::new() }
}

impl Told {
    fn say(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }
    async fn ask(&mut self, b: &mut Browser, more: &str) -> String {
        let verdict = b.verdict(&self.station, RULE, more).await;
        self.say(format!("{more} → {verdict}"));
        verdict
    }
}

/// `rule: before → after` of the flips an answer lists.
fn flips(answer: &Json) -> Vec<String> {
    let text = |f: &Json, n: &str| f[n].as_str().unwrap().to_owned();
    let all = answer["flips"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let mut out: Vec<String> = all
        .iter()
        .map(|f| {
            format!(
                "{} {}: {} → {}",
                text(f, "unit_name"),
                text(f, "rule"),
                text(f, "before"),
                text(f, "after")
            )
        })
        .collect();
    out.sort();
    out
}

type Board = BTreeMap<(String, String), String>;

/// What was said would flip is what flipped between two boards.
fn turned(before: &Board, after: &Board, answer: &Json) {
    let said: BTreeMap<(String, String), (String, String)> = answer["flips"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            let text = |n: &str| f[n].as_str().unwrap().to_owned();
            ((text("unit"), text("rule")), (text("before"), text("after")))
        })
        .collect();
    let absent = || "absent".to_owned();
    let keys: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).cloned().collect();
    let came: BTreeMap<_, _> = keys
        .into_iter()
        .map(|k| {
            let pair = (
                before.get(&k).cloned().unwrap_or_else(absent),
                after.get(&k).cloned().unwrap_or_else(absent),
            );
            (k, pair)
        })
        .filter(|(_, (a, b))| a != b)
        .collect();
    assert_eq!(said, came);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_turns_the_verdict_for_its_days_and_not_before_it_was_known() {
    let mut told = Vec::new();
    for h in houses() {
        let mut t = begin(&h);
        let mut officer = h.signed_in("shen").await;
        assert_eq!(t.ask(&mut officer, "").await, "fail");
        near_miss(&h, &mut t).await;

        h.pass_days(1);
        h.certificate(&t.late.0, "sw", "2026-11-01", "2026-12-15");
        let mut officer = h.signed_in("shen").await;
        assert_eq!(t.ask(&mut officer, "").await, "pass");
        assert_eq!(t.ask(&mut officer, "&as_of=2026-10-31").await, "fail");
        assert_eq!(t.ask(&mut officer, "&as_of=2026-11-01").await, "pass");
        assert_eq!(t.ask(&mut officer, "&as_of=2026-12-14").await, "pass");
        assert_eq!(t.ask(&mut officer, "&as_of=2026-12-15").await, "fail");
        // What was believed the day before, of the same day.
        assert_eq!(t.ask(&mut officer, "&as_of=2026-11-24&known_at=2026-11-23").await, "fail");
        assert_eq!(t.ask(&mut officer, "&as_of=2026-11-24&known_at=2026-11-24").await, "pass");
        let page = officer.get(&format!("/board/{}/why/{RULE}?as_of=2026-12-15", t.station)).await;
        assert!(page.body.contains("郑三") && page.body.contains("4A.3-5"));
        let bad = officer.get("/api/v1/findings?as_of=tomorrow").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        told.push(t.lines);
    }
    assert_eq!(told[0], told[1], "both engines tell the same story");
    insta::assert_snapshot!("certificate", told[0].join("\n"));
}

/// The explanation names the lapsed certificate first, with its record's page.
async fn near_miss(h: &House, t: &mut Told) {
    let mut auditor = h.signed_in("yan").await;
    let at = format!("/api/v1/units/{}/rules/{RULE}/explanation", t.station);
    let why = auditor.get(&at).await.json();
    let term = &why["terms"][0];
    let names = |list: &str| -> Vec<String> {
        let lines = term[list].as_array().unwrap();
        lines
            .iter()
            .map(|l| format!("{} {}", l["label"].as_str().unwrap(), l["because"]["text"]))
            .collect()
    };
    t.say(format!("counted {:?}", names("counted")));
    t.say(format!("rejected {:?}", names("rejected")));
    let nearest = &term["rejected"][0];
    assert_eq!(nearest["label"], "郑三");
    assert_eq!(nearest["because"]["key"], "policy.reason.qualification_ended");
    assert!(nearest["because"]["text"].as_str().unwrap().contains("2026-06-01"));
    let href = nearest["record"]["href"].as_str().unwrap();
    assert!(href.starts_with("/records/posts/"), "{href}");
    assert_eq!(term["rejected"][1]["because"]["key"], "policy.reason.no_qualification");
    assert_eq!(term["value"]["n"], 2);
    assert_eq!(why["verdict"], "fail");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switched_reading_flips_what_its_preview_said_and_happens_once() {
    let mut told = Vec::new();
    for h in houses() {
        let mut t = begin(&h);
        h.certificate(&t.late.0, "sw", "2026-11-01", "");
        let mut officer = h.signed_in("shen").await;
        let before = officer.board("").await;
        let at = "/api/v1/policy/options/licensed_means";
        let said = officer.get(&format!("{at}/preview?value=social_worker_and_above")).await.json();
        t.lines.extend(flips(&said));
        assert!(
            t.lines.iter().any(|l| l.contains("station.certified: pass → fail")),
            "{:?}",
            t.lines
        );
        let change = json!({ "value": "social_worker_and_above" });
        let first = officer.post(at, "one", change.clone()).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
        let seq = h.shell.db.seq();
        let again = officer.post(at, "one", change).await;
        assert_eq!(
            (again.body, h.shell.db.seq()),
            (first.body, seq),
            "the same key, the same answer"
        );
        let other = officer.post(at, "one", json!({ "value": "assistant_and_above" })).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        turned(&before, &officer.board("").await, &said);
        // Yesterday was judged by yesterday's reading, and still is.
        assert_eq!(t.ask(&mut officer, "&as_of=2026-11-22").await, "pass");
        // A reading switched for an earlier day changes that day's answer, but not what was answered then.
        h.pass_days(2);
        let mut officer = h.signed_in("shen").await;
        let back = json!({ "value": "assistant_and_above", "since": "2026-11-24" });
        assert_eq!(officer.post(at, "two", back).await.status, StatusCode::CREATED);
        assert_eq!(t.ask(&mut officer, "&as_of=2026-11-24").await, "pass");
        assert_eq!(t.ask(&mut officer, "&as_of=2026-11-24&known_at=2026-11-24").await, "fail");
        assert_eq!(t.ask(&mut officer, "&as_of=2026-11-23").await, "fail");
        let twice = json!({ "value": "social_worker_and_above", "since": "2026-11-20" });
        let refused = officer.post(at, "", twice).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        let policy = officer.get("/api/v1/policy?as_of=2026-11-23").await.json();
        let option =
            policy["options"].as_array().unwrap().iter().find(|o| o["name"] == "licensed_means");
        assert_eq!(option.unwrap()["in_force"], "social_worker_and_above");
        for (path, body, status) in [
            (at, json!({ "value": "whatever" }), StatusCode::UNPROCESSABLE_ENTITY),
            (at, json!({ "value": "x", "force": true }), StatusCode::BAD_REQUEST),
            ("/api/v1/policy/options/none", json!({ "value": "x" }), StatusCode::NOT_FOUND),
        ] {
            assert_eq!(officer.post(path, "", body).await.status, status, "{path}");
        }
        told.push(t.lines);
    }
    assert_eq!(told[0], told[1]);
    insta::assert_snapshot!("reading", told[0].join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiver_excuses_until_its_end() {
    let mut told = Vec::new();
    for h in houses() {
        let mut t = begin(&h);
        let mut officer = h.signed_in("shen").await;
        let grant = json!({ "rule": RULE, "unit": t.station, "reason": "等待考试成绩", "until": "2026-12-10" });
        let mut head = h.signed_in("lin").await;
        assert_eq!(
            head.post("/api/v1/waivers", "", grant.clone()).await.status,
            StatusCode::FORBIDDEN
        );
        let made = officer.post("/api/v1/waivers", "w1", grant.clone()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert_eq!(officer.post("/api/v1/waivers", "w1", grant).await.body, made.body);
        assert_eq!(head.get("/api/v1/waivers").await.json().as_array().unwrap().len(), 1);
        assert_eq!(t.ask(&mut officer, "&as_of=2026-11-22").await, "fail");
        assert_eq!(t.ask(&mut officer, "").await, "waived");
        assert_eq!(t.ask(&mut officer, "&as_of=2026-12-09").await, "waived");
        assert_eq!(t.ask(&mut officer, "&as_of=2026-12-10").await, "fail");
        let too_long =
            json!({ "rule": RULE, "unit": t.station, "reason": "太久了吧", "until": "2030-01-01" });
        let refused = officer.post("/api/v1/waivers", "", too_long).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["errors"][0]["field"], "until");
        h.pass_days(3);
        let mut officer = h.signed_in("shen").await;
        let end = format!("/api/v1/waivers/{}/end", made.json()["id"].as_str().unwrap());
        assert_eq!(officer.post(&end, "", json!({})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(t.ask(&mut officer, "").await, "fail");
        assert_eq!(t.ask(&mut officer, "&as_of=2026-11-25").await, "waived");
        // On its last evening before the end nobody knew that it would end.
        assert_eq!(t.ask(&mut officer, "&as_of=2026-12-01&known_at=2026-11-25").await, "waived");
        // Ended is ended: ending it again neither lengthens it nor writes the log.
        h.pass_days(4);
        let mut officer = h.signed_in("shen").await;
        let seq = h.shell.db.seq();
        assert_eq!(officer.post(&end, "", json!({})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(h.shell.db.seq(), seq);
        assert_eq!(t.ask(&mut officer, "&as_of=2026-11-28").await, "fail");
        assert_eq!(
            officer.post("/api/v1/waivers/none/end", "", json!({})).await.status,
            StatusCode::NOT_FOUND
        );
        told.push(t.lines);
    }
    assert_eq!(told[0], told[1]);
    insta::assert_snapshot!("waiver", told[0].join("\n"));
}

/// Everything the database holds of what a question could have touched.
fn held(h: &House) -> String {
    h.read(|tx| {
        let mut out = String::new();
        for table in
            ["event", "post", "qualification", "room", "person", "site", "option_choice", "waiver"]
        {
            let n = tx.count(&format!("SELECT COUNT(*) FROM {table}"), db::args![])?;
            out.push_str(&format!("{table} {n}\n"));
        }
        for name in ["posts", "rooms"] {
            let r = sites::registers::register(name).unwrap();
            for site in tx.all::<db::Row>("SELECT id FROM site ORDER BY id", db::args![])? {
                let id: String = site.get("id")?;
                out.push_str(&format!("{name} {}\n", json!(r.of_parent(tx, &id)?)));
            }
        }
        Ok(out)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_what_if_question_changes_nothing_and_says_what_the_act_then_does() {
    let mut told = Vec::new();
    for h in houses() {
        let mut t = begin(&h);
        let certificate = h.certificate(&t.late.0, "sw", "2026-11-01", "");
        let mut head = h.signed_in("lin").await;
        let before = head.board("").await;
        let receipt = head.get("/api/v1/receipt").await.json();
        let (was, seq) = (held(&h), h.shell.db.seq());
        let end = json!({ "steps": [{ "do": "end", "register": "posts", "id": t.late.1 }] });
        let said = head.post("/api/v1/what-if", "", end).await;
        assert_eq!(said.status, StatusCode::OK, "{}", said.body);
        let said = said.json();
        t.lines.extend(flips(&said));
        assert!(
            t.lines.iter().any(|l| l.contains("station.certified: pass → fail")),
            "{:?}",
            t.lines
        );
        // A question of several steps, and one that is refused half way.
        let room = json!({ "do": "add", "register": "rooms", "parent": t.station, "fields": { "name": "—", "functions": "worker" } });
        let many = json!({ "steps": [room, { "do": "end", "register": "qualifications", "id": certificate }] });
        let more = head.post("/api/v1/what-if", "", many).await;
        assert_eq!(more.status, StatusCode::OK, "{}", more.body);
        t.lines.extend(flips(&more.json()));
        let refused = json!({ "steps": [{ "do": "end", "register": "posts", "id": t.late.1 },
            { "do": "add", "register": "rooms", "parent": t.station, "fields": { "functions": "no-such-room" } }] });
        let refused = head.post("/api/v1/what-if", "", refused).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        let moved = json!({ "steps": [{ "do": "move", "register": "posts", "id": t.late.1, "to": t.other }] });
        assert_eq!(
            head.post("/api/v1/what-if", "", moved.clone()).await.status,
            StatusCode::NOT_FOUND
        );
        let mut officer = h.signed_in("shen").await;
        let over = officer.post("/api/v1/what-if", "", moved).await;
        assert_eq!(over.status, StatusCode::OK, "{}", over.body);
        t.lines.extend(flips(&over.json()));
        let mut auditor = h.signed_in("yan").await;
        let none = json!({ "steps": [] });
        assert_eq!(auditor.post("/api/v1/what-if", "", none).await.status, StatusCode::FORBIDDEN);

        // Signing in writes the log; the questions themselves wrote nothing.
        let signed = 2;
        let now =
            held(&h).replace(&format!("event {}\n", h.shell.db.seq()), &format!("event {seq}\n"));
        assert_eq!((now, h.shell.db.seq()), (was, seq + signed));
        assert_eq!(head.board("").await, before);
        assert_eq!(head.get("/api/v1/receipt").await.json()["result_hash"], receipt["result_hash"]);

        h.amend("posts", &t.late.1, &[("until", "2026-11-23")]);
        turned(&before, &head.board("").await, &said);
        told.push(t.lines);
    }
    assert_eq!(told[0], told[1]);
    insta::assert_snapshot!("whatif", told[0].join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_streets_unit_looks_absent_and_a_sheet_carries_its_receipt() {
    for h in houses() {
        let t = begin(&h);
        let mut head = h.signed_in("lin").await;
        for path in [
            format!("/board/{}", t.other),
            format!("/board/{}/why/{RULE}", t.other),
            format!("/board/{}/sheet.xlsx", t.other),
            format!("/api/v1/units/{}/findings", t.other),
            format!("/api/v1/findings?unit={}", t.other),
            format!("/api/v1/units/{}/rules/{RULE}/explanation", t.other),
            "/api/v1/units/r990002/findings".into(),
            format!("/api/v1/units/{}/rules/no.such/explanation", t.station),
        ] {
            assert_eq!(head.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(head.board("").await.keys().all(|(unit, _)| *unit != t.other));
        let units = head.get("/api/v1/units").await;
        assert!(units.body.contains(&t.station) && !units.body.contains(&t.other));
        let mut officer = h.signed_in("shen").await;
        assert_eq!(officer.get(&format!("/board/{}", t.other)).await.status, StatusCode::OK);
        let grant = json!({ "rule": RULE, "unit": "nowhere", "reason": "没有这个站", "until": "2026-12-10" });
        assert_eq!(officer.post("/api/v1/waivers", "", grant).await.status, StatusCode::NOT_FOUND);

        // Whoever runs the system reads the policy and learns nothing of the units.
        let mut admin = h.signed_in("admin").await;
        assert_eq!(admin.get("/api/v1/findings").await.status, StatusCode::FORBIDDEN);
        assert_eq!(admin.get("/api/v1/rules").await.status, StatusCode::OK);
        let page = admin.get("/policy/options/licensed_means?value=social_worker_and_above").await;
        assert!(page.status == StatusCode::OK && !page.body.contains("甲汀"), "{}", page.body);

        let receipt = head.get("/api/v1/receipt").await.json();
        let sheet = head.get(&format!("/board/{}/sheet.xlsx", t.station)).await;
        assert_eq!(sheet.status, StatusCode::OK);
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(sheet.bytes)).unwrap();
        let cells: Vec<String> = book
            .worksheets()
            .into_iter()
            .flat_map(|(_, range)| {
                range.cells().map(|(_, _, c): (_, _, &Data)| c.to_string()).collect::<Vec<_>>()
            })
            .collect();
        let text = cells.join("\n");
        for name in ["result_hash", "pack_hash"] {
            assert!(text.contains(&receipt[name].as_str().unwrap()[..12]), "{name}: {text}");
        }
        assert!(
            text.contains("2026-11-23") && text.contains(receipt["pack_version"].as_str().unwrap())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misread_day_is_said_and_what_is_asked_of_people_is_the_bureaus() {
    let h = story::house();
    let t = begin(&h);
    let (mut officer, mut head) = (h.signed_in("shen").await, h.signed_in("lin").await);
    for page in ["/board?kind=studio&as_of=gestern", "/district?as_of=2026-13-01"] {
        let page = officer.get(page).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("不是日期"), "{}", page.body);
    }
    let why = format!("/board/{}/why/{RULE}?known_at=gestern", t.station);
    assert!(officer.get(&why).await.body.contains("“gestern”不是日期"));
    assert!(!officer.get("/board?kind=studio&as_of=2026-11-01").await.body.contains("不是日期"));

    let people = officer.get("/board?kind=person").await.body;
    assert!(people.contains("周一") && people.contains("吴二"), "{people}");
    assert!(!people.contains("郑三"), "nothing is asked of a worker: {people}");
    assert!(!head.get("/board?kind=person").await.body.contains("吴二"));
    let at = people.split("/board/").find(|p| p.contains("周一")).unwrap();
    let person = at.split(['"', '?']).next().unwrap();
    let why = format!("/board/{person}/why/head-treatment");
    assert_eq!(officer.get(&why).await.status, StatusCode::OK);
    assert_eq!(officer.get(&format!("/board/{person}")).await.status, StatusCode::OK);
    assert_eq!(head.get(&why).await.status, StatusCode::NOT_FOUND);
}

#[test]
fn two_exceptions_of_one_rule_and_unit_share_no_day() {
    for h in houses() {
        let t = begin(&h);
        let today = h.cx().today();
        let waive = |since: i32, until: i32| {
            let (cx, unit) = (h.cx(), t.station.clone());
            h.shell.db.write(move |tx| {
                let (since, until) = (today.plus_days(since), today.plus_days(until));
                let (rule, reason) = (RULE.to_owned(), "续证办理中".to_owned());
                let new = standards::acts::NewWaiver { rule, unit, reason, since, until };
                standards::acts::waive(tx, &cx, new)
            })
        };
        assert!(waive(0, 30).is_ok());
        assert!(waive(29, 60).is_err(), "one day shared");
        assert!(waive(30, 60).is_ok(), "the day after is free");
        assert!(waive(-10, 90).is_err(), "around both");
    }
}
