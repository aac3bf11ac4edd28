//! What several pages say the same way: age, badges, the head of a client's pages.
use access::Cx;
use access::care::Sight;
use db::{Result, Tx};
use kernel::{Day, numbers};
use registry::client::{Client, ClientState, RiskGrade};
use web::Req;

use crate::acts::file::{self, Numbers};
use crate::model::{self, Category};
use crate::store;

/// A badge: word, colour.
pub(super) type Badge = (String, &'static str);

/// The colour of a grade.
pub(super) const fn colour(g: RiskGrade) -> &'static str {
    match g {
        RiskGrade::Critical => "red",
        RiskGrade::High => "orange",
        RiskGrade::Medium => "yellow",
        RiskGrade::Low => "green",
    }
}

pub(super) fn grade(req: &Req, g: RiskGrade) -> Badge {
    (req.t(&format!("clients.grade.{g}")), colour(g))
}

/// Sex and age, such as `女 · 78 岁`.
pub(super) fn who(req: &Req, c: &Client, today: Day) -> String {
    let sex = c.sex.map(|s| req.t(&format!("clients.sex.{s}")));
    let age = c.birth.map(|b| req.fill("clients.age", &[("n", b.years_until(today).to_string())]));
    sex.into_iter().chain(age).collect::<Vec<_>>().join(" · ")
}

/// Categories as badges, with what the day of birth says first.
pub(super) fn badges(req: &Req, c: &Client, held: &[Category], today: Day) -> Vec<Badge> {
    let derived = model::derived(c.birth, today)
        .map(|d| (req.t(&format!("clients.category.{d}")), "secondary"));
    let kept = held.iter().map(|k| {
        let tone = if k.is_restricted() { "purple" } else { "blue" };
        (req.t(&format!("clients.category.{k}")), tone)
    });
    derived.into_iter().chain(kept).collect()
}

/// What stands over every page of a client.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) number: i64,
    pub(super) label: String,
    pub(super) initial: String,
    pub(super) who: String,
    pub(super) since: Day,
    pub(super) badges: Vec<Badge>,
    pub(super) grade: Badge,
    pub(super) restricted: bool,
    /// Masked, or in full after an asked-for look.
    pub(super) id_number: String,
    pub(super) phone: String,
    pub(super) place: String,
    pub(super) door: String,
    /// May the viewer ask to see them in full?
    pub(super) shows: bool,
    pub(super) seen: bool,
    /// The viewer knows the client by a pseudonym.
    pub(super) nameless: bool,
    /// The viewer may not read the file: name, contact and header only.
    pub(super) closed: bool,
    pub(super) writes: bool,
    pub(super) amends: bool,
    pub(super) assigns: bool,
    /// Why and when the file was ended; empty while it is in use.
    pub(super) ended: String,
    /// (href, label, count, active)
    pub(super) tabs: Vec<(String, String, usize, bool)>,
}

const TABS: [(&str, bool); 6] = [
    ("", false),
    ("timeline", true),
    ("relations", true),
    ("consents", true),
    ("scales", true),
    ("looks", true),
];

/// The head for a viewer with this sight; `full`: numbers as shown on asking.
pub(super) fn head(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    (c, sight): (&Client, Sight),
    tab: &str,
    full: Option<Numbers>,
) -> Result<Head> {
    let today = cx.today();
    let held: Vec<Category> = store::belongings(tx, &c.id)?
        .into_iter()
        .filter(|b| b.holds_on(today))
        .map(|b| b.category)
        .collect();
    let region = registry::region::find(tx, &c.region)?;
    let street = match &region {
        Some(r) => registry::region::ancestor(tx, r, registry::region::RegionKind::Street)?,
        None => None,
    };
    let building = match &c.household {
        Some(h) if sight.name => registry::client::household(tx, h)?,
        _ => None,
    };
    let door_kept = building.as_ref().is_some_and(|h| h.door.is_some());
    let seen = full.is_some();
    let numbers = match (&full, sight.name) {
        (Some(n), true) => n.clone(),
        (None, true) => {
            let n = file::numbers(tx, c)?;
            Numbers {
                id_number: if n.id_number.is_empty() {
                    String::new()
                } else {
                    numbers::mask_id(&n.id_number)
                },
                phone: if n.phone.is_empty() {
                    String::new()
                } else {
                    numbers::mask_phone(&n.phone)
                },
                door: if door_kept { "***".into() } else { String::new() },
            }
        }
        _ => Numbers::default(),
    };
    let mut place: Vec<String> = street.into_iter().chain(region).map(|r| r.name).collect();
    place.dedup();
    place.extend(building.and_then(|h| h.building));
    let base = format!("/clients/{}", c.id);
    let tabs = TABS
        .iter()
        .filter(|(name, file)| (!file || sight.file) && (*name != "consents" || sight.name))
        .map(|(name, _)| {
            let href = if name.is_empty() { base.clone() } else { format!("{base}/{name}") };
            let key = if name.is_empty() { "overview" } else { name };
            (href, req.t(&format!("clients.tab.{key}")), 0, *name == tab)
        })
        .collect();
    let label = sight.label(c);
    Ok(Head {
        id: c.id.0.clone(),
        number: c.number,
        initial: label.chars().take(1).collect(),
        label,
        who: who(req, c, today),
        since: c.since,
        badges: badges(req, c, &held, today),
        grade: grade(req, c.grade),
        restricted: c.restricted,
        shows: sight.name
            && !seen
            && !(numbers.id_number.is_empty()
                && numbers.phone.is_empty()
                && numbers.door.is_empty()),
        id_number: numbers.id_number,
        phone: numbers.phone,
        door: numbers.door,
        place: place.join(" · "),
        seen,
        nameless: !sight.name,
        closed: !sight.file,
        writes: sight.writes && req.can("clients.write"),
        amends: req.can("clients.write") && (sight.writes || !sight.file),
        assigns: req.can("clients.assign") && sight.name,
        ended: match (c.state, c.ended_on) {
            (ClientState::Ended, Some(on)) => {
                let why = c.ended_why.clone().unwrap_or_default();
                format!("{on} · {}", req.t(&format!("clients.ended.{why}")))
            }
            _ => String::new(),
        },
        tabs,
    })
}
