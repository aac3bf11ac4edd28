//! Every endpoint for machines is described, and only the roles that the matrix names reach one.

use access::{Role, matrix};
use axum::http::StatusCode;
use story::house;

#[test]
fn every_endpoint_for_machines_is_described() {
    let slice = standards::slice();
    let doc = serde_json::to_value((slice.openapi)()).unwrap();
    let mut described = 0;
    for path in doc["paths"].as_object().unwrap().values() {
        described += path
            .as_object()
            .unwrap()
            .keys()
            .filter(|k| ["get", "post"].contains(&k.as_str()))
            .count();
    }
    let enrolled = (slice.api)().enrolled();
    for e in &enrolled {
        assert!(
            doc["paths"][e.path][e.method.to_lowercase()].is_object(),
            "{} {}",
            e.method,
            e.path
        );
    }
    assert_eq!(described, enrolled.len(), "nothing is described that is not there");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_role_but_the_named_ones_reaches_an_endpoint() {
    let h = house();
    h.map();
    let slice = standards::slice();
    let endpoints: Vec<_> =
        [(slice.pages)(), (slice.api)()].iter().flat_map(web::Gate::enrolled).collect();
    let mut asked = 0;
    for role in Role::ALL {
        h.open(role.as_str(), *role, "r990002");
        let mut b = h.signed_in(role.as_str()).await;
        let csrf = b.get("/policy").await.csrf();
        for e in &endpoints {
            let path = ["{id}", "{unit}", "{rule}", "{name}"]
                .iter()
                .fold(e.path.to_owned(), |p, hole| p.replace(hole, "none"));
            let heads = [("x-csrf", csrf.as_str()), ("content-type", "application/json")];
            let page = b.send(e.method, &path, &heads, "{}").await;
            assert_eq!(
                page.status == StatusCode::FORBIDDEN,
                !matrix::allows(*role, e.capability),
                "{role} {} {path}: {}",
                e.method,
                page.status
            );
            assert!(page.status != StatusCode::INTERNAL_SERVER_ERROR, "{role} {path}");
            asked += 1;
        }
    }
    assert!(asked > 200, "{asked}");
    for e in endpoints {
        let mut stranger = h.browser();
        let page = stranger.send(e.method, &e.path.replace(['{', '}'], ""), &[], "{}").await;
        let turned =
            page.status == StatusCode::UNAUTHORIZED || page.to.starts_with("/session/new?next=");
        assert!(turned, "{} {}: {}", e.method, e.path, page.status);
    }
}
