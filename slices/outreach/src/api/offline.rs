//! Visits without a network: what a phone takes along and brings back.
use serde_json::json;
use utoipa::OpenApi;
use web::{Gate, Req, api};

use super::Answer;
use crate::acts::offline::{CardOut, LastVisit, Pack};
use crate::acts::parcel::{self, Parcel};
use crate::acts::{conflict, offline};
use crate::model::offline::{Ack, Decision, Sent};

pub(super) fn gate(gate: Gate) -> Gate {
    // Whoever lost the right to visits may still bring back what was recorded before: it waits for the head.
    gate.get("/api/v1/offline/visits", "home", pack)
        .post("/api/v1/offline/visits", "home", submit)
        .post("/api/v1/offline/parcels", "home", hand_over)
        .post("/api/v1/offline/operations/{id}/decision", "visits.read", decide)
}

#[derive(OpenApi)]
#[openapi(
    paths(pack, submit, hand_over, decide),
    components(schemas(
        Taken, Pack, CardOut, LastVisit, Batch, Sent, Ack, Parcels, Parcel, Deciding
    ))
)]
struct Doc;

pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Who is signed in, the token that changes must carry, and the pack when a device was named.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Taken {
    account: String,
    name: String,
    csrf: String,
    pack: Option<Pack>,
}

/// Without `device`: is somebody signed in, and who? With it: the clients to take along today, at most 200. Each is noted in the log as
/// looked at. Whoever is not signed in gets 401 with `wushe-session: ended`, upon which a device forgets what it took along.
#[utoipa::path(get, path = "/api/v1/offline/visits", tag = "offline", params(("device" = Option<String>, Query)), responses((status = 200, body = Taken)))]
async fn pack(req: Req) -> Answer {
    let (account, name) = {
        let cx = req.cx()?;
        (cx.actor.account().0.clone(), cx.actor.name().to_owned())
    };
    let pack = match req.query("device").filter(|d| !d.is_empty()) {
        Some(device) => {
            let agent = req.agent.clone();
            Some(req.act(move |tx, cx| offline::sync(tx, cx, &device, &agent)).await?)
        }
        None => None,
    };
    api::ok(&Taken { account, name, csrf: req.csrf().to_owned(), pack })
}

/// Operations of one device, in order.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Batch {
    device: String,
    ops: Vec<Sent>,
}

/// Takes operations; answers after they are durable. Sent again, each gets the answer it got.
#[utoipa::path(post, path = "/api/v1/offline/visits", tag = "offline", request_body = Batch, responses((status = 200, body = [Ack])))]
async fn submit(req: Req, api::Body(batch): api::Body<Batch>) -> Answer {
    let acks = req.act(move |tx, cx| offline::submit(tx, cx, &batch.device, &batch.ops)).await?;
    api::ok(&acks)
}

/// Sealed operations of another account that were left on this device.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Parcels {
    device: String,
    parcels: Vec<Parcel>,
}

/// Takes what lies sealed on a device whose account may not act any more; it waits for the head. Nothing is answered for a live account.
#[utoipa::path(post, path = "/api/v1/offline/parcels", tag = "offline", request_body = Parcels, responses((status = 200, body = [Ack])))]
async fn hand_over(req: Req, api::Body(all): api::Body<Parcels>) -> Answer {
    let acks = req.act(move |tx, cx| parcel::hand_over(tx, cx, &all.device, &all.parcels)).await?;
    api::ok(&acks)
}

/// `both`, `replace` or `drop` with the reason.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Deciding {
    #[schema(value_type = String)]
    how: Decision,
    #[serde(default)]
    why: String,
}

/// Decides about an operation that waits.
#[utoipa::path(post, path = "/api/v1/offline/operations/{id}/decision", tag = "offline", params(("id" = String, Path)), request_body = Deciding, responses((status = 200)))]
async fn decide(
    req: Req,
    axum::extract::Path(id): axum::extract::Path<String>,
    api::Body(said): api::Body<Deciding>,
) -> Answer {
    let visit =
        req.act(move |tx, cx| conflict::decide(tx, cx, &id.into(), said.how, &said.why)).await?;
    api::ok(&json!({ "visit": visit }))
}
