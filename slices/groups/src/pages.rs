//! What a person sees: the list, a group by tabs, the forms of its plan, members and sessions, the sign-in door, papers.
mod door;
mod evaluation;
mod list;
mod members;
mod papers;
mod plan;
mod record;
mod sessions;

use access::Cx;
use axum::response::Response;
use db::{Result, Tx};
use kernel::{GroupId, PersonId};
use web::{Choice, Frame, Gate, PageError, Req};

use crate::look::{self, Look};
use crate::model::{Group, Phase, WorkerRole};
use crate::store;

/// What a handler answers.
type Page = std::result::Result<Response, PageError>;

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/groups", "groups.read", list::list)
        .get("/groups/new", "groups.write", plan::blank)
        .post("/groups/new", "groups.write", plan::begin)
        .get("/groups/signin/{token}", "public", door::ask)
        .post("/groups/signin/{token}", "public", door::answer)
        .get("/groups/{id}", "groups.read", plan::show)
        .get("/groups/{id}/edit", "groups.write", plan::edit)
        .post("/groups/{id}/edit", "groups.write", plan::amend)
        .post("/groups/{id}/submission", "groups.write", plan::submit)
        .post("/groups/{id}/review", "groups.approve", plan::review)
        .post("/groups/{id}/phases", "groups.write", plan::advance)
        .post("/groups/{id}/closing", "groups.write", evaluation::close)
        .get("/groups/{id}/paper", "groups.read", papers::plan)
        .get("/groups/{id}/members", "groups.read", members::show)
        .post("/groups/{id}/members", "groups.write", members::apply)
        .post("/groups/{id}/contract", "groups.write", members::sign_all)
        .get("/groups/{id}/members/{member}", "groups.write", members::one)
        .post("/groups/{id}/members/{member}/screening", "groups.write", members::screen)
        .post("/groups/{id}/members/{member}/contract", "groups.write", members::sign)
        .post("/groups/{id}/members/{member}/leaving", "groups.write", members::leave)
        .get("/groups/{id}/sessions", "groups.read", sessions::list)
        .get("/groups/{id}/sessions/new", "groups.write", sessions::blank)
        .post("/groups/{id}/sessions/new", "groups.write", sessions::plan)
        .get("/groups/{id}/sessions/{session}", "groups.read", sessions::show)
        .get("/groups/{id}/sessions/{session}/plan", "groups.write", sessions::edit)
        .post("/groups/{id}/sessions/{session}/plan", "groups.write", sessions::replan)
        .post("/groups/{id}/sessions/{session}/cancellation", "groups.write", sessions::cancel)
        .get("/groups/{id}/sessions/{session}/record", "groups.write", record::form)
        .post("/groups/{id}/sessions/{session}/record", "groups.write", record::keep)
        .post("/groups/{id}/sessions/{session}/door", "groups.write", door::open)
        .get("/groups/{id}/sessions/{session}/door", "groups.read", door::show)
        .get("/groups/{id}/sessions/{session}/sheet", "groups.read", papers::sheet)
        .get("/groups/{id}/sessions/{session}/paper", "groups.read", papers::record)
        .get("/groups/{id}/evaluation", "groups.read", evaluation::show)
        .get("/groups/{id}/report", "groups.write", evaluation::report)
        .post("/groups/{id}/report", "groups.write", evaluation::keep_report)
        .get("/groups/{id}/report/paper", "groups.read", papers::report)
        .get("/groups/{id}/satisfaction", "groups.write", evaluation::satisfaction)
        .post("/groups/{id}/satisfaction", "groups.write", evaluation::keep_satisfaction)
        .get("/groups/{id}/members/{member}/scale/{stage}", "groups.write", evaluation::scale)
        .post("/groups/{id}/members/{member}/scale/{stage}", "groups.write", evaluation::keep_scale)
}

/// What every tab of a group shows above it.
struct Head {
    id: String,
    tabs: Vec<(String, String, usize, bool)>,
    phase: &'static str,
    colour: &'static str,
    writes: bool,
}

fn head(tx: &mut Tx<'_>, req: &Req, group: &Group, look: Look, here: &str) -> Result<Head> {
    let id = &group.id;
    let mut tabs = vec![(format!("/groups/{id}"), req.t("groups.tab.plan"), 0, here == "plan")];
    if look.content {
        let members = store::members(tx, id)?.iter().filter(|m| m.enrolled_on.is_some()).count();
        let sessions = store::sessions(tx, id)?.len();
        for (name, count) in [("members", members), ("sessions", sessions), ("evaluation", 0)] {
            let label = req.t(&format!("groups.tab.{name}"));
            tabs.push((format!("/groups/{id}/{name}"), label, count, here == name));
        }
    }
    let writes = look.writes && look.phase != Phase::Closed;
    Ok(Head {
        id: id.0.clone(),
        tabs,
        phase: look.phase.as_str(),
        colour: colour(look.phase),
        writes,
    })
}

/// The frame of a group's page.
fn frame(req: &Req, group: &Group) -> Frame {
    Frame::titled(req, group.name.clone()).under(req.t(&format!("groups.kind.{}", group.kind)))
}

/// The colour of a phase's badge.
const fn colour(phase: Phase) -> &'static str {
    match phase {
        Phase::Preparing => "secondary",
        Phase::Forming | Phase::Transition => "blue",
        Phase::Working => "green",
        Phase::Ending => "yellow",
        Phase::Closed => "purple",
    }
}

/// A group whose content the viewer may read.
fn open(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<(Group, Look)> {
    let (group, look) = look::find(tx, cx, &GroupId::from(id))?;
    look.content()?;
    Ok((group, look))
}

/// A group the viewer may change.
fn open_to_write(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<(Group, Look)> {
    let (group, look) = look::find(tx, cx, &GroupId::from(id))?;
    look.writes()?;
    Ok((group, look))
}

fn person(tx: &mut Tx<'_>, id: &PersonId) -> Result<String> {
    Ok(registry::people::find(tx, id)?.map_or_else(String::new, |p| p.name))
}

/// Who leads a group now, the leading worker first.
fn leaders(tx: &mut Tx<'_>, group: &Group) -> Result<Vec<(PersonId, String, WorkerRole)>> {
    let mut out = Vec::new();
    for w in store::workers(tx, &group.id)?.into_iter().filter(|w| w.until.is_none()) {
        let name = person(tx, &w.person)?;
        out.push((w.person, name, w.role));
    }
    Ok(out)
}

/// The words of a closed set as choices.
fn words(req: &Req, field: &str, all: &[&'static str]) -> Vec<Choice> {
    all.iter()
        .map(|w| Choice { value: (*w).to_owned(), label: req.t(&format!("groups.{field}.{w}")) })
        .collect()
}

/// A percentage, or a dash for none.
fn percent(rate: Option<String>) -> String {
    rate.map_or_else(|| "—".to_owned(), |r| format!("{r}%"))
}
