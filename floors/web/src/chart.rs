//! Charts that the server draws: SVG with classes for light, dark and paper, and the same numbers as text.
use kernel::Day;

use crate::Frame;

/// One point: a day and a total in tenths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub day: Day,
    pub value: i64,
    /// What the value means (the band), said beside it.
    pub word: String,
    /// Where it is read in full; empty when nowhere.
    pub href: String,
}
/// A stretch of values with one meaning, lowest first, in tenths. A positive one is hatched, so it shows without colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    pub from: i64,
    pub to: i64,
    pub label: String,
    pub positive: bool,
}

/// A line of totals over days, over its bands: `{{ chart }}`. Readers who do not see it get the table below it.
#[derive(askama::Template)]
#[template(path = "trend.html")]
pub struct Trend {
    frame: Frame,
    title: String,
    /// Tells the hatches of two charts of one page apart.
    key: usize,
    dots: Vec<Dot>,
    line: String,
    zones: Vec<Stripe>,
    summary: String,
}
impl askama::filters::HtmlSafe for Trend {}

struct Dot {
    x: i64,
    y: i64,
    day: String,
    value: String,
    word: String,
    href: String,
    /// Whether its day is written under the axis: neighbours would overlap.
    dated: bool,
}
struct Stripe {
    y: i64,
    height: i64,
    label: String,
    positive: bool,
}

/// The drawing's field, in its own units: 640 × 240 with room for words.
const LEFT: i64 = 48;
const RIGHT: i64 = 500;
const TOP: i64 = 16;
const BOTTOM: i64 = 200;

/// Draws totals over days. `min` and `max` are the scale's, in tenths.
pub fn trend(
    frame: &Frame,
    title: &str,
    points: &[Point],
    zones: &[Zone],
    (min, max): (i64, i64),
) -> Trend {
    let height = (max - min).max(1);
    let y = |value: i64| BOTTOM - (value.clamp(min, max) - min) * (BOTTOM - TOP) / height;
    let first = points.iter().map(|p| p.day.0).min().unwrap_or_default();
    let last = points.iter().map(|p| p.day.0).max().unwrap_or_default();
    let span = i64::from((last - first).max(1));
    let x = |day: Day| {
        if first == last {
            i64::midpoint(LEFT, RIGHT)
        } else {
            LEFT + 20 + i64::from(day.0 - first) * (RIGHT - LEFT - 40) / span
        }
    };
    let mut written = i64::MIN / 2;
    let dots: Vec<Dot> = points
        .iter()
        .map(|p| {
            let at = x(p.day);
            let dated = at - written >= 76;
            if dated {
                written = at;
            }
            Dot {
                x: at,
                y: y(p.value),
                day: p.day.to_string(),
                value: forms::score::tenths(p.value),
                word: p.word.clone(),
                href: p.href.clone(),
                dated,
            }
        })
        .collect();
    let line = dots.iter().map(|d| format!("{},{}", d.x, d.y)).collect::<Vec<_>>().join(" ");
    let zones = zones
        .iter()
        .map(|z| {
            let (top, foot) = (y(z.to), y(z.from));
            Stripe {
                y: top,
                height: (foot - top).max(2),
                label: z.label.clone(),
                positive: z.positive,
            }
        })
        .collect();
    let summary = match (dots.first(), dots.last()) {
        (Some(a), Some(b)) if dots.len() > 1 => frame.tf2(
            "web.trend.from_to",
            "first",
            format!("{} {}", a.day, a.value),
            "last",
            format!("{} {}", b.day, b.value),
        ),
        (Some(a), _) => format!("{} {} {}", a.day, a.value, a.word),
        _ => frame.t("web.trend.none"),
    };
    let key = title.bytes().map(usize::from).sum();
    Trend { frame: frame.clone(), title: title.to_owned(), key, dots, line, zones, summary }
}

/// The trend of a client's answers to a scale, oldest first: totals, bands and limits come from the form; `at` says where an answer is read.
pub fn of_answers(
    frame: &Frame,
    form: &forms::Form,
    answers: &[forms::FormAnswer],
    at: impl Fn(&forms::FormAnswer) -> String,
) -> Trend {
    let lang = frame.language();
    let set = form.score.as_ref().and_then(|s| s.sets.first());
    let points: Vec<Point> = answers
        .iter()
        .filter_map(|a| {
            let value = a.total?;
            let word = set
                .and_then(|s| s.band(value))
                .map_or_else(String::new, |b| b.label.say(lang).to_owned());
            Some(Point { day: a.on_day, value, word, href: at(a) })
        })
        .collect();
    let zones: Vec<Zone> = set.map_or_else(Vec::new, |s| {
        s.bands
            .iter()
            .map(|b| Zone {
                from: b.from,
                to: b.to,
                label: b.label.say(lang).to_owned(),
                positive: b.positive,
            })
            .collect()
    });
    let limits = form.score.as_ref().map_or((0, 1), |s| (s.min, s.max));
    trend(frame, form.title.say(lang), &points, &zones, limits)
}
