//! Messages reach people: behind the bell, by signed webhook with patience, and in a calendar that names nobody.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails loudly"
)]
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use access::Role;
use access::notice::{Message, tell};
use axum::http::StatusCode;
use notices::outbox;
use serde_json::{Value as Json, json};
use story::{House, houses};

fn told(h: &House, login: &'static str, urgent: bool) {
    let person = h.person_of(login);
    let message = Message {
        key: "worklog.notice.sign",
        args: vec![("month", "周桂英家".into())],
        href: "/ledger/hours".into(),
        urgent,
    };
    h.act("head", move |tx, cx| tell(tx, cx, &person, &message)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bell_counts_and_the_list_reads() {
    for h in houses() {
        h.cast();
        let mut worker = h.signed_in("worker").await;
        assert!(worker.get("/notices").await.body.contains("没有消息"));
        told(&h, "worker", false);
        told(&h, "worker", true);
        let page = worker.get("/ledger").await;
        assert!(
            page.body.contains("<b class=\"count\">2</b>"),
            "two, one of them urgent: {}",
            page.body
        );
        let list = worker.get("/notices").await;
        assert!(list.body.contains("周桂英家") && list.body.contains("紧急"));
        let all = worker.get("/api/v1/notices").await.json();
        assert_eq!((all.as_array().unwrap().len(), &all[0]["read"]), (2, &json!(false)));

        let id = all[0]["id"].as_str().unwrap().to_owned();
        let mut second = h.signed_in("second").await;
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let csrf = second.get("/notices").await.csrf();
        let stolen = second
            .send("POST", &format!("/notices/{id}/reading"), &form, &format!("_csrf={csrf}"))
            .await;
        assert_eq!(stolen.status, StatusCode::NOT_FOUND, "somebody else's");
        let csrf = list.csrf();
        let open = worker
            .send("POST", &format!("/notices/{id}/reading"), &form, &format!("_csrf={csrf}"))
            .await;
        assert_eq!((open.status, open.to.as_str()), (StatusCode::SEE_OTHER, "/ledger/hours"));
        let left = worker.get("/api/v1/notices").await.json();
        assert_eq!((&left[0]["read"], &left[1]["read"]), (&json!(true), &json!(false)));
        worker.send("POST", "/notices/reading", &form, &format!("_csrf={csrf}")).await;
        assert!(!worker.get("/ledger").await.body.contains("<b class=\"count"));
    }
}

/// What a receiver got.
struct Got {
    heads: BTreeMap<String, String>,
    body: String,
}

/// A receiver on this machine that answers with these statuses, one after the other.
fn receiver(answers: &'static [u16]) -> (String, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (send, got) = channel();
    std::thread::spawn(move || {
        for status in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut heads = BTreeMap::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                let Some((name, value)) = line.trim().split_once(':') else {
                    if line.trim().is_empty() {
                        break;
                    }
                    continue;
                };
                heads.insert(name.to_lowercase(), value.trim().to_owned());
            }
            let size: usize = heads.get("content-length").map_or(0, |n| n.parse().unwrap());
            let mut body = vec![0; size];
            reader.read_exact(&mut body).unwrap();
            let answer =
                format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            send.send(Got { heads, body: String::from_utf8(body).unwrap() }).unwrap();
        }
    });
    (url, got)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_signed_tried_again_and_names_nobody() {
    for h in houses() {
        h.cast();
        h.open("admin", Role::SystemAdmin, "r990002");
        let mut admin = h.signed_in("admin").await;
        let bad = admin
            .post(
                "/api/v1/webhooks",
                "",
                json!({"url": "https://elsewhere.example.cn/", "note": "群机器人"}),
            )
            .await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.body);
        let (url, got) = receiver(&[500, 204, 410]);
        let made =
            admin.post("/api/v1/webhooks", "", json!({"url": url, "note": "群机器人"})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let (id, secret) = (
            made.json()["id"].as_str().unwrap().to_owned(),
            made.json()["secret"].as_str().unwrap().to_owned(),
        );
        let sealed = h.read(|tx| {
            tx.one::<db::Row>("SELECT secret FROM webhook", db::args![])?.unwrap().at::<String>(0)
        });
        assert!(sealed.starts_with("s1.") && !sealed.contains(&secret[6..]), "sealed at rest");

        // Undone acts leave nothing in the outbox; done ones leave one message.
        let person = h.person_of("worker");
        let message =
            Message { key: "worklog.notice.sign", args: vec![], href: "/x".into(), urgent: false };
        let undone: db::Result<()> = h.act("head", move |tx, cx| {
            tell(tx, cx, &person, &message)?;
            Err(db::Error::Missing)
        });
        assert!(undone.is_err());
        assert_eq!(outbox::pump(&h.shell).unwrap(), 0);
        told(&h, "worker", true);
        assert_eq!(outbox::pump(&h.shell).unwrap(), 1);
        let first = got.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(outbox::pump(&h.shell).unwrap(), 0, "it waits before it tries again");
        let log = admin.get(&format!("/api/v1/webhooks/{id}/deliveries")).await.json();
        assert_eq!(
            (&log[0]["answer"], &log[0]["tries"], &log[0]["done_at"]),
            (&json!("500"), &json!(1), &Json::Null)
        );
        h.pass_days(1);
        assert_eq!(outbox::pump(&h.shell).unwrap(), 1);
        let second = got.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(first.heads["webhook-id"], second.heads["webhook-id"], "the same message");
        for g in [&first, &second] {
            let seconds: i64 = g.heads["webhook-timestamp"].parse().unwrap();
            let want = outbox::sign(&secret, &g.heads["webhook-id"], seconds, &g.body).unwrap();
            assert_eq!(g.heads["webhook-signature"], want);
            let body: Json = serde_json::from_str(&g.body).unwrap();
            assert_eq!(body["type"], "notice.told");
            assert_eq!(body["data"]["text"], "请核对并签字：… 工时表");
            assert!(!g.body.contains("周桂英") && !g.body.contains("worker"), "{}", g.body);
        }
        let mut admin = h.signed_in("admin").await;
        let log = admin.get(&format!("/api/v1/webhooks/{id}/deliveries")).await.json();
        assert!(log[0]["done_at"].is_string() && log[0]["next_at"].is_null());
        let page = admin.get(&format!("/webhooks/{id}")).await;
        assert!(page.body.contains("已送达") && !page.body.contains(&secret));

        // A receiver that is gone is not called again.
        let ping = admin.post(&format!("/api/v1/webhooks/{id}/ping"), "", json!({})).await;
        assert_eq!(ping.status, StatusCode::NO_CONTENT, "{}", ping.body);
        assert_eq!(outbox::pump(&h.shell).unwrap(), 1);
        got.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(admin.get("/api/v1/webhooks").await.json()[0]["paused"], true);
        told(&h, "worker", true);
        assert_eq!(outbox::pump(&h.shell).unwrap(), 0);

        let mut head = h.signed_in("head").await;
        assert_eq!(head.get("/webhooks").await.status, StatusCode::FORBIDDEN);
        assert_eq!(head.get("/api/v1/webhooks").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_is_read_by_its_address_until_it_is_ended() {
    for h in houses() {
        h.cast();
        let head = h.person_of("head");
        h.certificate(head.as_str(), "registration", "2024-01-15", "2026-12-10");
        let mut b = h.signed_in("head").await;
        let made = b.post("/api/v1/me/calendar", "", json!({})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let path = made.json()["path"].as_str().unwrap().to_owned();
        let mut phone = h.browser();
        let text = phone.get(&path).await;
        assert_eq!(text.status, StatusCode::OK, "{}", text.body);
        assert!(
            text.body.starts_with("BEGIN:VCALENDAR\r\n")
                && text.body.ends_with("END:VCALENDAR\r\n")
        );
        assert!(text.body.contains("DTSTART;VALUE=DATE:20261210"), "{}", text.body);
        assert_eq!(phone.get(&path).await.body, text.body, "the same each time");
        let kept = h.read(|tx| {
            tx.one::<db::Row>("SELECT token FROM calendar_feed", db::args![])?
                .unwrap()
                .at::<String>(0)
        });
        assert!(!path.contains(&kept), "only its hash is kept");
        assert_eq!(phone.get("/calendar/guess.ics").await.status, StatusCode::NOT_FOUND);

        // A new address ends the old one; ending it ends it.
        let page = b.get("/me/calendar").await;
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let csrf = page.csrf();
        let renewed = b.send("POST", "/me/calendar", &form, &format!("_csrf={csrf}")).await;
        assert!(renewed.body.contains("/calendar/") && renewed.body.contains(".ics"));
        assert_eq!(phone.get(&path).await.status, StatusCode::NOT_FOUND);
        b.send("POST", "/me/calendar/removal", &form, &format!("_csrf={csrf}")).await;
        let left = h.read(|tx| tx.count("SELECT COUNT(*) FROM calendar_feed", db::args![]));
        assert_eq!(left, 0);
    }
}
