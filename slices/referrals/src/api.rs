//! What a machine sees: the same referrals, packets and answers as the pages.
use access::care::Lens;
use axum::extract::Path;
use axum::response::Response;
use kernel::{Day, ReferralId, Refusal};
use serde_json::{Value as Json, json};
use utoipa::OpenApi;
use web::{ApiError, Error, Gate, Req, api};

use crate::acts::answer::Answer;
use crate::acts::write::{self, Consent, Draft};
use crate::acts::{self, link, room};
use crate::model::{Basis, ConsentForm, Packet, Referral, Room, ServiceField, Share, Urgency};
use crate::pages::{parse_to, rows_most, which};
use crate::{store, view};

type Answered = Result<Response, ApiError>;

pub(crate) fn gate() -> Gate {
    Gate::api()
        .get("/api/v1/referrals", "referrals.read", list)
        .post("/api/v1/referrals", "referrals.write", draft)
        .get("/api/v1/referrals/{id}", "referrals.read", one)
        .put("/api/v1/referrals/{id}", "referrals.write", redraft)
        .post("/api/v1/referrals/{id}/sending", "referrals.write", send)
        .post("/api/v1/referrals/{id}/withdrawal", "referrals.write", withdraw)
        .post("/api/v1/referrals/{id}/closing", "referrals.write", close)
        .post("/api/v1/referrals/{id}/answer", "referrals.read", answer)
        .post("/api/v1/referrals/{id}/link", "referrals.write", make_link)
        .delete("/api/v1/referrals/{id}/link", "referrals.write", revoke_link)
        .get("/api/v1/capacity", "referrals.read", capacities)
        .put("/api/v1/capacity", "referrals.answer", say)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        list,
        draft,
        one,
        redraft,
        send,
        withdraw,
        close,
        answer,
        make_link,
        revoke_link,
        capacities,
        say
    ),
    components(schemas(
        ReferralOut,
        Packet,
        crate::model::Enclosed,
        DraftIn,
        SendingIn,
        WordsIn,
        AnswerIn,
        LinkIn,
        LinkOut,
        CapacityIn,
        CapacityOut
    ))
)]
struct Doc;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// A referral; `packet` only for whoever may read it.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct ReferralOut {
    id: String,
    number: i64,
    state: String,
    field: String,
    urgency: String,
    from: String,
    to: String,
    sent: Option<String>,
    opened: Option<String>,
    /// The last day for an answer.
    answer_by: Option<String>,
    first_service: Option<String>,
    /// The client's id, for the sender alone.
    client: Option<String>,
    packet: Option<Packet>,
}

fn out(r: &Referral, from: String, sender: bool, packet: Option<Packet>) -> ReferralOut {
    let at = |i: Option<kernel::Instant>| i.map(kernel::Instant::rfc3339);
    ReferralOut {
        id: r.id.0.clone(),
        number: r.number,
        state: r.state.as_str().to_owned(),
        field: r.field.as_str().to_owned(),
        urgency: r.urgency.as_str().to_owned(),
        from,
        to: r.to_name.clone(),
        sent: at(r.sent_at),
        opened: at(r.opened_at),
        answer_by: r.answer_by.map(|d| d.to_string()),
        first_service: r.first_service.map(|d| d.to_string()),
        client: sender.then(|| r.client.0.clone()),
        packet,
    }
}

/// Received or sent referrals, latest first, fifty at a time: `?side=sent&which=waiting&below=12`.
#[utoipa::path(get, path = "/api/v1/referrals", tag = "referrals", responses((status = 200, body = [ReferralOut])))]
async fn list(req: Req) -> Answered {
    let sent = req.query("side").as_deref() == Some("sent");
    let asked = which(&req.query("which").unwrap_or_default());
    let below = req.query("below").and_then(|b| b.parse().ok()).unwrap_or(i64::MAX);
    let all = req
        .ask(move |tx, cx| {
            let found = if sent {
                let lens = Lens::of(tx, cx)?;
                store::sent(tx, &lens, asked, cx.today(), below, rows_most())?
            } else {
                store::received(tx, cx, asked, below, rows_most())?
            };
            let mut all = Vec::new();
            for r in found {
                let from = registry::site::find(tx, &r.site)?.map_or_else(String::new, |s| s.name);
                all.push(out(&r, from, sent, None));
            }
            Ok(all)
        })
        .await?;
    api::ok(&all)
}

/// One referral. A receiver's first look is noted as its opening.
#[utoipa::path(get, path = "/api/v1/referrals/{id}", tag = "referrals", params(("id" = String, Path)), responses((status = 200, body = ReferralOut), (status = 404)))]
async fn one(req: Req, Path(id): Path<String>) -> Answered {
    let id: ReferralId = id.into();
    let seen = req.act(move |tx, cx| view::see(tx, cx, &id)).await?;
    api::ok(&out(&seen.r, seen.from, seen.stand.sender.is_some(), seen.packet))
}

/// A draft.
#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct DraftIn {
    /// The client's id; not needed when a draft is written again.
    #[serde(default)]
    client: String,
    /// `site:ID` or `org:ID`.
    to: String,
    #[serde(default)]
    to_contact: String,
    field: String,
    urgency: String,
    reason: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    categories: String,
    #[serde(default)]
    shares: Vec<String>,
    #[serde(default)]
    basis: Option<String>,
    #[serde(default)]
    consent_by: String,
    #[serde(default)]
    consent_on: Option<String>,
    #[serde(default)]
    consent_form: Option<String>,
    #[serde(default)]
    clause: String,
    #[serde(default)]
    origin: String,
    /// Ids of the client's attachments that go along.
    #[serde(default)]
    attachments: Vec<String>,
}

impl DraftIn {
    fn read(&self) -> Result<Draft, Refusal> {
        let wrong = |field: &str| Refusal::at(field, "register.not_a_choice");
        let day = |d: &String| {
            d.parse::<Day>().map_err(|_| Refusal::at("consent_on", "register.not_a_day"))
        };
        let shares: Option<Vec<Share>> = self.shares.iter().map(|s| Share::parse(s)).collect();
        Ok(Draft {
            to: parse_to(&self.to).ok_or_else(|| wrong("to"))?,
            to_contact: self.to_contact.clone(),
            field: ServiceField::parse(&self.field).ok_or_else(|| wrong("field"))?,
            urgency: Urgency::parse(&self.urgency).ok_or_else(|| wrong("urgency"))?,
            reason: self.reason.clone(),
            summary: self.summary.clone(),
            categories: self.categories.clone(),
            shares: shares.ok_or_else(|| wrong("shares"))?,
            consent: Consent {
                basis: self.basis.as_deref().and_then(Basis::parse),
                by: self.consent_by.clone(),
                on: self.consent_on.as_ref().map(day).transpose()?,
                form: self.consent_form.as_deref().and_then(ConsentForm::parse),
                clause: self.clause.clone(),
            },
            origin: self.origin.clone(),
            attachments: self.attachments.iter().map(|id| id.as_str().into()).collect(),
        })
    }
}

/// Writes a draft; with an `Idempotency-Key` once.
#[utoipa::path(post, path = "/api/v1/referrals", tag = "referrals", request_body = DraftIn, responses((status = 201, body = ReferralOut), (status = 404), (status = 422)))]
async fn draft(req: Req, api::Body(wire): api::Body<DraftIn>) -> Answered {
    let new = wire.read()?;
    let client = wire.client.clone().into();
    let kept = api::once(&req, &wire, move |tx, cx| {
        let r = write::draft(tx, cx, &client, &new)?;
        Ok(json!(out(&r, String::new(), true, None)))
    })
    .await?;
    let id = kept.get("id").and_then(Json::as_str).unwrap_or_default();
    api::created(&kept, &format!("/api/v1/referrals/{id}"), None)
}

/// Writes a draft again.
#[utoipa::path(put, path = "/api/v1/referrals/{id}", tag = "referrals", params(("id" = String, Path)), request_body = DraftIn, responses((status = 200, body = ReferralOut), (status = 404), (status = 422)))]
async fn redraft(
    req: Req,
    Path(id): Path<String>,
    api::Body(wire): api::Body<DraftIn>,
) -> Answered {
    let new = wire.read()?;
    let id: ReferralId = id.into();
    sent_back(req.act(move |tx, cx| write::redraft(tx, cx, &id, &new)).await)
}

fn sent_back(done: Result<Referral, Error>) -> Answered {
    api::ok(&out(&done?, String::new(), true, None))
}

/// What sending cost.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SendingIn {
    minutes: i64,
}

/// Sends a draft.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/sending", tag = "referrals", params(("id" = String, Path)), request_body = SendingIn, responses((status = 200, body = ReferralOut), (status = 404), (status = 422)))]
async fn send(req: Req, Path(id): Path<String>, api::Body(wire): api::Body<SendingIn>) -> Answered {
    let id: ReferralId = id.into();
    sent_back(req.act(move |tx, cx| write::send(tx, cx, &id, wire.minutes)).await)
}

/// What is said.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WordsIn {
    #[serde(default)]
    words: String,
}

/// Recalls a referral.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/withdrawal", tag = "referrals", params(("id" = String, Path)), request_body = WordsIn, responses((status = 200, body = ReferralOut), (status = 404), (status = 422)))]
async fn withdraw(
    req: Req,
    Path(id): Path<String>,
    api::Body(wire): api::Body<WordsIn>,
) -> Answered {
    let id: ReferralId = id.into();
    sent_back(req.act(move |tx, cx| write::withdraw(tx, cx, &id, &wire.words)).await)
}

/// Closes a referral.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/closing", tag = "referrals", params(("id" = String, Path)), request_body = WordsIn, responses((status = 200, body = ReferralOut), (status = 404), (status = 422)))]
async fn close(req: Req, Path(id): Path<String>, api::Body(wire): api::Body<WordsIn>) -> Answered {
    let id: ReferralId = id.into();
    sent_back(req.act(move |tx, cx| write::close(tx, cx, &id, &wire.words)).await)
}

/// An answer of the receiver: `accepted` (with `keeper`), `declined`, `returned`, `re_referred` (with `to`), `in_service` (with `on`), `fed_back`.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerIn {
    answer: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    on: Option<String>,
    #[serde(default)]
    keeper: Option<String>,
}

/// Answers a referral that was received.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/answer", tag = "referrals", params(("id" = String, Path)), request_body = AnswerIn, responses((status = 200, body = ReferralOut), (status = 404), (status = 422)))]
async fn answer(
    req: Req,
    Path(id): Path<String>,
    api::Body(wire): api::Body<AnswerIn>,
) -> Answered {
    let said = match wire.answer.as_str() {
        "accepted" => Answer::Accept { keeper: wire.keeper.map(Into::into) },
        "declined" => Answer::Decline { reason: wire.words },
        "returned" => Answer::Return { reason: wire.words },
        "re_referred" => Answer::ReRefer { to: wire.to, reason: wire.words },
        "in_service" => {
            let on = wire.on.as_deref().unwrap_or_default().parse();
            Answer::Start { on: on.map_err(|_| Refusal::at("on", "register.not_a_day"))? }
        }
        "fed_back" => Answer::FeedBack { text: wire.words },
        _ => return Err(Refusal::at("answer", "register.not_a_choice").into()),
    };
    let id: ReferralId = id.into();
    let r = req.act(move |tx, cx| acts::answer::answer(tx, cx, &id, &said)).await?;
    api::ok(&out(&r, String::new(), false, None))
}

/// How long a link lives, in days; fourteen when nothing is said.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkIn {
    #[serde(default)]
    days: Option<i64>,
}

/// A link: path and code are told this once.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct LinkOut {
    path: String,
    code: String,
    until: String,
}

/// Makes a one-time link; earlier ones die.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/link", tag = "referrals", params(("id" = String, Path)), request_body = LinkIn, responses((status = 201, body = LinkOut), (status = 404), (status = 422)))]
async fn make_link(
    req: Req,
    Path(id): Path<String>,
    api::Body(wire): api::Body<LinkIn>,
) -> Answered {
    let of: ReferralId = id.as_str().into();
    let made = req.act(move |tx, cx| link::make(tx, cx, &of, wire.days)).await?;
    let told = LinkOut {
        path: format!("/r/{}", made.token),
        code: made.code,
        until: made.link.until.rfc3339(),
    };
    api::created(&told, &format!("/api/v1/referrals/{id}"), None)
}

/// Revokes the links of a referral.
#[utoipa::path(delete, path = "/api/v1/referrals/{id}/link", tag = "referrals", params(("id" = String, Path)), responses((status = 204), (status = 404)))]
async fn revoke_link(req: Req, Path(id): Path<String>) -> Answered {
    let id: ReferralId = id.into();
    req.act(move |tx, cx| link::revoke(tx, cx, &id)).await?;
    Ok(api::done())
}

/// The room of a site or a body for a kind of service.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct CapacityOut {
    id: String,
    site: Option<String>,
    org: Option<String>,
    field: String,
    room: String,
    note: Option<String>,
    confirmed: String,
    /// Older than thirty days.
    stale: bool,
}

fn capacity(c: crate::model::Capacity, today: Day) -> CapacityOut {
    CapacityOut {
        stale: c.stale_on(today),
        id: c.id.0,
        site: c.site.map(|s| s.0),
        org: c.org.map(|o| o.0),
        field: c.field.as_str().to_owned(),
        room: c.room.as_str().to_owned(),
        note: c.note,
        confirmed: c.confirmed.to_string(),
    }
}

/// Who has room for what: `?field=legal`.
#[utoipa::path(get, path = "/api/v1/capacity", tag = "referrals", responses((status = 200, body = [CapacityOut])))]
async fn capacities(req: Req) -> Answered {
    let field = req.query("field").unwrap_or_default();
    let all: Vec<CapacityOut> = req
        .ask(move |tx, cx| {
            let all = store::capacities(tx, &field)?;
            Ok(all.into_iter().map(|c| capacity(c, cx.today())).collect())
        })
        .await?;
    api::ok(&all)
}

/// What a holder says of its room.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CapacityIn {
    /// `site:ID` or `org:ID`.
    to: String,
    field: String,
    /// `open`, `limited`, `full` or `closed`.
    room: String,
    #[serde(default)]
    note: String,
}

/// States or confirms room.
#[utoipa::path(put, path = "/api/v1/capacity", tag = "referrals", request_body = CapacityIn, responses((status = 200, body = CapacityOut), (status = 404), (status = 422)))]
async fn say(req: Req, api::Body(wire): api::Body<CapacityIn>) -> Answered {
    let wrong = |field: &str| Refusal::at(field, "register.not_a_choice");
    let to = parse_to(&wire.to).ok_or_else(|| wrong("to"))?;
    let field = ServiceField::parse(&wire.field).ok_or_else(|| wrong("field"))?;
    let word = Room::parse(&wire.room).ok_or_else(|| wrong("room"))?;
    let today = req.now.day();
    let kept = req.act(move |tx, cx| room::say(tx, cx, &to, field, word, &wire.note)).await?;
    api::ok(&capacity(kept, today))
}
