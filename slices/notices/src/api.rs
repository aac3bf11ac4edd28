//! What a machine sees: one's messages, one's calendar, and the district's webhooks.
use access::notice;
use axum::extract::Path;
use axum::response::Response;
use kernel::{NoticeId, RecordId};
use serde_json::json;
use utoipa::OpenApi;
use web::api::Body;
use web::{ApiError, Gate, Req, api};

use crate::{acts, pages, store};

type Answer = Result<Response, ApiError>;

pub(crate) fn gate() -> Gate {
    Gate::api()
        .get("/api/v1/notices", "home", notices)
        .post("/api/v1/notices/reading", "home", read_all)
        .post("/api/v1/notices/{id}/reading", "home", read_one)
        .post("/api/v1/me/calendar", "home", subscribe)
        .delete("/api/v1/me/calendar", "home", unsubscribe)
        .get("/api/v1/webhooks", "accounts.manage", webhooks)
        .post("/api/v1/webhooks", "accounts.manage", add)
        .delete("/api/v1/webhooks/{id}", "accounts.manage", remove)
        .post("/api/v1/webhooks/{id}/ping", "accounts.manage", ping)
        .get("/api/v1/webhooks/{id}/deliveries", "accounts.manage", deliveries)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        notices,
        read_all,
        read_one,
        subscribe,
        unsubscribe,
        webhooks,
        add,
        remove,
        ping,
        deliveries
    ),
    components(schemas(NoticeOut, WebhookIn, WebhookOut, DeliveryOut))
)]
struct Doc;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// A message to the caller.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct NoticeOut {
    id: String,
    /// The sentence, in the language asked for.
    text: String,
    href: String,
    urgent: bool,
    at: String,
    read: bool,
}

/// The caller's messages, newest first.
#[utoipa::path(get, path = "/api/v1/notices", tag = "notices", responses((status = 200, body = [NoticeOut])))]
async fn notices(req: Req) -> Answer {
    let all = req.ask(|tx, cx| notice::of_account(tx, cx.actor.account(), pages::MOST)).await?;
    let out: Vec<NoticeOut> = all
        .into_iter()
        .map(|n| NoticeOut {
            text: pages::sentence(&req, &n),
            id: n.id.0,
            href: n.href,
            urgent: n.urgent,
            at: n.at.rfc3339(),
            read: n.read_at.is_some(),
        })
        .collect();
    api::ok(&out)
}

/// Notes every message of the caller as read.
#[utoipa::path(post, path = "/api/v1/notices/reading", tag = "notices", responses((status = 204)))]
async fn read_all(req: Req) -> Answer {
    req.act(|tx, cx| notice::read(tx, cx, None)).await?;
    Ok(api::done())
}

/// Notes one message of the caller as read.
#[utoipa::path(post, path = "/api/v1/notices/{id}/reading", tag = "notices", params(("id" = String, Path)),
    responses((status = 204), (status = 404)))]
async fn read_one(req: Req, Path(id): Path<String>) -> Answer {
    req.act(move |tx, cx| {
        let id = NoticeId::from(id);
        notice::find(tx, cx.actor.account(), &id)?.ok_or(db::Error::Missing)?;
        notice::read(tx, cx, Some(&id))
    })
    .await?;
    Ok(api::done())
}

/// Makes a new address of the caller's calendar; the earlier one ends.
#[utoipa::path(post, path = "/api/v1/me/calendar", tag = "notices",
    responses((status = 201, description = "`path`: the address, shown once")))]
async fn subscribe(req: Req) -> Answer {
    let token = req.act(acts::subscribe).await?;
    let path = format!("/calendar/{token}.ics");
    api::created(&json!({ "path": path }), &path, None)
}

/// Ends the caller's calendar.
#[utoipa::path(delete, path = "/api/v1/me/calendar", tag = "notices", responses((status = 204)))]
async fn unsubscribe(req: Req) -> Answer {
    req.act(acts::unsubscribe).await?;
    Ok(api::done())
}

/// An address to be told of notices.
#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WebhookIn {
    /// https, at a host that the deployment allows.
    url: String,
    note: String,
    #[serde(default)]
    urgent_only: bool,
}

/// A webhook of the district.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct WebhookOut {
    id: String,
    url: String,
    note: String,
    urgent_only: bool,
    paused: bool,
}

/// The district's webhooks.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "notices", responses((status = 200, body = [WebhookOut])))]
async fn webhooks(req: Req) -> Answer {
    let all = req.ask(|tx, _| store::webhooks(tx)).await?;
    let out: Vec<WebhookOut> = all
        .into_iter()
        .map(|w| WebhookOut {
            paused: w.paused_at.is_some(),
            id: w.id.0,
            url: w.url,
            note: w.note,
            urgent_only: w.urgent_only,
        })
        .collect();
    api::ok(&out)
}

/// Adds a webhook. Its secret is answered this once.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "notices", request_body = WebhookIn,
    responses((status = 201, description = "`id` and `secret`"), (status = 422, description = "refused at the fields")))]
async fn add(req: Req, Body(body): Body<WebhookIn>) -> Answer {
    let hosts = req.shell.settings.webhook_hosts.clone();
    // Not once per key: the secret must not lie in the store of answers.
    let (hook, secret) = req
        .act(move |tx, cx| acts::add(tx, cx, &hosts, &body.url, &body.note, body.urgent_only))
        .await?;
    let at = format!("/api/v1/webhooks/{}", hook.id);
    api::created(&json!({ "id": hook.id, "secret": secret }), &at, None)
}

/// Removes a webhook and what was on its way to it.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "notices", params(("id" = String, Path)),
    responses((status = 204), (status = 404)))]
async fn remove(req: Req, Path(id): Path<String>) -> Answer {
    req.act(move |tx, cx| acts::remove(tx, cx, &RecordId::from(id))).await?;
    Ok(api::done())
}

/// Sends a webhook a message that says nothing.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/ping", tag = "notices", params(("id" = String, Path)),
    responses((status = 204), (status = 404)))]
async fn ping(req: Req, Path(id): Path<String>) -> Answer {
    req.act(move |tx, cx| acts::ping(tx, cx, &RecordId::from(id))).await?;
    Ok(api::done())
}

/// What came of a message.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct DeliveryOut {
    id: String,
    /// `notice.told` or `ping`.
    kind: String,
    at: String,
    tries: i64,
    /// When the receiver took it.
    done_at: Option<String>,
    /// When it will be tried next; null when done or given up.
    next_at: Option<String>,
    /// A status, or why none came.
    answer: Option<String>,
}

/// The latest messages to a webhook.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "notices", params(("id" = String, Path)),
    responses((status = 200, body = [DeliveryOut])))]
async fn deliveries(req: Req, Path(id): Path<String>) -> Answer {
    let all = req.ask(move |tx, _| store::deliveries(tx, &RecordId::from(id), 100)).await?;
    let out: Vec<DeliveryOut> = all
        .into_iter()
        .map(|d| DeliveryOut {
            id: d.id.0,
            kind: d.kind,
            at: d.at.rfc3339(),
            tries: d.tries,
            done_at: d.done_at.map(kernel::Instant::rfc3339),
            next_at: d.next_at.map(kernel::Instant::rfc3339),
            answer: d.answer,
        })
        .collect();
    api::ok(&out)
}
