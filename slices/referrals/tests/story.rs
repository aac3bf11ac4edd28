//! Stories of referrals on both engines: to a site, by link, and every step that is refused.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]
mod common;

use access::care;
use common::{consented, draft, org, reaches, sent, state_of};
use kernel::ReferralId;
use referrals::acts::answer::{Answer, answer, open};
use referrals::acts::link::{self, Door};
use referrals::acts::room;
use referrals::acts::write::{self, To};
use referrals::model::{Basis, Referral, Room, ServiceField, State};
use registry::attachment::AttachmentKind;
use story::{House, day, houses, no};
use web::attach::{self, Beside, NewAttachment};

const CLIENT: &str = "周桂英";
/// What stands in the file and was not ticked.
const SECRET: &str = "不该外传的话";

fn stage(h: &House) -> (kernel::ClientId, To) {
    let (_, there) = h.cast();
    (h.client(CLIENT, "1948-03-05", "worker"), To::Site(there.into()))
}

#[test]
fn a_referral_goes_to_another_site_and_comes_back_with_feedback() {
    for h in houses() {
        let (client, to) = stage(&h);
        let (c, t) = (client.clone(), to.clone());
        let r = h.act("worker", move |tx, cx| write::draft(tx, cx, &c, &draft(t))).unwrap();
        let id = r.id.clone();
        // A draft is nobody's business but the sender's.
        assert_eq!(no(reaches(&h, "other", &id)), ["missing"]);
        let of = id.clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| write::send(tx, cx, &of, 20))),
            ["basis:referrals.consent_missing"]
        );
        let of = id.clone();
        h.act("worker", move |tx, cx| write::redraft(tx, cx, &of, &consented(draft(to)))).unwrap();
        let of = id.clone();
        let r = h.act("worker", move |tx, cx| write::send(tx, cx, &of, 20)).unwrap();
        assert_eq!(r.answer_by, Some(day("2026-11-30")), "five working days");
        let (sealed, of) = (r.packet.clone(), client.clone());
        let services = h.read(move |tx| ledger::report::of_client(tx, &of, 10)).len();
        assert_eq!(services, 1, "sending is a service");

        // Later words of the sender do not reach the packet.
        let of = id.clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| {
                write::redraft(tx, cx, &of, &draft(To::Org("x".into())))
            })),
            ["-:referrals.sent_already"]
        );
        // Strangers: a colleague who is not assigned, a worker of the receiving site, the bureau.
        for login in ["second", "stranger", "officer"] {
            assert_eq!(no(reaches(&h, login, &id)), ["missing"], "{login}");
        }
        // The sender's head sees the header and may not answer for the receiver.
        let of = id.clone();
        assert_eq!(
            no(h.act("head", move |tx, cx| answer(tx, cx, &of, &Answer::Accept { keeper: None }))),
            ["-:access.denied"]
        );
        let of = id.clone();
        let r = h.act("other", move |tx, cx| open(tx, cx, &of)).unwrap();
        assert_eq!((r.state, r.packet), (State::Received, sealed.clone()));
        // The receiver has the packet and never the file.
        let of = client.clone();
        assert_eq!(
            no(h.act("other", move |tx, cx| care::find(tx, cx, &of).map(drop))),
            ["missing"]
        );

        let keeper = h.person_of("stranger");
        let of = id.clone();
        h.act("other", move |tx, cx| answer(tx, cx, &of, &Answer::Accept { keeper: Some(keeper) }))
            .unwrap();
        reaches(&h, "stranger", &id).unwrap();
        let of = id.clone();
        assert_eq!(
            no(h.act("stranger", move |tx, cx| {
                answer(tx, cx, &of, &Answer::FeedBack { text: "好".into() })
            })),
            ["-:referrals.now.accepted"],
            "the service began first"
        );
        let of = id.clone();
        assert_eq!(
            no(h.act("stranger", move |tx, cx| {
                answer(tx, cx, &of, &Answer::Decline { reason: "不".into() })
            })),
            ["-:access.denied"],
            "deciding is the head's"
        );
        for said in [
            Answer::Start { on: day("2026-11-23") },
            Answer::FeedBack { text: "已安排助餐".into() },
        ] {
            let of = id.clone();
            h.act("stranger", move |tx, cx| answer(tx, cx, &of, &said)).unwrap();
        }
        let of = id.clone();
        let r = h.act("worker", move |tx, cx| write::close(tx, cx, &of, "")).unwrap();
        assert_eq!((r.state, r.packet), (State::Closed, sealed), "the packet never changed");
        assert_eq!(state_of(&h, &id), State::Closed);
    }
}

#[test]
fn a_child_needs_the_guardian_and_the_law_needs_its_clause() {
    for h in houses() {
        let (_, to) = stage(&h);
        let child = h.client("陈小满", "2015-06-01", "worker");
        let new = consented(draft(to.clone()));
        let (c, d) = (child.clone(), new.clone());
        let r = h.act("worker", move |tx, cx| write::draft(tx, cx, &c, &d)).unwrap();
        let of = r.id.clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| write::send(tx, cx, &of, 10))),
            ["basis:referrals.guardian_needed"]
        );
        let (of, mut d) = (r.id.clone(), new.clone());
        d.consent.basis = Some(Basis::Statute);
        h.act("worker", move |tx, cx| write::redraft(tx, cx, &of, &d)).unwrap();
        let of = r.id.clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| write::send(tx, cx, &of, 10))),
            ["clause:referrals.clause_missing"]
        );
        let (of, mut d) = (r.id.clone(), new);
        d.consent.basis = Some(Basis::Guardian);
        h.act("worker", move |tx, cx| write::redraft(tx, cx, &of, &d)).unwrap();
        let of = r.id.clone();
        h.act("worker", move |tx, cx| write::send(tx, cx, &of, 10)).unwrap();
        // To one's own site nothing is referred.
        let own = h.cx_of("worker");
        let here = h.read(move |tx| {
            let region = own.actor.scope().region.clone();
            registry::site::serving(tx, &region, own.today())
        });
        let d = draft(To::Site(here.unwrap().id));
        assert_eq!(
            no(h.act("worker", move |tx, cx| write::draft(tx, cx, &child, &d))),
            ["to:referrals.to_self"]
        );
    }
}

#[test]
fn a_recall_leaves_the_receiver_nothing_but_the_word() {
    for h in houses() {
        let (client, to) = stage(&h);
        let id = sent(&h, &client, to);
        let of = id.clone();
        h.act("other", move |tx, cx| open(tx, cx, &of)).unwrap();
        let of = id.clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| write::withdraw(tx, cx, &of, " "))),
            ["why:referrals.reason_missing"]
        );
        let of = id.clone();
        let r =
            h.act("worker", move |tx, cx| write::withdraw(tx, cx, &of, "本人撤回同意")).unwrap();
        assert!(r.opened_at.is_some(), "the sender is told that it was opened");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let page = h.signed_in("other").await.get(&format!("/referrals/{id}")).await;
            assert!(page.body.contains("已撤回") && !page.body.contains(CLIENT), "{}", page.body);
            let json = h.signed_in("other").await.get(&format!("/api/v1/referrals/{id}")).await;
            assert!(json.json()["packet"].is_null());
            let page = h.signed_in("worker").await.get(&format!("/referrals/{id}")).await;
            assert!(page.body.contains("撤回之前，对方已于"), "{}", page.body);
        });
    }
}

#[test]
fn the_receiver_sees_what_was_ticked_and_nothing_else() {
    for h in houses() {
        let (client, to) = stage(&h);
        let mut new = consented(draft(to));
        new.categories = SECRET.into();
        let c = client.clone();
        let r = h.act("worker", move |tx, cx| write::draft(tx, cx, &c, &new)).unwrap();
        let of = r.id.clone();
        h.act("worker", move |tx, cx| write::send(tx, cx, &of, 5)).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let at = format!("/referrals/{}", r.id);
            let mut other = h.signed_in("other").await;
            for path in [at.clone(), format!("{at}/sheet"), format!("/api/v1{at}")] {
                let page = other.get(&path).await;
                assert_eq!(page.status, 200, "{path}");
                assert!(page.body.contains(CLIENT), "{path}");
                assert!(!page.body.contains(SECRET), "{path} shows what was not ticked");
                assert!(!page.body.contains(client.as_str()), "{path} leads to the file");
            }
            assert_eq!(other.get(&format!("{at}/edit")).await.status, 404);
            assert!(other.get("/referrals").await.body.contains("转介 1"));
            for login in ["stranger", "second"] {
                let mut b = h.signed_in(login).await;
                for path in [at.clone(), format!("{at}/sheet"), format!("/api/v1{at}")] {
                    assert_eq!(b.get(&path).await.status, 404, "{login} {path}");
                }
                for side in ["received", "sent"] {
                    let list = b.get(&format!("/referrals?side={side}")).await;
                    assert!(!list.body.contains("转介 1<"), "{login}");
                }
            }
            // The sender's head: the header, not the content.
            let page = h.signed_in("head").await.get(&at).await;
            assert!(page.body.contains(CLIENT) && !page.body.contains("需要助餐"), "{}", page.body);
        });
    }
}

#[test]
fn the_link_opens_once_with_the_code_and_dies() {
    for h in houses() {
        let (client, _) = stage(&h);
        let hospital = org(&h, "云汀康复医院");
        let id = sent(&h, &client, To::Org(hospital));
        let make = |days| {
            let of = id.clone();
            h.act("worker", move |tx, cx| link::make(tx, cx, &of, days))
        };
        assert_eq!(no(make(Some(0))), ["days:register.not_a_number"]);
        let first = make(None).unwrap();
        let knock = |token: &str, secret: &str| {
            let (token, secret) = (token.to_owned(), secret.to_owned());
            h.write(move |tx, cx| link::knock(tx, cx, &token, &secret, "test"))
        };
        let unlock = |token: &str, code: &str| {
            let (token, code, cx) = (token.to_owned(), code.to_owned(), h.cx());
            h.shell.db.write(move |tx| link::unlock(tx, &cx, &token, &code, "test"))
        };
        assert!(matches!(knock("0", ""), Door::Nothing));
        assert!(matches!(knock(&first.token, ""), Door::Code));
        assert_eq!(state_of(&h, &id), State::Sent, "a look without the code opens nothing");
        // A second link kills the first.
        let made = make(None).unwrap();
        assert!(matches!(knock(&first.token, ""), Door::Nothing));
        assert_eq!(no(unlock(&first.token, &first.code)), ["missing"]);

        let wrong = if made.code == "0000" { "0001" } else { "0000" };
        assert_eq!(unlock(&made.token, wrong).unwrap(), None);
        let secret = unlock(&made.token, &made.code).unwrap().unwrap();
        assert_eq!(state_of(&h, &id), State::Received);
        // Replayed from elsewhere it is as if it were not there, code or no code.
        assert!(matches!(knock(&made.token, ""), Door::Nothing));
        assert!(matches!(knock(&made.token, "guess"), Door::Nothing));
        assert_eq!(no(unlock(&made.token, &made.code)), ["missing"]);
        let Door::Open(r, packet, _) = knock(&made.token, &secret) else { panic!("closed") };
        assert_eq!((r.id.clone(), packet.name.as_deref()), (id.clone(), Some(CLIENT)));
        assert_eq!(packet.phone, None);

        let say = |secret: &str, who: &str, said: Answer| {
            let (token, secret, who) = (made.token.clone(), secret.to_owned(), who.to_owned());
            let cx = h.cx();
            h.shell.db.write(move |tx| link::answer(tx, &cx, &token, &secret, &who, &said, "test"))
        };
        let accept = || Answer::Accept { keeper: None };
        assert_eq!(no(say("guess", "王护士", accept())), ["missing"]);
        assert_eq!(no(say(&secret, " ", accept())), ["who:register.missing"]);
        say(&secret, "王护士", accept()).unwrap();
        assert_eq!(no(say(&secret, "王护士", accept())), ["-:referrals.now.accepted"]);
        say(&secret, "王护士", Answer::Start { on: day("2026-11-23") }).unwrap();

        // It expires.
        h.pass_days(14);
        assert!(matches!(knock(&made.token, &secret), Door::Dead(_)));
        assert!(matches!(knock(&made.token, ""), Door::Nothing));
        assert_eq!(no(say(&secret, "王护士", Answer::FeedBack { text: "好".into() })), ["missing"]);
        // A new one for the rest; revoked, it is dead to everybody.
        let last = make(Some(1)).unwrap();
        let secret = unlock(&last.token, &last.code).unwrap().unwrap();
        let of = id.clone();
        h.act("worker", move |tx, cx| link::revoke(tx, cx, &of)).unwrap();
        assert!(matches!(knock(&last.token, &secret), Door::Dead(_)));
        // Five wrong codes end a link.
        let locked = make(None).unwrap();
        let wrong = if locked.code == "0000" { "0001" } else { "0000" };
        for _ in 0..5 {
            assert_eq!(unlock(&locked.token, wrong).unwrap(), None);
        }
        assert_eq!(no(unlock(&locked.token, &locked.code)), ["missing"]);
        // Strangers make no links, and what is kept opens nothing.
        let of = id.clone();
        assert_eq!(
            no(h.act("stranger", move |tx, cx| link::make(tx, cx, &of, None).map(drop))),
            ["missing"]
        );
        assert!(!made.link.hash.contains(&made.token) && made.link.hash != made.token);
    }
}

#[test]
fn capacity_comes_first_and_grows_old() {
    for h in houses() {
        let (_, to) = stage(&h);
        let hospital = To::Org(org(&h, "云汀康复医院"));
        let say = |login, to: &To, word| {
            let to = to.clone();
            h.act(login, move |tx, cx| room::say(tx, cx, &to, ServiceField::Elder, word, "周三"))
        };
        assert_eq!(no(say("worker", &hospital, Room::Open)), ["-:access.denied"]);
        assert_eq!(no(say("head", &to, Room::Open)), ["missing"], "another street's site");
        say("other", &to, Room::Full).unwrap();
        say("head", &hospital, Room::Limited).unwrap();
        let first = || {
            let all = h.act("worker", |tx, cx| room::receivers(tx, cx, ServiceField::Elder));
            all.unwrap().into_iter().map(|r| r.to).collect::<Vec<_>>()
        };
        let order = first();
        assert_eq!((&order[0], order.last().unwrap()), (&hospital, &to));
        h.pass_days(31);
        say("other", &to, Room::Open).unwrap();
        assert_eq!(first()[0], to, "what is old stands behind");
    }
}

/// What a verb is called in the random walks.
fn verb(n: u8, h: &House, id: &ReferralId) -> db::Result<Referral> {
    let of = id.clone();
    let text = || "因故".to_owned();
    let said = match n {
        0 => return h.act("worker", move |tx, cx| write::send(tx, cx, &of, 5)),
        1 => return h.act("worker", move |tx, cx| write::withdraw(tx, cx, &of, "因故")),
        2 => return h.act("worker", move |tx, cx| write::close(tx, cx, &of, "")),
        3 => return h.act("other", move |tx, cx| open(tx, cx, &of)),
        4 => Answer::Accept { keeper: None },
        5 => Answer::Decline { reason: text() },
        6 => Answer::Return { reason: text() },
        7 => Answer::ReRefer { to: "云汀医院".into(), reason: text() },
        8 => Answer::Start { on: day("2026-11-23") },
        _ => Answer::FeedBack { text: text() },
    };
    h.act("other", move |tx, cx| answer(tx, cx, &of, &said))
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]
    /// Whatever is tried in whatever order: the state is one that may follow, and every state reached has its record.
    #[test]
    fn random_verbs_reach_no_illegal_state(verbs in proptest::collection::vec(0u8..10, 1..14)) {
        let h = common::shared();
        let (client, to) = common::scene(h);
        let new = consented(draft(to));
        let c = client.clone();
        let r = h.act("worker", move |tx, cx| write::draft(tx, cx, &c, &new)).unwrap();
        let mut at = State::Draft;
        for n in verbs {
            let before = common::steps_of(h, &r.id);
            match verb(n, h, &r.id) {
                Ok(after) => {
                    let steps = common::steps_of(h, &r.id);
                    let mut walked = at;
                    for step in &steps[before.len()..] {
                        assert!(walked.next().contains(step), "{walked} to {step}");
                        walked = *step;
                    }
                    assert_eq!(walked, after.state);
                    assert_eq!(steps.last(), Some(&after.state), "every state has its record");
                    at = after.state;
                }
                Err(_) => {
                    assert_eq!(common::steps_of(h, &r.id), before, "a refusal leaves nothing");
                    assert_eq!(state_of(h, &r.id), at);
                }
            }
        }
    }
}

#[test]
fn chosen_files_go_along_and_nothing_else() {
    for h in houses() {
        let (client, _) = stage(&h);
        let hospital = org(&h, "云汀康复医院");
        let attach = |client: &kernel::ClientId| {
            let owner = client.0.clone();
            h.act("worker", move |tx, cx| {
                let beside =
                    Beside { subject: "case", id: "c1".into(), owner: owner.clone(), unit: None };
                let clean =
                    attach::clean("协议.pdf", b"%PDF-1.7\nsigned").map_err(db::Error::from)?;
                let new = NewAttachment {
                    kind: AttachmentKind::Signed,
                    note: "服务协议".into(),
                    day: None,
                    consent: false,
                };
                let file: kernel::FileId = cx.id();
                let sealed = attach::seal(tx, &beside, &file, &clean)?;
                assert!(!sealed.windows(6).any(|w| w == b"signed"));
                attach::add(tx, cx, &beside, new, file, &clean)
            })
            .unwrap()
        };
        let mine = attach(&client);
        let other = attach(&h.client("李建国", "1950-01-01", "worker"));
        let write = |ids: Vec<kernel::RecordId>| {
            let (c, to) = (client.clone(), To::Org(hospital.clone()));
            h.act("worker", move |tx, cx| {
                let new = write::Draft { attachments: ids, ..consented(draft(to)) };
                let r = write::draft(tx, cx, &c, &new)?;
                write::send(tx, cx, &r.id, 15)
            })
        };
        // Nobody else's file can be slipped in.
        assert_eq!(no(write(vec![other.id])), ["attachments:referrals.attachment_gone"]);
        let r = write(vec![mine.id.clone()]).unwrap();
        let of = r.id.clone();
        let made = h.act("worker", move |tx, cx| link::make(tx, cx, &of, None)).unwrap();
        let (token, code, cx) = (made.token.clone(), made.code.clone(), h.cx());
        let secret = h
            .shell
            .db
            .write(move |tx| link::unlock(tx, &cx, &token, &code, "test"))
            .unwrap()
            .unwrap();
        let read = |secret: &str, n: usize| {
            let (token, secret, cx) = (made.token.clone(), secret.to_owned(), h.cx());
            let look =
                move |tx: &mut db::Tx<'_>| link::enclosed(tx, &cx, &token, &secret, n, "test");
            h.shell.db.write(look).map(|(_, e)| e)
        };
        let one = read(&secret, 0).unwrap();
        assert_eq!((one.name.as_str(), one.note.as_str()), ("协议.pdf", "服务协议"));
        assert_eq!(no(read(&secret, 1)), ["missing"]);
        assert_eq!(no(read("", 0)), ["missing"], "without the browser's secret there is no file");
        // What was sent stays as it was sent, whatever becomes of the file.
        let (owner, id) = (client.0.clone(), mine.id);
        h.act("worker", move |tx, cx| {
            let beside = Beside { subject: "case", id: "c1".into(), owner, unit: None };
            attach::remove(tx, cx, &beside, &id)
        })
        .unwrap();
        assert_eq!(read(&secret, 0).unwrap(), one);
        let of = r.id.clone();
        h.act("worker", move |tx, cx| link::revoke(tx, cx, &of)).unwrap();
        assert_eq!(no(read(&secret, 0)), ["missing"]);
    }
}
