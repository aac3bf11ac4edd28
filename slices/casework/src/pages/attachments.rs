//! What is attached to a case: added, shown, taken away while the case is open.
use axum::extract::Path;
use axum::response::Response;
use kernel::{CaseId, FileId, RecordId};
use papers::report::{Block, Picture, Section};
use web::attach::{self, AttachmentRow, NewAttachment};
use web::{Error, Fields, Form, PageError, Req, page};

use crate::acts::attachments as acts;

pub(super) async fn list(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&super::case::case_page(&req, &id, "attachments", Form::blank()).await?)
}

pub(super) async fn add(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let of = CaseId::from(id.as_str());
    let new = NewAttachment::read(&fields, None);
    let right = move |tx: &mut db::Tx<'_>, cx: &access::Cx| acts::to_add(tx, cx, &of);
    match attach::receive(&req, fields.upload("file"), new, right).await {
        Ok(_) => Ok(req.redirect(&format!("/cases/{id}/attachments"), "attach.added")),
        Err(Error::Act(db::Error::Refused(no))) => {
            super::case::again(&req, &id, "attachments", Form::refused(&req, &fields, &no)).await
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn show(
    req: Req,
    Path((id, attachment)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let of = CaseId::from(id);
    Ok(attach::show(&req, &attachment, move |tx, cx| acts::to_read(tx, cx, &of)).await?)
}

pub(super) async fn remove(
    req: Req,
    Path((id, attachment)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let of = CaseId::from(id.as_str());
    req.act(move |tx, cx| acts::remove(tx, cx, &of, &RecordId::from(attachment))).await?;
    Ok(req.redirect(&format!("/cases/{id}/attachments"), "attach.removed"))
}

/// What a row says of itself: kind, note, day, by whom.
fn caption(req: &Req, a: &AttachmentRow) -> String {
    let mut parts = vec![req.t(&format!("attach.kind.{}", a.kind))];
    if !a.note.is_empty() {
        parts.push(a.note.clone());
    }
    parts.push(a.day.to_string());
    parts.push(a.by.clone());
    parts.join(" · ")
}

/// The last part of the file: every attachment as a line with its digest, and the pictures themselves when `pictures`.
pub(super) async fn section(
    req: &Req,
    rows: &[AttachmentRow],
    pictures: bool,
) -> Result<Section, Error> {
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        let heads = ["attach.kind", "attach.file", "attach.note", "attach.day", "attach.digest"];
        blocks.push(Block::Table {
            heads: heads.iter().map(|k| req.t(k)).collect(),
            rows: rows
                .iter()
                .map(|a| {
                    let kind = req.t(&format!("attach.kind.{}", a.kind));
                    // In two, so that a narrow column may break it.
                    let part = |n: std::ops::Range<usize>| a.digest.get(n).unwrap_or_default();
                    let digest = format!("{} {}", part(0..8), part(8..16));
                    vec![kind, a.name.clone(), a.note.clone(), a.day.to_string(), digest]
                })
                .collect(),
        });
    }
    for a in rows.iter().filter(|a| a.picture && pictures) {
        let bytes = attach::opened(&req.shell, &a.owner, &FileId::from(a.file.as_str())).await?;
        if let Some(picture) = Picture::new(caption(req, a), bytes) {
            blocks.push(Block::Pictures(vec![picture]));
        }
    }
    Ok(Section { title: req.t("attach.title"), blocks })
}
