//! What a machine sees: the register of looks. Opening one needs a person at a browser with a fresh second factor.
use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{ApiError, Gate, Req, api};

use crate::{acts, store};

pub(crate) fn gate() -> Gate {
    Gate::api().get("/api/v1/glass", "clients.glass", looks).post(
        "/api/v1/glass/{id}/review",
        "clients.glass_review",
        review,
    )
}

#[derive(OpenApi)]
#[openapi(paths(looks, review), components(schemas(Look, Review)))]
struct Doc;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// One emergency look at a closed file.
#[derive(Serialize, ToSchema)]
struct Look {
    id: String,
    /// The client's short number.
    number: i64,
    /// Who looked.
    who: String,
    /// `life`, `harm_to_minor`, `violence`, `worker_absent` or `law`.
    reason: String,
    words: String,
    opened_at: String,
    until: String,
    /// Null until reviewed.
    justified: Option<bool>,
    review: Option<String>,
}

/// The district's judgement of a look.
#[derive(serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Review {
    justified: bool,
    /// Why, when it was not.
    #[serde(default)]
    review: String,
}

/// Emergency looks in the caller's region, unreviewed first.
#[utoipa::path(get, path = "/api/v1/glass", tag = "glass", responses((status = 200, body = [Look])))]
async fn looks(req: Req) -> Result<Response, ApiError> {
    let looks = req.ask(|tx, cx| store::looks(tx, cx, 200)).await?;
    let out: Vec<Look> = looks
        .into_iter()
        .map(|(g, number, who)| Look {
            id: g.id.0,
            number,
            who,
            reason: g.reason.to_string(),
            words: g.words,
            opened_at: g.opened_at.rfc3339(),
            until: g.until.rfc3339(),
            justified: g.justified,
            review: g.review,
        })
        .collect();
    api::ok(&out)
}

/// Judges a look; nobody judges their own.
#[utoipa::path(post, path = "/api/v1/glass/{id}/review", tag = "glass", params(("id" = String, Path)), request_body = Review, responses((status = 204)))]
async fn review(
    req: Req,
    Path(id): Path<String>,
    api::Body(asked): api::Body<Review>,
) -> Result<Response, ApiError> {
    req.act(move |tx, cx| acts::review(tx, cx, &id, asked.justified, &asked.review)).await?;
    Ok(api::done())
}
