//! The story of residents and of who may know of them, on both engines.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]
use access::care;
use axum::http::StatusCode;
use clients::acts::{alike, assign, categories, consents, file, merge, risk, scales, take_in};
use clients::model::{Category, ConsentForm, EndReason, Factor, Giver, NewClient, Scope, Source};

use kernel::ClientId;
use registry::client::{AssignmentKind, Client, RiskGrade};
use serde_json::json;
use story::{House, day, no};

const HERE: &str = "r990002001001";

fn new(name: &str, birth: &str) -> NewClient {
    NewClient { birth: Some(day(birth)), ..NewClient::called(name, HERE.into(), day("2026-11-02")) }
}
fn taken(h: &House, who: &'static str, new: NewClient) -> ClientId {
    h.act(who, move |tx, cx| Ok(take_in::take_in(tx, cx, new)?.client.id)).unwrap()
}
fn seen(h: &House, who: &'static str, id: &ClientId) -> Option<care::Sight> {
    let id = id.clone();
    h.act(who, move |tx, cx| Ok(care::find(tx, cx, &id).ok().map(|f| f.1))).unwrap()
}
fn client(h: &House, id: &ClientId) -> Client {
    let id = id.clone();
    h.read(move |tx| Ok(registry::client::find_unguarded(tx, &id)?.unwrap()))
}

#[test]
fn a_resident_is_taken_in_once() {
    for h in story::houses() {
        h.cast();
        let of = |number: &str, phone: &str| NewClient {
            id_number: number.into(),
            phone: phone.into(),
            building: "桂语苑 3 幢 2 单元".into(),
            door: "402".into(),
            ..NewClient::called("周桂英", HERE.into(), day("2026-11-02"))
        };
        // What is wrong is said at its field, all at once.
        let wrong = NewClient { name: " ".into(), phone: "找张姐".into(), ..of("330102", "") };
        let r = h.act("worker", move |tx, cx| take_in::take_in(tx, cx, wrong));
        assert_eq!(
            no(r),
            [
                "name:clients.name_missing",
                "id_number:clients.number_shape",
                "phone:clients.phone_shape"
            ]
        );
        let real = of("11010519491231002X", "");
        let r = h.act("worker", move |tx, cx| take_in::take_in(tx, cx, real));
        assert_eq!(
            no(r),
            ["id_number:clients.number_real"],
            "a made-up district takes made-up numbers"
        );

        let zhou = taken(&h, "worker", of("990101194803050028", "164 0000 3001"));
        let c = client(&h, &zhou);
        assert_eq!(c.birth, Some(day("1948-03-05")));
        assert_eq!(c.sex.map(|s| s.as_str()), Some("female"));
        assert!(c.site.is_some() && c.id_number.is_some() && c.id_tail.is_some());
        let text = serde_json::to_string(&c).unwrap();
        assert!(!text.contains("0028") && !text.contains("3001"), "sealed: {text}");
        assert_eq!(
            seen(&h, "worker", &zhou).map(|s| (s.name, s.file, s.writes)),
            Some((true, true, true))
        );
        assert_eq!(seen(&h, "head", &zhou).map(|s| (s.name, s.file)), Some((true, false)));
        assert!(seen(&h, "second", &zhou).is_none() && seen(&h, "other", &zhou).is_none());

        // The same number again: named to whoever sees the file, and to nobody else.
        let again = move || of("990101194803050028", "");
        let r = h.act("worker", move |tx, cx| take_in::take_in(tx, cx, again()));
        assert_eq!(no(r), ["id_number:clients.number_taken"]);
        let there = NewClient { region: "r990002002001".into(), ..again() };
        let r = h.act("stranger", move |tx, cx| take_in::take_in(tx, cx, there));
        assert_eq!(no(r), ["id_number:clients.number_elsewhere"]);
        // The same name at the same door, and the same phone.
        let r = h.act("worker", move |tx, cx| take_in::take_in(tx, cx, of("", "")));
        assert_eq!(no(r), ["-:clients.look_alike"]);
        let twin = taken(&h, "worker", NewClient { anyway: true, ..of("", "") });
        assert_eq!(
            client(&h, &twin).household,
            client(&h, &zhou).household,
            "one door, one household"
        );
        // Out of scope is no region at all.
        let far = NewClient { region: "r990002002001".into(), ..new("李某", "1950-01-01") };
        let r = h.act("worker", move |tx, cx| take_in::take_in(tx, cx, far));
        assert_eq!(no(r), ["region:clients.region_unknown"]);
        assert_eq!(
            no(h.act("supervisor", |tx, cx| take_in::take_in(tx, cx, new("某", "1950-01-01")))),
            ["-:access.denied"]
        );
        // A look at the numbers is in the log before they leave.
        let id = zhou.clone();
        let n = h.act("worker", move |tx, cx| file::unmask(tx, cx, &id)).unwrap();
        assert_eq!(
            (n.id_number.as_str(), n.phone.as_str(), n.door.as_str()),
            ("990101194803050028", "16400003001", "402")
        );
        let id = zhou.clone();
        let looks = h.read(move |tx| db::event::of(tx, "client", id.as_str()));
        assert!(
            looks
                .iter()
                .any(|e| e.verb == "viewed" && e.after.as_ref().unwrap()["what"] == "numbers")
        );
        let id = zhou.clone();
        assert_eq!(
            no(h.act("second", move |tx, cx| file::unmask(tx, cx, &id).map(drop))),
            ["missing"]
        );
        // Corrected by two at once: the later one is told.
        let id = zhou.clone();
        let change = |name: &str| file::Change { name: Some(name.into()), ..Default::default() };
        let first = change("周桂瑛");
        h.act("worker", move |tx, cx| file::amend(tx, cx, &id, first, None)).unwrap();
        let (id, second) = (zhou.clone(), change("周贵英"));
        assert_eq!(
            no(h.act("worker", move |tx, cx| file::amend(tx, cx, &id, second, Some(1)))),
            ["stale"]
        );
        let id = zhou.clone();
        h.act("worker", move |tx, cx| {
            file::end(tx, cx, &id, EndReason::Moved, day("2026-11-20"), None)
        })
        .unwrap();
        let id = zhou.clone();
        h.act("worker", move |tx, cx| file::reopen(tx, cx, &id)).unwrap();
        assert_eq!(client(&h, &zhou).ended_why, None);
    }
}

#[test]
fn a_child_waits_for_the_heads_word() {
    for h in story::houses() {
        h.cast();
        let child = taken(&h, "worker", new("陈小雨", "2015-05-01"));
        assert!(seen(&h, "worker", &child).is_none(), "not before the head says so");
        let waiting = |who: &'static str| {
            h.act(who, |tx, cx| {
                Ok(assign::waiting(tx, cx)?.into_iter().map(|w| w.0.id.0).collect::<Vec<_>>())
            })
            .unwrap()
        };
        assert!(waiting("other").is_empty(), "another street's head");
        let id = waiting("head")[0].clone();
        let (mine, theirs) = (id.clone(), id.clone());
        assert_eq!(
            no(h.act("worker", move |tx, cx| assign::decide(tx, cx, &mine, true))),
            ["-:access.denied"]
        );
        assert_eq!(
            no(h.act("other", move |tx, cx| assign::decide(tx, cx, &theirs, true))),
            ["missing"]
        );
        h.act("head", move |tx, cx| assign::decide(tx, cx, &id, true)).unwrap();
        assert!(seen(&h, "worker", &child).is_some_and(|s| s.file));

        // Handing on tells both, and the file closes behind the one who leaves.
        let (c, second) = (child.clone(), h.person_of("second"));
        h.act("head", move |tx, cx| {
            assign::assign(tx, cx, &c, &second, AssignmentKind::Worker, day("2026-11-23"))
        })
        .unwrap();
        assert!(seen(&h, "worker", &child).is_none() && seen(&h, "second", &child).is_some());
        let unread = |who: &'static str| {
            h.act(who, |tx, cx| access::notice::unread(tx, cx.actor.account())).unwrap()
        };
        assert!(unread("worker") >= 2 && unread("second") == 1);
        // 回避 wins over everything.
        let (c, second) = (child.clone(), h.person_of("second"));
        h.act("head", move |tx, cx| assign::avoid(tx, cx, &c, &second, "亲属")).unwrap();
        assert!(seen(&h, "second", &child).is_none());
        let (c, second) = (child.clone(), h.person_of("second"));
        let r = h.act("head", move |tx, cx| {
            assign::assign(tx, cx, &c, &second, AssignmentKind::CoWorker, day("2026-11-23"))
        });
        assert_eq!(no(r), ["worker:clients.avoided"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hidden_are_counted_and_never_listed() {
    for h in story::houses() {
        h.cast();
        let wu = taken(&h, "worker", new("吴静雯", "1988-02-03"));
        taken(&h, "worker", new("吴静", "1990-02-03"));
        let id = wu.clone();
        h.act("worker", move |tx, cx| {
            categories::add(
                tx,
                cx,
                &id,
                Category::Violence,
                Source::Verified,
                "告诫书",
                day("2026-11-02"),
                None,
            )
        })
        .unwrap();
        assert!(
            seen(&h, "worker", &wu).is_some()
                && seen(&h, "head", &wu).is_none()
                && seen(&h, "deputy", &wu).is_none()
        );
        let mut head = h.signed_in("head").await;
        let mut worker = h.signed_in("worker").await;
        let list = head.get("/clients").await;
        assert!(list.body.contains("吴静</b>") && !list.body.contains("吴静雯"));
        assert!(list.body.contains("另有 1 名限制查阅对象"), "{}", list.body);
        assert!(worker.get("/clients").await.body.contains("吴静雯"));
        for q in ["吴静", "wj", "wujing", &web::encode("吴静雯")] {
            let q = if q.is_ascii() { q.to_owned() } else { web::encode(q) };
            let found = head.get(&format!("/search?q={q}")).await.body;
            assert!(!found.contains("吴静雯</") && !found.contains(wu.as_str()), "{q}");
        }
        assert!(worker.get("/search?q=wjw").await.body.contains(wu.as_str()));
        // What changes is found at once.
        taken(&h, "worker", new("单晓峰", "1980-02-03"));
        assert!(head.get("/search?q=shanxiaof").await.body.contains("单晓峰"));
        assert_eq!(head.get(&format!("/clients/{wu}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(head.get(&format!("/api/v1/clients/{wu}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(worker.get(&format!("/clients/{wu}")).await.status, StatusCode::OK);
        for tab in [
            "timeline",
            "relations",
            "consents",
            "scales",
            "looks",
            "print",
            "looks/print",
            "scales/new?form=phq9",
            "change/edit",
            "change/risk",
            "change/category",
            "change/ask",
            "change/ending",
        ] {
            let page = worker.get(&format!("/clients/{wu}/{tab}")).await;
            assert_eq!(page.status, StatusCode::OK, "{tab}: {}", page.body);
        }
        let counts = head.get("/api/v1/clients").await.json();
        assert_eq!((counts["seen"].as_i64(), counts["hidden"].as_i64()), (Some(2), Some(1)));
        // A name asked for by somebody who may not know tells nothing.
        // No hint betrays the hidden.
        taken(&h, "second", new("吴静雯", "1988-02-03"));
        // The neighbour's people see nobody.
        let mut stranger = h.signed_in("stranger").await;
        assert!(!stranger.get("/clients").await.body.contains("吴静"));
        assert_eq!(
            h.signed_in("auditor").await.get("/clients").await.status,
            StatusCode::FORBIDDEN
        );
    }
}

#[test]
fn risk_rises_at_once_and_falls_by_two() {
    for h in story::houses() {
        h.cast();
        let c = taken(&h, "worker", new("何秀兰", "1950-02-03"));
        let grade = |who, g, f: &'static [Factor], why: &'static str| {
            let c = c.clone();
            h.act(who, move |tx, cx| risk::grade(tx, cx, &c, g, f, why))
        };
        assert_eq!(
            no(grade("worker", RiskGrade::High, &[], "")),
            ["factors:clients.factors_missing"]
        );
        assert_eq!(
            grade("worker", RiskGrade::High, &[Factor::IllAlone], "跌倒").unwrap(),
            risk::Graded::Set
        );
        assert_eq!(no(grade("worker", RiskGrade::Low, &[], "")), ["reason:clients.reason_missing"]);
        assert_eq!(
            grade("worker", RiskGrade::Low, &[], "女儿搬来同住").unwrap(),
            risk::Graded::Waiting
        );
        assert_eq!(client(&h, &c).grade, RiskGrade::High, "not before the word is given");
        h.act("head", |tx, cx| {
            let id = assign::waiting(tx, cx)?[0].0.id.0.clone();
            assign::decide(tx, cx, &id, true)
        })
        .unwrap();
        assert_eq!(client(&h, &c).grade, RiskGrade::Low);
        let id = c.clone();
        let told = h.read(move |tx| risk::history(tx, &id));
        assert_eq!(told[0].reason, "女儿搬来同住");
        assert_eq!(told[1].factors, [Factor::IllAlone]);
        // PHQ-9, item 9: nobody waits for a total.
        let id = c.clone();
        let kept = h
            .act("worker", move |tx, cx| {
                let form = forms::library::latest(tx, "phq9")?;
                let mut said = std::collections::BTreeMap::new();
                for n in 1..=9 {
                    said.insert(format!("q{n}"), if n == 9 { "1" } else { "0" }.to_owned());
                }
                let answers = form.read(&said)?;
                scales::keep(tx, cx, &id, &form, answers, day("2026-11-23"))
            })
            .unwrap();
        assert_eq!(kept.score.unwrap().total, 10);
        assert_eq!(client(&h, &c).grade, RiskGrade::High);
        assert!(
            h.act("head", |tx, cx| access::notice::unread(tx, cx.actor.account())).unwrap() > 0
        );
    }
}

#[test]
fn consent_is_given_for_one_thing_and_taken_back() {
    for h in story::houses() {
        h.cast();
        let c = taken(&h, "worker", new("何秀兰", "1950-02-03"));
        let give = |scope, form, by: Giver, guardian: &'static str| {
            let c = c.clone();
            h.act("worker", move |tx, cx| {
                let new = consents::NewConsent {
                    scope,
                    partner: String::new(),
                    form,
                    given_by: by,
                    guardian: guardian.into(),
                    since: day("2026-11-03"),
                    until: None,
                };
                consents::give(tx, cx, &c, new)
            })
        };
        let holds = |scope| {
            let c = c.clone();
            h.act("worker", move |tx, cx| registry::consent::holds(tx, &c, scope, None, cx.today()))
                .unwrap()
        };
        assert_eq!(
            no(give(Scope::Sensitive, ConsentForm::Oral, Giver::Oneself, "")),
            ["form:clients.written_needed"]
        );
        assert_eq!(
            no(give(Scope::Sharing, ConsentForm::Written, Giver::Oneself, "")),
            ["partner:clients.partner_missing"]
        );
        assert_eq!(
            no(give(Scope::Service, ConsentForm::Written, Giver::Guardian, "")),
            ["guardian:clients.guardian_missing"]
        );
        let photos = give(Scope::Photos, ConsentForm::Written, Giver::Oneself, "").unwrap();
        assert!(holds(Scope::Photos) && !holds(Scope::Service));
        let (id, row) = (c.clone(), photos.id.0.clone());
        h.act("worker", move |tx, cx| consents::withdraw(tx, cx, &id, &row, "不愿再被拍照"))
            .unwrap();
        assert!(!holds(Scope::Photos));
        let id = c.clone();
        let r = h.act("worker", move |tx, cx| consents::require(tx, cx, &id, Scope::Photos));
        assert_eq!(no(r), ["-:clients.no_consent"]);
    }
}

#[test]
fn two_files_become_one_and_two_again() {
    for h in story::houses() {
        h.cast();
        let one = taken(&h, "worker", new("何秀兰", "1950-02-03"));
        let two = taken(
            &h,
            "second",
            NewClient { categories: vec![Category::LivingAlone], ..new("何秀兰", "1950-02-03") },
        );
        let id = two.clone();
        h.act("second", move |tx, cx| {
            categories::add(
                tx,
                cx,
                &id,
                Category::Disability,
                Source::Verified,
                "肢体二级",
                day("2026-11-02"),
                None,
            )
        })
        .unwrap();
        let pairs = h.act("head", |tx, cx| alike::pairs(tx, cx, 10)).unwrap();
        assert_eq!(pairs.len(), 1);
        assert!(!pairs[0].why.is_empty());
        let (a, b) = (one.clone(), two.clone());
        assert_eq!(
            no(h.act("worker", move |tx, cx| merge::merge(tx, cx, &a, &b))),
            ["-:access.denied"]
        );
        let (a, b) = (one.clone(), two.clone());
        let record = h.act("head", move |tx, cx| merge::merge(tx, cx, &a, &b)).unwrap();
        // The old address leads to the file that lives on; both workers see it, with what was known of either.
        let old = two.clone();
        let found = h.act("second", move |tx, cx| Ok(care::find(tx, cx, &old)?.0.id)).unwrap();
        assert_eq!(found, one);
        assert!(seen(&h, "second", &one).is_some_and(|s| s.file));
        let held = |id: &ClientId| {
            let id = id.clone();
            h.read(move |tx| {
                tx.count("SELECT COUNT(*) FROM client_category WHERE client = $1", db::args![id])
            })
        };
        assert_eq!((held(&one), held(&two)), (2, 0));
        let id = record.id.0.clone();
        h.act("head", move |tx, cx| merge::undo(tx, cx, &id)).unwrap();
        assert_eq!((held(&one), held(&two)), (0, 2));
        assert!(
            seen(&h, "second", &one).is_none() && seen(&h, "second", &two).is_some_and(|s| s.file)
        );
        let id = record.id.0.clone();
        assert_eq!(
            no(h.act("head", move |tx, cx| merge::undo(tx, cx, &id))),
            ["-:clients.merge_undone"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_keeps_the_same_rules() {
    let h = story::house();
    h.cast();
    let mut worker = h.signed_in("worker").await;
    let body = json!({ "name": "周桂英", "region": HERE, "birth": "1948-03-05", "phone": "16400003001", "since": "2026-11-02" });
    let made = worker.post("/api/v1/clients", "k1", body.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let again = worker.post("/api/v1/clients", "k1", body).await;
    assert_eq!(again.json()["id"], made.json()["id"], "once");
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let one = worker.get(&format!("/api/v1/clients/{id}")).await.json();
    assert_eq!(
        (one["label"].as_str(), one["phone"].as_str()),
        (Some("周桂英"), Some("164****3001"))
    );
    let full = worker.post(&format!("/api/v1/clients/{id}/numbers"), "", json!({})).await.json();
    assert_eq!(full["phone"], "16400003001");
    for q in ["zgy", "3001", "16400003001"] {
        let found = worker.get(&format!("/api/v1/clients/search?q={q}")).await.json();
        assert_eq!(found[0]["id"], id.as_str(), "{q}");
    }
    let looks = worker.get(&format!("/api/v1/clients/{id}/looks")).await.json();
    assert!(looks.as_array().unwrap().len() >= 3);
    assert_eq!(
        h.signed_in("stranger").await.get(&format!("/api/v1/clients/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
}
