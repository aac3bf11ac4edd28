//! Whatever is sent to whatever form: no panic, the same answers back, a second reading changes nothing.
use std::collections::BTreeMap;
use std::fmt::Write as _;

use forms::{Answers, Form, Kind, Library};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Texts that people and machines send.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec!["", "1", "0", "2", "-1", "3.5", "yes", "no", "2026-11-23", "2026年1月2日", "09:30", "９：３０", "1e9", "是", "a,b", "on", "ok"]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => any::<String>(),
    ]
}

/// Fields for a form: words its fields may take and words they may not.
fn sent(form: &Form) -> BoxedStrategy<BTreeMap<String, String>> {
    let mut names = Vec::new();
    for field in form.fields() {
        let words =
            |f: &forms::Field| f.options.iter().map(|o| o.value.clone()).collect::<Vec<_>>();
        if field.kind == Kind::Table {
            for at in 0..3 {
                for column in &field.columns {
                    names.push((format!("{}.{at}.{}", field.name, column.name), words(column)));
                }
            }
        } else {
            names.push((field.name.clone(), words(field)));
        }
    }
    names
        .into_iter()
        .map(|(name, words)| {
            (Just(name), Just(words), text(), any::<Index>(), 0..10u8).prop_map(
                |(name, words, text, at, dice)| {
                    let value =
                        if words.is_empty() || dice < 2 { text } else { at.get(&words).clone() };
                    (name, value, dice)
                },
            )
        })
        .collect::<Vec<_>>()
        .prop_map(|all| {
            all.into_iter().filter(|(.., dice)| *dice != 9).map(|(n, v, _)| (n, v)).collect()
        })
        .boxed()
}

/// A definition of random fields; some of it is nonsense.
fn definition() -> impl Strategy<Value = String> {
    let kind = select(vec![
        "text",
        "long",
        "number",
        "date",
        "time",
        "choice",
        "many",
        "flag",
        "table",
        "person",
        "photo",
        "signature",
        "song",
    ]);
    let field = (kind, 0..5u8, 0..4usize, any::<bool>(), any::<bool>());
    (prop::collection::vec(field, 0..8), any::<bool>()).prop_map(|(fields, purpose)| {
        let mut out = String::from("id = \"random\"\nversion = 1\nkind = \"form\"\ntitle = [\"随机\", \"Random\"]\nfield = \"visit\"\n[[section]]\nid = \"s\"\ntitle = [\"部分\", \"Part\"]\nclass = \"P1\"\n");
        if purpose {
            out.push_str("purpose = \"service\"\n");
        }
        for (n, (kind, decimals, back, required, when)) in fields.iter().enumerate() {
            let _ = write!(out, "[[section.field]]\nname = \"f{n}\"\nkind = \"{kind}\"\nlabel = [\"项{n}\", \"Field {n}\"]\nrequired = {required}\n");
            if *kind == "number" {
                let _ = writeln!(out, "decimals = {decimals}");
                if *back == 3 {
                    let _ = writeln!(out, "compute = \"sum(f0, f{back})\"");
                }
            }
            if matches!(*kind, "choice" | "many") {
                out.push_str("options = [[\"1\", \"一\", \"One\", 1], [\"2\", \"二\", \"Two\", 2]]\n");
            }
            if *kind == "table" {
                out.push_str("column = [{ name = \"c\", kind = \"number\", label = [\"列\", \"Column\"] }, { name = \"d\", kind = \"date\", label = [\"日\", \"Day\"], required = true }]\n");
            }
            if *when {
                let _ = writeln!(out, "when = \"f{back} = 1|2\"");
            }
        }
        out
    })
}

fn holds(form: &Form, flat: &BTreeMap<String, String>) -> Result<(), TestCaseError> {
    let glance = form.glance(flat);
    let answers = match form.read(flat) {
        Ok(answers) => answers,
        Err(no) => {
            prop_assert!(!no.0.is_empty());
            glance
        }
    };
    let once = form.flat(&answers);
    let again =
        form.read(&once).map_err(|no| TestCaseError::fail(format!("{no:?} of {once:?}")))?;
    prop_assert_eq!(&again, &answers, "the same answers back");
    prop_assert_eq!(&form.flat(&again), &once);
    let json = serde_json::to_value(&answers).unwrap();
    prop_assert_eq!(
        &form.take(json.as_object().unwrap()).unwrap(),
        &answers,
        "a machine is read as a page is"
    );
    for stage in ["draft", "final", "registered", "decided"] {
        prop_assert_eq!(form.check(&answers, stage), form.check(&again, stage));
    }
    prop_assert!(
        form.check(&answers, "draft").0.is_empty(),
        "what was read may be kept as a draft"
    );
    if let Some(score) = form.score(&answers) {
        prop_assert!((score.min..=score.max).contains(&score.total));
        prop_assert!(score.band.is_some());
    }
    form.alerts(&answers);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn any_answers_to_any_shipped_form((form, flat) in select(Library::shipped().all()).prop_flat_map(|form| { let s = sent(&form); (Just(form), s) })) {
        holds(&form, &flat)?;
    }

    #[test]
    fn any_definition_and_any_answers(source in definition(), flat in prop::collection::btree_map("f[0-7](\\.[0-2]\\.[cd])?", text(), 0..12)) {
        match Form::load(&source) {
            Ok(form) => holds(&form, &flat)?,
            Err(faults) => {
                let lines = source.lines().count();
                prop_assert!(faults.iter().all(|f| (1..=lines + 1).contains(&f.line)), "{faults:?}");
            }
        }
    }

    #[test]
    fn any_text_is_a_form_or_says_why(text in any::<String>()) {
        prop_assert!(Form::load(&text).is_err());
    }

    #[test]
    fn a_shipped_form_with_a_piece_missing_never_panics((source, from, length) in (select(forms::library::sources().map(|(_, t)| t).collect::<Vec<_>>()), any::<Index>(), 1..200usize)) {
        let chars: Vec<char> = source.chars().collect();
        let from = from.index(chars.len());
        let rest: String = chars[..from].iter().chain(chars.iter().skip(from + length)).collect();
        let _ = Form::load(&rest);
    }

    #[test]
    fn any_json_is_read_or_refused(values in prop::collection::vec(prop_oneof![
        Just(serde_json::json!(null)), Just(serde_json::json!([[1], { "a": 2 }])), Just(serde_json::json!({ "x": 1 })), any::<i64>().prop_map(|n| serde_json::json!(n)),
        any::<f64>().prop_map(|n| serde_json::json!(n)), text().prop_map(|t| serde_json::json!(t)), Just(serde_json::json!(true)), Just(serde_json::json!([{ "goal": [1, 2] }])),
    ], 16), form in select(Library::shipped().all())) {
        let object: serde_json::Map<_, _> = form.fields().zip(values).map(|(f, v)| (f.name.clone(), v)).collect();
        if let Ok(answers) = form.take(&object) {
            prop_assert_eq!(form.take(serde_json::to_value(&answers).unwrap().as_object().unwrap()).unwrap(), answers);
        }
        let raw = Answers(object.into_iter().collect());
        let _ = (form.check(&raw, "final"), form.score(&raw), form.alerts(&raw));
    }
}
