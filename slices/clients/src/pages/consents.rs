//! Consents of a client: what holds, what was taken back.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::{Result, Tx};
use kernel::{ClientId, Refusals};
use registry::attachment::AttachmentKind;
use web::attach::{self, NewAttachment};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::client::{frame, open};
use super::view::{self, Head};
use crate::acts::consents::{self, NewConsent};
use crate::model::{ConsentForm, Giver, Scope};
use crate::store;

struct ConsentView {
    id: String,
    scope: String,
    partner: String,
    form: String,
    giver: String,
    span: String,
    why: String,
    holds: bool,
    withdrawn: bool,
    /// The signed papers: address and name.
    files: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "client_consents.html")]
struct Consents {
    frame: Frame,
    head: Head,
    all: Vec<ConsentView>,
    form: Form,
    scopes: Vec<Choice>,
    forms: Vec<Choice>,
    givers: Vec<Choice>,
}

fn build(tx: &mut Tx<'_>, cx: &Cx, req: &Req, id: &str, form: Form) -> Result<Consents> {
    let (client, sight) = open(tx, cx, id, "consents")?;
    let head = view::head(tx, cx, req, (&client, sight), "consents", None)?;
    let mut all = Vec::new();
    for c in store::consents(tx, &client.id)? {
        let guardian = if sight.name {
            tx.open_some(c.client.as_str(), "consent.guardian", c.id.as_str(), c.guardian.as_ref())?
        } else {
            String::new()
        };
        let files = match sight.name {
            true => attach::rows(tx, consents::BESIDE, c.id.as_str(), true)?
                .into_iter()
                .map(|a| {
                    let href =
                        format!("/clients/{}/consents/{}/attachments/{}", c.client, c.id, a.id);
                    (href, a.name)
                })
                .collect(),
            false => Vec::new(),
        };
        let giver = req.t(&format!("clients.giver.{}", c.given_by));
        all.push(ConsentView {
            why: tx.open_some(c.client.as_str(), "consent.why", c.id.as_str(), c.why.as_ref())?,
            scope: req.t(&format!("clients.scope.{}", c.scope)),
            partner: c.partner.clone().unwrap_or_default(),
            form: req.t(&format!("clients.consent_form.{}", c.form)),
            giver: if guardian.is_empty() { giver } else { format!("{giver} {guardian}") },
            span: match (c.withdrawn_on, c.until) {
                (Some(w), _) => format!("{} – {w}", c.since),
                (None, Some(u)) => format!("{} – {u}", c.since),
                (None, None) => format!("{} –", c.since),
            },
            holds: c.holds_on(cx.today()),
            withdrawn: c.withdrawn_on.is_some(),
            files,
            id: c.id.0,
        });
    }
    let words = |prefix: &str, words: &[&str]| -> Vec<Choice> {
        words
            .iter()
            .map(|w| Choice {
                value: (*w).to_owned(),
                label: req.t(&format!("clients.{prefix}.{w}")),
            })
            .collect()
    };
    Ok(Consents {
        frame: frame(req, &head.label),
        head,
        all,
        form: form.or("since", cx.today()),
        scopes: words("scope", Scope::WORDS),
        forms: words("consent_form", ConsentForm::WORDS),
        givers: words("giver", Giver::WORDS),
    })
}

async fn shown(req: &Req, id: String, form: Form) -> std::result::Result<Consents, Error> {
    let r = req.clone();
    req.act(move |tx, cx| build(tx, cx, &r, &id, form)).await
}

pub(super) async fn list(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    page(&shown(&req, id, Form::blank()).await?)
}

fn read(f: &Fields) -> std::result::Result<NewConsent, Refusals> {
    let mut no = Refusals::none();
    let (scope, form, giver) = (
        Scope::parse(f.text("scope")),
        ConsentForm::parse(f.text("form")),
        Giver::parse(f.text("given_by")),
    );
    no.require(scope.is_some(), "scope", "clients.choose");
    no.require(form.is_some(), "form", "clients.choose");
    no.require(giver.is_some(), "given_by", "clients.choose");
    let since = f.text("since").parse().ok();
    no.require(since.is_some(), "since", "register.not_a_day");
    let until = f.text("until");
    no.require(
        until.is_empty() || until.parse::<kernel::Day>().is_ok(),
        "until",
        "register.not_a_day",
    );
    match (scope, form, giver, since) {
        (Some(scope), Some(form), Some(given_by), Some(since)) if no.0.is_empty() => {
            Ok(NewConsent {
                scope,
                partner: f.text("partner").to_owned(),
                form,
                given_by,
                guardian: f.text("guardian").to_owned(),
                since,
                until: until.parse().ok(),
            })
        }
        _ => Err(no),
    }
}

pub(super) async fn give(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> std::result::Result<Response, PageError> {
    let client = ClientId(id.clone());
    let done = match read(&fields) {
        Ok(new) => req.act(move |tx, cx| consents::give(tx, cx, &client, new)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(_) => Ok(req.redirect(&format!("/clients/{id}/consents"), "clients.kept")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let page = shown(&req, id, Form::refused(&req, &fields, &no)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(e) => Err(e.into()),
    }
}

/// The signed paper of a consent.
pub(super) async fn attach_to(
    req: Req,
    Path((id, row)): Path<(String, String)>,
    fields: Fields,
) -> std::result::Result<Response, PageError> {
    let (client, of) = (ClientId(id.clone()), row);
    let new = NewAttachment::read(&fields, Some(AttachmentKind::Signed));
    let right = move |tx: &mut Tx<'_>, cx: &Cx| consents::beside(tx, cx, &client, &of, true);
    match attach::receive(&req, fields.upload("file"), new, right).await {
        Ok(_) => Ok(req.redirect(&format!("/clients/{id}/consents"), "attach.added")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let page = shown(&req, id, Form::refused(&req, &fields, &no)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn attached(
    req: Req,
    Path((id, row, attachment)): Path<(String, String, String)>,
) -> std::result::Result<Response, PageError> {
    let right = move |tx: &mut Tx<'_>, cx: &Cx| {
        let client = ClientId(id);
        let beside = consents::beside(tx, cx, &client, &row, false)?;
        access::care::viewed(tx, cx, &client, "consents")?;
        Ok(beside)
    };
    Ok(attach::show(&req, &attachment, right).await?)
}

pub(super) async fn withdraw(
    req: Req,
    Path((id, row)): Path<(String, String)>,
    fields: Fields,
) -> std::result::Result<Response, PageError> {
    let client = ClientId(id.clone());
    let why = fields.text("why").to_owned();
    req.act(move |tx, cx| consents::withdraw(tx, cx, &client, &row, &why)).await?;
    Ok(req.redirect(&format!("/clients/{id}/consents"), "clients.withdrawn.done"))
}
