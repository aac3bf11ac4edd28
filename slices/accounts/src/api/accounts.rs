//! Accounts and grants for machines. One-time passwords are answered once, so these creates keep no idempotency record.
use access::acts::NewGrant;
use access::{Account, AccountStatus, Grant, Role};
use axum::extract::Path;
use axum::response::Response;
use kernel::{AccountId, Day, GrantId, Refusal, RegionId, SiteId};
use utoipa::OpenApi;
use web::{ApiError, Gate, Req, api};

use crate::{acts, store};

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/accounts", "accounts.read", list)
        .post("/api/v1/accounts", "accounts.manage", open)
        .get("/api/v1/accounts/{id}", "accounts.read", one)
        .post("/api/v1/accounts/{id}/password", "accounts.manage", reset)
        .put("/api/v1/accounts/{id}/status", "accounts.manage", set_status)
        .get("/api/v1/accounts/{id}/grants", "accounts.read", grants)
        .post("/api/v1/grants", "accounts.read", grant)
        .delete("/api/v1/grants/{id}", "accounts.read", revoke)
}

#[derive(OpenApi)]
#[openapi(paths(list, open, one, reset, set_status, grants, grant, revoke))]
struct Doc;
pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// An account. Its password's hash is never answered.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct AccountOut {
    id: String,
    login: String,
    name: String,
    /// `active` or `suspended`.
    status: &'static str,
    must_change: bool,
    opened_at: String,
    /// Answered once, when the account was opened or its password reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    one_time_password: Option<String>,
}
impl AccountOut {
    fn of(a: Account, one_time_password: Option<String>) -> Self {
        Self {
            id: a.id.0,
            login: a.login,
            name: a.name,
            status: a.status.as_str(),
            must_change: a.must_change,
            opened_at: a.at.rfc3339(),
            one_time_password,
        }
    }
}

/// A role held over a region, or over one site, for a time.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct GrantOut {
    id: String,
    account: String,
    role: &'static str,
    region: String,
    site: Option<String>,
    since: String,
    /// The first day without it; null for an open end.
    until: Option<String>,
}
impl From<Grant> for GrantOut {
    fn from(g: Grant) -> Self {
        Self {
            id: g.id.0,
            account: g.account.0,
            role: g.role.as_str(),
            region: g.region.0,
            site: g.site.map(|s| s.0),
            since: g.since.to_string(),
            until: g.until.map(|d| d.to_string()),
        }
    }
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountIn {
    login: String,
    name: String,
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct StatusIn {
    /// `active` or `suspended`.
    status: String,
}

#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct GrantIn {
    account: String,
    /// Such as `station_head`.
    role: String,
    region: String,
    site: Option<String>,
    #[schema(value_type = String)]
    since: Day,
    #[schema(value_type = Option<String>)]
    until: Option<Day>,
}

/// Accounts by login; `q` finds in login and name, `status` keeps one status.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", params(("q" = Option<String>, Query), ("status" = Option<String>, Query)), responses((status = 200, body = [AccountOut])))]
async fn list(req: Req) -> Result<Response, ApiError> {
    let (q, status) = (req.query("q").unwrap_or_default(), req.query("status").unwrap_or_default());
    let all = req.ask(move |tx, _| store::accounts(tx, q.trim(), &status)).await?;
    api::ok(&all.into_iter().map(|a| AccountOut::of(a, None)).collect::<Vec<_>>())
}

/// Opens an account; the answer holds the one-time password.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = AccountIn, responses((status = 201, body = AccountOut), (status = 422)))]
async fn open(req: Req, api::Body(body): api::Body<AccountIn>) -> Result<Response, ApiError> {
    let (account, one_time) = acts::open(&req, &body.login, &body.name).await?;
    let at = format!("/api/v1/accounts/{}", account.id.as_str());
    api::created(&AccountOut::of(account, Some(one_time)), &at, None)
}

/// One account.
#[utoipa::path(get, path = "/api/v1/accounts/{id}", tag = "accounts", params(("id" = String, Path)), responses((status = 200, body = AccountOut), (status = 404)))]
async fn one(req: Req, Path(id): Path<String>) -> Result<Response, ApiError> {
    let id = AccountId::from(id);
    let account =
        req.ask(move |tx, _| access::find_account(tx, &id)?.ok_or(db::Error::Missing)).await?;
    api::ok(&AccountOut::of(account, None))
}

/// Gives the account a new one-time password and ends its sessions and tokens.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/password", tag = "accounts", params(("id" = String, Path)), responses((status = 200, body = AccountOut), (status = 404)))]
async fn reset(req: Req, Path(id): Path<String>) -> Result<Response, ApiError> {
    let (account, one_time) = acts::reset(&req, AccountId::from(id)).await?;
    api::ok(&AccountOut::of(account, Some(one_time)))
}

/// Suspends or reinstates the account.
#[utoipa::path(put, path = "/api/v1/accounts/{id}/status", tag = "accounts", params(("id" = String, Path)), request_body = StatusIn, responses((status = 204), (status = 404), (status = 422)))]
async fn set_status(
    req: Req,
    Path(id): Path<String>,
    api::Body(body): api::Body<StatusIn>,
) -> Result<Response, ApiError> {
    let status = AccountStatus::parse(&body.status)
        .ok_or_else(|| Refusal::at("status", "accounts.status_unknown"))?;
    let id = AccountId::from(id);
    req.act(move |tx, cx| access::acts::set_status(tx, cx, &id, status)).await?;
    Ok(api::done())
}

/// Every grant the account ever had, latest first.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/grants", tag = "accounts", params(("id" = String, Path)), responses((status = 200, body = [GrantOut]), (status = 404)))]
async fn grants(req: Req, Path(id): Path<String>) -> Result<Response, ApiError> {
    let id = AccountId::from(id);
    let all = req
        .ask(move |tx, _| {
            access::find_account(tx, &id)?.ok_or(db::Error::Missing)?;
            access::grants_of(tx, &id)
        })
        .await?;
    api::ok(&all.into_iter().map(GrantOut::from).collect::<Vec<_>>())
}

/// Grants a role. Honours `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/grants", tag = "accounts", request_body = GrantIn, responses((status = 201, body = GrantOut), (status = 403), (status = 422)))]
async fn grant(req: Req, api::Body(body): api::Body<GrantIn>) -> Result<Response, ApiError> {
    let role =
        Role::parse(&body.role).ok_or_else(|| Refusal::at("role", "accounts.role_unknown"))?;
    let new = NewGrant {
        account: AccountId::from(body.account.clone()),
        role,
        region: RegionId::from(body.region.clone()),
        site: body.site.clone().map(SiteId::from),
        since: body.since,
        until: body.until,
    };
    let made = api::once(&req, &body, move |tx, cx| {
        let grant = access::acts::grant(tx, cx, new)?;
        Ok(serde_json::to_value(GrantOut::from(grant))?)
    })
    .await?;
    let at =
        format!("/api/v1/grants/{}", made.get("id").and_then(|i| i.as_str()).unwrap_or_default());
    api::created(&made, &at, None)
}

/// Revokes a grant from today on.
#[utoipa::path(delete, path = "/api/v1/grants/{id}", tag = "accounts", params(("id" = String, Path)), responses((status = 204), (status = 403), (status = 404)))]
async fn revoke(req: Req, Path(id): Path<String>) -> Result<Response, ApiError> {
    let id = GrantId::from(id);
    req.act(move |tx, cx| access::acts::revoke(tx, cx, &id, cx.today())).await?;
    Ok(api::done())
}
