//! Reading answers and definitions: what is closed, what is wrong at which field, and on which line.
use std::collections::BTreeMap;

use forms::{Form, Library};

fn flat(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}
fn said(form: &Form, pairs: &[(&str, &str)]) -> Vec<String> {
    match form.read(&flat(pairs)) {
        Ok(_) => Vec::new(),
        Err(no) => {
            no.0.iter().map(|r| format!("{}:{}", r.field.as_deref().unwrap(), r.key)).collect()
        }
    }
}

#[test]
fn what_a_condition_closes_is_not_read() {
    let form = Library::shipped().latest("intake").unwrap();
    let sent = [
        ("danger", "no"),
        ("danger_facts", "旧的内容"),
        ("source", "self"),
        ("source_body", "某校"),
    ];
    let answers = form.read(&flat(&sent)).unwrap();
    assert!(!answers.0.contains_key("danger_facts") && !answers.0.contains_key("source_body"));
    assert!(form.alerts(&answers).is_empty());
    let answers = form.read(&flat(&[("danger", "yes")])).unwrap();
    let open: Vec<_> =
        form.check(&answers, "registered").0.iter().filter_map(|r| r.field.clone()).collect();
    assert_eq!(
        open,
        ["date", "worker", "source", "name", "problem", "danger_facts"],
        "registered asks this much"
    );
    let later: Vec<_> =
        form.check(&answers, "decided").0.iter().filter_map(|r| r.field.clone()).collect();
    assert_eq!(
        later.len(),
        open.len() + 2,
        "deciding asks for the judgement and the decision, too"
    );
    assert_eq!(form.alerts(&answers)[0].key, "danger");
}

#[test]
fn everything_wrong_is_said_at_its_field() {
    let form = Library::shipped().latest("service_plan").unwrap();
    let sent = [
        ("date", "2026-11-23"),
        ("review", "2026-11-22"),
        ("goals.0.due", "soon"),
        ("goals.2.statement", "少独处"),
        ("goals.2.due", "2026-12-31"),
        ("sessions", "0"),
        ("models", "task,magic"),
        ("agreed", "maybe"),
        ("unknown", "x"),
        ("goals.x.due", "x"),
        ("goals", "x"),
    ];
    assert_eq!(
        said(&form, &sent),
        [
            "goals.0.due:forms.not_day",
            "models:forms.not_option",
            "sessions:forms.too_small",
            "review:forms.before",
            "agreed:forms.not_option"
        ]
    );
    let answers = form
        .read(&flat(&[
            ("goals.2.statement", "少独处"),
            ("goals.7.statement", "常来往"),
            ("goals.7.due", "2026年12月31日"),
        ]))
        .unwrap();
    assert_eq!(answers.rows("goals").len(), 2, "rows close up");
    assert_eq!(answers.rows("goals")[1]["due"], "2026-12-31");
    assert!(
        form.check(&answers, "final").0.iter().any(|r| r.field.as_deref() == Some("goals.0.due")),
        "a row is filled in whole"
    );
    assert_eq!(said(&form, &[("sessions", "１２")]), Vec::<String>::new());
    assert_eq!(said(&form, &[("aim", &"长".repeat(8001))]), ["aim:forms.too_long"]);
}

#[test]
fn known_things_are_filled_in() {
    let form = Library::shipped().latest("intake").unwrap();
    let known = [
        ("client.name", "王某".to_owned()),
        ("today", "2026-11-23".to_owned()),
        ("client.shoe", "42".to_owned()),
    ];
    assert_eq!(form.prefill(&known), flat(&[("name", "王某"), ("date", "2026-11-23")]));
}

/// A definition with its faults: (line, key).
fn faults(source: &str) -> Vec<(usize, &'static str)> {
    Form::load(source).unwrap_err().iter().map(|f| (f.line, f.refusal.key)).collect()
}

#[test]
fn every_fault_has_its_line() {
    let head = "id = \"x\"\nversion = 1\nkind = \"form\"\ntitle = [\"表\", \"Form\"]\nfield = \"visit\"\n[[section]]\nid = \"s\"\ntitle = [\"部分\", \"Part\"]\npurpose = \"service\"\nclass = \"P2\"\nfield = [\n";
    let with = |fields: &str| format!("{head}{fields}\n]\n");
    for (fields, expected) in [
        (
            "{ name = \"a\", kind = \"text\", label = [\"甲\", \"A\"] },\n{ name = \"a\", kind = \"text\", label = [\"乙\", \"B\"] },",
            vec![(13, "forms.fault.field_twice")],
        ),
        (
            "{ name = \"A b\", kind = \"text\", label = [\"甲\", \"A\"] },",
            vec![(12, "forms.fault.name")],
        ),
        (
            "{ name = \"a\", kind = \"choice\", label = [\"甲\", \"A\"] },",
            vec![(12, "forms.fault.options")],
        ),
        (
            "{ name = \"a\", kind = \"choice\", label = [\"甲\", \"A\"], options = \"none_such\" },",
            vec![(12, "forms.fault.no_list"), (12, "forms.fault.options")],
        ),
        (
            "{ name = \"a\", kind = \"text\", label = [\"甲\", \"A\"], when = \"b = 1\" },\n{ name = \"b\", kind = \"text\", label = [\"乙\", \"B\"] },",
            vec![(12, "forms.fault.unknown")],
        ),
        (
            "{ name = \"a\", kind = \"number\", label = [\"甲\", \"A\"], compute = \"power(a)\" },",
            vec![(12, "forms.fault.formula")],
        ),
        (
            "{ name = \"a\", kind = \"number\", label = [\"甲\", \"A\"], min = 3, max = 1 },",
            vec![(12, "forms.fault.bounds")],
        ),
        (
            "{ name = \"a\", kind = \"text\", label = [\"甲\", \"A\"], required = [\"later\"] },",
            vec![(12, "forms.fault.stage")],
        ),
        (
            "{ name = \"a\", kind = \"table\", label = [\"甲\", \"A\"] },",
            vec![(12, "forms.fault.columns")],
        ),
        ("{ name = \"a\", kind = \"text\", label = \"甲\" },", vec![(12, "forms.fault.toml")]),
        (
            "{ name = \"a\", kind = \"text\", label = [\"甲\", \"A\"], colour = \"red\" },",
            vec![(12, "forms.fault.toml")],
        ),
    ] {
        assert_eq!(faults(&with(fields)), expected, "{fields}");
    }
    let without = with("{ name = \"a\", kind = \"text\", label = [\"甲\", \"A\"] },")
        .replace("purpose = \"service\"\n", "");
    assert_eq!(
        faults(&without)[0].1,
        "forms.fault.no_purpose",
        "PIPL 6: nothing is asked without a purpose"
    );
}

#[test]
fn bands_leave_no_total_without_a_meaning() {
    let text = forms::library::sources().find(|(id, _)| *id == "phq9").unwrap().1;
    assert!(
        faults(&text.replace("from = 5, to = 9", "from = 5, to = 8"))
            .iter()
            .any(|f| f.1 == "forms.fault.gap")
    );
    assert!(
        faults(&text.replace("from = 5, to = 9", "from = 4, to = 9"))
            .iter()
            .any(|f| f.1 == "forms.fault.band")
    );
    assert!(
        faults(&text.replace("licence =", "note2 =")).iter().any(|f| f.1 == "forms.fault.toml")
    );
    let line = text.lines().find(|l| l.starts_with("licence")).unwrap();
    assert!(faults(&text.replace(line, "")).iter().any(|f| f.1 == "forms.fault.no_licence"));
}
