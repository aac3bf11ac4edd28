//! What a person sees first in the morning.
use askama::Template;
use axum::response::Response;
use kernel::Day;
use web::{Due, Frame, Gate, PageError, Req, page};

use crate::acts;
use crate::model::{Press, press};

pub(crate) fn gate() -> Gate {
    Gate::pages().get("/today", "sites.read", today)
}

/// One line of the list.
pub(crate) struct Line {
    pub text: String,
    pub place: String,
    pub clause: String,
    pub by: Option<Day>,
    pub href: String,
    pub icon: &'static str,
    pub press: Press,
    /// Days until it is due; negative when late.
    pub days: i32,
}

#[derive(Template)]
#[template(path = "today.html")]
struct Today {
    frame: Frame,
    greeting: String,
    lines: Vec<Line>,
    /// (href, label, active)
    filters: Vec<(String, String, bool)>,
    late: usize,
    soon: usize,
    /// Places with the most to do: (name, count).
    places: Vec<(String, usize)>,
    most: usize,
}

impl Line {
    fn of(req: &Req, due: Due, today: Day) -> Self {
        Self {
            text: due.sentence(req),
            press: press(&due, today),
            days: due.by.map_or(0, |b| b.0 - today.0),
            place: due.site_name,
            clause: due.clause,
            by: due.by,
            href: due.href,
            icon: due.icon,
        }
    }
}

async fn today(req: Req) -> Result<Response, PageError> {
    let shell = req.shell.clone();
    let dues = req.ask(move |tx, cx| acts::gather(tx, cx, &shell)).await?;
    let day = req.now.day();
    let lines: Vec<Line> = dues.into_iter().map(|d| Line::of(&req, d, day)).collect();
    let count = |p: Press| lines.iter().filter(|l| l.press == p).count();
    let (late, soon) = (count(Press::Late), count(Press::Soon));
    let mut places: Vec<(String, usize)> = Vec::new();
    for line in &lines {
        match places.iter_mut().find(|p| p.0 == line.place) {
            Some(p) => p.1 += 1,
            None => places.push((line.place.clone(), 1)),
        }
    }
    places.retain(|p| !p.0.is_empty());
    places.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    places.truncate(8);
    let most = places.first().map_or(1, |p| p.1);
    let show = req.query("show").unwrap_or_default();
    let filter = |name: &str, key: &str, n: usize| {
        (format!("/today?show={name}"), format!("{} {n}", req.t(key)), show == name)
    };
    let filters = vec![
        ("/today".to_owned(), format!("{} {}", req.t("today.all"), lines.len()), show.is_empty()),
        filter("late", "today.late", late),
        filter("soon", "today.soon", soon),
        filter("open", "today.open", count(Press::Open)),
    ];
    let hour = req.now.local().get(11..13).and_then(|h| h.parse::<u8>().ok()).unwrap_or(12);
    let part = match hour {
        5..=10 => "today.morning",
        11..=12 => "today.noon",
        13..=17 => "today.afternoon",
        _ => "today.evening",
    };
    let name = req.cx()?.actor.name().to_owned();
    let greeting = req.fill(
        "today.greeting",
        &[("part", req.t(part)), ("name", name), ("n", lines.len().to_string())],
    );
    let frame = Frame::new(&req, "today.title");
    let pretitle = frame.today.clone();
    let lines = lines
        .into_iter()
        .filter(|l| match show.as_str() {
            "late" => l.press == Press::Late,
            "soon" => l.press == Press::Soon,
            "open" => l.press == Press::Open,
            _ => true,
        })
        .collect();
    page(&Today {
        frame: frame.under(pretitle),
        greeting,
        lines,
        filters,
        late,
        soon,
        places,
        most,
    })
}
