//! The story of a group on both engines, from the plan to the closed file; who sees whom in it; and the door behind the code.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails loudly"
)]
use axum::http::StatusCode;
use groups::acts::evaluation::{self, About};
use groups::acts::members::{self, Applicant};
use groups::acts::plan::{self, Plan};
use groups::acts::sessions::{self, Attendance, SessionPlan, SessionRecord};
use groups::acts::{phases, signing};
use groups::look;
use groups::model::{GroupKind, Mark, Openness, Phase, Screening};
use kernel::{ClientId, GroupId, PersonId, RecordId};
use ledger::ServiceKind;
use story::{House, day, houses, no};

fn plan(h: &House, site: &str, login: &'static str) -> Plan {
    Plan {
        target: "新邻居".into(),
        goals: "互相认识".into(),
        scale: "ucla3".into(),
        size: 4,
        planned: 4,
        openness: Openness::SemiOpen,
        ..Plan::new("新邻居小组", GroupKind::MutualAid, site.into(), h.person_of(login))
    }
}

/// A group of `worker`'s, approved.
fn begun(h: &House, site: &str) -> GroupId {
    let new = plan(h, site, "worker");
    let id = h.act("worker", move |tx, cx| plan::begin(tx, cx, &new)).unwrap().id;
    let g = id.clone();
    h.act("worker", move |tx, cx| plan::submit(tx, cx, &g)).unwrap();
    let g = id.clone();
    h.act("head", move |tx, cx| plan::review(tx, cx, &g, true, "")).unwrap();
    id
}

fn joins(h: &House, id: &GroupId, who: Applicant, on: &'static str) -> RecordId {
    let id = id.clone();
    h.act("worker", move |tx, cx| {
        let m = members::apply(tx, cx, &id, &who)?;
        members::screen(tx, cx, &id, m.id.as_str(), Screening::Accepted, "", day(on))?;
        Ok(m.id)
    })
    .unwrap()
}

fn on_file(client: &ClientId) -> Applicant {
    Applicant { client: Some(client.clone()), ..Applicant::default() }
}
fn named(name: &str, phone: &str) -> Applicant {
    Applicant { client: None, name: name.into(), phone: phone.into() }
}

fn held(
    h: &House,
    id: &GroupId,
    on: &'static str,
    marks: &[(&RecordId, Mark)],
    others: i64,
) -> RecordId {
    let new = SessionPlan {
        day: day(on),
        begins: "14:00".into(),
        ends: "15:30".into(),
        theme: "认识新邻居".into(),
        ..SessionPlan::default()
    };
    let g = id.clone();
    let session = h.act("worker", move |tx, cx| sessions::plan(tx, cx, &g, &new)).unwrap().id;
    let (g, s, r) = (id.clone(), session.clone(), record(h, on, marks, others));
    h.act("worker", move |tx, cx| sessions::record(tx, cx, &g, s.as_str(), &r)).unwrap();
    session
}

fn record(h: &House, on: &str, marks: &[(&RecordId, Mark)], others: i64) -> SessionRecord {
    SessionRecord {
        day: day(on),
        begins: "14:00".into(),
        ends: "15:30".into(),
        attendance: marks
            .iter()
            .map(|(m, mark)| Attendance {
                member: (*m).clone(),
                mark: *mark,
                why: String::new(),
                note: "说到睡不好".into(),
            })
            .collect(),
        workers: vec![h.person_of("worker")],
        others,
        happened: "互相介绍".into(),
        ..SessionRecord::default()
    }
}

#[test]
fn a_group_is_planned_approved_held_counted_and_closed() {
    for h in houses() {
        let (here, _) = h.cast();
        let zhou = h.client("周桂英", "1948-03-05", "worker");
        let new = plan(&h, &here, "worker");
        let id = h.act("worker", move |tx, cx| plan::begin(tx, cx, &new)).unwrap().id;
        let g = id.clone();
        let early = h.act("head", move |tx, cx| plan::review(tx, cx, &g, true, ""));
        assert_eq!(no(early), ["-:groups.not_submitted"]);
        let g = id.clone();
        h.act("worker", move |tx, cx| plan::submit(tx, cx, &g)).unwrap();
        let g = id.clone();
        let denied = h.act("worker", move |tx, cx| plan::review(tx, cx, &g, true, ""));
        assert_eq!(no(denied), ["-:access.denied"]);
        let g = id.clone();
        let bare = h.act("head", move |tx, cx| plan::review(tx, cx, &g, false, " "));
        assert_eq!(no(bare), ["reason:groups.reason_missing"]);
        let g = id.clone();
        h.act("head", move |tx, cx| plan::review(tx, cx, &g, true, "")).unwrap();

        let a = joins(&h, &id, on_file(&zhou), "2026-10-01");
        let b = joins(&h, &id, named("俞阿珍", "164-0000-0817"), "2026-10-01");
        let c = joins(&h, &id, named("方兰英", ""), "2026-10-20");
        let (g, zhou2) = (id.clone(), zhou.clone());
        let twice = h.act("worker", move |tx, cx| members::apply(tx, cx, &g, &on_file(&zhou2)));
        assert_eq!(no(twice), ["client:groups.member_twice"]);

        let s1 = held(&h, &id, "2026-10-08", &[(&a, Mark::Present), (&b, Mark::Late)], 2);
        let g = id.clone();
        let phase = h.act("worker", move |tx, cx| look::find(tx, cx, &g)).unwrap().1.phase;
        assert_eq!(phase, Phase::Forming, "the first record begins the forming phase");
        // The service is in the ledger: one client by name, one member and two others without.
        let s = s1.clone();
        let service = h.read(move |tx| ledger::report::of_source(tx, "group_session", s.as_str()));
        let service = service.unwrap();
        assert_eq!((service.person_times, service.unnamed, service.minutes), (4, 3, 90));
        // A correction corrects the ledger as well.
        let (g, s) = (id.clone(), s1.clone());
        let r = record(&h, "2026-10-08", &[(&a, Mark::Absent), (&b, Mark::Present)], 0);
        h.act("worker", move |tx, cx| sessions::record(tx, cx, &g, s.as_str(), &r)).unwrap();
        let z = zhou.clone();
        let last = h.read(move |tx| ledger::report::last_of(tx, &z, ServiceKind::GroupSession));
        assert!(last.is_none(), "absent, so not served");

        // Everybody who is a member on the day has a mark.
        let (g, s) = (id.clone(), s1.clone());
        let r = record(&h, "2026-10-08", &[(&a, Mark::Present)], 0);
        let gap = h.act("worker", move |tx, cx| sessions::record(tx, cx, &g, s.as_str(), &r));
        assert_eq!(no(gap), [format!("mark-{b}:groups.mark_missing")]);

        for on in ["2026-10-15", "2026-10-22"] {
            let mut marks = vec![(&a, Mark::Present), (&b, Mark::Absent)];
            if on == "2026-10-22" {
                marks.push((&c, Mark::Present));
            }
            held(&h, &id, on, &marks, 0);
        }
        let g = id.clone();
        let open = h.act("worker", move |tx, cx| phases::close(tx, cx, &g));
        assert_eq!(
            no(open),
            ["-:groups.gate.sessions", "-:groups.gate.contract", "-:groups.gate.report"]
        );
        held(
            &h,
            &id,
            "2026-10-29",
            &[(&a, Mark::Present), (&b, Mark::Present), (&c, Mark::Present)],
            0,
        );
        let g = id.clone();
        h.act("worker", move |tx, cx| members::sign_all(tx, cx, &g, day("2026-10-08"))).unwrap();
        let g = id.clone();
        h.act("worker", move |tx, cx| {
            let flat = [
                ("date", "2026-11-01"),
                ("goals.0.goal", "互相认识"),
                ("goals.0.result", "full"),
                ("process", "按计划"),
                ("reflection", "留足时间"),
                // What is typed over the figures does not stay.
                ("persons", "99"),
            ]
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .into();
            evaluation::answer(tx, cx, &g, &About::Report, &flat)
        })
        .unwrap();
        let g = id.0.clone();
        let said = h.read(move |tx| {
            let last = forms::answer::of_subject(tx, "group", &g, "group_report")?.pop().unwrap();
            forms::answer::open(tx, &last)
        });
        // 1 of 2, 1 of 2, 2 of 3, 3 of 3: seven of ten; three persons.
        assert_eq!((said.whole("persons"), said.whole("person_times")), (Some(3), Some(7)));
        assert_eq!(said.text("rate"), "70.0");

        let g = id.clone();
        let early = h.act("worker", move |tx, cx| phases::close(tx, cx, &g));
        assert_eq!(no(early), ["-:groups.not_ending"]);
        let g = id.clone();
        h.act("worker", move |tx, cx| {
            phases::advance(tx, cx, &g, Phase::Ending)?;
            phases::close(tx, cx, &g)
        })
        .unwrap();
        let g = id.clone();
        let after = h.act("worker", move |tx, cx| members::apply(tx, cx, &g, &named("晚来", "")));
        assert_eq!(no(after), ["-:groups.closed"]);
    }
}

#[test]
fn members_names_follow_need_to_know() {
    for h in houses() {
        let (here, _) = h.cast();
        let id = begun(&h, &here);
        let zhou = h.client("周桂英", "1948-03-05", "worker");
        let sun = h.client("孙小满", "1961-01-01", "worker");
        let a = joins(&h, &id, on_file(&zhou), "2026-10-01");
        let b = joins(&h, &id, on_file(&sun), "2026-10-01");
        // `second` leads with `worker` from now on, without being assigned to any member.
        let with = Plan { others: vec![h.person_of("second")], ..plan(&h, &here, "worker") };
        let g = id.clone();
        h.act("worker", move |tx, cx| plan::amend(tx, cx, &g, &with, None)).unwrap();
        // And `second` stands on the second member's list of those who must not see them.
        let (client, person) = (sun.clone(), h.person_of("second"));
        h.write(move |tx, cx| {
            tx.insert(&registry::client::Avoidance {
                id: cx.id(),
                client,
                person,
                reason: "亲属".into(),
                since: day("2026-01-01"),
            })
        });
        let seen = |login: &'static str| {
            let (g, a, b) = (id.clone(), a.clone(), b.clone());
            h.act(login, move |tx, cx| {
                let (group, look) = look::find(tx, cx, &g)?;
                look.content()?;
                let mut out = Vec::new();
                for m in [a, b] {
                    let m = tx.find(&db::Cell::to_value(&m.0))?.ok_or(db::Error::Missing)?;
                    let s = look::member(tx, cx, look, &m)?;
                    out.push((s.label, s.notes, !s.href.is_empty()));
                }
                drop(group);
                Ok(out)
            })
        };
        let line = |name: &str, notes, href| (name.to_owned(), notes, href);
        assert_eq!(
            seen("worker").unwrap(),
            [line("周桂英", true, true), line("孙小满", true, true)]
        );
        // A co-worker sees names and notes of the group, but no file behind them; and nothing of whom they must avoid.
        assert_eq!(
            seen("second").unwrap(),
            [line("周桂英", true, false), line("组员102", false, false)]
        );
        // The head sees names, but not what is kept about one member alone.
        assert_eq!(
            seen("head").unwrap(),
            [line("周桂英", false, true), line("孙小满", false, true)]
        );
        assert_eq!(
            seen("supervisor").unwrap(),
            [line("组员101", false, false), line("组员102", false, false)]
        );
        // The bureau sees that there is a group, and nothing in it; the next street sees nothing at all.
        assert_eq!(no(seen("officer")), ["missing"]);
        assert_eq!(no(seen("stranger")), ["missing"]);
        let file = {
            let z = zhou.clone();
            h.act("second", move |tx, cx| access::care::find_file(tx, cx, &z).map(|_| ()))
        };
        assert_eq!(no(file), ["missing"], "being together in a group opens no file");
    }
}

#[test]
fn minors_are_taken_only_by_checked_workers() {
    for h in houses() {
        let (here, _) = h.cast();
        let id = begun(&h, &here);
        let child = h.client("小满", "2014-05-05", "worker");
        let (person, _) = h.staff(&here, "r990002001", "新来的", "worker");
        let with = Plan { others: vec![PersonId::from(person)], ..plan(&h, &here, "worker") };
        let (g, w) = (id.clone(), with.clone());
        h.act("worker", move |tx, cx| plan::amend(tx, cx, &g, &w, None)).unwrap();
        let (g, c) = (id.clone(), child.clone());
        let unchecked = h.act("worker", move |tx, cx| {
            let m = members::apply(tx, cx, &g, &on_file(&c))?;
            members::screen(tx, cx, &g, m.id.as_str(), Screening::Accepted, "", day("2026-11-01"))
        });
        assert_eq!(no(unchecked), ["-:groups.unchecked"]);
        let (g, without) = (id.clone(), plan(&h, &here, "worker"));
        h.act("worker", move |tx, cx| plan::amend(tx, cx, &g, &without, None)).unwrap();
        joins(&h, &id, on_file(&child), "2026-11-01");
        let g = id.clone();
        let back = h.act("worker", move |tx, cx| plan::amend(tx, cx, &g, &with, None));
        assert_eq!(no(back), ["others:groups.unchecked"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_signs_in_by_code_and_nobody_is_named() {
    for h in houses() {
        let (here, _) = h.cast();
        let id = begun(&h, &here);
        let a = joins(&h, &id, named("俞阿珍", "164-0000-0817"), "2026-11-01");
        let b = joins(&h, &id, named("方兰英", "164-0000-5517"), "2026-11-01");
        let new = SessionPlan {
            day: day("2026-11-23"),
            begins: "14:00".into(),
            ends: "15:30".into(),
            theme: "认识新邻居".into(),
            ..SessionPlan::default()
        };
        let g = id.clone();
        let s = h.act("worker", move |tx, cx| sessions::plan(tx, cx, &g, &new)).unwrap().id;
        let (g, of) = (id.clone(), s.clone());
        let stranger = h.act("stranger", move |tx, cx| signing::open(tx, cx, &g, of.as_str()));
        assert_eq!(no(stranger), ["missing"]);
        let (g, of) = (id.clone(), s.clone());
        let token = h.act("worker", move |tx, cx| signing::open(tx, cx, &g, of.as_str())).unwrap();
        let path = format!("/groups/signin/{token}");

        let mut phone = h.browser();
        let page = phone.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(!page.body.contains("俞阿珍") && !page.body.contains("新邻居小组"));
        let form = [("content-type", "application/x-www-form-urlencoded")];
        for (digits, status) in [
            ("1", StatusCode::UNPROCESSABLE_ENTITY),
            ("99", StatusCode::UNPROCESSABLE_ENTITY),
            // Two members share these last digits.
            ("17", StatusCode::UNPROCESSABLE_ENTITY),
            ("101", StatusCode::SEE_OTHER),
            ("101", StatusCode::SEE_OTHER),
        ] {
            let body = format!("_csrf={}&digits={digits}", web::encode(&page.csrf()));
            let answer = phone.send("POST", &path, &form, &body).await;
            assert_eq!(answer.status, status, "{digits}: {}", answer.body);
            assert!(!answer.body.contains("俞阿珍") && !answer.body.contains("方兰英"));
        }
        let missing = phone.get("/groups/signin/nothing").await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);

        // The worker's form proposes what the code noted: one present, the other absent.
        let mut worker = h.signed_in("worker").await;
        let page = worker.get(&format!("/groups/{id}/sessions/{s}/record")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let ticked = |m: &RecordId, mark: &str| {
            page.body.contains(&format!("name=\"mark-{m}\" value=\"{mark}\" checked"))
        };
        assert!(ticked(&a, "present") && ticked(&b, "absent"));
        // The code closes with its day.
        h.pass_days(1);
        assert_eq!(phone.get(&path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_answers_those_who_may_see_it() {
    let h = story::house();
    let (here, _) = h.cast();
    let id = begun(&h, &here);
    let zhou = h.client("周桂英", "1948-03-05", "worker");
    let a = joins(&h, &id, on_file(&zhou), "2026-10-01");
    let s = held(&h, &id, "2026-10-08", &[(&a, Mark::Present)], 1);
    let pages = [
        "".to_owned(),
        "/members".into(),
        format!("/members/{a}"),
        "/sessions".into(),
        format!("/sessions/{s}"),
        format!("/sessions/{s}/record"),
        format!("/sessions/{s}/plan"),
        format!("/sessions/{s}/door"),
        format!("/sessions/{s}/sheet"),
        format!("/sessions/{s}/paper"),
        "/sessions/new".into(),
        "/evaluation".into(),
        "/edit".into(),
        "/paper".into(),
        "/report".into(),
        "/satisfaction".into(),
        format!("/members/{a}/scale/pre"),
    ];
    let mut worker = h.signed_in("worker").await;
    let mut stranger = h.signed_in("stranger").await;
    let mut officer = h.signed_in("officer").await;
    for path in &pages {
        let path = format!("/groups/{id}{path}");
        let page = worker.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let list = officer.get("/groups").await;
    assert!(list.body.contains("新邻居小组") && !list.body.contains("周桂英"));
    let first = officer.get(&format!("/groups/{id}")).await;
    assert!(first.status == StatusCode::OK && !first.body.contains("互相认识"));
    assert_eq!(officer.get(&format!("/groups/{id}/members")).await.status, StatusCode::NOT_FOUND);
    let found = worker.get("/search?q=%E6%96%B0%E9%82%BB").await;
    assert!(found.body.contains(&format!("/groups/{id}")));

    // The same group before a machine, and what it may not read.
    let all = worker.get("/api/v1/groups").await.json();
    let f = &all[0]["figures"];
    assert_eq!((&f["persons"], &f["person_times"]), (&1.into(), &2.into()));
    let bare = officer.get(&format!("/api/v1/groups/{id}/members")).await;
    assert_eq!(bare.status, StatusCode::NOT_FOUND);
    let bad = worker
        .post(&format!("/api/v1/groups/{id}/members"), "k1", serde_json::json!({ "name": "" }))
        .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.body);
}
