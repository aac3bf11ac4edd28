//! What people thought: the public sheet behind the code, and the paper that carries the code.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use forms::Kind;
use kernel::ActivityId;
use web::qr::{self, Svg};
use web::{Choice, Error, Fields, Form, Frame, Limits, PageError, Req, page, page_with};

use crate::acts::{activity, opinion, signup};
use crate::model::activity::Activity;

/// Tries per code and minute: a hall that answers at once.
const MOST: u32 = 120;
/// For how long a browser that answered is not asked again, in seconds: the days on which one may answer.
const KEEP: i64 = 15 * 86_400;

struct Question {
    name: String,
    label: String,
    options: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "opinion.html")]
struct Sheet {
    frame: Frame,
    form: Form,
    token: String,
    questions: Vec<Question>,
    comment: String,
    done: bool,
}

#[derive(Template)]
#[template(path = "opinion_code.html")]
struct Paper {
    frame: Frame,
    a: Activity,
    code: Svg,
    address: String,
}

/// The mark of a browser that answered: it says nothing of the code.
fn mark(token: &str) -> String {
    format!("o-{}", activity::index(token).get(..12).unwrap_or_default())
}

fn answered(heads: &HeaderMap, token: &str) -> bool {
    let mark = format!("{}=1", mark(token));
    heads
        .get_all("cookie")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .any(|c| c.trim() == mark)
}

async fn show(
    req: &Req,
    status: StatusCode,
    token: &str,
    form: Form,
    done: bool,
) -> Result<Response, PageError> {
    req.shell.parts.get::<Limits>().take(token, "opinion", MOST, req.now)?;
    let (asked, today) = (token.to_owned(), req.now.day());
    let (a, sheet) = req
        .shell
        .db
        .ask(move |tx| {
            let a = opinion::open(tx, &asked, today)?;
            Ok((a, forms::library::latest(tx, opinion::FORM)?))
        })
        .await
        .map_err(Error::from)?;
    let say = |t: &forms::Text| t.say(req.lang).to_owned();
    let questions = sheet
        .fields()
        .filter(|f| f.kind == Kind::Choice)
        .map(|f| Question {
            name: f.name.clone(),
            label: say(&f.label),
            options: f
                .options
                .iter()
                .map(|o| Choice { value: o.value.clone(), label: say(&o.label) })
                .collect(),
        })
        .collect();
    let comment = sheet.field_of("comment").map(|f| say(&f.label)).unwrap_or_default();
    let mut frame = Frame::titled(req, a.title).under(say(&sheet.title));
    frame.nav.clear();
    let minted = frame.csrf.is_empty().then(|| URL_SAFE_NO_PAD.encode(req.shell.ids.secret()));
    if let Some(token) = &minted {
        frame.csrf.clone_from(token);
    }
    let sheet = Sheet { frame, form, token: token.to_owned(), questions, comment, done };
    let mut response = page_with(status, &sheet)?;
    if let Some(token) = minted {
        req.set_cookie(&mut response, "visitor", &token, None);
    }
    Ok(response)
}

pub(crate) async fn ask(
    req: Req,
    Path(token): Path<String>,
    heads: HeaderMap,
) -> Result<Response, PageError> {
    let done = answered(&heads, &token);
    show(&req, StatusCode::OK, &token, Form::blank(), done).await
}

pub(crate) async fn say(
    req: Req,
    Path(token): Path<String>,
    heads: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    req.shell.parts.get::<Limits>().take(&token, "opinion", MOST, req.now)?;
    let back = format!("/opinion/{token}");
    if answered(&heads, &token) {
        return Ok(req.redirect(&back, "activities.opinion.done"));
    }
    let cx = Cx { request: req.request_id.clone(), ..Cx::system(req.now, req.shell.ids.clone()) };
    let (asked, flat) = (token.clone(), fields.joined());
    match req.shell.db.act(move |tx| opinion::say(tx, &cx, &asked, &flat)).await {
        Ok(()) => {
            let mut response = req.redirect(&back, "activities.opinion.done");
            req.set_cookie(&mut response, &mark(&token), "1", Some(KEEP));
            Ok(response)
        }
        Err(db::Error::Refused(no)) => {
            let form = Form::refused(&req, &fields, &no);
            show(&req, StatusCode::UNPROCESSABLE_ENTITY, &token, form, false).await
        }
        Err(e) => Err(Error::from(e).into()),
    }
}

pub(crate) async fn paper(
    req: Req,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = ActivityId::from(id);
    let (a, token) = req.ask(move |tx, cx| signup::code(tx, cx, &id)).await?;
    let host = headers.get("host").and_then(|h| h.to_str().ok()).unwrap_or_default();
    let scheme = if req.shell.settings.tls { "https" } else { "http" };
    let address = format!("{scheme}://{host}/opinion/{token}");
    page(&Paper {
        frame: Frame::new(&req, "activities.opinion.code").under(a.title.clone()),
        code: qr::svg(&address),
        address,
        a,
    })
}
