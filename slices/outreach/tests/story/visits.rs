//! Visits on both engines: recorded in three taps, counted once, corrected with history, and who may not see them.
use kernel::{ClientId, Day};
use outreach::acts::{plan, rate, visit};
use outreach::model::visit::{Answered, Draft, Outcome};
use story::{House, day, no};

fn normal(client: &ClientId) -> Draft {
    Draft { client: client.0.clone(), normal: true, ..Draft::default() }
}

fn served(h: &House, client: &ClientId) -> Vec<(Day, i64)> {
    let client = client.clone();
    h.read(move |tx| {
        let all = ledger::report::of_client(tx, &client, 50)?;
        Ok(all.into_iter().map(|s| (s.day, s.minutes)).collect())
    })
}

fn due(h: &House, client: &ClientId) -> (Day, Option<Day>) {
    let client = client.clone();
    h.act("worker", move |tx, cx| {
        let all = plan::standings(tx, cx, &plan::Whose::Mine)?;
        let s = all.into_iter().find(|s| s.client.id == client).unwrap();
        Ok((s.due(), s.planned))
    })
    .unwrap()
}

#[test]
fn a_visit_is_recorded_once_and_counts_everywhere() {
    for h in story::houses() {
        h.cast();
        let c = h.client("周桂英", "1948-03-05", "worker");
        // A new file of a low grade, opened on 5 January: the first visit is due a quarter later.
        assert_eq!(due(&h, &c), (day("2026-04-05"), None));
        let planned = c.clone();
        h.act("worker", move |tx, cx| plan::batch(tx, cx, &[planned], day("2026-11-23"), &[]))
            .unwrap();
        assert_eq!(due(&h, &c).1, Some(day("2026-11-23")));

        let d = Draft {
            note: "精神好，想学手机".into(),
            needs: vec!["study".into()],
            need_words: "手机班".into(),
            ..normal(&c)
        };
        let v = h.act("worker", move |tx, cx| visit::record(tx, cx, &d)).unwrap();
        assert!(v.planned, "it did what was planned");
        assert_eq!((v.time.as_str(), v.minutes, v.outcome), ("09:00", 30, Outcome::Met));
        assert_eq!(served(&h, &c), [(day("2026-11-23"), 30)]);
        assert_eq!(due(&h, &c), (day("2027-02-21"), None));
        // Nothing said about a person lies open in the table.
        let lies = h.read({
            let id = v.id.clone();
            move |tx| {
                Ok(tx.find::<outreach::model::visit::Visit>(&db::Cell::to_value(&id))?.unwrap())
            }
        });
        assert!(!serde_json::to_string(&lies).unwrap().contains("手机"));

        let id = v.id.clone();
        let (_, said) = h
            .act("worker", move |tx, cx| {
                let (v, _, _) = visit::find(tx, cx, &id)?;
                let said = visit::plain(tx, &v)?;
                Ok((v, said))
            })
            .unwrap();
        assert_eq!((said.state.as_str(), said.note.as_str()), ("normal", "精神好，想学手机"));
    }
}

#[test]
fn an_attempt_is_no_service_and_a_correction_keeps_history() {
    for h in story::houses() {
        h.cast();
        let c = h.client("周桂英", "1948-03-05", "worker");
        let d = Draft {
            outcome: "not_home".into(),
            next_on: "2026-11-25".into(),
            client: c.0.clone(),
            ..Draft::default()
        };
        let v = h.act("worker", move |tx, cx| visit::record(tx, cx, &d)).unwrap();
        assert_eq!(served(&h, &c), []);
        assert_eq!(due(&h, &c).0, day("2026-04-05"), "still due");

        // She was at home after all.
        let (id, d) = (v.id.clone(), Draft { minutes: "45".into(), ..normal(&c) });
        h.act("worker", move |tx, cx| visit::amend(tx, cx, &id, &d, None)).unwrap();
        assert_eq!(served(&h, &c), [(day("2026-11-23"), 45)]);
        let (id, d) = (v.id.clone(), Draft { minutes: "40".into(), ..normal(&c) });
        h.act("worker", move |tx, cx| visit::amend(tx, cx, &id, &d, None)).unwrap();
        assert_eq!(served(&h, &c), [(day("2026-11-23"), 40)]);
        let (id, d) = (v.id.clone(), normal(&c));
        assert!(matches!(
            h.act("worker", move |tx, cx| visit::amend(tx, cx, &id, &d, Some(1))),
            Err(db::Error::Stale)
        ));

        let id = v.id.clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| visit::withdraw(tx, cx, &id, " "))),
            ["why:visits.why_missing"]
        );
        let id = v.id.clone();
        h.act("worker", move |tx, cx| visit::withdraw(tx, cx, &id, "记错了人")).unwrap();
        assert_eq!(served(&h, &c), []);
        let id = v.id.clone();
        let verbs: Vec<String> = h.read(move |tx| {
            Ok(db::event::of(tx, "visit", id.as_str())?.into_iter().map(|e| e.verb).collect())
        });
        assert_eq!(verbs, ["recorded", "amended", "amended", "withdrawn"]);
    }
}

#[test]
fn who_may_not_see_a_client_may_not_see_a_visit() {
    for h in story::houses() {
        h.cast();
        let c = h.client("周桂英", "1948-03-05", "worker");
        let d = normal(&c);
        let v = h.act("worker", move |tx, cx| visit::record(tx, cx, &d)).unwrap();
        for login in ["second", "stranger", "other", "head"] {
            let (id, d) = (v.id.clone(), normal(&c));
            let looked = h.act(login, move |tx, cx| visit::find(tx, cx, &id).map(|v| v.0.id));
            assert_eq!(no(looked), ["missing"], "{login}");
            let wrote = h.act(login, move |tx, cx| visit::record(tx, cx, &d).map(|v| v.id));
            assert_eq!(no(wrote), ["missing"], "{login}");
        }
        for login in ["officer", "auditor"] {
            let id = v.id.clone();
            assert_eq!(
                no(h.act(login, move |tx, cx| visit::find(tx, cx, &id).map(|v| v.0.id))),
                ["-:access.denied"]
            );
        }
        // The deputy leads in the street; the head plans by name and sees no file.
        let id = v.id.clone();
        assert!(h.act("deputy", move |tx, cx| visit::find(tx, cx, &id).map(|v| v.0.id)).is_ok());
        let planned = c.clone();
        assert_eq!(
            h.act("head", move |tx, cx| plan::batch(tx, cx, &[planned], day("2026-11-24"), &[]))
                .unwrap(),
            1
        );
        let planned = c.clone();
        assert_eq!(
            no(h.act("other", move |tx, cx| plan::batch(
                tx,
                cx,
                &[planned],
                day("2026-11-24"),
                &[]
            ))),
            ["missing"]
        );
    }
}

#[test]
fn the_rate_counts_people_and_its_rows_add_up() {
    for h in story::houses() {
        h.cast();
        let met = h.client("周桂英", "1948-03-05", "worker");
        let tried = h.client("吴阿根", "1950-01-01", "worker");
        h.client("郑小满", "1960-01-01", "second");
        h.client("王无人", "1960-01-01", "");
        for d in [normal(&met), normal(&met), Draft { outcome: "refused".into(), ..normal(&tried) }]
        {
            h.act("worker", move |tx, cx| visit::record(tx, cx, &d).map(drop)).unwrap();
        }
        let (total, rows) = h
            .act("head", |tx, cx| {
                let (from, to) = rate::month_of("2026-11")?;
                let month = rate::month(tx, cx, from, to)?;
                Ok((month.total(), month.rows()))
            })
            .unwrap();
        assert_eq!((total.due, total.met, total.missed), (4, 1, 1));
        assert_eq!(rows.iter().map(|r| r.1.due).sum::<i64>(), 4);
        assert_eq!(rows.iter().map(|r| r.1.met).sum::<i64>(), 1);
        assert_eq!(rows.len(), 3, "two workers, and nobody");
        let own = h
            .act("worker", |tx, cx| {
                let (from, to) = rate::month_of("2026-11")?;
                Ok(rate::month(tx, cx, from, to)?.total())
            })
            .unwrap();
        assert_eq!((own.due, own.met), (2, 1));
    }
}

#[test]
fn a_plan_of_ones_own_and_a_need_that_is_answered() {
    for h in story::houses() {
        h.cast();
        let c = h.client("周桂英", "1948-03-05", "worker");
        let id = c.clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| plan::set(tx, cx, &id, Some(14), "").map(drop))),
            ["why:visits.why_missing"]
        );
        let id = c.clone();
        h.act("worker", move |tx, cx| plan::set(tx, cx, &id, Some(14), "刚出院").map(drop))
            .unwrap();
        let d = Draft {
            needs: vec!["care".into(), "benefit".into()],
            need_words: "助浴".into(),
            ..normal(&c)
        };
        let v = h.act("worker", move |tx, cx| visit::record(tx, cx, &d)).unwrap();
        assert_eq!(due(&h, &c).0, day("2026-12-07"));
        let of = v.id.clone();
        let needs = h.read(move |tx| {
            let rows: Vec<db::Row> =
                tx.all("SELECT id FROM visit_need WHERE visit = $1 ORDER BY id", db::args![of])?;
            rows.iter().map(|r| r.at::<kernel::RecordId>(0)).collect::<db::Result<Vec<_>>>()
        });
        assert_eq!(needs.len(), 2);
        let first = needs[0].clone();
        h.act("worker", move |tx, cx| visit::answer(tx, cx, &first, Answered::Tip)).unwrap();
        let first = needs[0].clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| visit::answer(tx, cx, &first, Answered::Case))),
            ["-:visits.need_answered"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_visits_and_the_api_do_the_same() {
    for h in story::houses() {
        h.cast();
        let c = h.client("周桂英", "1948-03-05", "worker");
        let mut b = h.signed_in("worker").await;
        for path in [
            "/visits".to_owned(),
            format!("/visits/new?client={c}"),
            format!("/visits/of/{c}"),
            "/visits/rate".into(),
        ] {
            let page = b.get(&path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.body);
        }
        let csrf = b.get("/visits").await.csrf();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let token = web::encode(&csrf);
        let refused = b
            .send(
                "POST",
                &format!("/visits/new?client={c}"),
                &form,
                &format!("_csrf={token}&note=kept"),
            )
            .await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.body.contains("kept") && refused.body.contains("f-concerns-error"),
            "{}",
            refused.body
        );
        let done = b
            .send(
                "POST",
                &format!("/visits/new?client={c}"),
                &form,
                &format!("_csrf={token}&normal=1"),
            )
            .await;
        assert_eq!((done.status.as_u16(), done.to.as_str()), (303, "/visits"));

        let wire = serde_json::json!({ "client": c.0, "normal": true, "needs": ["legal"] });
        let one = b.post("/api/v1/visits", "key-1", wire.clone()).await;
        assert_eq!(one.status, 201, "{}", one.body);
        let again = b.post("/api/v1/visits", "key-1", wire).await;
        assert_eq!(one.json()["id"], again.json()["id"]);
        assert_eq!(served(&h, &c).len(), 2);
        let id = one.json()["id"].as_str().unwrap().to_owned();
        let shown = b.get(&format!("/visits/{id}")).await;
        assert!(
            shown.body.contains(&format!("/referrals/new?client={c}&#38;from=visit:{id}"))
                || shown.body.contains("from=visit:"),
            "{}",
            shown.body
        );
        let mut other = h.signed_in("second").await;
        assert_eq!(other.get(&format!("/visits/{id}")).await.status, 404);
        assert_eq!(other.get(&format!("/api/v1/visits/{id}")).await.status, 404);
    }
}
