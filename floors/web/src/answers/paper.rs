//! A form on A4: title, bordered table, boxes to tick and to sign in, page numbers. Blank it is filled in by hand.
use std::sync::Arc;

use axum::response::Response;
use forms::{Answers, Field, FormKind, Kind};

use crate::answers::text::{Grid, ScoreView, grid, words};
use crate::{Frame, PageError, page};

/// The bordered table: `{{ view }}` inside a page that extends `print.html`.
#[derive(askama::Template)]
#[template(path = "form_paper.html")]
pub struct PaperView {
    frame: Frame,
    form: Arc<forms::Form>,
    sections: Vec<Part>,
    note: String,
    score: Option<ScoreView>,
    source: String,
}
impl askama::filters::HtmlSafe for PaperView {}

struct Part {
    title: String,
    note: String,
    rows: Vec<Vec<Cell>>,
}
struct Cell {
    label: String,
    text: String,
    /// Option and whether it is chosen.
    boxes: Vec<(bool, String)>,
    /// How many of the four columns the answer takes: 1 or 3.
    span: usize,
    /// Empty lines of room.
    height: &'static str,
    grid: Option<Grid>,
    sign: bool,
}

/// Longer lists are printed as the chosen label only.
const MOST_BOXES: usize = 12;

impl PaperView {
    /// The form with these answers; with none a blank sheet.
    pub fn new(frame: &Frame, form: &Arc<forms::Form>, answers: &Answers) -> Self {
        let lang = frame.language();
        let sections = form
            .sections
            .iter()
            .map(|s| Part {
                title: s.title.say(lang).to_owned(),
                note: s.note.say(lang).to_owned(),
                rows: rows(s.fields.iter().map(|f| cell(f, answers, frame)).collect()),
            })
            .collect();
        let score = form.score.is_some().then(|| ScoreView::new(frame, form, answers));
        Self {
            frame: frame.clone(),
            note: form.note.say(lang).to_owned(),
            source: form.source.say(lang).to_owned(),
            score: score.filter(|_| !answers.is_empty()),
            sections,
            form: Arc::clone(form),
        }
    }
    fn scale(&self) -> bool {
        self.form.kind == FormKind::Scale
    }
}

/// Narrow cells go two in a row; a wide one has a row of its own.
fn rows(cells: Vec<Cell>) -> Vec<Vec<Cell>> {
    let mut out: Vec<Vec<Cell>> = Vec::new();
    for cell in cells {
        match out.last_mut() {
            Some(row) if cell.span == 1 && row.len() == 1 && row.iter().all(|c| c.span == 1) => {
                row.push(cell);
            }
            _ => out.push(vec![cell]),
        }
    }
    for row in &mut out {
        if let [only] = row.as_mut_slice() {
            only.span = 3;
        }
    }
    out
}

fn cell(field: &Field, answers: &Answers, frame: &Frame) -> Cell {
    let lang = frame.language();
    let kept = answers.text(&field.name);
    let few = (1..=MOST_BOXES).contains(&field.options.len());
    let boxes: Vec<(bool, String)> = match field.kind {
        Kind::Choice | Kind::Many if few => field
            .options
            .iter()
            .map(|o| (kept.split(',').any(|k| k == o.value), o.label.say(lang).to_owned()))
            .collect(),
        Kind::Flag => vec![(!kept.is_empty(), lang.pick("是", "Yes").to_owned())],
        _ => Vec::new(),
    };
    let mut table = (field.kind == Kind::Table).then(|| grid(field, answers, lang));
    if let Some(grid) = table.as_mut() {
        let least = usize::from(field.lines.max(3));
        while grid.rows.len() < least && answers.is_empty() {
            grid.rows.push(vec![String::new(); grid.heads.len()]);
        }
    }
    let label = field.label.say(lang).to_owned();
    let wide = field.wide() || boxes.iter().map(|(_, o)| o.chars().count() + 2).sum::<usize>() > 16;
    Cell {
        label,
        text: if boxes.is_empty() { words(field, &kept, lang) } else { String::new() },
        span: if wide || field.kind == Kind::Photo { 3 } else { 1 },
        height: match (field.kind, field.lines) {
            (Kind::Long, 0..=3) => "mid",
            (Kind::Long, _) => "tall",
            _ => "",
        },
        boxes,
        grid: table,
        sign: field.kind == Kind::Signature,
    }
}

#[derive(askama::Template)]
#[template(path = "form_print.html")]
struct PrintPage {
    frame: Frame,
    view: PaperView,
    back: String,
    number: String,
}

/// The whole page: `number` stands at the top right (a file number), `back` is where the button leads.
///
/// # Errors
/// The template's fault.
pub fn print(
    frame: Frame,
    form: &Arc<forms::Form>,
    answers: &Answers,
    number: &str,
    back: &str,
) -> Result<Response, PageError> {
    let title = form.title.say(frame.language()).to_owned();
    let frame = Frame { title, ..frame };
    let view = PaperView::new(&frame, form, answers);
    page(&PrintPage { view, frame, back: back.to_owned(), number: number.to_owned() })
}
