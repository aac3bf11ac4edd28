//! The district's view: streets × rules, targets on their path, coverage of every community, what needs attention first.
use std::collections::HashMap;

use ::policy::pack::Modality;
use ::policy::{UnitKind, Verdict};
use askama::Template;
use axum::response::Response;
use kernel::{Day, Ratio};
use web::{Frame, PageError, Req, page};

use super::asked::Asked;
use super::board::{Line, Receipt, Sums, query, rule_line, street_of, workbook};
use crate::live::{Question, Snapshot, Unit, gravity, sees, snapshot};

/// A column of the matrix: a rule asked of stations.
pub(crate) struct Head {
    pub(crate) rule: String,
    /// In one word, for the head of a narrow column.
    pub(crate) short: String,
    pub(crate) title: String,
    pub(crate) clause: String,
}

/// A row of the matrix: a station.
pub(crate) struct MatrixRow {
    pub(crate) unit: Unit,
    pub(crate) street: String,
    /// One per column; `None` when the rule is not asked of it.
    pub(crate) cells: Vec<Option<Verdict>>,
    pub(crate) sums: Sums,
    /// Studios of the street: met and all rules that concern them.
    pub(crate) studios: Sums,
}

/// A target with its path.
pub(crate) struct Target {
    pub(crate) rule: String,
    pub(crate) title: String,
    pub(crate) clause: String,
    pub(crate) verdict: Verdict,
    /// The number; empty while nothing is recorded.
    pub(crate) value: String,
    pub(crate) detail: String,
    pub(crate) bound: String,
    pub(crate) percent: i64,
    pub(crate) chart: Option<Chart>,
}

/// A chart's shapes, in a box 320 × 120.
pub(crate) struct Chart {
    pub(crate) target: String,
    pub(crate) dots: Vec<(i64, i64, String)>,
    pub(crate) now: (i64, i64),
    pub(crate) bad: bool,
    pub(crate) years: Vec<(i64, String)>,
}

/// A street's communities as tiles.
pub(crate) struct Tiles {
    pub(crate) street: String,
    pub(crate) covered: usize,
    pub(crate) tiles: Vec<Tile>,
}

/// One community.
pub(crate) struct Tile {
    pub(crate) name: String,
    pub(crate) state: &'static str,
    pub(crate) sign: &'static str,
    pub(crate) href: String,
    /// Locale key of what the tile says.
    pub(crate) says: &'static str,
}

#[derive(Template)]
#[template(path = "district.html")]
struct District {
    frame: Frame,
    heads: Vec<Head>,
    rows: Vec<MatrixRow>,
    targets: Vec<Target>,
    tiles: Vec<Tiles>,
    attention: Vec<Line>,
    others: Vec<Line>,
    as_of: Asked,
    query: String,
    receipt: Receipt,
    may_export: bool,
}

/// Width and height of a target's chart.
const BOX: (i64, i64) = (320, 120);
const MARGIN: i64 = 22;

fn chart(points: &[(Day, Ratio)], now: (Day, i64), bad: bool) -> Option<Chart> {
    let first = points.first()?.0.min(now.0).start_of_year();
    let last = points.last()?.0.max(now.0).end_of_year();
    let high = points.iter().map(|(_, r)| r.of / r.to.max(1)).chain([now.1]).max()?.max(1);
    let x = |d: Day| {
        MARGIN
            + i64::from(d.0 - first.0) * (BOX.0 - 2 * MARGIN) / i64::from(last.0 - first.0).max(1)
    };
    let y = |n: i64| BOX.1 - MARGIN - n * (BOX.1 - 2 * MARGIN) / high;
    let dots: Vec<_> = points
        .iter()
        .map(|(d, r)| (x(*d), y(r.of / r.to.max(1)), (r.of / r.to.max(1)).to_string()))
        .collect();
    let mut line = format!("M{} {}", x(first), y(0));
    for (x, y, _) in &dots {
        line.push_str(&format!(" L{x} {y}"));
    }
    let years = (first.year()..=last.year())
        .filter_map(|y| Some((x(Day::of(i16::try_from(y).ok()?, 12, 31)?), y.to_string())))
        .collect();
    Some(Chart { target: line, dots, now: (x(now.0), y(now.1)), bad, years })
}

fn targets(req: &Req, snap: &Snapshot) -> Vec<Target> {
    let engine = snap.engine();
    snap.findings
        .iter()
        .filter_map(|f| {
            let rule = snap.pack.rule(&f.rule).filter(|r| !r.points.is_empty())?;
            let line = rule_line(req, snap, &engine, f)?;
            let (of, to) = match &f.value {
                ::policy::Measured::Number { n } => (*n, 1),
                ::policy::Measured::Ratio { of, to } => (*of, (*to).max(1)),
                _ => (0, 1),
            };
            let goal = rule.points.last().map_or(Ratio::new(1, 1), |p| p.min);
            let share = of * goal.to * 100 / (to * goal.of).max(1);
            let points: Vec<(Day, Ratio)> = rule.points.iter().map(|p| (p.by, p.min)).collect();
            let counted = to == 1 && !matches!(f.value, ::policy::Measured::Unknown { .. });
            let bad = gravity(f.verdict) <= 2;
            let chart = if counted { chart(&points, (snap.clocks.as_of, of), bad) } else { None };
            Some(Target {
                rule: f.rule.clone(),
                title: line.title,
                clause: line.clause,
                verdict: f.verdict,
                detail: match &f.value {
                    ::policy::Measured::Ratio { of, to } => format!("{of} / {to}"),
                    _ => String::new(),
                },
                value: match &f.value {
                    ::policy::Measured::Number { n } => n.to_string(),
                    ::policy::Measured::Ratio { of, to } => {
                        Ratio::new(*of, *to).percent().map_or_else(String::new, |p| format!("{p}%"))
                    }
                    _ => String::new(),
                },
                bound: line.bound,
                percent: share.clamp(0, 100),
                chart,
            })
        })
        .collect()
}

fn matrix(req: &Req, snap: &Snapshot) -> (Vec<Head>, Vec<MatrixRow>) {
    let Ok(cx) = req.cx() else { return Default::default() };
    let asked: Vec<&::policy::pack::Rule> = snap
        .pack
        .rules
        .iter()
        .filter(|r| r.on.contains(&UnitKind::Station) && r.modality == Modality::Must)
        .collect();
    let mut by: HashMap<(&str, &str), Verdict> = HashMap::new();
    let mut studios: HashMap<String, Vec<Verdict>> = HashMap::new();
    for f in &snap.findings {
        by.insert((f.unit.as_str(), f.rule.as_str()), f.verdict);
        if f.kind == UnitKind::Studio
            && let Some(unit) = snap.units.get(&f.unit)
        {
            studios.entry(street_of(snap, unit)).or_default().push(f.verdict);
        }
    }
    // A column that nobody answers yet says nothing: it waits for the records it reads.
    let asked: Vec<_> = asked
        .into_iter()
        .filter(|r| {
            snap.findings.iter().any(|f| {
                f.rule == r.id && !matches!(f.verdict, Verdict::Unknown | Verdict::NotApplicable)
            })
        })
        .collect();
    let mut rows: Vec<MatrixRow> = snap
        .units
        .values()
        .filter(|u| u.kind == UnitKind::Station && sees(cx, u))
        .map(|u| {
            let cells: Vec<Option<Verdict>> =
                asked.iter().map(|r| by.get(&(u.id.as_str(), r.id.as_str())).copied()).collect();
            let street = street_of(snap, u);
            let of_studios = studios.get(&street).cloned().unwrap_or_default();
            MatrixRow {
                unit: u.clone(),
                sums: Sums::of(cells.iter().flatten().copied()),
                cells,
                studios: Sums::of(of_studios.into_iter()),
                street,
            }
        })
        .filter(|r| r.cells.iter().any(Option::is_some))
        .collect();
    rows.sort_by(|a, b| a.street.cmp(&b.street).then_with(|| a.unit.name.cmp(&b.unit.name)));
    let order = street_order(snap);
    rows.sort_by_key(|r| order.get(&r.street).copied().unwrap_or(usize::MAX));
    let heads = asked
        .into_iter()
        .map(|r| Head {
            rule: r.id.clone(),
            short: short(req, r),
            title: req.lang.pick(&r.title.zh, &r.title.en).to_owned(),
            clause: r.item.clone(),
        })
        .collect();
    (heads, rows)
}

/// A rule's name in one word, where somebody gave it one.
fn short(req: &Req, rule: &::policy::pack::Rule) -> String {
    let key = format!("standards.short.{}", rule.id);
    let said = req.t(&key);
    if said == key { req.lang.pick(&rule.title.zh, &rule.title.en).to_owned() } else { said }
}

/// Streets in the order of their codes, which is the order people know: paths carry ids that grew in that order.
fn street_order(snap: &Snapshot) -> HashMap<String, usize> {
    let mut streets: Vec<&Unit> =
        snap.units.values().filter(|u| u.kind == UnitKind::Street).collect();
    streets.sort_by(|a, b| a.path.cmp(&b.path));
    streets.into_iter().enumerate().map(|(n, u)| (u.name.clone(), n)).collect()
}

fn tiles(req: &Req, snap: &Snapshot) -> Vec<Tiles> {
    let Ok(cx) = req.cx() else { return Vec::new() };
    let mut worst: HashMap<&str, Verdict> = HashMap::new();
    for f in snap.findings.iter().filter(|f| f.kind == UnitKind::Studio) {
        // What nobody recorded yet says nothing of the studio.
        if f.verdict == Verdict::Unknown {
            worst.entry(f.unit.as_str()).or_insert(Verdict::NotApplicable);
            continue;
        }
        let kept = worst.entry(f.unit.as_str()).or_insert(f.verdict);
        if gravity(f.verdict) < gravity(*kept) {
            *kept = f.verdict;
        }
    }
    let mut studios: HashMap<&str, Vec<&Unit>> = HashMap::new();
    for u in snap.units.values().filter(|u| u.kind == UnitKind::Studio) {
        if worst.contains_key(u.id.as_str())
            && let Some(parent) = &u.parent
        {
            studios.entry(parent.as_str()).or_default().push(u);
        }
    }
    let order = street_order(snap);
    let mut by_street: Vec<(usize, Tiles)> = Vec::new();
    let mut communities: Vec<&Unit> =
        snap.units.values().filter(|u| u.kind == UnitKind::Community && sees(cx, u)).collect();
    communities.sort_by(|a, b| a.path.cmp(&b.path));
    for c in communities {
        let street = street_of(snap, c);
        let at = order.get(&street).copied().unwrap_or(usize::MAX);
        let mut here: Vec<&&Unit> = studios.get(c.id.as_str()).into_iter().flatten().collect();
        here.sort_by_key(|u| worst.get(u.id.as_str()).map_or(9, |v| gravity(*v)));
        let (state, sign, says, href) = match here.first() {
            None if c.village => {
                ("na", "–", "standards.tile.village", format!("/sites?region={}", c.id))
            }
            None => ("bad", "✕", "standards.tile.none", format!("/sites?region={}", c.id)),
            Some(u) => {
                let v = worst.get(u.id.as_str()).copied().unwrap_or(Verdict::Unknown);
                match gravity(v) {
                    0 => ("unk", "!", "standards.tile.failing", format!("/board/{}", u.id)),
                    1 | 2 | 4 => ("run", "…", "standards.tile.open", format!("/board/{}", u.id)),
                    _ => ("ok", "✓", "standards.tile.ok", format!("/board/{}", u.id)),
                }
            }
        };
        let tile = Tile { name: c.name.clone(), state, sign, href, says };
        let covered = usize::from(!here.is_empty());
        match by_street.iter_mut().find(|(n, t)| *n == at && t.street == street) {
            Some((_, t)) => {
                t.covered += covered;
                t.tiles.push(tile);
            }
            None => by_street.push((at, Tiles { street, covered, tiles: vec![tile] })),
        }
    }
    by_street.sort_by_key(|(n, _)| *n);
    by_street.into_iter().map(|(_, t)| t).collect()
}

/// How many findings the attention list shows.
const ATTENTION: usize = 12;

pub(crate) async fn show(req: Req) -> Result<Response, PageError> {
    let snap = snapshot(&req, None).await?;
    let cx = req.cx()?;
    let engine = snap.engine();
    let (heads, rows) = matrix(&req, &snap);
    let mut urgent: Vec<_> = snap
        .findings
        .iter()
        .filter(|f| {
            f.verdict.bad()
                && snap.units.get(&f.unit).is_some_and(|u| {
                    sees(cx, u) && u.kind != UnitKind::Studio && !u.kind.is_person()
                })
        })
        .collect();
    urgent
        .sort_by_key(|f| (snap.pack.rule(&f.rule).map_or(9, |r| r.severity as u8), f.unit.clone()));
    let attention = urgent
        .into_iter()
        .take(ATTENTION)
        .filter_map(|f| rule_line(&req, &snap, &engine, f))
        .collect();
    // Duties and requirements asked of the district itself, beside the targets.
    let mut own: Vec<_> = snap
        .findings
        .iter()
        .filter(|f| {
            f.kind == UnitKind::District && snap.units.get(&f.unit).is_some_and(|u| sees(cx, u))
        })
        .filter(|f| snap.pack.rule(&f.rule).is_some_and(|r| r.points.is_empty()))
        .collect();
    own.sort_by_key(|f| gravity(f.verdict));
    let others = own.into_iter().filter_map(|f| rule_line(&req, &snap, &engine, f)).collect();
    let as_of = Asked::of(&req, &snap);
    let frame = Frame::new(&req, "standards.district").under(format!(
        "{} {}",
        req.t("web.as_of"),
        as_of.day
    ));
    page(&District {
        frame,
        heads,
        rows,
        targets: targets(&req, &snap),
        tiles: tiles(&req, &snap),
        attention,
        others,
        as_of,
        query: query(&Question::of(&req)),
        receipt: Receipt::of(&snap),
        may_export: req.can("export.run"),
    })
}

/// The matrix as a workbook.
pub(crate) async fn sheet(req: Req) -> Result<Response, PageError> {
    let snap = snapshot(&req, None).await?;
    let cx = req.cx()?;
    let engine = snap.engine();
    let mut found: Vec<_> = snap
        .findings
        .iter()
        .filter(|f| snap.units.get(&f.unit).is_some_and(|u| sees(cx, u)))
        .collect();
    found.sort_by_key(|f| (gravity(f.verdict), f.rule.clone(), f.unit.clone()));
    let rows = found
        .into_iter()
        .filter_map(|f| rule_line(&req, &snap, &engine, f))
        .map(|l| {
            let street = snap.units.get(&l.unit).map_or_else(String::new, |u| street_of(&snap, u));
            let verdict = req.t(&format!("web.verdict.{}", l.verdict.name()));
            vec![street, l.unit_name, verdict, l.clause, l.title, l.value, l.bound, l.remedy]
        })
        .collect();
    let headings = ["street", "unit", "result", "clause", "rule", "value", "bound", "remedy"];
    let title = req.t("standards.district");
    workbook(
        &req,
        &snap,
        &title,
        &headings,
        &[14.0, 34.0, 10.0, 12.0, 28.0, 18.0, 30.0, 48.0],
        rows,
    )
    .await
}
