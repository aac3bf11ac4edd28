//! The policy engine against a straight loop over the same rows: all sites of a district, a province, a nation.
//!
//! `cargo run --release -p bench --bin policy -- [sites …]`; without arguments 214, 25,364 and 655,600 sites with 71 facts each.
//! Prints medians, ratios, the price of one change and of one explanation, and the memory in use.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark stops at the first surprise"
)]
use std::collections::HashSet;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::Day;
use policy::rows::*;
use policy::{Clocks, Engine, Facts, Mirror, Pack, Settings, Source};

/// A repeatable stream of numbers.
struct Dice(u64);
impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
    fn day(&mut self) -> Day {
        Day(18_900 + i32::try_from(self.below(1000)).unwrap())
    }
    fn end(&mut self) -> Option<Day> {
        (self.below(10) == 0).then(|| self.day().plus_days(400))
    }
}

const ROLES: [&str; 4] = ["head", "deputy", "worker", "worker"];
const CERTS: [&str; 5] = ["sw", "sw_assistant", "supervisor_city", "talent_city", "sw"];
const ROOMS: [&str; 5] = ["worker", "case", "group", "multi", "archive"];
const SIGNS: [&str; 8] = [
    "window",
    "show_list",
    "show_minors",
    "show_relief",
    "show_incubation",
    "logo",
    "wall_sign",
    "concept",
];
const DOCS: [&str; 5] = ["post", "finance", "training", "volunteer", "archive"];
const LISTS: [&str; 3] = ["needs", "resources", "projects"];
const PROJECTS: [&str; 7] =
    ["core", "brand_service", "brand_governance", "cluster", "cluster", "cluster", "optional"];

/// The rows of one site: 4 posts, 5 certificates, 2 stretches of work, 5 rooms, 8 signs, 5 documents, 3 lists, 1 brand, 7 projects,
/// 22 services, 5 log entries, 3 cases, 1 honour: 71 facts.
fn site(n: usize, rows: &mut Rows, dice: &mut Dice) {
    let id = format!("s{n}");
    let (street, studio) = (format!("t{}", n / 15), !n.is_multiple_of(3));
    let kind = if studio { "studio" } else { "station" };
    let name = if studio {
        "上城区凯旋街道（凯旋社区）王阿姨社会工作室"
    } else {
        "杭州市上城区凯旋街道社会工作站"
    };
    rows.units.push(unit(&id, kind, name, &street));
    for (i, role) in ROLES.into_iter().enumerate() {
        rows.posts.push(PostRow {
            id: String::new(),
            unit: id.clone(),
            person: format!("p{}", n * 4 + i),
            role: role.into(),
            fulltime: dice.below(6) > 0,
            affiliation: String::new(),
            grade: String::new(),
            volunteer: false,
            from: dice.day(),
            to: dice.end(),
        });
    }
    for (i, cert) in CERTS.into_iter().enumerate() {
        let (from, to) = (dice.day(), dice.end());
        let person = format!("p{}", n * 4 + i % 4);
        rows.qualifications.push(QualificationRow {
            id: String::new(),
            person,
            kind: cert.into(),
            from,
            to,
        });
    }
    for i in 0..2 {
        let person = format!("p{}", n * 4 + i);
        let from = dice.day().plus_days(-1500);
        rows.work_history.push(WorkHistoryRow {
            id: String::new(),
            person,
            kind: "community".into(),
            from,
            to: None,
        });
    }
    for room in ROOMS {
        let functions = vec![room.to_owned()];
        let (from, to) = (dice.day(), dice.end());
        rows.rooms.push(RoomRow {
            id: String::new(),
            unit: id.clone(),
            name: String::new(),
            functions,
            from,
            to,
        });
    }
    for sign in SIGNS {
        let (from, to) = (dice.day(), dice.end());
        let name = String::new();
        rows.facilities.push(FacilityRow {
            id: String::new(),
            unit: id.clone(),
            kind: sign.into(),
            name,
            from,
            to,
        });
    }
    for doc in DOCS {
        rows.documents.push(DocumentRow {
            id: String::new(),
            unit: id.clone(),
            class: "management_rule".into(),
            kind: doc.into(),
            title: String::new(),
            from: dice.day(),
            to: dice.end(),
        });
    }
    for list in LISTS {
        let (updated, items) = (dice.day(), 3);
        rows.lists.push(ListRow {
            id: String::new(),
            unit: id.clone(),
            kind: list.into(),
            updated,
            items,
            to: None,
        });
    }
    let from = dice.day();
    rows.brands.push(BrandRow {
        id: String::new(),
        unit: id.clone(),
        kind: String::new(),
        name: String::new(),
        from,
        to: None,
    });
    for _ in 0..22 {
        let on = dice.day();
        rows.services.push(ServiceRow {
            id: String::new(),
            unit: id.clone(),
            title: String::new(),
            admin: false,
            on,
        });
    }
    for _ in 0..5 {
        rows.worklogs.push(WorklogRow {
            id: String::new(),
            unit: id.clone(),
            title: String::new(),
            admin: dice.below(40) == 0,
            as_service: true,
            minutes: 30,
            on: dice.day(),
        });
    }
    for _ in 0..3 {
        let accepted = Some(dice.day());
        let (unit, title) = (id.clone(), String::new());
        rows.feature_cases.push(FeatureCaseRow {
            id: String::new(),
            unit,
            title,
            written: None,
            accepted,
        });
    }
    rows.honours.push(HonourRow {
        id: String::new(),
        unit: id.clone(),
        honour: "demonstration".into(),
        level: "city".into(),
        from: dice.day(),
        to: dice.end(),
    });
    for (i, project) in PROJECTS.into_iter().enumerate() {
        rows.projects.push(ProjectRow {
            // One id for all: the projects of this benchmark are counted in programmes, not judged themselves.
            id: format!("j{}", i % 2),
            unit: id.clone(),
            kind: project.into(),
            title: String::new(),
            funds: None,
            from: dice.day(),
            to: dice.end(),
        });
    }
}

fn unit(id: &str, kind: &str, name: &str, parent: &str) -> UnitRow {
    let short = if kind == "street" { "凯旋" } else { "" };
    let text = format!(
        "id='{id}'\nkind='{kind}'\nname='{name}'\nshort_name='{short}'\nparent='{parent}'\nmodes=[{{mode='self'}}]"
    );
    toml_row(&text)
}
fn toml_row(text: &str) -> UnitRow {
    let mut u = UnitRow {
        id: String::new(),
        kind: UnitKind::Station,
        name: String::new(),
        names: Vec::new(),
        short_name: String::new(),
        parent: None,
        from: Day::MIN,
        to: None,
        modes: vec![ModeRow { mode: "self".into(), from: Day::MIN, to: None }],
        village: false,
        purchased_by_government: false,
        professional: false,
        stage: String::new(),
    };
    for line in text.lines() {
        let (key, value) = line.split_once('=').unwrap();
        let value = value.trim_matches('\'').to_owned();
        match key {
            "id" => u.id = value,
            "kind" => u.kind = UnitKind::by_name(&value).unwrap(),
            "name" => u.name = value,
            "short_name" => u.short_name = value,
            "parent" => u.parent = Some(value).filter(|p| !p.is_empty()),
            _ => {}
        }
    }
    u
}

/// Sites `from..to` with the streets and districts they begin.
fn rows_of(from: usize, to: usize, dice: &mut Dice) -> Rows {
    let mut rows = Rows::default();
    for n in from..to {
        if n % 210 == 0 {
            rows.units.push(unit(&format!("d{}", n / 210), "district", "", ""));
        }
        if n % 15 == 0 {
            rows.units.push(unit(
                &format!("t{}", n / 15),
                "street",
                "凯旋街道",
                &format!("d{}", n / 210),
            ));
        }
        site(n, &mut rows, dice);
    }
    rows
}

/// A row as the straight loop keeps it.
#[derive(Clone, Copy)]
struct Plain {
    from: i32,
    to: i32,
    table: u8,
    kind: u8,
    full: bool,
}

/// Thirteen of the rules, as one would write them by hand over rows grouped by site.
fn by_hand(rows: &[Plain], ends: &[u32], day: i32) -> [u64; 13] {
    let mut pass = [0; 13];
    let mut start = 0;
    for end in ends {
        let (mut staff, mut certified, mut head, mut deputy) = (0, 0, 0, 0);
        let (mut sets, mut brands, mut cases, mut admin) = ([0_u32; 4], 0, 0, 0);
        let mut projects = [0; 8];
        for r in &rows[start..*end as usize] {
            if r.from > day || day >= r.to {
                continue;
            }
            match r.table {
                0 => {
                    staff += 1;
                    head += u32::from(r.kind == 0);
                    deputy += u32::from(r.kind == 1);
                    certified += u32::from(r.full);
                }
                t @ 2..=5 => sets[usize::from(t) - 2] |= 1 << r.kind,
                6 => brands += 1,
                7 => projects[usize::from(r.kind)] += 1,
                8 => admin += u32::from(r.full),
                9 => cases += 1,
                _ => {}
            }
        }
        start = *end as usize;
        let held = [
            (3..=5).contains(&staff),
            certified >= 3,
            head == 1,
            deputy == 1,
            sets[0] & 31 == 31,
            sets[1] & 127 == 127,
            sets[2] & 31 == 31,
            sets[3] & 7 == 7,
            brands >= 1,
            projects[0] >= 1,
            projects[3] >= 3,
            admin == 0,
            cases >= 2,
        ];
        for (p, h) in pass.iter_mut().zip(held) {
            *p += u64::from(h);
        }
    }
    pass
}

fn plain(rows: &Rows, out: &mut Vec<Plain>, ends: &mut Vec<u32>, sites: std::ops::Range<usize>) {
    let to = |d: Option<Day>| d.map_or(i32::MAX, |d| d.0);
    let at = |all: &[&str], k: &str| {
        u8::try_from(all.iter().position(|x| *x == k).unwrap_or(7)).unwrap()
    };
    for (i, _) in sites.enumerate() {
        let mut put = |table, kind, from: Day, to, full| {
            out.push(Plain { from: from.0, to, table, kind, full })
        };
        rows.posts[i * 4..i * 4 + 4]
            .iter()
            .for_each(|r| put(0, at(&ROLES, &r.role), r.from, to(r.to), r.fulltime));
        rows.qualifications[i * 5..i * 5 + 5]
            .iter()
            .for_each(|r| put(1, at(&CERTS, &r.kind), r.from, to(r.to), false));
        rows.work_history[i * 2..i * 2 + 2]
            .iter()
            .for_each(|r| put(10, 0, r.from, to(r.to), false));
        rows.rooms[i * 5..i * 5 + 5]
            .iter()
            .for_each(|r| put(2, at(&ROOMS, &r.functions[0]), r.from, to(r.to), false));
        rows.facilities[i * 8..i * 8 + 8]
            .iter()
            .for_each(|r| put(3, at(&SIGNS, &r.kind), r.from, to(r.to), false));
        rows.documents[i * 5..i * 5 + 5]
            .iter()
            .for_each(|r| put(4, at(&DOCS, &r.kind), r.from, to(r.to), false));
        rows.lists[i * 3..i * 3 + 3]
            .iter()
            .for_each(|r| put(5, at(&LISTS, &r.kind), r.updated, to(r.to), false));
        rows.brands[i..=i].iter().for_each(|r| put(6, 0, r.from, to(r.to), false));
        rows.projects[i * 7..i * 7 + 7]
            .iter()
            .for_each(|r| put(7, at(&PROJECTS, &r.kind), r.from, to(r.to), false));
        rows.services[i * 22..i * 22 + 22].iter().for_each(|r| put(8, 0, r.on, i32::MAX, r.admin));
        rows.worklogs[i * 5..i * 5 + 5].iter().for_each(|r| put(8, 0, r.on, i32::MAX, r.admin));
        rows.feature_cases[i * 3..i * 3 + 3]
            .iter()
            .for_each(|r| put(9, 0, r.accepted.unwrap(), i32::MAX, false));
        rows.honours[i..=i].iter().for_each(|r| put(11, 0, r.from, to(r.to), false));
        ends.push(u32::try_from(out.len()).unwrap());
    }
}

fn median(times: usize, mut f: impl FnMut()) -> Duration {
    f();
    let mut all: Vec<Duration> = (0..times)
        .map(|_| {
            let t = Instant::now();
            f();
            t.elapsed()
        })
        .collect();
    all.sort();
    all[times / 2]
}

/// Memory in use now, in MB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policy/shangcheng-2022");
    let files = Source::read_dir(&folder).unwrap();
    println!("pack: load and check {:?}", median(9, || drop(black_box(Pack::load(&files)))));
    let pack = Pack::load(&files).unwrap();
    println!("{} rules", pack.rules.len());
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![214, 25_364, 655_600] } else { asked };
    for n in sizes {
        run(&pack, n);
    }
    one_district(pack);
}

fn run(pack: &Pack, n: usize) {
    const CHUNK: usize = 210 * 10;
    let times = if n > 100_000 { 5 } else { 21 };
    let day = Day(19_700);
    let loops = {
        let (mut rows, mut ends) = (Vec::with_capacity(n * 71), Vec::with_capacity(n));
        let mut dice = Dice(42);
        for from in (0..n).step_by(CHUNK) {
            let to = (from + CHUNK).min(n);
            plain(&rows_of(from, to, &mut dice), &mut rows, &mut ends, from..to);
        }
        median(times, || {
            black_box(by_hand(&rows, &ends, black_box(day.0)));
        })
    };
    let before = resident();
    let mut facts = Facts::new();
    let mut dice = Dice(42);
    for from in (0..n).step_by(CHUNK) {
        facts.append(&rows_of(from, (from + CHUNK).min(n), &mut dice));
    }
    facts.shrink();
    let memory = resident() - before;
    let clocks = Clocks::on(day);
    let settings = Settings::default();
    let compile = median(times, || {
        black_box(Engine::new(pack, &facts, clocks, &settings).pack());
    });
    let pass =
        median(times, || drop(black_box(Engine::new(pack, &facts, clocks, &settings).board())));
    let past = median(times, || {
        drop(black_box(
            Engine::new(pack, &facts, Clocks::on(day.plus_days(-400)), &settings).board(),
        ));
    });
    let engine = Engine::new(pack, &facts, clocks, &settings);
    let board = engine.board();
    println!(
        "{n} sites, {} facts: by hand (13 rules) {loops:?}; engine (all rules, {} verdicts) {pass:?}, ratio {:.1}; a past day {past:?}; compile {compile:?}; facts {memory} MB, in all {} MB",
        facts.row_count(),
        board.len(),
        pass.as_secs_f64() / loops.as_secs_f64(),
        resident(),
    );
}

/// One change and one explanation in a district of 214 sites.
fn one_district(pack: Pack) {
    let mut dice = Dice(42);
    let rows = rows_of(0, 214, &mut dice);
    let clocks = Clocks::on(Day(19_700));
    let mut mirror =
        Mirror::new(Arc::new(pack), Facts::from_rows(&rows), clocks, Settings::default());
    let own = |keep: bool| {
        let mut one = Rows {
            posts: rows.posts.iter().filter(|p| p.unit == "s0").cloned().collect(),
            ..Rows::default()
        };
        one.rooms = rows.rooms.iter().filter(|r| r.unit == "s0" && keep).cloned().collect();
        one.facilities = rows.facilities.iter().filter(|r| r.unit == "s0").cloned().collect();
        one
    };
    let (with, without) = (own(true), own(false));
    mirror.apply(&["s0"], &without);
    let mut keep = false;
    let change = median(2001, || {
        keep = !keep;
        drop(black_box(mirror.apply(&["s0"], if keep { &with } else { &without })));
    });
    let what_if = median(101, || drop(black_box(mirror.what_if(&["s0"], &with))));
    let engine = mirror.engine();
    let explain = median(2001, || drop(black_box(engine.explain("station.certified", "s0"))));
    let units: HashSet<&str> = mirror.facts().units().map(|(id, _)| id).collect();
    println!(
        "a district of {} units: one change → verdicts {change:?}; a what-if {what_if:?}; one explanation {explain:?}",
        units.len()
    );
}
