//! What a person sees: the book, one form, its blank paper, and the bureau's own.
use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use forms::{Answers, Form, FormKind, Library};
use locale::Lang;
use web::answers::{AnswerView, PaperView, ScoreView};
use web::{Error, Fields, FormView, Frame, Gate, PageError, Req, page, page_with};

use crate::acts;
use crate::model::{SHELVES, number, place, place_of, refusals, shelf};

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/forms", "forms.read", list)
        .get("/forms/new", "forms.write", new)
        .post("/forms/new", "forms.write", submit)
        .get("/forms/{id}", "forms.read", show)
        .get("/forms/{id}/{version}", "forms.read", show_version)
        .post("/forms/{id}/{version}", "forms.read", attempt)
        .get("/forms/{id}/{version}/paper", "forms.read", paper)
        .get("/forms/{id}/{version}/source", "forms.read", source)
        .post("/forms/{id}/{version}/score", "forms.read", score)
}

type Page = Result<Response, PageError>;

/// One line of the book.
struct Line {
    id: String,
    title: String,
    standard: String,
    licence: String,
    version: String,
    own: bool,
    fields: usize,
    class: String,
}

struct Shelf {
    title: String,
    scales: bool,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "book.html")]
struct Book {
    frame: Frame,
    shelves: Vec<Shelf>,
    filters: Vec<(String, String, bool)>,
    writes: bool,
}

/// A version as people name it.
fn version_words(req: &Req, version: i64) -> String {
    let key = if version >= forms::form::OWN { "formbook.version.own" } else { "formbook.version" };
    req.fill(key, &[("n", number(version).to_string())])
}

impl Line {
    fn of(req: &Req, form: &Form) -> Self {
        Self {
            id: form.id.clone(),
            title: form.title.say(req.lang).to_owned(),
            standard: form.standard.clone(),
            licence: form.licence.say(req.lang).to_owned(),
            version: version_words(req, form.version),
            own: form.is_own(),
            fields: form.fields().count(),
            class: req.t(&format!("formbook.class.{}", form.class())),
        }
    }
}

async fn list(req: Req) -> Page {
    let mut all = req.ask(|tx, _| Ok(Library::of(tx)?.all())).await?;
    all.sort_by_key(|f| place_of(f));
    let only = req.query("shelf").unwrap_or_default();
    let names = || SHELVES.into_iter().chain(["other"]);
    let filled = |name: &str| all.iter().any(|f| shelf(f) == name);
    let title = |name: &str| req.t(&format!("formbook.shelf.{name}"));
    let mut filters = vec![("/forms".to_owned(), req.t("formbook.all"), only.is_empty())];
    filters.extend(
        names().filter(|n| filled(n)).map(|n| (format!("/forms?shelf={n}"), title(n), only == n)),
    );
    let shelves = names()
        .filter(|n| filled(n) && (only.is_empty() || only == *n))
        .map(|name| Shelf {
            title: title(name),
            scales: name == "scale",
            lines: all.iter().filter(|f| shelf(f) == name).map(|f| Line::of(&req, f)).collect(),
        })
        .collect();
    let frame = Frame::new(&req, "formbook.title");
    page(&Book { writes: req.can("forms.write"), frame, shelves, filters })
}

/// A field in the inventory that PIPL 17 asks for: what is asked, what for, how sensitive.
struct Asked {
    label: String,
    kind: String,
    purpose: String,
    class: String,
    required: bool,
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    frame: Frame,
    /// Not `id`: inside a card that is the card's own.
    form_id: String,
    version: i64,
    version_word: String,
    facts: Vec<(String, String)>,
    sets: Vec<(String, Vec<(String, String, bool)>)>,
    scale: bool,
    may_miss: i64,
    asked: Vec<Asked>,
    /// (number in the address, as people name it, answers kept, the one shown)
    versions: Vec<(i64, String, i64, bool)>,
    view: FormView,
    /// What is wrong with what was tried; nothing of it is kept.
    tried: web::Form,
    read: Option<AnswerView>,
    writes: bool,
}

async fn show(req: Req, Path(id): Path<String>) -> Page {
    let form = req.ask(move |tx, _| forms::library::latest(tx, &id)).await?;
    shown(&req, form, web::Form::blank(), None).await.and_then(|p| page(&p))
}

async fn show_version(req: Req, Path((id, version)): Path<(String, i64)>) -> Page {
    let form = req.ask(move |tx, _| forms::library::form(tx, &id, version)).await?;
    shown(&req, form, web::Form::blank(), None).await.and_then(|p| page(&p))
}

/// A form tried out: everything wrong at its field, or how the answers read. Nothing is kept.
async fn attempt(req: Req, Path((id, version)): Path<(String, i64)>, fields: Fields) -> Page {
    let form = req.ask(move |tx, _| forms::library::form(tx, &id, version)).await?;
    let flat = fields.joined();
    let no = match form.read(&flat) {
        Ok(answers) => form.check(&answers, form.last_stage()),
        Err(no) => no,
    };
    if no.0.is_empty() {
        let answers = form.read(&flat)?;
        let kept = web::Form::of(form.flat(&answers));
        let page_of = shown(&req, form, kept, Some(answers)).await?;
        return page(&page_of);
    }
    let kept = web::Form::refused(&req, &fields, &no);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&req, form, kept, None).await?)
}

async fn shown(
    req: &Req,
    form: Arc<Form>,
    kept: web::Form,
    answers: Option<Answers>,
) -> Result<FormPage, PageError> {
    let id = form.id.clone();
    let used = req
        .ask(move |tx, _| {
            let library = Library::of(tx)?;
            library
                .versions(&id)
                .iter()
                .map(|f| Ok((f.version, forms::answer::used(tx, &id, f.version)?)))
                .collect::<db::Result<Vec<_>>>()
        })
        .await?;
    let lang = req.lang;
    let frame = Frame::titled(req, form.title.say(lang).to_owned())
        .under(req.t(&format!("formbook.shelf.{}", shelf(&form))));
    let kept = kept.of_sheet(&form, lang);
    Ok(FormPage {
        view: FormView::new(&frame, &form, kept.clone()),
        read: answers.map(|a| AnswerView::new(&frame, &form, &a)),
        tried: kept,
        facts: facts(req, &form),
        sets: bands(&form, lang),
        scale: form.kind == FormKind::Scale,
        may_miss: form.score.as_ref().map_or(0, |s| s.may_miss),
        asked: inventory(req, &form),
        versions: used
            .into_iter()
            .map(|(v, n)| (v, version_words(req, v), n, v == form.version))
            .collect(),
        form_id: form.id.clone(),
        version: form.version,
        version_word: version_words(req, form.version),
        writes: req.can("forms.write"),
        frame,
    })
}

fn facts(req: &Req, form: &Form) -> Vec<(String, String)> {
    [
        ("formbook.standard", form.standard.clone()),
        ("formbook.clause", form.clause.clone()),
        ("formbook.source", form.source.say(req.lang).to_owned()),
        ("formbook.licence", form.licence.say(req.lang).to_owned()),
        ("formbook.class", req.t(&format!("formbook.class.{}", form.class()))),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| (req.t(key), value))
    .collect()
}

/// Band sets as (title, rows of label, range, positive).
fn bands(form: &Form, lang: Lang) -> Vec<(String, Vec<(String, String, bool)>)> {
    let sets = form.score.as_ref().map_or(&[][..], |s| s.sets.as_slice());
    let range = |from: i64, to: i64| {
        let (from, to) = (forms::score::tenths(from), forms::score::tenths(to));
        if from == to { from } else { format!("{from}–{to}") }
    };
    sets.iter()
        .map(|set| {
            let rows = set
                .bands
                .iter()
                .map(|b| (b.label.say(lang).to_owned(), range(b.from, b.to), b.positive))
                .collect();
            (set.title.say(lang).to_owned(), rows)
        })
        .collect()
}

fn inventory(req: &Req, form: &Form) -> Vec<Asked> {
    let lang = req.lang;
    let of = |f: &forms::Field, label: String| Asked {
        label,
        kind: req.t(&format!("formbook.kind.{}", f.kind)),
        purpose: req.t(&format!("formbook.purpose.{}", f.purpose)),
        class: f.class.to_string(),
        required: f.required != forms::Required::Never,
    };
    form.fields().map(|f| of(f, f.label.say(lang).to_owned())).collect()
}

async fn paper(req: Req, Path((id, version)): Path<(String, i64)>) -> Page {
    let form = req.ask(move |tx, _| forms::library::form(tx, &id, version)).await?;
    let back = format!("/forms/{}", form.id);
    let frame = Frame::new(&req, "formbook.title").under(form.standard.clone());
    web::answers::print(frame, &form, &Answers::default(), "", &back)
}

async fn source(req: Req, Path((id, version)): Path<(String, i64)>) -> Page {
    let name = format!("{id}-{version}.toml");
    let text = req.ask(move |tx, _| forms::library::source(tx, &id, version)).await?;
    Ok(web::download::file("text/plain; charset=utf-8", &name, text))
}

#[derive(Template)]
#[template(path = "preview.html")]
struct Preview {
    view: ScoreView,
}

/// What the answers typed so far come to. Nothing is kept.
async fn score(req: Req, Path((id, version)): Path<(String, i64)>, fields: Fields) -> Page {
    let form = req.ask(move |tx, _| forms::library::form(tx, &id, version)).await?;
    let answers = form.glance(&fields.joined());
    let frame = Frame::new(&req, "formbook.title");
    page(&Preview { view: ScoreView::new(&frame, &form, &answers).computing(&form, &answers) })
}

#[derive(Template)]
#[template(path = "own.html")]
struct Own {
    frame: Frame,
    source: String,
    /// (line, place, sentence)
    faults: Vec<(usize, String, String)>,
    /// A definition without faults, to look at before it is published.
    sound: Option<Sound>,
}
struct Sound {
    title: String,
    replaces: String,
    view: FormView,
    paper: PaperView,
}

/// A definition to begin with: the one asked for, or a short example.
async fn new(req: Req) -> Page {
    let source = match req.query("from") {
        Some(id) => {
            req.ask(move |tx, _| {
                let form = forms::library::latest(tx, &id)?;
                forms::library::source(tx, &form.id, form.version)
            })
            .await?
        }
        None => include_str!("example.toml").to_owned(),
    };
    page(&Own { frame: Frame::new(&req, "formbook.own"), source, faults: Vec::new(), sound: None })
}

/// The text sent: a file when there is one, else what stands in the box.
fn sent(fields: &Fields) -> String {
    fields
        .upload("file")
        .map_or_else(
            || fields.raw("source").to_owned(),
            |u| String::from_utf8_lossy(&u.bytes).into_owned(),
        )
        .replace("\r\n", "\n")
        .trim_start_matches('\u{feff}')
        .to_owned()
}

async fn submit(req: Req, fields: Fields) -> Page {
    let source = sent(&fields);
    if fields.text("step") == "publish" && fields.upload("file").is_none() {
        let text = source.clone();
        match req.act(move |tx, cx| acts::publish(tx, cx, &text)).await {
            Ok(own) => {
                return Ok(req.redirect(&format!("/forms/{}", own.form), "formbook.published"));
            }
            Err(Error::Act(db::Error::Refused(_))) => {}
            Err(e) => return Err(e.into()),
        }
    }
    let frame = Frame::new(&req, "formbook.own");
    match forms::library::load_own(&source) {
        Err(faults) => {
            let faults = refusals(faults)
                .0
                .iter()
                .map(|r| {
                    let (line, place) = place(r.field.as_deref().unwrap_or_default());
                    (line, place.to_owned(), req.refusal(r))
                })
                .collect();
            let own = Own { frame, source, faults, sound: None };
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &own)
        }
        Ok(form) => {
            let form = Arc::new(form);
            let known = Library::shipped().latest(&form.id);
            let sound = Sound {
                title: form.title.say(req.lang).to_owned(),
                replaces: known.map_or_else(String::new, |k| k.title.say(req.lang).to_owned()),
                view: FormView::new(&frame, &form, web::Form::blank()),
                paper: PaperView::new(&frame, &form, &Answers::default()),
            };
            page(&Own { frame, source, faults: Vec::new(), sound: Some(sound) })
        }
    }
}
