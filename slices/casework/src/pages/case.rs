//! A case by tabs. Whoever sees the header only gets stages, clocks and requests, and nothing of the content.
mod head;
mod timeline;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use db::{Result, Tx};
use kernel::{CaseId, Day};
use web::attach::{self, AttachmentRow};
use web::{Choice, Error, Form, Frame, Matter, PageError, Req, page, page_with};

use self::head::Head;
use self::timeline::Happening;
use super::choices;
use crate::acts::{self, Seen, closing, goals};
use crate::model::clock;
use crate::store;
pub(super) use head::facts;

/// The tabs after the overview.
const TABS: [&str; 7] =
    ["assessment", "plan", "process", "referrals", "attachments", "file", "reviews"];

/// A document that was kept.
pub(super) struct Doc {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) day: Day,
    pub(super) draft: bool,
}

/// A goal with how far it came.
struct GoalView {
    id: String,
    words: String,
    indicator: String,
    due: Option<Day>,
    weight: i64,
    level: Option<i64>,
    /// The level as a share of the way from −2 to +2.
    percent: i64,
    need: String,
}

impl GoalView {
    /// Does it stand at this level?
    fn at(&self, level: &str) -> bool {
        self.level.is_some_and(|l| l.to_string() == level)
    }
}

struct TaskView {
    id: String,
    what: String,
    owner: String,
    due: Option<Day>,
    done: Option<Day>,
    late: bool,
}

struct ReviewView {
    id: String,
    verdict: String,
    words: String,
    by: String,
    when: String,
    answer: String,
}

/// A clock or task that runs: sentence, day, is it late, where to do it.
struct Next {
    text: String,
    by: Day,
    late: bool,
    href: String,
}

#[derive(Template)]
#[template(path = "case.html")]
pub(super) struct CasePage {
    frame: Frame,
    head: Head,
    tab: String,
    form: Form,
    events: Vec<Happening>,
    docs: Vec<Doc>,
    goals: Vec<GoalView>,
    levels: Vec<Choice>,
    needs: Vec<Choice>,
    t: String,
    tasks: Vec<TaskView>,
    reviews: Vec<ReviewView>,
    next: Vec<Next>,
    /// Under way for the client elsewhere: referrals.
    matters: Vec<Matter>,
    facts: Vec<(String, String)>,
    colleagues: Vec<Choice>,
    /// Hash, records it covers, when, by whom, is it intact.
    seal: Option<(String, i64, String, String, bool)>,
    /// Does this build print PDF?
    pdf: bool,
    attached: Vec<AttachmentRow>,
    /// May the viewer open what is attached?
    opens: bool,
    kinds: Vec<Choice>,
}

pub(super) async fn overview(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    page(&case_page(&req, &id, "overview", Form::blank()).await?)
}

pub(super) async fn tab(
    req: Req,
    Path((id, tab)): Path<(String, String)>,
) -> std::result::Result<Response, PageError> {
    if !TABS.contains(&tab.as_str()) {
        return Err(db::Error::Missing.into());
    }
    page(&case_page(&req, &id, &tab, Form::blank()).await?)
}

/// A tab again after something on it was refused.
pub(super) async fn again(
    req: &Req,
    id: &str,
    tab: &str,
    form: Form,
) -> std::result::Result<Response, PageError> {
    page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &case_page(req, id, tab, form).await?)
}

pub(super) async fn case_page(
    req: &Req,
    id: &str,
    tab: &str,
    form: Form,
) -> std::result::Result<CasePage, Error> {
    let (r, id, tab) = (req.clone(), CaseId::from(id), tab.to_owned());
    let header = {
        let id = id.clone();
        req.ask(move |tx, cx| Ok(!acts::find(tx, cx, &id)?.sight.file)).await?
    };
    if header && tab != "overview" {
        return Err(db::Error::Missing.into());
    }
    let build = move |tx: &mut Tx<'_>, cx: &access::Cx| -> Result<CasePage> {
        let seen = if header { acts::find(tx, cx, &id)? } else { acts::look(tx, cx, &id)? };
        let line = store::line_unguarded(tx, &id)?.ok_or(db::Error::Missing)?;
        let head = head::build(tx, cx, &r, &seen, &line, &tab)?;
        let case = &seen.case;
        let open = seen.sight.file;
        let (goal_views, task_views) =
            if open { plan(tx, cx, &r, &seen)? } else { (vec![], vec![]) };
        let mut next: Vec<Next> = clock::running(&line.face)
            .iter()
            .map(|c| Next {
                text: r.t(&format!("casework.clock.{}", c.key)),
                by: c.by,
                late: c.by < cx.today(),
                href: clock_href(case.id.as_str(), c.key),
            })
            .collect();
        next.extend(task_views.iter().filter(|t| t.done.is_none()).filter_map(|t| {
            Some(Next {
                text: format!("{}（{}）", t.what, t.owner),
                by: t.due?,
                late: t.late,
                href: format!("/cases/{}/plan", case.id),
            })
        }));
        let matters = if open { web::matters(tx, cx, &r.shell, &case.client)? } else { Vec::new() };
        next.extend(matters.iter().filter(|m| !m.clock.is_empty()).filter_map(|m| {
            Some(Next {
                text: format!("{}（{}）", r.t(m.clock), m.text),
                by: m.by?,
                late: m.by? < cx.today(),
                href: m.href.clone(),
            })
        }));
        next.sort_by_key(|n| n.by);
        let events = match tab.as_str() {
            "overview" => timeline::everything(tx, &r, &seen)?,
            "process" => timeline::notes(tx, &r, &seen)?,
            _ => Vec::new(),
        };
        let wanted: &[&str] = match tab.as_str() {
            "assessment" => &["intake", "consent", "assessment", "crisis_plan"],
            "plan" => &["service_plan"],
            "process" => &["crisis_plan", "case_conference"],
            "file" => &["evaluation", "closure", "follow_up", "case_conference"],
            _ => &[],
        };
        let docs = if open { documents(tx, &r, &seen, wanted)? } else { Vec::new() };
        let reviews = if open && tab == "reviews" { views(tx, &r, &seen)? } else { Vec::new() };
        let seal = if open && tab == "file" {
            closing::proof(tx, case)?.map(|p| {
                (p.freeze.hash, p.freeze.parts, p.freeze.at.local(), p.freeze.by_name, p.intact)
            })
        } else {
            None
        };
        let attached = if open && tab == "attachments" {
            attach::rows(tx, acts::attachments::SUBJECT, id.as_str(), seen.sight.name)?
        } else {
            Vec::new()
        };
        let needs = if open && tab == "plan" { need_choices(tx, &seen)? } else { Vec::new() };
        let live = if open { goals::of(tx, cx, &id)? } else { Vec::new() };
        let street = acts::transfer::street_of(&case.path);
        let colleagues = registry::site::colleagues(tx, &street, cx.today())?
            .into_iter()
            .map(|(id, name)| Choice { value: id.0, label: name })
            .collect();
        Ok(CasePage {
            frame: Frame::titled(&r, format!("{} {}", r.t("casework.title"), case.number())),
            facts: head::facts(tx, cx, &r, &seen)?,
            head,
            tab,
            form,
            events,
            docs,
            goals: goal_views,
            levels: choices(&r, "casework.level", &["-2", "-1", "0", "1", "2"]),
            needs,
            t: goals::t_of(&live).map_or_else(String::new, |t| format!("{t:.2}")),
            tasks: task_views,
            reviews,
            next,
            matters,
            colleagues,
            seal,
            pdf: super::print::has_pdf(&r),
            attached,
            opens: seen.sight.name,
            kinds: attach::kinds(&r),
        })
    };
    if header { req.ask(build).await } else { req.act(build).await }
}

/// Where a clock's work is done.
pub(crate) fn clock_href(id: &str, key: &str) -> String {
    match key {
        "response" | "contact" => format!("/cases/{id}/notes/new"),
        "decision" => format!("/cases/{id}/forms/intake"),
        "assessment" => format!("/cases/{id}/forms/assessment"),
        "plan" | "review" => format!("/cases/{id}/forms/service_plan"),
        "crisis" => format!("/cases/{id}/forms/crisis_plan"),
        "follow_up" => format!("/cases/{id}/forms/follow_up"),
        "approval" => "/cases/inbox".into(),
        _ => format!("/cases/{id}"),
    }
}

/// Final documents of these forms, latest first, and drafts.
pub(super) fn documents(
    tx: &mut Tx<'_>,
    req: &Req,
    seen: &Seen,
    wanted: &[&str],
) -> Result<Vec<Doc>> {
    let mut out = Vec::new();
    for a in forms::answer::of_subject(tx, "case", seen.case.id.as_str(), "")?.into_iter().rev() {
        if !wanted.contains(&a.form.as_str()) {
            continue;
        }
        let draft = a.state == forms::AnswerState::Draft;
        if draft && !seen.sight.writes {
            continue;
        }
        let form = forms::library::form(tx, &a.form, a.version)?;
        let href = if draft {
            format!("/cases/{}/forms/{}", seen.case.id, a.form)
        } else {
            format!("/cases/{}/documents/{}", seen.case.id, a.id)
        };
        out.push(Doc { href, title: form.title.say(req.lang).to_owned(), day: a.on_day, draft });
    }
    Ok(out)
}

fn plan(
    tx: &mut Tx<'_>,
    cx: &access::Cx,
    req: &Req,
    seen: &Seen,
) -> Result<(Vec<GoalView>, Vec<TaskView>)> {
    let case = &seen.case;
    let needs = store::needs_of(tx, &case.id)?;
    let mut goals_out = Vec::new();
    for g in store::goals_of(tx, &case.id)?.into_iter().filter(|g| g.until.is_none()) {
        let need = match g.need.as_ref().and_then(|n| needs.iter().find(|k| k.id == *n)) {
            Some(need) => goals::need_words(tx, case, need)?,
            None => String::new(),
        };
        let id = g.id.as_str();
        let indicator =
            tx.open_some(case.client.as_str(), "case_goal.indicator", id, g.indicator.as_ref())?;
        goals_out.push(GoalView {
            words: goals::statement(tx, case, &g)?,
            indicator,
            need,
            due: g.due,
            weight: g.weight,
            level: g.level,
            percent: g.level.map_or(0, |l| (l + 2) * 25),
            id: g.id.0,
        });
    }
    let mut tasks_out = Vec::new();
    for t in store::tasks_of(tx, &case.id)? {
        let owner = match &t.owner {
            Some(p) => registry::people::find(tx, p)?.map_or_else(String::new, |p| p.name),
            None => tx.open_some(
                case.client.as_str(),
                "case_task.owner_words",
                t.id.as_str(),
                t.owner_words.as_ref(),
            )?,
        };
        let owner = if owner.is_empty() { req.t("casework.task.nobody") } else { owner };
        tasks_out.push(TaskView {
            what: goals::task_words(tx, case, &t)?,
            owner,
            due: t.due,
            done: t.done_on,
            late: t.done_on.is_none() && t.due.is_some_and(|d| d < cx.today()),
            id: t.id.0,
        });
    }
    Ok((goals_out, tasks_out))
}

fn need_choices(tx: &mut Tx<'_>, seen: &Seen) -> Result<Vec<Choice>> {
    let mut out = Vec::new();
    for n in store::needs_of(tx, &seen.case.id)?.into_iter().filter(|n| n.until.is_none()) {
        let label = goals::need_words(tx, &seen.case, &n)?;
        out.push(Choice { value: n.id.0, label });
    }
    Ok(out)
}

fn views(tx: &mut Tx<'_>, req: &Req, seen: &Seen) -> Result<Vec<ReviewView>> {
    let owner = seen.case.client.as_str();
    let mut out = Vec::new();
    for r in store::reviews_of(tx, &seen.case.id)? {
        let id = r.id.as_str();
        out.push(ReviewView {
            verdict: req.t(&format!("casework.review.{}", r.verdict)),
            words: tx.open_some(owner, "case_review.words", id, r.words.as_ref())?,
            answer: tx.open_some(owner, "case_review.answer", id, r.answer.as_ref())?,
            by: r.by_name.clone(),
            when: r.at.local(),
            id: r.id.0,
        });
    }
    Ok(out)
}
