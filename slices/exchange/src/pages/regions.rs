//! The region tree with its history, and loading a list.
use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Day, Refusal};
use papers::guard::{self, Limits};
use registry::region::{self, Region, RegionKind};
use web::{Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::tabs;
use crate::acts::regions::{Change, Line, apply, expect, lines};
use crate::store;

#[derive(Template)]
#[template(path = "regions.html")]
struct Regions {
    frame: Frame,
    tabs: Vec<(String, String, usize, bool)>,
    streets: Vec<Street>,
    /// District, streets, communities, villages that are open.
    counts: (String, usize, usize, usize),
    may_load: bool,
}

struct Street {
    row: Row,
    communities: Vec<Row>,
}

struct Row {
    code: String,
    name: String,
    kind: &'static str,
    closed: String,
    /// Earlier codes with their days, and other names.
    history: String,
}

#[derive(Template)]
#[template(path = "regions_load.html")]
struct RegionsLoad {
    frame: Frame,
    f: Form,
    changes: Vec<Change>,
    /// Was a dry run made?
    tried: bool,
    /// The list itself, carried from the dry run to the load.
    text: String,
}

pub(super) async fn tree(req: Req) -> Result<Response, PageError> {
    let (all, codes, aliases) = req
        .ask(|tx, cx| {
            let all = region::under(tx, &cx.actor.scope().path)?;
            Ok((all, store::codes(tx)?, store::aliases(tx)?))
        })
        .await?;
    let mut history: HashMap<&str, Vec<String>> = HashMap::new();
    for c in codes.iter().filter(|c| c.until.is_some()) {
        let until = c.until.map_or_else(String::new, |d| d.to_string());
        history
            .entry(c.region.as_str())
            .or_default()
            .push(format!("{} ({} — {until})", c.code, c.since));
    }
    for a in &aliases {
        history.entry(a.region.as_str()).or_default().push(a.name.clone());
    }
    let row = |r: &Region| Row {
        code: r.code.clone(),
        name: r.name.clone(),
        kind: r.kind.as_str(),
        closed: r.until.map_or_else(String::new, |d| d.to_string()),
        history: history.get(r.id.as_str()).map_or_else(String::new, |h| h.join("；")),
    };
    let open = |kind| all.iter().filter(|r| r.kind == kind && r.until.is_none()).count();
    let streets = all
        .iter()
        .filter(|r| r.kind == RegionKind::Street)
        .map(|s| Street {
            row: row(s),
            communities: all.iter().filter(|r| r.parent.as_ref() == Some(&s.id)).map(row).collect(),
        })
        .collect();
    let district = all
        .iter()
        .find(|r| r.kind == RegionKind::District)
        .map_or_else(String::new, |r| r.name.clone());
    let counts = (
        district,
        open(RegionKind::Street),
        open(RegionKind::Community),
        open(RegionKind::Village),
    );
    page(&Regions {
        frame: Frame::new(&req, "exchange.regions"),
        tabs: tabs(&req, "/regions"),
        streets,
        counts,
        may_load: req.can("regions.write"),
    })
}

pub(super) async fn new(req: Req) -> Result<Response, PageError> {
    let f = Form::blank().with("as_of", req.now.day());
    page(&view(&req, f, Vec::new(), false, String::new()))
}

fn view(req: &Req, f: Form, changes: Vec<Change>, tried: bool, text: String) -> RegionsLoad {
    RegionsLoad { frame: Frame::new(req, "exchange.regions.load"), f, changes, tried, text }
}

pub(super) async fn load(req: Req, fields: Fields) -> Result<Response, PageError> {
    let bytes = match fields.upload("file") {
        Some(u) => u.bytes.to_vec(),
        None => fields.raw("rows").as_bytes().to_vec(),
    };
    let keep = fields.text("step") == "load";
    match follow(&req, bytes, fields.text("as_of"), keep).await {
        Ok((_, _)) if keep => Ok(req.redirect("/regions", "exchange.regions.loaded")),
        Ok((changes, text)) => {
            let f = Form::of(fields.joined());
            page(&view(&req, f, changes, true, text))
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let mut f = Form::refused(&req, &fields, &no);
            // What is wrong with lines is told at the list itself.
            for e in f.errors.iter_mut().filter(|e| e.field.starts_with("row.")) {
                e.field = "file".to_owned();
            }
            f.errors.truncate(50);
            let text = fields.raw("rows").to_owned();
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &view(&req, f, Vec::new(), false, text))
        }
        Err(e) => Err(e.into()),
    }
}

/// Follows a list: really, or as a dry run. Answers what changes and the list in its layout.
pub(crate) async fn follow(
    req: &Req,
    bytes: Vec<u8>,
    as_of: &str,
    keep: bool,
) -> Result<(Vec<Change>, String), Error> {
    let as_of: Day = as_of.parse().map_err(|_| Refusal::at("as_of", "register.not_a_day"))?;
    if bytes.is_empty() {
        return Err(Refusal::at("file", "exchange.nothing").into());
    }
    let exe = req.shell.settings.exe.clone();
    let tables =
        tokio::task::spawn_blocking(move || guard::read(&exe, bytes, &expect(), Limits::default()))
            .await
            .map_err(|e| Error::Broken(e.to_string()))?
            .map_err(|f| Refusal { field: Some("file".into()), ..f.refusal() })?;
    let list = lines(&tables)?;
    let text = layout(&list);
    let cx = req.cx()?.clone();
    let run = move |tx: &mut db::Tx<'_>| apply(tx, &cx, &list, as_of);
    let changes =
        if keep { req.shell.db.act(run).await? } else { req.shell.db.rehearse_async(run).await? };
    Ok((changes, text))
}

fn layout(list: &[Line]) -> String {
    let mut out = String::from("code,name,level,parent\n");
    for l in list {
        out.push_str(&format!("{},{},{},{}\n", l.code, l.name, l.kind, l.parent));
    }
    out
}
