//! Consultations and activities on both engines: places and waiting, the code at the door, figures that add up.
use db::Result;
use kernel::{ActivityId, ClientId};
use outreach::acts::activity::{self, Closing, Figures, Held};
use outreach::acts::consultation;
use outreach::acts::signup::{self, Person};
use outreach::model::activity::{Planning, Standing};
use outreach::model::consultation::Asked;
use story::{House, day, no};

fn planning(day: &str) -> Planning {
    Planning {
        title: "重阳茶话会".into(),
        kind: "festival".into(),
        field: "participation".into(),
        goals: "让独居长者互相认识".into(),
        place: "文化礼堂".into(),
        day: day.into(),
        time: "14:00".into(),
        minutes: "90".into(),
        capacity: "2".into(),
        budget: "300".into(),
        safety: "医务志愿者一名，通道不堆物".into(),
        ..Planning::default()
    }
}

pub(crate) fn plan(h: &House) -> ActivityId {
    h.act("worker", |tx, cx| activity::plan(tx, cx, &planning("2026-11-23"))).unwrap().id
}

fn add(
    h: &House,
    id: &ActivityId,
    client: &str,
    name: &str,
    phone: &str,
) -> Result<kernel::RecordId> {
    let who = Person { client: client.into(), name: name.into(), phone: phone.into(), photo: true };
    let id = id.clone();
    h.act("worker", move |tx, cx| signup::add(tx, cx, &id, &who).map(|s| s.id))
}

fn figures(h: &House, id: &ActivityId) -> Figures {
    let id = id.clone();
    h.act("worker", move |tx, cx| {
        let a = activity::find(tx, cx, &id)?;
        activity::figures(tx, &a)
    })
    .unwrap()
}

fn served(h: &House, client: &ClientId) -> Vec<(i64, i64)> {
    let client = client.clone();
    h.read(move |tx| {
        Ok(ledger::report::of_client(tx, &client, 9)?
            .into_iter()
            .map(|s| (s.person_times, s.unnamed))
            .collect())
    })
}

#[test]
fn an_activity_from_plan_to_summary() {
    for h in story::houses() {
        h.cast();
        let c = h.client("周桂英", "1948-03-05", "worker");
        let id = plan(&h);
        let first = add(&h, &id, c.as_str(), "", "").unwrap();
        let second = add(&h, &id, "", "李素芬", "16400001234").unwrap();
        add(&h, &id, "", "何月琴", "16400005678").unwrap();
        assert_eq!(no(add(&h, &id, "", "李素芬", "16400001234")), ["name:activities.twice"]);
        let f = figures(&h, &id);
        assert_eq!((f.signed, f.waiting), (2, 1));
        h.act("worker", move |tx, cx| signup::cancel(tx, cx, &second).map(drop)).unwrap();
        assert_eq!(figures(&h, &id).waiting, 0, "who waited has the place");
        h.act("worker", move |tx, cx| signup::check_in(tx, cx, &first, true).map(drop)).unwrap();
        assert_eq!(served(&h, &c), [], "nothing is counted before it is recorded");

        let held = Held {
            unnamed: 12,
            minutes: 100,
            volunteers: vec![("张三".into(), 120), ("李四".into(), 60)],
            spends: vec![
                ("茶点".into(), "86.50".into(), "0012".into()),
                ("横幅".into(), "213.55".into(), String::new()),
            ],
            ..Held::default()
        };
        let (of, said) = (id.clone(), held.clone());
        h.act("worker", move |tx, cx| activity::hold(tx, cx, &of, &said).map(drop)).unwrap();
        let f = figures(&h, &id);
        assert_eq!(
            (f.present, f.volunteers, f.volunteer_minutes, f.spent),
            (13, 2, 180, 8650 + 21355)
        );
        assert_eq!(served(&h, &c), [(13, 12)]);
        // Recording again corrects and counts once.
        let (of, said) = (id.clone(), Held { unnamed: 10, ..held });
        h.act("worker", move |tx, cx| activity::hold(tx, cx, &of, &said).map(drop)).unwrap();
        assert_eq!(served(&h, &c), [(11, 10)]);

        let of = id.clone();
        let closing = Closing {
            summary: "十三人到场，三位结成邻里互助。".into(),
            scores: [8, 2, 1, 0, 0],
            ..Closing::default()
        };
        let a = h.act("worker", move |tx, cx| activity::close(tx, cx, &of, &closing)).unwrap();
        assert_eq!((a.standing(), a.liked()), (Standing::Closed, (11, Some(46))));
    }
}

#[test]
fn what_cannot_be_is_refused_and_others_see_nothing_of_it() {
    for h in story::houses() {
        h.cast();
        let id =
            h.act("worker", |tx, cx| activity::plan(tx, cx, &planning("2026-12-01"))).unwrap().id;
        let of = id.clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| activity::hold(
                tx,
                cx,
                &of,
                &Held { minutes: 60, ..Held::default() }
            )
            .map(drop))),
            ["-:activities.not_yet"]
        );
        let of = id.clone();
        assert_eq!(
            no(h.act("stranger", move |tx, cx| activity::find(tx, cx, &of).map(drop))),
            ["missing"]
        );
        let of = id.clone();
        assert!(h.act("officer", move |tx, cx| activity::find(tx, cx, &of).map(drop)).is_ok());
        let of = id.clone();
        assert_eq!(
            no(h.act("officer", move |tx, cx| activity::cancel(tx, cx, &of, "x").map(drop))),
            ["-:access.denied"]
        );
        let of = id.clone();
        h.act("head", move |tx, cx| activity::cancel(tx, cx, &of, "台风").map(drop)).unwrap();
        assert_eq!(no(add(&h, &id, "", "李素芬", "")), ["-:activities.cancelled"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_at_the_door_shows_a_title_and_tells_nothing() {
    for h in story::houses() {
        h.cast();
        let id = plan(&h);
        add(&h, &id, "", "李素芬", "16400001234").unwrap();
        let of = id.clone();
        let (_, token) = h.act("worker", move |tx, cx| signup::code(tx, cx, &of)).unwrap();
        let mut b = h.browser();
        let page = b.get(&format!("/checkin/{token}")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(
            page.body.contains("重阳茶话会")
                && !page.body.contains("李素芬")
                && !page.body.contains("文化礼堂")
        );
        assert_eq!(b.get("/checkin/guess").await.status, 404);
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let csrf = web::encode(&page.csrf());
        let send = |name: &str, phone: &str| {
            format!("_csrf={csrf}&name={}&phone={phone}", web::encode(name))
        };
        let mut answers = Vec::new();
        for (name, phone) in
            [("李素芬", "16400001234"), ("陌生人", "16400009999"), ("李素芬", "16400001234")]
        {
            let done =
                b.send("POST", &format!("/checkin/{token}"), &form, &send(name, phone)).await;
            answers.push((done.status.as_u16(), done.to));
        }
        assert!(
            answers.windows(2).all(|w| w[0] == w[1]),
            "known, unknown and once more get the same answer"
        );
        let f = figures(&h, &id);
        assert_eq!((f.came, f.signed), (2, 2));
        h.pass_days(1);
        assert_eq!(
            b.get(&format!("/checkin/{token}")).await.status,
            404,
            "the code is for its day"
        );
    }
}

#[test]
fn a_consultation_is_a_service_and_is_followed_up() {
    for h in story::houses() {
        h.cast();
        let c = h.client("周桂英", "1948-03-05", "worker");
        let asked = Asked {
            channel: "phone".into(),
            field: "relief".into(),
            question: "临时救助怎么申请".into(),
            guide: "临时救助办事指南".into(),
            follow_on: "2026-11-30".into(),
            ..Asked::default()
        };
        let nameless = asked.clone();
        h.act("worker", move |tx, cx| consultation::record(tx, cx, &nameless).map(drop)).unwrap();
        let named = Asked { client: c.0.clone(), ..asked };
        let n = h.act("worker", move |tx, cx| consultation::record(tx, cx, &named)).unwrap();
        assert_eq!(served(&h, &c), [(1, 0)]);
        let id = n.id.clone();
        assert_eq!(
            no(h.act("second", move |tx, cx| consultation::find(tx, cx, &id).map(drop))),
            ["missing"]
        );
        let id = n.id.clone();
        assert_eq!(
            no(h.act("worker", move |tx, cx| consultation::follow(tx, cx, &id, " ").map(drop))),
            ["words:register.missing"]
        );
        let id = n.id.clone();
        let after =
            h.act("worker", move |tx, cx| consultation::follow(tx, cx, &id, "已陪同递交")).unwrap();
        assert!(after.resolved && after.followed_on == Some(day("2026-11-23")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_consultations_and_activities_answer() {
    let h = story::house();
    h.cast();
    let id = plan(&h);
    add(&h, &id, "", "李素芬", "16400001234").unwrap();
    let mut b = h.signed_in("worker").await;
    for path in [
        "/activities",
        "/activities/new",
        "/consultations",
        "/consultations/new",
        "/visits/conflicts",
        "/api/v1/activities",
        "/api/v1/consultations",
    ] {
        let page = b.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
    }
    for tail in ["", "/plan", "/record", "/closing", "/sheet", "/poster"] {
        let page = b.get(&format!("/activities/{id}{tail}")).await;
        assert_eq!(page.status, 200, "{tail}: {}", page.body);
    }
    assert!(b.get(&format!("/activities/{id}/poster")).await.body.contains("<svg"));
    let mut officer = h.signed_in("officer").await;
    let seen = officer.get(&format!("/activities/{id}")).await;
    assert!(
        seen.status == 200 && !seen.body.contains("李素芬"),
        "the bureau sees how many, not who"
    );
}
