//! The board: every rule asked of a site with verdict, value, bound, clause and remedy; failed rows first.
use ::policy::{Engine, Finding, Pack, UnitKind, Verdict};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use papers::{Column, Kind, Row, Sheet, Value};
use web::{Error, Frame, PageError, Req, page};

use super::asked::Asked;
use crate::live::{Question, Snapshot, Unit, gravity, sees, snapshot};
use crate::words;

/// A rule on a unit, as a row.
pub(crate) struct Line {
    pub(crate) rule: String,
    pub(crate) unit: String,
    pub(crate) unit_name: String,
    pub(crate) title: String,
    pub(crate) clause: String,
    /// The heading's words, such as 四·建设标准.
    pub(crate) chapter: String,
    pub(crate) quote: String,
    pub(crate) verdict: Verdict,
    pub(crate) value: String,
    pub(crate) bound: String,
    pub(crate) remedy: String,
    /// The gap in a few words: what a set lacks, else value and bound.
    pub(crate) gap: String,
    /// Readings in use that bear on it: (option, label).
    pub(crate) readings: Vec<(String, String)>,
}

/// A finding as a row.
pub(crate) fn rule_line(
    req: &Req,
    snap: &Snapshot,
    engine: &Engine<'_>,
    f: &Finding,
) -> Option<Line> {
    let rule = snap.pack.rule(&f.rule)?;
    let unit_name =
        snap.units.get(&f.unit).map_or_else(|| snap.facts.label(&f.unit), |u| u.short.clone());
    let wrong = gravity(f.verdict) <= 2;
    let explained = if wrong { engine.explain(&f.rule, &f.unit) } else { None };
    let lacks = explained
        .as_ref()
        .map(|e| e.missing.iter().map(|k| words::kind(req, k)).collect::<Vec<_>>())
        .unwrap_or_default();
    let gap = if lacks.is_empty() {
        format!("{} {}", words::value(req, f), words::bound(req, f))
    } else {
        let some =
            lacks.iter().take(6).cloned().collect::<Vec<_>>().join(&req.t("standards.comma"));
        let key = if lacks.len() > 6 { "standards.lacks_many" } else { "standards.lacks" };
        req.fill(key, &[("some", some), ("n", lacks.len().to_string())])
    };
    let remedy = match f.verdict {
        Verdict::Unknown => req.t("standards.record_first"),
        _ => explained
            .and_then(|e| e.remedy)
            .map_or_else(String::new, |r| req.lang.pick(&r.zh, &r.en).to_owned()),
    };
    let readings = snap
        .pack
        .notes_on(&f.rule)
        .filter_map(|n| n.option.as_ref())
        .map(|name| {
            (name.clone(), super::policy::reading(req, &snap.pack, name, &snap.option(name)))
        })
        .collect();
    Some(Line {
        rule: f.rule.clone(),
        unit: f.unit.clone(),
        unit_name,
        title: req.lang.pick(&rule.title.zh, &rule.title.en).to_owned(),
        clause: rule.item.clone(),
        chapter: chapter(&snap.pack, rule.clause),
        quote: rule.quote.as_ref().map_or_else(String::new, |q| q.words.clone()),
        verdict: f.verdict,
        value: words::value(req, f),
        bound: words::bound(req, f),
        remedy,
        gap,
        readings,
    })
}

/// The chapter a clause stands under: the nearest heading above it that is no section.
pub(crate) fn chapter(pack: &Pack, clause: usize) -> String {
    let level = |at: usize| pack.clauses.get(at).map_or(0, |c| c.level);
    let top = (0..=clause).rev().find(|at| level(*at) <= 2);
    top.and_then(|at| pack.clauses.get(at))
        .map_or_else(String::new, |c| c.heading.trim_end_matches('。').to_owned())
}

/// How many rows stand where, in four words.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) ok: usize,
    pub(crate) bad: usize,
    pub(crate) run: usize,
    pub(crate) unk: usize,
    /// Those of `unk` that wait for records nobody has entered.
    pub(crate) silent: usize,
}

impl Sums {
    /// Sums verdicts; what does not concern the unit is left out.
    pub(crate) fn of(verdicts: impl Iterator<Item = Verdict>) -> Self {
        let mut me = Self::default();
        for v in verdicts {
            match v {
                Verdict::Pass | Verdict::Met | Verdict::OnTrack | Verdict::Waived => me.ok += 1,
                Verdict::Fail | Verdict::Missed => me.bad += 1,
                Verdict::NotYet => me.run += 1,
                Verdict::Warn | Verdict::Behind | Verdict::Judgement => me.unk += 1,
                Verdict::Unknown => {
                    me.unk += 1;
                    me.silent += 1;
                }
                Verdict::NotApplicable | Verdict::Absent => {}
            }
        }
        me
    }
    pub(crate) const fn all(&self) -> usize {
        self.ok + self.bad + self.run + self.unk
    }
    /// Met out of all that could be judged, in whole percent, cut. What nobody recorded yet is neither met nor not.
    pub(crate) fn percent(&self) -> usize {
        (self.ok * 100).checked_div(self.all() - self.silent).unwrap_or(0)
    }
}

#[derive(Template)]
#[template(path = "board.html")]
struct Board {
    frame: Frame,
    unit: Unit,
    sums: Sums,
    lines: Vec<Line>,
    filters: Vec<(String, String, bool)>,
    parts: Vec<(&'static str, String, usize)>,
    as_of: Asked,
    query: String,
    receipt: Receipt,
    is_site: bool,
    may_export: bool,
}

/// What a sheet says of how it was made.
pub(crate) struct Receipt {
    pub(crate) engine: &'static str,
    pub(crate) pack: String,
    pub(crate) as_of: String,
    pub(crate) known_at: String,
    pub(crate) result: String,
}

impl Receipt {
    pub(crate) fn of(snap: &Snapshot) -> Self {
        let short = |h: &str| h.chars().take(12).collect::<String>();
        Self {
            engine: env!("CARGO_PKG_VERSION"),
            pack: format!("{} {}", snap.pack.version, short(&snap.pack.hash)),
            as_of: snap.clocks.as_of.to_string(),
            known_at: snap.clocks.known_at.map_or_else(|| "—".into(), kernel::Instant::local),
            result: short(&snap.hash),
        }
    }
    /// The same as lines of a sheet's foot.
    pub(crate) fn lines(&self, req: &Req, scope: &str) -> Vec<String> {
        vec![
            format!("{} {} · {}", req.t("standards.receipt.engine"), self.engine, self.pack),
            format!(
                "{} {} · {} {}",
                req.t("web.as_of"),
                self.as_of,
                req.t("standards.receipt.known"),
                self.known_at
            ),
            format!(
                "{} {scope} · {} {}",
                req.t("standards.receipt.scope"),
                req.t("standards.receipt.result"),
                self.result
            ),
        ]
    }
}

/// The question's part of an address, so that links stay on the day asked.
pub(crate) fn query(q: &Question) -> String {
    let mut parts = Vec::new();
    for (name, day) in [("as_of", q.as_of), ("known_at", q.known), ("law_at", q.law)] {
        if let Some(day) = day {
            parts.push(format!("{name}={day}"));
        }
    }
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

fn missing() -> PageError {
    Error::Act(db::Error::Missing).into()
}

pub(crate) async fn show(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let snap = snapshot(&req, None).await?;
    let unit = snap.seen(req.cx()?, &id).cloned().ok_or_else(missing)?;
    let question = Question::of(&req);
    let engine = snap.engine();
    let all: Vec<Line> =
        snap.of_unit(&id).into_iter().filter_map(|f| rule_line(&req, &snap, &engine, f)).collect();
    let sums = Sums::of(all.iter().map(|l| l.verdict));
    let show = req.query("show").unwrap_or_default();
    let here = query(&question);
    let join = |name: &str| {
        let mark = if here.is_empty() { '?' } else { '&' };
        format!("/board/{id}{here}{mark}show={}", web::encode(name))
    };
    let mut filters = vec![
        (
            format!("/board/{id}{here}"),
            format!("{} {}", req.t("standards.all"), all.len()),
            show.is_empty(),
        ),
        (join("bad"), format!("{} {}", req.t("standards.only_bad"), sums.bad), show == "bad"),
    ];
    let mut chapters: Vec<String> = Vec::new();
    for line in &all {
        if !chapters.contains(&line.chapter) {
            chapters.push(line.chapter.clone());
        }
    }
    chapters.sort();
    filters.extend(chapters.iter().map(|c| (join(c), c.clone(), show == *c)));
    let lines = all
        .into_iter()
        .filter(|l| match show.as_str() {
            "" => true,
            "bad" => gravity(l.verdict) <= 1,
            chapter => l.chapter == chapter,
        })
        .collect();
    let parts = vec![
        ("ok", req.t("standards.sum.ok"), sums.ok),
        ("run", req.t("standards.sum.run"), sums.run),
        ("unk", req.t("standards.sum.unk"), sums.unk),
        ("bad", req.t("standards.sum.bad"), sums.bad),
    ];
    let pretitle = format!(
        "{} · {}",
        req.t("standards.board"),
        req.fill(
            "standards.basis",
            &[
                ("issuer", snap.pack.issuer.clone()),
                ("status", req.t(&format!("standards.status.{}", snap.pack.status)))
            ]
        )
    );
    let is_site =
        matches!(unit.kind, UnitKind::Station | UnitKind::SpecialStation | UnitKind::Studio);
    let as_of = Asked::of(&req, &snap);
    let may_export = req.can("export.run");
    let frame = Frame::titled(&req, unit.name.clone()).under(pretitle);
    page(&Board {
        frame,
        unit,
        sums,
        lines,
        filters,
        parts,
        as_of,
        query: here,
        receipt: Receipt::of(&snap),
        is_site,
        may_export,
    })
}

/// One unit in the list of boards.
pub(crate) struct UnitLine {
    pub(crate) unit: Unit,
    pub(crate) street: String,
    pub(crate) sums: Sums,
}

#[derive(Template)]
#[template(path = "boards.html")]
struct Boards {
    frame: Frame,
    units: Vec<UnitLine>,
    filters: Vec<(String, String, bool)>,
    as_of: Asked,
    query: String,
}

pub(crate) async fn list(req: Req) -> Result<Response, PageError> {
    let snap = snapshot(&req, None).await?;
    let cx = req.cx()?;
    let kind = req.query("kind").unwrap_or_default();
    let question = Question::of(&req);
    let here = query(&question);
    let mut by_unit: std::collections::HashMap<&str, Vec<Verdict>> =
        std::collections::HashMap::new();
    for f in &snap.findings {
        by_unit.entry(f.unit.as_str()).or_default().push(f.verdict);
    }
    let mut units: Vec<UnitLine> = by_unit
        .into_iter()
        .filter_map(|(id, verdicts)| {
            let unit = snap.units.get(id).filter(|u| sees(cx, u))?.clone();
            let wanted = match kind.as_str() {
                "studio" => unit.kind == UnitKind::Studio,
                "street" => unit.kind == UnitKind::Street,
                "person" => unit.kind.is_person(),
                _ => matches!(unit.kind, UnitKind::Station | UnitKind::SpecialStation),
            };
            // Whoever sees but a handful need not choose.
            let wanted = wanted
                || (kind.is_empty()
                    && cx.actor.role() == Some(access::Role::StudioWorker)
                    && unit.kind == UnitKind::Studio);
            wanted.then(|| UnitLine {
                street: street_of(&snap, &unit),
                unit,
                sums: Sums::of(verdicts.into_iter()),
            })
        })
        .collect();
    units.sort_by(|a, b| {
        (b.sums.bad, &a.street, &a.unit.name).cmp(&(a.sums.bad, &b.street, &b.unit.name))
    });
    if let [only] = units.as_slice()
        && kind.is_empty()
    {
        return Ok(Redirect::to(&format!("/board/{}{here}", only.unit.id)).into_response());
    }
    let mark = if here.is_empty() { '?' } else { '&' };
    let mut filters = vec![
        (format!("/board{here}"), req.t("standards.stations"), kind.is_empty()),
        (format!("/board{here}{mark}kind=studio"), req.t("standards.studios"), kind == "studio"),
        (format!("/board{here}{mark}kind=street"), req.t("standards.streets"), kind == "street"),
    ];
    if snap.units.values().any(|u| u.kind.is_person() && sees(cx, u)) {
        let people = format!("/board{here}{mark}kind=person");
        filters.push((people, req.t("standards.people"), kind == "person"));
    }
    let as_of = Asked::of(&req, &snap);
    page(&Boards { frame: Frame::new(&req, "standards.board"), units, filters, as_of, query: here })
}

/// The name of the street a unit lies in.
pub(crate) fn street_of(snap: &Snapshot, unit: &Unit) -> String {
    let mut at = Some(unit);
    for _ in 0..5 {
        match at {
            Some(u) if u.kind == UnitKind::Street => return u.name.clone(),
            Some(u) => at = u.parent.as_ref().and_then(|p| snap.units.get(p)),
            None => break,
        }
    }
    String::new()
}

#[derive(Template)]
#[template(path = "rule.html")]
struct RulePage {
    frame: Frame,
    clause: String,
    quote: String,
    lines: Vec<Line>,
    sums: Sums,
    parts: Vec<(&'static str, String, usize)>,
    as_of: Asked,
    query: String,
}

pub(crate) async fn rule(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let snap = snapshot(&req, None).await?;
    let cx = req.cx()?;
    let rule = snap.pack.rule(&id).ok_or_else(missing)?;
    let mut found: Vec<&Finding> = snap
        .findings
        .iter()
        .filter(|f| f.rule == id && snap.units.get(&f.unit).is_some_and(|u| sees(cx, u)))
        .collect();
    found.sort_by_key(|f| gravity(f.verdict));
    let engine = snap.engine();
    let lines: Vec<Line> =
        found.into_iter().filter_map(|f| rule_line(&req, &snap, &engine, f)).collect();
    let sums = Sums::of(lines.iter().map(|l| l.verdict));
    let parts = vec![
        ("ok", req.t("standards.sum.ok"), sums.ok),
        ("run", req.t("standards.sum.run"), sums.run),
        ("unk", req.t("standards.sum.unk"), sums.unk),
        ("bad", req.t("standards.sum.bad"), sums.bad),
    ];
    let frame = Frame::titled(&req, req.lang.pick(&rule.title.zh, &rule.title.en).to_owned())
        .under(req.t("standards.rule"));
    let (clause, quote) =
        (rule.item.clone(), rule.quote.as_ref().map_or_else(String::new, |q| q.words.clone()));
    let as_of = Asked::of(&req, &snap);
    page(&RulePage {
        frame,
        clause,
        quote,
        lines,
        sums,
        parts,
        as_of,
        query: query(&Question::of(&req)),
    })
}

/// A board as a workbook, with its receipt.
pub(crate) async fn sheet(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let snap = snapshot(&req, None).await?;
    let unit = snap.seen(req.cx()?, &id).cloned().ok_or_else(missing)?;
    let engine = snap.engine();
    let lines: Vec<Line> =
        snap.of_unit(&id).into_iter().filter_map(|f| rule_line(&req, &snap, &engine, f)).collect();
    let rows = lines.into_iter().map(|l| {
        let verdict = req.t(&format!("web.verdict.{}", l.verdict.name()));
        vec![verdict, l.clause, l.title, l.quote, l.value, l.bound, l.remedy]
    });
    let headings = ["result", "clause", "rule", "quote", "value", "bound", "remedy"];
    workbook(
        &req,
        &snap,
        &unit.name,
        &headings,
        &[10.0, 12.0, 28.0, 36.0, 18.0, 30.0, 48.0],
        rows.collect(),
    )
    .await
}

/// A workbook of texts with the receipt at its foot, as an answer.
pub(crate) async fn workbook(
    req: &Req,
    snap: &Snapshot,
    title: &str,
    headings: &[&str],
    widths: &[f64],
    rows: Vec<Vec<String>>,
) -> Result<Response, PageError> {
    let columns = headings
        .iter()
        .zip(widths)
        .map(|(h, w)| Column::new(req.t(&format!("standards.column.{h}")), *w, Kind::Text))
        .collect();
    let rows = rows
        .into_iter()
        .map(|cells| Row { id: None, cells: cells.into_iter().map(Value::Text).collect() })
        .collect();
    let sheet = Sheet {
        name: req.t("standards.board"),
        title: vec![format!("{title} · {} {}", req.t("web.as_of"), snap.clocks.as_of)],
        columns,
        rows,
        receipt: Receipt::of(snap).lines(req, title),
        ..Sheet::default()
    };
    let name = format!("{title}-{}", snap.clocks.as_of);
    Ok(web::download::workbook(req, &name, sheet).await?)
}
