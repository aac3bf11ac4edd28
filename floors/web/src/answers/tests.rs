//! Every shipped form in every face and both languages.
use std::sync::Arc;

use askama::Template;
use forms::{Answers, Form, Kind, Library};
use locale::Lang;

use crate::answers::{AnswerView, FormView, PaperView};
use crate::{Form as Kept, FormError, Frame, chart};

/// Words of the interface that nobody translated.
fn raw(html: &str) -> Option<&str> {
    html.split(['>', '<', '"']).find(|t| t.starts_with("web.") || t.starts_with("forms."))
}

fn filled(form: &Form) -> Answers {
    let mut flat = std::collections::BTreeMap::new();
    for field in form.fields() {
        let word = |f: &forms::Field| match f.kind {
            Kind::Choice | Kind::Many => f.options[0].value.clone(),
            Kind::Number => (f.min.unwrap_or(10_000) / 10_000).to_string(),
            Kind::Date => "2026-11-23".into(),
            Kind::Time => "09:30".into(),
            Kind::Flag => "1".into(),
            _ => "<b>&字".into(),
        };
        if field.kind == Kind::Table {
            for column in &field.columns {
                flat.insert(format!("{}.0.{}", field.name, column.name), word(column));
            }
        } else {
            flat.insert(field.name.clone(), word(field));
        }
    }
    form.read(&flat).unwrap_or_else(|no| panic!("{}: {no:?}", form.id))
}

fn faces(form: &Arc<Form>, lang: Lang) {
    let frame = Frame::bare(lang);
    let answers = filled(form);
    let mut kept = Kept::of(form.flat(&answers));
    let first = form.fields().next().unwrap();
    kept.errors.push(FormError {
        field: first.name.clone(),
        text: "WRONG".into(),
        label: String::new(),
    });
    let page = FormView::new(&frame, form, kept).render().unwrap();
    for field in form.fields() {
        assert!(
            page.contains(&format!("id=\"f-{}", field.name)) || field.kind == Kind::Photo,
            "{}.{}",
            form.id,
            field.name
        );
    }
    assert!(
        page.contains("WRONG") && page.contains("aria-invalid") || first.kind == Kind::Table,
        "{}: the error stands at its field",
        form.id
    );
    let read = AnswerView::new(&frame, form, &answers).render().unwrap();
    let paper = PaperView::new(&frame, form, &answers).render().unwrap();
    let blank = PaperView::new(&frame, form, &Answers::default()).render().unwrap();
    for (face, html) in [("page", &page), ("read", &read), ("paper", &paper), ("blank", &blank)] {
        assert_eq!(raw(html), None, "{} {face}", form.id);
        assert!(!html.contains("<b>&字"), "{} {face}: what people typed is escaped", form.id);
    }
    if form.score.is_some() {
        let screening = frame.t("web.form.screening");
        assert!(
            [&page, &read, &paper, &blank].iter().all(|html| html.contains(&screening)),
            "{}: no diagnosis",
            form.id
        );
    }
}

#[test]
fn every_form_in_every_face() {
    for form in Library::shipped().all() {
        faces(&form, Lang::Zh);
        faces(&form, Lang::En);
    }
}

#[test]
fn what_a_condition_asks_is_said_without_script() {
    let form = Library::shipped().latest("intake").unwrap();
    let page = FormView::new(&Frame::bare(Lang::Zh), &form, Kept::blank()).render().unwrap();
    assert!(page.contains("“目前有无危险”为“是”时必填"), "the hint");
    assert!(page.contains("data-when=\"[[&#34;danger&#34;"), "the rule for the island");
    assert!(
        !page.contains("name=\"danger_facts\" rows=\"4\" required"),
        "the browser does not insist on what is closed"
    );
}

#[test]
fn a_trend_says_its_numbers_twice() {
    let form = Library::shipped().latest("phq9").unwrap();
    let frame = Frame::bare(Lang::Zh);
    let day = |n: i32| kernel::Day(20_000 + n);
    let points: Vec<_> = [(0, 180), (30, 120), (60, 40)]
        .into_iter()
        .map(|(n, value)| chart::Point {
            day: day(n),
            value,
            word: "轻度".into(),
            href: format!("/clients/c/scales/{n}"),
        })
        .collect();
    let zones = [chart::Zone { from: 100, to: 270, label: "中度".into(), positive: true }];
    let svg =
        chart::trend(&frame, form.title.say(Lang::Zh), &points, &zones, (0, 270)).render().unwrap();
    assert!(svg.contains("role=\"img\"") && svg.contains("<td class=\"tnum\">18</td>"));
    assert!(svg.contains("zone-positive"), "a positive band shows without colour");
    assert_eq!(svg.matches("actual-dot").count(), 3);
    assert!(svg.contains("href=\"/clients/c/scales/30\""), "each leads to its sheet: {svg}");
    let none = chart::of_answers(&frame, &form, &[], |_| String::new()).render().unwrap();
    assert!(none.contains(&frame.t("web.trend.none")) && !none.contains("<svg"));
}
