//! A worker's own day, and the team as its head sees it.
#![allow(clippy::allow_attributes, clippy::unwrap_used, reason = "a test fails loudly")]

use axum::http::StatusCode;
use kernel::{ClientId, SiteId};
use ledger::{NewService, ServiceKind};
use story::{House, day, houses};

fn visit(h: &House, site: &str, n: u8, on: &str, client: &ClientId) {
    let person = h.person_of("worker");
    let new = NewService {
        kind: ServiceKind::Visit,
        source: "visit",
        source_id: format!("v{n}"),
        site: SiteId::from(site),
        region: "r990002001".into(),
        path: h.read(|tx| Ok(registry::region::find(tx, &"r990002001".into())?.unwrap().path)),
        day: day(on),
        minutes: 90,
        workers: vec![(person, 90)],
        clients: vec![client.clone()],
        unnamed: 0,
        project: None,
        need: None,
        field: None,
    };
    h.act("worker", move |tx, cx| ledger::record(tx, cx, new)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_not_visited_stands_on_the_first_screen_until_a_visit() {
    for h in houses() {
        let (here, _) = h.cast();
        let zhou = h.client("周桂英", "1948-03-05", "worker");
        h.client("钱阿水", "1950-01-01", "second");
        visit(&h, &here, 1, "2026-10-01", &zhou);
        let mut worker = h.signed_in("worker").await;
        let page = worker.get("/today").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(
            page.body.contains("超过 30 天未走访") && page.body.contains("53 天"),
            "{}",
            page.body
        );
        assert!(!page.body.contains("钱阿水"), "another's client");
        assert!(!page.body.contains("id=\"team\""), "the team is its head's");
        visit(&h, &here, 2, "2026-11-20", &zhou);
        let page = worker.get("/today").await;
        assert!(!page.body.contains("超过 30 天未走访"), "{}", page.body);
        assert!(page.body.contains("1.5"), "the month's hours: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_sees_the_load_of_each_and_the_risk_of_all() {
    for h in houses() {
        let (here, _) = h.cast();
        let zhou = h.client("周桂英", "1948-03-05", "worker");
        h.client("钱阿水", "1950-01-01", "worker");
        visit(&h, &here, 1, "2026-11-02", &zhou);
        let shell = h.shell.clone();
        let team = h
            .act("head", move |tx, cx| {
                let dues = today::acts::gather(tx, cx, &shell)?;
                today::acts::team(tx, cx, &shell, &dues)
            })
            .unwrap()
            .unwrap();
        let told: Vec<_> = team
            .people
            .iter()
            .map(|c| (c.name.as_str(), c.clients, c.services, c.minutes))
            .collect();
        assert!(told.contains(&("worker", 2, 1, 90)), "{told:?}");
        assert!(told.contains(&("second", 0, 0, 0)), "{told:?}");
        assert!(!told.iter().any(|t| t.0 == "stranger"), "another station's: {told:?}");
        assert_eq!(team.grades, [(registry::client::RiskGrade::Low, 2)]);
        let mut head = h.signed_in("head").await;
        let page = head.get("/today").await;
        assert!(
            page.body.contains("id=\"team\"") && page.body.contains("服务对象风险等级"),
            "{}",
            page.body
        );
        let shell = h.shell.clone();
        let none =
            h.act("supervisor", move |tx, cx| today::acts::team(tx, cx, &shell, &[])).unwrap();
        assert_eq!(none, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_can_begin_is_what_one_may() {
    for h in houses() {
        h.cast();
        let begin = async |login| h.signed_in(login).await.get("/new").await.body;
        let worker = begin("worker").await;
        assert!(worker.contains("/ledger/time/new") && !worker.contains("/sites/new"), "{worker}");
        let officer = begin("officer").await;
        assert!(
            !officer.contains("/ledger/time/new") && officer.contains("/sites/new"),
            "{officer}"
        );
        assert!(begin("auditor").await.contains("没有可以新增的内容"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_handed_in_stands_on_the_first_screen_of_whoever_typed_it() {
    for h in houses() {
        h.cast();
        let typed = access::draft::Typed {
            text: "[[\"seen\",\"血压高\"]]".into(),
            title: "记走访：周桂英".into(),
            device: "a".into(),
            seen: None,
        };
        h.act("worker", move |tx, cx| {
            access::draft::keep(tx, cx, "/visits/new?client=c1#visit", &typed)
        })
        .unwrap();
        let page = h.signed_in("worker").await.get("/today").await;
        assert!(page.body.contains("未提交的草稿"), "{}", page.body);
        assert!(page.body.contains("href=\"/visits/new?client=c1\" data-left>记走访：周桂英<"));
        assert!(!page.body.contains("血压高"), "what was typed stays in its form");
        let other = h.signed_in("second").await.get("/today").await;
        assert!(!other.body.contains("周桂英"), "another's draft");
    }
}
