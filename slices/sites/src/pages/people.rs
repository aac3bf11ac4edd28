//! People and bodies.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use db::{Result, Tx};
use kernel::Day;
use web::register::object;
use web::{Frame, PageError, Req, page};

use super::site::{Happened, happened};
use crate::view::{CellView, Grid, Names};
use crate::{acts, registers, store, view};

struct Line {
    href: String,
    name: String,
    number: String,
    /// (post, href of the site, its name)
    posts: Vec<(String, String, String)>,
    /// (certificate, badge colour)
    held: Vec<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "people.html")]
struct People {
    frame: Frame,
    q: String,
    lines: Vec<Line>,
    total: usize,
    pages: usize,
    here: usize,
    base: String,
    adds: bool,
    /// May the reader open the list of bodies?
    orgs: bool,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    id: String,
    file: Vec<CellView>,
    masked: bool,
    unmasks: bool,
    edits: bool,
    seen: bool,
    posts: Vec<(String, String, String, String, &'static str)>,
    grids: Vec<Grid>,
    all: Vec<Happened>,
}

#[derive(Template)]
#[template(path = "orgs.html")]
struct Orgs {
    frame: Frame,
    grid: Grid,
}

const PAGE: usize = 25;

/// How a certificate's end looks on a day: lapsed, soon, or none of it.
fn press(until: Option<Day>, today: Day) -> &'static str {
    match until {
        Some(until) if until <= today => "red",
        Some(until) if until.0 - today.0 <= crate::dues::AHEAD => "yellow",
        _ => "green",
    }
}

pub(super) async fn list(req: Req) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(
        &req.ask(move |tx, cx| {
            let q = r.query("q").unwrap_or_default();
            let here = r.query("page").and_then(|p| p.parse().ok()).unwrap_or(1_usize).max(1);
            let found: Vec<_> = store::people(tx, cx)?
                .into_iter()
                .filter(|p| {
                    q.is_empty() || p.name.contains(&q) || p.external_id.as_deref() == Some(&q)
                })
                .collect();
            let total = found.len();
            let mut names = Names::default();
            let mut lines = Vec::new();
            for p in found.iter().skip((here - 1) * PAGE).take(PAGE) {
                let mut posts = Vec::new();
                for post in store::posts_of_person(tx, cx, &p.id)? {
                    if view::state(Some(post.since), post.until, cx.today()) == "live" {
                        let site =
                            names.of(tx, cx, web::register::Kind::Site, post.site.as_str())?;
                        posts.push((
                            r.t(&format!("posts.role.{}", post.role)),
                            format!("/sites/{}", post.site),
                            site,
                        ));
                    }
                }
                let held = registry::people::qualifications_of(tx, &p.id)?
                    .iter()
                    .map(|q| {
                        (
                            r.t(&format!("qualifications.kind.{}", q.kind)),
                            press(q.until, cx.today()),
                        )
                    })
                    .collect();
                lines.push(Line {
                    href: format!("/people/{}", p.id),
                    name: p.name.clone(),
                    number: p
                        .id_number
                        .as_deref()
                        .map(kernel::numbers::mask_id)
                        .unwrap_or_default(),
                    posts,
                    held,
                });
            }
            Ok(People {
                frame: Frame::new(&r, "people.title"),
                base: format!("/people?q={}&", web::encode(&q)),
                q,
                lines,
                total,
                pages: total.div_ceil(PAGE).max(1),
                here,
                adds: r.can("people.write"),
                orgs: r.can("orgs.read"),
            })
        })
        .await?,
    )
}

fn build(tx: &mut Tx<'_>, cx: &access::Cx, req: &Req, id: &str, seen: bool) -> Result<PersonPage> {
    let person = store::person(tx, cx, id)?.ok_or(db::Error::Missing)?;
    let register = registers::register("people").ok_or(db::Error::Missing)?;
    let mut names = Names::default();
    let o = object(&person)?;
    let mut file = Vec::new();
    for field in register.fields.iter().filter(|f| f.name != "name") {
        let mut shown = view::cell(tx, cx, req, &mut names, register, field, &o)?;
        if seen && matches!(field.name, "id_number" | "phone") {
            shown.text = web::register::text(&o, field.name).to_owned();
        }
        if !shown.text.is_empty() {
            file.push(shown);
        }
    }
    let mut posts = Vec::new();
    for p in store::posts_of_person(tx, cx, &person.id)? {
        let site = names.of(tx, cx, web::register::Kind::Site, p.site.as_str())?;
        let role = format!(
            "{} · {}",
            req.t(&format!("posts.role.{}", p.role)),
            req.t(&format!("posts.employment.{}", p.employment))
        );
        let span = format!("{} – {}", p.since, p.until.map_or_else(String::new, |u| u.to_string()));
        posts.push((
            role,
            format!("/sites/{}/people", p.site),
            site,
            span,
            view::state(Some(p.since), p.until, cx.today()),
        ));
    }
    let mut grids = Vec::new();
    for name in ["qualifications", "work_history"] {
        if let Some(register) = registers::register(name) {
            grids.push(view::grid(tx, cx, req, register, id, &[])?);
        }
    }
    Ok(PersonPage {
        frame: Frame::titled(req, person.name.clone()).under(req.t("people.title")),
        masked: person.id_number.is_some() || person.phone.is_some(),
        unmasks: req.can("people.unmask"),
        edits: req.can("people.write"),
        id: person.id.0,
        file,
        seen,
        posts,
        grids,
        all: happened(tx, cx, req, id, 20)?,
    })
}

pub(super) async fn show(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(&req.ask(move |tx, cx| build(tx, cx, &r, &id, false)).await?)
}

/// Shows the numbers in full, once: the look is committed before the page is drawn.
pub(super) async fn numbers(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    let who = id.clone();
    req.act(move |tx, cx| acts::unmask(tx, cx, &who.as_str().into()).map(drop)).await?;
    page(&req.ask(move |tx, cx| build(tx, cx, &r, &id, true)).await?)
}

pub(super) async fn orgs(req: Req) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(
        &req.ask(move |tx, cx| {
            let register = registers::register("orgs").ok_or(db::Error::Missing)?;
            let records = register.under(tx, cx)?;
            let grid = view::table(tx, cx, &r, register, "", records, &[])?;
            Ok(Orgs { frame: Frame::new(&r, "orgs.title"), grid })
        })
        .await?,
    )
}
