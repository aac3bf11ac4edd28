//! Every endpoint of the slice, asked as every role: only those that the matrix names get past the gate.
mod house;

use access::{Role, matrix};
use axum::http::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn no_role_but_the_named_ones_reaches_an_endpoint() {
    let h = house::house();
    let slice = accounts::slice();
    let endpoints: Vec<_> =
        [(slice.pages)(), (slice.api)()].iter().flat_map(web::Gate::enrolled).collect();
    assert!(endpoints.len() > 45);
    let mut asked = 0;
    for role in Role::ALL {
        h.open(role.as_str(), &[*role], false);
        let b = h.signed_in(role.as_str()).await;
        let csrf = b.clone().get("/me").await.csrf();
        for e in endpoints.iter().filter(|e| e.capability != "public") {
            // What ends the session itself is asked on a copy, which would end it for the others too: only the unnamed roles ask.
            let allowed = matrix::allows(*role, e.capability);
            if allowed && e.capability == "home" {
                continue;
            }
            let path = e
                .path
                .replace("{id}", "none")
                .replace("{grant}", "none")
                .replace("{seq}", "999999");
            let heads = [("x-csrf", csrf.as_str()), ("content-type", "application/json")];
            let page = b.clone().send(e.method, &path, &heads, "{}").await;
            let denied =
                page.status == StatusCode::FORBIDDEN && page.body.contains("您的角色不能做这件事");
            // Who may grant is the act's own question beyond the gate: the first security administrator.
            let asks_more = path.contains("grants") && e.method != "GET";
            assert!(
                if allowed { !denied || asks_more } else { denied },
                "{role} {} {path}: {}",
                e.method,
                page.status
            );
            asked += 1;
        }
    }
    assert!(asked > 200, "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reaches_anything_but_the_public_door() {
    let h = house::house();
    let slice = accounts::slice();
    let mut public = Vec::new();
    for e in [(slice.pages)(), (slice.api)()].iter().flat_map(web::Gate::enrolled) {
        let path = e.path.replace("{id}", "none").replace("{grant}", "none").replace("{seq}", "1");
        if e.capability == "public" {
            public.push(format!("{} {path}", e.method));
            continue;
        }
        let page = h.browser().send(e.method, &path, &[], "").await;
        let turned_away = if path.starts_with("/api/") {
            page.status == StatusCode::UNAUTHORIZED
        } else {
            page.to.starts_with("/session/new?next=")
        };
        assert!(turned_away, "{} {path}: {}", e.method, page.status);
    }
    let open = [
        "GET /healthz",
        "GET /session/new",
        "POST /session/new",
        "POST /session/end",
        "POST /session/language",
    ];
    assert_eq!(public, open);
}

#[test]
fn every_endpoint_for_machines_is_described() {
    let slice = accounts::slice();
    let doc = serde_json::to_value((slice.openapi)()).unwrap();
    for e in (slice.api)().enrolled() {
        let here = &doc["paths"][e.path][e.method.to_lowercase()];
        assert!(here.is_object(), "{} {}", e.method, e.path);
    }
}

#[test]
fn both_languages_say_the_same_keys() {
    let [zh, en] = accounts::slice().locales.map(|(_, text)| {
        text.lines()
            .filter_map(|l| l.split_once(" = ").map(|(k, _)| k.to_owned()))
            .collect::<std::collections::BTreeSet<_>>()
    });
    assert_eq!(zh, en);
}
