//! What a person sees: the table of months, the services behind it, hours, time beside the services, what plans list.
mod hours;
mod items;
mod services;
mod table;
mod time;

use kernel::Day;
use ledger::ServiceKind;
use web::{Choice, Gate, Req};

use crate::model::Asked;

/// The pages.
pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/ledger", "ledger.read", table::show)
        .get("/ledger/services", "ledger.rows", services::list)
        .get("/ledger/hours", "ledger.read", hours::show)
        .get("/ledger/hours/{person}", "ledger.read", hours::sheet)
        .get("/ledger/time", "ledger.rows", time::list)
        .get("/ledger/time/new", "worklog.write", time::new)
        .post("/ledger/time", "worklog.write", time::log)
        .post("/ledger/time/{id}/removal", "worklog.write", time::remove)
        .get("/ledger/items", "ledger.read", items::list)
        .post("/ledger/items", "sites.write", items::add)
        .post("/ledger/items/{id}/mark", "sites.write", items::mark)
        .post("/ledger/items/{id}/removal", "sites.write", items::remove)
        .get("/ledger/files/{file}", "export.run", crate::files::take)
}

/// What is asked for, from this request's query.
pub(crate) fn asked(req: &Req) -> Asked {
    Asked::read(req.now.day(), |name| req.query(name))
}

/// Tabs of this slice's pages: (href, label, count, active).
fn tabs(req: &Req, here: &str) -> Vec<(String, String, usize, bool)> {
    let query = asked(req).query("", "");
    let rows = !crate::model::Reach::coarse(&reach(req));
    [("", true), ("/services", rows), ("/hours", true), ("/time", rows), ("/items", true)]
        .into_iter()
        .filter(|(_, shown)| *shown)
        .map(|(path, _)| {
            let key = format!("worklog.tab{}", path.replace('/', "."));
            (format!("/ledger{path}?{query}"), req.t(&key), 0, here == path)
        })
        .collect()
}

fn reach(req: &Req) -> crate::model::Reach {
    req.cx().map_or(crate::model::Reach::Counts, crate::model::Reach::of)
}

/// The months one can step to: before, this one, after (never beyond the present).
pub(crate) struct Steps {
    pub back: String,
    pub label: String,
    pub on: Option<String>,
}

fn steps(req: &Req, path: &str, asked: &Asked, year: bool) -> Steps {
    let months = if year { 12 } else { 1 };
    let text = |d: Day| d.to_string().chars().take(7).collect::<String>();
    let link = |d: Day| format!("{path}?{}", asked.query("month", &text(d)));
    let next = asked.month.plus_months(months);
    let open = if year { next.start_of_year() } else { next } <= req.now.day();
    Steps {
        back: link(asked.month.plus_months(-months)),
        label: if year { asked.month.year().to_string() } else { asked.month_text() },
        on: open.then(|| link(next)),
    }
}

/// The kinds of service as choices.
fn kinds(req: &Req) -> Vec<Choice> {
    let choice = |k: &ServiceKind| Choice {
        value: k.as_str().into(),
        label: req.t(&format!("service_kind.{k}")),
    };
    ServiceKind::ALL.iter().map(choice).collect()
}
