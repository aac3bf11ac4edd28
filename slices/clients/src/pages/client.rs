//! A client's page by tabs. Whoever may read the file leaves a line in the log each time.
use access::Cx;
use access::care::{self, Sight};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use db::{Result, Tx};
use kernel::ClientId;
use registry::client::Client;
use web::{Card, Frame, PageError, Req, page};

use super::view::{self, Head};
use crate::acts::file::Numbers;
use crate::acts::{file, risk};
use crate::store;

/// Somebody who looks after the client: name, kind, since, id of the assignment when it can be ended.
struct KeeperView {
    name: String,
    kind: String,
    since: String,
    id: String,
}

struct CategoryView {
    id: String,
    label: String,
    detail: String,
    source: String,
    span: String,
    live: bool,
}

struct GradeView {
    grade: view::Badge,
    factors: String,
    reason: String,
    day: String,
    by: String,
}

#[derive(Template)]
#[template(path = "client.html")]
struct ClientPage {
    frame: Frame,
    head: Head,
    keepers: Vec<KeeperView>,
    categories: Vec<CategoryView>,
    grades: Vec<GradeView>,
    /// (id, name, reason), for whoever may assign.
    avoided: Vec<(String, String, String)>,
    cards: Vec<Card>,
}

struct MomentView {
    kind: String,
    text: String,
    href: String,
    icon: &'static str,
}

#[derive(Template)]
#[template(path = "client_timeline.html")]
struct TimelinePage {
    frame: Frame,
    head: Head,
    /// By day, latest first.
    days: Vec<(String, Vec<MomentView>)>,
}

/// The frame over a client's pages: the label is the title.
pub(super) fn frame(req: &Req, label: &str) -> Frame {
    Frame::titled(req, label.to_owned()).under(req.t("clients.title"))
}

/// The client for a tab that shows the file; the look is in the log before anything leaves.
pub(super) fn open(tx: &mut Tx<'_>, cx: &Cx, id: &str, what: &str) -> Result<(Client, Sight)> {
    let (client, sight) = care::find_file(tx, cx, &ClientId::from(id))?;
    care::viewed(tx, cx, &client.id, what)?;
    Ok((client, sight))
}

fn build(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    id: &str,
    full: Option<Numbers>,
) -> Result<ClientPage> {
    let (client, sight) = care::find(tx, cx, &ClientId::from(id))?;
    if sight.file {
        care::viewed(tx, cx, &client.id, "file")?;
    }
    let head = view::head(tx, cx, req, (&client, sight), "", full)?;
    let today = cx.today();
    let mut keepers = Vec::new();
    for a in store::live_assignments(tx, &client.id, today)? {
        let name = registry::people::find(tx, &a.person)?.map_or_else(String::new, |p| p.name);
        keepers.push(KeeperView {
            name,
            kind: req.t(&format!("clients.assignment.{}", a.kind)),
            since: a.since.to_string(),
            id: if head.assigns { a.id.0 } else { String::new() },
        });
    }
    let mut categories = Vec::new();
    for b in store::belongings(tx, &client.id)? {
        let detail = if sight.file {
            tx.open_some(
                client.id.as_str(),
                "client_category.detail",
                b.id.as_str(),
                b.detail.as_ref(),
            )?
        } else {
            String::new()
        };
        categories.push(CategoryView {
            id: if head.writes && b.until.is_none() { b.id.0.clone() } else { String::new() },
            label: req.t(&format!("clients.category.{}", b.category)),
            detail,
            source: req.t(&format!("clients.source.{}", b.source)),
            span: format!("{} – {}", b.since, b.until.map_or_else(String::new, |u| u.to_string())),
            live: b.holds_on(today),
        });
    }
    let mut grades = Vec::new();
    if sight.file {
        for g in risk::history(tx, &client.id)? {
            let factors: Vec<String> =
                g.factors.iter().map(|f| req.t(&format!("clients.factor.{f}"))).collect();
            grades.push(GradeView {
                grade: view::grade(req, g.risk.grade),
                factors: factors.join("、"),
                reason: g.reason,
                day: g.risk.day.to_string(),
                by: store::account_name(tx, g.risk.by_account.as_str())?,
            });
        }
    }
    let mut avoided = Vec::new();
    if head.assigns {
        for v in store::avoidances(tx, &client.id)? {
            let name = registry::people::find(tx, &v.person)?.map_or_else(String::new, |p| p.name);
            avoided.push((v.id.0, name, v.reason));
        }
    }
    let mut cards = Vec::new();
    for ask in req.shell.slices.iter().filter_map(|s| s.client_card) {
        cards.extend(ask(tx, cx, &client.id, sight)?);
    }
    Ok(ClientPage {
        frame: frame(req, &head.label),
        head,
        keepers,
        categories,
        grades,
        avoided,
        cards,
    })
}

pub(super) async fn overview(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(&req.act(move |tx, cx| build(tx, cx, &r, &id, None)).await?)
}

/// Shows the numbers in full, once: the look is committed before the page is drawn.
pub(super) async fn numbers(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(
        &req.act(move |tx, cx| {
            let full = file::unmask(tx, cx, &ClientId::from(id.as_str()))?;
            build(tx, cx, &r, &id, Some(full))
        })
        .await?,
    )
}

/// At most so many moments of each slice.
const MOST: usize = 200;

pub(super) async fn timeline(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(
        &req.act(move |tx, cx| {
            let (client, sight) = open(tx, cx, &id, "timeline")?;
            let head = view::head(tx, cx, &r, (&client, sight), "timeline", None)?;
            let mut all = Vec::new();
            let mut files = vec![client.id.clone()];
            files.extend(store::merged_into(tx, &client.id)?);
            for id in &files {
                for ask in r.shell.slices.iter().filter_map(|s| s.moments) {
                    all.extend(ask(tx, cx, id, MOST)?);
                }
            }
            all.sort_by_key(|m| std::cmp::Reverse((m.day, m.at)));
            let mut days: Vec<(String, Vec<MomentView>)> = Vec::new();
            for m in all {
                let view =
                    MomentView { kind: r.t(m.kind), text: m.text, href: m.href, icon: m.icon };
                let day = m.day.to_string();
                match days.last_mut() {
                    Some((d, views)) if *d == day => views.push(view),
                    _ => days.push((day, vec![view])),
                }
            }
            Ok(TimelinePage { frame: frame(&r, &head.label), head, days })
        })
        .await?,
    )
}
