//! Visits without a network: taken along, brought back exactly once, nothing dropped, and a person decides where two records meet.
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use kernel::{ClientId, RecordId};
use outreach::acts::parcel::{self, Parcel};
use outreach::acts::{conflict, offline, visit};
use outreach::model::offline::{Ack, Decision, OpState, Sent};
use outreach::model::visit::Draft;
use sha2::Sha256;
use story::{House, no};

const PHONE: &str = "0190f3c2-7d41-7abc-8def-0000000000aa";

fn uuid(n: i64) -> String {
    format!("0190f3c2-7d41-7abc-8def-{n:012x}")
}

fn draft(client: &ClientId, note: &str) -> Draft {
    Draft { client: client.0.clone(), normal: true, note: note.into(), ..Draft::default() }
}

fn sent(seq: i64, client: &ClientId, seen: &str, note: &str) -> Sent {
    let body = serde_json::to_string(&draft(client, note)).unwrap();
    let mut sent =
        Sent { seq, id: uuid(seq), made_at: 1, seen: seen.into(), body, hash: String::new() };
    sent.hash = sent.digest();
    sent
}

fn submit(h: &House, login: &'static str, ops: Vec<Sent>) -> Vec<Ack> {
    h.act(login, move |tx, cx| offline::submit(tx, cx, PHONE, &ops)).unwrap()
}

fn states(acks: &[Ack]) -> Vec<&str> {
    acks.iter().map(|a| a.state.as_str()).collect()
}

fn services(h: &House, client: &ClientId) -> usize {
    let client = client.clone();
    h.read(move |tx| Ok(ledger::report::of_client(tx, &client, 50)?.len()))
}

#[test]
fn what_a_phone_takes_along_is_logged_and_what_it_brings_back_happens_once() {
    for h in story::houses() {
        h.cast();
        let c = h.client("周桂英", "1948-03-05", "worker");
        h.client("郑小满", "1960-01-01", "second");
        let pack = h.act("worker", |tx, cx| offline::sync(tx, cx, PHONE, "phone")).unwrap();
        assert_eq!(pack.cards.len(), 1, "one's own clients and nobody else's");
        assert_eq!((pack.cards[0].name.as_str(), pack.last_seq), ("周桂英", 0));
        let id = c.clone();
        let looks = h.read(move |tx| {
            Ok(db::event::of(tx, "client", id.as_str())?
                .into_iter()
                .map(|e| e.verb)
                .collect::<Vec<_>>())
        });
        assert_eq!(looks, ["viewed"]);
        // The same account gets the same secret again, so that what lies sealed opens after the next sign-in; another gets nothing.
        let again = h.act("worker", |tx, cx| offline::sync(tx, cx, PHONE, "phone")).unwrap();
        assert_eq!(pack.secret, again.secret);
        assert_eq!(
            no(h.act("second", |tx, cx| offline::sync(tx, cx, PHONE, "phone").map(|p| p.secret))),
            ["device:offline.device_taken"]
        );

        let first = sent(1, &c, "", "在地下室");
        let one = submit(&h, "worker", vec![first.clone()]);
        assert_eq!(states(&one), ["done"]);
        assert_eq!(
            one[0].visit.as_deref(),
            Some(uuid(1).as_str()),
            "the visit bears the id that the device gave it"
        );
        assert_eq!(submit(&h, "worker", vec![first.clone()]), one, "the same answer");
        assert_eq!(services(&h, &c), 1);
        // The second of one's own is no conflict; a number left out is asked for; a number used twice is refused.
        let odd = vec![
            sent(3, &c, "", "x"),
            sent(1, &c, "", "other"),
            Sent { hash: "0".repeat(64), ..sent(2, &c, "", "y") },
            sent(2, &c, &uuid(1), "再访"),
        ];
        let acks = submit(&h, "worker", odd);
        assert_eq!(states(&acks), ["gap", "clash", "garbled", "done"]);
        assert_eq!((acks[0].expect, services(&h, &c)), (Some(2), 2));
        let stranger = first.clone();
        assert_eq!(
            no(h.act("second", move |tx, cx| offline::submit(tx, cx, PHONE, &[stranger]))),
            ["missing"]
        );
    }
}

#[test]
fn a_conflict_is_decided_by_a_person() {
    for h in story::houses() {
        h.cast();
        for (n, how, counted) in
            [(1, Decision::Both, 2), (2, Decision::Replace, 1), (3, Decision::Drop, 1)]
        {
            let c = h.client("周桂英", "1948-03-05", "worker");
            h.act("worker", |tx, cx| offline::sync(tx, cx, PHONE, "phone").map(drop)).unwrap();
            let d = draft(&c, "副站长先去了");
            h.act("deputy", move |tx, cx| visit::record(tx, cx, &d).map(drop)).unwrap();
            assert_eq!(
                states(&submit(&h, "worker", vec![sent(n, &c, "", "我也去了")])),
                ["conflict"]
            );
            assert_eq!(services(&h, &c), 1, "nothing is counted until somebody decides");
            let waits = h.act("worker", conflict::waiting).unwrap();
            assert_eq!(waits.len(), 1);
            assert_eq!(waits[0].draft.as_ref().unwrap().note, "我也去了");
            assert_eq!(waits[0].rival.as_ref().unwrap().1.note, "副站长先去了");
            assert!(h.act("stranger", conflict::waiting).unwrap().is_empty());
            let id: RecordId = waits[0].op.id.clone();
            let other = id.clone();
            assert_eq!(
                no(h.act("second", move |tx, cx| conflict::decide(tx, cx, &other, how, "x"))),
                ["missing"]
            );
            h.act("worker", move |tx, cx| {
                conflict::decide(tx, cx, &id, how, "同一次走访").map(drop)
            })
            .unwrap();
            assert_eq!(services(&h, &c), counted, "{how}");
            assert!(h.act("worker", conflict::waiting).unwrap().is_empty());
        }
    }
}

#[test]
fn what_an_account_may_no_longer_do_waits_for_the_head() {
    for h in story::houses() {
        h.cast();
        let c = h.client("周桂英", "1948-03-05", "worker");
        h.act("worker", |tx, cx| offline::sync(tx, cx, PHONE, "phone").map(drop)).unwrap();
        // The client goes to a colleague while the worker is under way.
        let (id, today) = (c.clone(), story::day("2026-11-01"));
        h.write(move |tx, _| {
            tx.run("UPDATE assignment SET until = $2 WHERE client = $1", db::args![id, today])
                .map(drop)
        });
        assert_eq!(states(&submit(&h, "worker", vec![sent(1, &c, "", "仍在")])), ["held"]);
        let waits = h.act("head", conflict::waiting).unwrap();
        assert_eq!((waits.len(), waits[0].op.state), (1, OpState::Held));
        assert_eq!(waits[0].op.reason.as_deref(), Some("offline.out_of_sight"));
        let op = waits[0].op.id.clone();
        h.act("head", move |tx, cx| conflict::decide(tx, cx, &op, Decision::Both, "").map(drop))
            .unwrap();
        let (id, worker) = (c.clone(), h.person_of("worker"));
        let whose = h.read(move |tx| {
            let s = ledger::report::of_client(tx, &id, 5)?.remove(0);
            ledger::report::of_worker(tx, &worker, s.day, s.day).map(|all| all.len())
        });
        assert_eq!(whose, 1, "the hours are the worker's who went");
    }
}

fn key(secret: &str, device: &str) -> [u8; 32] {
    let hmac = |key: &[u8], parts: &[&[u8]]| -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap();
        parts.iter().for_each(|p| mac.update(p));
        mac.finalize().into_bytes().into()
    };
    let pseudo = hmac(device.as_bytes(), &[&STANDARD.decode(secret).unwrap()]);
    hmac(&pseudo, &[b"wushe offline 1", &[1]])
}

#[test]
fn records_of_a_closed_account_are_handed_over_unread() {
    for h in story::houses() {
        h.cast();
        let c = h.client("周桂英", "1948-03-05", "worker");
        let pack = h.act("worker", |tx, cx| offline::sync(tx, cx, PHONE, "phone")).unwrap();
        let op = serde_json::to_vec(&sent(1, &c, "", "离职前最后一访")).unwrap();
        let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(key(&pack.secret, PHONE)));
        let data =
            cipher.encrypt(&Nonce::from([3; 12]), Payload { msg: &op, aad: b"op 1" }).unwrap();
        let parcels =
            vec![Parcel { seq: 1, iv: STANDARD.encode([3; 12]), data: STANDARD.encode(data) }];
        let all = parcels.clone();
        assert_eq!(
            h.act("second", move |tx, cx| parcel::hand_over(tx, cx, PHONE, &all)).unwrap(),
            [],
            "a live account keeps its own"
        );
        h.write(|tx, _| {
            tx.run("UPDATE account SET status = 'suspended' WHERE login = 'worker'", db::args![])
                .map(drop)
        });
        let acks =
            h.act("second", move |tx, cx| parcel::hand_over(tx, cx, PHONE, &parcels)).unwrap();
        assert_eq!(states(&acks), ["held"]);
        let waits = h.act("head", conflict::waiting).unwrap();
        assert_eq!(waits[0].draft.as_ref().unwrap().note, "离职前最后一访");
        assert!(
            h.act("second", conflict::waiting).unwrap().is_empty(),
            "who hands over does not read"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shell_names_nobody_and_an_ended_session_is_told_to_forget() {
    let h = story::house();
    h.cast();
    h.client("周桂英", "1948-03-05", "worker");
    let mut nobody = h.browser();
    let shell = nobody.get("/offline").await;
    assert_eq!(shell.status, 200);
    let mut b = h.signed_in("worker").await;
    assert_eq!(b.get("/offline").await.body, shell.body, "the same for everybody");
    let taken = b.get(&format!("/api/v1/offline/visits?device={PHONE}")).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    assert_eq!(taken.json()["pack"]["cards"][0]["name"], "周桂英");
    assert_eq!(nobody.get("/api/v1/offline/visits").await.status, 401);
    let worker = nobody.get("/sw.js").await;
    assert_eq!(worker.status, 200);
    assert!(!worker.body.contains("/visits/"), "no page with content is kept");
}

#[test]
fn two_hundred_clients_are_packed_quickly() {
    let h = story::house();
    h.cast();
    for _ in 0..205 {
        h.client("周桂英", "1948-03-05", "worker");
    }
    let began = std::time::Instant::now();
    let pack = h.act("worker", |tx, cx| offline::sync(tx, cx, PHONE, "phone")).unwrap();
    assert_eq!(pack.cards.len(), 200);
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}
