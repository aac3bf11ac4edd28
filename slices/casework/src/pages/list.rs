//! The list of cases: stage, grade, what is due next, the last contact. Whoever sees headers only sees no more than these.
use access::care;
use askama::Template;
use axum::response::Response;
use kernel::Day;
use registry::client::RiskGrade;
use web::{Choice, Frame, PageError, Req, page};

use super::{choices, grade_colour};
use crate::model::{Stage, clock};
use crate::store::{self, Asked};

struct Row {
    href: String,
    number: String,
    label: String,
    kind: String,
    stage: String,
    stage_colour: &'static str,
    grade: String,
    colour: &'static str,
    worker: String,
    notes: i64,
    last: Option<Day>,
    due: String,
    by: Option<Day>,
    late: bool,
}

#[derive(Template)]
#[template(path = "cases.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    counts: Vec<(String, String, i64)>,
    filters: Vec<(String, String, bool)>,
    stage: String,
    grade: String,
    grades: Vec<Choice>,
    q: String,
    mine: bool,
    /// Has the viewer cases of their own?
    works: bool,
    approves: bool,
    supervises: bool,
    opens: bool,
    total: i64,
    pages: i64,
    here: i64,
    base: String,
}

const PAGE: i64 = 25;

pub(super) const fn stage_colour(stage: Stage) -> &'static str {
    match stage {
        Stage::Intake | Stage::Assessment | Stage::Reopened => "blue",
        Stage::Planning | Stage::Intervention => "purple",
        Stage::Evaluation | Stage::Closure | Stage::Suspended => "yellow",
        Stage::FollowUp => "green",
        Stage::Archived | Stage::Declined | Stage::ReferredOut | Stage::OneOffClosed => "secondary",
    }
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let works = cx.actor.can("clients.write") && cx.actor.person().is_some();
            let stage = r.query("stage").unwrap_or_else(|| "open".into());
            let asked = Asked {
                stage: if stage == "all" { String::new() } else { stage.clone() },
                grade: r.query("grade").unwrap_or_default(),
                words: r.query("q").unwrap_or_default(),
                mine: r.query("mine").is_some_and(|m| !m.is_empty()),
                client: r.query("client").map(Into::into),
            };
            let here = r.query("page").and_then(|p| p.parse().ok()).unwrap_or(1_i64).max(1);
            let total = store::count(tx, cx, &asked)?;
            let mut rows = Vec::new();
            for line in store::list(tx, cx, &asked, PAGE, (here - 1) * PAGE)? {
                let (client, sight) = care::find(tx, cx, &line.case.client)?;
                let next = clock::running(&line.face).into_iter().next();
                let keepers = registry::client::keepers(tx, &client.id, cx.today())?;
                let worker = match keepers.first() {
                    Some(p) => registry::people::find(tx, p)?.map_or_else(String::new, |p| p.name),
                    None => String::new(),
                };
                rows.push(Row {
                    href: format!("/cases/{}", line.case.id),
                    number: line.case.number(),
                    label: sight.label(&client),
                    kind: r.t(&format!("casework.kind.{}", line.case.kind)),
                    stage: r.t(&format!("casework.stage.{}", line.case.stage)),
                    stage_colour: stage_colour(line.case.stage),
                    grade: r.t(&format!("casework.grade.{}", client.grade)),
                    colour: grade_colour(client.grade),
                    worker,
                    notes: line.notes,
                    last: line.face.last_note,
                    due: next
                        .map_or_else(String::new, |n| r.t(&format!("casework.clock.{}", n.key))),
                    by: next.map(|n| n.by),
                    late: next.is_some_and(|n| n.by < cx.today()),
                });
            }
            let by_stage = store::stages(tx, cx)?;
            let sum = |f: fn(Stage) -> bool| -> i64 {
                by_stage
                    .iter()
                    .filter(|(s, _)| Stage::parse(s).is_some_and(f))
                    .map(|(_, n)| n)
                    .sum()
            };
            let all: i64 = by_stage.iter().map(|(_, n)| n).sum();
            let counts = vec![
                (r.t("casework.count.open"), "/cases".into(), sum(Stage::open)),
                (
                    r.t("casework.stage.follow_up"),
                    "/cases?stage=follow_up".into(),
                    sum(|s| s == Stage::FollowUp),
                ),
                (r.t("casework.count.all"), "/cases?stage=all".into(), all),
            ];
            let mut filters =
                vec![("/cases".to_owned(), r.t("casework.filter.open"), stage == "open")];
            for s in Stage::STEPS {
                let n = by_stage.iter().find(|(w, _)| w == s.as_str()).map_or(0, |(_, n)| *n);
                if n > 0 {
                    let label = format!("{} {n}", r.t(&format!("casework.stage.{s}")));
                    filters.push((format!("/cases?stage={s}"), label, stage == s.as_str()));
                }
            }
            filters.push((
                "/cases?stage=closed".into(),
                r.t("casework.filter.closed"),
                stage == "closed",
            ));
            filters.push(("/cases?stage=all".into(), r.t("casework.filter.all"), stage == "all"));
            let base = format!(
                "/cases?stage={stage}&grade={}&q={}{}&",
                asked.grade,
                web::encode(&asked.words),
                if asked.mine { "&mine=1" } else { "" }
            );
            Ok(List {
                frame: Frame::new(&r, "casework.title"),
                rows,
                counts,
                filters,
                grades: choices(&r, "casework.grade", RiskGrade::WORDS),
                stage,
                grade: asked.grade,
                q: asked.words,
                mine: asked.mine,
                works,
                approves: r.can("cases.approve"),
                supervises: r.can("cases.supervise"),
                opens: r.can("cases.write"),
                total,
                pages: ((total + PAGE - 1) / PAGE).max(1),
                here,
                base,
            })
        })
        .await?;
    page(&built)
}
