//! Activities: the list, the plan, one activity with its list of people, recording and closing it, the papers, the code at the door.
mod door;
mod opinion;
mod papers;
mod plan;
mod show;

pub(super) use door::{arrive, door};
pub(super) use opinion::{ask, paper, say};
pub(super) use papers::{poster, sheet};
pub(super) use plan::{amend, blank, changing, plan};
pub(super) use show::{add, again, cancel, close, closing, coming, give_back, hold, holding, show};

use askama::Template;
use axum::response::Response;
use kernel::Day;
use web::{Frame, PageError, Req, page};

use crate::acts::activity;
use crate::model::activity::{Activity, Standing};
use crate::store;
use crate::view::Names;

struct Line {
    href: String,
    title: String,
    day: Day,
    time: String,
    place: String,
    kind: &'static str,
    standing: &'static str,
    colour: &'static str,
    site: String,
    people: String,
}

#[derive(Template)]
#[template(path = "activities.html")]
struct List {
    frame: Frame,
    ahead: Vec<Line>,
    past: Vec<Line>,
    writes: bool,
}

/// The colour of where an activity stands.
pub(super) const fn colour(s: Standing) -> &'static str {
    match s {
        Standing::Planned => "blue",
        Standing::Held => "yellow",
        Standing::Closed => "green",
        Standing::Cancelled => "secondary",
    }
}

/// Activities of the last year and whatever is planned.
const DAYS_BACK: i32 = 366;
const DAYS_AHEAD: i32 = 366;
const MOST: i64 = 300;

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let today = cx.today();
            let all = store::activity::between(
                tx,
                cx,
                today.plus_days(-DAYS_BACK),
                today.plus_days(DAYS_AHEAD),
                MOST,
            )?;
            let mut names = Names::default();
            let (mut ahead, mut past) = (Vec::new(), Vec::new());
            for a in all {
                let open = a.standing() == Standing::Planned && a.day >= today;
                let line = line(tx, &mut names, &a)?;
                if open { ahead.push(line) } else { past.push(line) }
            }
            ahead.reverse();
            Ok(List {
                frame: Frame::new(&r, "activities.title"),
                ahead,
                past,
                writes: cx.actor.can("activities.write"),
            })
        })
        .await?;
    page(&built)
}

fn line(tx: &mut db::Tx<'_>, names: &mut Names, a: &Activity) -> db::Result<Line> {
    let f = activity::figures(tx, a)?;
    let people = if a.held.is_some() {
        f.present.to_string()
    } else if a.capacity > 0 {
        format!("{} / {}", f.signed, a.capacity)
    } else {
        f.signed.to_string()
    };
    Ok(Line {
        href: format!("/activities/{}", a.id),
        title: a.title.clone(),
        day: a.day,
        time: a.time.clone(),
        place: a.place.clone(),
        kind: a.kind.as_str(),
        standing: a.standing().as_str(),
        colour: colour(a.standing()),
        site: names.site(tx, &a.site)?,
        people,
    })
}
