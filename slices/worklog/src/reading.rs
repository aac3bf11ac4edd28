//! The one projection behind page, API and file: what of the ledger a viewer gets to see, and how it adds up.
use std::collections::BTreeMap;

use access::{Cx, care};
use db::{Result, Tx};
use kernel::{ClientId, Day, PersonId, ServiceId, SiteId};
use ledger::report::{self, Month, Part, Sum};
use ledger::{OtherKind, OtherTime, Service, ServiceKind};
use web::Card;

use crate::model::{Asked, LEAST_TOLD, Reach, hidden, hours};
use crate::store;

/// The part of the ledger that a viewer asks for and may see.
///
/// # Errors
/// [`db::Error::Missing`] for a site out of sight.
pub fn part(tx: &mut Tx<'_>, cx: &Cx, asked: &Asked) -> Result<Part> {
    let (from, to) = asked.days();
    let scope = cx.actor.scope();
    let site = match (&scope.site, asked.site.as_str()) {
        (Some(mine), "") => Some(mine.clone()),
        (_, "") => None,
        (_, id) => Some(store::site_in_scope(tx, cx, id)?.ok_or(db::Error::Missing)?.id),
    };
    let person = match Reach::of(cx) {
        Reach::Own(me) => Some(me),
        Reach::Place => Some(asked.person.as_str()).filter(|p| !p.is_empty()).map(PersonId::from),
        Reach::Counts => None,
    };
    let project = Some(asked.project.clone()).filter(|p| !p.is_empty());
    Ok(Part { site, kind: asked.kind, project, person, ..Part::of(&scope.path, from, to) })
}

/// One figure of a table; the two counts of clients are missing where so few must not be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Told {
    pub services: i64,
    pub minutes: i64,
    /// 人数; null when fewer than five people must not be told.
    pub persons: Option<i64>,
    /// 人次; null likewise.
    pub person_times: Option<i64>,
}

impl Told {
    fn of(sum: Sum, hide: bool) -> Self {
        Self {
            services: sum.services,
            minutes: sum.minutes,
            persons: (!hide).then_some(sum.persons),
            person_times: (!hide).then_some(sum.person_times),
        }
    }
    fn plain(sum: Sum, coarse: bool) -> Self {
        Self::of(sum, coarse && (1..LEAST_TOLD).contains(&sum.persons))
    }
}

/// A row of the table: a site in a month, or a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The site's id or `2026-11`.
    pub id: String,
    pub name: String,
    /// One for each of [`ServiceKind::ALL`], in that order.
    pub kinds: Vec<Told>,
    /// Every kind together: each client once.
    pub all: Told,
}

/// Units (or months) × kinds.
#[derive(Clone, Debug)]
pub struct Table {
    pub lines: Vec<Line>,
    /// What can be added: services, minutes, person-times of each kind. Persons are the whole's own, see `whole`.
    pub foot: Vec<Told>,
    /// Everything asked for, each client once over all sites and months.
    pub whole: Told,
    /// Rows are months of one site or person rather than sites.
    pub months: bool,
}

/// The table a viewer asks for: sites by kind in a month; for one site, or for one's own services, the months of its year.
///
/// # Errors
/// [`db::Error::Missing`] for a site out of sight.
pub fn table(tx: &mut Tx<'_>, cx: &Cx, asked: &Asked) -> Result<Table> {
    let reach = Reach::of(cx);
    let part = part(tx, cx, asked)?;
    let months = part.site.is_some() || matches!(reach, Reach::Own(_));
    let year = Part { from: part.from.start_of_year(), to: part.to.end_of_year(), ..part.clone() };
    let span = if months { &year } else { &part };
    let text = |day: Day| day.to_string().chars().take(7).collect::<String>();
    let rows = if part.person.is_some() || part.project.is_some() {
        report::by_month(tx, span)?
    } else {
        let (from, to) = (text(span.from), text(span.to));
        let mut rows = report::months(tx, &part.path, &from, &to)?;
        rows.extend(report::totals(tx, &part.path, &from, &to)?);
        rows.retain(|m| part.site.as_ref().is_none_or(|s| *s == m.site));
        rows
    };
    let keys: Vec<(String, String)> = if months {
        (0..12).map(|n| text(span.from.plus_months(n))).map(|m| (m.clone(), m)).collect()
    } else {
        sites(tx, &part, &rows)?
    };
    let key = |m: &Month| if months { m.month.clone() } else { m.site.0.clone() };
    let mut sums: BTreeMap<(String, Option<ServiceKind>), Sum> = BTreeMap::new();
    for m in &rows {
        let sum = sums.entry((key(m), m.kind)).or_default();
        sum.services += m.services;
        sum.minutes += m.minutes;
        sum.persons += m.persons;
        sum.person_times += m.person_times;
    }
    let at = |id: &str, kind| sums.get(&(id.to_owned(), kind)).copied().unwrap_or_default();
    let counts: Vec<Vec<i64>> = keys
        .iter()
        .map(|(id, _)| ServiceKind::ALL.iter().map(|k| at(id, Some(*k)).persons).collect())
        .collect();
    let coarse = reach.coarse();
    let hide = if coarse { hidden(&counts) } else { Vec::new() };
    let lines: Vec<Line> = keys
        .iter()
        .enumerate()
        .map(|(y, (id, name))| Line {
            kinds: ServiceKind::ALL
                .iter()
                .enumerate()
                .map(|(x, k)| {
                    let hide = hide.get(y).and_then(|r| r.get(x)) == Some(&true);
                    Told::of(at(id, Some(*k)), hide)
                })
                .collect(),
            all: Told::plain(at(id, None), coarse),
            id: id.clone(),
            name: name.clone(),
        })
        .collect();
    let foot = ServiceKind::ALL
        .iter()
        .map(|k| {
            let all = keys.iter().map(|(id, _)| at(id, Some(*k)));
            let sum = all.fold(Sum::default(), |a, b| Sum {
                services: a.services + b.services,
                minutes: a.minutes + b.minutes,
                person_times: a.person_times + b.person_times,
                persons: a.persons.max(b.persons),
            });
            Told { persons: None, ..Told::plain(sum, coarse) }
        })
        .collect();
    let whole = Told::plain(report::sum(tx, span)?, coarse);
    Ok(Table { lines, foot, whole, months })
}

/// The open sites in a part, and closed ones that have rows in it, each with its name.
fn sites(tx: &mut Tx<'_>, part: &Part, rows: &[Month]) -> Result<Vec<(String, String)>> {
    let open = registry::site::under(tx, &part.path, part.to)?;
    let mut out: Vec<(String, String)> = open.iter().map(|s| (s.id.0.clone(), s.short())).collect();
    for m in rows {
        if !out.iter().any(|(id, _)| *id == m.site.0)
            && let Some(site) = registry::site::find(tx, &m.site)?
        {
            out.push((site.id.0.clone(), site.short()));
        }
    }
    Ok(out)
}

/// A service as lists show it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub service: Service,
    pub site: String,
    /// Name and own minutes.
    pub workers: Vec<(String, i64)>,
    /// Clients whom the viewer may know by this name, and their pages.
    pub clients: Vec<(String, ClientId)>,
    /// Named clients whom the viewer may not know, or who did not fit.
    pub others: i64,
}

/// How many clients of a service a list names.
const NAMED: usize = 3;

/// A page of services.
#[derive(Clone, Debug)]
pub struct Page {
    pub entries: Vec<Entry>,
    pub sum: Sum,
    /// Day and id of the last one, when more follow.
    pub next: Option<(Day, ServiceId)>,
}

/// The services a viewer asks for, the latest first. Whoever sees counts only has no such list.
///
/// # Errors
/// [`db::Error::Missing`] for a site out of sight, and for viewers of counts.
pub fn services(
    tx: &mut Tx<'_>,
    cx: &Cx,
    asked: &Asked,
    after: Option<&(Day, ServiceId)>,
    limit: i64,
) -> Result<Page> {
    if Reach::of(cx).coarse() {
        return Err(db::Error::Missing);
    }
    let part = part(tx, cx, asked)?;
    let mut rows = report::list(tx, &part, after.map(|(d, i)| (*d, i)), limit + 1)?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|s| (s.day, s.id.clone()));
    let mut names: BTreeMap<SiteId, String> = BTreeMap::new();
    let mut entries = Vec::with_capacity(rows.len());
    for service in rows {
        if !names.contains_key(&service.site) {
            let name =
                registry::site::find(tx, &service.site)?.map_or_else(String::new, |s| s.short());
            names.insert(service.site.clone(), name);
        }
        let site = names.get(&service.site).cloned().unwrap_or_default();
        let workers = report::workers_of(tx, &service.id)?;
        let workers = workers.into_iter().map(|(_, name, minutes)| (name, minutes)).collect();
        let all = report::clients_of(tx, &service.id)?;
        let mut clients = Vec::new();
        for id in all.iter().take(NAMED) {
            match care::find(tx, cx, id) {
                Ok((client, sight)) => clients.push((sight.label(&client), client.id)),
                Err(db::Error::Missing) => {}
                Err(e) => return Err(e),
            }
        }
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let others = count(all.len()) - count(clients.len()) + service.unnamed;
        entries.push(Entry { service, site, workers, clients, others });
    }
    Ok(Page { entries, sum: report::sum(tx, &part)?, next })
}

/// A row of the hours sheet: somebody's month, or a site's for viewers of counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Hours {
    /// The person's id, or the site's.
    pub id: String,
    pub name: String,
    /// Minutes by kind of service; viewers of counts get them in one as `service`.
    pub services: BTreeMap<String, i64>,
    /// Minutes by kind of other time.
    pub other: BTreeMap<String, i64>,
}

impl Hours {
    /// All minutes of services.
    pub fn served(&self) -> i64 {
        self.services.values().sum()
    }
    /// All minutes beside them.
    pub fn beside(&self) -> i64 {
        self.other.values().sum()
    }
    /// Minutes of administrative work of the street.
    pub fn administrative(&self) -> i64 {
        self.other.get(OtherKind::Administrative.as_str()).copied().unwrap_or_default()
    }
}

/// Hours of each worker in sight; of each site for viewers of counts.
///
/// # Errors
/// [`db::Error::Missing`] for a site out of sight.
pub fn hours_of(tx: &mut Tx<'_>, cx: &Cx, asked: &Asked) -> Result<Vec<Hours>> {
    let part = part(tx, cx, &Asked { kind: None, project: String::new(), ..asked.clone() })?;
    let mut out: Vec<Hours> = Vec::new();
    let mut add = |id: String, name: String, service: bool, kind: String, minutes: i64| {
        let at = out.iter().position(|h| h.id == id).unwrap_or_else(|| {
            out.push(Hours { id, name, ..Hours::default() });
            out.len() - 1
        });
        if let Some(h) = out.get_mut(at) {
            *if service { &mut h.services } else { &mut h.other }.entry(kind).or_default() +=
                minutes;
        }
    };
    if Reach::of(cx).coarse() {
        for (site, kind, minutes) in report::site_hours(tx, &part)? {
            let name = registry::site::find(tx, &site)?.map_or_else(String::new, |s| s.short());
            add(site.0, name, kind == "service", kind, minutes);
        }
        return Ok(out);
    }
    for h in report::hours(tx, &part)? {
        add(h.person.0, h.name, true, h.kind, h.minutes);
    }
    for h in report::other_hours(tx, &part)? {
        add(h.person.0, h.name, false, h.kind, h.minutes);
    }
    out.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(out)
}

/// An entry of a worker's month, service or not.
#[derive(Clone, Debug)]
pub struct Done {
    pub day: Day,
    /// Locale key of its kind.
    pub kind: String,
    /// What it was, for time that was no service.
    pub what: String,
    pub minutes: i64,
    pub service: bool,
}

/// A worker's month, day by day.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub name: String,
    pub entries: Vec<Done>,
    pub hours: Hours,
}

/// The hours sheet of one worker and month, as it is signed.
///
/// # Errors
/// [`db::Error::Missing`] for somebody whose hours the viewer may not see.
pub fn sheet(tx: &mut Tx<'_>, cx: &Cx, person: &PersonId, asked: &Asked) -> Result<Sheet> {
    let scope = cx.actor.scope().path.clone();
    let (from, to) = asked.days();
    match Reach::of(cx) {
        Reach::Own(me) if me == *person => {}
        Reach::Place => {
            let here =
                registry::site::colleagues(tx, &scope, to)?.iter().any(|(id, _)| id == person);
            let part = Part { person: Some(person.clone()), ..Part::of(&scope, from, to) };
            if !here && report::hours(tx, &part)?.is_empty() {
                return Err(db::Error::Missing);
            }
        }
        _ => return Err(db::Error::Missing),
    }
    let name = registry::people::find(tx, person)?.ok_or(db::Error::Missing)?.name;
    let mut sheet = Sheet {
        entries: Vec::new(),
        hours: Hours { id: person.0.clone(), name: name.clone(), ..Hours::default() },
        name,
    };
    let own = matches!(Reach::of(cx), Reach::Own(_));
    for (service, minutes) in report::of_worker(tx, person, from, to)? {
        if !own && !service.path.starts_with(&scope) {
            continue;
        }
        let kind = service.kind.as_str();
        *sheet.hours.services.entry(kind.to_owned()).or_default() += minutes;
        sheet.entries.push(Done {
            day: service.day,
            kind: format!("service_kind.{kind}"),
            what: String::new(),
            minutes,
            service: true,
        });
    }
    let path = if own { "" } else { scope.as_str() };
    let part = Part { person: Some(person.clone()), ..Part::of(path, from, to) };
    for o in report::other(tx, &part, 2000)? {
        *sheet.hours.other.entry(o.kind.as_str().to_owned()).or_default() += o.minutes;
        sheet.entries.push(Done {
            day: o.day,
            kind: format!("other_kind.{}", o.kind),
            what: o.what,
            minutes: o.minutes,
            service: false,
        });
    }
    sheet.entries.sort_by(|a, b| (a.day, !a.service, &a.kind).cmp(&(b.day, !b.service, &b.kind)));
    Ok(sheet)
}

/// Entries of time that was no service: one's own, or those of everybody whom a head answers for.
///
/// # Errors
/// [`db::Error::Missing`] for viewers of counts, and for a site out of sight.
pub fn times(tx: &mut Tx<'_>, cx: &Cx, asked: &Asked) -> Result<Vec<(OtherTime, String)>> {
    if Reach::of(cx).coarse() {
        return Err(db::Error::Missing);
    }
    let part = part(tx, cx, asked)?;
    let mut out = Vec::new();
    for o in report::other(tx, &part, 500)? {
        let name = registry::people::find(tx, &o.person)?.map_or_else(String::new, |p| p.name);
        out.push((o, name));
    }
    Ok(out)
}

/// What a site's page shows of this month.
///
/// # Errors
/// The engine's fault.
pub fn card(tx: &mut Tx<'_>, cx: &Cx, site: &SiteId) -> Result<Option<Card>> {
    if !cx.actor.can("ledger.read") || matches!(Reach::of(cx), Reach::Own(_)) {
        return Ok(None);
    }
    let month: String = cx.today().to_string().chars().take(7).collect();
    let totals = report::totals(tx, &cx.actor.scope().path, &month, &month)?;
    let Some(m) = totals.into_iter().find(|m| m.site == *site) else { return Ok(None) };
    let hide = Reach::of(cx).coarse() && (1..LEAST_TOLD).contains(&m.persons);
    let told = |n: i64| if hide { format!("<{LEAST_TOLD}") } else { n.to_string() };
    Ok(Some(Card {
        title: "worklog.this_month",
        href: format!("/ledger?site={site}&month={month}"),
        rows: vec![
            ("worklog.services".into(), m.services.to_string()),
            ("worklog.hours".into(), hours(m.minutes)),
            ("worklog.persons".into(), told(m.persons)),
            ("worklog.person_times".into(), told(m.person_times)),
        ],
    }))
}
