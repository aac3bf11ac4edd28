//! Answers are kept, continued, corrected and found on both engines; the log never sees what was answered.
use std::collections::BTreeMap;

use db::{Db, Stamp, Tx};
use forms::{Answers, Form, Hand, Keeping, Library, answer};
use kernel::{AccountId, ClientId, Day, Ids, Instant};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}
fn hand(ids: &Ids) -> Hand<'_> {
    let now = day("2026-11-23").start();
    let stamp = Stamp { at: now, account: "a1".into(), role: "worker".into(), request: "r".into() };
    Hand { account: AccountId::from("a1"), now: Instant(now.0), ids, stamp }
}
fn flat(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}
fn phq9(points: [i64; 9]) -> BTreeMap<String, String> {
    (1..).zip(points).map(|(n, p)| (format!("q{n}"), p.to_string())).collect()
}
fn keeping<'a>(
    form: &'a Form,
    answers: Answers,
    client: &'a ClientId,
    stage: &'a str,
) -> Keeping<'a> {
    Keeping {
        form,
        answers,
        subject: "client",
        subject_id: client.as_str(),
        client: Some(client),
        stage,
        on: day("2026-11-23"),
        of: None,
    }
}
fn no<T: std::fmt::Debug>(answer: db::Result<T>) -> String {
    match answer {
        Err(db::Error::Refused(no)) => {
            no.0.iter()
                .map(|r| format!("{}:{}", r.field.as_deref().unwrap_or("-"), r.key))
                .collect::<Vec<_>>()
                .join(" ")
        }
        Err(db::Error::Missing) => "missing".into(),
        other => panic!("{other:?}"),
    }
}
fn both(story: fn(&mut Tx<'_>, &Ids) -> db::Result<()>) {
    for db in db::testing::both(forms::MIGRATIONS) {
        tell(&db, story);
    }
}
fn tell(db: &Db, story: fn(&mut Tx<'_>, &Ids) -> db::Result<()>) {
    let ids = Ids::new([3; 32]);
    db.write(move |tx| story(tx, &ids)).unwrap();
}

#[test]
fn a_draft_becomes_final_and_is_corrected_once() {
    both(|tx, ids| {
        let form = Library::shipped().latest("phq9").unwrap();
        let client = ClientId::from("c1");
        let hand = hand(ids);
        let part = form.read(&flat(&[("q9", "1")])).unwrap();
        let draft = answer::keep(tx, &hand, keeping(&form, part, &client, "draft"))?;
        assert!(draft.score.is_none(), "missing items: no total");
        assert_eq!(draft.alerts[0].key, "suicide_risk", "item 9 does not wait for the others");
        assert!(!answer::find(tx, &draft.answer.id)?.unwrap().body.to_value_text().contains("q9"));

        let all = form.read(&phq9([2, 2, 2, 2, 2, 2, 1, 1, 1])).unwrap();
        let kept = answer::keep(
            tx,
            &hand,
            Keeping { of: Some(&draft.answer.id), ..keeping(&form, all, &client, "final") },
        )?;
        assert_eq!(kept.answer.id, draft.answer.id);
        assert_eq!(
            (kept.answer.total, kept.answer.band.as_deref()),
            (Some(150), Some("moderately_severe"))
        );

        let better = form.read(&phq9([0; 9])).unwrap();
        let mended = answer::keep(
            tx,
            &hand,
            Keeping {
                of: Some(&kept.answer.id),
                ..keeping(&form, better.clone(), &client, "final")
            },
        )?;
        assert_ne!(mended.answer.id, kept.answer.id, "a final answer is not overwritten");
        assert_eq!(mended.answer.revised_from.as_ref(), Some(&kept.answer.id));
        let again = answer::keep(
            tx,
            &hand,
            Keeping {
                of: Some(&kept.answer.id),
                ..keeping(&form, better.clone(), &client, "final")
            },
        );
        assert_eq!(no(again), "-:forms.corrected");
        let other = ClientId::from("c2");
        let stolen = answer::keep(
            tx,
            &hand,
            Keeping { of: Some(&kept.answer.id), ..keeping(&form, better, &other, "final") },
        );
        assert_eq!(no(stolen), "missing");

        let trend: Vec<_> =
            answer::of_client(tx, &client, "phq9")?.iter().map(|a| a.total).collect();
        assert_eq!(trend, [Some(0)], "what was corrected is no point of the trend");
        assert_eq!(answer::of_subject(tx, "client", "c1", "")?.len(), 2);
        let (_, form, answers) = answer::load(tx, &kept.answer.id)?;
        assert_eq!(answers.text("q1"), "2");
        assert_eq!(form.version, 1);
        let events = db::event::of(tx, "form_answer", kept.answer.id.as_str())?;
        let log = format!("{events:?}");
        assert!(log.contains("suicide_risk") && !log.contains("q1"), "{log}");
        Ok(())
    });
}

#[test]
fn what_is_open_or_untrue_is_refused_whoever_calls() {
    both(|tx, ids| {
        let form = Library::shipped().latest("contact_note").unwrap();
        let client = ClientId::from("c1");
        let hand = hand(ids);
        let kept = answer::keep(tx, &hand, keeping(&form, Answers::default(), &client, "final"));
        assert!(no(kept).starts_with("date:forms.required start:forms.required"));
        // A machine may hand over what no page would: it passes the same gate.
        let raw: Answers = serde_json::from_value(serde_json::json!({ "date": "2026-11-23", "start": "10:00", "end": "09:00", "minutes": 99 })).unwrap();
        assert_eq!(
            no(answer::keep(tx, &hand, keeping(&form, raw, &client, "draft"))),
            "end:forms.before"
        );
        let raw: Answers = serde_json::from_value(serde_json::json!({ "date": "2026-11-23", "start": "10:00", "end": "10:45", "minutes": 99 })).unwrap();
        let kept = answer::keep(tx, &hand, keeping(&form, raw, &client, "draft"))?;
        assert_eq!(
            answer::open(tx, &kept.answer)?.whole("minutes"),
            Some(45),
            "computed here, not taken"
        );
        assert_eq!(
            no(answer::keep(tx, &hand, keeping(&form, Answers::default(), &client, "other"))),
            "-:forms.no_stage"
        );
        Ok(())
    });
}

#[test]
fn a_bureau_publishes_its_own_and_old_answers_keep_their_version() {
    both(|tx, ids| {
        let client = ClientId::from("c1");
        let hand = hand(ids);
        let old = forms::library::latest(tx, "follow_up")?;
        let sent = flat(&[
            ("date", "2026-11-23"),
            ("mode", "phone"),
            ("state", "好"),
            ("decision", "end"),
        ]);
        let kept =
            answer::keep(tx, &hand, keeping(&old, old.read(&sent).unwrap(), &client, "final"))?;
        let (_, source) = forms::library::sources().find(|(id, _)| *id == "follow_up").unwrap();
        let own = source.replace("个案回访记录表", "本区回访表");
        let form = forms::library::load_own(&own).unwrap();
        let published = answer::publish(tx, &hand, &form, &own)?;
        assert_eq!(published.version, forms::form::OWN);
        assert_eq!(answer::publish(tx, &hand, &form, &own)?.version, forms::form::OWN + 1);
        let now = forms::library::latest(tx, "follow_up")?;
        assert_eq!((now.version, now.title.zh.as_str()), (1002, "本区回访表"));
        let (_, form, _) = answer::load(tx, &kept.answer.id)?;
        assert_eq!(form.title.zh, "个案回访记录表");
        let without = own.replace("\"decision\"", "\"choice\"").replace("decision =", "choice =");
        let faults = forms::library::load_own(&without).unwrap_err();
        assert_eq!(faults[0].refusal.key, "forms.fault.core");
        Ok(())
    });
}

/// The sealed text as it lies in its column.
trait Lies {
    fn to_value_text(&self) -> String;
}
impl Lies for db::Sealed {
    fn to_value_text(&self) -> String {
        format!("{:?}", db::Cell::to_value(self))
    }
}
