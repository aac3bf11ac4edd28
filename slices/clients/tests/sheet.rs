//! Residents by the sheet, files that look alike, scales over a merge, the load of a team: on both engines.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]
use std::collections::BTreeMap;

use clients::acts::take_in::Likeness;
use clients::acts::{alike, merge, scales, take_in};
use clients::model::NewClient;
use kernel::ClientId;
use story::{House, day, no};
use web::register::Register;
use web::register::acts::{Kept, Outcome, restore};

const HERE: &str = "r990002001001";

fn residents() -> &'static Register {
    clients::registers::registers()[0]
}
fn row(h: &House, who: &'static str, cells: &[(&str, &str)]) -> db::Result<Kept> {
    let resolve = h.shell.resolve();
    let input = cells.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    h.act(who, move |tx, cx| web::register::acts::add(tx, cx, residents(), "", &input, resolve))
}
fn taken(h: &House, who: &'static str, new: NewClient) -> ClientId {
    h.act(who, move |tx, cx| Ok(take_in::take_in(tx, cx, new)?.client.id)).unwrap()
}
fn count(h: &House, sql: &'static str) -> i64 {
    h.read(move |tx| tx.count(sql, db::args![]))
}

#[test]
fn a_row_is_taken_in_as_at_the_door() {
    for h in story::houses() {
        h.cast();
        let whole = [
            ("name", "周桂英"),
            ("birth", "1948-03-05"),
            ("phone", "16400003001"),
            ("region", HERE),
            ("building", "桂语苑 3 幢"),
            ("door", "402"),
            ("external_id", "MC-1"),
            ("categories", "dibao,duju"),
            ("categories_since", "2024-01-01"),
            ("since", "2026-11-02"),
        ];
        let kept = row(&h, "head", &whole).unwrap();
        assert_eq!(kept.outcome, Outcome::Added);
        assert_eq!(
            count(
                &h,
                "SELECT COUNT(*) FROM client_category WHERE source = 'imported' AND since = '2024-01-01'"
            ),
            2
        );
        // The same sheet again changes nothing.
        let again = row(&h, "head", &whole).unwrap();
        assert_eq!((again.outcome, &again.id), (Outcome::Unchanged, &kept.id));
        // What is wrong is said at its cell.
        let bad = [("name", ""), ("region", "nowhere"), ("birth", "1948-13-05")];
        assert_eq!(
            no(row(&h, "head", &bad)),
            ["name:register.missing", "birth:register.not_a_day", "region:register.region_unknown"]
        );
        let hidden = [("name", "何彩娥"), ("region", HERE), ("categories", "zhongjing")];
        assert_eq!(no(row(&h, "head", &hidden)), ["categories:residents.restricted"]);
        // Search before create: who looks like somebody is not taken in twice by accident.
        let phone = [("name", "何彩娥"), ("region", HERE), ("phone", "16400003001")];
        assert_eq!(no(row(&h, "head", &phone)), ["phone:residents.like.phone"]);
        let sound = [("name", "周桂瑛"), ("region", HERE), ("birth", "1948-03-05")];
        assert_eq!(no(row(&h, "head", &sound)), ["name:residents.like.sound"]);
        let sure = [phone.as_slice(), &[("anyway", "1")]].concat();
        let other = row(&h, "head", &sure).unwrap();
        // An import is taken back while nobody worked with it.
        let id = other.id.clone();
        h.act("head", move |tx, cx| restore(tx, cx, residents(), &id, None)).unwrap();
        assert_eq!(count(&h, "SELECT COUNT(*) FROM client"), 1);
        let id = ClientId::from(kept.id.as_str());
        let change = clients::acts::file::Change {
            name: Some("周桂芬".into()),
            ..clients::acts::file::Change::default()
        };
        h.act("head", move |tx, cx| clients::acts::file::amend(tx, cx, &id, change, None)).unwrap();
        let id = kept.id.clone();
        assert_eq!(
            no(h.act("head", move |tx, cx| restore(tx, cx, residents(), &id, None))),
            ["-:residents.used"]
        );
        assert_eq!(no(row(&h, "auditor", &whole)), ["-:access.denied"]);
    }
}

#[test]
fn what_two_files_share_is_said() {
    for h in story::houses() {
        h.cast();
        let of = |name: &str, birth: &str, phone: &str, number: &str| NewClient {
            birth: Some(day(birth)),
            phone: phone.into(),
            id_number: number.into(),
            anyway: true,
            ..NewClient::called(name, HERE.into(), day("2026-11-02"))
        };
        let one = taken(&h, "worker", of("邵月琴", "1949-05-06", "16400004001", ""));
        let two = taken(&h, "second", of("邵玥琴", "1949-05-06", "16400004001", ""));
        taken(&h, "worker", of("邵建国", "1975-01-02", "16400004001", ""));
        taken(&h, "worker", of("何彩娥", "1949-05-06", "", ""));
        let pairs = h.act("head", |tx, cx| alike::pairs(tx, cx, 10)).unwrap();
        assert_eq!(pairs.len(), 3, "the twins first, the family's phone last");
        assert_eq!(pairs[0].why, [Likeness::SoundAndBirth, Likeness::Phone]);
        assert_eq!((&pairs[0].one.id, &pairs[0].other.id), (&one, &two));
        assert!(pairs[1..].iter().all(|p| p.why == [Likeness::Phone]));
        let r = h.act("worker", |tx, cx| alike::pairs(tx, cx, 10).map(drop));
        assert_eq!(no(r), ["-:access.denied"]);
        // Somebody hidden from the head stands in no pair.
        h.write({
            let two = two.clone();
            move |tx, _| {
                tx.run("UPDATE client SET restricted = 1 WHERE id = $1", db::args![two]).map(drop)
            }
        });
        let pairs = h.act("head", |tx, cx| alike::pairs(tx, cx, 10)).unwrap();
        assert!(pairs.iter().all(|p| p.one.id != two && p.other.id != two));
    }
}

#[test]
fn scales_go_with_a_merge_and_come_back() {
    for h in story::houses() {
        h.cast();
        let of = |name: &str| NewClient {
            anyway: true,
            ..NewClient::called(name, HERE.into(), day("2026-09-01"))
        };
        let one = taken(&h, "worker", of("邵月琴"));
        let two = taken(&h, "worker", of("邵玥琴"));
        let three = taken(&h, "worker", of("邵岳琴"));
        for (id, on) in [(&one, "2026-10-01"), (&two, "2026-09-10"), (&three, "2026-11-01")] {
            let id = id.clone();
            h.act("worker", move |tx, cx| {
                let form = forms::library::latest(tx, "phq9")?;
                let flat: BTreeMap<String, String> = (1..=9)
                    .map(|q| (format!("q{q}"), if q == 9 { "0" } else { "1" }.to_owned()))
                    .collect();
                scales::keep(tx, cx, &id, &form, form.read(&flat)?, day(on)).map(drop)
            })
            .unwrap();
        }
        let days = |id: &ClientId| {
            let id = id.clone();
            h.read(move |tx| {
                Ok(scales::answers(tx, &id, "phq9")?
                    .into_iter()
                    .map(|a| a.on_day.to_string())
                    .collect::<Vec<_>>())
            })
        };
        let merge = |kept: &ClientId, gone: &ClientId| {
            let (k, g) = (kept.clone(), gone.clone());
            h.act("head", move |tx, cx| merge::merge(tx, cx, &k, &g)).unwrap().id.0
        };
        // Three goes into two, two into one: all that was answered stands in the file that lives on, in its order.
        let first = merge(&two, &three);
        let second = merge(&one, &two);
        assert_eq!(days(&one), ["2026-09-10", "2026-10-01", "2026-11-01"]);
        let old = three.clone();
        let found = h.act("worker", move |tx, cx| Ok(access::care::find(tx, cx, &old)?.0.id));
        assert_eq!(found.unwrap(), one, "an address of long ago leads to the file that lives");
        let (id, three_) = (one.clone(), three.clone());
        let read = h.act("worker", move |tx, _| {
            let a = forms::answer::of_client(tx, &three_, "phq9")?.remove(0);
            Ok(scales::answer(tx, &id, &a.id)?.2.text("q1").to_owned())
        });
        assert_eq!(
            read.unwrap(),
            "1",
            "sealed for the file it was given in, read through the other"
        );
        for undone in [second, first] {
            h.act("head", move |tx, cx| merge::undo(tx, cx, &undone)).unwrap();
        }
        assert_eq!(days(&one), ["2026-10-01"]);
        assert_eq!(days(&three), ["2026-11-01"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_as_a_sheet_and_the_api_around() {
    let h = story::house();
    h.cast();
    let id = taken(
        &h,
        "worker",
        NewClient {
            phone: "16400003001".into(),
            birth: Some(day("1948-03-05")),
            ..NewClient::called("周桂英", HERE.into(), day("2026-11-02"))
        },
    );
    let mut head = h.signed_in("head").await;
    let typed = [("content-type", "application/x-www-form-urlencoded")];
    let asked = |csrf: &str, reason: &str| format!("_csrf={}&reason={reason}", web::encode(csrf));
    let csrf = head.get("/clients").await.csrf();
    let none = head.send("POST", "/clients/export", &typed, &asked(&csrf, "")).await;
    assert_eq!(none.status.as_u16(), 422, "a purpose is said");
    let said = asked(&csrf, "%E6%A0%B8%E5%AF%B9");
    let sheet = head.send("POST", "/clients/export?", &typed, &said).await;
    assert!(sheet.status.is_success() && sheet.body.starts_with("PK"));
    let logged = h.read(|tx| {
        tx.count("SELECT COUNT(*) FROM event WHERE subject = 'client_list' AND after LIKE '%\"rows\":1%'", db::args![])
    });
    assert_eq!(logged, 1);
    let mut worker = h.signed_in("worker").await;
    let csrf = worker.get("/clients").await.csrf();
    let closed = worker.send("POST", "/clients/export", &typed, &asked(&csrf, "x")).await;
    assert_eq!(closed.status.as_u16(), 403);
    let at = |what: &str| format!("/api/v1/clients/{id}/{what}");
    let made = worker
        .post(
            &at("relations"),
            "",
            serde_json::json!({ "kin": "son", "name": "周建国", "bond": "close" }),
        )
        .await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.body);
    assert_eq!(worker.get(&at("relations")).await.json()[0]["code"], "20");
    worker
        .post(&at("supports"), "", serde_json::json!({ "kind": "neighbours", "name": "楼上" }))
        .await;
    assert_eq!(worker.get(&at("supports")).await.json()[0]["tie"], "plain");
    let answers: BTreeMap<String, &str> = (1..=9).map(|q| (format!("q{q}"), "1")).collect();
    let body = serde_json::json!({ "form": "phq9", "on": "2026-11-20", "answers": answers });
    let made = worker.post(&at("scales"), "", body).await;
    assert_eq!((made.status.as_u16(), made.json()["total"].as_str()), (201, Some("9")));
    assert_eq!(made.json()["alerts"][0], "suicide_risk");
    assert_eq!(worker.get(&at("scales")).await.json()[0]["screening"], true);
    let mut stranger = h.signed_in("stranger").await;
    for what in ["relations", "supports", "scales"] {
        assert_eq!(stranger.get(&at(what)).await.status.as_u16(), 404, "{what}");
    }
}
