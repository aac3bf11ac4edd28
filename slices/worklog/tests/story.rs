//! The ledger as each person may read it: rows add up to every figure, small counts stay untold, and administrative time is no service.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails loudly"
)]
use axum::http::StatusCode;
use kernel::{ClientId, SiteId};
use ledger::{NewService, OtherKind, ServiceKind};
use serde_json::{Value as Json, json};
use story::{Browser, House, day, houses, no};
use worklog::acts::{self, NewTime};

struct Told {
    here: String,
    there: String,
}

#[expect(clippy::too_many_arguments, reason = "a service is made of exactly these")]
fn service(
    h: &House,
    login: &'static str,
    site: &str,
    n: u8,
    kind: ServiceKind,
    on: &str,
    clients: &[&ClientId],
    unnamed: i64,
) {
    let person = h.person_of(login);
    let street = if login == "stranger" { "r990002002" } else { "r990002001" };
    let new = NewService {
        kind,
        source: "visit",
        source_id: format!("{login}-{n}"),
        site: SiteId::from(site),
        region: street.into(),
        path: h.read(move |tx| Ok(registry::region::find(tx, &street.into())?.unwrap().path)),
        day: day(on),
        minutes: 30 + i64::from(n),
        workers: vec![(person, 30 + i64::from(n))],
        clients: clients.iter().map(|c| (*c).clone()).collect(),
        unnamed,
        project: None,
        need: None,
        field: None,
    };
    h.act(login, move |tx, cx| ledger::record(tx, cx, new)).unwrap();
}

/// A month of two stations.
fn begin(h: &House) -> Told {
    let (here, there) = h.cast();
    let zhou = h.client("周桂英", "1948-03-05", "worker");
    let qian = h.client("钱阿水", "1950-01-01", "worker");
    let sun = h.client("孙小满", "1961-01-01", "second");
    let s = |login, n, kind, on: &str, clients: &[&ClientId], unnamed| {
        let site = if login == "stranger" { &there } else { &here };
        service(h, login, site, n, kind, on, clients, unnamed);
    };
    s("worker", 1, ServiceKind::Visit, "2026-11-02", &[&zhou], 0);
    s("worker", 2, ServiceKind::Visit, "2026-11-09", &[&zhou, &qian], 0);
    s("worker", 3, ServiceKind::CaseContact, "2026-11-10", &[&zhou], 0);
    s("second", 4, ServiceKind::Activity, "2026-11-12", &[&zhou, &sun], 28);
    s("second", 5, ServiceKind::Visit, "2026-10-12", &[&sun], 0);
    s("stranger", 6, ServiceKind::Visit, "2026-11-12", &[], 2);
    Told { here, there }
}

async fn get(b: &mut Browser, path: &str) -> Json {
    let page = b.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    page.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_is_the_sum_of_the_rows_behind_it() {
    let mut told = Vec::new();
    for h in houses() {
        let t = begin(&h);
        let mut head = h.signed_in("head").await;
        let months = get(&mut head, "/api/v1/ledger/months?month=2026-11").await;
        let row = &months["rows"][0];
        assert_eq!(row["id"], t.here.as_str());
        assert_eq!(
            row["all"],
            json!({"services": 4, "minutes": 130, "persons": 31, "person_times": 34})
        );
        assert_eq!(row["kinds"]["visit"]["persons"], 2);
        assert_eq!(row["kinds"]["visit"]["person_times"], 3);
        assert_eq!(months["whole"]["persons"], 31);
        for (kind, cell) in row["kinds"].as_object().unwrap() {
            let path = format!("/api/v1/ledger/services?month=2026-11&site={}&kind={kind}", t.here);
            let behind = get(&mut head, &path).await;
            let rows = behind["services"].as_array().unwrap();
            let add = |name: &str| rows.iter().map(|r| r[name].as_i64().unwrap()).sum::<i64>();
            assert_eq!(cell["services"], rows.len());
            assert_eq!(cell["minutes"], add("minutes"));
            assert_eq!(cell["person_times"], add("person_times"));
            assert_eq!(cell, &behind["sum"], "{kind}");
        }
        // The page leads from a cell to the same rows.
        let page = head.get("/ledger?month=2026-11").await;
        let link = format!("/ledger/services?month=2026-11&#38;site={}&#38;kind=visit", t.here);
        let link = [link.clone(), link.replace("&#38;", "&amp;")]
            .into_iter()
            .find(|l| page.body.contains(l))
            .unwrap_or_else(|| panic!("{}", page.body));
        let behind = head.get(&link.replace("&#38;", "&").replace("&amp;", "&")).await;
        assert!(behind.body.contains("周桂英") && !behind.body.contains("孙小满"));
        // The site's own year, month by month.
        let year =
            get(&mut head, &format!("/api/v1/ledger/months?month=2026-11&site={}", t.here)).await;
        let rows = year["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 12);
        assert_eq!(
            (&rows[9]["all"]["services"], &rows[10]["all"]["services"]),
            (&1.into(), &4.into())
        );
        told.push((months, year));
    }
    assert_eq!(told[0], told[1], "both engines tell the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_sees_their_own_a_head_the_station_the_district_counts() {
    for h in houses() {
        let t = begin(&h);
        let mut worker = h.signed_in("worker").await;
        let mine = get(&mut worker, "/api/v1/ledger/services?month=2026-11").await;
        assert_eq!(mine["sum"]["services"], 3);
        let hours = get(&mut worker, "/api/v1/ledger/hours?month=2026-11").await;
        assert_eq!(
            hours.as_array().unwrap().len(),
            1,
            "one's own hours and nobody else's: {hours}"
        );
        assert_eq!(hours[0]["services"], json!({"visit": 63, "case_contact": 33}));
        let (me, second) = (h.person_of("worker"), h.person_of("second"));
        assert_eq!(
            worker.get(&format!("/ledger/hours/{me}?month=2026-11")).await.status,
            StatusCode::OK
        );
        let other = worker.get(&format!("/ledger/hours/{second}?month=2026-11")).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);

        let mut head = h.signed_in("head").await;
        let hours = get(&mut head, "/api/v1/ledger/hours?month=2026-11").await;
        assert_eq!(hours.as_array().unwrap().len(), 2);
        let sheet = head.get(&format!("/ledger/hours/{second}?month=2026-11")).await;
        assert!(sheet.body.contains("2026-11-12") && sheet.body.contains("站长签字"));
        let stranger = h.person_of("stranger");
        let away = head.get(&format!("/ledger/hours/{stranger}?month=2026-11")).await;
        assert_eq!(away.status, StatusCode::NOT_FOUND);
        let away = head.get(&format!("/ledger?site={}", t.there)).await;
        assert_eq!(away.status, StatusCode::NOT_FOUND);

        let mut officer = h.signed_in("officer").await;
        let months = get(&mut officer, "/api/v1/ledger/months?month=2026-11").await;
        let rows = months["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        for row in rows {
            let few = row["id"] == t.there.as_str();
            assert_eq!(row["all"]["persons"].is_null(), few, "{row}");
            // Two people visited, one in casework: neither is told, nor can be reckoned back from the whole.
            assert!(row["kinds"]["visit"]["persons"].is_null(), "{row}");
            assert!(row["kinds"]["visit"]["person_times"].is_null());
        }
        let page = officer.get("/ledger?month=2026-11&show=persons").await;
        assert!(page.body.contains("&lt;5") || page.body.contains("&#60;5"), "{}", page.body);
        assert!(!page.body.contains("/ledger/services?"), "no way to the rows");
        // Single rows are no part of the officer's role at all, so the door itself says no (`ledger.rows`).
        for path in
            ["/ledger/services", "/ledger/time", "/api/v1/ledger/services", "/api/v1/ledger/times"]
        {
            assert_eq!(officer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let hours = get(&mut officer, "/api/v1/ledger/hours?month=2026-11").await;
        let names: Vec<&Json> = hours.as_array().unwrap().iter().map(|h| &h["id"]).collect();
        assert!(
            names.contains(&&json!(t.here)) && names.contains(&&json!(t.there)),
            "sites, not people"
        );
        assert!(!h.shell.slices.iter().any(|s| s.name == "worklog" && s.nav.len() != 1));
    }
}

fn time(kind: OtherKind, minutes: i64, asked_by: &str, listed: bool) -> NewTime {
    NewTime {
        kind: Some(kind),
        day: Some(day("2026-11-20")),
        minutes,
        what: "整理街道台账".into(),
        asked_by: asked_by.into(),
        listed,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn administrative_time_is_told_and_is_never_a_service() {
    for h in houses() {
        let t = begin(&h);
        let log = |login, new: NewTime| h.act(login, move |tx, cx| acts::log(tx, cx, new));
        let admin = OtherKind::Administrative;
        assert_eq!(
            no(log("worker", time(admin, 60, " ", false))),
            ["asked_by:worklog.asked_by_missing"]
        );
        assert_eq!(
            no(log("worker", time(OtherKind::Meeting, 0, "", false))),
            ["minutes:worklog.minutes_wrong"]
        );
        let late =
            NewTime { day: Some(day("2026-11-24")), ..time(OtherKind::Meeting, 30, "", false) };
        assert_eq!(no(log("worker", late)), ["day:worklog.future"]);
        assert_eq!(
            no(log("officer", time(OtherKind::Meeting, 30, "", false))),
            ["-:access.denied"]
        );
        log("worker", time(OtherKind::Meeting, 30, "", true)).unwrap();
        let fine = log("worker", time(admin, 64, "党政办", false)).unwrap();

        let mut worker = h.signed_in("worker").await;
        let hours = get(&mut worker, "/api/v1/ledger/hours?month=2026-11").await;
        assert_eq!(hours[0]["other"], json!({"administrative": 64, "meeting": 30}));
        let page = worker.get("/ledger/time?month=2026-11").await;
        assert!(page.body.contains("33.7%"), "64 of 190 minutes: {}", page.body);
        let services = get(&mut worker, "/api/v1/ledger/services?month=2026-11").await;
        assert_eq!(services["sum"]["services"], 3, "never a service");

        // The rule asks for the plan first, then counts what stands in it.
        let mut head = h.signed_in("head").await;
        assert_eq!(head.verdict(&t.here, "station.no-admin", "").await, "unknown");
        let item = |title: &'static str, admin: &'static str| {
            let site = t.here.clone();
            let fields = [("year", "2026"), ("title", title), ("source", "plan"), ("admin", admin)];
            let input = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
            h.act("head", move |tx, cx| {
                let r = worklog::registers::items()?;
                web::register::acts::add(tx, cx, r, &site, &input, |_, _, _, _| Ok(None))
            })
        };
        item("独居老人定期走访", "0").unwrap();
        assert_eq!(no(item("独居老人定期走访", "0")), ["title:service_items.twice"]);
        assert_eq!(head.verdict(&t.here, "station.no-admin", "").await, "pass");
        let wrong = item("街道垃圾分类督查", "1").unwrap().id;
        assert_eq!(head.verdict(&t.here, "station.no-admin", "").await, "fail");
        assert!(head.get("/ledger/items").await.body.contains("街道垃圾分类督查"));
        h.act("head", move |tx, cx| {
            web::register::acts::remove(tx, cx, worklog::registers::items()?, &wrong, None)
        })
        .unwrap();
        assert_eq!(head.verdict(&t.here, "station.no-admin", "").await, "pass");
        let listed = log("worker", time(admin, 15, "城管科", true)).unwrap();
        assert_eq!(head.verdict(&t.here, "station.no-admin", "").await, "fail");
        let why = head.get(&format!("/board/{}/why/station.no-admin", t.here)).await;
        assert!(why.body.contains("整理街道台账"), "{}", why.body);
        let id = listed.clone();
        assert_eq!(no(h.act("second", move |tx, cx| acts::remove(tx, cx, &id))), ["missing"]);
        h.act("worker", move |tx, cx| acts::remove(tx, cx, &listed)).unwrap();
        assert_eq!(head.verdict(&t.here, "station.no-admin", "").await, "pass");
        h.act("worker", move |tx, cx| acts::remove(tx, cx, &fine)).unwrap();
        assert_eq!(
            no(item("另一项", "0")
                .map(drop)
                .and_then(|()| log("worker", time(admin, 9, "", true))))
            .len(),
            1
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_keep_what_was_typed_and_files_carry_a_receipt() {
    for h in houses() {
        begin(&h);
        let mut worker = h.signed_in("worker").await;
        let csrf = worker.get("/ledger/time/new").await.csrf();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let body = format!(
            "_csrf={csrf}&kind=administrative&day=2026-11-20&minutes=90&what=%E5%88%92%E7%AB%99"
        );
        let page = worker.send("POST", "/ledger/time", &form, &body).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("划站") && page.body.contains("谁交办"), "{}", page.body);
        let page = worker.send("POST", "/ledger/time", &form, &format!("{body}&asked_by=x")).await;
        assert_eq!(
            (page.status, page.to.as_str()),
            (StatusCode::SEE_OTHER, "/ledger/time?month=2026-11")
        );

        let made = worker
            .post(
                "/api/v1/ledger/times",
                "k1",
                json!({"kind": "travel", "day": "2026-11-19", "minutes": 20, "what": "路上"}),
            )
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let again = worker
            .post(
                "/api/v1/ledger/times",
                "k1",
                json!({"kind": "travel", "day": "2026-11-19", "minutes": 20, "what": "路上"}),
            )
            .await;
        assert_eq!(again.json()["id"], id.as_str(), "once");

        assert_eq!(worker.get("/ledger/files/hours.xlsx").await.status, StatusCode::FORBIDDEN);
        let mut head = h.signed_in("head").await;
        for file in ["months", "services", "hours"] {
            let page = head.get(&format!("/ledger/files/{file}.xlsx?month=2026-11")).await;
            assert_eq!(page.status, StatusCode::OK, "{file}");
            assert_eq!(&page.bytes[..2], b"PK", "{file}");
        }
        assert_eq!(head.get("/ledger/files/other.xlsx").await.status, StatusCode::NOT_FOUND);
        let mut officer = h.signed_in("officer").await;
        assert_eq!(officer.get("/ledger/files/services.xlsx").await.status, StatusCode::NOT_FOUND);
        assert_eq!(officer.get("/ledger/files/months.xlsx").await.status, StatusCode::OK);
        let taken = h.read(|tx| {
            tx.count(
                "SELECT COUNT(*) FROM event WHERE subject = 'ledger_file' AND verb = 'taken'",
                db::args![],
            )
        });
        assert_eq!(taken, 4);
    }
}
