//! The posts and certificates of a site's people as bars over time: a drawing made here, readable without script and in print.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, PersonId};
use web::Req;

use crate::model::{Post, Site};

/// A bar: x and width in pixels, y of its top.
pub(super) struct Bar {
    pub x: i32,
    pub y: i32,
    pub w: i32,
    pub tone: &'static str,
    pub label: String,
}

/// The drawing.
pub(super) struct Timeline {
    pub height: i32,
    /// (y, name)
    pub people: Vec<(i32, String)>,
    pub bars: Vec<Bar>,
    /// (x, year)
    pub years: Vec<(i32, i32)>,
    pub today: i32,
}

const LEFT: i32 = 110;
const WIDTH: i32 = 790;
const ROW: i32 = 34;

/// Draws a site's people; `None` when nobody ever held a post.
pub(super) fn draw(tx: &mut Tx<'_>, cx: &Cx, req: &Req, site: &Site) -> Result<Option<Timeline>> {
    let posts: Vec<Post> = crate::store::posts_of_site(tx, &site.id)?;
    let today = cx.today();
    let Some(first) = posts.iter().map(|p| p.since).min() else { return Ok(None) };
    let start = first.start_of_year();
    let end = today.plus_years(1).end_of_year().plus_days(1);
    let days = (end.0 - start.0).max(1);
    let at = |d: Day| LEFT + (d.0.clamp(start.0, end.0) - start.0) * WIDTH / days;
    let mut order: Vec<PersonId> = Vec::new();
    for p in &posts {
        if !order.contains(&p.person) {
            order.push(p.person.clone());
        }
    }
    let mut drawing = Timeline {
        height: 24 + ROW * i32::try_from(order.len()).unwrap_or(0) + 6,
        people: Vec::new(),
        bars: Vec::new(),
        years: (start.year()..=end.year() - 1)
            .filter_map(|y| Some((at(Day::of(i16::try_from(y).ok()?, 1, 1)?), y)))
            .collect(),
        today: at(today),
    };
    for (n, person) in order.iter().enumerate() {
        let y = 24 + ROW * i32::try_from(n).unwrap_or(0);
        let name = registry::people::find(tx, person)?.map_or_else(String::new, |p| p.name);
        let mut bar = |since: Day, until: Option<Day>, up: i32, tone, label: String| {
            let x = at(since);
            let to = until.map_or_else(|| "…".to_owned(), |u| u.to_string());
            let label = format!("{name} · {label} · {since} – {to}");
            drawing.bars.push(Bar {
                x,
                y: y + up,
                w: (at(until.unwrap_or(end)) - x).max(2),
                tone,
                label,
            });
        };
        for p in posts.iter().filter(|p| p.person == *person) {
            let lead =
                matches!(p.role, crate::model::PostRole::Head | crate::model::PostRole::Deputy);
            bar(
                p.since,
                p.until,
                4,
                if lead { "lead" } else { "post" },
                req.t(&format!("posts.role.{}", p.role)),
            );
        }
        if req.can("people.read") {
            for q in registry::people::qualifications_of(tx, person)?
                .iter()
                .filter(|q| q.kind.licenses())
            {
                bar(
                    q.since.max(start),
                    q.until,
                    20,
                    "held",
                    req.t(&format!("qualifications.kind.{}", q.kind)),
                );
            }
        }
        drawing.people.push((y, name));
    }
    Ok(Some(drawing))
}
