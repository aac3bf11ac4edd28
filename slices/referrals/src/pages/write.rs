//! Writing a referral: whom, for which service, to whom (those with room first), what is shared and on which ground.
use access::care::{self, Lens};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{ClientId, ReferralId, Refusal, Refusals};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::write::{self, Consent, Draft, To};
use crate::acts::{self, room};
use crate::model::{Basis, Capacity, ConsentForm, Referral, ServiceField, Share, State, Urgency};
use crate::store;

/// Without a client: whom to refer.
#[derive(Template)]
#[template(path = "choose.html")]
struct ChooseClient {
    frame: Frame,
    clients: Vec<(String, String, i64)>,
}

/// Without a kind of service: which.
#[derive(Template)]
#[template(path = "field.html")]
struct ChooseField {
    frame: Frame,
    label: String,
    choices: Vec<(String, String)>,
}

struct ReceiverView {
    value: String,
    name: String,
    account: bool,
    room: String,
    colour: &'static str,
    note: String,
    confirmed: String,
    stale: bool,
}

#[derive(Template)]
#[template(path = "write.html")]
struct WritePage {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    client: String,
    field: String,
    field_label: String,
    field_href: String,
    receivers: Vec<ReceiverView>,
    others: Vec<Choice>,
    urgencies: Vec<Choice>,
    shares: Vec<Choice>,
    bases: Vec<Choice>,
    forms: Vec<Choice>,
    child: bool,
    /// The client's attachments that may go along.
    files: Vec<Choice>,
}

/// A receiver as a form sends it.
pub(super) fn to_value(to: &To) -> String {
    match to {
        To::Site(id) => format!("site:{id}"),
        To::Org(id) => format!("org:{id}"),
    }
}

/// The receiver that a form sent.
pub(crate) fn parse_to(text: &str) -> Option<To> {
    match text.split_once(':')? {
        ("site", id) if !id.is_empty() => Some(To::Site(id.into())),
        ("org", id) if !id.is_empty() => Some(To::Org(id.into())),
        _ => None,
    }
}

fn choices(req: &Req, field: &str, words: &[&'static str]) -> Vec<Choice> {
    words
        .iter()
        .map(|w| Choice { value: (*w).to_owned(), label: req.t(&format!("referrals.{field}.{w}")) })
        .collect()
}

async fn choose_client(req: &Req) -> Result<Response, PageError> {
    let clients = req
        .ask(|tx, cx| {
            let lens = Lens::of(tx, cx)?;
            let mut out = Vec::new();
            for client in store::clients(tx, &lens, 200)? {
                if lens.sight(tx, &client)?.is_some_and(|s| s.file && s.writes) {
                    out.push((client.id.0.clone(), client.name.clone(), client.number));
                }
            }
            Ok(out)
        })
        .await?;
    page(&ChooseClient { frame: Frame::new(req, "referrals.new"), clients })
}

async fn choose_field(req: &Req, client: &ClientId) -> Result<Response, PageError> {
    let of = client.clone();
    let label = req.ask(move |tx, cx| Ok(care::find_to_write(tx, cx, &of)?.name)).await?;
    let from = req.query("from").unwrap_or_default();
    let choices = ServiceField::ALL
        .iter()
        .map(|f| {
            let href =
                format!("/referrals/new?client={client}&from={}&field={f}", web::encode(&from));
            (href, req.t(&format!("referrals.field.{f}")))
        })
        .collect();
    page(&ChooseField { frame: Frame::new(req, "referrals.new"), label, choices })
}

/// The form; `of` is the draft that is edited.
async fn form_page(
    req: &Req,
    client: ClientId,
    field: ServiceField,
    of: Option<ReferralId>,
    form: Form,
) -> Result<WritePage, Error> {
    let r = req.clone();
    req.act(move |tx, cx| {
        let client = care::find_to_write(tx, cx, &client)?;
        let today = cx.today();
        let (mut receivers, mut others) = (Vec::new(), Vec::new());
        let own = match &client.site {
            Some(site) => Some(site.clone()),
            None => registry::site::serving(tx, &client.region, today)?.map(|s| s.id),
        };
        for one in room::receivers(tx, cx, field)? {
            if matches!((&one.to, &own), (To::Site(a), Some(b)) if a == b) {
                continue;
            }
            let value = to_value(&one.to);
            match &one.room {
                Some(c) => receivers.push(receiver(&r, value, one.name, one.account, c, today)),
                None => others.push(Choice { value, label: one.name }),
            }
        }
        // Names and notes of what is attached are content of the file.
        let attached = crate::acts::enclose::offered(tx, &client)?;
        if !attached.is_empty() {
            care::viewed(tx, cx, &client.id, "file")?;
        }
        let files = attached
            .into_iter()
            .map(|(a, name)| Choice {
                value: a.id.0,
                label: format!("{} · {name} · {}", r.t(&format!("attach.kind.{}", a.kind)), a.day),
            })
            .collect();
        let child = client.birth.is_some_and(|b| b.years_until(today) < 14);
        let (action, back) = match &of {
            Some(id) => (format!("/referrals/{id}/edit"), format!("/referrals/{id}")),
            None => ("/referrals/new".to_owned(), format!("/clients/{}", client.id)),
        };
        Ok(WritePage {
            frame: Frame::new(&r, if of.is_some() { "referrals.edit" } else { "referrals.new" })
                .under(client.name),
            form,
            action,
            back,
            field_href: match &of {
                Some(_) => String::new(),
                None => format!("/referrals/new?client={}", client.id),
            },
            client: client.id.0,
            field: field.as_str().to_owned(),
            field_label: r.t(&format!("referrals.field.{field}")),
            receivers,
            others,
            urgencies: choices(&r, "urgency", Urgency::WORDS),
            shares: choices(&r, "share", Share::WORDS),
            bases: choices(&r, "basis", Basis::WORDS),
            forms: choices(&r, "consent_form", ConsentForm::WORDS),
            child,
            files,
        })
    })
    .await
}

fn receiver(
    req: &Req,
    value: String,
    name: String,
    account: bool,
    c: &Capacity,
    today: kernel::Day,
) -> ReceiverView {
    ReceiverView {
        value,
        name,
        account,
        room: req.t(&format!("referrals.room.{}", c.room)),
        colour: super::room::colour(c.room),
        note: c.note.clone().unwrap_or_default(),
        confirmed: c.confirmed.to_string(),
        stale: c.stale_on(today),
    }
}

pub(super) async fn blank(req: Req) -> Result<Response, PageError> {
    let Some(client) = req.query("client").filter(|c| !c.is_empty()).map(ClientId::from) else {
        return choose_client(&req).await;
    };
    let Some(field) = req.query("field").as_deref().and_then(ServiceField::parse) else {
        return choose_field(&req, &client).await;
    };
    let from = req.query("from").unwrap_or_default();
    let mut form = Form::blank();
    if let Some(id) = from.strip_prefix("referral:").map(ReferralId::from) {
        let prior = req
            .act(move |tx, cx| {
                let (r, stand) = acts::find(tx, cx, &id)?;
                if !stand.writes() {
                    return Err(db::Error::Missing);
                }
                care::viewed(tx, cx, &r.client, "referral")?;
                filled(tx, &r, false)
            })
            .await?;
        form = prior;
    }
    let form = form
        .or("urgency", Urgency::Routine)
        .or("shares", "name,sex_age,summary")
        .or("origin", &from);
    page(&form_page(&req, client, field, None, form).await?)
}

/// A form with what a referral says; its consent and receiver only when it is itself edited, for consent names the receiver.
fn filled(tx: &mut db::Tx<'_>, r: &Referral, whole: bool) -> db::Result<Form> {
    let (owner, id) = (r.client.as_str(), r.id.as_str());
    let reason = tx.open(owner, "referral.reason", id, &r.reason)?;
    let summary = tx.open_some(owner, "referral.summary", id, r.summary.as_ref())?;
    let categories = tx.open_some(owner, "referral.categories", id, r.categories.as_ref())?;
    let form = Form::blank()
        .with("reason", reason)
        .with("summary", summary)
        .with("categories", categories)
        .with("shares", &r.shares)
        .with("urgency", r.urgency);
    if !whole {
        return Ok(form);
    }
    let to = match (&r.to_site, &r.to_org) {
        (Some(id), _) => format!("site:{id}"),
        (None, Some(id)) => format!("org:{id}"),
        (None, None) => String::new(),
    };
    let by = tx.open_some(owner, "referral.consent_by", id, r.consent_by.as_ref())?;
    let word = |w: Option<&'static str>| w.unwrap_or_default();
    Ok(form
        .with("to", &to)
        .with("to_other", &to)
        .with("attachments", r.attachments.clone().unwrap_or_default())
        .with("to_contact", r.to_contact.clone().unwrap_or_default())
        .with("basis", word(r.basis.map(Basis::as_str)))
        .with("consent_by", by)
        .with("consent_on", r.consent_on.map_or_else(String::new, |d| d.to_string()))
        .with("consent_form", word(r.consent_form.map(ConsentForm::as_str)))
        .with("clause", r.clause.clone().unwrap_or_default()))
}

/// What a form says.
pub(crate) fn read(fields: &Fields, field: ServiceField) -> Result<Draft, Refusals> {
    let mut no = Refusals::none();
    let to = parse_to(fields.text("to")).or_else(|| parse_to(fields.text("to_other")));
    let urgency = Urgency::parse(fields.text("urgency"));
    let on = fields.text("consent_on");
    no.require(to.is_some(), "to", "register.missing");
    no.require(urgency.is_some(), "urgency", "register.missing");
    no.require(
        on.is_empty() || on.parse::<kernel::Day>().is_ok(),
        "consent_on",
        "register.not_a_day",
    );
    no.done()?;
    let (Some(to), Some(urgency)) = (to, urgency) else {
        return Err(Refusal::at("to", "register.missing").into());
    };
    let text = |name: &str| fields.text(name).to_owned();
    let shares = fields.joined().get("shares").cloned().unwrap_or_default();
    let chosen = fields.joined().get("attachments").cloned().unwrap_or_default();
    Ok(Draft {
        to,
        to_contact: text("to_contact"),
        field,
        urgency,
        reason: text("reason"),
        summary: text("summary"),
        categories: text("categories"),
        shares: shares.split(',').filter_map(Share::parse).collect(),
        consent: Consent {
            basis: Basis::parse(fields.text("basis")),
            by: text("consent_by"),
            on: on.parse().ok(),
            form: ConsentForm::parse(fields.text("consent_form")),
            clause: text("clause"),
        },
        origin: text("origin"),
        attachments: chosen.split(',').filter(|id| !id.is_empty()).map(Into::into).collect(),
    })
}

pub(super) async fn add(req: Req, fields: Fields) -> Result<Response, PageError> {
    let client = ClientId::from(fields.text("client"));
    let field = ServiceField::parse(fields.text("field")).ok_or(db::Error::Missing)?;
    let done = match read(&fields, field) {
        Ok(new) => {
            let of = client.clone();
            req.act(move |tx, cx| write::draft(tx, cx, &of, &new)).await
        }
        Err(no) => Err(no.into()),
    };
    finish(&req, client, field, None, &fields, done).await
}

async fn of_draft(req: &Req, id: &ReferralId) -> Result<(Referral, Form), Error> {
    let of = id.clone();
    req.act(move |tx, cx| {
        let (r, stand) = acts::find(tx, cx, &of)?;
        if !stand.writes() {
            return Err(db::Error::Missing);
        }
        if r.state != State::Draft {
            return Err(Refusal::new("referrals.sent_already").into());
        }
        care::viewed(tx, cx, &r.client, "referral")?;
        let form = filled(tx, &r, true)?;
        Ok((r, form))
    })
    .await
}

pub(super) async fn edit(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let id: ReferralId = id.into();
    let (r, form) = of_draft(&req, &id).await?;
    page(&form_page(&req, r.client, r.field, Some(id), form).await?)
}

pub(super) async fn amend(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: ReferralId = id.into();
    let (r, _) = of_draft(&req, &id).await?;
    let done = match read(&fields, r.field) {
        Ok(new) => {
            let of = id.clone();
            req.act(move |tx, cx| write::redraft(tx, cx, &of, &new)).await
        }
        Err(no) => Err(no.into()),
    };
    finish(&req, r.client, r.field, Some(id), &fields, done).await
}

async fn finish(
    req: &Req,
    client: ClientId,
    field: ServiceField,
    of: Option<ReferralId>,
    fields: &Fields,
    done: Result<Referral, Error>,
) -> Result<Response, PageError> {
    match done {
        Ok(r) => Ok(req.redirect(&format!("/referrals/{}", r.id), "referrals.done.drafted")),
        Err(Error::Act(db::Error::Refused(no)))
            if no.0.iter().all(|r| r.key != "access.denied") =>
        {
            let form = Form::refused(req, fields, &no);
            let built = form_page(req, client, field, of, form).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}
