//! The board: issues by where they stand, what comes next and by when.
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Refusal, Refusals};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::{self, NewIssue};
use crate::model::{Category, Source, State};
use crate::{store, view};

/// At most so many issues stand on the board; they are the latest.
const MOST: i64 = 200;

struct CardView {
    href: String,
    number: i64,
    title: String,
    category: String,
    region: String,
    next: String,
    by: String,
    late: bool,
}

struct Column {
    label: String,
    colour: &'static str,
    cards: Vec<CardView>,
}

#[derive(Template)]
#[template(path = "issues.html")]
struct Board {
    frame: Frame,
    filters: Vec<(String, String, bool)>,
    columns: Vec<Column>,
    ended: Vec<CardView>,
    empty: bool,
    writes: bool,
}

/// What stands in a column together.
const COLUMNS: [(&str, &[State]); 6] = [
    ("collect", &[State::Collected, State::Screened]),
    ("schedule", &[State::Scheduled]),
    ("deliberate", &[State::Deliberated]),
    ("resolve", &[State::Resolved]),
    ("execute", &[State::Executing, State::Escalated]),
    ("feed_back", &[State::FedBack, State::Evaluated]),
];

pub(super) async fn board(req: Req) -> Result<Response, PageError> {
    let category = req.query("category").unwrap_or_default();
    let (r, only) = (req.clone(), category.clone());
    let all = req
        .ask(move |tx, cx| {
            let today = cx.today();
            let mut all = Vec::new();
            for issue in store::issues(tx, cx, &only, "", MOST)? {
                let last = store::latest_meeting(tx, &issue.id)?;
                let actions = store::actions(tx, &issue.id)?;
                let (next, by) = view::next(&issue, last.as_ref(), &actions);
                let card = CardView {
                    href: format!("/deliberations/{}", issue.id),
                    number: issue.number,
                    category: r.t(&format!("deliberation.category.{}", issue.category)),
                    region: registry::region::name_of(tx, &issue.region)?,
                    next: if next.is_empty() { String::new() } else { r.t(next) },
                    by: by.map_or_else(String::new, |d| d.to_string()),
                    late: by.is_some_and(|d| d < today),
                    title: issue.title,
                };
                all.push((issue.state, card));
            }
            Ok(all)
        })
        .await?;
    let empty = all.is_empty();
    let mut columns: Vec<Column> = COLUMNS
        .iter()
        .map(|(name, states)| Column {
            label: req.t(&format!("deliberation.column.{name}")),
            colour: states.first().map_or("secondary", |s| s.colour()),
            cards: Vec::new(),
        })
        .collect();
    let mut ended = Vec::new();
    for (state, card) in all {
        let at = COLUMNS.iter().position(|(_, states)| states.contains(&state));
        match at.and_then(|n| columns.get_mut(n)) {
            Some(column) => column.cards.push(card),
            None => ended.push(card),
        }
    }
    let filter = |word: &str, key: &str| {
        let href = format!("/deliberations?category={word}");
        (href, req.t(key), category == word)
    };
    let mut filters = vec![filter("", "deliberation.category.all")];
    filters
        .extend(Category::WORDS.iter().map(|w| filter(w, &format!("deliberation.category.{w}"))));
    page(&Board {
        frame: Frame::new(&req, "deliberation.title"),
        filters,
        columns,
        ended,
        empty,
        writes: req.can("deliberation.write"),
    })
}

#[derive(Template)]
#[template(path = "new.html")]
struct NewPage {
    frame: Frame,
    form: Form,
    regions: Vec<Choice>,
    sources: Vec<Choice>,
    categories: Vec<Choice>,
}

async fn form_page(req: &Req, form: Form) -> Result<NewPage, Error> {
    let regions = req.ask(view::regions).await?;
    // Whoever has one neighbourhood need not choose it.
    let form = match regions.first() {
        Some(only) if regions.len() == 1 => form.or("region", &only.value),
        _ => form,
    };
    Ok(NewPage {
        frame: Frame::new(req, "deliberation.new"),
        form,
        regions,
        sources: view::choices(req, "source", Source::WORDS),
        categories: view::choices(req, "category", Category::WORDS),
    })
}

pub(super) async fn blank(req: Req) -> Result<Response, PageError> {
    let form = Form::blank().with("collected", req.now.day());
    page(&form_page(&req, form).await?)
}

fn read_new(fields: &Fields) -> Result<NewIssue, Refusals> {
    let (source, category) =
        (Source::parse(fields.text("source")), Category::parse(fields.text("category")));
    let collected = fields.text("collected").parse().ok();
    let mut no = Refusals::none();
    no.require(source.is_some(), "source", "register.missing");
    no.require(category.is_some(), "category", "register.missing");
    no.require(collected.is_some(), "collected", "register.not_a_day");
    no.require(!fields.text("region").is_empty(), "region", "register.missing");
    no.require(!fields.text("title").is_empty(), "title", "register.missing");
    no.done()?;
    let (Some(source), Some(category), Some(collected)) = (source, category, collected) else {
        return Err(Refusal::at("source", "register.missing").into());
    };
    Ok(NewIssue {
        title: fields.text("title").to_owned(),
        source,
        category,
        region: fields.text("region").into(),
        raised_by: fields.text("raised_by").to_owned(),
        detail: fields.text("detail").to_owned(),
        collected,
    })
}

pub(super) async fn add(req: Req, fields: Fields) -> Result<Response, PageError> {
    let done = match read_new(&fields) {
        Ok(new) => req.act(move |tx, cx| acts::collect(tx, cx, &new)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(issue) => {
            Ok(req.redirect(&format!("/deliberations/{}", issue.id), "deliberation.done.collected"))
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form_page(&req, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}
