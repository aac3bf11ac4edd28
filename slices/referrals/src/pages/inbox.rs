//! The inbox: received and sent, all, waiting, late.
use access::care::Lens;
use askama::Template;
use axum::response::Response;
use web::{Frame, PageError, Req, page};

use crate::model::Referral;
use crate::store::{self, Which};
use crate::view;

/// Rows of a page.
pub(crate) const MOST: i64 = 50;

struct Row {
    href: String,
    number: i64,
    /// The client before a sender, nobody before a receiver.
    label: String,
    other: String,
    field: String,
    urgent: bool,
    urgency: String,
    state: String,
    colour: &'static str,
    clock: String,
    late: bool,
    day: String,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct Inbox {
    frame: Frame,
    tabs: Vec<(String, String, usize, bool)>,
    filters: Vec<(String, String, bool)>,
    received: bool,
    rows: Vec<Row>,
    more: String,
    writes: bool,
    /// What an empty list says, and what to do.
    empty: (String, String),
}

pub(super) async fn inbox(req: Req) -> Result<Response, PageError> {
    let side = req.query("side").unwrap_or_default();
    let received = side != "sent";
    let word = req.query("which").unwrap_or_default();
    let which = which(&word);
    let below = req.query("below").and_then(|b| b.parse().ok()).unwrap_or(i64::MAX);
    let r = req.clone();
    let (rows, late) = req
        .ask(move |tx, cx| {
            let late = store::received(tx, cx, Which::Waiting, i64::MAX, MOST)?.len();
            let rows = list(tx, cx, &r, received, which, below)?;
            Ok((rows, late))
        })
        .await?;
    let side = if received { "received" } else { "sent" };
    let more = match rows.last() {
        Some(last) if rows.len() >= usize::try_from(MOST).unwrap_or(usize::MAX) => {
            format!("/referrals?side={side}&which={word}&below={}", last.number)
        }
        _ => String::new(),
    };
    let tab = |name: &str, count| {
        let href = format!("/referrals?side={name}");
        (href, req.t(&format!("referrals.side.{name}")), count, name == side)
    };
    let filter = |name: &str| {
        let href = format!("/referrals?side={side}&which={name}");
        (href, req.t(&format!("referrals.which.{name}")), self::which(name) == which)
    };
    page(&Inbox {
        tabs: vec![tab("received", late), tab("sent", 0)],
        filters: vec![filter("all"), filter("waiting"), filter("late")],
        received,
        rows,
        more,
        writes: req.can("referrals.write"),
        empty: (
            match (which, received) {
                (Which::All, true) => req.t("referrals.empty.received"),
                (Which::All, false) => req.t("referrals.empty.sent"),
                _ => req.t("referrals.empty.narrow"),
            },
            req.t(if received {
                "referrals.empty.received.hint"
            } else {
                "referrals.empty.sent.hint"
            }),
        ),
        frame: Frame::new(&req, "referrals.title"),
    })
}

/// The list's word.
pub(crate) fn which(word: &str) -> Which {
    match word {
        "waiting" => Which::Waiting,
        "late" => Which::Late,
        _ => Which::All,
    }
}

fn list(
    tx: &mut db::Tx<'_>,
    cx: &access::Cx,
    req: &Req,
    received: bool,
    which: Which,
    below: i64,
) -> db::Result<Vec<Row>> {
    if received {
        let mut rows = Vec::new();
        for r in store::received(tx, cx, which, below, MOST)? {
            let from = registry::site::find(tx, &r.site)?.map_or_else(String::new, |s| s.short());
            rows.push(row(req, &r, String::new(), from));
        }
        return Ok(rows);
    }
    let lens = Lens::of(tx, cx)?;
    let mut rows = Vec::new();
    for r in store::sent(tx, &lens, which, cx.today(), below, MOST)? {
        let Some(client) = registry::client::find_unguarded(tx, &r.client)? else { continue };
        let Some(sight) = lens.sight(tx, &client)? else { continue };
        let to = r.to_name.clone();
        rows.push(row(req, &r, sight.label(&client), to));
    }
    Ok(rows)
}

fn row(req: &Req, r: &Referral, label: String, other: String) -> Row {
    let (clock, late) = view::clock(req, r);
    Row {
        href: format!("/referrals/{}", r.id),
        number: r.number,
        label,
        other,
        field: req.t(&format!("referrals.field.{}", r.field)),
        urgent: r.urgency != crate::model::Urgency::Routine,
        urgency: req.t(&format!("referrals.urgency.{}", r.urgency)),
        state: req.t(&format!("referrals.state.{}", r.state)),
        colour: r.state.colour(),
        clock,
        late,
        day: r.sent_at.unwrap_or(r.at).day().to_string(),
    }
}
