//! 转介单 on A4: what was shared, with room for signatures.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kernel::ReferralId;
use web::{Frame, PageError, Req, page};

use crate::view::{self, StepView};

#[derive(Template)]
#[template(path = "sheet.html")]
struct Sheet {
    frame: Frame,
    id: String,
    number: i64,
    from: String,
    worker: String,
    phone: String,
    to: String,
    contact: String,
    field: String,
    urgency: String,
    sent: String,
    answer_by: String,
    lines: Vec<(String, String)>,
    ground: String,
    steps: Vec<StepView>,
}

pub(super) async fn sheet(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let id: ReferralId = id.into();
    let seen = req.act(move |tx, cx| view::see(tx, cx, &id)).await?;
    let packet = seen.packet.ok_or(db::Error::Missing)?;
    let r = &seen.r;
    page(&Sheet {
        frame: Frame::new(&req, "referrals.sheet").under(seen.from.clone()),
        id: r.id.0.clone(),
        number: r.number,
        phone: packet.from_phone.clone().unwrap_or_default(),
        to: r.to_name.clone(),
        contact: r.to_contact.clone().unwrap_or_default(),
        field: req.t(&format!("referrals.field.{}", r.field)),
        urgency: req.t(&format!("referrals.urgency.{}", r.urgency)),
        sent: r.sent_at.map_or_else(String::new, |at| at.day().to_string()),
        answer_by: packet.answer_by.clone(),
        lines: view::lines(&req, &packet),
        ground: view::ground(&req, &packet),
        steps: view::steps(&req, &seen.steps),
        from: seen.from,
        worker: seen.worker,
    })
}
