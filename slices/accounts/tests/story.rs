//! The story of the door, told through the router on both engines.
mod house;

use access::AccountStatus;
use access::Role;
use access::acts::NewGrant;
use axum::http::StatusCode;
use house::{House, PASSWORD, houses};

#[tokio::test(flavor = "multi_thread")]
async fn wrong_unknown_and_suspended_look_alike_and_close_the_name() {
    for h in houses() {
        h.open("lin", &[Role::StationHead], false);
        let gone = h.open("gone", &[Role::Worker], false);
        let cx = h.cx();
        h.shell
            .db
            .write(move |tx| access::acts::set_status(tx, &cx, &gone.id, AccountStatus::Suspended))
            .unwrap();
        let mut faces = Vec::new();
        for (login, password) in
            [("lin", "wrong-wrong-wrong"), ("nobody", "wrong-wrong-wrong"), ("gone", PASSWORD)]
        {
            let mut b = h.browser();
            let page = b.sign_in(login, password).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(!b.cookies.contains_key("sid"));
            // At once again: the name is closed for a second, whoever it belongs to and whatever the password.
            let again = b.sign_in(login, PASSWORD).await;
            let face = |p: &house::Page| {
                p.body.replace(&p.csrf(), "TOKEN").replace(&format!("value=\"{login}\""), "LOGIN")
            };
            faces.push((face(&page), again.status, face(&again)));
        }
        assert_eq!(faces[0], faces[1]);
        assert_eq!(faces[0], faces[2]);
        assert!(faces[0].2.contains("1 秒"), "{}", faces[0].2);
        h.clock.pass(1_000);
        assert_eq!(h.browser().sign_in("LIN ", PASSWORD).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_tries_close_the_name_for_a_quarter_of_an_hour() {
    for h in houses() {
        h.open("lin", &[Role::StationHead], false);
        for pause in [1, 3, 5, 10, 900] {
            assert!(
                h.browser()
                    .sign_in("lin", "not-the-password")
                    .await
                    .body
                    .contains("账号或密码不对")
            );
            h.clock.pass(pause * 1000 - 1);
            let early = h.browser().sign_in("lin", PASSWORD).await;
            assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{pause}");
            h.clock.pass(1);
        }
        h.signed_in("lin").await;
        // Success forgets the failures.
        assert!(
            h.browser().sign_in("lin", "not-the-password").await.body.contains("账号或密码不对")
        );
        h.clock.pass(1_000);
        h.signed_in("lin").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_sent_at_once_count_as_one() {
    let h = house::house();
    h.open("lin", &[Role::StationHead], false);
    let mut all = Vec::new();
    for _ in 0..6 {
        let mut b = h.browser();
        all.push(tokio::spawn(async move { b.sign_in("lin", "not-the-password").await.body }));
    }
    let mut wrong = 0;
    for one in all {
        wrong += usize::from(one.await.unwrap().contains("账号或密码不对"));
    }
    assert_eq!(wrong, 1, "only the first of a volley learns whether the password was right");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_password_opens_nothing_but_its_own_change() {
    for h in houses() {
        h.open("lin", &[Role::StationHead], true);
        let mut b = h.browser();
        assert_eq!(b.sign_in("lin", PASSWORD).await.to, "/me/password");
        assert_eq!(b.get("/me").await.to, "/me/password");
        assert_eq!(b.call("GET", "/api/v1/me", "").await.status, StatusCode::FORBIDDEN);
        let old = b.cookies["sid"].clone();
        let change = |current, fresh, again| {
            [("current_password", current), ("password", fresh), ("password_again", again)]
        };
        for bad in [
            change("wrong-wrong-wrong", "river-lantern-ninety", "river-lantern-ninety"),
            change(PASSWORD, "short", "short"),
            change(PASSWORD, "river-lantern-ninety", "river-lantern-nine"),
            change(PASSWORD, PASSWORD, PASSWORD),
        ] {
            let page = b.post("/me/password", "/me/password", &bad).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(!page.body.contains(bad[1].1), "a password never comes back");
            h.clock.pass(1_000);
        }
        let done = b
            .post(
                "/me/password",
                "/me/password",
                &change(PASSWORD, "river-lantern-ninety", "river-lantern-ninety"),
            )
            .await;
        assert_eq!((done.status, done.to.as_str()), (StatusCode::SEE_OTHER, "/me"));
        assert_ne!(b.cookies["sid"], old, "the session rotates");
        assert_eq!(b.get("/me").await.status, StatusCode::OK);
        let mut stale = h.browser();
        stale.cookies.insert("sid".into(), old);
        assert_eq!(stale.get("/me").await.to, "/session/new?next=/me");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_hat_is_another_session_and_a_session_ends_when_it_should() {
    for h in houses() {
        h.open("shen", &[Role::DistrictOfficer, Role::StationHead], false);
        let mut b = h.signed_in("shen").await;
        assert_eq!(b.get("/").await.to, "/district");
        let before = b.cookies["sid"].clone();
        let me = b.call("GET", "/api/v1/me", "").await.json();
        assert_eq!(me["role"], "district_officer");
        let page = b.get("/me").await;
        let other = page
            .body
            .split("name=\"hat\" value=\"")
            .skip(1)
            .map(|t| t.split('"').next().unwrap().to_owned())
            .last()
            .unwrap();
        let csrf = page.csrf();
        assert_eq!(b.post_as(&csrf, "/session/hat", &[("hat", &other)]).await.to, "/");
        assert_ne!(b.cookies["sid"], before);
        assert_eq!(b.get("/").await.to, "/today");
        let mut old = h.browser();
        old.cookies.insert("sid".into(), before);
        assert_eq!(old.get("/").await.to, "/session/new?next=/");
        // Somebody else's grant is no hat.
        assert_eq!(
            b.post("/me", "/session/hat", &[("hat", "no-such-grant")]).await.status,
            StatusCode::NOT_FOUND
        );
        // Half an hour of silence ends it; use keeps it alive, but not beyond twelve hours.
        h.clock.pass(29 * 60_000);
        assert_eq!(b.get("/me").await.status, StatusCode::OK);
        h.clock.pass(29 * 60_000);
        assert_eq!(b.get("/me").await.status, StatusCode::OK);
        h.clock.pass(30 * 60_000);
        assert_eq!(b.get("/me").await.status, StatusCode::SEE_OTHER);
        let mut b = h.signed_in("shen").await;
        for _ in 0..28 {
            assert_eq!(b.get("/me").await.status, StatusCode::OK);
            h.clock.pass(26 * 60_000);
        }
        assert_eq!(b.get("/me").await.to, "/session/new?next=/me");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn suspension_and_revocation_bite_at_once() {
    for h in houses() {
        let lin = h.open("lin", &[Role::StationHead], false);
        h.open("admin", &[Role::SystemAdmin], false);
        h.open("safety", &[Role::SecurityAdmin], false);
        let (mut worker, mut admin, mut safety) =
            (h.signed_in("lin").await, h.signed_in("admin").await, h.signed_in("safety").await);
        let at = format!("/accounts/{}", lin.id.as_str());
        let mint = worker
            .post(
                "/me",
                "/me/tokens",
                &[("name", "脚本"), ("scope", "read"), ("until", "2027-01-01")],
            )
            .await;
        let token = mint
            .body
            .split("wushe_")
            .nth(1)
            .map(|t| format!("wushe_{}", t.split('<').next().unwrap()))
            .unwrap();
        let mut program = h.browser();
        program.bearer = Some(token);
        assert_eq!(program.call("GET", "/api/v1/me", "").await.status, StatusCode::OK);

        assert_eq!(admin.post(&at, &format!("{at}/suspension"), &[]).await.to, at);
        assert_eq!(worker.get("/me").await.status, StatusCode::SEE_OTHER);
        assert_eq!(program.call("GET", "/api/v1/me", "").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(admin.post(&at, &format!("{at}/reinstatement"), &[]).await.to, at);
        assert_eq!(
            worker.get("/me").await.status,
            StatusCode::SEE_OTHER,
            "the old session stays dead"
        );

        let mut worker = h.signed_in("lin").await;
        let page = safety.get(&at).await;
        let end = page
            .body
            .split("action=\"")
            .find(|t| t.contains("/grants/"))
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        assert_eq!(safety.post_as(&page.csrf(), &end, &[]).await.to, at);
        assert_eq!(worker.get("/me").await.status, StatusCode::SEE_OTHER);
        let no_role = h.browser().sign_in("lin", PASSWORD).await;
        assert!(no_role.body.contains("账号还没有角色"), "{}", no_role.body);

        // An administrator neither grants (there is a security administrator) nor suspends herself.
        let form = [("role", "worker"), ("region", "d"), ("since", "2026-11-23")];
        assert_eq!(
            admin.post(&at, &format!("{at}/grants"), &form).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(safety.post(&at, &format!("{at}/grants"), &form).await.to, at);
        h.signed_in("lin").await;
        let me = admin.call("GET", "/api/v1/me", "").await.json()["account"]
            .as_str()
            .unwrap()
            .to_owned();
        let own = admin.post("/accounts", &format!("/accounts/{me}/suspension"), &[]).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_reads_or_writes_but_never_becomes_more() {
    for h in houses() {
        h.open("admin", &[Role::SystemAdmin], false);
        let mut b = h.signed_in("admin").await;
        let csrf = b.get("/me").await.csrf();
        let mint = async |b: &mut house::Browser, writes: bool| {
            let body = format!(r#"{{"name":"x","writes":{writes},"until":"2027-01-01"}}"#);
            let made = b.send("POST", "/api/v1/me/tokens", &[("x-csrf", &csrf)], &body).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
            made.json()["token"].as_str().unwrap().to_owned()
        };
        let (reads, writes) = (mint(&mut b, false).await, mint(&mut b, true).await);
        assert!(
            !b.call("GET", "/api/v1/me/tokens", "").await.body.contains("wushe_"),
            "shown once"
        );
        let new = |login: &str| format!(r#"{{"login":"{login}","name":"新人"}}"#);

        let mut program = h.browser();
        program.bearer = Some(reads);
        let listed = program.call("GET", "/api/v1/accounts", "").await;
        assert_eq!(listed.status, StatusCode::OK);
        assert!(!listed.body.contains("argon2"), "no hash leaves");
        assert_eq!(
            program.call("POST", "/api/v1/accounts", &new("a1")).await.status,
            StatusCode::FORBIDDEN
        );

        program.bearer = Some(writes);
        let made = program.call("POST", "/api/v1/accounts", &new("a1")).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert_eq!(made.json()["one_time_password"].as_str().unwrap().len(), 19);
        assert_eq!(
            program.call("POST", "/api/v1/accounts", &new("a1")).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let unknown = r#"{"login":"a2","name":"新人","role":"system_admin"}"#;
        assert_eq!(
            program.call("POST", "/api/v1/accounts", unknown).await.status,
            StatusCode::BAD_REQUEST
        );
        let more = r#"{"name":"y","writes":true,"until":"2027-11-01"}"#;
        assert_eq!(
            program.call("POST", "/api/v1/me/tokens", more).await.status,
            StatusCode::FORBIDDEN
        );
        let password = format!(r#"{{"current":"{PASSWORD}","password":"river-lantern-ninety"}}"#);
        let refused = program.call("POST", "/api/v1/me/password", &password).await;
        assert_eq!((refused.status, refused.set.len()), (StatusCode::FORBIDDEN, 0));
        assert_eq!(program.get("/me").await.status, StatusCode::SEE_OTHER, "pages take no tokens");
        h.clock.pass(40 * 86_400_000);
        assert_eq!(
            program.call("GET", "/api/v1/me", "").await.status,
            StatusCode::UNAUTHORIZED,
            "it ends on its day"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_requests_and_foreign_addresses_are_refused() {
    let h = house::house();
    h.open("admin", &[Role::SystemAdmin], false);
    let mut b = h.signed_in("admin").await;
    let csrf = b.get("/me").await.csrf();
    let form = "application/x-www-form-urlencoded";
    let body = format!("_csrf={csrf}&login=x1&name=x");
    for (heads, body) in [
        (vec![("content-type", form)], "login=x1&name=x".to_owned()),
        (vec![("content-type", form)], "_csrf=wrong&login=x1&name=x".to_owned()),
        (vec![("content-type", form), ("sec-fetch-site", "cross-site")], body.clone()),
        (vec![("content-type", form), ("sec-fetch-site", "same-site")], body.clone()),
        (vec![("content-type", form), ("origin", "https://evil.example")], body.clone()),
    ] {
        assert_eq!(
            b.send("POST", "/accounts", &heads, &body).await.status,
            StatusCode::FORBIDDEN,
            "{heads:?}"
        );
    }
    let json = r#"{"login":"x1","name":"x"}"#;
    for heads in [
        vec![],
        vec![("x-csrf", "wrong")],
        vec![("x-csrf", csrf.as_str()), ("sec-fetch-site", "cross-site")],
        vec![("x-csrf", csrf.as_str()), ("origin", "https://evil.example")],
    ] {
        let page = b.send("POST", "/api/v1/accounts", &heads, json).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{heads:?}");
    }
    assert_eq!(
        b.send("POST", "/accounts", &[("content-type", form)], &body).await.status,
        StatusCode::OK
    );

    // The sign-in form too carries its browser's own token.
    let mut stranger = h.browser();
    let heads = [("content-type", form)];
    let blind = format!("login=admin&password={PASSWORD}");
    assert_eq!(
        stranger.send("POST", "/session/new", &heads, &blind).await.status,
        StatusCode::FORBIDDEN
    );

    for next in
        ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"]
    {
        let mut b = h.browser();
        let fields = [("login", "admin"), ("password", PASSWORD), ("next", next)];
        assert_eq!(b.post("/session/new", "/session/new", &fields).await.to, "/", "{next}");
        let fields = [("lang", "en"), ("back", next)];
        assert_eq!(b.post("/me", "/session/language", &fields).await.to, "/", "{next}");
        assert_eq!(b.get(&format!("/session/new?next={}", web::encode(next))).await.to, "/");
    }
    let mut b = h.browser();
    let fields = [("login", "admin"), ("password", PASSWORD), ("next", "/accounts?q=x")];
    let page = b.post("/session/new", "/session/new", &fields).await;
    assert_eq!(page.to, "/accounts?q=x");
    assert!(
        page.set
            .iter()
            .any(|c| c.starts_with("sid=") && c.contains("HttpOnly") && c.contains("SameSite=Lax"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_it_all_and_can_be_verified() {
    for h in houses() {
        h.open("yan", &[Role::Auditor], false);
        h.open("admin", &[Role::SystemAdmin], false);
        let mut b = h.signed_in("yan").await;
        assert_eq!(b.get("/").await.to, "/audit");
        let log = b.call("GET", "/api/v1/audit?subject=account&verb=opened", "").await.json();
        assert_eq!(log["total"], 2);
        assert!(!log.to_string().contains("argon2"));
        assert!(b.get("/audit?account=yan").await.body.contains("signed_in"));
        assert!(
            b.get("/audit?from=2020-01-01&to=2020-01-02").await.body.contains("没有符合条件的记录")
        );
        let seq = log["entries"][0]["seq"].as_i64().unwrap();
        assert!(b.get(&format!("/audit/{seq}")).await.body.contains("<ins>admin</ins>"));
        assert_eq!(b.get("/audit/999999").await.status, StatusCode::NOT_FOUND);
        assert!(b.get("/audit/verification").await.body.contains("日志完整"));
        assert_eq!(b.call("GET", "/api/v1/audit/verification", "").await.json()["whole"], true);
        let csv = b.get("/audit/entries.csv?subject=session").await;
        assert!(csv.body.contains("\"signed_in\"") && !csv.body.contains("\"opened\""));
        tamper(&h);
        let broken = b.call("GET", "/api/v1/audit/verification", "").await.json();
        assert_eq!(
            (broken["whole"].clone(), broken["broken_at"].clone()),
            (false.into(), 2.into())
        );
        assert!(b.get("/audit/verification").await.body.contains("第 2 条"));
    }
}

/// What only somebody with the database's own password can do: takes the guard off and edits an entry.
fn tamper(h: &House) {
    let mut off = 0;
    for sql in ["DROP TRIGGER event_never_updated", "DROP TRIGGER event_never_changed ON event"] {
        off += usize::from(h.shell.db.write(move |tx| tx.run(sql, &[])).is_ok());
    }
    assert_eq!(off, 1);
    h.shell.db.write(|tx| tx.run("UPDATE event SET verb = 'never' WHERE seq = 2", &[])).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_security_administrator_is_named_by_the_system_administrator() {
    for h in houses() {
        let admin = h.open("admin", &[Role::SystemAdmin], false);
        let safe = h.open("safety", &[], false);
        let other = h.open("other", &[], false);
        let mut b = h.signed_in("admin").await;
        let form = [("role", "security_admin"), ("region", "d"), ("since", "2026-11-23")];
        let own = format!("/accounts/{}", admin.id.as_str());
        let refused = b.post(&own, &format!("{own}/grants"), &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "not to oneself");
        let at = format!("/accounts/{}", safe.id.as_str());
        assert_eq!(b.post(&at, &format!("{at}/grants"), &form).await.to, at);
        let at = format!("/accounts/{}", other.id.as_str());
        assert_eq!(b.post(&at, &format!("{at}/grants"), &form).await.status, StatusCode::FORBIDDEN);
        // Nobody holds two of the three administrator roles.
        let mut safety = h.signed_in("safety").await;
        let form = [("role", "auditor"), ("region", "d"), ("since", "2026-11-23")];
        let refused = safety.post(&own, &format!("{own}/grants"), &form).await;
        assert!(refused.body.contains("不得由一人兼任"), "{}", refused.body);
        let bad =
            [("role", "worker"), ("region", "d"), ("since", "2026-11-23"), ("until", "2026-11-23")];
        assert_eq!(
            safety.post(&own, &format!("{own}/grants"), &bad).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
}

#[test]
fn a_grant_over_an_unknown_region_is_refused() {
    let h = house::house();
    let lin = h.open("lin", &[], false);
    let cx = h.cx();
    let since = cx.today();
    let new = NewGrant {
        account: lin.id,
        role: Role::Worker,
        region: "nowhere".into(),
        site: None,
        since,
        until: None,
    };
    assert!(matches!(
        h.shell.db.write(move |tx| access::acts::grant(tx, &cx, new)),
        Err(db::Error::Refused(_))
    ));
}
