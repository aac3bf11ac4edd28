//! What people thought of an activity, on both engines: without a name, only in its days, and the shares add up.
use std::collections::BTreeMap;

use kernel::ActivityId;
use outreach::acts::{activity, opinion, signup};
use story::{House, no};

fn say(h: &House, token: &str, said: &[(&str, &str)]) -> db::Result<()> {
    let token = token.to_owned();
    let flat: BTreeMap<String, String> =
        said.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
    let cx = h.cx();
    h.shell.db.write(move |tx| opinion::say(tx, &cx, &token, &flat))
}

fn opinions(h: &House, id: &ActivityId) -> opinion::Opinions {
    let id = id.clone();
    h.act("worker", move |tx, cx| {
        let a = activity::find(tx, cx, &id)?;
        opinion::of(tx, &a, locale::Lang::Zh)
    })
    .unwrap()
}

#[test]
fn answers_by_phone_are_counted() {
    for h in story::houses() {
        h.cast();
        let id = super::activities::plan(&h);
        let of = id.clone();
        let (_, token) = h.act("worker", move |tx, cx| signup::code(tx, cx, &of)).unwrap();
        assert_eq!(opinions(&h, &id).percent(), None);
        assert_eq!(no(say(&h, "0", &[("skill", "5")])), ["missing"]);
        assert_eq!(no(say(&h, &token, &[])), ["-:activities.opinion.empty"]);
        say(&h, &token, &[("respect", "5"), ("skill", "4"), ("comment", "再办一次")]).unwrap();
        say(&h, &token, &[("respect", "2"), ("skill", "na"), ("again", "yes")]).unwrap();
        let all = opinions(&h, &id);
        assert_eq!((all.answers, all.rated, all.pleased, all.percent()), (2, 3, 2, Some(67)));
        assert_eq!(all.questions.iter().map(|q| q.rated).sum::<i64>(), all.rated);
        assert_eq!(all.comments, ["再办一次"]);
        // A fortnight later nobody answers any more.
        h.pass_days(15);
        assert_eq!(no(say(&h, &token, &[("skill", "5")])), ["missing"]);
    }
}
