//! Whoever has to agree to something sees what they agree to, until they have decided (relation `appr`); on both engines.
mod common;

use access::care;
use axum::http::StatusCode;
use casework::acts;
use common::{answered, case_of, document};
use story::no;

#[tokio::test(flavor = "multi_thread")]
async fn the_approver_of_a_pending_item_sees_it_until_it_is_decided() {
    for h in story::houses() {
        h.cast();
        let client = h.client("邵月琴", "1949-05-06", "worker");
        let id = client.clone();
        h.write(move |tx, _| {
            tx.run("UPDATE client SET restricted = 1 WHERE id = $1", db::args![id]).map(drop)
        });
        let case = case_of(&h, "worker", &client);
        let look = |who: &'static str| {
            let id = case.id.clone();
            h.act(who, move |tx, cx| acts::look(tx, cx, &id))
        };
        let waiting = |who: &'static str| {
            h.act(who, |tx, cx| acts::requests::waiting(tx, cx).map(|all| all.len())).unwrap()
        };
        assert_eq!(no(look("head")), ["missing"], "hidden from whoever is not assigned");
        assert_eq!(waiting("head"), 0);
        document(&h, "worker", &case, "intake", "decided", &[]);
        // Now it waits for the head: the case alone opens, to be read.
        let seen = look("head").unwrap();
        assert!(seen.awaited && seen.sight.file && !seen.sight.writes);
        assert_eq!(waiting("head"), 1);
        for nobody in ["second", "stranger", "other", "officer"] {
            assert!(look(nobody).is_err(), "{nobody}");
        }
        let id = client.clone();
        let file = h.act("head", move |tx, cx| Ok(care::find(tx, cx, &id).is_ok())).unwrap();
        assert!(!file, "the client's own file stays closed");
        let mut head = h.signed_in("head").await;
        let inbox = head.get("/cases/inbox").await;
        assert!(
            inbox.body.contains(&case.number()) && !inbox.body.contains("邵月琴"),
            "{}",
            inbox.body
        );
        let page = head.get(&format!("/cases/{}", case.id)).await;
        assert!(page.status == StatusCode::OK && page.body.contains("邵月琴"));
        let today = head.get("/today").await;
        assert!(
            today.body.contains("在办个案"),
            "the load of each stands on the head's first screen"
        );
        // Every look is in the log, as what it was.
        let id = client.clone();
        let looks = h.read(move |tx| {
            Ok(db::event::of(tx, "client", id.as_str())?
                .into_iter()
                .filter(|e| {
                    e.verb == "viewed" && e.after.as_ref().is_some_and(|a| a["what"] == "approval")
                })
                .count())
        });
        assert_eq!(looks, 2);
        // Whoever the client avoids decides nothing about them.
        let (id, person) = (client.clone(), h.person_of("deputy"));
        h.write(move |tx, cx| {
            tx.insert(&registry::client::Avoidance {
                id: cx.id(),
                client: id,
                person,
                reason: "亲属".into(),
                since: cx.today(),
            })
        });
        assert_eq!(no(look("deputy")), ["missing"]);
        assert!(answered(&h, "head", &case, true).is_empty());
        assert_eq!(no(look("head")), ["missing"], "decided: the look is over");
        assert_eq!(waiting("head"), 0);
        assert_eq!(head.get(&format!("/cases/{}", case.id)).await.status, StatusCode::NOT_FOUND);
    }
}
