//! Messages, newest first: opening one reads it.
use access::notice::{self, Notice};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kernel::NoticeId;
use web::{Frame, PageError, Req, page};

/// How many messages are shown.
pub(crate) const MOST: i64 = 200;

/// A message as the list shows it.
struct Line {
    id: String,
    text: String,
    at: String,
    urgent: bool,
    unread: bool,
    goes: bool,
}

#[derive(Template)]
#[template(path = "notices.html")]
struct Shown {
    frame: Frame,
    lines: Vec<Line>,
    unread: usize,
}

/// The sentence of a message in the reader's language.
pub(crate) fn sentence(req: &Req, n: &Notice) -> String {
    let args: Vec<(&str, String)> = n
        .args
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    let english = |name: &str| {
        let twin = format!("{name}_en");
        args.iter().find(|(n, v)| *n == twin && !v.is_empty()).map(|(_, v)| v.clone())
    };
    let said: Vec<(&str, String)> = args
        .iter()
        .map(|(n, v)| {
            let other = english(n).filter(|_| req.lang == locale::Lang::En);
            (*n, other.unwrap_or_else(|| v.clone()))
        })
        .collect();
    req.fill(&n.key, &said)
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let all = req.ask(|tx, cx| notice::of_account(tx, cx.actor.account(), MOST)).await?;
    let lines: Vec<Line> = all
        .iter()
        .map(|n| Line {
            id: n.id.0.clone(),
            text: sentence(&req, n),
            at: n.at.local(),
            urgent: n.urgent,
            unread: n.read_at.is_none(),
            goes: n.href.starts_with('/'),
        })
        .collect();
    let unread = lines.iter().filter(|l| l.unread).count();
    page(&Shown { frame: Frame::new(&req, "web.notices"), lines, unread })
}

pub(super) async fn read_all(req: Req) -> Result<Response, PageError> {
    req.act(|tx, cx| notice::read(tx, cx, None)).await?;
    Ok(req.redirect("/notices", ""))
}

/// Notes a message as read and goes where it points.
pub(super) async fn open(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let to = req
        .act(move |tx, cx| {
            let id = NoticeId::from(id);
            let found = notice::find(tx, cx.actor.account(), &id)?.ok_or(db::Error::Missing)?;
            notice::read(tx, cx, Some(&id))?;
            Ok(found.href)
        })
        .await?;
    let ours = to.starts_with('/') && !to.starts_with("//");
    Ok(req.redirect(if ours { &to } else { "/notices" }, ""))
}
