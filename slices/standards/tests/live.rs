//! Verdicts that are refreshed site by site after each act are those of a full evaluation, to the last value and in the same order.
#![allow(
    clippy::allow_attributes,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails loudly"
)]
use policy::{Engine, Facts, Finding, Rows};
use standards::acts::NewWaiver;
use standards::live::{self, Question, Snapshot};
use story::{House, houses};

/// A repeatable stream of choices.
struct Dice(u64);
impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }
    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Everything gathered and judged from the beginning, as the snapshot's question asks.
fn from_scratch(h: &House, snap: &Snapshot) -> (Vec<Finding>, String) {
    let slices = h.shell.slices.clone();
    let rows = h.read(move |tx| {
        let mut rows = Rows::default();
        for source in slices.iter().filter_map(|s| s.facts) {
            (source.rows)(tx, None, &mut rows)?;
        }
        Ok(rows)
    });
    let facts = Facts::from_rows(&rows);
    let engine = Engine::new(&snap.pack, &facts, snap.clocks, &snap.settings);
    let board = engine.board();
    (board.findings(&engine).collect(), board.hash(&engine))
}

struct Told {
    sites: Vec<String>,
    people: Vec<String>,
    /// Register and id of every record with an end.
    records: Vec<(&'static str, String)>,
    names: usize,
}

const DAYS: [&str; 6] =
    ["2022-03-01", "2023-01-01", "2025-06-30", "2026-11-23", "2026-11-25", "2026-12-31"];

fn act(h: &House, t: &mut Told, dice: &mut Dice) {
    let (site, since) = (t.sites[dice.below(t.sites.len())].clone(), dice.of(&DAYS[..4]));
    let person = t.people[dice.below(t.people.len())].clone();
    let (register, id) = match dice.below(12) {
        0 => {
            t.names += 1;
            let name = format!("某{}", t.names);
            let person = h.keep("people", "", &[("name", &name), ("home", "r990002001")]);
            t.people.push(person);
            return;
        }
        1 | 2 => {
            let role = dice.of(&["head", "deputy", "worker", "supervisor"]);
            let employment = dice.of(&["full_time", "part_time"]);
            let fields = [
                ("person", person.as_str()),
                ("role", role),
                ("employment", employment),
                ("since", since),
            ];
            ("posts", try_keep(h, "posts", &site, &fields))
        }
        3 | 4 => {
            let kind = dice.of(&["sw", "sw_assistant", "sw_degree"]);
            let fields = [("kind", kind), ("since", since)];
            ("qualifications", try_keep(h, "qualifications", &person, &fields))
        }
        5 => {
            let fields = [("kind", "community"), ("place", "某社区"), ("since", since)];
            ("work_history", try_keep(h, "work_history", &person, &fields))
        }
        6 => {
            let functions = dice.of(&["worker", "case、group", "multi、archive", "group"]);
            let fields = [("name", "一号"), ("functions", functions), ("since", since)];
            ("rooms", try_keep(h, "rooms", &site, &fields))
        }
        7 => {
            let kind = dice.of(&["window", "show_list", "logo", "wall_sign", "concept", "news"]);
            ("facilities", try_keep(h, "facilities", &site, &[("kind", kind), ("since", since)]))
        }
        8 => {
            let kind = dice.of(&["post", "finance", "training", "volunteer", "archive"]);
            let fields =
                [("class", "management_rule"), ("kind", kind), ("title", "制度"), ("since", since)];
            ("documents", try_keep(h, "documents", &site, &fields))
        }
        9 => {
            if dice.below(3) == 0 {
                h.pass_days(1);
            } else {
                decide(h, &site, dice);
            }
            return;
        }
        _ => {
            if let Some((register, id)) = t.records.get(dice.below(t.records.len().max(1))).cloned()
            {
                let until = dice.of(&DAYS);
                let _ = try_amend(h, register, &id, &[("until", until)]);
            }
            return;
        }
    };
    t.records.extend(id.map(|id| (register, id)));
}

fn decide(h: &House, site: &str, dice: &mut Dice) {
    let (site, value) = (site.to_owned(), dice.of(&["true", "false"]));
    let waive = dice.below(2) == 0;
    let cx = h.cx();
    let _ = h.shell.db.write(move |tx| {
        if waive {
            let new = NewWaiver {
                rule: "station.certified".into(),
                unit: site,
                reason: "续证办理中".into(),
                since: cx.today(),
                until: cx.today().plus_days(2),
            };
            standards::acts::waive(tx, &cx, new)?;
        } else {
            let name = "third_party_head_counts";
            standards::acts::switch_option(tx, &cx, name, value, cx.today())?;
        }
        Ok(())
    });
}

fn input(fields: &[(&str, &str)]) -> web::register::Input {
    fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}
/// Adds a record unless its register refuses it.
fn try_keep(
    h: &House,
    register: &'static str,
    parent: &str,
    fields: &[(&str, &str)],
) -> Option<String> {
    let (parent, input, cx) = (parent.to_owned(), input(fields), h.cx());
    let added = h.shell.db.write(move |tx| {
        let r = sites::registers::register(register).unwrap();
        Ok(web::register::acts::add(tx, &cx, r, &parent, &input, sites::acts::resolve)?.id)
    });
    added.ok()
}
fn try_amend(
    h: &House,
    register: &'static str,
    id: &str,
    fields: &[(&str, &str)],
) -> db::Result<()> {
    let (id, input, cx) = (id.to_owned(), input(fields), h.cx());
    h.shell.db.write(move |tx| {
        let r = sites::registers::register(register).unwrap();
        web::register::acts::amend(tx, &cx, r, &id, &input, None, sites::acts::resolve)?;
        Ok(())
    })
}

/// The board as it was refreshed is the one a full evaluation gives; answers the hash of its verdicts, and the findings with their values.
fn same(h: &House, n: usize) -> (String, String) {
    let (shell, today) = (h.shell.clone(), h.cx().today());
    let snap = h.read(move |tx| live::current(tx, today, &shell, &Question::default()));
    let (findings, hash) = from_scratch(h, &snap);
    for (ours, whole) in snap.findings.iter().zip(&findings) {
        assert_eq!(ours, whole, "act {n}");
    }
    assert_eq!((snap.findings.len(), &snap.hash), (findings.len(), &hash), "act {n}");
    (hash, format!("{findings:?}"))
}

/// What a year's plan lists, administrative time, a school's agreement and its services.
#[test]
fn the_ledger_and_schools_refresh_their_own_site_or_school() {
    for h in houses() {
        let (here, _) = h.cast();
        let fields = |name| {
            [("kind", "school"), ("name", name), ("region", "r990002001"), ("since", "2012-09-01")]
        };
        let made = ["第一小学", "第二小学"].map(|name| h.keep("orgs", "", &fields(name)));
        let mut placed: Vec<String> = Vec::new();
        let mut items: Vec<String> = Vec::new();
        let mut logged = Vec::new();
        let mut states = std::collections::BTreeSet::from([same(&h, 0).1]);
        let mut dice = Dice(0xBEEF);
        for n in 1..=90 {
            match dice.below(7) {
                0 => {
                    let new = schools::acts::NewPlacement {
                        school: made[dice.below(2)].as_str().into(),
                        person: h.person_of("worker"),
                        mode: schools::model::Mode::ManySchools,
                        number: format!("虚构 {n} 号"),
                        signed_on: story::day("2026-09-01"),
                        since: story::day("2026-09-01"),
                        until: Some(story::day("2026-12-20")),
                    };
                    let id =
                        h.act("head", move |tx, cx| Ok(schools::acts::place(tx, cx, &new)?.id.0));
                    placed.extend(id);
                }
                1 | 2 if !placed.is_empty() => {
                    let at = placed[dice.below(placed.len())].clone();
                    let new = schools::acts::NewSchoolService {
                        day: story::day("2026-11-12"),
                        kind: schools::model::ServiceKind::ClassTalk,
                        minutes: 40,
                        pupils: 42,
                        notes: String::new(),
                        clients: Vec::new(),
                    };
                    let _ = h.act("worker", move |tx, cx| schools::acts::serve(tx, cx, &at, &new));
                }
                3 => {
                    let admin = dice.of(&["0", "1"]);
                    let title = format!("事项 {n}");
                    let fields =
                        [("year", "2026"), ("title", &title), ("source", "plan"), ("admin", admin)];
                    let (site, input) = (here.clone(), input(&fields));
                    let kept = h.act("head", move |tx, cx| {
                        let r = worklog::registers::items()?;
                        web::register::acts::add(tx, cx, r, &site, &input, |_, _, _, _| Ok(None))
                    });
                    items.push(kept.unwrap().id);
                }
                4 if !items.is_empty() => {
                    let id = items.swap_remove(dice.below(items.len()));
                    h.act("head", move |tx, cx| {
                        let r = worklog::registers::items()?;
                        web::register::acts::remove(tx, cx, r, &id, None)
                    })
                    .unwrap();
                }
                5 if !logged.is_empty() => {
                    let id = logged.swap_remove(dice.below(logged.len()));
                    h.act("worker", move |tx, cx| worklog::acts::remove(tx, cx, &id)).unwrap();
                }
                _ => {
                    let new =
                        worklog::acts::NewTime {
                            kind: Some(dice.of(&[
                                ledger::OtherKind::Administrative,
                                ledger::OtherKind::Meeting,
                            ])),
                            day: Some(story::day("2026-11-20")),
                            minutes: 30,
                            what: "整理街道台账".into(),
                            asked_by: "党政办".into(),
                            listed: dice.below(2) == 0,
                        };
                    let id = h.act("worker", move |tx, cx| worklog::acts::log(tx, cx, new));
                    logged.push(id.unwrap());
                }
            }
            states.insert(same(&h, n).1);
        }
        assert!(states.len() > 12, "the findings moved {} times", states.len());
        assert_eq!(live::gathers(&h.shell), 1, "nothing was gathered whole again");
    }
}

#[test]
fn what_is_refreshed_is_what_a_full_evaluation_gives() {
    for (h, acts) in houses().iter().zip([160, 50]) {
        h.map();
        let sites = vec![h.station("r990002001"), h.station("r990002002")];
        let (head, post) = h.staff(&sites[0], "r990002001", "周一", "head");
        let (worker, other) = h.staff(&sites[1], "r990002002", "吴二", "worker");
        let records = vec![("posts", post), ("posts", other)];
        let mut t = Told { sites, people: vec![head, worker], records, names: 0 };
        let mut dice = Dice(0x5EED);
        let mut hashes = std::collections::BTreeSet::new();
        for n in 0..acts {
            act(h, &mut t, &mut dice);
            hashes.insert(same(h, n).0);
        }
        assert!(hashes.len() > acts / 10, "verdicts moved {} times", hashes.len());
        assert!(t.records.len() > acts / 5, "{} records", t.records.len());
        // The map was drawn and the stations opened before the first question; since then nothing was gathered whole.
        assert_eq!(live::gathers(&h.shell), 1);
    }
}
