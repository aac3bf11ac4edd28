//! Photos of visits and activities: added, shown, removed.
use axum::extract::Path;
use axum::response::Response;
use kernel::{ActivityId, RecordId, VisitId};
use registry::attachment::AttachmentKind;
use web::attach::{self, NewAttachment};
use web::{Error, Fields, Form, PageError, Req};

use crate::acts::photos;

/// Back to the page, or the page again with what was wrong.
fn refused(req: &Req, fields: &Fields, e: Error) -> Result<Form, Error> {
    match e {
        Error::Act(db::Error::Refused(no)) => Ok(Form::refused(req, fields, &no)),
        other => Err(other),
    }
}

pub(super) async fn add_to_visit(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let of = VisitId::from(id.as_str());
    let new = NewAttachment::read(&fields, Some(AttachmentKind::Photo));
    let right = move |tx: &mut db::Tx<'_>, cx: &access::Cx| photos::visit_to_write(tx, cx, &of);
    match attach::receive(&req, fields.upload("file"), new, right).await {
        Ok(_) => Ok(req.redirect(&format!("/visits/{id}"), "attach.added")),
        Err(e) => super::show::again(&req, &id, refused(&req, &fields, e)?).await,
    }
}

pub(super) async fn of_visit(
    req: Req,
    Path((id, photo)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let of = VisitId::from(id);
    Ok(attach::show(&req, &photo, move |tx, cx| photos::visit_to_read(tx, cx, &of)).await?)
}

pub(super) async fn remove_from_visit(
    req: Req,
    Path((id, photo)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let of = VisitId::from(id.as_str());
    req.act(move |tx, cx| {
        let beside = photos::visit_to_write(tx, cx, &of)?;
        attach::remove(tx, cx, &beside, &RecordId::from(photo))
    })
    .await?;
    Ok(req.redirect(&format!("/visits/{id}"), "attach.removed"))
}

pub(super) async fn add_to_activity(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let of = ActivityId::from(id.as_str());
    let new = NewAttachment::read(&fields, Some(AttachmentKind::Photo));
    let right = move |tx: &mut db::Tx<'_>, cx: &access::Cx| photos::activity_to_write(tx, cx, &of);
    match attach::receive(&req, fields.upload("file"), new, right).await {
        Ok(_) => Ok(req.redirect(&format!("/activities/{id}"), "attach.added")),
        Err(e) => super::activities::again(&req, &id, refused(&req, &fields, e)?).await,
    }
}

pub(super) async fn of_activity(
    req: Req,
    Path((id, photo)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let of = ActivityId::from(id);
    Ok(attach::show(&req, &photo, move |tx, cx| photos::activity_to_read(tx, cx, &of)).await?)
}

pub(super) async fn remove_from_activity(
    req: Req,
    Path((id, photo)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let of = ActivityId::from(id.as_str());
    req.act(move |tx, cx| {
        let beside = photos::activity_to_write(tx, cx, &of)?;
        attach::remove(tx, cx, &beside, &RecordId::from(photo))
    })
    .await?;
    Ok(req.redirect(&format!("/activities/{id}"), "attach.removed"))
}
