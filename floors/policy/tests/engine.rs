//! The engine by its public face: the pack of the repository, facts, and everything one can ask.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]
use std::path::Path;
use std::sync::Arc;

use kernel::Day;
use policy::rows::{PersonRow, PostRow, QualificationRow, RoomRow, Rows, UnitRow};
use policy::verdict::Waiver;
use policy::{
    Clocks, Engine, Facts, Mirror, Pack, Settings, Source, Verdict, check_text, diff, evaluate,
    explain,
};

fn pack() -> Pack {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy/shangcheng-2022");
    Pack::load(&Source::read_dir(&folder).unwrap()).unwrap_or_else(|f| panic!("{f}"))
}
fn d(s: &str) -> Day {
    s.parse().unwrap()
}
fn unit(toml: &str) -> UnitRow {
    toml::from_str(toml).unwrap()
}
fn post(id: &str, unit: &str, person: &str, role: &str) -> PostRow {
    toml::from_str(&format!(
        "id = '{id}'\nunit = '{unit}'\nperson = '{person}'\nrole = '{role}'\nfulltime = true\nfrom = '2022-03-01'"
    ))
    .unwrap()
}
fn cert(id: &str, person: &str, kind: &str, to: Option<&str>) -> QualificationRow {
    QualificationRow {
        id: id.into(),
        person: person.into(),
        kind: kind.into(),
        from: d("2020-06-01"),
        to: to.map(d),
    }
}

/// A station with three full-time certified workers, one of whose certificates ends on 2023-06-01.
fn rows() -> Rows {
    Rows {
        units: vec![
            unit("id='d'\nkind='district'\nname='上城区'"),
            unit("id='kx'\nkind='street'\nshort_name='凯旋'\nparent='d'"),
            unit(
                "id='s1'\nkind='station'\nparent='kx'\nname='杭州市上城区凯旋街道社会工作站'\nmodes=[{mode='self'}]",
            ),
            unit("id='s2'\nkind='station'\nparent='kx'\nname='凯旋二站'\nmodes=[{mode='self'}]"),
        ],
        persons: [("p1", "甲"), ("p2", "乙"), ("p3", "丙")]
            .map(|(id, name)| PersonRow { id: id.into(), name: name.into() })
            .to_vec(),
        posts: vec![
            post("post-1", "s1", "p1", "head"),
            post("post-2", "s1", "p2", "deputy"),
            post("post-3", "s1", "p3", "worker"),
        ],
        qualifications: vec![
            cert("c1", "p1", "sw", None),
            cert("c2", "p2", "sw", None),
            cert("c3", "p3", "sw_assistant", Some("2023-06-01")),
        ],
        ..Rows::default()
    }
}

#[test]
fn a_certificate_holds_until_the_day_before_it_ends() {
    let (pack, facts) = (pack(), Facts::from_rows(&rows()));
    for (day, want) in [
        ("2022-02-28", Verdict::Fail),
        ("2022-03-01", Verdict::Pass),
        ("2023-05-31", Verdict::Pass),
        ("2023-06-01", Verdict::Fail),
    ] {
        let e = Engine::new(&pack, &facts, Clocks::on(d(day)), &Settings::default());
        assert_eq!(e.verdict("station.certified", "s1"), want, "{day}");
        assert_eq!(
            e.verdict("station.rooms", "s1"),
            Verdict::Unknown,
            "never reported is not zero"
        );
    }
}

#[test]
fn the_reason_comes_with_the_record() {
    let (pack, facts) = (pack(), Facts::from_rows(&rows()));
    let e = explain(&pack, &facts, Clocks::on(d("2023-06-01")), "station.certified", "s1").unwrap();
    assert_eq!((e.clause.id.as_str(), e.clause.item.as_str(), e.gap), ("4A.3", "4A.3-5", Some(1)));
    let term = &e.terms[0];
    assert_eq!(term.counted.iter().map(|l| l.label.as_str()).collect::<Vec<_>>(), ["甲", "乙"]);
    assert_eq!(term.counted[0].also[0].record.id, "c1");
    let miss = &term.rejected[0];
    assert_eq!(
        (miss.label.as_str(), miss.record.id.as_str(), miss.also[0].record.id.as_str()),
        ("丙", "post-3", "c3")
    );
    assert_eq!(e.reasons(policy::words::Lang::Zh)[0], "丙：助理社会工作师证书 2023-06-01 到期");
    assert_eq!(
        e.reasons(policy::words::Lang::En)[0],
        "丙: assistant social worker certificate expired on 2023-06-01"
    );
    let remedy = e.remedy.as_ref().unwrap();
    assert!(remedy.zh.contains("现有2人") && remedy.zh.contains("差1人"), "{}", remedy.zh);
    assert!(serde_json::to_string(&e).unwrap().contains("qualification_ended"));
    assert!(explain(&pack, &facts, Clocks::on(d("2023-06-01")), "studio.rooms", "s1").is_none());
}

#[test]
fn a_change_moves_its_own_verdicts_and_a_what_if_moves_none() {
    let mut rows = rows();
    rows.reports.push(policy::rows::ReportRow {
        table: policy::Table::Rooms,
        unit: "s1".into(),
        through: d("2022-12-31"),
    });
    let mut m = Mirror::new(
        Arc::new(pack()),
        Facts::from_rows(&rows),
        Clocks::on(d("2023-03-10")),
        Settings::default(),
    );
    assert_eq!(m.verdict("station.rooms", "s1"), Verdict::Fail);
    let more = Rows {
        posts: rows.posts.clone(),
        rooms: vec![RoomRow {
            id: "r1".into(),
            unit: "s1".into(),
            name: String::new(),
            functions: ["worker", "case", "group", "multi", "archive"].map(Into::into).to_vec(),
            from: d("2022-03-01"),
            to: None,
        }],
        ..Rows::default()
    };
    let dreamt = m.what_if(&["s1"], &more);
    assert_eq!(m.verdict("station.rooms", "s1"), Verdict::Fail, "a what-if touches nothing");
    let before = m.counts("station.rooms", "d");
    let done = m.apply(&["s1"], &more);
    assert_eq!(dreamt, done);
    assert!(
        done.iter()
            .any(|c| c.rule == "station.rooms" && c.unit == "s1" && c.after == Verdict::Pass)
    );
    assert_eq!(
        (before.of(Verdict::Fail), m.counts("station.rooms", "d").of(Verdict::Fail)),
        (1, 0)
    );
    assert_eq!(m.counts("station.rooms", "d").of(Verdict::Pass), 1);
    // A person's certificate reaches the stations where the person holds a post.
    let lost = m.apply(
        &["p1"],
        &Rows {
            qualifications: vec![cert("c1", "p1", "sw", Some("2023-01-01"))],
            ..Rows::default()
        },
    );
    assert!(
        lost.iter().any(|c| c.rule == "station.certified" && c.after == Verdict::Fail),
        "{lost:?}"
    );
    assert_same_as_fresh(&m);
}

#[test]
fn a_new_day_gives_what_a_full_pass_gives() {
    let mut m = Mirror::new(
        Arc::new(pack()),
        Facts::from_rows(&rows()),
        Clocks::on(d("2023-05-25")),
        Settings::default(),
    );
    let mut seen = Vec::new();
    for n in 1..45 {
        let day = d("2023-05-25").plus_days(n);
        seen.extend(m.turn_to(day).into_iter().map(|c| (day.to_string(), c.rule, c.after)));
        assert_same_as_fresh(&m);
    }
    assert!(
        seen.contains(&("2023-06-01".into(), "station.certified".into(), Verdict::Fail)),
        "{seen:?}"
    );
    m.turn_to(d("2022-12-31"));
    assert_same_as_fresh(&m);
}

fn assert_same_as_fresh(m: &Mirror) {
    let e = Engine::new(m.pack(), m.facts(), m.clocks(), &Settings::default());
    let board = e.board();
    let fresh: Vec<_> = board.verdicts(&e).collect();
    assert!(fresh.len() > 30);
    for (rule, unit, v) in fresh {
        assert_eq!(m.verdict(rule, unit), v, "{rule} {unit} {}", m.clocks().as_of);
    }
}

#[test]
fn a_waiver_excuses_until_its_end() {
    let (pack, facts) = (pack(), Facts::from_rows(&rows()));
    let w = Waiver {
        rule: "station.certified".into(),
        unit: "s1".into(),
        reason: "续证中".into(),
        approver: "区局".into(),
        expires: d("2023-07-01"),
    };
    let settings = Settings { waivers: vec![w], ..Settings::default() };
    for (day, want) in [
        ("2023-05-31", Verdict::Pass),
        ("2023-06-30", Verdict::Waived),
        ("2023-07-01", Verdict::Fail),
    ] {
        let e = Engine::new(&pack, &facts, Clocks::on(d(day)), &settings);
        assert_eq!(e.verdict("station.certified", "s1"), want, "{day}");
    }
}

#[test]
fn readings_change_the_count_and_are_named() {
    let pack = pack();
    let mut rows = rows();
    rows.qualifications.push(cert("c4", "p1", "supervisor_city", None));
    let facts = Facts::from_rows(&rows);
    let clocks = Clocks::on(d("2023-01-01"));
    let settings = Settings {
        options: [("supervisor_licensed_overlap".to_owned(), "false".to_owned())].into(),
        ..Settings::default()
    };
    assert_eq!(
        Engine::new(&pack, &facts, clocks, &Settings::default()).verdict("station.certified", "s1"),
        Verdict::Pass
    );
    let e = Engine::new(&pack, &facts, clocks, &settings);
    assert_eq!(e.verdict("station.certified", "s1"), Verdict::Fail);
    let why = e.explain("station.certified", "s1").unwrap();
    assert!(
        why.readings
            .iter()
            .any(|r| r.option == "supervisor_licensed_overlap" && r.value == "false")
    );
}

#[test]
fn two_packs_differ_where_they_differ() {
    let (old, mut new) = (pack(), pack());
    let facts = Facts::from_rows(&rows());
    let rule = new.rules.iter_mut().find(|r| r.id == "station.certified").unwrap();
    rule.bound = policy::pack::Bound::Range {
        min: vec![policy::pack::Dated {
            from: Day::MIN,
            to: None,
            value: kernel::Ratio::new(4, 1),
        }],
        max: Vec::new(),
    };
    new.rules.retain(|r| r.id != "contest");
    let settings = Settings::default();
    let diff = diff(&old, &new, Some((&facts, Clocks::on(d("2023-01-01")), &settings)));
    let changed: Vec<_> = diff.rules.iter().map(|r| (r.id.as_str(), r.fields.as_slice())).collect();
    assert_eq!(changed, [("contest", &[][..]), ("station.certified", &["bound"][..])]);
    assert!(
        diff.verdicts
            .iter()
            .any(|c| c.unit == "s1" && c.before == Verdict::Pass && c.after == Verdict::Fail)
    );
    assert!(policy::pack::check_layers(&new, &old).0.iter().any(|f| f.key == "loosened"));
    assert!(policy::pack::check_layers(&old, &new).0.is_empty(), "tightening is free");
}

#[test]
fn the_same_question_gives_the_same_receipt() {
    let (pack, facts) = (pack(), Facts::from_rows(&rows()));
    let mut shuffled = rows();
    shuffled.posts.reverse();
    shuffled.units.swap(2, 3);
    let again = Facts::from_rows(&shuffled);
    let clocks = Clocks::on(d("2023-01-01"));
    let receipt = |f: &Facts| {
        let e = Engine::new(&pack, f, clocks, &Settings::default());
        e.receipt(&e.board(), "d")
    };
    assert_eq!(receipt(&facts), receipt(&again));
    let later = Engine::new(&pack, &facts, Clocks::on(d("2023-06-01")), &Settings::default());
    assert_ne!(receipt(&facts).result_hash, later.receipt(&later.board(), "d").result_hash);
    assert_eq!(evaluate(&pack, &facts, clocks).len(), later.board().len());
}

#[test]
fn a_text_binds_by_its_headings() {
    let pack_of = |md: &str| {
        let front = "pack = 'x'\nversion = '1'\nstatus = 'draft'\n";
        Pack::load_draft(&[
            Source { name: "pack.toml".into(), text: front.into() },
            Source { name: "01.md".into(), text: md.into() },
        ])
    };
    let rule = |id: &str, quote: &str| {
        format!(
            "```toml\n[[require]]\nid='{id}'\napplies='station'\ntitle='站'\nquote='{quote}'\nmeasure='staff.count'\nmin=3\n```\n"
        )
    };
    let md = format!(
        "## 四、甲 {{#4A}}\n\n{}\n## 四、乙 {{#4B}}\n\n{}",
        rule("a", "不少于3人"),
        rule("b", "至少3人")
    );
    let pack = pack_of(&md).unwrap();
    let text = "某意见\n四、甲\n人员不少于3人。另有要求。\n四、乙\n至少3人。至少3人。\n";
    let report = check_text(&pack, text);
    assert_eq!(report.passages.len(), 2);
    assert_eq!(report.bound, 1);
    assert_eq!(
        report.faults.iter().map(|f| f.because.key.as_str()).collect::<Vec<_>>(),
        ["policy.text.often"]
    );
    assert!(report.uncovered.contains(&("4A".into(), "另有要求。".into())));
}

#[test]
fn every_fault_is_named_with_its_line() {
    let front = "pack = 'x'\nversion = '1'\nstatus = 'draft'\n";
    let md = "## 一 {#1}\n\n```toml\n[[require]]\nid = 'a'\napplies = ['station', 'moon']\ntitle = '题'\nquote = '不少于3人'\nmeasure = 'staff.magic'\nmin = 3\n\n[[require]]\nid = 'a'\napplies = 'station'\ntitle = '题'\nquote = '这一句引文写得实在太长了超过了二十四个字的上限'\nmeasure = 'staff.count'\nargs = { colour = 'red' }\nmin = 4\nfrom = 'someday'\nwhim = true\n```\n";
    let faults = Pack::load(&[
        Source { name: "pack.toml".into(), text: front.into() },
        Source { name: "01.md".into(), text: md.into() },
    ])
    .unwrap_err();
    let has = |key: &str, line: usize, field: &str| {
        assert!(
            faults
                .0
                .iter()
                .any(|f| f.key == key && f.line == line && f.field == field && f.file == "01.md"),
            "{key} {line} {field} in\n{faults}"
        );
    };
    has("unknown_unit", 4, "a.applies");
    has("unknown_measure", 4, "a.measure");
    has("twice", 12, "a");
    has("unknown_arg", 18, "a.args.colour");
    has("not_in_words", 12, "a.min");
    has("date", 20, "a.from");
    has("unknown_key", 21, "a.whim");
    has("no_passing_case", 12, "a");
}
