//! The head of a case's page: who, how dangerous, where it stands, what may be done now.
use access::Cx;
use db::{Result, Tx};
use registry::client::AssignmentKind;
use web::Req;

use crate::acts::{Seen, stages};
use crate::model::{RequestKind, Stage};
use crate::pages::grade_colour;
use crate::store::{self, Line};

/// One step of the stepper.
pub(super) struct Step {
    pub(super) label: String,
    pub(super) note: String,
    /// `done`, `now` or `todo`.
    pub(super) state: &'static str,
}

/// The head.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) client: String,
    pub(super) client_href: String,
    pub(super) initial: String,
    pub(super) about: String,
    pub(super) opened: String,
    pub(super) grade: String,
    pub(super) grade_colour: &'static str,
    pub(super) badges: Vec<(String, &'static str)>,
    pub(super) steps: Vec<Step>,
    pub(super) tabs: Vec<(String, String, i64, bool)>,
    /// The viewer reads the content.
    pub(super) file: bool,
    pub(super) writes: bool,
    pub(super) open: bool,
    pub(super) stage: &'static str,
    /// The next stage and its name, when the worker may go there; `closure` asks.
    pub(super) next: Option<(String, String)>,
    /// What the gate still asks for.
    pub(super) missing: Vec<(String, String)>,
    /// Forms of this stage: (address, name).
    pub(super) forms: Vec<(String, String)>,
    /// A sentence about what the case waits for.
    pub(super) waits: String,
    /// The closure report is on file, so closing may be asked for out of turn (lost contact, death, moved away).
    pub(super) closes: bool,
    /// Other ways out of this stage.
    pub(super) ways: Vec<&'static str>,
    pub(super) offers: bool,
}

pub(super) fn build(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    seen: &Seen,
    line: &Line,
    tab: &str,
) -> Result<Head> {
    let case = &seen.case;
    let label = seen.sight.label(&seen.client);
    let writes = seen.sight.writes && req.can("cases.write");
    let mut about = Vec::new();
    if let Some(sex) = seen.client.sex {
        about.push(req.t(&format!("casework.sex.{sex}")));
    }
    if let Some(birth) = seen.client.birth {
        about.push(req.fill("casework.age", &[("n", birth.years_until(cx.today()).to_string())]));
    }
    if seen.sight.name {
        about.push(registry::region::name_of(tx, &seen.client.region)?);
    }
    let mut badges = Vec::new();
    if seen.client.minor_on(cx.today()) {
        badges.push((req.t("casework.minor"), "purple"));
    }
    if !Stage::STEPS.contains(&case.stage) {
        badges.push((req.t(&format!("casework.stage.{}", case.stage)), "secondary"));
    }
    let next = case.stage.next().filter(|_| writes);
    let mut missing = Vec::new();
    if let Some(to) = next {
        for d in stages::missing(tx, case, to)? {
            let href = match d {
                crate::model::stage::Document::Note => format!("/cases/{}/notes/new", case.id),
                crate::model::stage::Document::Agreement => {
                    format!("/cases/{}/forms/service_plan", case.id)
                }
                other => format!("/cases/{}/forms/{other}", case.id),
            };
            missing.push((href, req.t(&format!("casework.gate.{d}"))));
        }
    }
    let mut forms_here = Vec::new();
    if writes {
        for name in case.stage.forms() {
            let form = forms::library::latest(tx, name)?;
            let title = form.title.say(req.lang).to_owned();
            forms_here.push((format!("/cases/{}/forms/{name}", case.id), title));
        }
    }
    let waiting = store::requests_of(tx, &case.id)?.into_iter().rfind(|r| r.outcome.is_none());
    let waits = waiting.map_or_else(String::new, |r| {
        let what = req.t(&format!("casework.request.{}", r.kind));
        req.fill(
            "casework.waits",
            &[("what", what), ("by", r.asked_name), ("day", r.at.day().to_string())],
        )
    });
    let mut ways = Vec::new();
    if writes {
        for (to, way) in [
            (Stage::Suspended, "suspension"),
            (Stage::ReferredOut, "referral_out"),
            (Stage::Reopened, "reopening"),
        ] {
            if case.stage.leads_to(to) {
                ways.push(way);
            }
        }
    }
    let closes = writes
        && next != Some(Stage::Closure)
        && case.stage.leads_to(Stage::Closure)
        && stages::missing(tx, case, Stage::Closure)?.is_empty();
    Ok(Head {
        closes,
        id: case.id.0.clone(),
        number: case.number(),
        initial: label.chars().take(1).collect(),
        client_href: if seen.awaited && seen.client.restricted {
            String::new()
        } else {
            format!("/clients/{}", case.client)
        },
        client: label,
        about: about.join(" · "),
        opened: case.opened_on.to_string(),
        grade: req.t(&format!("casework.grade.{}", seen.client.grade)),
        grade_colour: grade_colour(seen.client.grade),
        badges,
        steps: steps(tx, req, seen, line)?,
        tabs: tabs(req, seen, line, tab),
        file: seen.sight.file,
        writes,
        open: case.stage.open(),
        stage: case.stage.as_str(),
        next: next.map(|s| (s.to_string(), req.t(&format!("casework.stage.{s}")))),
        missing,
        forms: forms_here,
        waits,
        ways,
        offers: case.stage.open()
            && (writes || req.can("cases.approve"))
            && store::waiting_of(tx, &case.id, RequestKind::Transfer.as_str())?.is_none(),
    })
}

fn steps(tx: &mut Tx<'_>, req: &Req, seen: &Seen, line: &Line) -> Result<Vec<Step>> {
    let case = &seen.case;
    let all = store::stages_of(tx, &case.id)?;
    let here = case.stage.step();
    Ok(Stage::STEPS
        .iter()
        .enumerate()
        .map(|(n, s)| {
            let when = all.iter().rfind(|r| r.stage == *s).map(|r| r.on_day);
            let day = when.map_or_else(|| "—".to_owned(), |d| d.to_string());
            let note = if n == here && *s == Stage::Intervention && case.stage.open() {
                req.fill("casework.step.sessions", &[("n", line.notes.to_string())])
            } else {
                day
            };
            let state = match n.cmp(&here) {
                std::cmp::Ordering::Less if when.is_some() => "done",
                std::cmp::Ordering::Equal => "now",
                _ => "todo",
            };
            Step { label: req.t(&format!("casework.stage.{s}")), note, state }
        })
        .collect())
}

fn tabs(req: &Req, seen: &Seen, line: &Line, tab: &str) -> Vec<(String, String, i64, bool)> {
    let mut out = vec![(
        format!("/cases/{}", seen.case.id),
        req.t("casework.tab.overview"),
        0,
        tab == "overview",
    )];
    if seen.sight.file {
        for name in super::TABS {
            let n = if name == "process" { line.notes } else { 0 };
            out.push((
                format!("/cases/{}/{name}", seen.case.id),
                req.t(&format!("casework.tab.{name}")),
                n,
                tab == name,
            ));
        }
    }
    out
}

/// What stands beside the content: who works on it, where it came from, how long it is kept.
pub(in crate::pages) fn facts(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    seen: &Seen,
) -> Result<Vec<(String, String)>> {
    let case = &seen.case;
    let mut names = |kind: AssignmentKind| -> Result<String> {
        let mut out = Vec::new();
        for a in store::people::live(tx, &case.client, cx.today())? {
            if a.kind == kind
                && let Some(p) = registry::people::find(tx, &a.person)?
            {
                out.push(p.name);
            }
        }
        Ok(out.join("、"))
    };
    let mut out = vec![
        (req.t("casework.worker"), names(AssignmentKind::Worker)?),
        (req.t("casework.coworker"), names(AssignmentKind::CoWorker)?),
        (req.t("casework.supervisor"), names(AssignmentKind::Supervisor)?),
        (req.t("casework.kind"), req.t(&format!("casework.kind.{}", case.kind))),
        (req.t("casework.source"), req.t(&format!("casework.source.{}", case.source))),
    ];
    let site = registry::site::find(tx, &case.site)?.map_or_else(String::new, |s| s.name);
    out.push((req.t("casework.site"), site));
    if let Some(closed) = case.closed_on {
        out.push((req.t("casework.closed_on"), closed.to_string()));
    }
    if let Some(reason) = case.reason {
        out.push((req.t("casework.reason"), req.t(&format!("casework.reason.{reason}"))));
    }
    if let Some(until) = case.keep_until {
        out.push((req.t("casework.keep_until"), until.to_string()));
    }
    out.retain(|(_, v)| !v.is_empty());
    Ok(out)
}
