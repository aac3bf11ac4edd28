//! What the house promises programs, and that its matrix is what its doors do.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use walks::doors;

use crate::walks;

#[test]
fn every_door_names_a_capability_of_the_matrix() {
    let known: BTreeSet<&str> = access::matrix::capabilities().unwrap().into_iter().collect();
    let all = doors::all();
    assert!(all.len() > 30, "the gates enrol only {} endpoints", all.len());
    let unknown: Vec<_> =
        all.iter().filter(|d| d.capability != "public" && !known.contains(d.capability)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    for entry in wushe::slices::all().iter().flat_map(|s| s.nav) {
        assert!(known.contains(entry.capability), "{entry:?}");
    }
}

#[test]
fn few_doors_are_public() {
    let public: BTreeSet<_> = doors::all()
        .into_iter()
        .filter(|d| d.capability == "public")
        .map(|d| (d.method, d.path))
        .collect();
    let expected = [
        ("DELETE", "/api/v1/session"),
        // A calendar that a phone subscribes to by its secret address.
        ("GET", "/calendar/{file}"),
        // The code at the door of a group's session, and of an activity.
        ("GET", "/groups/signin/{token}"),
        ("POST", "/groups/signin/{token}"),
        ("GET", "/checkin/{token}"),
        ("POST", "/checkin/{token}"),
        ("GET", "/healthz"),
        // The shell of the offline page names nobody.
        ("GET", "/offline"),
        ("GET", "/r/{token}"),
        // What a station enclosed with a referral, behind the same link.
        ("GET", "/r/{token}/attachments/{n}"),
        // What participants thought of an activity, without a name.
        ("GET", "/opinion/{token}"),
        ("POST", "/opinion/{token}"),
        ("GET", "/session/new"),
        ("POST", "/api/v1/session"),
        ("POST", "/r/{token}/answer"),
        ("POST", "/r/{token}/code"),
        ("POST", "/session/end"),
        ("POST", "/session/language"),
        ("POST", "/session/new"),
    ];
    let unasked: Vec<_> = public.iter().filter(|d| !expected.contains(d)).collect();
    assert!(unasked.is_empty(), "{unasked:?}");
}

#[test]
fn each_role_gets_what_the_matrix_says() {
    let expected = doors::expected();
    assert!(expected.as_array().unwrap().len() > 10);
    walks("matrix", &expected.to_string());
}

#[test]
fn the_api_description_is_the_one_on_paper() {
    let said: Value = serde_json::from_str(&walks("openapi", "")).unwrap();
    let fresh = format!("{}\n", serde_json::to_string_pretty(&sorted(said)).unwrap());
    let path = walks::root().join("docs/api/openapi.json");
    if std::env::var_os("UPDATE_SNAPSHOT").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &fresh).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    if let Some(line) = difference(&kept, &fresh) {
        panic!(
            "docs/api/openapi.json differs {line}\nUPDATE_SNAPSHOT=1 cargo test -p walks rewrites it"
        );
    }
}

#[test]
fn every_api_door_is_described_and_nothing_else() {
    let mut described = BTreeMap::new();
    for slice in wushe::slices::all() {
        let text = serde_json::to_value((slice.openapi)()).unwrap();
        for (path, item) in text["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                described.insert((method.to_uppercase(), path.clone()), operation.clone());
            }
        }
    }
    let enrolled: BTreeSet<_> = doors::all()
        .into_iter()
        .filter(doors::Door::is_api)
        .map(|d| (d.method.to_owned(), d.path.to_owned()))
        .collect();
    let missing: Vec<_> = enrolled.iter().filter(|d| !described.contains_key(*d)).collect();
    assert!(missing.is_empty(), "not described: {missing:#?}");
    let invented: Vec<_> = described.keys().filter(|d| !enrolled.contains(*d)).collect();
    assert!(invented.is_empty(), "described, but there is no such endpoint: {invented:#?}");
}

/// The same value with its keys in order and without the version, which every release changes.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let ordered: BTreeMap<_, _> = map.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            let mut out: serde_json::Map<_, _> = ordered.into_iter().collect();
            if let Some(info) = out.get_mut("info").and_then(Value::as_object_mut) {
                info.remove("version");
            }
            Value::Object(out)
        }
        Value::Array(all) => all.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// The first line that differs.
fn difference(kept: &str, fresh: &str) -> Option<String> {
    let (mut a, mut b) = (kept.lines(), fresh.lines());
    for n in 1.. {
        match (a.next(), b.next()) {
            (None, None) => return None,
            (x, y) if x == y => {}
            (x, y) => return Some(format!("in line {n}: kept {x:?}, fresh {y:?}")),
        }
    }
    None
}

#[test]
fn a_difference_is_seen() {
    assert_eq!(difference("a\nb\n", "a\nb\n"), None);
    assert!(difference("a\nb\n", "a\nc\n").unwrap().contains("line 2"));
    assert!(difference("a\n", "a\nb\n").is_some());
}
