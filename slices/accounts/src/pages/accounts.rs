//! The administrators' pages: the list, one account, its roles.
use std::collections::HashMap;

use access::acts::NewGrant;
use access::{Account, AccountStatus, Grant, Role};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::event::Entry;
use kernel::{AccountId, Day, GrantId, Refusal, RegionId, SiteId};
use registry::region::{Region, RegionKind};
use registry::site::Site;
use web::{Choice, Error, Fields, Form, Frame, Gate, PageError, Req, page, page_with};

use crate::{acts, store};

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/accounts", "accounts.read", list)
        .post("/accounts", "accounts.manage", open)
        .get("/accounts/{id}", "accounts.read", one)
        .post("/accounts/{id}/password", "accounts.manage", reset)
        .post("/accounts/{id}/suspension", "accounts.manage", suspend)
        .post("/accounts/{id}/reinstatement", "accounts.manage", reinstate)
        .post("/accounts/{id}/grants", "accounts.read", grant)
        .post("/accounts/{id}/grants/{grant}/end", "accounts.read", revoke)
}

/// One line of the list.
struct Line {
    account: Account,
    roles: Vec<String>,
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct Accounts {
    frame: Frame,
    lines: Vec<Line>,
    words: String,
    filters: Vec<(String, String, bool)>,
    form: Form,
    may_open: bool,
}

/// A grant as its page shows it.
struct Held {
    grant: Grant,
    role: String,
    place: String,
    /// The one site it is limited to; empty for the whole region.
    site: String,
    /// `live`, `over` or `later`.
    state: &'static str,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    account: Account,
    held: Vec<Held>,
    history: Vec<Entry>,
    form: Form,
    roles: Vec<Choice>,
    regions: Vec<Choice>,
    sites: Vec<Choice>,
    may_manage: bool,
    may_grant: bool,
}

#[derive(Template)]
#[template(path = "handover.html")]
struct Handover {
    frame: Frame,
    account: Account,
    password: String,
}

async fn list(req: Req) -> Result<Response, PageError> {
    show_list(&req, StatusCode::OK, Form::blank()).await
}

async fn show_list(req: &Req, status: StatusCode, form: Form) -> Result<Response, PageError> {
    let words = req.query("q").unwrap_or_default().trim().to_owned();
    let wanted = req.query("status").unwrap_or_default();
    let (w, s) = (words.clone(), wanted.clone());
    let (accounts, grants, places) = req
        .ask(move |tx, cx| {
            let places: HashMap<RegionId, String> =
                registry::region::all(tx)?.into_iter().map(|r| (r.id, r.name)).collect();
            Ok((store::accounts(tx, &w, &s)?, store::live_grants(tx, cx.today())?, places))
        })
        .await?;
    let lines = accounts
        .into_iter()
        .map(|account| {
            let mine = grants.iter().filter(|g| g.account == account.id);
            let name = |g: &Grant| {
                let place = places.get(&g.region).map_or("", String::as_str);
                format!("{} · {place}", req.t(&format!("role.{}", g.role)))
            };
            Line { roles: mine.map(name).collect(), account }
        })
        .collect();
    let filter = |value: &str, key: &str| {
        let q = web::encode(&words);
        (format!("/accounts?q={q}&status={value}"), req.t(key), wanted == value)
    };
    let filters = vec![
        filter("", "accounts.status.all"),
        filter("active", "accounts.status.active"),
        filter("suspended", "accounts.status.suspended"),
    ];
    let (frame, may_open) = (Frame::new(req, "accounts.title"), req.can("accounts.manage"));
    page_with(status, &Accounts { frame, lines, words, filters, form, may_open })
}

async fn open(req: Req, fields: Fields) -> Result<Response, PageError> {
    match acts::open(&req, fields.text("login"), fields.text("name")).await {
        Ok((account, password)) => {
            page(&Handover { frame: Frame::new(&req, "accounts.opened"), account, password })
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            show_list(&req, StatusCode::UNPROCESSABLE_ENTITY, Form::refused(&req, &fields, &no))
                .await
        }
        Err(e) => Err(e.into()),
    }
}

async fn one(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let form = Form::blank().with("since", req.now.day());
    show(&req, StatusCode::OK, AccountId::from(id), form).await
}

async fn show(
    req: &Req,
    status: StatusCode,
    id: AccountId,
    form: Form,
) -> Result<Response, PageError> {
    let (account, grants, history, regions, sites, may_grant) = req
        .ask(move |tx, cx| {
            let account = access::find_account(tx, &id)?.ok_or(db::Error::Missing)?;
            let grants = access::grants_of(tx, &id)?;
            let may_grant = match access::acts::may_grant(tx, cx) {
                Ok(()) => *cx.actor.account() != id,
                Err(db::Error::Refused(_)) => false,
                Err(e) => return Err(e),
            };
            let regions = registry::region::all(tx)?;
            let top = registry::region::root(tx)?.map_or_else(String::new, |r| r.path);
            let sites = registry::site::under(tx, &top, cx.today())?;
            Ok((account, grants, store::history(tx, &id)?, regions, sites, may_grant))
        })
        .await?;
    let today = req.now.day();
    let held = grants
        .into_iter()
        .map(|grant| Held {
            role: req.t(&format!("role.{}", grant.role)),
            place: regions
                .iter()
                .find(|r| r.id == grant.region)
                .map_or_else(String::new, |r| r.name.clone()),
            site: grant.site.as_ref().map_or_else(String::new, |id| {
                sites.iter().find(|s| s.id == *id).map_or_else(|| id.0.clone(), Site::short)
            }),
            state: match (grant.holds_on(today), grant.since > today) {
                (true, _) => "live",
                (false, true) => "later",
                (false, false) => "over",
            },
            grant,
        })
        .collect();
    let roles = Role::ALL
        .iter()
        .map(|r| Choice { value: r.as_str().into(), label: req.t(&format!("role.{r}")) })
        .collect();
    let page = AccountPage {
        frame: Frame::titled(req, account.name.clone()).under(req.t("accounts.title")),
        account,
        held,
        history,
        form,
        roles,
        sites: sites.iter().map(|s| Choice { value: s.id.0.clone(), label: s.short() }).collect(),
        regions: choices(&regions),
        may_manage: req.can("accounts.manage"),
        may_grant,
    };
    page_with(status, &page)
}

/// The district, then each street with what lies under it.
fn choices(regions: &[Region]) -> Vec<Choice> {
    let name = |id: &RegionId| regions.iter().find(|r| r.id == *id).map_or("", |r| r.name.as_str());
    let street = |r: &Region| match (&r.kind, &r.parent) {
        (RegionKind::Community | RegionKind::Village, Some(up)) => {
            format!("{} / {}", name(up), r.name)
        }
        _ => r.name.clone(),
    };
    let mut ours: Vec<&Region> = regions
        .iter()
        .filter(|r| !matches!(r.kind, RegionKind::Province | RegionKind::City) && r.until.is_none())
        .collect();
    // A path is shorter than those of what lies under it, so sorting by level keeps the district and its streets on top.
    ours.sort_by_key(|r| (r.path.matches('/').count(), r.code.clone()));
    ours.into_iter().map(|r| Choice { value: r.id.0.clone(), label: street(r) }).collect()
}

async fn reset(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let (account, password) = acts::reset(&req, AccountId::from(id)).await?;
    page(&Handover { frame: Frame::new(&req, "accounts.reset.done"), account, password })
}

async fn suspend(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    set_status(req, id, AccountStatus::Suspended).await
}
async fn reinstate(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    set_status(req, id, AccountStatus::Active).await
}
async fn set_status(req: Req, id: String, status: AccountStatus) -> Result<Response, PageError> {
    let account = AccountId::from(id.clone());
    req.act(move |tx, cx| access::acts::set_status(tx, cx, &account, status)).await?;
    Ok(req.redirect(&format!("/accounts/{id}"), "accounts.status_changed"))
}

/// Reads the form of a grant.
fn read(fields: &Fields, account: AccountId) -> Result<NewGrant, Error> {
    let mut no = kernel::Refusals::none();
    let role = Role::parse(fields.text("role"));
    no.require(role.is_some(), "role", "accounts.role_unknown");
    let since = fields.text("since").parse::<Day>();
    no.require(since.is_ok(), "since", "accounts.not_a_day");
    let until = match fields.text("until") {
        "" => Ok(None),
        text => text.parse::<Day>().map(Some),
    };
    no.require(until.is_ok(), "until", "accounts.not_a_day");
    no.done()?;
    let (Some(role), Ok(since), Ok(until)) = (role, since, until) else {
        return Err(Refusal::new("accounts.role_unknown").into());
    };
    let site = Some(fields.text("site")).filter(|s| !s.is_empty()).map(SiteId::from);
    Ok(NewGrant {
        account,
        role,
        region: RegionId::from(fields.text("region")),
        site,
        since,
        until,
    })
}

async fn grant(req: Req, Path(id): Path<String>, fields: Fields) -> Result<Response, PageError> {
    let account = AccountId::from(id.clone());
    let done = match read(&fields, account.clone()) {
        Ok(new) => req.act(move |tx, cx| access::acts::grant(tx, cx, new)).await,
        Err(e) => Err(e),
    };
    match done {
        Ok(_) => Ok(req.redirect(&format!("/accounts/{id}"), "accounts.granted")),
        Err(Error::Act(db::Error::Refused(no)))
            if !no.0.iter().any(|r| r.key == "access.denied") =>
        {
            show(&req, StatusCode::UNPROCESSABLE_ENTITY, account, Form::refused(&req, &fields, &no))
                .await
        }
        Err(e) => Err(e.into()),
    }
}

async fn revoke(
    req: Req,
    Path((id, grant)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let grant = GrantId::from(grant);
    req.act(move |tx, cx| access::acts::revoke(tx, cx, &grant, cx.today())).await?;
    Ok(req.redirect(&format!("/accounts/{id}"), "accounts.revoked"))
}
