//! What a person sees first in the morning, and the list of what one can begin.
use askama::Template;
use axum::response::Response;
use kernel::Day;
use registry::client::RiskGrade;
use web::{Due, DueKind, Frame, Gate, PageError, Req, page};

use crate::acts::{self, Unvisited};
use crate::model::{Press, planned, press};

pub(crate) fn gate() -> Gate {
    Gate::pages().get("/today", "sites.read", today).get("/new", "home", new)
}

/// One line of the lists.
pub(crate) struct Line {
    pub text: String,
    pub whom: String,
    pub place: String,
    pub clause: String,
    pub by: Option<Day>,
    pub time: String,
    pub href: String,
    pub icon: &'static str,
    pub press: Press,
    /// Days until it is due; negative when late.
    pub days: i32,
    pub kind: DueKind,
    /// The word on its button.
    pub action: String,
}

/// Something one can begin: (address, icon, word, key).
pub(crate) type Begin = (&'static str, &'static str, String, &'static str);

/// A colleague as the head's table shows them.
struct Mate {
    name: String,
    hours_href: String,
    clients: i64,
    loads: Vec<i64>,
    services: i64,
    hours: String,
    overdue: i64,
}

#[derive(Template)]
#[template(path = "today.html")]
struct Today {
    frame: Frame,
    greeting: String,
    begin: Vec<Begin>,
    visits: bool,
    schedule: Vec<Line>,
    lines: Vec<Line>,
    /// (href, label, active)
    filters: Vec<(String, String, bool)>,
    late: usize,
    soon: usize,
    serves: bool,
    /// (label, value, href)
    mine: Vec<(String, String, String)>,
    unvisited: Vec<Unvisited>,
    unvisited_more: usize,
    heads: bool,
    load_heads: Vec<String>,
    team: Vec<Mate>,
    /// (grade word, label, count)
    grades: Vec<(&'static str, String, i64)>,
    /// What was typed and not handed in: (title, href, when)
    left: Vec<(String, String, String)>,
    /// Places with the most to do: (name, count).
    places: Vec<(String, usize)>,
    most: usize,
}

#[derive(Template)]
#[template(path = "new.html")]
struct New {
    frame: Frame,
    begin: Vec<Begin>,
}

/// How many of those not visited are shown.
const UNVISITED_SHOWN: usize = 6;

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
            whom: due.whom,
            time: due.time.unwrap_or_default(),
            kind: due.kind,
            action: req.t(if due.action.is_empty() { "today.open_it" } else { due.action }),
        }
    }
}

/// What the viewer may begin, as far as the house has a page for it.
fn begin(req: &Req) -> Vec<Begin> {
    const ALL: [(&str, &str, &str, &str); 12] = [
        ("/visits/new", "map-pin", "today.new.visit", "V"),
        ("/clients/new", "user-plus", "today.new.client", ""),
        ("/cases/new", "folder", "today.new.case", ""),
        ("/consultations/new", "message-2", "today.new.consultation", ""),
        ("/groups/new", "users-group", "today.new.group", ""),
        ("/activities/new", "speakerphone", "today.new.activity", ""),
        ("/referrals/new", "switch-horizontal", "today.new.referral", ""),
        ("/deliberations/new", "scale", "today.new.deliberation", ""),
        ("/reports/new", "shield-lock", "today.new.report", ""),
        ("/ledger/time/new", "clock", "today.new.time", ""),
        ("/imports/new", "clipboard", "today.new.paste", ""),
        ("/sites/new", "building", "today.new.site", ""),
    ];
    let doors: Vec<_> = req.shell.slices.iter().flat_map(|s| (s.pages)().enrolled()).collect();
    ALL.into_iter()
        .filter(|(href, ..)| {
            let door = doors.iter().find(|d| d.path == *href && d.method == "GET");
            door.is_some_and(|d| req.can(d.capability))
        })
        .map(|(href, icon, key, press)| (href, icon, req.t(key), press))
        .collect()
}

fn hours(minutes: i64) -> String {
    let tenths = (minutes * 10 + 30).div_euclid(60);
    format!("{}.{}", tenths / 10, tenths % 10)
}

async fn new(req: Req) -> Result<Response, PageError> {
    page(&New { frame: Frame::new(&req, "today.new"), begin: begin(&req) })
}

async fn today(req: Req) -> Result<Response, PageError> {
    let shell = req.shell.clone();
    let (dues, mine, team, left) = req
        .ask(move |tx, cx| {
            let dues = acts::gather(tx, cx, &shell)?;
            let mine = acts::mine(tx, cx, &shell)?;
            let team = acts::team(tx, cx, &shell, &dues)?;
            Ok((dues, mine, team, access::draft::mine(tx, cx)?))
        })
        .await?;
    let day = req.now.day();
    let (plans, rest): (Vec<Due>, Vec<Due>) = dues.into_iter().partition(|d| planned(d, day));
    let mut schedule: Vec<Line> = plans.into_iter().map(|d| Line::of(&req, d, day)).collect();
    // What has a time comes first, in the order of the day.
    schedule.sort_by(|a, b| (a.time.is_empty(), &a.time).cmp(&(b.time.is_empty(), &b.time)));
    let lines: Vec<Line> = rest.into_iter().map(|d| Line::of(&req, d, day)).collect();
    let count = |p: Press| lines.iter().filter(|l| l.press == p).count();
    let kinds = |k: DueKind| lines.iter().filter(|l| l.kind == k).count();
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
    let mut filters = vec![
        ("/today".to_owned(), format!("{} {}", req.t("today.all"), lines.len()), show.is_empty()),
        filter("late", "today.late", late),
        filter("soon", "today.soon", soon),
    ];
    for (name, key, n) in [
        ("returned", "today.returned", kinds(DueKind::Returned)),
        ("approval", "today.approval", kinds(DueKind::Approval)),
        ("draft", "today.draft", kinds(DueKind::Draft)),
        ("open", "today.open", count(Press::Open)),
    ] {
        if n > 0 || show == name {
            filters.push(filter(name, key, n));
        }
    }
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
        &[("part", req.t(part)), ("name", name), ("n", (lines.len() + schedule.len()).to_string())],
    );
    let month: String = day.to_string().chars().take(7).collect();
    let serves = mine.is_some();
    let mine = mine.unwrap_or_default();
    let mut hand = vec![(req.t("today.clients"), mine.clients.to_string(), "/clients".to_owned())];
    hand.extend(mine.loads.iter().map(|l| (req.t(l.key), l.count.to_string(), l.href.clone())));
    let ledger = format!("/ledger/services?month={month}");
    hand.push((req.t("today.services"), mine.services.to_string(), ledger));
    hand.push((req.t("today.hours"), hours(mine.minutes), format!("/ledger/hours?month={month}")));
    let unvisited_more = mine.unvisited.len().saturating_sub(UNVISITED_SHOWN);
    let unvisited = mine.unvisited.into_iter().take(UNVISITED_SHOWN).collect();
    let heads = team.is_some();
    let team = team.unwrap_or_default();
    let begin = begin(&req);
    let frame = Frame::new(&req, "today.title");
    let pretitle = frame.today.clone();
    let lines = lines
        .into_iter()
        .filter(|l| match show.as_str() {
            "late" => l.press == Press::Late,
            "soon" => l.press == Press::Soon,
            "open" => l.press == Press::Open,
            "returned" => l.kind == DueKind::Returned,
            "approval" => l.kind == DueKind::Approval,
            "draft" => l.kind == DueKind::Draft,
            _ => true,
        })
        .collect();
    page(&Today {
        frame: frame.under(pretitle),
        greeting,
        visits: begin.iter().any(|b| b.0 == "/visits/new"),
        begin,
        schedule,
        lines,
        filters,
        late,
        soon,
        serves,
        mine: hand,
        unvisited,
        unvisited_more,
        heads,
        load_heads: team.kinds.iter().map(|k| req.t(k)).collect(),
        team: team
            .people
            .into_iter()
            .map(|c| Mate {
                name: c.name,
                hours_href: format!("/ledger/hours/{}?month={month}", c.person),
                clients: c.clients,
                loads: c.loads,
                services: c.services,
                hours: hours(c.minutes),
                overdue: c.overdue,
            })
            .collect(),
        grades: team
            .grades
            .into_iter()
            .map(|(g, n)| (tone(g), req.t(&format!("today.grade.{g}")), n))
            .collect(),
        left: left
            .into_iter()
            .map(|l| (l.title, l.href, l.at.local().chars().take(16).collect()))
            .collect(),
        places,
        most,
    })
}

/// The colour of a risk grade: 红橙黄绿.
const fn tone(grade: RiskGrade) -> &'static str {
    match grade {
        RiskGrade::Critical => "red",
        RiskGrade::High => "orange",
        RiskGrade::Medium => "yellow",
        RiskGrade::Low => "green",
    }
}
