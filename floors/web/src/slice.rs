//! The contract between a slice and the app, and what passes between slices.
use access::Cx;
use db::{Listener, Migration, Result, Tx};
use kernel::{ClientId, Day, Instant, PersonId, SiteId};
use locale::Texts;
use utoipa::openapi::OpenApi;

use crate::register::{Register, Resolve};
use crate::room::Room;
use crate::{Gate, Req, Shell};

/// A door in a room, shown to whoever has the capability. The first of a room is where the side bar leads.
#[derive(Clone, Debug)]
pub struct NavEntry {
    pub href: &'static str,
    pub icon: &'static str,
    /// Locale key of its name.
    pub key: &'static str,
    pub capability: &'static str,
    /// The room it is a door of: one entry of the side bar.
    pub room: Room,
    /// Lower comes first in its room.
    pub order: u8,
}

/// What sort of thing a [`Due`] is: where on a person's first screen it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DueKind {
    /// Planned for a day, often with a time: a visit, a session, a meeting. `by` is its day.
    Schedule,
    /// Came back from whoever checks it, to be mended.
    Returned,
    /// Waits for the viewer's approval or review.
    Approval,
    /// To be done, by a day or when possible.
    #[default]
    Todo,
    /// Begun by the viewer and not handed in.
    Draft,
}

/// Something to do by a day. Derived from records each time it is asked, never stored, so it cannot go stale.
/// Build one as `Due { key, href, icon, ..Due::default() }`: what is left out is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Due {
    /// Locale key of the sentence; `{name}` places come from `args`. What reads differently in English comes a second time as `name_en`.
    pub key: &'static str,
    pub args: Vec<(&'static str, String)>,
    /// The site it concerns, for grouping.
    pub site: Option<SiteId>,
    pub site_name: String,
    pub by: Option<Day>,
    /// Where to do it.
    pub href: String,
    pub icon: &'static str,
    /// The clause it serves, such as `4A.3-5`; empty when it serves none.
    pub clause: String,
    pub kind: DueKind,
    /// The time of day it is planned for, `14:30`; `by` is the day.
    pub time: Option<String>,
    /// Whose work it is, so that a head sees the load of each; nobody's when it is the whole site's.
    pub person: Option<PersonId>,
    /// Whom or what it concerns, as the viewer may call them; empty when the sentence says so.
    pub whom: String,
    /// Locale key of the word on its button, such as `visits.do`; empty for "open".
    pub action: &'static str,
}

impl Due {
    /// The sentence in the asker's language.
    pub fn sentence(&self, req: &Req) -> String {
        let english = |name: &str| {
            let twin = format!("{name}_en");
            self.args.iter().find(|(n, v)| *n == twin && !v.is_empty()).map(|(_, v)| v.clone())
        };
        let args: Vec<(&str, String)> = self
            .args
            .iter()
            .map(|(n, v)| {
                (
                    *n,
                    english(n)
                        .filter(|_| req.lang == locale::Lang::En)
                        .unwrap_or_else(|| v.clone()),
                )
            })
            .collect();
        req.fill(self.key, &args)
    }
}

/// What is due in the actor's scope up to a day, from every slice's own tables.
///
/// # Errors
/// The engine's fault.
pub fn dues(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, until: Day) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    for ask in shell.slices.iter().filter_map(|s| s.dues) {
        all.extend(ask(tx, cx, shell, until)?);
    }
    Ok(all)
}

/// How much of a kind of work somebody has in hand, such as open cases: what a head sees of the team.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Load {
    pub person: PersonId,
    /// Locale key of the kind of work, such as `cases.open`.
    pub key: &'static str,
    pub count: i64,
    /// Where the work stands, for the person's own first screen.
    pub href: String,
}

/// Whose loads the asker is told: `""` everybody's in the region for whoever assigns clients, otherwise one's own alone; `None` for
/// accounts that stand for nobody.
pub fn load_of(cx: &Cx) -> Option<String> {
    if cx.actor.can("clients.assign") {
        return Some(String::new());
    }
    cx.actor.person().map(|p| p.0.clone())
}

/// A card on a site's page: a slice shows what it knows of the site.
pub struct Card {
    pub title: &'static str,
    pub href: String,
    /// Rows of (locale key or text, value).
    pub rows: Vec<(String, String)>,
}

/// Something that happened with a client. The viewer may read the client's file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Moment {
    pub day: Day,
    pub at: Instant,
    /// Locale key of the kind of thing, such as `visits.visit`.
    pub kind: &'static str,
    /// In the worker's words, short.
    pub text: String,
    pub href: String,
    pub icon: &'static str,
}

/// Something under way for a client in another slice, with its clock: a referral that waits for an answer. The viewer may read the client's file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Matter {
    /// Whom or what it is about, such as whom the client was referred to.
    pub text: String,
    /// Locale key of where it stands.
    pub state: String,
    pub since: Day,
    /// Locale key of what its clock asks for; empty when none runs.
    pub clock: &'static str,
    pub by: Option<Day>,
    pub href: String,
}

/// What is under way for a client, from every slice.
///
/// # Errors
/// The engine's fault.
pub fn matters(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, client: &ClientId) -> Result<Vec<Matter>> {
    let mut all = Vec::new();
    for ask in shell.slices.iter().filter_map(|s| s.matters) {
        all.extend(ask(tx, cx, client)?);
    }
    Ok(all)
}

/// All that a slice contributes. `app` lists the slices; nobody else knows them all.
pub struct Slice {
    pub name: &'static str,
    pub pages: fn() -> Gate,
    pub api: fn() -> Gate,
    /// The slice's part of the API description.
    pub openapi: fn() -> OpenApi,
    pub migrations: &'static [Migration],
    pub locales: Texts,
    pub nav: &'static [NavEntry],
    /// Pages that belong to an entry of the side bar though their addresses do not begin with its own: (address, the entry's).
    pub nav_also: &'static [(&'static str, &'static str)],
    pub listens: &'static [Listener],
    /// Registers it keeps: import and export find their sheets here.
    pub registers: fn() -> Vec<&'static Register>,
    /// How people, bodies, sites and regions are found by what people type. One slice of the house has it.
    pub resolve: Option<Resolve>,
    /// What it can testify to the policy.
    pub facts: Option<FactSource>,
    /// How it testifies to a few units alone; without it any change of its facts gathers the district anew.
    pub facts_of: Option<FactsOf>,
    /// How it judges facts by the policy. One slice of the house does.
    pub judges: Option<crate::Judge>,
    /// The files under a region path that prove records of sites, as the asker may see them, taken by a day.
    pub proofs: Option<fn(&mut Tx<'_>, &Cx, &str, Day) -> Result<Vec<crate::judged::Proof>>>,
    /// What is due in the actor's scope up to a day.
    pub dues: Option<fn(&mut Tx<'_>, &Cx, &Shell, Day) -> Result<Vec<Due>>>,
    /// Tells people what nobody's act but time alone brings about: asked again and again by the program itself, tells each step once and a
    /// bounded number at a time; answers how many.
    pub sweep: Option<fn(&mut Tx<'_>, &Cx) -> Result<usize>>,
    /// What people in the actor's scope have in hand: one row for each person and kind of work.
    pub load: Option<fn(&mut Tx<'_>, &Cx) -> Result<Vec<Load>>>,
    /// What it shows on a site's page.
    pub card: Option<fn(&mut Tx<'_>, &Cx, &SiteId) -> Result<Option<Card>>>,
    /// What it shows on a client's page. Asked only for viewers who may see the client; the sight says how much.
    pub client_card:
        Option<fn(&mut Tx<'_>, &Cx, &ClientId, access::care::Sight) -> Result<Option<Card>>>,
    /// What happened with a client, for the timeline of the client's page, latest first and at most so many.
    pub moments: Option<fn(&mut Tx<'_>, &Cx, &ClientId, usize) -> Result<Vec<Moment>>>,
    /// What is under way for a client, for the page of the client's case.
    pub matters: Option<fn(&mut Tx<'_>, &Cx, &ClientId) -> Result<Vec<Matter>>>,
    /// What its search finds for a few words: (kind key, label, href).
    pub search: Option<fn(&mut Tx<'_>, &Cx, &str) -> Result<Vec<Found>>>,
    /// The same for a slice whose index lies in the shell's memory.
    pub search_with: Option<fn(&mut Tx<'_>, &Cx, &Shell, &str) -> Result<Vec<Found>>>,
}

/// A hit of the global search.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Found {
    /// Locale key of the kind of thing.
    pub kind: &'static str,
    pub label: String,
    pub detail: String,
    pub href: String,
    pub icon: &'static str,
}

/// What a slice can testify to the policy engine.
#[derive(Clone, Copy)]
pub struct FactSource {
    /// Tables (event subjects) whose changes touch facts.
    pub subjects: &'static [&'static str],
    /// Adds the rows as known at an instant (`None`: now) to the engine's input.
    pub rows: fn(&mut Tx<'_>, Option<kernel::Instant>, &mut policy::rows::Rows) -> Result<()>,
}

/// How a slice testifies to a few units alone, so that one change need not gather a whole district.
#[derive(Clone, Copy)]
pub struct FactsOf {
    /// The tables it testifies to and nobody else does.
    pub tables: &'static [policy::Table],
    /// The units and persons whose rows an entry of the log changes; `None` when the change is wider than that.
    pub owners: fn(&db::event::Entry) -> Option<Vec<String>>,
    /// Adds all rows of these units and persons as they stand now, in these tables.
    pub rows: fn(&mut Tx<'_>, &[String], &mut policy::rows::Rows) -> Result<()>,
}

impl Slice {
    /// A slice that contributes nothing yet: fill in what it has with `Slice { pages, ..Slice::named("x", LOCALES) }`.
    pub fn named(name: &'static str, locales: Texts) -> Self {
        Self {
            name,
            pages: Gate::pages,
            api: Gate::api,
            openapi: OpenApi::default,
            migrations: &[],
            locales,
            nav: &[],
            nav_also: &[],
            listens: &[],
            registers: Vec::new,
            resolve: None,
            facts: None,
            facts_of: None,
            judges: None,
            proofs: None,
            dues: None,
            sweep: None,
            load: None,
            card: None,
            client_card: None,
            moments: None,
            matters: None,
            search: None,
            search_with: None,
        }
    }
}
