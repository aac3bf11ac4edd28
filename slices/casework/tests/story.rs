//! The story of a case from the first request to the follow-up, on both engines: gates that refuse, a transfer, a supervisor who reads under a
//! pseudonym, a report of harm that nobody has to approve; and what others do not see of it.
mod common;

use casework::acts::{
    attachments, closing, goals, notes, opening, reports, requests, reviews, stages, transfer,
};
use casework::model::{Case, CaseKind, CaseSource, ContactMode, ReviewVerdict, Stage};
use common::{answered, attach, case_of, document, note};
use kernel::ClientId;
use registry::client::{Assignment, AssignmentKind, RiskGrade};
use story::{House, no};

fn supervised(h: &House, client: &ClientId) {
    let (client, person) = (client.clone(), h.person_of("supervisor"));
    h.write(move |tx, cx| {
        tx.insert(&Assignment {
            id: cx.id(),
            client,
            person,
            kind: AssignmentKind::Supervisor,
            since: story::day("2026-01-05"),
            until: None,
            approved_by: "system".into(),
        })
    });
}

/// The worker tries to go on; what was refused.
fn on(h: &House, case: &Case, to: Stage) -> Vec<String> {
    let id = case.id.clone();
    let done = h.act("worker", move |tx, cx| stages::advance(tx, cx, &id, to));
    if done.is_ok() { Vec::new() } else { no(done) }
}

#[test]
fn from_request_to_follow_up() {
    for h in story::houses() {
        h.cast();
        let client = h.client("周桂英", "1948-03-05", "worker");
        supervised(&h, &client);
        let case = case_of(&h, "worker", &client);
        assert_eq!(case.number(), "2026-001");
        let second = opening::NewCase {
            client: client.clone(),
            kind: CaseKind::General,
            source: CaseSource::Visit,
            day: case.opened_on,
            origin: None,
        };
        let refused = no(h.act("worker", move |tx, cx| opening::open(tx, cx, second)));
        assert_eq!(refused, ["client:casework.open_already"]);
        // Nobody goes on before the head agrees.
        assert_eq!(on(&h, &case, Stage::Planning), ["-:casework.no_way"]);
        document(&h, "worker", &case, "intake", "decided", &[]);
        assert_eq!(answered(&h, "worker", &case, true), ["-:access.denied"]);
        assert!(answered(&h, "head", &case, true).is_empty());
        // Each gate names what is missing.
        assert_eq!(
            on(&h, &case, Stage::Planning),
            ["assessment:casework.gate.assessment", "consent:casework.gate.consent"]
        );
        document(&h, "worker", &case, "assessment", "final", &[]);
        document(&h, "worker", &case, "consent", "final", &[]);
        assert!(on(&h, &case, Stage::Planning).is_empty());
        document(&h, "worker", &case, "service_plan", "final", &[("agreed", "no")]);
        assert_eq!(on(&h, &case, Stage::Intervention), ["agreement:casework.gate.agreement"]);
        document(&h, "worker", &case, "service_plan", "final", &[]);
        assert!(on(&h, &case, Stage::Intervention).is_empty());
        assert_eq!(on(&h, &case, Stage::Evaluation), ["contact_note:casework.gate.contact_note"]);
        let first = note(&h, "worker", &case, "血压平稳，愿意参加合唱。");
        let (id, about) = (case.id.clone(), first.id.0.clone());
        let advice = h
            .act("supervisor", move |tx, cx| {
                let seen = casework::acts::find(tx, cx, &id)?;
                assert_eq!(seen.sight.label(&seen.client), "案主1");
                let words = "把目标拆小。";
                reviews::review(tx, cx, &id, "contact_note", &about, ReviewVerdict::Advice, words)
            })
            .unwrap();
        let id = case.id.clone();
        h.act("worker", move |tx, cx| reviews::answer(tx, cx, &id, &advice.id, "已拆成两个。"))
            .unwrap();
        assert!(on(&h, &case, Stage::Evaluation).is_empty());
        let id = case.id.clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| requests::ask_closing(tx, cx, &id))),
            ["evaluation:casework.gate.evaluation", "closure:casework.gate.closure"]
        );
        document(&h, "worker", &case, "evaluation", "final", &[]);
        let id = case.id.clone();
        let live = h.act("worker", move |tx, cx| goals::of(tx, cx, &id)).unwrap();
        assert_eq!(goals::t_of(&live), Some(60.0));
        let kind = registry::attachment::AttachmentKind::Signed;
        let signed = attach(&h, "worker", &case, kind, false).unwrap();
        document(&h, "worker", &case, "closure", "final", &[]);
        let id = case.id.clone();
        h.act("worker", move |tx, cx| requests::ask_closing(tx, cx, &id)).unwrap();
        assert!(answered(&h, "head", &case, true).is_empty());
        // Closed means frozen: nothing is changed, only added to.
        let id = case.id.clone();
        let late = notes::NewNote::of(case.opened_on, ContactMode::Phone, 10, "晚了");
        let refused = no(h.act("worker", move |tx, cx| notes::add(tx, cx, &id, late)));
        assert_eq!(refused, ["-:casework.frozen"]);
        let id = case.id.clone();
        let (closed, proof) = h
            .act("worker", move |tx, cx| {
                closing::add(tx, cx, &id, "补充：女儿来电致谢。")?;
                let seen = casework::acts::look(tx, cx, &id)?;
                Ok((seen.case.clone(), closing::proof(tx, &seen.case)?.unwrap()))
            })
            .unwrap();
        assert!(proof.intact && proof.freeze.hash.len() == 64);
        // What lies beside the file is part of it: nobody takes it away, and the hash tells when it was exchanged past every act.
        let id = case.id.clone();
        let gone = h.act("worker", move |tx, cx| attachments::remove(tx, cx, &id, &signed.id));
        assert_eq!(no(gone), ["-:casework.frozen"]);
        let exchanged = closed.clone();
        let intact = h.write(move |tx, _| {
            let file = tx.count("SELECT COUNT(*) FROM file", db::args![])?;
            assert_eq!(tx.run("UPDATE file SET digest = 'x' || digest", db::args![])?, file as u64);
            let told = closing::proof(tx, &exchanged)?.unwrap().intact;
            tx.run("UPDATE file SET digest = SUBSTR(digest, 2)", db::args![])?;
            Ok(told)
        });
        assert!(!intact, "another paper in the same place");
        assert_eq!(closed.stage, Stage::FollowUp);
        assert_eq!(closed.keep_until, Some(story::day("2036-11-23")));
        h.pass_days(32);
        let fell = [("decision", "reopen"), ("reason", "再次独自在家跌倒")];
        document(&h, "worker", &case, "follow_up", "final", &fell);
        let id = case.id.clone();
        let again = h.act("worker", move |tx, cx| casework::acts::look(tx, cx, &id)).unwrap();
        assert_eq!((again.case.stage, again.case.closed_on), (Stage::Assessment, None));
        let refused = on(&h, &case, Stage::Planning);
        assert_eq!(refused, ["assessment:casework.gate.assessment"], "assessed anew");
        // The ledger counted the one contact, once.
        let minutes = h.read(|tx| {
            tx.count(
                "SELECT CAST(SUM(minutes) AS BIGINT) FROM service WHERE kind = 'case_contact'",
                &[],
            )
        });
        assert_eq!(minutes, 45);
    }
}

#[test]
fn who_sees_what() {
    for h in story::houses() {
        h.cast();
        let client = h.client("周桂英", "1948-03-05", "worker");
        let case = case_of(&h, "worker", &client);
        note(&h, "worker", &case, "一段只有社工看得到的话。");
        for nobody in ["stranger", "other", "second", "supervisor", "auditor", "officer"] {
            let id = case.id.clone();
            let seen = no(h.act(nobody, move |tx, cx| casework::acts::find(tx, cx, &id)));
            assert!(seen == ["missing"] || seen == ["-:access.denied"], "{nobody}: {seen:?}");
        }
        let id = case.id.clone();
        let seen = h.act("head", move |tx, cx| casework::acts::find(tx, cx, &id)).unwrap();
        assert!(seen.sight.name && !seen.sight.file, "a head sees the header");
        let id = case.id.clone();
        assert_eq!(no(h.act("head", move |tx, cx| casework::acts::look(tx, cx, &id))), ["missing"]);
        // A transfer: agreed to by the head, taken over by the colleague; the old worker sees nothing of it afterwards.
        let (id, to) = (case.id.clone(), h.person_of("second"));
        let asked = h
            .act("worker", move |tx, cx| transfer::offer(tx, cx, &id, &to, "我调往乙汀街道"))
            .unwrap();
        let taken = |who: &'static str| {
            let id = asked.id.clone();
            let done = h.act(who, move |tx, cx| transfer::answer(tx, cx, &id, true));
            if done.is_ok() { Vec::new() } else { no(done) }
        };
        assert_eq!(taken("second"), ["missing"], "the head first");
        assert!(answered(&h, "head", &case, true).is_empty());
        assert_eq!(taken("stranger"), ["missing"]);
        assert!(taken("second").is_empty());
        let id = case.id.clone();
        let now = h.act("second", move |tx, cx| casework::acts::look(tx, cx, &id)).unwrap();
        assert!(now.sight.writes);
        let id = case.id.clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| casework::acts::find(tx, cx, &id))),
            ["missing"]
        );
    }
}

#[test]
fn harm_is_reported_in_one_act() {
    for h in story::houses() {
        h.cast();
        let child = h.client("小满", "2016-05-01", "worker");
        let case = case_of(&h, "worker", &child);
        let new = reports::NewReport { client: Some(child.clone()), ..Default::default() };
        let before = h.shell.db.seq();
        let row = h.act("worker", move |tx, cx| reports::report(tx, cx, new)).unwrap();
        // Nothing that the report set off names who reported: neither as the author nor inside.
        let account = h.cx_of("worker").actor.account().0.clone();
        let log = h.read(move |tx| db::event::since(tx, before, 100));
        assert!(
            log.iter().any(|e| e.subject == "risk") && log.iter().any(|e| e.subject == "notice")
        );
        for e in log.iter().filter(|e| e.subject != "notice") {
            let told = format!("{} {} {:?} {:?}", e.account, e.request, e.before, e.after);
            assert!(
                e.account == "shielded" && !told.contains(&account),
                "{} {}",
                e.subject,
                e.verb
            );
        }
        assert!(log.iter().all(|e| e.account == "shielded"));
        assert_eq!((row.number().as_str(), row.case_file.as_ref()), ("2026-001", Some(&case.id)));
        let (grade, history) = h.read(move |tx| {
            let grade = registry::client::find_unguarded(tx, &child)?.unwrap().grade;
            Ok((grade, clients::acts::risk::history(tx, &child)?))
        });
        assert_eq!(grade, RiskGrade::Critical);
        let last = history.first().unwrap();
        assert_eq!((last.risk.grade, last.reason.as_str()), (RiskGrade::Critical, ""));
        // Who reported is for the reporter and the district.
        let reporter = |who: &'static str| {
            let id = row.id.clone();
            h.act(who, move |tx, cx| reports::reporter(tx, cx, &id))
        };
        assert_eq!(reporter("worker").unwrap(), "worker");
        assert_eq!(reporter("officer").unwrap(), "worker");
        for nobody in ["head", "deputy", "supervisor", "stranger", "other", "auditor"] {
            let seen = no(reporter(nobody));
            assert!(seen == ["missing"] || seen == ["-:access.denied"], "{nobody}: {seen:?}");
        }
        let shown = h.read(|tx| {
            tx.count(
                "SELECT COUNT(*) FROM event e JOIN account a ON a.id = e.account
                 WHERE e.subject = 'harm_report' AND a.login = 'worker'",
                &[],
            )
        });
        assert_eq!(shown, 0, "the log does not give the reporter away");
        let told = h.read(|tx| {
            tx.count(
                "SELECT COUNT(*) FROM notice n JOIN account a ON a.id = n.account
                 WHERE n.urgent = 1 AND n.key = 'casework.notice.report' AND a.login IN ('head', 'supervisor')",
                &[],
            )
        });
        assert_eq!(told, 2);
        // An outcome before the police were told is refused.
        let id = row.id.clone();
        let refused = no(h.act("head", move |tx, cx| {
            reports::complete(tx, cx, &id, reports::NewReport::default(), "已安置")
        }));
        assert_eq!(refused, ["outcome:casework.report_police_first"]);
        let id = row.id.clone();
        let done = h.act("head", move |tx, cx| {
            let more = reports::NewReport {
                police_at: Some(cx.now),
                police_receipt: "接警 2026-1123-07".into(),
                ..Default::default()
            };
            reports::complete(tx, cx, &id, more, "")
        });
        assert!(!done.unwrap().waits());
    }
}

/// Who was told what of a report, in order: `key login`.
fn told(h: &House) -> Vec<String> {
    h.read(|tx| {
        let rows: Vec<db::Row> = tx.all(
            "SELECT n.key, a.login FROM notice n JOIN account a ON a.id = n.account
             WHERE n.key LIKE 'casework.notice.report%' OR n.key = 'casework.notice.crisis' ORDER BY n.at, n.key, a.login",
            &[],
        )?;
        rows.iter()
            .map(|r| Ok(format!("{} {}", r.at::<String>(0)?.replace("casework.notice.", ""), r.at::<String>(1)?)))
            .collect()
    })
}

#[test]
fn a_report_climbs_while_nobody_tells_the_police_and_each_step_is_told_once() {
    for h in story::houses() {
        h.cast();
        h.open("street", access::Role::StreetOfficer, "r990002001");
        h.open("elsewhere", access::Role::StreetOfficer, "r990002002");
        let child = h.client("小满", "2016-05-01", "worker");
        case_of(&h, "worker", &child);
        let new = reports::NewReport { client: Some(child.clone()), ..Default::default() };
        let row = h.act("second", move |tx, cx| {
            reports::report(tx, cx, reports::NewReport { client: None, ..new })
        });
        let row = row.unwrap();
        let round = || notices::rounds::go(&h.shell).unwrap();
        let station = ["report deputy", "report head", "report supervisor"];
        assert_eq!(
            (round(), told(&h)),
            (0, station.map(str::to_owned).to_vec()),
            "told with the report"
        );
        h.pass_minutes(119);
        assert_eq!(round(), 0, "two hours have not passed");
        h.pass_minutes(1);
        assert_eq!((round(), round()), (1, 0), "once");
        assert_eq!(told(&h).last().unwrap(), "report_street street");
        h.pass_minutes(22 * 60);
        assert_eq!((round(), round()), (1, 0), "once");
        assert_eq!(told(&h).last().unwrap(), "report_district officer");
        assert_eq!(told(&h).len(), 5, "nobody of another street");
        // A second one: the program was down for days, so both steps are told in one round; a report whose police were told climbs no more.
        let late =
            h.act("worker", move |tx, cx| reports::report(tx, cx, reports::NewReport::default()));
        let late = late.unwrap();
        let (called, id) = (row.id.clone(), late.id.clone());
        h.act("head", move |tx, cx| {
            let more = reports::NewReport { police_at: Some(cx.now), ..Default::default() };
            reports::complete(tx, cx, &called, more, "")
        })
        .unwrap();
        h.pass_days(3);
        assert_eq!((round(), round()), (2, 0));
        // What the rounds wrote names nobody who reported.
        let account = h.cx_of("worker").actor.account().0.clone();
        let noted = h.read(move |tx| {
            tx.count(
                "SELECT COUNT(*) FROM event WHERE subject = 'notice' AND (account = $1 OR after LIKE '%' || $1 || '%')",
                db::args![account],
            )
        });
        assert_eq!(noted, 0);
        let steps = h.read(move |tx| {
            tx.count("SELECT COUNT(*) FROM notice_step WHERE about = $1", db::args![id])
        });
        assert_eq!(steps, 3);
    }
}

#[test]
fn a_crisis_without_a_plan_is_told_to_the_head_after_a_day() {
    for h in story::houses() {
        h.cast();
        let child = h.client("小满", "2016-05-01", "worker");
        let case = case_of(&h, "worker", &child);
        let id = case.id.clone();
        h.write(move |tx, cx| {
            let before: Case = tx.find(&db::Cell::to_value(&id))?.unwrap();
            tx.update(&Case { crisis_at: Some(cx.now), ..before })
        });
        let round = || notices::rounds::go(&h.shell).unwrap();
        h.pass_minutes(23 * 60);
        assert_eq!(round(), 0);
        h.pass_minutes(60);
        assert_eq!((round(), round()), (1, 0));
        assert_eq!(told(&h), ["crisis deputy", "crisis head"]);
    }
}
