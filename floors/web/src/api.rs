//! The envelope of the JSON API: bodies in, values out, versions in ETags, creates that happen once.
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use db::{Result, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::fields::MOST_BYTES;
use crate::{ApiError, Error, Req, Shell};

/// A JSON body of this shape. Unknown fields are refused by the shape's own `deny_unknown_fields`.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shell> for Body<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, _: &Shell) -> std::result::Result<Self, ApiError> {
        let bytes: Bytes = axum::body::to_bytes(request.into_body(), MOST_BYTES)
            .await
            .map_err(|_| Error::Malformed("web.error.too_large"))?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|_| Error::Malformed("web.error.json").into())
    }
}

/// 200 with a value.
pub fn ok(value: &impl Serialize) -> std::result::Result<Response, ApiError> {
    answer(StatusCode::OK, value, None)
}
/// 200 with a value and its version as ETag.
///
/// # Errors
/// A value that cannot be written as JSON.
pub fn versioned(value: &impl Serialize, version: i64) -> std::result::Result<Response, ApiError> {
    answer(StatusCode::OK, value, Some(version))
}
/// 201 with a value, its address and its version.
///
/// # Errors
/// A value that cannot be written as JSON.
pub fn created(
    value: &impl Serialize,
    at: &str,
    version: Option<i64>,
) -> std::result::Result<Response, ApiError> {
    let mut response = answer(StatusCode::CREATED, value, version)?;
    if let Ok(v) = HeaderValue::from_str(at) {
        response.headers_mut().insert(header::LOCATION, v);
    }
    Ok(response)
}
/// 204.
pub fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

fn answer(
    status: StatusCode,
    value: &impl Serialize,
    version: Option<i64>,
) -> std::result::Result<Response, ApiError> {
    let text = serde_json::to_string(value).map_err(|e| Error::Broken(e.to_string()))?;
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    if let Some(tag) = version.and_then(|v| HeaderValue::from_str(&format!("\"{v}\"")).ok()) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Does a create once per `Idempotency-Key`: a repeated request gets the first answer, and the same key with another body is refused.
/// Without the header the create simply happens.
///
/// # Errors
/// As [`Req::act`]; a refusal `db.idempotency_mismatch`.
pub async fn once(
    req: &Req,
    body: &impl Serialize,
    f: impl FnOnce(&mut Tx<'_>, &access::Cx) -> Result<Json> + Send + 'static,
) -> std::result::Result<Json, Error> {
    let Some(key) = req.idempotency_key().map(str::to_owned) else { return req.act(f).await };
    let text = serde_json::to_string(body).map_err(|e| Error::Broken(e.to_string()))?;
    let hash: String = Sha256::digest(format!("{}\n{text}", req.path))
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    req.act(move |tx, cx| {
        tx.once(&cx.stamp(), &key, &hash, |tx| f(tx, cx)).map(|(answer, _)| answer)
    })
    .await
}
