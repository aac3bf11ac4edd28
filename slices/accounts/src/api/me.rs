//! One's own account for machines. A token reads itself here but makes no cookies, passwords or further tokens.
use access::{AccessToken, Session};
use axum::extract::Path;
use axum::response::Response;
use kernel::{Day, RecordId, SessionId};
use utoipa::OpenApi;
use web::{ApiError, Gate, Req, api};

use crate::acts;

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/me", "home", me)
        .post("/api/v1/me/password", "home", change_password)
        .get("/api/v1/me/sessions", "home", sessions)
        .delete("/api/v1/me/sessions", "home", end_all)
        .delete("/api/v1/me/sessions/{id}", "home", end_session)
        .get("/api/v1/me/tokens", "home", tokens)
        .post("/api/v1/me/tokens", "home", mint)
        .delete("/api/v1/me/tokens/{id}", "home", end_token)
}

#[derive(OpenApi)]
#[openapi(paths(me, change_password, sessions, end_all, end_session, tokens, mint, end_token))]
struct Doc;
pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Who asks.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct MeOut {
    account: String,
    login: String,
    name: String,
    /// The hat worn, such as `station_head`.
    role: Option<&'static str>,
    /// The region the hat is for.
    region: String,
    /// The site, when the hat is for one only.
    site: Option<String>,
    /// May it change anything?
    writes: bool,
}

/// A signed-in browser.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct SessionOut {
    id: String,
    agent: String,
    /// RFC 3339.
    opened_at: String,
    seen_at: String,
    /// Is it the one that asks?
    here: bool,
}

/// A personal access token; its text is answered only when it is made.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct TokenOut {
    id: String,
    name: String,
    writes: bool,
    /// The first day without it.
    until: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}
impl TokenOut {
    fn of(t: AccessToken, token: Option<String>) -> Self {
        Self { id: t.id.0, name: t.name, writes: t.writes, until: t.until.to_string(), token }
    }
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordIn {
    current: String,
    password: String,
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenIn {
    name: String,
    #[serde(default)]
    writes: bool,
    /// `2027-01-31`, at most a year ahead.
    #[schema(value_type = String)]
    until: Day,
}

/// Who asks, in which role, over which region.
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses((status = 200, body = MeOut)))]
async fn me(req: Req) -> Result<Response, ApiError> {
    let a = &req.cx()?.actor;
    api::ok(&MeOut {
        account: a.account().0.clone(),
        login: a.login().into(),
        name: a.name().into(),
        role: a.role().map(access::Role::as_str),
        region: a.scope().region.0.clone(),
        site: a.scope().site.as_ref().map(|s| s.0.clone()),
        writes: a.writes(),
    })
}

/// Changes the password; ends every session and token, and answers the browser a fresh session.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "me", request_body = PasswordIn, responses((status = 204), (status = 422)))]
async fn change_password(
    req: Req,
    api::Body(body): api::Body<PasswordIn>,
) -> Result<Response, ApiError> {
    let signed = acts::change_password(&req, &body.current, &body.password, &body.password).await?;
    let mut response = api::done();
    req.set_cookie(&mut response, req.session_cookie(), &signed.token, None);
    Ok(response)
}

/// The browsers signed in to the account.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "me", responses((status = 200, body = [SessionOut])))]
async fn sessions(req: Req) -> Result<Response, ApiError> {
    let all = req.ask(|tx, cx| access::sessions_of(tx, cx.actor.account())).await?;
    let here = req.session().map(|s| s.id.clone());
    let wire = |s: Session| SessionOut {
        here: here.as_ref() == Some(&s.id),
        id: s.id.0,
        agent: s.agent,
        opened_at: s.opened_at.rfc3339(),
        seen_at: s.seen_at.rfc3339(),
    };
    api::ok(&all.into_iter().filter(|s| s.lives_at(req.now)).map(wire).collect::<Vec<_>>())
}

/// Ends every session and token.
#[utoipa::path(delete, path = "/api/v1/me/sessions", tag = "me", responses((status = 204)))]
async fn end_all(req: Req) -> Result<Response, ApiError> {
    req.act(access::acts::sign_out_everywhere).await?;
    Ok(api::done())
}

/// Signs one browser out.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", tag = "me", params(("id" = String, Path)), responses((status = 204), (status = 404)))]
async fn end_session(req: Req, Path(id): Path<String>) -> Result<Response, ApiError> {
    let id = SessionId::from(id);
    req.act(move |tx, cx| access::acts::sign_out(tx, cx, &id)).await?;
    Ok(api::done())
}

/// The account's tokens, without their texts.
#[utoipa::path(get, path = "/api/v1/me/tokens", tag = "me", responses((status = 200, body = [TokenOut])))]
async fn tokens(req: Req) -> Result<Response, ApiError> {
    let all = req.ask(|tx, cx| access::tokens_of(tx, cx.actor.account())).await?;
    api::ok(&all.into_iter().map(|t| TokenOut::of(t, None)).collect::<Vec<_>>())
}

/// Makes a token for the hat worn; its text is in this answer only.
#[utoipa::path(post, path = "/api/v1/me/tokens", tag = "me", request_body = TokenIn, responses((status = 201, body = TokenOut), (status = 422)))]
async fn mint(req: Req, api::Body(body): api::Body<TokenIn>) -> Result<Response, ApiError> {
    acts::in_browser(&req)?;
    let (kept, text) = req
        .act(move |tx, cx| access::acts::mint_token(tx, cx, &body.name, body.writes, body.until))
        .await?;
    let at = format!("/api/v1/me/tokens/{}", kept.id.as_str());
    api::created(&TokenOut::of(kept, Some(text)), &at, None)
}

/// Ends a token.
#[utoipa::path(delete, path = "/api/v1/me/tokens/{id}", tag = "me", params(("id" = String, Path)), responses((status = 204), (status = 404)))]
async fn end_token(req: Req, Path(id): Path<String>) -> Result<Response, ApiError> {
    let id = RecordId::from(id);
    req.act(move |tx, cx| access::acts::end_token(tx, cx, &id)).await?;
    Ok(api::done())
}
