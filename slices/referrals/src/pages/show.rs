//! One referral: its clock, its steps, the packet, and the buttons of whoever looks.
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use kernel::{PersonId, ReferralId, Refusal};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::answer::Answer;
use crate::acts::{answer as answers, link as links, write};
use crate::model::{LINK_DAYS, Referral, State};
use crate::view::{self, LinkView, Stage, StepView};

#[derive(Template)]
#[template(path = "show.html")]
struct Show {
    frame: Frame,
    form: Form,
    id: String,
    client_href: String,
    label: String,
    state: String,
    colour: &'static str,
    clock: String,
    late: bool,
    stages: Vec<Stage>,
    facts: Vec<(String, String)>,
    packet: Vec<(String, String)>,
    files: Vec<view::FileLine>,
    ground: String,
    /// A draft: what would be shared.
    preview: bool,
    /// The packet is closed to this viewer, because only headers are theirs.
    header_only: bool,
    withdrawn: bool,
    opened: String,
    steps: Vec<StepView>,
    links: Vec<LinkView>,
    can: Can,
    keepers: Vec<Choice>,
    again: String,
    new_client: String,
}

/// What the viewer may do now.
#[derive(Default)]
struct Can {
    edit: bool,
    send: bool,
    withdraw: bool,
    close: bool,
    again: bool,
    link: bool,
    revoke: bool,
    accept: bool,
    send_back: bool,
    start: bool,
    feed_back: bool,
    assign: bool,
}

pub(super) async fn show(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&build(&req, &id.into(), Form::blank()).await?)
}

async fn build(req: &Req, id: &ReferralId, form: Form) -> Result<Show, Error> {
    let (r, of) = (req.clone(), id.clone());
    req.act(move |tx, cx| {
        let seen = view::see(tx, cx, &of)?;
        let keepers = match (&seen.r.to_path, seen.stand.answers) {
            (Some(path), true) => registry::site::colleagues(tx, path, cx.today())?,
            _ => Vec::new(),
        };
        Ok(drawn(&r, seen, keepers, form))
    })
    .await
}

fn drawn(req: &Req, seen: view::Seen, keepers: Vec<(PersonId, String)>, form: Form) -> Show {
    let r = &seen.r;
    let may = |to: State| r.state.to(to).is_ok();
    let sends = seen.stand.writes() && req.can("referrals.write");
    let decides = seen.stand.answers && req.can("referrals.answer");
    let receives = seen.stand.receiver;
    let answerable = may(State::Accepted) || r.state == State::Sent;
    let live = seen.links.iter().any(|(l, _)| l.ended(req.now).is_none());
    let can = Can {
        edit: sends && r.state == State::Draft,
        send: sends && r.state == State::Draft,
        withdraw: sends && may(State::Withdrawn),
        close: sends && may(State::Closed),
        again: sends
            && matches!(
                r.state,
                State::Declined | State::Returned | State::ReReferred | State::Closed
            ),
        link: sends && r.to_org.is_some() && r.state != State::Draft && !r.state.ended(),
        revoke: sends && live,
        accept: decides && answerable,
        send_back: decides && (may(State::Returned) || r.state == State::Sent),
        start: receives && may(State::InService),
        feed_back: receives && may(State::FedBack),
        assign: decides && matches!(r.state, State::Accepted | State::InService),
    };
    let (clock, late) = view::clock(req, r);
    let withdrawn = r.state == State::Withdrawn;
    let looks: Vec<_> = seen.links.iter().flat_map(|(_, l)| l.iter().map(|l| l.what)).collect();
    let opened = match (withdrawn && seen.stand.sender.is_some(), view::opened_before(r, &looks)) {
        (true, Some(true)) => req.fill(
            "referrals.withdrawn.opened",
            &[("at", r.opened_at.map_or_else(String::new, kernel::Instant::local))],
        ),
        (true, Some(false)) => req.t("referrals.withdrawn.unopened"),
        _ => String::new(),
    };
    let steps = view::steps(req, &seen.steps);
    let stages = view::stages(req, r, &seen.steps);
    let packet = seen.packet.as_ref().map(|p| view::lines(req, p)).unwrap_or_default();
    // A draft has no packet yet: its files are named and opened at the case.
    let base = if r.sent_at.is_some() { format!("/referrals/{}", r.id) } else { String::new() };
    let files = seen.packet.as_ref().map(|p| view::files(req, p, &base)).unwrap_or_default();
    let ground = seen.packet.as_ref().map(|p| view::ground(req, p)).unwrap_or_default();
    let title = req.fill("referrals.number", &[("n", r.number.to_string())]);
    let client_href = match seen.stand.sender {
        Some(_) => format!("/clients/{}", r.client),
        None => String::new(),
    };
    let name = seen.packet.as_ref().and_then(|p| p.name.clone()).unwrap_or_default();
    Show {
        facts: facts(req, &seen),
        links: view::links(req, &seen),
        frame: Frame::titled(req, title).under(format!("{} → {}", seen.from, r.to_name)),
        form: form.or("days", LINK_DAYS).or("on", req.now.day()).or("minutes", 20),
        id: r.id.0.clone(),
        client_href,
        label: seen.label.clone(),
        state: req.t(&format!("referrals.state.{}", r.state)),
        colour: r.state.colour(),
        clock,
        late,
        stages,
        preview: r.state == State::Draft,
        header_only: seen.packet.is_none() && !withdrawn,
        withdrawn,
        opened,
        packet,
        files,
        ground,
        steps,
        can,
        keepers: keepers
            .into_iter()
            .map(|(id, name)| Choice { value: id.0, label: name })
            .collect(),
        again: format!(
            "/referrals/new?client={}&from=referral:{}&field={}",
            r.client, r.id, r.field
        ),
        new_client: format!("/clients/new?from=referral:{}&name={}", r.id, web::encode(&name)),
    }
}

fn facts(req: &Req, seen: &view::Seen) -> Vec<(String, String)> {
    let r = &seen.r;
    let mut out = Vec::new();
    let mut put = |key: &str, value: String| {
        if !value.is_empty() {
            out.push((req.t(&format!("referrals.fact.{key}")), value));
        }
    };
    put("from", seen.from.clone());
    put("worker", seen.worker.clone());
    put("to", r.to_name.clone());
    put("contact", r.to_contact.clone().unwrap_or_default());
    put("field", req.t(&format!("referrals.field.{}", r.field)));
    put("urgency", req.t(&format!("referrals.urgency.{}", r.urgency)));
    put("sent", r.sent_at.map_or_else(String::new, kernel::Instant::local));
    put("opened", r.opened_at.map_or_else(String::new, kernel::Instant::local));
    put("answer_by", r.answer_by.map_or_else(String::new, |d| d.to_string()));
    put("keeper", seen.keeper.clone());
    put("first_service", r.first_service.map_or_else(String::new, |d| d.to_string()));
    put("consent_by", seen.consent_by.clone());
    out
}

/// After a verb: back to the page, or the page again with what was wrong.
async fn after(
    req: &Req,
    id: &ReferralId,
    fields: &Fields,
    done: Result<Referral, Error>,
    flash: &'static str,
) -> Result<Response, PageError> {
    match done {
        Ok(r) => Ok(req.redirect(&format!("/referrals/{}", r.id), flash)),
        Err(Error::Act(db::Error::Refused(no)))
            if no.0.iter().all(|r| r.key != "access.denied") =>
        {
            let form = Form::refused(req, fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &build(req, id, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn send(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: ReferralId = id.into();
    let of = id.clone();
    let done = match fields.text("minutes").parse() {
        Ok(minutes) => req.act(move |tx, cx| write::send(tx, cx, &of, minutes)).await,
        Err(_) => Err(Refusal::at("minutes", "ledger.minutes").into()),
    };
    after(&req, &id, &fields, done, "referrals.done.sent").await
}

pub(super) async fn withdraw(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: ReferralId = id.into();
    let (of, why) = (id.clone(), fields.text("why").to_owned());
    let done = req.act(move |tx, cx| write::withdraw(tx, cx, &of, &why)).await;
    after(&req, &id, &fields, done, "referrals.done.withdrawn").await
}

pub(super) async fn close(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: ReferralId = id.into();
    let (of, said) = (id.clone(), fields.text("said").to_owned());
    let done = req.act(move |tx, cx| write::close(tx, cx, &of, &said)).await;
    after(&req, &id, &fields, done, "referrals.done.closed").await
}

/// What a form says as an answer.
pub(super) fn read(fields: &Fields) -> Result<Answer, Refusal> {
    let text = |name: &str| fields.text(name).to_owned();
    match fields.text("answer") {
        "accepted" => {
            let keeper = Some(text("keeper")).filter(|k| !k.is_empty()).map(PersonId::from);
            Ok(Answer::Accept { keeper })
        }
        "declined" => Ok(Answer::Decline { reason: text("reason") }),
        "returned" => Ok(Answer::Return { reason: text("reason") }),
        "re_referred" => Ok(Answer::ReRefer { to: text("re_refer_to"), reason: text("reason") }),
        "in_service" => match fields.text("on").parse() {
            Ok(on) => Ok(Answer::Start { on }),
            Err(_) => Err(Refusal::at("on", "register.not_a_day")),
        },
        "fed_back" => Ok(Answer::FeedBack { text: text("text") }),
        _ => Err(Refusal::at("answer", "register.not_a_choice")),
    }
}

pub(super) async fn answer(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: ReferralId = id.into();
    let of = id.clone();
    let done = match read(&fields) {
        Ok(said) => req.act(move |tx, cx| answers::answer(tx, cx, &of, &said)).await,
        Err(no) => Err(no.into()),
    };
    after(&req, &id, &fields, done, "referrals.done.answered").await
}

/// A link just made, shown once.
#[derive(Template)]
#[template(path = "made.html")]
struct MadePage {
    frame: Frame,
    id: String,
    address: String,
    code: String,
    until: String,
    drawing: web::qr::Svg,
}

pub(super) async fn link(
    req: Req,
    Path(id): Path<String>,
    heads: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: ReferralId = id.into();
    let of = id.clone();
    let days = fields.text("days").parse().unwrap_or_default();
    let made = req.act(move |tx, cx| links::make(tx, cx, &of, Some(days))).await;
    let made = match made {
        Ok(made) => made,
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &build(&req, &id, form).await?);
        }
        Err(e) => return Err(e.into()),
    };
    let host = heads.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let scheme = if req.shell.settings.tls { "https" } else { "http" };
    let address = format!("{scheme}://{host}/r/{}", made.token);
    page(&MadePage {
        frame: Frame::new(&req, "referrals.link.made"),
        id: id.0,
        drawing: web::qr::svg(&address),
        address,
        code: made.code,
        until: made.link.until.local(),
    })
}

pub(super) async fn revoke(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let of: ReferralId = id.as_str().into();
    req.act(move |tx, cx| links::revoke(tx, cx, &of)).await?;
    Ok(req.redirect(&format!("/referrals/{id}"), "referrals.link.revoked"))
}
