//! A closed file is opened once, for an hour, by whoever may and gave the second factor, and everybody who should know knows.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails loudly"
)]
use access::care;
use access::factor;
use axum::http::StatusCode;
use glass::acts;
use glass::model::Ask;
use story::{Browser, House, houses, no};

fn ask(whom: &str) -> Ask {
    let words = "邻居报告老人失联两日，电话不通，主责社工休假";
    Ask { whom: whom.into(), reason: "life".into(), words: words.into() }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let one = |(n, v): &(&str, &str)| format!("{n}={}", web::encode(v));
    pairs.iter().map(one).collect::<Vec<_>>().join("&")
}

async fn post(b: &mut Browser, from: &str, to: &str, pairs: &[(&str, &str)]) -> story::Page {
    let csrf = b.get(from).await.csrf();
    let body = format!("_csrf={}&{}", web::encode(&csrf), encoded(pairs));
    b.send("POST", to, &[("content-type", "application/x-www-form-urlencoded")], &body).await
}

/// Enrols a second factor through the pages; answers the secret.
async fn enrol(h: &House, b: &mut Browser) -> String {
    let shown = post(b, "/me/factor", "/me/factor", &[]).await;
    let secret = shown.body.split("class=\"secret\">").nth(1).unwrap();
    let secret: String = secret.split('<').next().unwrap().split(' ').collect();
    let wrong = post(b, "/me", "/me/factor/confirmation", &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    h.pass_minutes(1);
    let code = factor::code_at(&secret, h.shell.now()).unwrap();
    let done = post(b, "/me", "/me/factor/confirmation", &[("code", &code)]).await;
    assert!(done.body.contains("恢复码"), "{}", done.body);
    secret
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_needs_a_fresh_second_factor_and_ends_by_itself() {
    for h in houses() {
        h.cast();
        let client = h.client("周桂英", "1948-03-05", "worker");
        // The district sees no file, and the form asks for the second factor first.
        assert_eq!(
            no(h.act("officer", {
                let c = client.clone();
                move |tx, cx| care::find(tx, cx, &c)
            })),
            ["missing"]
        );
        assert_eq!(
            no(h.act("officer", |tx, cx| acts::open(tx, cx, &ask("1")))),
            ["-:access.step_up"]
        );
        let mut b = h.signed_in("officer").await;
        let closed = b.get("/glass/new").await;
        assert!(closed.body.contains("/me/step-up"), "{}", closed.body);
        let secret = enrol(&h, &mut b).await;

        let refused = post(
            &mut b,
            "/glass/new",
            "/glass",
            &[("whom", "77"), ("reason", "life"), ("words", "短")],
        )
        .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("value=\"77\""), "what was typed is kept");
        let words = "邻居报告老人失联两日，电话不通，主责社工休假";
        let form = [("whom", "1"), ("reason", "life"), ("words", words)];
        let opened = post(&mut b, "/glass/new", "/glass", &form).await;
        assert_eq!(opened.to, format!("/clients/{client}"), "{}", opened.body);

        let shown = b.get(&format!("/clients/{client}")).await;
        assert!(shown.status == StatusCode::OK && shown.body.contains("周桂英"), "{}", shown.body);
        let api = b.get(&format!("/api/v1/clients/{client}")).await;
        assert_eq!(api.status, StatusCode::OK, "{}", api.body);
        assert_eq!(b.get("/clients").await.status, StatusCode::FORBIDDEN, "one file, no list");

        let seen = |c: kernel::ClientId| {
            move |tx: &mut db::Tx<'_>, cx: &access::Cx| care::find(tx, cx, &c).map(|(_, s)| s)
        };
        let sight = h.act("officer", seen(client.clone())).unwrap();
        assert!(sight.file && !sight.writes);
        // Worker, head and auditor know at once; nobody else sees more than before.
        for login in ["worker", "head", "auditor"] {
            let told = h
                .act(login, |tx, cx| access::notice::of_account(tx, cx.actor.account(), 9))
                .unwrap();
            assert_eq!(told.len(), 1, "{login}");
            assert!(told[0].urgent && !told[0].args.to_string().contains("周桂英"));
        }
        assert_eq!(no(h.act("stranger", seen(client.clone()))), ["missing"]);
        // Whoever stays at work sees it to the last minute, and after that it is as if it were not there.
        for minutes in [20, 20, 19] {
            h.pass_minutes(minutes);
            let still = b.get(&format!("/clients/{client}")).await;
            assert_eq!(still.status, StatusCode::OK, "{}", still.body);
        }
        h.pass_minutes(1);
        assert_eq!(no(h.act("officer", seen(client.clone()))), ["missing"]);
        let over = b.get(&format!("/clients/{client}")).await;
        assert_eq!(over.status, StatusCode::NOT_FOUND, "it ended");
        assert!(!over.body.contains("周桂英"));

        // A password alone no longer signs in; with the code it does, and a code serves once.
        let mut b = h.browser();
        let half = [("login", "officer"), ("password", story::PASSWORD)];
        let half = post(&mut b, "/session/new", "/session/new", &half).await;
        assert!(half.body.contains("请输入动态码"), "{}", half.body);
        let code = factor::code_at(&secret, h.shell.now()).unwrap();
        let whole = [("login", "officer"), ("password", story::PASSWORD), ("code", code.as_str())];
        let whole = post(&mut b, "/session/new", "/session/new", &whole).await;
        assert_eq!(whole.status, StatusCode::SEE_OTHER, "{}", whole.body);
        h.pass_minutes(6);
        // The step-up is old by now.
        let stale = post(&mut b, "/glass/new", "/glass", &form).await;
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        let code = factor::code_at(&secret, h.shell.now()).unwrap();
        let there = [("code", code.as_str()), ("next", "/glass/new")];
        assert_eq!(post(&mut b, "/me/step-up", "/me/step-up", &there).await.to, "/glass/new");
        let again = post(&mut b, "/me/step-up", "/me/step-up", &there).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[test]
fn looks_are_reviewed_by_others_and_neglect_suspends() {
    for h in houses() {
        h.cast();
        h.client("周桂英", "1948-03-05", "worker");
        h.open("second_officer", access::Role::DistrictOfficer, "r990002");
        let open = || h.act_stepped("head", |tx, cx| acts::open(tx, cx, &ask("1")));
        let look = open().unwrap();
        assert_eq!(open().unwrap().id, look.id, "a look that is open is not opened twice");
        let id = look.id.0.clone();
        let review = |login: &'static str, id: String, right: bool| {
            h.act(login, move |tx, cx| acts::review(tx, cx, &id, right, ""))
        };
        assert_eq!(no(review("head", id.clone(), true)), ["-:access.denied"]);
        assert_eq!(no(review("officer", id.clone(), false)), ["review:glass.review_why"]);
        h.pass_days(7);
        assert_eq!(no(open()), ["-:glass.suspended"]);
        assert!(review("officer", id.clone(), true).unwrap().justified.unwrap());
        assert_eq!(no(review("officer", id, true)), ["-:glass.reviewed"]);
        assert!(open().is_ok());
        // Another street's head does not reach this client, and no worker may look at all.
        assert_eq!(
            no(h.act_stepped("other", |tx, cx| acts::open(tx, cx, &ask("1")))),
            ["whom:glass.whom_unknown"]
        );
        assert_eq!(
            no(h.act_stepped("worker", |tx, cx| acts::open(tx, cx, &ask("1")))),
            ["-:access.denied"]
        );
        let own = h.act_stepped("officer", |tx, cx| acts::open(tx, cx, &ask("1"))).unwrap().id.0;
        assert_eq!(no(review("officer", own.clone(), true)), ["-:glass.own"]);
        assert!(review("second_officer", own, true).is_ok());
    }
}

#[test]
fn a_look_nobody_reviewed_is_reminded_of_once() {
    for h in houses() {
        h.cast();
        h.open("second_officer", access::Role::DistrictOfficer, "r990002");
        h.client("周桂英", "1948-03-05", "worker");
        h.act_stepped("officer", |tx, cx| acts::open(tx, cx, &ask("1"))).unwrap();
        let round = || notices::rounds::go(&h.shell).unwrap();
        h.pass_days(6);
        assert_eq!(round(), 0);
        h.pass_days(1);
        assert_eq!((round(), round()), (1, 0));
        let told = h
            .act("second_officer", |tx, cx| access::notice::of_account(tx, cx.actor.account(), 9))
            .unwrap();
        assert!(told.iter().any(|n| n.key == "glass.notice_overdue" && n.urgent));
    }
}
