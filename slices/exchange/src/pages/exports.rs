//! Exports: every register the viewer may see, and who took what.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use web::{Frame, PageError, Req, page};

use super::{download, moment, split, tabs};
use crate::acts::export::{Wish, export};
use crate::house::House;
use crate::store;

#[derive(Template)]
#[template(path = "exports.html")]
struct Exports {
    frame: Frame,
    tabs: Vec<(String, String, usize, bool)>,
    /// Register, title, rows.
    registers: Vec<(String, String, usize)>,
    log: Vec<(String, String, String, i64, String)>,
    unmasked: bool,
    may_import: bool,
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let house = House::of(&req.shell);
    let of = house.clone();
    let (counts, log) = req
        .ask(move |tx, cx| {
            let mut counts = Vec::new();
            for r in of.registers.iter().filter(|r| r.intake.is_none()) {
                counts.push((r.name, r.under(tx, cx)?.len()));
            }
            Ok((counts, store::exports(tx, cx, 20)?))
        })
        .await?;
    let registers = counts
        .into_iter()
        .map(|(name, n)| (name.to_owned(), house.title(req.lang, name), n))
        .collect();
    let log = log
        .into_iter()
        .map(|e| {
            let what = format!("{} · {}", house.title(req.lang, &e.register), e.format);
            (moment(e.at), e.name, what, e.rows, e.reason)
        })
        .collect();
    page(&Exports {
        frame: Frame::new(&req, "exchange.exports"),
        tabs: tabs(&req, "/exports"),
        registers,
        log,
        unmasked: req.can("people.unmask"),
        may_import: req.can("import.run"),
    })
}

pub(super) async fn take(req: Req, Path(file): Path<String>) -> Result<Response, PageError> {
    Ok(file_of(&req, &file).await?)
}

/// The file of an export, for pages and machines alike.
pub(crate) async fn file_of(req: &Req, file: &str) -> Result<Response, web::Error> {
    let house = House::of(&req.shell);
    let (name, format) = split(file).ok_or(db::Error::Missing)?;
    let register = house.register(name).filter(|r| r.intake.is_none()).ok_or(db::Error::Missing)?;
    let reason = req.query("reason").filter(|r| !r.trim().is_empty());
    let wish = Wish {
        site: req.query("site").unwrap_or_default(),
        reason: reason.unwrap_or_else(|| req.t("exchange.reason.none")),
        format,
    };
    let (lang, of) = (req.lang, house.clone());
    let taken = req.act(move |tx, cx| export(tx, cx, &of, lang, register, &wish)).await?;
    let watermark = req.shell.settings.demo.then(|| req.t("web.demo"));
    let today = req.now.day();
    let bytes = tokio::task::spawn_blocking(move || taken.file(watermark, today))
        .await
        .map_err(|e| web::Error::Broken(e.to_string()))??;
    let title = house.title(req.lang, name);
    Ok(download(bytes, &format!("{title}-{today}.{format}"), format))
}
