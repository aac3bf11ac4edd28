//! 谁看过我的档案, the paper of a file, and files that look alike.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use db::{Result, Tx};
use kernel::ClientId;
use web::{Frame, PageError, Req, page};

use super::client::{frame, open};
use super::view::{self, Head};
use crate::acts::{alike, family, merge, risk};
use crate::store;

struct LookView {
    when: String,
    who: String,
    role: String,
    what: String,
}

#[derive(Template)]
#[template(path = "client_looks.html")]
struct Looks {
    frame: Frame,
    head: Head,
    all: Vec<LookView>,
}

#[derive(Template)]
#[template(path = "looks_print.html")]
struct LooksPrint {
    frame: Frame,
    head: Head,
    all: Vec<LookView>,
}

#[derive(Template)]
#[template(path = "file_print.html")]
struct FilePrint {
    frame: Frame,
    head: Head,
    birth: String,
    external: String,
    categories: String,
    keepers: String,
    consents: Vec<(String, String)>,
    relatives: Vec<(String, String, String)>,
    risk: String,
}

struct PairView {
    why: Vec<String>,
    one: (String, String),
    other: (String, String),
    /// Opens the merge of the younger file into the older one.
    merge: String,
}
struct MergeView {
    id: String,
    kept: (String, String),
    gone: String,
    when: String,
    by: String,
    undone: bool,
}

#[derive(Template)]
#[template(path = "duplicates.html")]
struct Duplicates {
    frame: Frame,
    pairs: Vec<PairView>,
    merges: Vec<MergeView>,
}

/// At most so many looks are shown.
const MOST: usize = 500;

fn looks(tx: &mut Tx<'_>, req: &Req, id: &ClientId) -> Result<Vec<LookView>> {
    let entries = db::event::of(tx, "client", id.as_str())?;
    Ok(entries
        .into_iter()
        .rev()
        .filter(|e| e.verb == "viewed")
        .take(MOST)
        .map(|e| {
            let after = e.after.unwrap_or_default();
            let text = |name: &str| {
                after.get(name).and_then(|v| v.as_str()).unwrap_or_default().to_owned()
            };
            let key = format!("clients.look.{}", text("what"));
            LookView {
                when: e.at.local(),
                who: text("name"),
                role: if e.role == "system" {
                    String::new()
                } else {
                    req.t(&format!("role.{}", e.role))
                },
                what: if req.shell.catalogue.has(&key) {
                    req.t(&key)
                } else {
                    req.t("clients.look.other")
                },
            }
        })
        .collect())
}

pub(super) async fn list(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(
        &req.act(move |tx, cx| {
            let (client, sight) = open(tx, cx, &id, "looks")?;
            let head = view::head(tx, cx, &r, (&client, sight), "looks", None)?;
            Ok(Looks { frame: frame(&r, &head.label), head, all: looks(tx, &r, &client.id)? })
        })
        .await?,
    )
}

pub(super) async fn print(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(
        &req.act(move |tx, cx| {
            let (client, sight) = open(tx, cx, &id, "looks")?;
            let head = view::head(tx, cx, &r, (&client, sight), "looks", None)?;
            let all = looks(tx, &r, &client.id)?;
            Ok(LooksPrint { frame: Frame::new(&r, "clients.looks.paper"), head, all })
        })
        .await?,
    )
}

pub(super) async fn file(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(&req.act(move |tx, cx| sheet(tx, cx, &r, &id)).await?)
}

fn sheet(tx: &mut Tx<'_>, cx: &Cx, req: &Req, id: &str) -> Result<FilePrint> {
    let (client, sight) = open(tx, cx, id, "print")?;
    let head = view::head(tx, cx, req, (&client, sight), "", None)?;
    let today = cx.today();
    let categories: Vec<String> = store::belongings(tx, &client.id)?
        .iter()
        .filter(|b| b.holds_on(today))
        .map(|b| req.t(&format!("clients.category.{}", b.category)))
        .collect();
    let mut keepers = Vec::new();
    for a in store::live_assignments(tx, &client.id, today)? {
        let name = registry::people::find(tx, &a.person)?.map_or_else(String::new, |p| p.name);
        keepers.push(format!("{name}（{}）", req.t(&format!("clients.assignment.{}", a.kind))));
    }
    let consents = store::consents(tx, &client.id)?
        .into_iter()
        .filter(|c| c.holds_on(today))
        .map(|c| {
            let span =
                c.until.map_or_else(|| c.since.to_string(), |u| format!("{} – {u}", c.since));
            (req.t(&format!("clients.scope.{}", c.scope)), span)
        })
        .collect();
    let relatives = family::relatives(tx, cx, (&client, sight))?
        .into_iter()
        .map(|r| {
            let born = r.birth_year.map_or_else(String::new, |y| y.to_string());
            (req.t(&format!("clients.kin.{}", r.kin)), r.label, born)
        })
        .collect();
    let risk = risk::history(tx, &client.id)?.into_iter().next().map_or_else(String::new, |g| {
        let factors: Vec<String> =
            g.factors.iter().map(|f| req.t(&format!("clients.factor.{f}"))).collect();
        format!("{} {} {}", g.risk.day, factors.join("、"), g.reason)
    });
    Ok(FilePrint {
        frame: Frame::new(req, "clients.file.paper"),
        birth: client.birth.map_or_else(String::new, |b| b.to_string()),
        external: client.external_id.clone().unwrap_or_default(),
        categories: categories.join("、"),
        keepers: keepers.join("、"),
        consents,
        relatives,
        risk,
        head,
    })
}

pub(super) async fn duplicates(req: Req) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(
        &req.ask(move |tx, cx| {
            let today = cx.today();
            let link = |tx: &mut Tx<'_>, c: &registry::client::Client| {
                let place = registry::region::name_of(tx, &c.region)?;
                let who = view::who(&r, c, today);
                let label =
                    format!("{} · No. {} · {who} · {place} · {}", c.name, c.number, c.since);
                Ok::<_, db::Error>((format!("/clients/{}", c.id), label))
            };
            let mut pairs = Vec::new();
            for p in alike::pairs(tx, cx, 100)? {
                pairs.push(PairView {
                    why: p.why.iter().map(|w| r.t(w.key())).collect(),
                    one: link(tx, &p.one)?,
                    other: link(tx, &p.other)?,
                    merge: format!("/clients/{}/change/merge?gone={}", p.one.id, p.other.number),
                });
            }
            let mut merges = Vec::new();
            for m in store::merges(tx, &cx.actor.scope().path)? {
                let Ok((kept, sight)) = access::care::find(tx, cx, &m.kept) else { continue };
                let gone = registry::client::find_unguarded(tx, &m.gone)?;
                merges.push(MergeView {
                    kept: (
                        format!("/clients/{}", kept.id),
                        format!("{} · No. {}", sight.label(&kept), kept.number),
                    ),
                    gone: gone.map_or_else(String::new, |g| format!("No. {}", g.number)),
                    when: m.at.local(),
                    by: store::account_name(tx, m.by_account.as_str())?,
                    undone: m.undone_at.is_some(),
                    id: m.id.0,
                });
            }
            Ok(Duplicates {
                frame: Frame::new(&r, "clients.duplicates").under(r.t("clients.title")),
                pairs,
                merges,
            })
        })
        .await?,
    )
}

pub(super) async fn undo(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    req.act(move |tx, cx| merge::undo(tx, cx, &id)).await?;
    Ok(req.redirect("/clients/duplicates", "clients.unmerged"))
}
