//! The papers of an activity: the sheet on which people sign, the poster at the door. Both carry the code with which people check in.
use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use kernel::{ActivityId, Day};
use web::qr::{self, Svg};
use web::{Error, Frame, PageError, Req, page};

use crate::acts::signup;
use crate::model::activity::{Activity, seats};
use crate::store;
use crate::view::Names;

#[derive(Template)]
#[template(path = "activity_sheet.html")]
struct Sheet {
    frame: Frame,
    a: Activity,
    site: String,
    workers: String,
    /// Names on the list, then empty rows.
    names: Vec<String>,
}

#[derive(Template)]
#[template(path = "activity_poster.html")]
struct Poster {
    frame: Frame,
    a: Activity,
    site: String,
    day: Day,
    code: Svg,
    address: String,
}

/// Rows of an empty sheet.
const ROWS: usize = 20;

async fn load(
    req: &Req,
    id: &str,
) -> Result<(Activity, String, String, String, Vec<String>), Error> {
    let id = ActivityId::from(id);
    req.ask(move |tx, cx| {
        let (a, token) = signup::code(tx, cx, &id)?;
        let mut names = Names::default();
        let list = store::activity::signups(tx, &a.id)?;
        let guests = seats(&list, a.capacity).0.iter().map(|s| s.name.clone()).collect();
        let workers = store::activity::workers(tx, &a.id)?;
        // Paper says the whole name (4A.2-10).
        let site = registry::site::find(tx, &a.site)?.map_or_else(|| "—".into(), |s| s.name);
        Ok((a.clone(), token, site, names.people(tx, &workers)?, guests))
    })
    .await
}

pub(crate) async fn sheet(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let (a, _, site, workers, mut names) = load(&req, &id).await?;
    while names.len() < ROWS {
        names.push(String::new());
    }
    page(&Sheet {
        frame: Frame::titled(&req, req.t("activities.sheet")).under(a.title.clone()),
        a,
        site,
        workers,
        names,
    })
}

pub(crate) async fn poster(
    req: Req,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let (a, token, site, _, _) = load(&req, &id).await?;
    let host = headers.get("host").and_then(|h| h.to_str().ok()).unwrap_or_default();
    let scheme = if req.shell.settings.tls { "https" } else { "http" };
    let address = format!("{scheme}://{host}/checkin/{token}");
    page(&Poster {
        frame: Frame::titled(&req, a.title.clone()).under(site.clone()),
        day: a.day,
        code: qr::svg(&address),
        address,
        a,
        site,
    })
}
