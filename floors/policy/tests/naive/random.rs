//! Invents small districts that crowd the boundaries: counts beside a bound, stretches that end on the day asked about,
//! lapsed certificates, people at two units, switches of operator, half days, zero denominators, tables nobody reported.
use kernel::Day;
use policy::rows::*;

use super::dice::{Dice, District, Maker};
use super::random_facts::{
    money, premises, programme, recognition, reports, supervision, training,
};

/// The district of this seed.
pub(crate) fn district(seed: u64) -> District {
    let mut dice = Dice::new(seed);
    let base: Day = "2022-01-01".parse().unwrap();
    let special: Vec<Day> = [
        "2022-12-31",
        "2023-01-01",
        "2024-02-29",
        "2025-12-31",
        "2023-12-31",
        "2022-01-01",
        "2026-01-01",
        "2023-03-31",
    ]
    .map(|d| d.parse().unwrap())
    .to_vec();
    let as_of = if dice.chance(40) {
        *dice.pick(&special)
    } else {
        base.plus_days(i32::try_from(dice.below(1900)).unwrap())
    };
    let mut m = Maker::new(dice, as_of);
    regions(&mut m);
    sites(&mut m);
    people(&mut m);
    premises(&mut m);
    programme(&mut m);
    supervision(&mut m);
    training(&mut m);
    money(&mut m);
    recognition(&mut m);
    if m.dice.chance(6) {
        crowd(&mut m);
    }
    reports(&mut m);
    District { rows: m.rows, as_of }
}

pub(crate) fn unit(id: &str, kind: UnitKind, parent: Option<&str>) -> UnitRow {
    UnitRow {
        id: id.into(),
        kind,
        name: String::new(),
        names: Vec::new(),
        short_name: String::new(),
        parent: parent.map(Into::into),
        from: Day::MIN,
        to: None,
        modes: Vec::new(),
        village: false,
        purchased_by_government: false,
        professional: false,
        stage: String::new(),
    }
}

fn regions(m: &mut Maker) {
    m.rows.units.push(UnitRow {
        name: "上城区".into(),
        short_name: "上城".into(),
        ..unit("d", UnitKind::District, None)
    });
    for n in 0..1 + m.dice.below(2) {
        let short = ["凯旋", "湖滨"][n];
        let street = format!("st{n}");
        m.rows.units.push(UnitRow {
            name: format!("{short}街道"),
            short_name: short.into(),
            ..unit(&street, UnitKind::Street, Some("d"))
        });
        for c in 0..m.dice.below(3) {
            let (from, to) = if m.dice.chance(80) { (Day::MIN, None) } else { m.stretch() };
            let short = ["兴隆", "景芳"][c];
            let village = m.dice.chance(20);
            m.rows.units.push(UnitRow {
                name: format!("{short}社区"),
                short_name: short.into(),
                village,
                from,
                to,
                ..unit(&format!("{street}c{c}"), UnitKind::Community, Some(&street))
            });
        }
    }
    for n in 0..m.dice.below(3) {
        let (from, to) = if m.dice.chance(80) { (Day::MIN, None) } else { m.stretch() };
        m.rows.units.push(UnitRow {
            from,
            to,
            ..unit(&format!("sc{n}"), UnitKind::School, Some("d"))
        });
    }
}

fn sites(m: &mut Maker) {
    for street in m.units_of(UnitKind::Street) {
        let short = m.rows.units.iter().find(|u| u.id == street).unwrap().short_name.clone();
        let name = match m.dice.below(8) {
            0 => format!("上城区{short}街道社会工作站"),
            1 => "杭州市上城区湖滨街道社会工作站".into(),
            2 => format!("杭州市上城区{short}街道街道社会工作站"),
            3 => String::new(),
            4 => format!(" 杭州市上城区{short}街道社工站"),
            _ => format!("杭州市上城区{short}街道社会工作站"),
        };
        let id = m.id("s");
        let modes = modes(m);
        let names = if m.dice.chance(15) {
            vec![NameRow {
                name: format!("上城区{short}社工站"),
                from: Day::MIN,
                to: Some(m.day()),
            }]
        } else {
            Vec::new()
        };
        m.rows.units.push(UnitRow {
            name,
            names,
            modes,
            ..unit(&id, UnitKind::Station, Some(&street))
        });
    }
    for community in m.units_of(UnitKind::Community) {
        for _ in 0..m.dice.below(3) {
            let own = m.rows.units.iter().find(|u| u.id == community).unwrap().clone();
            let street = m
                .rows
                .units
                .iter()
                .find(|u| Some(&u.id) == own.parent.as_ref())
                .unwrap()
                .short_name
                .clone();
            let (c, s) = (own.short_name, street);
            let name = match m.dice.below(9) {
                0 => format!("上城区{s}街道({c}社区)王阿姨社会工作室"),
                1 => format!("杭州市上城区{s}街道（{c}社区）王阿姨社会工作室"),
                2 => format!("上城区{s}街道（{c}社区）社会工作室"),
                3 => format!("上城区{s}街道{c}社区邻里社会工作室"),
                4 => format!("上城区{s}街道（别家社区）邻里社会工作室"),
                5 => String::new(),
                _ => format!("上城区{s}街道（{c}社区）邻里社会工作室"),
            };
            let id = m.id("k");
            let (from, to) = if m.dice.chance(75) { (Day::MIN, None) } else { m.stretch() };
            m.rows.units.push(UnitRow {
                name,
                from,
                to,
                ..unit(&id, UnitKind::Studio, Some(&community))
            });
        }
    }
}

fn modes(m: &mut Maker) -> Vec<ModeRow> {
    let mode = |mode: &str, from, to| ModeRow { mode: mode.into(), from, to };
    match m.dice.below(5) {
        0 => Vec::new(),
        1 => vec![mode("third_party", Day::MIN, None)],
        2 => {
            let turn = m.day();
            vec![mode("self", Day::MIN, Some(turn)), mode("third_party", turn, None)]
        }
        3 => {
            let turn = m.as_of;
            vec![mode("third_party", Day::MIN, Some(turn)), mode("self", turn, None)]
        }
        _ => vec![mode("self", Day::MIN, None)],
    }
}

const CERTIFICATES: [&str; 11] = [
    "sw_assistant",
    "sw",
    "sw_senior",
    "sw",
    "sw_degree",
    "supervisor_assistant",
    "supervisor_city",
    "supervisor_province",
    "talent_district",
    "talent_city",
    "supervisor_nation",
];

fn people(m: &mut Maker) {
    for n in 0..4 + m.dice.below(6) {
        m.rows.persons.push(PersonRow { id: format!("p{n}"), name: format!("人{n}") });
        for _ in 0..m.dice.below(4) {
            let (id, (from, to)) = (m.id("q"), m.stretch());
            let kind = m.dice.word(&CERTIFICATES);
            m.rows.qualifications.push(QualificationRow {
                id,
                person: format!("p{n}"),
                kind,
                from,
                to,
            });
        }
        if m.dice.chance(60) {
            let (id, from, to) = (m.id("w"), m.past(), m.dice.chance(40));
            let to = if to { Some(m.day()).filter(|t| *t > from) } else { None };
            let kind = m.dice.word(&["community", "community", "other"]);
            m.rows.work_history.push(WorkHistoryRow {
                id,
                person: format!("p{n}"),
                kind,
                from,
                to,
            });
        }
    }
    for (kind, most) in [(UnitKind::Station, 7), (UnitKind::Studio, 3)] {
        for site in m.units_of(kind) {
            for n in 0..m.dice.below(most + 1) {
                let (id, person, (from, to)) = (m.id("o"), m.person(), m.stretch());
                let role = if kind == UnitKind::Studio {
                    "worker"
                } else if n == 0 {
                    "head"
                } else if n == 1 {
                    "deputy"
                } else {
                    m.dice.pick(&["worker", "worker", "worker", "head", "deputy"])
                };
                let affiliation = match role {
                    "head" if m.dice.chance(60) => "street_public_service_office_chief",
                    "deputy" if m.dice.chance(60) => {
                        m.dice.pick(&["operator_director", "operator_project_lead"])
                    }
                    _ => "",
                };
                let grade = m.dice.word(&["", "community_worker_chief", "community_worker_deputy"]);
                m.rows.posts.push(PostRow {
                    id,
                    unit: site.clone(),
                    person,
                    role: role.into(),
                    fulltime: m.dice.chance(75),
                    affiliation: affiliation.into(),
                    grade,
                    volunteer: m.dice.chance(10),
                    from,
                    to,
                });
            }
        }
    }
}

/// The goals count in tens: now and then a district has that many schools, supervisors and demonstration studios, one more or one less.
fn crowd(m: &mut Maker) {
    let near = |m: &mut Maker| *m.dice.pick(&[9usize, 10, 11, 14, 19, 20, 21, 35, 49, 50, 51]);
    for n in 0..near(m) {
        let school = format!("big{n}");
        m.rows.units.push(unit(&school, UnitKind::School, Some("d")));
        let id = m.id("ss");
        m.rows.school_services.push(SchoolServiceRow {
            id,
            school,
            person: String::new(),
            first_service: Some(m.as_of),
            from: Day::MIN,
            to: None,
        });
    }
    for n in 0..near(m) {
        let (id, level) = (m.id("z"), m.dice.word(&["nation", "province", "city"]));
        m.rows.persons.push(PersonRow { id: format!("v{n}"), name: String::new() });
        m.rows.supervisors.push(SupervisorRow {
            id,
            person: format!("v{n}"),
            unit: "d".into(),
            source: "local".into(),
            level,
            fulltime: false,
            social_worker: false,
            project_level: String::new(),
            from: Day::MIN,
            to: None,
        });
    }
    for n in 0..near(m) {
        let studio = format!("bk{n}");
        m.rows.units.push(unit(&studio, UnitKind::Studio, Some("st0")));
        let id = m.id("ho");
        let (honour, level) = ("demonstration".into(), m.dice.word(&["city", "district"]));
        m.rows.honours.push(HonourRow {
            id,
            unit: studio,
            honour,
            level,
            from: Day::MIN,
            to: None,
        });
    }
}
