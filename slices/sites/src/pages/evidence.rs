//! Evidence: upload beside a record, the queue of those who review, and the files themselves.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{FileId, Refusal};
use web::{Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::evidence::{self, NewEvidence};
use crate::model::EvidenceState;
use crate::view::Proof;
use crate::{registers, store, view};

#[derive(Template)]
#[template(path = "upload.html")]
struct UploadPage {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
}

#[derive(Template)]
#[template(path = "queue.html")]
struct Queue {
    frame: Frame,
    waiting: Vec<Proof>,
    done: Vec<Proof>,
    form: Form,
    /// The piece whose judgement was refused; empty when none was.
    refused: String,
}

async fn upload_page(req: &Req, name: &str, id: &str, form: Form) -> Result<UploadPage, Error> {
    let register = registers::register(name).ok_or(db::Error::Missing)?;
    let (r, of) = (req.clone(), id.to_owned());
    let (title, parent) = req
        .ask(move |tx, cx| {
            let o = register.find(tx, &of)?.ok_or(db::Error::Missing)?;
            let parent = web::register::acts::parent_of(register, &o).to_owned();
            (register.admit)(tx, cx, &parent)?;
            Ok((view::title(tx, cx, &r, register, &o)?, parent))
        })
        .await?;
    Ok(UploadPage {
        frame: Frame::new(req, "evidence.add").under(title),
        form,
        action: format!("/records/{name}/{id}/evidence"),
        back: format!("/sites/{parent}/{}", super::site::tab_of(name)).replace("/overview", ""),
    })
}

pub(super) async fn blank(
    req: Req,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    page(&upload_page(&req, &name, &id, Form::blank()).await?)
}

pub(super) async fn add(
    req: Req,
    Path((name, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let back = upload_page(&req, &name, &id, Form::blank()).await?.back;
    let new = NewEvidence {
        subject: registers::register(&name).ok_or(db::Error::Missing)?.subject.to_owned(),
        record: id.clone(),
        note: Some(fields.text("note").to_owned()).filter(|n| !n.is_empty()),
        taken: fields.text("taken").parse().ok(),
    };
    let done = match fields.upload("file") {
        Some(file) => receive(&req, &file.name, file.bytes.clone(), new).await,
        None => Err(Refusal::at("file", "evidence.missing").into()),
    };
    match done {
        Ok(_) => Ok(req.redirect(&back, "evidence.added")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &upload_page(&req, &name, &id, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

/// Makes the bytes harmless and keeps them, then writes the row: a file without a row is litter, a row without a file would be a lie.
pub(crate) async fn receive(
    req: &Req,
    name: &str,
    bytes: std::sync::Arc<[u8]>,
    new: NewEvidence,
) -> Result<crate::model::Evidence, Error> {
    let dir = req.shell.settings.data_dir.clone();
    let file: FileId = req.cx()?.id();
    let (name, id) = (name.to_owned(), file.clone());
    let clean = tokio::task::spawn_blocking(move || {
        let clean = evidence::clean(&name, &bytes).map_err(Error::from)?;
        evidence::keep(&dir, &id, &clean.bytes).map_err(|e| Error::Broken(e.to_string()))?;
        Ok::<_, Error>(clean)
    })
    .await
    .map_err(|e| Error::Broken(e.to_string()))??;
    req.act(move |tx, cx| evidence::add(tx, cx, new, file, &clean)).await
}

async fn queue_page(req: &Req, form: Form, refused: &str) -> Result<Queue, Error> {
    let r = req.clone();
    let (waiting, done) = req
        .ask(move |tx, cx| {
            let (mut waiting, mut done) = (Vec::new(), Vec::new());
            for e in store::all_evidence(tx, cx)? {
                let proof = view::proof(tx, cx, &r, &e)?;
                if e.state(cx.today()) == EvidenceState::Waiting {
                    waiting.push(proof)
                } else {
                    done.push(proof)
                }
            }
            done.reverse();
            done.truncate(20);
            Ok((waiting, done))
        })
        .await?;
    let refused = refused.to_owned();
    Ok(Queue { frame: Frame::new(req, "evidence.title"), waiting, done, form, refused })
}

pub(super) async fn queue(req: Req) -> Result<Response, PageError> {
    page(&queue_page(&req, Form::blank(), "").await?)
}

pub(super) async fn review(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let accept = fields.text("outcome") == "accepted";
    let reason = fields.text("reason").to_owned();
    let asked = id.clone();
    let done = req.act(move |tx, cx| evidence::review(tx, cx, &asked, accept, &reason)).await;
    match done {
        Ok(_) => Ok(req
            .redirect("/evidence", if accept { "evidence.accepted" } else { "evidence.returned" })),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &queue_page(&req, form, &id).await?)
        }
        Err(e) => Err(e.into()),
    }
}

/// The bytes of a piece of evidence, to whoever may see its record.
pub(crate) async fn file(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let row = req
        .ask(move |tx, cx| {
            let e = store::evidence(tx, cx, &id)?.ok_or(db::Error::Missing)?;
            registry::file::find(tx, &e.file)?.ok_or(db::Error::Missing)
        })
        .await?;
    let path = evidence::path(&req.shell.settings.data_dir, &row.id);
    let bytes = tokio::task::spawn_blocking(move || std::fs::read(path))
        .await
        .map_err(|e| Error::Broken(e.to_string()))?
        .map_err(|e| Error::Broken(e.to_string()))?;
    Ok(web::download::file(&row.mime, &row.name, bytes))
}
