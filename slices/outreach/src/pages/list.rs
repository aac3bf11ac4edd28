//! Who is due, in walking order; several can be planned for a day at once.
use access::care::Lens;
use askama::Template;
use axum::response::Response;
use web::{Choice, Error, Form, Frame, PageError, Req, page};

use crate::acts::plan::Whose;
use crate::acts::{self, plan};
use crate::cards::whose;
use crate::model::due::Standing;
use crate::view::{self, Line, Names};

/// So many are shown at once; a narrower choice shows the others.
const MOST: usize = 200;
/// "This week" reaches so many days ahead.
const WEEK: i32 = 6;

/// The clients of one building.
pub(super) struct Group {
    pub place: String,
    pub lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "visits.html")]
pub(super) struct List {
    frame: Frame,
    form: Form,
    /// (href, label, active)
    shows: Vec<(String, String, bool)>,
    people: Vec<(String, String, bool)>,
    counts: Vec<(String, usize, &'static str, String)>,
    groups: Vec<Group>,
    route: String,
    hidden: usize,
    plans: bool,
    colleagues: Vec<Choice>,
}

/// Does a standing belong under this choice?
fn wanted(s: &Standing, show: &str, today: kernel::Day) -> bool {
    let (due, planned) = (s.due(), s.planned);
    match show {
        "late" => due < today,
        "week" => {
            due <= today.plus_days(WEEK) || planned.is_some_and(|p| p <= today.plus_days(WEEK))
        }
        "all" => true,
        "planned" => planned.is_some(),
        // A day's work: what is planned for it, what is due by it.
        _ => planned.is_some_and(|p| p <= today) || (planned.is_none() && due <= today),
    }
}

pub(super) async fn list_page(req: &Req, form: Form) -> Result<List, Error> {
    let r = req.clone();
    req.ask(move |tx, cx| {
        let (who, show) = (r.query("who").unwrap_or_default(), r.query("show").unwrap_or_default());
        let today = cx.today();
        let whose = whose(cx, &who);
        let all = plan::standings(tx, cx, &whose)?;
        let (lens, mut names) = (Lens::of(tx, cx)?, Names::default());
        let mut groups: Vec<Group> = Vec::new();
        let chosen: Vec<&Standing> = all.iter().filter(|s| wanted(s, &show, today)).collect();
        let hidden = chosen.len().saturating_sub(MOST);
        for s in chosen.into_iter().take(MOST) {
            let Some(line) = view::line(tx, cx, &lens, &mut names, s)? else { continue };
            match groups.last_mut().filter(|g| g.place == line.place) {
                Some(g) => g.lines.push(line),
                None => groups.push(Group { place: line.place.clone(), lines: vec![line] }),
            }
        }
        let route = groups.iter().take(6).map(|g| g.place.clone()).collect::<Vec<_>>().join(" → ");
        let link = |w: &str, s: &str| format!("/visits?who={w}&show={s}");
        let shows = ["", "late", "week", "planned", "all"]
            .iter()
            .map(|s| {
                let key = if s.is_empty() { "today" } else { s };
                (link(&who, s), r.t(&format!("visits.show.{key}")), show == **s)
            })
            .collect();
        let people = ["me", "all"]
            .iter()
            .filter(|_| cx.actor.can("clients.place"))
            .map(|w| {
                let active = match whose {
                    Whose::Mine => *w == "me",
                    Whose::Everybody => *w == "all",
                    Whose::Of(_) => false,
                };
                (link(w, &show), r.t(&format!("visits.who.{w}")), active)
            })
            .collect();
        let count = |show: &str| all.iter().filter(|s| wanted(s, show, today)).count();
        let counts = [("", "blue"), ("late", "red"), ("week", "yellow")]
            .iter()
            .map(|(s, colour)| {
                let key = if s.is_empty() { "today" } else { s };
                let n = count(s);
                (
                    r.t(&format!("visits.show.{key}")),
                    n,
                    if n > 0 { *colour } else { "" },
                    link(&who, s),
                )
            })
            .collect();
        let plans = cx.actor.can("visits.write");
        let colleagues = if plans {
            acts::colleagues(tx, cx, &cx.actor.scope().region.clone())?
                .into_iter()
                .map(|(id, label)| Choice { value: id.0, label })
                .collect()
        } else {
            Vec::new()
        };
        Ok(List {
            frame: Frame::new(&r, "visits.title"),
            form,
            shows,
            people,
            counts,
            groups,
            route,
            hidden,
            plans,
            colleagues,
        })
    })
    .await
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let form = Form::blank().with("day", req.now.day().plus_days(1));
    page(&list_page(&req, form).await?)
}
