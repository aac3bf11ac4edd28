//! The facts of an invented district: premises, programme, supervision, training, money, recognition, and what was reported.
use policy::rows::*;

use super::dice::Maker;
use super::random::unit;

const FACILITIES: [&str; 13] = [
    "window",
    "reception",
    "show_services",
    "show_list",
    "show_minors",
    "show_relief",
    "show_incubation",
    "logo",
    "wall_sign",
    "concept",
    "process",
    "duties",
    "news",
];
const ROOMS: [&str; 5] = ["worker", "case", "group", "multi", "archive"];
const RULES: [&str; 5] = ["post", "finance", "training", "volunteer", "archive"];

fn sites_of(m: &Maker) -> Vec<String> {
    m.units_of(UnitKind::Station).into_iter().chain(m.units_of(UnitKind::Studio)).collect()
}

pub(crate) fn premises(m: &mut Maker) {
    for unit in sites_of(m) {
        // Either nearly everything is there or only a few things are: both sides of every “all of these”.
        let share = *m.dice.pick(&[20, 90, 97]);
        for _ in 0..m.dice.below(4) {
            let (id, (from, to)) = (m.id("r"), m.stretch());
            let functions = ROOMS
                .iter()
                .filter(|_| m.dice.chance(share.min(70)))
                .map(|f| (*f).to_owned())
                .collect();
            m.rows.rooms.push(RoomRow {
                id,
                unit: unit.clone(),
                name: String::new(),
                functions,
                from,
                to,
            });
        }
        for kind in FACILITIES {
            if m.dice.chance(share) {
                let (id, (from, to)) = (m.id("f"), m.stretch());
                m.rows.facilities.push(FacilityRow {
                    id,
                    unit: unit.clone(),
                    kind: kind.into(),
                    name: String::new(),
                    from,
                    to,
                });
            }
        }
        for kind in RULES {
            if m.dice.chance(share) {
                let (id, (from, to)) = (m.id("u"), m.stretch());
                let class =
                    m.dice.word(&["management_rule", "management_rule", "management_rule", "plan"]);
                m.rows.documents.push(DocumentRow {
                    id,
                    unit: unit.clone(),
                    class,
                    kind: kind.into(),
                    title: String::new(),
                    from,
                    to,
                });
            }
        }
        for kind in ["needs", "resources", "projects"] {
            let mut used = Vec::new();
            for _ in 0..1 + m.dice.below(2) {
                let updated = m.past();
                if !m.dice.chance(share) || used.contains(&updated) {
                    continue;
                }
                used.push(updated);
                let id = m.id("l");
                let items = *m.dice.pick(&[0, 1, 3]);
                let to =
                    if m.dice.chance(90) { None } else { Some(m.as_of).filter(|t| *t > updated) };
                m.rows.lists.push(ListRow {
                    id,
                    unit: unit.clone(),
                    kind: kind.into(),
                    updated,
                    items,
                    to,
                });
            }
        }
        for _ in 0..m.dice.below(2) {
            let (id, (from, to)) = (m.id("b"), m.stretch());
            m.rows.brands.push(BrandRow {
                id,
                unit: unit.clone(),
                kind: String::new(),
                name: String::new(),
                from,
                to,
            });
        }
    }
}

const PROJECTS: [&str; 8] = [
    "core",
    "brand_service",
    "brand_governance",
    "cluster",
    "cluster",
    "optional",
    "deliberation",
    "neighbours",
];
const STAGES: [&str; 5] = ["research", "plan", "implement", "evaluate", "sustain"];
const SECTORS: [&str; 6] =
    ["civil_affairs", "justice", "mass_org", "community_org", "charity", "volunteers"];

pub(crate) fn programme(m: &mut Maker) {
    for site in sites_of(m) {
        for _ in 0..m.dice.below(8) {
            let kind =
                if m.dice.chance(15) { "backbone".to_owned() } else { m.dice.word(&PROJECTS) };
            one_project(m, &site, kind);
        }
        for _ in 0..m.dice.below(2) {
            let (id, on) = (m.id("v"), m.day());
            let admin = m.dice.chance(40);
            m.rows.services.push(ServiceRow {
                id,
                unit: site.clone(),
                title: String::new(),
                admin,
                on,
            });
            let (id, on) = (m.id("g"), m.day());
            let (admin, as_service) = (m.dice.chance(50), m.dice.chance(50));
            m.rows.worklogs.push(WorklogRow {
                id,
                unit: site.clone(),
                title: String::new(),
                admin,
                as_service,
                minutes: 30,
                on,
            });
        }
        for _ in 0..m.dice.below(4) {
            let id = m.id("a");
            let accepted = if m.dice.chance(80) { Some(m.day()) } else { None };
            m.rows.feature_cases.push(FeatureCaseRow {
                id,
                unit: site.clone(),
                title: String::new(),
                written: None,
                accepted,
            });
        }
    }
}

fn one_project(m: &mut Maker, site: &str, kind: String) {
    let (id, (from, to)) = (m.id("j"), m.stretch());
    let stage = m.dice.word(&["", "research", "plan", "implement", "evaluate", "sustain"]);
    let funds = if m.dice.chance(85) { Some(*m.dice.pick(&[0, 10_000, 100_000])) } else { None };
    m.rows.units.push(UnitRow {
        purchased_by_government: m.dice.chance(70),
        professional: m.dice.chance(80),
        stage,
        from,
        to,
        ..unit(&id, UnitKind::Project, Some(site))
    });
    let project = ProjectRow {
        id: id.clone(),
        unit: site.into(),
        kind,
        title: String::new(),
        funds,
        from,
        to,
    };
    m.rows.projects.push(project);
    let most = m.dice.below(6);
    for stage in &STAGES[..most] {
        if m.dice.chance(90) {
            let (rid, on) = (m.id("t"), m.past());
            m.rows.project_stages.push(ProjectStageRow {
                id: rid,
                project: id.clone(),
                stage: (*stage).into(),
                on,
            });
        }
    }
    for _ in 0..m.dice.below(3) {
        let (rid, (from, to)) = (m.id("n"), m.stretch());
        let sector = m.dice.word(&SECTORS);
        m.rows.project_partners.push(ProjectPartnerRow {
            id: rid,
            project: id.clone(),
            sector,
            name: String::new(),
            from,
            to,
        });
    }
    for _ in 0..m.dice.below(6) {
        let (rid, person, (from, to)) = (m.id("y"), m.person(), m.stretch());
        let volunteer = m.dice.chance(10);
        m.rows.project_staff.push(ProjectStaffRow {
            id: rid,
            project: id.clone(),
            person,
            volunteer,
            from,
            to,
        });
    }
    for _ in 0..m.dice.below(3) {
        let (rid, on) = (m.id("x"), m.past());
        let (kind, basis) =
            (m.dice.word(&["labour", "labour", "service"]), m.dice.word(&["", "actual", "plan"]));
        let amount = *m.dice.pick(&[40_000, 80_000, 8_000, 1, 0, 80_001]);
        m.rows.expenditures.push(ExpenditureRow {
            id: rid,
            project: id.clone(),
            kind,
            basis,
            amount,
            on,
        });
    }
}

pub(crate) fn supervision(m: &mut Maker) {
    for n in 0..m.rows.persons.len() {
        let person = m.rows.persons[n].id.clone();
        for _ in 0..m.dice.below(3) {
            let (id, (from, to)) = (m.id("z"), m.stretch());
            let source = m.dice.word(&["local", "local", "university", "practice", ""]);
            let level = m.dice.word(&["nation", "province", "city", "district", "assistant"]);
            let project_level =
                m.dice.word(&["", "street", "district", "city", "province", "nation"]);
            let (fulltime, social_worker) = (m.dice.chance(80), m.dice.chance(80));
            let unit = "d".into();
            let person = person.clone();
            m.rows.supervisors.push(SupervisorRow {
                id,
                person,
                unit,
                source,
                level,
                fulltime,
                social_worker,
                project_level,
                from,
                to,
            });
        }
        for _ in 0..m.dice.below(3) {
            let (id, (from, to)) = (m.id("e"), m.stretch());
            let signed = if m.dice.chance(90) { Some(m.day()) } else { None };
            m.rows.agreements.push(AgreementRow { id, person: person.clone(), signed, from, to });
        }
        for back in 0..2 {
            if m.dice.chance(70) {
                let id = m.id("h");
                let year = m.as_of.year() - back;
                let completed = if m.dice.chance(90) { Some(m.day()) } else { None };
                let result = m.dice.word(&["pass", "good", "excellent", "fail", ""]);
                let dims = ["ability", "quality", "results", "conduct"]
                    .iter()
                    .filter(|_| m.dice.chance(93))
                    .map(|d| (*d).into())
                    .collect();
                m.rows.assessments.push(AssessmentRow {
                    id,
                    subject: person.clone(),
                    year,
                    completed,
                    result,
                    score: None,
                    dims,
                });
            }
        }
        if m.dice.chance(40) {
            let (id, month) = (m.id("i"), m.day());
            let amount = *m.dice.pick(&[80_000, 80_000, 79_999, 40_000, 160_000]);
            m.rows.payments.push(PaymentRow { id, person, month, amount });
        }
    }
    for unit in m.units_of(UnitKind::Studio) {
        if m.dice.chance(50) {
            let (id, person, (from, to)) = (m.id("c"), m.person(), m.stretch());
            m.rows.supervision_links.push(SupervisionLinkRow { id, unit, person, from, to });
        }
    }
}

pub(crate) fn training(m: &mut Maker) {
    for _ in 0..m.dice.below(10) {
        let (id, from) = (m.id("tr"), m.day());
        let kind = m.dice.word(&[
            "induction",
            "supervision",
            "continuing",
            "practice",
            "practice",
            "law",
            "visit",
        ]);
        let (focus, mode) = (
            m.dice.word(&["practice", "practice", "theory", ""]),
            m.dice.word(&["central", "central", "online"]),
        );
        let length = i32::try_from(m.dice.between(1, 7)).unwrap();
        let (to, tenths) = match m.dice.below(4) {
            0 => (None, 5),
            1 => (None, 10),
            2 => (Some(from.plus_days(length)), 10),
            _ => (Some(from.plus_days(length)), 5),
        };
        m.rows.trainings.push(TrainingRow {
            id,
            unit: "d".into(),
            kind,
            title: String::new(),
            focus,
            mode,
            from,
            to,
            tenths,
        });
    }
    for _ in 0..m.dice.below(12) {
        let (id, person, on) = (m.id("at"), m.person(), m.day());
        let tenths = *m.dice.pick(&[5, 10]);
        m.rows.attendances.push(AttendanceRow { id, person, on, tenths });
    }
}

pub(crate) fn money(m: &mut Maker) {
    let years = [m.as_of.year(), m.as_of.year() - 1];
    for r#use in ["build", "operate", "supervise", "serve", "other"] {
        if m.dice.chance(80) {
            let id = m.id("bd");
            let year = if m.dice.chance(85) { years[0] } else { years[1] };
            let amount = *m.dice.pick(&[35_000_000, 35_000_000, 34_999_999, 70_000_000]);
            let on = if m.dice.chance(50) { Some(m.day()) } else { None };
            m.rows.budgets.push(BudgetRow {
                id,
                unit: "d".into(),
                year,
                r#use: r#use.into(),
                amount,
                on,
            });
        }
    }
    let mut owners = m.units_of(UnitKind::Street);
    owners.push("d".into());
    for unit in owners {
        for kind in ["district_allocated", "street_match", "station_purchase", "venture"] {
            for _ in 0..m.dice.below(3) {
                let (id, on) = (m.id("fd"), m.day());
                let amount = *m.dice.pick(&[
                    10_000_000, 10_000_000, 5_000_000, 9_999_999, 2_000_000, 50_000_000, 0, 1,
                ]);
                m.rows.funds.push(FundRow {
                    id,
                    unit: unit.clone(),
                    kind: kind.into(),
                    amount,
                    on,
                });
            }
        }
    }
}

pub(crate) fn recognition(m: &mut Maker) {
    for unit in sites_of(m) {
        for _ in 0..m.dice.below(4) {
            let (id, (from, to)) = (m.id("ho"), m.stretch());
            let honour = m.dice.word(&["demonstration", "demonstration", "star"]);
            let level = m.dice.word(&["nation", "province", "city", "district", "street"]);
            m.rows.honours.push(HonourRow { id, unit: unit.clone(), honour, level, from, to });
        }
        if m.dice.chance(60) {
            let id = m.id("as");
            let year = m.as_of.year() - i32::from(m.dice.chance(20));
            let completed = if m.dice.chance(90) { Some(m.day()) } else { None };
            let score = if m.dice.chance(80) { Some(m.dice.between(0, 10_000)) } else { None };
            m.rows.assessments.push(AssessmentRow {
                id,
                subject: unit.clone(),
                year,
                completed,
                result: "pass".into(),
                score,
                dims: Vec::new(),
            });
        }
        if m.dice.chance(20) {
            let (id, (from, to)) = (m.id("pa"), m.stretch());
            m.rows.partnerships.push(PartnershipRow {
                id,
                unit: unit.clone(),
                name: String::new(),
                from,
                to,
            });
        }
    }
    for _ in 0..m.dice.below(2) {
        let (id, on) = (m.id("pu"), m.day());
        m.rows.publicity.push(PublicityRow { id, unit: "d".into(), title: String::new(), on });
        let (id, on) = (m.id("ct"), m.day());
        m.rows.contests.push(ContestRow { id, unit: "d".into(), title: String::new(), on });
    }
    for _ in 0..m.dice.below(4) {
        if let Some(school) = m.maybe_unit(UnitKind::School) {
            let (id, (from, to)) = (m.id("ss"), m.stretch());
            let first_service = if m.dice.chance(75) { Some(m.day()) } else { None };
            m.rows.school_services.push(SchoolServiceRow {
                id,
                school,
                person: String::new(),
                first_service,
                from,
                to,
            });
        }
    }
}

/// Tables a single site may have reported for itself.
const BY_SITE: [Table; 9] = [
    Table::Posts,
    Table::Rooms,
    Table::Facilities,
    Table::Documents,
    Table::Lists,
    Table::Brands,
    Table::Projects,
    Table::Services,
    Table::FeatureCases,
];

/// Most tables are complete; some stop short of the day asked about, some were never reported, some only for one unit.
pub(crate) fn reports(m: &mut Maker) {
    for &table in Table::ALL.iter().filter(|t| !matches!(t, Table::Appraisals | Table::Teams)) {
        let through = match m.dice.below(10) {
            0..=6 => m.as_of.plus_days(i32::try_from(m.dice.below(3)).unwrap()),
            7 => m.as_of.plus_days(-1),
            8 => continue,
            _ => {
                if !BY_SITE.contains(&table) {
                    continue;
                }
                let sites = sites_of(m);
                let unit = m.dice.pick(&sites).clone();
                m.rows.reports.push(ReportRow { table, unit, through: m.as_of });
                continue;
            }
        };
        m.rows.reports.push(ReportRow { table, unit: "*".into(), through });
    }
}
