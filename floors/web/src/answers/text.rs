//! Answers as text: for the read-only page, for paper, and for sentences about conditions.
use std::sync::Arc;

use forms::when::Op;
use forms::{Answers, Field, Kind, Score};
use locale::Lang;

use crate::Frame;

/// An answer as people read it; empty when it is open.
pub fn shown(field: &Field, answers: &Answers, lang: Lang) -> String {
    words(field, &answers.text(&field.name), lang)
}

/// A kept text as people read it: labels for options, a unit behind a number.
pub(super) fn words(field: &Field, kept: &str, lang: Lang) -> String {
    if kept.is_empty() {
        return String::new();
    }
    let label = |value: &str| {
        field.option(value).map_or_else(|| value.to_owned(), |o| o.label.say(lang).to_owned())
    };
    match field.kind {
        Kind::Choice => label(kept),
        Kind::Many => kept.split(',').map(label).collect::<Vec<_>>().join(lang.pick("、", ", ")),
        Kind::Flag => lang.pick("是", "Yes").to_owned(),
        Kind::Number => {
            format!("{kept}{}{}", lang.pick("", " "), field.unit.say(lang)).trim_end().to_owned()
        }
        _ => kept.to_owned(),
    }
}

/// What opens a field, in words: `来源为“转介”`.
pub(super) fn condition(form: &forms::Form, field: &Field, lang: Lang) -> String {
    let one = |c: &forms::when::Cond| {
        let asked = form.field_of(&c.field);
        let label = asked.map_or(c.field.as_str(), |f| f.label.say(lang));
        let said: Vec<String> = c
            .words
            .iter()
            .map(|w| asked.map_or_else(|| w.clone(), |f| words(f, w, lang)))
            .collect();
        let said = said.join(lang.pick("”或“", "” or “"));
        match (c.op, lang) {
            (Op::Given, Lang::Zh) => format!("填写了“{label}”"),
            (Op::Given, Lang::En) => format!("“{label}” is answered"),
            (Op::Is, Lang::Zh) => format!("“{label}”为“{said}”"),
            (Op::Is, Lang::En) => format!("“{label}” is “{said}”"),
            (Op::IsNot, Lang::Zh) => format!("“{label}”不是“{said}”"),
            (Op::IsNot, Lang::En) => format!("“{label}” is not “{said}”"),
            (Op::AtLeast, Lang::Zh) => format!("“{label}”不小于 {said}"),
            (Op::AtLeast, Lang::En) => format!("“{label}” is {said} or more"),
            (Op::AtMost, Lang::Zh) => format!("“{label}”不大于 {said}"),
            (Op::AtMost, Lang::En) => format!("“{label}” is {said} or less"),
        }
    };
    field.when.iter().map(one).collect::<Vec<_>>().join(lang.pick("，且", " and "))
}

/// A score as a part of a page: total, band, warnings, and that it is no diagnosis.
#[derive(askama::Template)]
#[template(path = "form_score.html")]
pub struct ScoreView {
    frame: Frame,
    score: Option<Score>,
    /// Warnings stand even without a total.
    alerts: Vec<String>,
    /// Computed fields as label and value.
    computed: Vec<(String, String)>,
    open: usize,
    scale: bool,
    /// Shown beside the fields, which say themselves that it is no diagnosis.
    typing: bool,
}
impl askama::filters::HtmlSafe for ScoreView {}

impl ScoreView {
    /// The score of these answers; for a form that scores nothing only its warnings.
    pub fn new(frame: &Frame, form: &forms::Form, answers: &Answers) -> Self {
        let lang = frame.language();
        let open = form
            .score
            .as_ref()
            .map_or(0, |s| s.items.iter().filter(|item| !answers.0.contains_key(*item)).count());
        Self {
            frame: frame.clone(),
            score: form.score(answers),
            computed: Vec::new(),
            alerts: form.alerts(answers).iter().map(|a| a.label.say(lang).to_owned()).collect(),
            open,
            scale: form.score.is_some(),
            typing: false,
        }
    }
    /// With what is computed, for a preview while somebody types.
    #[must_use]
    pub fn computing(mut self, form: &forms::Form, answers: &Answers) -> Self {
        let lang = self.frame.language();
        self.typing = true;
        self.computed = form
            .fields()
            .filter(|f| f.compute.is_some() && answers.0.contains_key(&f.name))
            .map(|f| (f.label.say(lang).to_owned(), shown(f, answers, lang)))
            .collect();
        self
    }
    fn band(&self) -> Option<(String, bool)> {
        let band = self.score.as_ref()?.band.as_ref()?;
        Some((band.label.say(self.frame.language()).to_owned(), band.positive))
    }
}

/// A table of a read-only form.
pub(super) struct Grid {
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// The table of a field.
pub(super) fn grid(field: &Field, answers: &Answers, lang: Lang) -> Grid {
    Grid {
        heads: field.columns.iter().map(|c| c.label.say(lang).to_owned()).collect(),
        rows: answers
            .rows(&field.name)
            .iter()
            .map(|row| {
                field
                    .columns
                    .iter()
                    .map(|c| words(c, row.get(&c.name).map_or("", String::as_str), lang))
                    .collect()
            })
            .collect(),
    }
}

/// A filled-in form to read: `{{ view }}`. What is open is left out.
#[derive(askama::Template)]
#[template(path = "form_answers.html")]
pub struct AnswerView {
    frame: Frame,
    sections: Vec<Part>,
    score: ScoreView,
    photos: String,
}
impl askama::filters::HtmlSafe for AnswerView {}

struct Part {
    title: String,
    lines: Vec<Line>,
}
struct Line {
    label: String,
    text: String,
    long: bool,
    photo: bool,
    grid: Option<Grid>,
}

impl AnswerView {
    /// The answers of a form at its version.
    pub fn new(frame: &Frame, form: &Arc<forms::Form>, answers: &Answers) -> Self {
        let lang = frame.language();
        let sections = form
            .sections
            .iter()
            .map(|section| Part {
                title: section.title.say(lang).to_owned(),
                lines: section
                    .fields
                    .iter()
                    .filter(|f| answers.0.contains_key(&f.name))
                    .map(|f| Line {
                        label: f.label.say(lang).to_owned(),
                        text: shown(f, answers, lang),
                        long: f.kind == Kind::Long,
                        photo: f.kind == Kind::Photo,
                        grid: (f.kind == Kind::Table).then(|| grid(f, answers, lang)),
                    })
                    .collect(),
            })
            .filter(|part| !part.lines.is_empty())
            .collect();
        Self {
            frame: frame.clone(),
            sections,
            score: ScoreView::new(frame, form, answers),
            photos: String::new(),
        }
    }
    /// Where a kept photo is shown: the id is put behind.
    #[must_use]
    pub fn photos_at(mut self, address: &str) -> Self {
        address.clone_into(&mut self.photos);
        self
    }
}
