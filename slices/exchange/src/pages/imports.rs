//! Imports: what was done, a new one, templates, undo.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::Refusal;
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::{download, moment, split, tabs};
use crate::acts;
use crate::draft::Draft;
use crate::house::House;
use crate::jobs::Jobs;
use crate::model::{ImportBatch, ImportRow, Lean};
use crate::sheet::template as workbook;
use crate::store;

#[derive(Template)]
#[template(path = "imports.html")]
struct Imports {
    frame: Frame,
    tabs: Vec<(String, String, usize, bool)>,
    batches: Vec<BatchLine>,
}

struct BatchLine {
    href: String,
    at: String,
    name: String,
    file: String,
    what: String,
    added: i64,
    amended: i64,
    unchanged: i64,
    undone: bool,
    undoable: bool,
}

#[derive(Template)]
#[template(path = "import_new.html")]
struct ImportNew {
    frame: Frame,
    f: Form,
    registers: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "import_batch.html")]
struct BatchPage {
    frame: Frame,
    line: BatchLine,
    id: String,
    digest: String,
    undone: String,
    rows: Vec<(String, String, String)>,
    more: usize,
    leans: Vec<(String, String, String)>,
    refusal: String,
}

fn line(req: &Req, house: &House, b: &ImportBatch) -> BatchLine {
    let names: Vec<String> = b.registers.split(',').map(|r| house.title(req.lang, r)).collect();
    BatchLine {
        href: format!("/imports/batches/{}", b.id),
        at: moment(b.at),
        name: b.name.clone(),
        file: b.file.clone(),
        what: names.join(" · "),
        added: b.added,
        amended: b.amended,
        unchanged: b.unchanged,
        undone: b.undone_at.is_some(),
        undoable: b.undoable(req.now),
    }
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let house = House::of(&req.shell);
    let batches = req.ask(|tx, cx| store::batches(tx, cx, 100)).await?;
    let batches = batches.iter().map(|b| line(&req, &house, b)).collect();
    page(&Imports {
        frame: Frame::new(&req, "exchange.imports"),
        tabs: tabs(&req, "/imports"),
        batches,
    })
}

/// The registers the viewer may change.
fn choices(req: &Req, house: &House) -> Vec<Choice> {
    let one = |r: &&&web::register::Register| req.can(r.write);
    let all = house.registers.iter().filter(one);
    all.map(|r| Choice { value: r.name.to_owned(), label: house.title(req.lang, r.name) }).collect()
}

fn form(req: &Req, f: Form) -> ImportNew {
    let house = House::of(&req.shell);
    let frame = Frame::new(req, "exchange.import.new");
    ImportNew { frame, f, registers: choices(req, &house) }
}

pub(super) async fn new(req: Req) -> Result<Response, PageError> {
    let f = Form::blank().with("register", req.query("register").unwrap_or_default());
    page(&form(&req, f))
}

pub(super) async fn create(req: Req, fields: Fields) -> Result<Response, PageError> {
    match upload(&req, &fields).await {
        Ok(draft) => {
            let to = format!("/imports/{}", draft.id);
            let whole = draft.sheets.iter().all(|s| {
                let house = House::of(&req.shell);
                house.register(&s.register).is_some_and(|r| s.lacking(r).is_empty())
            });
            if whole {
                Jobs::check(&req, draft)?;
            }
            Ok(req.redirect(&to, ""))
        }
        Err(Error::Act(db::Error::Refused(no))) => page_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(&req, Form::refused(&req, &fields, &no)),
        ),
        Err(e) => Err(e.into()),
    }
}

async fn upload(req: &Req, fields: &Fields) -> Result<Draft, Error> {
    let house = House::of(&req.shell);
    let wanted = fields.text("register");
    let register = match wanted {
        "*" => None,
        name => Some(
            house
                .register(name)
                .filter(|r| req.can(r.write))
                .ok_or_else(|| Refusal::at("register", "exchange.choose_register"))?,
        ),
    };
    let pasted = fields.raw("rows");
    let (file, bytes) = match fields.upload("file") {
        Some(u) => (u.name.clone(), u.bytes.to_vec()),
        None if !pasted.trim().is_empty() => (req.t("exchange.pasted"), pasted.as_bytes().to_vec()),
        None => return Err(Refusal::at("file", "exchange.nothing").into()),
    };
    let draft = Draft::read(req, register, &file, bytes).await?;
    draft.keep(&req.shell)?;
    Ok(draft)
}

pub(super) async fn template(req: Req, Path(file): Path<String>) -> Result<Response, PageError> {
    Ok(template_of(&req, &file)?)
}

/// The template file, for pages and machines alike.
pub(crate) fn template_of(req: &Req, file: &str) -> Result<Response, Error> {
    let house = House::of(&req.shell);
    let Some((name, "xlsx")) = split(file) else { return Err(db::Error::Missing.into()) };
    let registers: Vec<_> = match name {
        "all" => house.registers.iter().filter(|r| req.can(r.write)).copied().collect(),
        name => vec![house.register(name).ok_or(db::Error::Missing)?],
    };
    let bytes = workbook(&house, req.lang, &registers, req.now.day())
        .xlsx()
        .map_err(|e| Error::Broken(e.to_string()))?;
    let title = if name == "all" { req.t("exchange.all") } else { house.title(req.lang, name) };
    Ok(download(bytes, &req.fill("exchange.template.file", &[("name", title)]), "xlsx"))
}

pub(super) async fn batch(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    show(&req, id, Vec::new(), String::new(), StatusCode::OK).await
}

async fn show(
    req: &Req,
    id: String,
    leans: Vec<Lean>,
    refusal: String,
    status: StatusCode,
) -> Result<Response, PageError> {
    const SHOWN: usize = 200;
    let house = House::of(&req.shell);
    let (of, at) = (house.clone(), id.clone());
    let (batch, rows, labels) = req
        .ask(move |tx, cx| {
            let id = at.into();
            let batch = store::batch(tx, cx, &id)?;
            let rows = store::rows_of(tx, &id)?;
            let mut labels = Vec::new();
            for row in rows.iter().take(SHOWN) {
                labels.push(described(tx, &of, row)?);
            }
            Ok((batch, rows, labels))
        })
        .await?;
    let name = |r: &str| house.title(req.lang, r);
    let rows_shown = labels
        .into_iter()
        .zip(&rows)
        .map(|((label, href), row)| {
            (format!("{} · {label}", name(&row.register)), href, verb(req, row))
        })
        .collect();
    let leans = leans
        .into_iter()
        .map(|l| {
            let why = req.t(&format!("exchange.lean.{}", l.why));
            (format!("{} · {}", name(&l.register), l.label), l.href, why)
        })
        .collect();
    let undone = match (&batch.undone_at, &batch.undone_by) {
        (Some(at), Some(by)) => format!("{} · {by}", moment(*at)),
        _ => String::new(),
    };
    let line = line(req, &house, &batch);
    let frame = Frame::new(req, "exchange.batch").under(line.at.clone());
    let more = rows.len().saturating_sub(SHOWN);
    let digest = batch.digest.clone();
    page_with(
        status,
        &BatchPage { frame, line, id, digest, undone, rows: rows_shown, more, leans, refusal },
    )
}

fn verb(req: &Req, row: &ImportRow) -> String {
    // After the undo's day `before` is forgotten, so what a row did is told by the log's entry alone.
    req.t(if row.before.is_some() { "exchange.did.amended" } else { "exchange.did.added" })
}

fn described(tx: &mut db::Tx<'_>, house: &House, row: &ImportRow) -> db::Result<(String, String)> {
    let Some(register) = house.register(&row.register) else { return Ok(Default::default()) };
    Ok(match register.find(tx, &row.record)? {
        Some(o) => (crate::house::label(register, &o), crate::house::href(register, &o)),
        None => ("—".to_owned(), String::new()),
    })
}

pub(super) async fn undo(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let (house, at) = (House::of(&req.shell), id.clone());
    let outcome = req.act(move |tx, cx| acts::undo::undo(tx, cx, &house, &at.into())).await;
    match outcome {
        Ok(Ok(_)) => Ok(req.redirect(&format!("/imports/batches/{id}"), "exchange.undone")),
        Ok(Err(leans)) => {
            show(&req, id, leans, String::new(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let why: Vec<String> = no.0.iter().map(|r| req.refusal(r)).collect();
            show(&req, id, Vec::new(), why.join(" "), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(e) => Err(e.into()),
    }
}
