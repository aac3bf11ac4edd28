//! Need to know is one rule: what lists show and what files open agree, whatever the assignments.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]
use access::care::{self, Lens};
use clients::acts::{assign, family, take_in};
use clients::model::{Bond, Kin, NewClient};
use db::{Result, Tx};
use kernel::ClientId;
use registry::client::{AssignmentKind, Client, RiskGrade};
use story::{House, day};

fn taken(h: &House, name: &'static str, birth: &str) -> ClientId {
    let birth = Some(day(birth));
    let new =
        NewClient { birth, ..NewClient::called(name, "r990002001001".into(), day("2026-11-02")) };
    h.act("worker", move |tx, cx| Ok(take_in::take_in(tx, cx, new)?.client.id)).unwrap()
}

#[test]
fn a_relative_out_of_sight_has_a_kin_and_no_name() {
    let h = story::house();
    h.cast();
    let mother = taken(&h, "何秀兰", "1955-02-03");
    let son = taken(&h, "陈国平", "1980-02-03");
    let (m, s) = (mother.clone(), son.clone());
    h.act("worker", move |tx, cx| {
        let relation = family::NewRelation {
            kin: Kin::Son,
            other: Some(s),
            name: String::new(),
            sex: None,
            birth_year: None,
            dead: false,
            together: true,
            bond: Bond::Close,
            note: "每周来两次".into(),
        };
        family::relate(tx, cx, &m, relation)
    })
    .unwrap();
    let names = |who: &'static str, of: &ClientId| {
        let of = of.clone();
        h.act(who, move |tx, cx| {
            let (c, sight) = care::find(tx, cx, &of)?;
            let all = family::relatives(tx, cx, (&c, sight))?;
            Ok(all.into_iter().map(|r| (r.kin, r.label)).collect::<Vec<_>>())
        })
        .unwrap()
    };
    assert_eq!(names("worker", &mother), [(Kin::Son, "陈国平".to_owned())]);
    assert_eq!(
        names("worker", &son),
        [(Kin::Mother, "何秀兰".to_owned())],
        "told once, known to both"
    );
    // The mother alone is handed on: her new worker does not learn who the son is.
    let (m, second) = (mother.clone(), h.person_of("second"));
    h.act("head", move |tx, cx| {
        assign::assign(tx, cx, &m, &second, AssignmentKind::Worker, day("2026-11-23"))
    })
    .unwrap();
    assert_eq!(names("second", &mother), [(Kin::Son, String::new())]);
}

/// Lists and single files follow one rule: whoever stands in a list may be opened, and whoever may be opened stands in it.
#[test]
fn condition_and_sight_agree() {
    use proptest::test_runner::{Config, TestRunner};
    let h = story::house();
    h.cast();
    let cast = ["head", "deputy", "worker", "second", "supervisor", "stranger", "other"];
    let one = (
        0..4_u8,
        0..3_u8,
        proptest::bool::ANY,
        proptest::collection::vec(
            (0..6_usize, 0..3_usize, -40..40_i32, proptest::option::of(-30..60_i32)),
            0..4,
        ),
        proptest::option::of(0..6_usize),
    );
    let all = proptest::collection::vec(one, 1..12);
    let people: Vec<_> = cast.iter().map(|c| h.person_of(c)).collect();
    let mut runner = TestRunner::new(Config { cases: 24, ..Config::default() });
    runner
        .run(&all, |clients| {
            let people = people.clone();
            h.write(move |tx, cx| {
                for t in ["DELETE FROM assignment", "DELETE FROM avoidance", "DELETE FROM client"] {
                    tx.run(t, db::args![])?;
                }
                for (age, place, restricted, assignments, avoided) in clients {
                    let template = template(tx, cx, age, place, restricted)?;
                    tx.insert(&template)?;
                    for (who, kind, from, len) in assignments {
                        let since = cx.today().plus_days(from);
                        tx.insert(&registry::client::Assignment {
                            id: cx.id(),
                            client: template.id.clone(),
                            person: people[who].clone(),
                            kind: AssignmentKind::ALL[kind],
                            since,
                            until: len.map(|n| since.plus_days(n)),
                            approved_by: "system".into(),
                        })?;
                    }
                    if let Some(who) = avoided {
                        tx.insert(&registry::client::Avoidance {
                            id: cx.id(),
                            client: template.id.clone(),
                            person: people[who].clone(),
                            reason: "亲属".into(),
                            since: cx.today(),
                        })?;
                    }
                }
                Ok(())
            });
            for who in cast {
                let cx = h.cx_of(who);
                h.read(move |tx| {
                    let lens = Lens::of(tx, &cx)?;
                    let (sql, args) = lens.condition(1);
                    let listed: Vec<Client> = tx.all(
                        &format!("SELECT c.* FROM client c WHERE {sql} ORDER BY c.id"),
                        &args,
                    )?;
                    let mut open = Vec::new();
                    for c in tx.all::<Client>("SELECT * FROM client ORDER BY id", db::args![])? {
                        if lens.sight(tx, &c)?.is_some() {
                            open.push(c.id);
                        }
                    }
                    let listed: Vec<ClientId> = listed.into_iter().map(|c| c.id).collect();
                    assert_eq!(listed, open, "{who}");
                    Ok(())
                });
            }
            Ok(())
        })
        .unwrap();
}

fn template(
    tx: &mut Tx<'_>,
    cx: &access::Cx,
    age: u8,
    place: u8,
    restricted: bool,
) -> Result<Client> {
    let at = ["r990002001001", "r990002002001", "r990002001"][usize::from(place)];
    let region = registry::region::find(tx, &at.into())?.ok_or(db::Error::Missing)?;
    let today = cx.today();
    // Long grown, eighteen today, eighteen tomorrow, unknown.
    let birth = match age {
        0 => Some(today.plus_years(-40)),
        1 => Some(today.plus_years(-18)),
        2 => Some(today.plus_years(-18).plus_days(1)),
        _ => None,
    };
    Ok(Client {
        id: cx.id(),
        number: registry::client::next_number(tx)?,
        external_id: None,
        name: "某".into(),
        sex: None,
        birth,
        id_number: None,
        id_index: None,
        id_tail: None,
        phone: None,
        phone_index: None,
        phone_tail: None,
        region: region.id,
        path: region.path,
        site: None,
        household: None,
        restricted,
        grade: RiskGrade::Low,
        state: registry::client::ClientState::Active,
        merged_into: None,
        since: today,
        ended_on: None,
        ended_why: None,
    })
}
