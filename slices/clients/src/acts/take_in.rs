//! Taking somebody in: search before create, the numbers sealed, the household found or made, the worker assigned.
use access::Cx;
use access::care::Lens;
use db::{Result, Tx};
use kernel::numbers::{self, Fault};
use kernel::{ClientId, Day, HouseholdId, PersonId, Refusal, Refusals, RegionId};
use registry::client::{AssignmentKind, Client, ClientState, Household, RiskGrade};
use registry::people::Sex;
use registry::region::Region;

use super::{assign, note};
use crate::index;
use crate::model::{self, Belonging, HouseholdPlace, NewClient, RequestKind};
use crate::store;

/// What came of taking somebody in.
#[derive(Clone, Debug)]
pub struct TakenIn {
    pub client: Client,
    /// The assignment awaits the head's word (未成年人网络保护条例 §36).
    pub waiting: bool,
}

/// Why two files may be of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The same ID number.
    Number,
    /// The same phone.
    Phone,
    /// The same name and day of birth.
    NameAndBirth,
    /// Names that sound the same, and the same day of birth: one of them may be a slip of the hand.
    SoundAndBirth,
    /// The same name in the same home.
    NameAndHome,
}

impl Likeness {
    /// How much it says: the lower the stronger. Families share a phone.
    pub const fn rank(self) -> usize {
        match self {
            Self::Number => 1,
            Self::NameAndBirth => 2,
            Self::SoundAndBirth => 3,
            Self::NameAndHome => 4,
            Self::Phone => 5,
        }
    }
    /// The word machines are told.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Number => "id_number",
            Self::Phone => "phone",
            Self::NameAndBirth => "name_and_birth",
            Self::SoundAndBirth => "sound_and_birth",
            Self::NameAndHome => "name_and_home",
        }
    }
    /// The locale key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Number => "clients.like.number",
            Self::Phone => "clients.like.phone",
            Self::NameAndBirth => "clients.like.birth",
            Self::SoundAndBirth => "clients.like.sound",
            Self::NameAndHome => "clients.like.home",
        }
    }
}

/// Somebody who looks like the one to be taken in.
#[derive(Clone, Debug)]
pub struct Hint {
    pub why: Likeness,
    /// `None`: there is a file, and this viewer may not see it. Said of equal ID numbers only.
    pub client: Option<Client>,
}

/// What two files are compared by.
#[derive(Clone, Debug, Default)]
pub struct Probe {
    pub name: String,
    pub birth: Option<Day>,
    pub id_number: String,
    pub phone: String,
    /// See [`model::place_key`].
    pub place: String,
    /// The file itself, when it is there already.
    pub but: Option<ClientId>,
}

/// Files that look like this person, strongest first, each once. Who may not be seen is not named and, but for an equal ID number, not
/// even counted: whoever seeks a hidden person learns nothing from a name.
///
/// # Errors
/// The engine's fault.
pub fn hints(tx: &mut Tx<'_>, cx: &Cx, probe: &Probe) -> Result<Vec<Hint>> {
    let lens = Lens::of(tx, cx)?;
    let mut found: Vec<(Likeness, Client)> = Vec::new();
    if !probe.id_number.is_empty() {
        let index = tx.blind("client.id_number", &probe.id_number)?;
        found.extend(store::by_id_index(tx, &index)?.map(|c| (Likeness::Number, c)));
    }
    if !probe.phone.is_empty() {
        let index = tx.blind("client.phone", &probe.phone)?;
        found.extend(store::by_phone_index(tx, &index)?.into_iter().map(|c| (Likeness::Phone, c)));
    }
    if !probe.name.is_empty() {
        for c in store::namesakes(tx, &cx.actor.scope().path, &probe.name)? {
            if probe.birth.is_some() && c.birth == probe.birth {
                found.push((Likeness::NameAndBirth, c));
            } else if !probe.place.is_empty()
                && let Some(home) = &c.household
                && store::place_of(tx, home)?
                    .is_some_and(|p| Some(p) == blind_place(tx, &probe.place).ok())
            {
                found.push((Likeness::NameAndHome, c));
            }
        }
    }
    if let Some(birth) = probe.birth.filter(|_| !probe.name.is_empty()) {
        for c in store::born_on(tx, &cx.actor.scope().path, birth)? {
            if c.name != probe.name && index::sound_alike(&c.name, &probe.name) {
                found.push((Likeness::SoundAndBirth, c));
            }
        }
    }
    let mut out: Vec<Hint> = Vec::new();
    let mut seen: Vec<ClientId> = probe.but.iter().cloned().collect();
    for (why, client) in found {
        if seen.contains(&client.id) {
            continue;
        }
        seen.push(client.id.clone());
        match lens.sight(tx, &client)? {
            Some(s) if s.name => out.push(Hint { why, client: Some(client) }),
            _ if why == Likeness::Number => out.push(Hint { why, client: None }),
            _ => {}
        }
    }
    Ok(out)
}

fn blind_place(tx: &mut Tx<'_>, key: &str) -> Result<String> {
    tx.blind("household.place", key)
}

/// Numbers, names and days of a file, read and held against one another.
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) sex: Option<Sex>,
    pub(super) birth: Option<Day>,
    pub(super) id_number: String,
    pub(super) phone: String,
}

/// Is this district made up? Its code begins with 99, which the state gives to no place.
fn made_up(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(registry::region::root(tx)?.is_some_and(|r| r.code.starts_with("99")))
}

pub(super) fn identity(
    tx: &mut Tx<'_>,
    cx: &Cx,
    no: &mut Refusals,
    (name, sex, birth): (&str, Option<Sex>, Option<Day>),
    (id_number, phone): (&str, &str),
) -> Result<Identity> {
    let name = model::name(name).unwrap_or_else(|r| {
        no.push(r);
        String::new()
    });
    let mut out = Identity { name, sex, birth, id_number: String::new(), phone: String::new() };
    no.require(birth.is_none_or(|b| b <= cx.today()), "birth", "clients.birth_ahead");
    if !id_number.trim().is_empty() {
        match numbers::id_card(id_number, cx.today()) {
            Ok(card) => {
                let derived = if card.male { Sex::Male } else { Sex::Female };
                no.require(birth.is_none_or(|b| b == card.birth), "birth", "clients.birth_differs");
                no.require(sex.is_none_or(|s| s == derived), "sex", "clients.sex_differs");
                // A made-up district takes made-up numbers only, and a real one none of them.
                match (made_up(tx)?, card.unassignable()) {
                    (true, false) => no.push(Refusal::at("id_number", "clients.number_real")),
                    (false, true) => no.push(Refusal::at("id_number", "clients.number_made_up")),
                    _ => {}
                }
                out.birth = Some(card.birth);
                out.sex = Some(derived);
                out.id_number = card.number;
            }
            Err(fault) => no.push(Refusal::at(
                "id_number",
                match fault {
                    Fault::Shape => "clients.number_shape",
                    Fault::Birth => "clients.number_birth",
                    Fault::CheckDigit => "clients.number_check",
                    Fault::Rounded => "clients.number_rounded",
                },
            )),
        }
    }
    if !phone.trim().is_empty() {
        match model::phone(phone) {
            Some(digits) => out.phone = digits,
            None => no.push(Refusal::at("phone", "clients.phone_shape")),
        }
    }
    Ok(out)
}

/// The community of this id or code, when it lies in the actor's scope.
pub(super) fn community(tx: &mut Tx<'_>, cx: &Cx, id: &RegionId) -> Result<Option<Region>> {
    let found = match registry::region::find(tx, id)? {
        Some(r) => Some(r),
        None => registry::region::by_code(tx, id.as_str())?,
    };
    Ok(found.filter(|r| r.is_neighbourhood() && r.path.starts_with(&cx.actor.scope().path)))
}

/// The household at this door, found or made.
pub(super) fn household(
    tx: &mut Tx<'_>,
    cx: &Cx,
    at: &Region,
    building: &str,
    door: &str,
    since: Day,
) -> Result<Option<HouseholdId>> {
    if building.is_empty() && door.is_empty() {
        return Ok(None);
    }
    let place = blind_place(tx, &model::place_key(&at.id, building, door))?;
    if !door.is_empty()
        && let Some(found) = store::household_at(tx, &place)?
    {
        return Ok(Some(found));
    }
    let id: HouseholdId = cx.id();
    let door = tx.seal_some(id.as_str(), "household.door", id.as_str(), door)?;
    let new = Household {
        id: id.clone(),
        region: at.id.clone(),
        path: at.path.clone(),
        building: Some(building.to_owned()).filter(|b| !b.is_empty()),
        door,
        since,
        until: None,
    };
    tx.insert(&new)?;
    tx.insert(&HouseholdPlace { household: id.clone(), place })?;
    tx.record(
        &cx.stamp(),
        db::Event {
            subject: "household",
            id: id.0.clone(),
            verb: "added",
            unit: None,
            before: None,
            after: Some(serde_json::to_value(&new)?),
        },
    )?;
    Ok(Some(id))
}

/// Refuses an ID number that another file bears; what is said of a file out of sight is the same whatever hides it.
pub(super) fn number_free(
    tx: &mut Tx<'_>,
    cx: &Cx,
    number: &str,
    but: Option<&ClientId>,
) -> Result<Refusals> {
    let probe = Probe { id_number: number.to_owned(), but: but.cloned(), ..Probe::default() };
    let mut no = Refusals::none();
    for hint in hints(tx, cx, &probe)? {
        no.push(match hint.client {
            Some(c) => Refusal::at("id_number", "clients.number_taken").with("number", c.number),
            None => Refusal::at("id_number", "clients.number_elsewhere"),
        });
    }
    Ok(no)
}

/// Takes a resident in. A worker takes the client on at once; for a minor the assignment awaits whoever may assign.
///
/// # Errors
/// Refusals at the fields; `clients.look_alike` when others look alike and `anyway` is not said.
pub fn take_in(tx: &mut Tx<'_>, cx: &Cx, new: NewClient) -> Result<TakenIn> {
    cx.may("clients.write")?;
    let mut no = Refusals::none();
    let said =
        identity(tx, cx, &mut no, (&new.name, new.sex, new.birth), (&new.id_number, &new.phone))?;
    no.require(new.since <= cx.today(), "since", "clients.since_ahead");
    let ahead = new.categories_since.is_some_and(|d| d > cx.today());
    no.require(!ahead, "categories_since", "clients.since_ahead");
    let at = community(tx, cx, &new.region)?;
    no.require(at.is_some(), "region", "clients.region_unknown");
    let restricted = new.categories.iter().any(|c| c.is_restricted());
    let assigns = cx.actor.can("clients.assign");
    let worker = if assigns { new.worker.clone() } else { cx.actor.person().cloned() };
    no.require(!restricted || worker.is_some(), "worker", "clients.restricted_worker");
    let external = Some(new.external_id.trim().to_owned()).filter(|e| !e.is_empty());
    if let Some(key) = &external {
        no.require(!store::external_taken(tx, key, None)?, "external_id", "clients.external_taken");
    }
    number_free(tx, cx, &said.id_number, None)?.0.into_iter().for_each(|r| no.push(r));
    let (building, door) = (new.building.trim(), new.door.trim());
    no.require(building.chars().count() <= 60, "building", "clients.text_long");
    no.require(door.chars().count() <= 30, "door", "clients.text_long");
    no.done()?;
    let at = at.ok_or(db::Error::Missing)?;
    let probe = Probe {
        name: said.name.clone(),
        birth: said.birth,
        id_number: String::new(),
        phone: said.phone.clone(),
        place: if door.is_empty() {
            String::new()
        } else {
            model::place_key(&at.id, building, door)
        },
        but: None,
    };
    if !new.anyway && !hints(tx, cx, &probe)?.is_empty() {
        return Err(Refusal::new("clients.look_alike").into());
    }
    let id: ClientId = cx.id();
    let mut client = Client {
        number: registry::client::next_number(tx)?,
        external_id: external,
        name: said.name,
        sex: said.sex,
        birth: said.birth,
        id_number: None,
        id_index: None,
        id_tail: None,
        phone: None,
        phone_index: None,
        phone_tail: None,
        site: registry::site::serving(tx, &at.id, cx.today())?.map(|s| s.id),
        household: household(tx, cx, &at, building, door, new.since)?,
        region: at.id,
        path: at.path,
        restricted,
        grade: RiskGrade::Low,
        state: ClientState::Active,
        merged_into: None,
        since: new.since,
        ended_on: None,
        ended_why: None,
        id,
    };
    seal_numbers(tx, &mut client, &said.id_number, &said.phone)?;
    tx.insert(&client)?;
    note(tx, cx, &client, ("client", client.id.as_str(), "taken_in"), None, Some(&client))?;
    let mut once: Vec<_> = new.categories.clone();
    once.sort();
    once.dedup();
    for category in once {
        let row = Belonging {
            id: cx.id(),
            client: client.id.clone(),
            category,
            detail: None,
            source: new.source,
            verified_by: cx
                .actor
                .person()
                .filter(|_| new.source == model::Source::Verified)
                .cloned(),
            since: new.categories_since.unwrap_or(new.since),
            until: None,
        };
        tx.insert(&row)?;
        note(tx, cx, &client, ("client_category", row.id.as_str(), "added"), None, Some(&row))?;
    }
    let waiting = hand_over(tx, cx, &client, worker, assigns)?;
    Ok(TakenIn { client, waiting })
}

/// Assigns at once, or asks whoever may assign when the client is a minor.
fn hand_over(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &Client,
    worker: Option<PersonId>,
    assigns: bool,
) -> Result<bool> {
    let Some(worker) = worker else { return Ok(false) };
    if client.minor_on(cx.today()) && !assigns {
        assign::ask(
            tx,
            cx,
            client,
            RequestKind::Assignment,
            Some((worker, AssignmentKind::Worker)),
            None,
            "",
        )?;
        return Ok(true);
    }
    assign::give(tx, cx, client, &worker, AssignmentKind::Worker, client.since)?;
    Ok(false)
}

/// Seals ID number and phone with their blind indexes and tails; an empty one is taken away.
pub(super) fn seal_numbers(
    tx: &mut Tx<'_>,
    c: &mut Client,
    id_number: &str,
    phone: &str,
) -> Result<()> {
    let id = c.id.0.clone();
    c.id_number = tx.seal_some(&id, "client.id_number", &id, id_number)?;
    c.phone = tx.seal_some(&id, "client.phone", &id, phone)?;
    let some = |tx: &mut Tx<'_>, column: &str, value: &str| -> Result<Option<String>> {
        if value.is_empty() { Ok(None) } else { tx.blind(column, value).map(Some) }
    };
    c.id_index = some(tx, "client.id_number", id_number)?;
    c.id_tail = some(tx, "client.id_tail", &model::tail(id_number))?;
    c.phone_index = some(tx, "client.phone", phone)?;
    c.phone_tail = some(tx, "client.phone_tail", &model::tail(phone))?;
    Ok(())
}
