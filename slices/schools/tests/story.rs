//! Schools on both engines: an agreement alone has not landed; the district's number turns from unknown to a count; who reads what.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails loudly"
)]
use axum::http::StatusCode;
use kernel::{OrgId, PlacementId};
use ledger::ServiceKind;
use schools::acts::{self, NewPlacement, NewSchoolService};
use schools::model::{Mode, ServiceKind as Kind};
use story::{House, day, houses, no};

fn school(h: &House, name: &'static str) -> OrgId {
    let fields =
        [("kind", "school"), ("name", name), ("region", "r990002001"), ("since", "2012-09-01")];
    h.keep("orgs", "", &fields).into()
}

fn agreement(h: &House, school: &OrgId, login: &'static str, mode: Mode) -> NewPlacement {
    NewPlacement {
        school: school.clone(),
        person: h.person_of(login),
        mode,
        number: "虚构 1 号".into(),
        signed_on: day("2026-09-01"),
        since: day("2026-09-01"),
        until: Some(day("2026-12-20")),
    }
}

fn place(h: &House, new: NewPlacement) -> db::Result<PlacementId> {
    h.act("head", move |tx, cx| Ok(acts::place(tx, cx, &new)?.id))
}

fn talk(on: &str) -> NewSchoolService {
    NewSchoolService {
        day: day(on),
        kind: Kind::ClassTalk,
        minutes: 40,
        pupils: 42,
        notes: "主题：网络上的朋友".into(),
        clients: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn landed_takes_an_agreement_and_a_service() {
    for h in houses() {
        let (here, _) = h.cast();
        let mut officer = h.signed_in("officer").await;
        let value = async |b: &mut story::Browser| {
            let page = b.get("/api/v1/units/r990002/findings?rule=t.schools").await.json();
            (page["findings"][0]["verdict"].clone(), page["findings"][0]["value"].clone())
        };
        let before = value(&mut officer).await;
        let (one, two) = (school(&h, "第一小学"), school(&h, "第二小学"));
        let first = place(&h, agreement(&h, &one, "worker", Mode::ManySchools)).unwrap();
        place(&h, agreement(&h, &two, "worker", Mode::ManySchools)).unwrap();
        let signed = value(&mut officer).await;
        assert_ne!(before, signed, "an agreement makes the number known");

        let p = first.clone();
        h.act("worker", move |tx, cx| acts::serve(tx, cx, p.as_str(), &talk("2026-10-12")))
            .unwrap();
        let served = value(&mut officer).await;
        assert_ne!(signed, served, "a service makes the school count");
        let all = officer.get("/api/v1/schools").await.json();
        let landed: Vec<bool> =
            all.as_array().unwrap().iter().map(|s| s["landed"] == true).collect();
        assert_eq!(landed, [true, false]);
        assert!(all.as_array().unwrap().iter().all(|s| s["covered"] == true));

        // The service is in the ledger of the street's station.
        let site = here.clone();
        let months = h.read(|tx| ledger::report::months(tx, "/", "2026-10", "2026-10"));
        let row = months.iter().find(|m| m.kind == Some(ServiceKind::SchoolService)).unwrap();
        assert_eq!((row.site.as_str(), row.services, row.person_times), (site.as_str(), 1, 42));

        // Sessions end while days pass. After the agreement's end the school has no social work any more.
        h.pass_days(30);
        let all = h.signed_in("officer").await.get("/api/v1/schools").await.json();
        assert!(all.as_array().unwrap().iter().all(|s| s["landed"] == false));
    }
}

#[test]
fn what_cannot_be_is_refused_at_its_field() {
    for h in houses() {
        let (here, _) = h.cast();
        let (one, two) = (school(&h, "第一小学"), school(&h, "第二小学"));
        let (person, _) = h.staff(&here, "r990002001", "新来的", "worker");
        let unchecked = NewPlacement {
            person: person.into(),
            ..agreement(&h, &one, "worker", Mode::OneSchool)
        };
        assert_eq!(no(place(&h, unchecked)), ["person:schools.unchecked"]);
        let first = place(&h, agreement(&h, &one, "worker", Mode::OneSchool)).unwrap();
        let also = agreement(&h, &two, "worker", Mode::ManySchools);
        assert_eq!(no(place(&h, also)), ["mode:schools.mode_one"]);
        let again = agreement(&h, &one, "worker", Mode::OneSchool);
        assert_eq!(no(place(&h, again)), ["since:schools.overlap"]);

        let serve = |login: &'static str, new: NewSchoolService| {
            let p = first.clone();
            h.act(login, move |tx, cx| acts::serve(tx, cx, p.as_str(), &new))
        };
        assert_eq!(no(serve("worker", talk("2026-08-31"))), ["day:schools.not_placed"]);
        assert_eq!(no(serve("worker", talk("2026-12-01"))), ["day:ledger.future"]);
        let none = NewSchoolService { minutes: 0, ..talk("2026-10-12") };
        assert_eq!(no(serve("worker", none)), ["minutes:ledger.minutes"]);
        // Another worker does not write in this one's name; the head may; the bureau and the next street may not.
        assert_eq!(no(serve("second", talk("2026-10-12"))), ["missing"]);
        assert_eq!(no(serve("officer", talk("2026-10-12"))), ["-:access.denied"]);
        assert_eq!(no(serve("stranger", talk("2026-10-12"))), ["missing"]);
        let s = serve("head", talk("2026-10-12")).unwrap();
        let p = first.clone();
        let late =
            h.act("head", move |tx, cx| acts::end(tx, cx, p.as_str(), Some(day("2026-10-01"))));
        assert_eq!(no(late), ["until:schools.served_after"]);
        let id = s.id.0.clone();
        h.act("worker", move |tx, cx| acts::withdraw(tx, cx, &id)).unwrap();
        let months = h.read(|tx| ledger::report::months(tx, "/", "2026-10", "2026-10"));
        assert!(months.iter().all(|m| m.services == 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bureau_reads_counts_and_notes_stay_with_their_writer() {
    let h = story::house();
    h.cast();
    let one = school(&h, "第一小学");
    let p = place(&h, agreement(&h, &one, "worker", Mode::OneSchool)).unwrap();
    let q = p.clone();
    let s = h
        .act("worker", move |tx, cx| acts::serve(tx, cx, q.as_str(), &talk("2026-10-12")))
        .unwrap();
    let path = format!("/schools/{one}");
    let mut seen = Vec::new();
    for login in ["worker", "deputy", "head", "officer"] {
        let page = h.signed_in(login).await.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{login}: {}", page.body);
        seen.push((login, page.body.contains("网络上的朋友"), page.body.contains("2026-10-12")));
    }
    assert_eq!(
        seen,
        [
            ("worker", true, true),
            ("deputy", true, true),
            ("head", false, true),
            ("officer", false, false)
        ]
    );
    let mut stranger = h.signed_in("stranger").await;
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    let edit = format!("/schools/services/{}", s.id);
    assert_eq!(stranger.get(&edit).await.status, StatusCode::NOT_FOUND);
    let mut worker = h.signed_in("worker").await;
    for path in ["/schools".to_owned(), edit, format!("/schools/placements/{p}/services/new")] {
        let page = worker.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    }
    let mut head = h.signed_in("head").await;
    for path in
        [format!("/schools/{one}/placements/new"), format!("/schools/placements/{p}/ending")]
    {
        let page = head.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    }
}
