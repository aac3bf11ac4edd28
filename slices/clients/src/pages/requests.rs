//! What waits for the head's word.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use web::{Fields, Frame, PageError, Req, page};

use crate::acts::assign;
use crate::model::RequestKind;
use crate::store;

struct RequestView {
    id: String,
    label: String,
    what: String,
    by: String,
    when: String,
    own: bool,
    /// Why it is asked, once it was opened; the look is in the log.
    reason: String,
    /// Opens the reason; empty when there is none, or it is open.
    open: String,
}

#[derive(Template)]
#[template(path = "requests.html")]
struct Requests {
    frame: Frame,
    all: Vec<RequestView>,
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let r = req.clone();
    page(
        &req.act(move |tx, cx| {
            let mut all = Vec::new();
            let of = r.query("of").unwrap_or_default();
            for (q, client, label) in assign::waiting(tx, cx)? {
                let what = match q.kind {
                    RequestKind::Assignment => {
                        let person = match &q.person {
                            Some(p) => registry::people::find(tx, p)?.map(|p| p.name),
                            None => None,
                        };
                        let role = q
                            .role
                            .map_or_else(String::new, |k| r.t(&format!("clients.assignment.{k}")));
                        let args = [("name", person.unwrap_or_default()), ("role", role)];
                        r.fill("clients.asks.assignment", &args)
                    }
                    RequestKind::Lowering => {
                        let word = |g| r.t(&format!("clients.grade.{g}"));
                        let to = q.grade.map_or_else(String::new, word);
                        r.fill("clients.asks.lowering", &[("from", word(client.grade)), ("to", to)])
                    }
                };
                let own = q.asked_by == *cx.actor.account();
                let opens = q.reason.is_some() && !own;
                let reason = if opens && of == q.id.as_str() {
                    assign::reason(tx, cx, &q)?
                } else {
                    String::new()
                };
                all.push(RequestView {
                    open: if opens && reason.is_empty() {
                        format!("/clients/requests?of={}", q.id)
                    } else {
                        String::new()
                    },
                    reason,
                    own,
                    label: format!("{label} · No. {}", client.number),
                    what,
                    by: store::account_name(tx, q.asked_by.as_str())?,
                    when: q.asked_at.local(),
                    id: q.id.0,
                });
            }
            Ok(Requests {
                frame: Frame::new(&r, "clients.requests").under(r.t("clients.title")),
                all,
            })
        })
        .await?,
    )
}

pub(super) async fn decide(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let granted = fields.text("granted") == "1";
    req.act(move |tx, cx| assign::decide(tx, cx, &id, granted)).await?;
    let said = if granted { "clients.request.granted" } else { "clients.request.declined" };
    Ok(req.redirect("/clients/requests", said))
}
