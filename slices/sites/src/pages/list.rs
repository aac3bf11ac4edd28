//! Stations and studios by street.
use askama::Template;
use axum::response::Response;
use registry::region::{Region, RegionKind};
use web::{Frame, PageError, Req, page};

use crate::model::SiteKind;
use crate::{store, view};

struct Line {
    href: String,
    name: String,
    code: String,
    kind: String,
    icon: &'static str,
    place: String,
    address: String,
    state: &'static str,
    staff: i64,
}

struct Street {
    name: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    frame: Frame,
    q: String,
    street: String,
    kind: String,
    all: String,
    kinds: Vec<(String, String, bool)>,
    choices: Vec<(String, String)>,
    groups: Vec<Street>,
    opens: bool,
    counts: Vec<(String, usize)>,
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let r = req.clone();
    let built = req.ask(move |tx, cx| build(tx, cx, &r)).await?;
    page(&built)
}

fn build(tx: &mut db::Tx<'_>, cx: &access::Cx, req: &Req) -> db::Result<List> {
    let get = |name| req.query(name).unwrap_or_default();
    let (q, street, kind, all) = (get("q"), get("street"), get("kind"), get("all"));
    let today = cx.today();
    let regions = registry::region::all(tx)?;
    let region = |id: &kernel::RegionId| regions.iter().find(|r| r.id == *id);
    let street_of = |r: &Region| {
        if r.kind == RegionKind::Street {
            Some(r.clone())
        } else {
            r.parent.as_ref().and_then(region).cloned()
        }
    };
    let sites = store::sites(tx, cx)?;
    let staff = store::staff_counts(tx, cx, today)?;
    let counts = SiteKind::ALL
        .iter()
        .map(|k| {
            let open = |s: &&crate::model::Site| s.kind == *k && s.period().holds_on(today);
            (req.t(&format!("sites.kind.{k}")), sites.iter().filter(open).count())
        })
        .collect();
    let mut streets: Vec<(String, String)> = Vec::new();
    let mut groups: Vec<Street> = Vec::new();
    for site in &sites {
        let Some(at) = region(&site.region) else { continue };
        let Some(above) = street_of(at) else { continue };
        if !streets.iter().any(|s| s.0 == above.id.0) {
            streets.push((above.id.0.clone(), above.name.clone()));
        }
        let state = view::state(Some(site.since), site.until, today);
        let wanted = (street.is_empty() || street == above.id.0)
            && (kind.is_empty() || kind == site.kind.as_str())
            && (!all.is_empty() || state != "ended")
            && (q.is_empty() || site.name.contains(&crate::naming::normal(&q)) || site.code == q);
        if !wanted {
            continue;
        }
        let line = Line {
            href: format!("/sites/{}", site.id),
            name: site.name.clone(),
            code: site.code.clone(),
            kind: req.t(&format!("sites.kind.{}", site.kind)),
            icon: match site.kind {
                SiteKind::Station => "building",
                SiteKind::SpecialStation => "flag",
                SiteKind::Studio => "home-2",
            },
            place: at.name.clone(),
            address: site.address.clone().unwrap_or_default(),
            state,
            staff: staff.get(site.id.as_str()).copied().unwrap_or_default(),
        };
        match groups.iter_mut().find(|g| g.name == above.name) {
            Some(g) => g.lines.push(line),
            None => groups.push(Street { name: above.name.clone(), lines: vec![line] }),
        }
    }
    for g in &mut groups {
        g.lines.sort_by(|a, b| (a.icon, &a.code).cmp(&(b.icon, &b.code)));
    }
    let link = |k: &str| format!("/sites?kind={k}&street={street}&q={}&all={all}", web::encode(&q));
    let mut kinds = vec![(link(""), req.t("sites.all"), kind.is_empty())];
    kinds.extend(
        SiteKind::ALL
            .iter()
            .map(|k| (link(k.as_str()), req.t(&format!("sites.kind.{k}")), kind == k.as_str())),
    );
    Ok(List {
        frame: Frame::new(req, "sites.title"),
        q,
        street,
        kind,
        all,
        kinds,
        choices: streets,
        groups,
        opens: req.can("sites.open"),
        counts,
    })
}
