//! Stories of deliberation on both engines: the whole road, every step that is refused, who sees what, activities and leaders.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]
use std::sync::OnceLock;

use db::Result;
use deliberation::acts::leaders::{self, NewLeader};
use deliberation::acts::neighbours::{self, NewNeighbours};
use deliberation::acts::steps::{Held, Said, step};
use deliberation::acts::{NewIssue, collect, find, people};
use deliberation::model::{
    Category, DecisionRule, DeedKind, Issue, LeaderRole, MeetingForm, NeighbourKind, Outcome,
    ParticipantRole, Source, State,
};
use kernel::DeliberationId;
use ledger::ServiceKind;
use story::{House, day, houses, no};

const REGION: &str = "r990002001001";

fn new() -> NewIssue {
    NewIssue {
        title: "夜间停车位怎么分".into(),
        source: Source::Resident,
        category: Category::Parking,
        region: REGION.into(),
        raised_by: "三单元住户".into(),
        detail: "晚上七点以后没有车位".into(),
        collected: day("2026-11-20"),
    }
}

fn say(h: &House, id: &DeliberationId, said: Said) -> Result<Issue> {
    let id = id.clone();
    h.act("worker", move |tx, cx| step(tx, cx, &id, &said))
}
fn screen() -> Said {
    Said::Screen { reason: "多户反映".into() }
}
fn schedule(on: &str) -> Said {
    Said::Schedule { form: MeetingForm::Council, day: day(on), place: "议事厅".into() }
}
fn held(on: &str) -> Held {
    Held {
        on: day(on),
        length: 90,
        present: Vec::new(),
        others: 20,
        views: "各方意见".into(),
        minutes: "逐条讨论".into(),
        rule: DecisionRule::Majority,
        yes: 15,
        no: 3,
        abstain: 2,
        outcome: Outcome::Agreed,
    }
}
fn resolve(from: &str) -> Said {
    Said::Resolve { text: "轮换使用".into(), from: day(from), days: 5 }
}
fn feed_back() -> Said {
    Said::FeedBack { text: "已划线".into() }
}
fn rate() -> Said {
    Said::Evaluate { points: [0, 0, 1, 4, 5], words: String::new() }
}
fn invite(h: &House, id: &DeliberationId) -> Result<deliberation::model::Participant> {
    let id = id.clone();
    h.act("worker", move |tx, cx| {
        people::invite(tx, cx, &id, "居委会主任", ParticipantRole::Committee)
    })
}
fn action(h: &House, id: &DeliberationId) -> Result<deliberation::model::Action> {
    let id = id.clone();
    h.act("worker", move |tx, cx| {
        people::add_action(tx, cx, &id, "划线", "物业", day("2026-12-20"))
    })
}

#[test]
fn an_issue_walks_the_whole_road_and_skips_no_step() {
    for h in houses() {
        h.cast();
        let issue = h.act("worker", |tx, cx| collect(tx, cx, &new())).unwrap();
        let id = issue.id.clone();
        let missing = |said, key: &str| {
            assert_eq!(no(say(&h, &id, said)), [format!("-:deliberation.needs.{key}")]);
        };
        missing(schedule("2026-12-01"), "screened");
        missing(Said::Meet(held("2026-11-23")), "scheduled");
        missing(resolve("2026-11-23"), "deliberated");
        missing(Said::Execute, "resolved");
        missing(feed_back(), "executing");
        missing(rate(), "fed_back");
        missing(Said::Archive, "evaluated");
        missing(Said::Notice { on: day("2026-11-23") }, "screened");
        assert_eq!(
            no(say(&h, &id, Said::Screen { reason: " ".into() })),
            ["reason:register.missing"]
        );
        say(&h, &id, screen()).unwrap();
        assert_eq!(no(say(&h, &id, screen())), ["-:deliberation.done_already"]);
        assert_eq!(no(action(&h, &id)), ["-:deliberation.needs.resolved"]);

        assert_eq!(
            no(say(&h, &id, schedule("2026-11-19"))),
            ["day:register.dates_order", "participants:deliberation.nobody_invited"]
        );
        let guest = invite(&h, &id).unwrap();
        say(&h, &id, schedule("2026-11-25")).unwrap();
        assert_eq!(
            no(say(&h, &id, Said::Notice { on: day("2026-11-23") })),
            ["noticed_on:deliberation.notice_late"]
        );
        // Too late for that day: another day is set.
        say(&h, &id, schedule("2026-11-30")).unwrap();
        h.pass_days(5);
        missing(Said::Meet(held("2026-11-28")), "notice");
        assert_eq!(
            no(say(&h, &id, Said::Notice { on: day("2026-11-28") })),
            ["noticed_on:deliberation.notice_late"]
        );
        say(&h, &id, Said::Notice { on: day("2026-11-26") }).unwrap();
        assert_eq!(
            no(say(&h, &id, Said::Meet(held("2026-11-28")))),
            ["held_on:deliberation.notice_short"],
            "three days of notice"
        );
        h.pass_days(2);
        let with = |change: fn(&mut Held)| {
            let mut said = held("2026-11-30");
            change(&mut said);
            no(say(&h, &id, Said::Meet(said)))
        };
        assert_eq!(with(|m| m.others = 1), ["others:deliberation.too_few"]);
        assert_eq!(with(|m| m.yes = 30), ["yes:deliberation.votes_many"]);
        assert_eq!(with(|m| m.no = 16), ["yes:deliberation.votes_many"]);
        assert_eq!(with(|m| m.yes = 4), ["outcome:deliberation.votes_short"]);
        assert_eq!(with(|m| m.minutes = String::new()), ["minutes:register.missing"]);
        let mut said = held("2026-11-30");
        said.present = vec![guest.id];
        say(&h, &id, Said::Meet(said)).unwrap();
        let months = h.read(|tx| ledger::report::months(tx, "/", "2026-11", "2026-11"));
        let met = months.iter().find(|m| m.kind == Some(ServiceKind::Deliberation)).unwrap();
        assert_eq!((met.services, met.person_times, met.minutes), (1, 21, 90));
        // People may still be added for a second meeting, until there is a resolution.
        invite(&h, &id).unwrap();
        assert_eq!(
            no(say(&h, &id, resolve("2026-11-29"))),
            ["public_from:deliberation.public_before"]
        );
        say(&h, &id, resolve("2026-11-30")).unwrap();
        assert_eq!(no(invite(&h, &id)), ["-:deliberation.met"]);
        assert_eq!(no(say(&h, &id, Said::Execute)), ["-:deliberation.public_running"]);
        h.pass_days(5);
        missing(Said::Execute, "actions");
        let todo = action(&h, &id).unwrap();
        say(&h, &id, Said::Execute).unwrap();
        assert_eq!(no(say(&h, &id, feed_back())), ["-:deliberation.actions_open"]);
        let finish = |on: &'static str| {
            let (id, todo) = (id.clone(), todo.id.clone());
            h.act("worker", move |tx, cx| people::finish_action(tx, cx, &id, &todo, day(on), ""))
        };
        assert_eq!(no(finish("2027-01-01")), ["done_on:ledger.future"]);
        finish("2026-12-05").unwrap();
        assert_eq!(no(finish("2026-12-05")), ["-:deliberation.done_already"]);
        say(&h, &id, feed_back()).unwrap();
        let nobody = Said::Evaluate { points: [0; 5], words: String::new() };
        assert_eq!(no(say(&h, &id, nobody)), ["points:deliberation.nobody_rated"]);
        let rated = say(&h, &id, rate()).unwrap();
        assert_eq!(rated.rating(), Some(440));
        let done = say(&h, &id, Said::Archive).unwrap();
        assert_eq!(done.state, State::Archived);
        assert_eq!(no(say(&h, &id, Said::Archive)), ["-:deliberation.ended"]);
        let mut road = steps(&h, &id);
        road.dedup();
        assert_eq!(road, State::ROAD.to_vec());
    }
}

#[test]
fn without_agreement_people_meet_again_or_go_to_the_street() {
    for h in houses() {
        h.cast();
        let id = h.act("worker", |tx, cx| collect(tx, cx, &new())).unwrap().id;
        let up = || Said::Escalate { to: "街道办".into(), reason: "超出社区权限".into() };
        assert_eq!(no(say(&h, &id, up())), ["-:deliberation.needs.screened"]);
        say(&h, &id, screen()).unwrap();
        invite(&h, &id).unwrap();
        say(&h, &id, schedule("2026-11-26")).unwrap();
        say(&h, &id, Said::Notice { on: day("2026-11-23") }).unwrap();
        h.pass_days(3);
        let mut said = held("2026-11-26");
        said.outcome = Outcome::NotAgreed;
        say(&h, &id, Said::Meet(said)).unwrap();
        assert_eq!(no(say(&h, &id, resolve("2026-11-26"))), ["-:deliberation.not_agreed"]);
        say(&h, &id, schedule("2026-12-01")).unwrap();
        let needs = no(say(&h, &id, Said::Meet(held("2026-11-26"))));
        assert_eq!(
            needs,
            ["-:deliberation.needs.notice"],
            "the second meeting has a notice of its own"
        );
        say(&h, &id, Said::Notice { on: day("2026-11-26") }).unwrap();
        h.pass_days(5);
        say(&h, &id, Said::Meet(held("2026-12-01"))).unwrap();
        say(&h, &id, up()).unwrap();
        let issue = say(&h, &id, feed_back()).unwrap();
        assert_eq!((issue.state, issue.escalated.as_deref()), (State::FedBack, Some("街道办")));
    }
}

#[test]
fn the_place_decides_who_sees_and_who_acts() {
    for h in houses() {
        h.cast();
        let id = h.act("worker", |tx, cx| collect(tx, cx, &new())).unwrap().id;
        let sees = |login| {
            let id = id.clone();
            h.act(login, move |tx, cx| find(tx, cx, &id).map(drop))
        };
        for login in ["head", "second", "supervisor", "officer"] {
            sees(login).unwrap();
        }
        for login in ["stranger", "other"] {
            assert_eq!(no(sees(login)), ["missing"], "{login}");
        }
        assert_eq!(no(sees("auditor")), ["-:access.denied"]);
        for login in ["supervisor", "officer"] {
            let id = id.clone();
            let done = h.act(login, move |tx, cx| step(tx, cx, &id, &screen()).map(drop));
            assert_eq!(no(done), ["-:access.denied"], "{login}");
        }
        assert_eq!(
            no(h.act("stranger", |tx, cx| collect(tx, cx, &new()))),
            ["region:register.region_unknown"]
        );
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let at = format!("/deliberations/{id}");
            let mut worker = h.signed_in("worker").await;
            for path in ["/deliberations", &at, "/neighbours", "/leaders", "/deliberations/new"] {
                assert_eq!(worker.get(path).await.status, 200, "{path}");
            }
            assert_eq!(worker.get(&format!("{at}/paper/notice")).await.status, 404);
            assert!(worker.get(&at).await.body.contains("三单元住户"));
            let mut other = h.signed_in("other").await;
            for path in [at.clone(), format!("/api/v1{at}"), format!("{at}/paper/signin")] {
                assert_eq!(other.get(&path).await.status, 404, "{path}");
            }
            assert!(!other.get("/deliberations").await.body.contains("夜间停车位"));
            let mut officer = h.signed_in("officer").await;
            let page = officer.get(&at).await;
            assert_eq!(page.status, 200);
            assert!(!page.body.contains("/screening"), "whoever only reads gets no form");
            // The whole road by API, as far as it goes today.
            let screening = serde_json::json!({ "reason": "多户反映" });
            let page = worker.post(&format!("/api/v1{at}/steps/screening"), "", screening).await;
            assert_eq!(
                (page.status.as_u16(), page.json()["state"].as_str()),
                (200, Some("screened"))
            );
            let page =
                worker.post(&format!("/api/v1{at}/steps/archive"), "", serde_json::json!({})).await;
            assert_eq!(page.status, 422);
        });
    }
}

#[test]
fn neighbours_and_leaders_are_kept_and_counted() {
    for h in houses() {
        h.cast();
        let plan = |persons| NewNeighbours {
            title: "百家宴".into(),
            kind: NeighbourKind::SharedTable,
            region: REGION.into(),
            day: day("2026-11-22"),
            place: "食堂".into(),
            minutes: 120,
            persons,
            note: String::new(),
        };
        assert_eq!(
            no(h.act("worker", move |tx, cx| neighbours::add(tx, cx, &plan(0)))),
            ["persons:deliberation.count"]
        );
        let a = h.act("worker", move |tx, cx| neighbours::add(tx, cx, &plan(40))).unwrap();
        let times = || {
            let months = h.read(|tx| ledger::report::months(tx, "/", "2026-11", "2026-11"));
            months.iter().map(|m| m.person_times).sum::<i64>()
        };
        assert_eq!(times(), 40);
        let id = a.id.clone();
        assert_eq!(
            no(h.act("other", move |tx, cx| neighbours::withdraw(tx, cx, &id))),
            ["missing"]
        );
        let id = a.id.clone();
        h.act("worker", move |tx, cx| neighbours::withdraw(tx, cx, &id)).unwrap();
        assert_eq!(times(), 0);

        let lead = |phone: &str| NewLeader {
            name: "顾大姐".into(),
            phone: phone.into(),
            role: LeaderRole::Stairwell,
            group_led: "3 幢".into(),
            region: REGION.into(),
            since: day("2026-01-10"),
            until: None,
        };
        let (wrong, right, kept) = (lead("12"), lead("13800001234"), lead(""));
        assert_eq!(
            no(h.act("worker", move |tx, cx| leaders::keep(tx, cx, None, &wrong))),
            ["phone:register.not_a_phone"]
        );
        let l = h.act("worker", move |tx, cx| leaders::keep(tx, cx, None, &right)).unwrap();
        let id = l.id.clone();
        h.act("worker", move |tx, cx| leaders::keep(tx, cx, Some(&id), &kept)).unwrap();
        let id = l.id.clone();
        let phone = h.act("worker", move |tx, cx| leaders::phone(tx, cx, &id)).unwrap();
        assert_eq!(phone, "13800001234", "an empty field keeps the number");
        let id = l.id.clone();
        h.act("worker", move |tx, cx| {
            leaders::note(tx, cx, &id, DeedKind::Training, "议事培训", day("2026-06-01"), 4)
        })
        .unwrap();
        let id = l.id.clone();
        assert_eq!(no(h.act("other", move |tx, cx| leaders::phone(tx, cx, &id))), ["missing"]);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let mut worker = h.signed_in("worker").await;
            let page = worker.get(&format!("/leaders/{}", l.id)).await;
            assert!(page.body.contains("顾大姐") && !page.body.contains("13800001234"));
            assert!(worker.get("/leaders").await.body.contains("顾大姐"));
            assert!(!worker.get("/api/v1/leaders").await.body.contains("13800001234"));
            assert_eq!(
                h.signed_in("other").await.get(&format!("/leaders/{}", l.id)).await.status,
                404
            );
        });
    }
}

fn steps(h: &House, id: &DeliberationId) -> Vec<State> {
    let id = id.clone();
    h.read(move |tx| {
        let rows: Vec<db::Row> =
            tx.all("SELECT state FROM issue_step WHERE issue = $1 ORDER BY at, id", db::args![id])?;
        rows.iter().map(|r| r.get("state")).collect()
    })
}

fn shared() -> &'static House {
    static HOUSE: OnceLock<House> = OnceLock::new();
    HOUSE.get_or_init(|| {
        let h = story::house();
        h.cast();
        // The far end of what the random walks ask for lies behind.
        h.pass_days(30);
        h
    })
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]
    /// Whatever is tried in whatever order: no step is skipped, and every state reached has its record.
    #[test]
    fn random_verbs_reach_no_illegal_state(verbs in proptest::collection::vec(0u8..12, 1..24)) {
        let h = shared();
        let id = h.act("worker", |tx, cx| collect(tx, cx, &new())).unwrap().id;
        let mut at = State::Collected;
        for n in verbs {
            let before = steps(h, &id);
            let today = h.cx().today();
            let done = match n {
                0 => say(h, &id, screen()),
                1 => invite(h, &id).and_then(|_| say(h, &id, schedule(&today.plus_days(3).to_string()))),
                2 => say(h, &id, Said::Notice { on: today }),
                3 => {
                    h.pass_days(4);
                    let on = h.cx().today().to_string();
                    say(h, &id, Said::Meet(held(&on)))
                }
                4 => say(h, &id, resolve(&today.to_string())),
                5 => action(h, &id).and_then(|_| {
                    h.pass_days(6);
                    say(h, &id, Said::Execute)
                }),
                6 => say(h, &id, feed_back()),
                7 => say(h, &id, rate()),
                8 => say(h, &id, Said::Archive),
                9 => say(h, &id, Said::Reject { reason: "不属于公共事务".into() }),
                10 => say(h, &id, Said::Escalate { to: "街道".into(), reason: "超出权限".into() }),
                _ => say(h, &id, screen()),
            };
            let after = steps(h, &id);
            match done {
                Ok(issue) if issue.state == at => assert!(after == before || n == 1, "only a notice stays"),
                Ok(issue) => {
                    assert!(at.next().contains(&issue.state), "{at} to {}", issue.state);
                    assert_eq!(after.len(), before.len() + 1);
                    assert_eq!(after.last(), Some(&issue.state), "every state has its record");
                    at = issue.state;
                }
                Err(_) => assert_eq!(after, before, "a refusal leaves nothing"),
            }
        }
    }
}
