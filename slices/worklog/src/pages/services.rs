//! The services behind a figure, page by page.
use askama::Template;
use axum::response::Response;
use kernel::{PersonId, ServiceId};
use registry::site::Site;
use web::{Choice, Form, Frame, PageError, Req, page};

use super::{Steps, asked, kinds, reach, steps, tabs};
use crate::model::{PER_PAGE, Reach, hours};
use crate::reading::{self, Entry, Page};

/// A service as the list shows it.
struct Line {
    day: String,
    kind: String,
    site: String,
    workers: String,
    /// Name and the client's page.
    clients: Vec<(String, String)>,
    others: i64,
    minutes: i64,
    person_times: i64,
    /// The record that wrote it; empty when it has no page of its own.
    href: String,
}

#[derive(Template)]
#[template(path = "services.html")]
struct Shown {
    frame: Frame,
    tabs: Vec<(String, String, usize, bool)>,
    steps: Steps,
    form: Form,
    kinds: Vec<Choice>,
    sites: Vec<Choice>,
    people: Vec<Choice>,
    own: bool,
    lines: Vec<Line>,
    sum: Vec<(String, String)>,
    next: String,
    first: String,
    takes: bool,
    file: String,
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let asked = asked(&req);
    let after = req.query("after").and_then(|a| {
        let (day, id) = a.split_once('_')?;
        Some((day.parse().ok()?, ServiceId::from(id)))
    });
    let more = after.is_some();
    let of = asked.clone();
    let (shown, sites, people) = req
        .ask(move |tx, cx| {
            let (_, to) = of.days();
            let path = cx.actor.scope().path.clone();
            let sites: Vec<Site> = registry::site::under(tx, &path, to)?;
            let people: Vec<(PersonId, String)> = registry::site::colleagues(tx, &path, to)?;
            let shown: Page = reading::services(tx, cx, &of, after.as_ref(), PER_PAGE)?;
            Ok((shown, sites, people))
        })
        .await?;
    let query = asked.query("", "");
    let next = shown
        .next
        .as_ref()
        .map_or_else(String::new, |(day, id)| format!("/ledger/services?{query}&after={day}_{id}"));
    let form = Form::blank()
        .with("month", asked.month_text())
        .with("span", if asked.year { "year" } else { "" })
        .with("kind", asked.kind.map_or("", |k| k.as_str()))
        .with("site", &asked.site)
        .with("person", &asked.person)
        .with("project", &asked.project);
    let sum = [
        ("worklog.services", shown.sum.services.to_string()),
        ("worklog.hours", hours(shown.sum.minutes)),
        ("worklog.persons", shown.sum.persons.to_string()),
        ("worklog.person_times", shown.sum.person_times.to_string()),
    ];
    let choice = |value: String, label: String| Choice { value, label };
    page(&Shown {
        frame: Frame::new(&req, "worklog.title"),
        tabs: tabs(&req, "/services"),
        steps: steps(&req, "/ledger/services", &asked, asked.year),
        form,
        kinds: kinds(&req),
        sites: sites.into_iter().map(|s| choice(s.id.0, s.name)).collect(),
        people: people.into_iter().map(|(id, name)| choice(id.0, name)).collect(),
        own: matches!(reach(&req), Reach::Own(_)),
        lines: shown.entries.into_iter().map(|e| line(&req, e)).collect(),
        sum: sum.into_iter().map(|(k, v)| (req.t(k), v)).collect(),
        next,
        first: if more { format!("/ledger/services?{query}") } else { String::new() },
        takes: req.can("export.run"),
        file: format!("/ledger/files/services.xlsx?{query}"),
    })
}

fn line(req: &Req, e: Entry) -> Line {
    let workers: Vec<&str> = e.workers.iter().map(|(name, _)| name.as_str()).collect();
    Line {
        day: e.service.day.to_string(),
        kind: req.t(&format!("service_kind.{}", e.service.kind)),
        site: e.site,
        workers: workers.join(&req.t("worklog.comma")),
        clients: e.clients.into_iter().map(|(name, id)| (name, format!("/clients/{id}"))).collect(),
        others: e.others,
        minutes: e.service.minutes,
        person_times: e.service.person_times,
        href: place(&e.service.source, &e.service.source_id).unwrap_or_default(),
    }
}

/// The page of the record that wrote a service.
fn place(source: &str, id: &str) -> Option<String> {
    let under = match source {
        "visit" => "visits",
        "activity" => "activities",
        "consultation" => "consultations",
        "deliberation" => "deliberations",
        _ => return None,
    };
    Some(format!("/{under}/{id}"))
}
