//! 探访率 of a month: the number, the rows that make it, and the people behind each row.
use access::care::Lens;
use askama::Template;
use axum::response::Response;
use kernel::Day;
use web::{Frame, PageError, Req, page};

use crate::acts::rate;
use crate::model::rate::{InMonth, Rate};
use crate::view::Names;

struct Row {
    site: String,
    worker: String,
    rate: Rate,
    href: String,
}

struct Person {
    label: String,
    href: String,
    before: Option<Day>,
    met: i64,
    tried: i64,
}

#[derive(Template)]
#[template(path = "visit_rate.html")]
struct RatePage {
    frame: Frame,
    month: String,
    months: Vec<(String, String, bool)>,
    total: Rate,
    rows: Vec<Row>,
    people: Vec<Person>,
    /// People of the row whom the asker may not see.
    hidden: usize,
    narrowed: bool,
}

pub(super) async fn rate(req: Req) -> Result<Response, PageError> {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let get = |name: &str| r.query(name).unwrap_or_default();
            let running: String = cx.today().to_string().chars().take(7).collect();
            let (site, worker) = (get("site"), get("worker"));
            let asked =
                Some(get("month")).filter(|m| !m.is_empty()).unwrap_or_else(|| running.clone());
            let (from, to) = rate::month_of(&asked)?;
            let mut month = rate::month(tx, cx, from, to)?;
            let narrowed = !site.is_empty() || !worker.is_empty();
            let wanted = |c: &InMonth| {
                (site.is_empty() || c.site.as_ref().map_or("-", |s| s.as_str()) == site)
                    && (worker.is_empty()
                        || c.keeper.as_ref().map_or("-", |k| k.as_str()) == worker)
            };
            month.people.retain(|c| !narrowed || wanted(c));
            let (lens, mut names) = (Lens::of(tx, cx)?, Names::default());
            let mut rows = Vec::new();
            for ((site, keeper), rate) in month.rows() {
                let site_id = site.as_ref().map_or("-", |s| s.as_str()).to_owned();
                let worker_id = keeper.as_ref().map_or("-", |k| k.as_str()).to_owned();
                rows.push(Row {
                    site: match &site {
                        Some(s) => names.site(tx, s)?,
                        None => r.t("visits.rate.no_site"),
                    },
                    worker: match &keeper {
                        Some(k) => names.person(tx, k)?,
                        None => r.t("visits.rate.nobody"),
                    },
                    rate,
                    href: format!("/visits/rate?month={asked}&site={site_id}&worker={worker_id}"),
                });
            }
            let mut people = Vec::new();
            let mut hidden = 0;
            if narrowed {
                for c in &month.people {
                    let full = registry::client::find_unguarded(tx, &c.client)?;
                    let sight = match (&full, c.seen) {
                        (Some(full), true) => lens.sight(tx, full)?,
                        _ => None,
                    };
                    match (full, sight) {
                        (Some(full), Some(sight)) => people.push(Person {
                            label: sight.label(&full),
                            href: format!("/visits/of/{}", c.client),
                            before: c.before,
                            met: c.met,
                            tried: c.tried,
                        }),
                        _ => hidden += 1,
                    }
                }
            }
            let months = (0..6)
                .map(|n| {
                    let m: String = cx
                        .today()
                        .start_of_month()
                        .plus_months(-n)
                        .to_string()
                        .chars()
                        .take(7)
                        .collect();
                    (
                        format!("/visits/rate?month={m}&site={site}&worker={worker}"),
                        m.clone(),
                        m == asked,
                    )
                })
                .collect();
            Ok(RatePage {
                frame: Frame::new(&r, "visits.rate.title"),
                months,
                total: month.total(),
                rows,
                people,
                hidden,
                narrowed,
                month: asked,
            })
        })
        .await?;
    page(&built)
}
