//! "Why?": the explanation tree of one rule on one unit, rejected rows first, each row leading to its record.
use ::policy::Verdict;
use ::policy::explain::{Explanation, Line as Fact, Say, Term};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Ratio, Refusals};
use web::{Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::asked::Asked;
use super::board::{Receipt, query};
use crate::live::{Question, Snapshot, snapshot};
use crate::words;

/// A row of facts as the tree shows it.
pub(crate) struct Leaf {
    pub(crate) label: String,
    pub(crate) kind: String,
    pub(crate) when: String,
    pub(crate) amount: String,
    /// The record's page.
    pub(crate) href: String,
    /// Why it was not counted; empty when it was.
    pub(crate) reason: String,
    pub(crate) also: Vec<Leaf>,
}

/// One side of the formula.
pub(crate) struct Side {
    pub(crate) measure: String,
    pub(crate) args: String,
    pub(crate) value: String,
    pub(crate) rejected: Vec<Leaf>,
    pub(crate) counted: Vec<Leaf>,
}

/// A reading in use.
pub(crate) struct ReadingLine {
    pub(crate) option: String,
    pub(crate) label: String,
    pub(crate) note: String,
}

#[derive(Template)]
#[template(path = "why.html")]
struct WhyPage {
    frame: Frame,
    form: Form,
    unit: String,
    rule: String,
    verdict: Verdict,
    because: String,
    value: String,
    bound: String,
    since: String,
    line: String,
    due: String,
    item: String,
    heading: String,
    quote: String,
    says: Vec<String>,
    modality: String,
    sides: Vec<Side>,
    readings: Vec<ReadingLine>,
    missing: String,
    evidence: String,
    remedy: String,
    waiver: Option<(String, String, String)>,
    may_waive: bool,
    as_of: Asked,
    query: String,
    receipt: Receipt,
    until: String,
}

pub(crate) fn say(req: &Req, s: &Say) -> String {
    // Words of the vocabulary travel as codes; people read their names.
    let args: Vec<(&str, String)> = s.args.iter().map(|(n, v)| (*n, words::kind(req, v))).collect();
    req.fill(&s.key, &args)
}

pub(crate) fn leaf(req: &Req, f: &Fact, returns: ::policy::catalogue::Returns) -> Leaf {
    let open =
        |d: Option<kernel::Day>| d.filter(|d| *d > kernel::Day::MIN && *d < kernel::Day::MAX);
    let when = match (open(f.from), open(f.to)) {
        (None, None) => String::new(),
        (Some(a), None) => format!("{a} →"),
        (None, Some(b)) => format!("→ {b}"),
        (Some(a), Some(b)) => format!("{a} → {b}"),
    };
    Leaf {
        label: if f.label.is_empty() {
            words::kind_in(req, f.record.table, &f.kind)
        } else {
            f.label.clone()
        },
        kind: if f.label.is_empty() {
            String::new()
        } else {
            words::kind_in(req, f.record.table, &f.kind)
        },
        when,
        amount: f.n.map_or_else(String::new, |n| words::amount(req, n, returns)),
        href: words::address(req, f.record.kind, &f.record.id),
        reason: f.because.as_ref().map_or_else(String::new, |s| say(req, s)),
        also: f.also.iter().map(|a| leaf(req, a, returns)).collect(),
    }
}

fn side(req: &Req, t: &Term) -> Side {
    let args: Vec<String> = t
        .args
        .iter()
        .map(|(name, value)| {
            let said: Vec<String> = value
                .split(['|', '、', ','])
                .map(|v| words::argument(req, name, v.trim()))
                .collect();
            let key = format!("standards.arg.{name}");
            let label = req.t(&key);
            let label = if label == key { name.clone() } else { label };
            format!("{label}{}{}", req.t("standards.colon"), said.join(&req.t("standards.comma")))
        })
        .collect();
    Side {
        measure: req.lang.pick(t.zh, t.en).to_owned(),
        args: args.join("；"),
        value: words::measured(req, &t.value, Some(t.returns)),
        rejected: t.rejected.iter().map(|f| leaf(req, f, t.returns)).collect(),
        counted: t.counted.iter().map(|f| leaf(req, f, t.returns)).collect(),
    }
}

fn build(req: &Req, snap: &Snapshot, e: Explanation, form: Form) -> WhyPage {
    let finding = snap.findings.iter().find(|f| f.rule == e.rule && f.unit == e.unit);
    let sides = e.terms.iter().map(|t| side(req, t)).collect();
    let readings = e
        .readings
        .iter()
        .map(|r| ReadingLine {
            label: super::policy::reading(req, &snap.pack, &r.option, &r.value),
            note: req.lang.pick(&r.says.zh, &r.says.en).to_owned(),
            option: r.option.clone(),
        })
        .collect();
    let says = crate::says::items(req.lang.pick(&e.clause.says.zh, &e.clause.says.en));
    let own: Vec<String> =
        says.iter().filter(|i| i.is(&e.clause.item)).map(|i| i.text.clone()).collect();
    let says = if own.is_empty() { says.into_iter().map(|i| i.text).collect() } else { own };
    let missing: Vec<String> = e.missing.iter().map(|k| words::kind(req, k)).collect();
    let evidence = e.evidence.as_ref().map_or_else(String::new, |ev| {
        let asked: Vec<String> =
            ev.attach.iter().map(|a| req.t(&format!("standards.attach.{a}"))).collect();
        let check =
            ev.check.as_ref().map_or_else(String::new, |t| req.lang.pick(&t.zh, &t.en).to_owned());
        [asked.join(&req.t("standards.comma")), check]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    });
    let title = req.lang.pick(&e.title.zh, &e.title.en).to_owned();
    let live =
        e.waiver.as_ref().map(|w| (w.reason.clone(), w.approver.clone(), w.expires.to_string()));
    WhyPage {
        frame: Frame::titled(req, title).under(e.unit_name.clone()),
        form,
        verdict: e.verdict,
        because: say(req, &e.because),
        value: finding.map_or_else(String::new, |f| words::value(req, f)),
        bound: finding.map_or_else(String::new, |f| words::bound(req, f)),
        since: e.since.map_or_else(String::new, |d| d.to_string()),
        line: e.line.map_or_else(String::new, decimals),
        due: e.due.map_or_else(String::new, |d| d.to_string()),
        item: e.clause.item.clone(),
        heading: e.clause.heading.trim_end_matches('。').to_owned(),
        quote: e.clause.quote.clone().unwrap_or_default(),
        says,
        modality: format!("standards.modality.{:?}", e.modality).to_lowercase(),
        sides,
        readings,
        missing: missing.join(&req.t("standards.comma")),
        evidence,
        remedy: e
            .remedy
            .as_ref()
            .map_or_else(String::new, |r| req.lang.pick(&r.zh, &r.en).to_owned()),
        may_waive: live.is_none() && e.verdict.bad() && req.can("waivers.write"),
        waiver: live,
        as_of: Asked::of(req, snap),
        query: query(&Question::of(req)),
        receipt: Receipt::of(snap),
        until: req.now.day().end_of_year().to_string(),
        unit: e.unit,
        rule: e.rule,
    }
}

/// A ratio with two decimals, cut: what the path of a target asks for today.
fn decimals(r: Ratio) -> String {
    let hundredths = i128::from(r.of) * 100 / i128::from(r.to.max(1));
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

async fn explained(req: &Req, unit: &str, rule: &str, form: Form) -> Result<WhyPage, PageError> {
    let snap = snapshot(req, None).await?;
    let missing = || PageError::from(Error::Act(db::Error::Missing));
    snap.seen(req.cx()?, unit).ok_or_else(missing)?;
    let e = snap.engine().explain(rule, unit).ok_or_else(missing)?;
    Ok(build(req, &snap, e, form))
}

pub(crate) async fn show(
    req: Req,
    Path((unit, rule)): Path<(String, String)>,
) -> Result<Response, PageError> {
    page(&explained(&req, &unit, &rule, Form::blank()).await?)
}

/// The same page with a refused waiver.
pub(crate) async fn refused(
    req: &Req,
    unit: &str,
    rule: &str,
    fields: &Fields,
    no: &Refusals,
) -> Result<Response, PageError> {
    let form = Form::refused(req, fields, no);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &explained(req, unit, rule, form).await?)
}
