//! The sign of a site as it should hang on the wall: a proof on paper. No official logo is bundled; its place is marked.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use web::{Frame, PageError, Req, page};

use crate::{acts, store};

#[derive(Template)]
#[template(path = "sign.html")]
struct Sign {
    frame: Frame,
    id: String,
    name: String,
    english: String,
    faults: Vec<String>,
    bilingual: bool,
}

pub(super) async fn sign(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let site = store::site(tx, cx, &id)?.ok_or(db::Error::Missing)?;
            let label = site.label.clone().unwrap_or_default();
            let named = acts::name_for(tx, cx, site.kind, &site.region, &site.name, &label)?;
            Ok(Sign {
                frame: Frame::new(&r, "sites.sign").under(site.name.clone()),
                english: r.t(&format!("sites.sign.en.{}", site.kind)),
                faults: named.checked.faults.iter().map(|f| r.refusal(f)).collect(),
                name: site.name,
                bilingual: r.query("en").is_some(),
                id,
            })
        })
        .await?;
    page(&built)
}
