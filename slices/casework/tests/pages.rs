//! The same through the router: pages and API, what each of them gives to whom, drafts on two devices, the file as Word.
mod common;

use axum::http::StatusCode;
use casework::model::Stage;
use common::{answered, case_of, document, note};
use serde_json::json;
use story::{Browser, House, Page};

async fn post(b: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let csrf = b.get("/policy").await.csrf();
    let mut body = format!("_csrf={}", web::encode(&csrf));
    for (name, value) in fields {
        body.push_str(&format!("&{name}={}", web::encode(value)));
    }
    b.send("POST", path, &[("content-type", "application/x-www-form-urlencoded")], &body).await
}

fn at_work(h: &House) -> casework::model::Case {
    let client = h.client("周桂英", "1948-03-05", "worker");
    let case = case_of(h, "worker", &client);
    document(h, "worker", &case, "intake", "decided", &[]);
    assert!(answered(h, "head", &case, true).is_empty());
    document(h, "worker", &case, "assessment", "final", &[]);
    document(h, "worker", &case, "consent", "final", &[]);
    for to in [Stage::Planning, Stage::Intervention] {
        if to == Stage::Intervention {
            document(h, "worker", &case, "service_plan", "final", &[]);
        }
        let id = case.id.clone();
        h.act("worker", move |tx, cx| casework::acts::stages::advance(tx, cx, &id, to)).unwrap();
    }
    note(h, "worker", &case, "一段只有社工看得到的话。");
    case
}

#[tokio::test]
async fn pages_show_the_file_to_its_worker_and_the_header_to_the_head() {
    let h = story::house();
    h.cast();
    let case = at_work(&h);
    let mut worker = h.signed_in("worker").await;
    let page = worker.get("/cases").await;
    assert!(page.body.contains("2026-001") && page.body.contains("周桂英"), "{}", page.body);
    let at = format!("/cases/{}", case.id);
    for tab in [
        "",
        "/assessment",
        "/plan",
        "/process",
        "/referrals",
        "/file",
        "/reviews",
        "/notes/new",
        "/forms/evaluation",
        "/file/print",
    ] {
        let page = worker.get(&format!("{at}{tab}")).await;
        assert_eq!(page.status, StatusCode::OK, "{tab}: {}", page.body);
        assert!(!page.body.contains("casework."), "{tab}: a sentence is missing: {}", page.body);
    }
    assert!(worker.get(&at).await.body.contains("只有社工看得到"));
    let looked = h.read(|tx| {
        tx.count("SELECT COUNT(*) FROM event WHERE subject = 'client' AND verb = 'viewed'", &[])
    });
    assert!(looked >= 10, "every look is logged");
    let mut head = h.signed_in("head").await;
    let page = head.get(&at).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("2026-001") && !page.body.contains("只有社工看得到"));
    assert!(!page.body.contains("家中四处隐患"), "no goal either");
    for closed in ["/process", "/plan", "/file/print", "/file/docx", "/notes/new"] {
        assert_eq!(
            head.get(&format!("{at}{closed}")).await.status,
            StatusCode::NOT_FOUND,
            "{closed}"
        );
    }
    for nobody in ["stranger", "other", "second"] {
        let mut b = h.signed_in(nobody).await;
        assert_eq!(b.get(&at).await.status, StatusCode::NOT_FOUND, "{nobody}");
        assert_eq!(
            b.get(&format!("/api/v1/cases/{}", case.id)).await.status,
            StatusCode::NOT_FOUND
        );
        assert!(!b.get("/cases?stage=all").await.body.contains("2026-001"));
    }
    for path in ["/cases/inbox", "/reports", "/reports/new"] {
        let page = head.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        assert!(!page.body.contains("casework."), "{path}: {}", page.body);
    }
}

#[tokio::test]
async fn a_note_is_written_and_a_refused_one_keeps_its_words() {
    let h = story::house();
    h.cast();
    let case = at_work(&h);
    let mut worker = h.signed_in("worker").await;
    let at = format!("/cases/{}/notes/new", case.id);
    let full = [
        ("day", "2026-11-23"),
        ("minutes", "90x"),
        ("mode", "phone"),
        ("facts", "电话里听起来精神不错"),
    ];
    let page = post(&mut worker, &at, &full).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("电话里听起来精神不错"), "nothing typed is lost");
    let full = [
        ("day", "2026-11-23"),
        ("minutes", "20"),
        ("mode", "phone"),
        ("facts", "电话里听起来精神不错"),
    ];
    let page = post(&mut worker, &at, &full).await;
    assert_eq!(
        (page.status, page.to),
        (StatusCode::SEE_OTHER, format!("/cases/{}/process", case.id))
    );
    // By machine: once, however often it is sent.
    let body = json!({ "day": "2026-11-23", "minutes": 30, "mode": "home", "facts": "上门" });
    let path = format!("/api/v1/cases/{}/notes", case.id);
    let first = worker.post(&path, "once", body.clone()).await;
    let again = worker.post(&path, "once", body).await;
    assert_eq!((first.status, first.body.clone()), (StatusCode::CREATED, again.body));
    let minutes = h.read(|tx| {
        tx.count(
            "SELECT CAST(SUM(minutes) AS BIGINT) FROM service WHERE kind = 'case_contact'",
            &[],
        )
    });
    assert_eq!(minutes, 45 + 20 + 30);
    let page = worker.get(&format!("/cases/{}/file/docx", case.id)).await;
    assert!(page.status == StatusCode::OK && page.bytes.starts_with(b"PK"));
}

#[tokio::test]
async fn a_report_is_saved_with_nothing_filled_in() {
    let h = story::house();
    h.cast();
    let mut worker = h.signed_in("worker").await;
    let page = post(&mut worker, "/reports/new", &[("found_on", "gestern")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    let shown = worker.get(&page.to).await;
    assert!(shown.body.contains("2026-001") && shown.body.contains("110"), "{}", shown.body);
    assert!(!shown.body.contains("casework."), "{}", shown.body);
    let mut stranger = h.signed_in("other").await;
    assert_eq!(stranger.get(&page.to).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_draft_lives_on_the_server_and_two_devices_meet() {
    let h = story::house();
    h.cast();
    let mut here = h.signed_in("worker").await;
    let csrf = here.get("/policy").await.csrf();
    let form =
        format!("/api/v1/drafts/{}", web::encode("/cases/x/notes/new#note").replace('/', "%2F"));
    let put = |text: &str, device: &str, seen: Option<i64>| {
        json!({ "values": [["facts", text]], "device": device, "seen": seen }).to_string()
    };
    let heads = [("content-type", "application/json"), ("x-csrf", csrf.as_str())];
    assert_eq!(here.get(&form).await.body, "null");
    let page = here.send("PUT", &form, &heads, &put("第一句", "phone", None)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let page = here.send("PUT", &form, &heads, &put("另一台", "desk", None)).await;
    assert_eq!(page.status, StatusCode::PRECONDITION_FAILED, "the desk has not seen the phone's");
    assert_eq!(here.get(&form).await.json()["values"][0][1], "第一句");
    let page = here.send("PUT", &form, &heads, &put("合在一起", "desk", Some(1))).await;
    assert_eq!(page.json()["version"], 2);
    // Nobody else's, and sealed.
    let mut other = h.signed_in("second").await;
    assert_eq!(other.get(&form).await.body, "null");
    let clear =
        h.read(|tx| tx.count("SELECT COUNT(*) FROM draft WHERE body LIKE '%合在一起%'", &[]));
    assert_eq!(clear, 0);
    here.send("DELETE", &form, &heads, "").await;
    assert_eq!(here.get(&form).await.body, "null");
}
