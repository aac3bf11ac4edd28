//! The auditor's pages: the log, one entry, the verdict on the chain, the export.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use db::event::{self, Entry, Fault};
use papers::Value;
use web::{Choice, Form, Frame, Gate, PageError, Req, page};

use crate::model::{self, Change, Filter};
use crate::store;

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/audit", "audit.read", log)
        .get("/audit/entries.csv", "audit.read", export)
        .get("/audit/verification", "audit.read", verification)
        .get("/audit/{seq}", "audit.read", one)
}

const PAGE: i64 = 50;
/// More would not open in a spreadsheet program with ease; narrow the days instead.
const MOST_EXPORTED: i64 = 50_000;

#[derive(Template)]
#[template(path = "audit.html")]
struct Audit {
    frame: Frame,
    form: Form,
    subjects: Vec<Choice>,
    entries: Vec<(Entry, String)>,
    page: i64,
    pages: i64,
    total: i64,
    base: String,
    export: String,
    /// (kind of notice, sentence), when the chain was just walked.
    verdict: Option<(&'static str, String, String)>,
}

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    frame: Frame,
    entry: Entry,
    who: String,
    changes: Vec<Change>,
}

/// The filter in the address.
pub(crate) fn filter(req: &Req) -> Filter {
    let text = |name: &str| req.query(name).unwrap_or_default().trim().to_owned();
    Filter {
        from: text("from").parse().ok(),
        to: text("to").parse().ok(),
        account: text("account"),
        subject: text("subject"),
        verb: text("verb"),
        unit: text("unit"),
    }
}

async fn log(req: Req) -> Result<Response, PageError> {
    show(&req, None).await
}

async fn show(
    req: &Req,
    verdict: Option<(&'static str, String, String)>,
) -> Result<Response, PageError> {
    let f = filter(req);
    let number =
        req.query("page").and_then(|p| p.parse::<i64>().ok()).unwrap_or(1).clamp(1, 1_000_000);
    let asked = f.clone();
    let (total, entries, subjects) = req
        .ask(move |tx, _| {
            let (total, entries) = store::entries(tx, &asked, PAGE, (number - 1) * PAGE)?;
            let named: db::Result<Vec<_>> =
                entries.into_iter().map(|e| Ok((name(tx, &e.account)?, e))).collect();
            Ok((total, named?, store::subjects(tx)?))
        })
        .await?;
    let day = |d: Option<kernel::Day>| d.map_or_else(String::new, |d| d.to_string());
    let form = Form::blank()
        .with("from", day(f.from))
        .with("to", day(f.to))
        .with("account", &f.account)
        .with("subject", &f.subject)
        .with("verb", &f.verb)
        .with("unit", &f.unit);
    page(&Audit {
        frame: Frame::new(req, "audit.title"),
        form,
        subjects: subjects.into_iter().map(|s| Choice { value: s.clone(), label: s }).collect(),
        entries: entries.into_iter().map(|(n, e)| (e, n)).collect(),
        page: number,
        pages: (total + PAGE - 1) / PAGE,
        total,
        base: format!("/audit{}", f.query()),
        export: format!("/audit/entries.csv{}", f.query()),
        verdict,
    })
}

/// The login name behind an account's id.
fn name(tx: &mut db::Tx<'_>, account: &str) -> db::Result<String> {
    let found = access::find_account(tx, &account.into())?;
    Ok(found.map_or_else(|| account.to_owned(), |a| a.login))
}

async fn verification(req: Req) -> Result<Response, PageError> {
    let v = req.ask(|tx, _| event::verify(tx, 1)).await?;
    let verdict = match v.broken {
        None => ("ok", req.fill("audit.whole", &[("n", v.checked.to_string())])),
        Some(b) => {
            let why = req.t(fault(b.fault));
            let args = [("seq", b.seq.to_string()), ("why", why), ("n", v.checked.to_string())];
            ("bad", req.fill("audit.broken", &args))
        }
    };
    show(&req, Some((verdict.0, verdict.1, hex(&v.head.hash)))).await
}

const fn fault(f: Fault) -> &'static str {
    match f {
        Fault::Gap => "audit.fault.gap",
        Fault::Prev => "audit.fault.prev",
        Fault::Hash => "audit.fault.hash",
        Fault::Head => "audit.fault.head",
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

async fn one(req: Req, Path(seq): Path<i64>) -> Result<Response, PageError> {
    let (entry, who) = req
        .ask(move |tx, _| {
            let entry = store::entry(tx, seq)?.ok_or(db::Error::Missing)?;
            let who = name(tx, &entry.account)?;
            Ok((entry, who))
        })
        .await?;
    let title = req.fill("audit.entry", &[("n", seq.to_string())]);
    let frame = Frame::titled(&req, title).under(req.t("audit.title"));
    let changes = model::changes(entry.before.as_ref(), entry.after.as_ref());
    page(&EntryPage { frame, entry, who, changes })
}

async fn export(req: Req) -> Result<Response, PageError> {
    let f = filter(&req);
    let (_, entries) = req.ask(move |tx, _| store::entries(tx, &f, MOST_EXPORTED, 0)).await?;
    let text = |s: &str| Value::Text(s.to_owned());
    let json = |j: &Option<serde_json::Value>| {
        Value::Text(j.as_ref().map_or_else(String::new, ToString::to_string))
    };
    let rows: Vec<Vec<Value>> = entries
        .iter()
        .map(|e| {
            vec![
                text(&e.seq.to_string()),
                text(&e.at.rfc3339()),
                text(&e.account),
                text(&e.role),
                text(&e.subject),
                text(&e.id),
                text(&e.verb),
                text(e.unit.as_deref().unwrap_or_default()),
                json(&e.before),
                json(&e.after),
                text(&e.prev),
                text(&e.hash),
            ]
        })
        .collect();
    let head = [
        "seq", "at", "account", "role", "subject", "id", "verb", "unit", "before", "after", "prev",
        "hash",
    ];
    let bytes = papers::csv_out(&head, &rows);
    Ok(web::download::file("text/csv; charset=utf-8", "audit.csv", bytes))
}
