//! The shipped scales against their published scoring keys: ends, every boundary of every band, turned items, missing items.
use std::collections::BTreeMap;
use std::sync::Arc;

use forms::{Form, Library, Score};

fn scale(id: &str) -> Arc<Form> {
    Library::shipped().latest(id).unwrap()
}

/// Answers with these points in the order of the items; `None` leaves an item open.
fn points(form: &Form, points: &[Option<i64>]) -> Option<Score> {
    let items = &form.score.as_ref().unwrap().items;
    assert_eq!(items.len(), points.len(), "{}", form.id);
    let flat: BTreeMap<String, String> = items
        .iter()
        .zip(points)
        .filter_map(|(item, p)| {
            let field = form.field_of(item).unwrap();
            let option = field.options.iter().find(|o| p.is_some() && o.points == *p)?;
            Some((item.clone(), option.value.clone()))
        })
        .collect();
    form.score(&form.read(&flat).unwrap())
}

/// Some way to reach this sum, item by item.
fn reach(form: &Form, sum: i64) -> Vec<Option<i64>> {
    let items = &form.score.as_ref().unwrap().items;
    let choices: Vec<Vec<i64>> = items
        .iter()
        .map(|i| form.field_of(i).unwrap().options.iter().filter_map(|o| o.points).collect())
        .collect();
    let mut rest = sum - choices.iter().map(|c| c.iter().min().unwrap()).sum::<i64>();
    let mut out = Vec::new();
    for choice in &choices {
        let least = *choice.iter().min().unwrap();
        let take = choice.iter().map(|p| p - least).filter(|p| *p <= rest).max().unwrap();
        rest -= take;
        out.push(Some(least + take));
    }
    assert_eq!(rest, 0, "{}: no way to {sum}", form.id);
    out
}

/// id, items, least and largest total as shown, and (raw sum, total, band, positive) at every boundary.
type Key = (
    &'static str,
    usize,
    &'static str,
    &'static str,
    &'static [(i64, &'static str, &'static str, bool)],
);
const KEYS: [Key; 10] = [
    (
        "phq9",
        9,
        "0",
        "27",
        &[
            (0, "0", "minimal", false),
            (4, "4", "minimal", false),
            (5, "5", "mild", false),
            (9, "9", "mild", false),
            (10, "10", "moderate", true),
            (14, "14", "moderate", true),
            (15, "15", "moderately_severe", true),
            (19, "19", "moderately_severe", true),
            (20, "20", "severe", true),
            (27, "27", "severe", true),
        ],
    ),
    (
        "phq2",
        2,
        "0",
        "6",
        &[
            (0, "0", "negative", false),
            (2, "2", "negative", false),
            (3, "3", "positive", true),
            (6, "6", "positive", true),
        ],
    ),
    (
        "gad7",
        7,
        "0",
        "21",
        &[
            (0, "0", "minimal", false),
            (4, "4", "minimal", false),
            (5, "5", "mild", false),
            (9, "9", "mild", false),
            (10, "10", "moderate", true),
            (14, "14", "moderate", true),
            (15, "15", "severe", true),
            (21, "21", "severe", true),
        ],
    ),
    (
        "gad2",
        2,
        "0",
        "6",
        &[
            (0, "0", "negative", false),
            (2, "2", "negative", false),
            (3, "3", "positive", true),
            (6, "6", "positive", true),
        ],
    ),
    (
        "gds15",
        15,
        "0",
        "15",
        &[
            (0, "0", "normal", false),
            (4, "4", "normal", false),
            (5, "5", "mild", true),
            (8, "8", "mild", true),
            (9, "9", "moderate", true),
            (11, "11", "moderate", true),
            (12, "12", "severe", true),
            (15, "15", "severe", true),
        ],
    ),
    (
        "who5",
        5,
        "0",
        "100",
        &[
            (0, "0", "very_low", true),
            (7, "28", "very_low", true),
            (8, "32", "low", true),
            (12, "48", "low", true),
            (13, "52", "good", false),
            (25, "100", "good", false),
        ],
    ),
    (
        "lsns6",
        6,
        "0",
        "30",
        &[
            (0, "0", "at_risk", true),
            (11, "11", "at_risk", true),
            (12, "12", "connected", false),
            (30, "30", "connected", false),
        ],
    ),
    (
        "ucla3",
        3,
        "3",
        "9",
        &[
            (3, "3", "not_lonely", false),
            (5, "5", "not_lonely", false),
            (6, "6", "lonely", true),
            (9, "9", "lonely", true),
        ],
    ),
    (
        "barthel",
        10,
        "0",
        "100",
        &[
            (0, "0", "severe", true),
            (40, "40", "severe", true),
            (45, "45", "moderate", true),
            (60, "60", "moderate", true),
            (65, "65", "mild", false),
            (95, "95", "mild", false),
            (100, "100", "none", false),
        ],
    ),
    ("lawton", 8, "0", "8", &[(0, "0", "low", true), (8, "8", "full", false)]),
];

#[test]
fn totals_and_bands_as_published() {
    for (id, items, least, most, boundaries) in KEYS {
        let form = scale(id);
        assert_eq!(form.score.as_ref().unwrap().items.len(), items, "{id}");
        for (sum, total, band, positive) in boundaries {
            let score = points(&form, &reach(&form, *sum)).unwrap();
            assert_eq!(score.total_text(), *total, "{id} {sum}");
            assert_eq!(score.band.as_ref().unwrap().key, *band, "{id} {sum}");
            assert_eq!(score.positive, *positive, "{id} {sum}");
            assert_eq!(
                (forms::score::tenths(score.min), score.max_text()),
                (least.to_string(), most.to_string()),
                "{id}"
            );
            assert!(!score.prorated);
        }
    }
}

#[test]
fn a_missing_item_leaves_no_total() {
    for (id, items, ..) in KEYS {
        let form = scale(id);
        for open in 0..items {
            let mut answers = reach(
                &form,
                form.score.as_ref().unwrap().min / 10 / form.score.as_ref().unwrap().factor,
            );
            answers[open] = None;
            assert_eq!(points(&form, &answers), None, "{id} without item {open}");
        }
    }
}

#[test]
fn item_nine_warns_by_itself() {
    let form = scale("phq9");
    for (answer, warned) in [("0", false), ("1", true), ("2", true), ("3", true)] {
        let answers = form.read(&BTreeMap::from([("q9".into(), answer.into())])).unwrap();
        assert_eq!(
            form.alerts(&answers).iter().any(|a| a.key == "suicide_risk"),
            warned,
            "{answer}"
        );
        assert!(form.score(&answers).is_none(), "and there is no total");
    }
    let score = points(
        &form,
        &[Some(0), Some(0), Some(0), Some(0), Some(0), Some(0), Some(0), Some(0), Some(1)],
    )
    .unwrap();
    assert_eq!((score.total_text().as_str(), score.positive, score.alerts.len()), ("1", false, 1));
}

#[test]
fn the_turned_items_of_gds_15() {
    let form = scale("gds15");
    let all = |word: &str| {
        let flat = (1..=15).map(|n| (format!("q{n}"), word.to_owned())).collect();
        form.score(&form.read(&flat).unwrap()).unwrap().total_text()
    };
    assert_eq!((all("yes"), all("no")), ("10".into(), "5".into()));
    for n in [1, 5, 7, 11, 13] {
        let field = form.field_of(&format!("q{n}")).unwrap();
        assert_eq!(field.option("no").unwrap().points, Some(1), "item {n} scores on no");
    }
}

#[test]
fn barthel_has_the_options_of_its_items_and_two_band_sets() {
    let form = scale("barthel");
    let steps: Vec<usize> = form.fields().map(|f| f.options.len()).collect();
    assert_eq!(steps, [3, 2, 2, 3, 3, 3, 3, 4, 4, 3]);
    let older = &form.score.as_ref().unwrap().sets[1];
    for (total, key) in [
        (400, "severe"),
        (450, "moderate"),
        (600, "moderate"),
        (650, "mild"),
        (950, "mild"),
        (1000, "none"),
    ] {
        assert_eq!(older.band(total).unwrap().key, key, "{total}");
    }
}

#[test]
fn goal_attainment_of_a_filled_in_sheet() {
    let form = scale("gas");
    let sheet = |goals: &[(&str, &str)]| {
        let mut flat = BTreeMap::new();
        for (at, (weight, level)) in goals.iter().enumerate() {
            flat.insert(format!("goals.{at}.statement"), "目标".to_owned());
            flat.insert(format!("goals.{at}.weight"), (*weight).to_owned());
            flat.insert(format!("goals.{at}.level"), (*level).to_owned());
        }
        let answers = form.read(&flat).unwrap();
        (answers.text("t"), form.score(&answers))
    };
    for (goals, t, total, band) in [
        (&[("1", "0"), ("1", "0"), ("1", "0")][..], "50.00", "50", "expected"),
        (&[("", "1"), ("", "1"), ("", "1")][..], "63.69", "63.7", "above"),
        (&[("2", "1"), ("1", "-1")][..], "54.02", "54", "above"),
        (&[("1", "-2")][..], "30.00", "30", "below"),
    ] {
        let (shown, score) = sheet(goals);
        let score = score.unwrap();
        assert_eq!(
            (shown.as_str(), score.total_text().as_str(), score.band.unwrap().key.as_str()),
            (t, total, band)
        );
    }
    assert_eq!(
        sheet(&[("1", "1"), ("1", "")]),
        (String::new(), None),
        "a goal without a level: no T-score"
    );
    // The extremes of ten goals stay inside the scale's limits.
    for level in ["-2", "2"] {
        assert!(sheet(&[("10", level); 10]).1.unwrap().band.is_some(), "{level}");
    }
}

#[test]
fn satisfaction_is_the_share_of_fours_and_fives() {
    let form = scale("satisfaction");
    let of = |answers: &[&str]| {
        let items = ["respect", "skill", "timely", "content", "place", "change"];
        let flat =
            items.iter().zip(answers).map(|(i, a)| ((*i).to_owned(), (*a).to_owned())).collect();
        form.score(&form.read(&flat).unwrap())
            .map(|s| (s.total_text(), s.band.unwrap().key, s.prorated))
    };
    assert_eq!(of(&["5", "4", "4", "3", "5", "1"]), Some(("66.7".into(), "fair".into(), false)));
    assert_eq!(of(&["5", "5", "4", "na", "na", "na"]), Some(("100".into(), "good".into(), true)));
    assert_eq!(of(&["5", "5", "na", "na", "na", "na"]), None, "four open items are one too many");
    assert_eq!(of(&["1"; 6]), Some(("0".into(), "low".into(), false)));
}

#[test]
fn a_bureau_may_allow_missing_items() {
    let text = forms::library::sources().find(|(id, _)| *id == "phq2").unwrap().1;
    let form = Form::load(&text.replace("rule = \"sum\"", "rule = \"sum\"\nmay_miss = 1")).unwrap();
    let score = points(&form, &[Some(3), None]).unwrap();
    assert_eq!((score.total_text().as_str(), score.prorated), ("6", true));
    assert_eq!(points(&form, &[None, None]), None, "nothing answered is no answer");
}
