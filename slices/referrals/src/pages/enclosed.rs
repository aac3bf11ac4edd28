//! Files that go along in a packet, streamed to whoever may read it: signed in, or behind the link.
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use kernel::{FileId, ReferralId};
use web::{Error, PageError, Req, attach};

use crate::acts::{enclose, link};
use crate::model::{Enclosed, Referral};

async fn hand_over(req: &Req, r: &Referral, e: &Enclosed) -> Result<Response, Error> {
    let bytes =
        attach::opened(&req.shell, r.client.as_str(), &FileId::from(e.file.as_str())).await?;
    Ok(web::download::file(&e.mime, &e.name, bytes))
}

pub(super) async fn signed_in(
    req: Req,
    Path((id, n)): Path<(String, usize)>,
) -> Result<Response, PageError> {
    let id = ReferralId::from(id);
    let (r, e) = req.act(move |tx, cx| enclose::read(tx, cx, &id, n)).await?;
    Ok(hand_over(&req, &r, &e).await?)
}

pub(super) async fn behind_link(
    req: Req,
    Path((token, n)): Path<(String, usize)>,
    heads: HeaderMap,
) -> Result<Response, PageError> {
    super::door::limit(&req, &token)?;
    if !super::door::proper(&token) {
        return Err(db::Error::Missing.into());
    }
    let (by, of, agent) = (super::door::cx(&req), token.clone(), req.agent.clone());
    let secret = super::door::cookie(&heads, &link::cookie(&token));
    let (r, e) = req
        .shell
        .db
        .act(move |tx| link::enclosed(tx, &by, &of, &secret, n, &agent))
        .await
        .map_err(Error::from)?;
    Ok(hand_over(&req, &r, &e).await?)
}
