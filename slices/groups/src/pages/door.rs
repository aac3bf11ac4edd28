//! The sign-in door: the code for whoever leads the session to show, and the page behind it for members, which names nobody.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use web::qr::{self, Svg};
use web::{Error, Fields, Form, Frame, Limits, PageError, Req, page, page_with};

use super::Page;
use crate::acts::signing;
use crate::store;

/// Tries a minute that one code takes: a room of people who mistype once.
const MOST: u32 = 60;

#[derive(Template)]
#[template(path = "door.html")]
struct DoorPage {
    frame: Frame,
    action: String,
    back: String,
    sheet: String,
    /// Empty while the door is closed.
    address: String,
    code: Svg,
    closes: String,
    signed: usize,
    expected: usize,
    writes: bool,
    over: bool,
}

/// The address of a path of ours as this browser reached us.
fn absolute(req: &Req, headers: &HeaderMap, path: &str) -> String {
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let scheme = if req.shell.settings.tls { "https" } else { "http" };
    format!("{scheme}://{host}{path}")
}

pub(super) async fn show(
    req: Req,
    Path((id, session)): Path<(String, String)>,
    headers: HeaderMap,
) -> Page {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let (g, look) = super::open(tx, cx, &id)?;
            let s = store::session(tx, &g.id, &session)?.ok_or(db::Error::Missing)?;
            let recorded = store::record_of(tx, &s.id)?.is_some();
            let token = match look.writes && !recorded {
                true => signing::token(tx, &s, cx.now)?,
                false => None,
            };
            let path = token.map_or_else(String::new, |t| format!("/groups/signin/{t}"));
            let address = if path.is_empty() { path } else { absolute(&r, &headers, &path) };
            let signed = store::presences_at(tx, &s.id)?;
            let title = r.fill("groups.nth", &[("n", s.number.to_string())]);
            let here = format!("/groups/{}/sessions/{}", g.id, s.id);
            Ok(DoorPage {
                frame: Frame::titled(&r, format!("{} · {title}", r.t("groups.door")))
                    .under(g.name.clone()),
                action: format!("{here}/door"),
                sheet: format!("{here}/sheet"),
                back: here,
                code: if address.is_empty() { Svg::default() } else { qr::svg(&address) },
                address,
                closes: s.day.to_string(),
                signed: signed.iter().filter(|p| p.signed_at.is_some()).count(),
                expected: store::members(tx, &g.id)?.iter().filter(|m| m.enrolled(s.day)).count(),
                writes: look.writes,
                over: recorded || cx.now >= s.day.plus_days(1).start(),
            })
        })
        .await?;
    page(&built)
}

pub(super) async fn open(req: Req, Path((id, session)): Path<(String, String)>) -> Page {
    let (group, s) = (id.as_str().into(), session.clone());
    req.act(move |tx, cx| signing::open(tx, cx, &group, &s)).await?;
    Ok(req.redirect(&format!("/groups/{id}/sessions/{session}/door"), "groups.door.open"))
}

#[derive(Template)]
#[template(path = "signin.html")]
struct SignIn {
    frame: Frame,
    form: Form,
    token: String,
    site: String,
    what: String,
    day: String,
    done: bool,
}

/// The page behind the code. A browser that is not signed in gets a token for its form.
async fn draw(
    req: &Req,
    token: String,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let done = req.query("done").is_some();
    let (asked, now) = (token.clone(), req.now);
    let (session, site) = req
        .shell
        .db
        .ask(move |tx| {
            let (session, group) = signing::behind(tx, &asked, now)?;
            let site = registry::site::find(tx, &group.site)?.map_or_else(String::new, |s| s.name);
            Ok((session, site))
        })
        .await
        .map_err(Error::from)?;
    let mut frame = Frame::new(req, "groups.door");
    let minted = frame.csrf.is_empty().then(|| access::session::token_text(req.shell.ids.secret()));
    if let Some(token) = &minted {
        frame.csrf.clone_from(token);
    }
    let what = req.fill("groups.nth", &[("n", session.number.to_string())]);
    let day = session.day.to_string();
    let mut response = page_with(status, &SignIn { frame, form, token, site, what, day, done })?;
    if let Some(token) = minted {
        req.set_cookie(&mut response, "visitor", &token, None);
    }
    Ok(response)
}

pub(super) async fn ask(req: Req, Path(token): Path<String>) -> Page {
    draw(&req, token, Form::blank(), StatusCode::OK).await
}

pub(super) async fn answer(req: Req, Path(token): Path<String>, fields: Fields) -> Page {
    let limits = req.shell.parts.get::<Limits>();
    limits.take(&access::session::token_hash(&token), "group sign-in", MOST, req.now)?;
    let cx = Cx::system(req.now, req.shell.ids.clone());
    let (asked, digits) = (token.clone(), fields.text("digits").to_owned());
    match req.shell.db.act(move |tx| signing::sign_in(tx, &cx, &asked, &digits)).await {
        Ok(()) => Ok(req.redirect(&format!("/groups/signin/{token}?done=1"), "")),
        Err(db::Error::Refused(no)) => {
            let form = Form::refused(&req, &fields, &no);
            draw(&req, token, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(e) => Err(Error::from(e).into()),
    }
}
