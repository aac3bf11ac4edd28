//! The file itself: amended, ended, opened again; its masked numbers shown, and every look at it.
use access::Cx;
use access::care;
use db::{Result, Tx};
use kernel::{ClientId, Day, Refusal, Refusals, RegionId};
use registry::client::{Client, ClientState};
use registry::people::Sex;

use super::{find_header, fresh, note, take_in};
use crate::model::EndReason;
use crate::store;

/// What may be changed of a file. `None` leaves what is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub name: Option<String>,
    pub sex: Option<Option<Sex>>,
    pub birth: Option<Option<Day>>,
    /// Empty takes it away.
    pub id_number: Option<String>,
    pub phone: Option<String>,
    pub region: Option<RegionId>,
    /// Building and door, together.
    pub home: Option<(String, String)>,
    pub external_id: Option<String>,
}

/// The numbers of a file in full.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    pub id_number: String,
    pub phone: String,
    pub door: String,
}

pub(crate) fn numbers(tx: &mut Tx<'_>, c: &Client) -> Result<Numbers> {
    let id = c.id.as_str();
    let id_number = tx.open_some(id, "client.id_number", id, c.id_number.as_ref())?;
    let phone = tx.open_some(id, "client.phone", id, c.phone.as_ref())?;
    let home = match &c.household {
        Some(h) => registry::client::household(tx, h)?,
        None => None,
    };
    let door = match &home {
        Some(h) => tx.open_some(h.id.as_str(), "household.door", h.id.as_str(), h.door.as_ref())?,
        None => String::new(),
    };
    Ok(Numbers { id_number, phone, door })
}

/// ID number, phone and door in full, once: the look is in the log before they leave.
///
/// # Errors
/// Missing when the viewer knows the client by a pseudonym only, or not at all.
pub fn unmask(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId) -> Result<Numbers> {
    let (client, sight) = care::find(tx, cx, id)?;
    if !sight.name {
        return Err(db::Error::Missing);
    }
    care::viewed(tx, cx, &client.id, "numbers")?;
    numbers(tx, &client)
}

/// Corrects a file.
///
/// # Errors
/// Refusals at the fields; missing; stale.
pub fn amend(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &ClientId,
    change: Change,
    seen: Option<i64>,
) -> Result<Client> {
    cx.may("clients.write")?;
    let (before, _) = find_header(tx, cx, id)?;
    fresh(tx, &before.id, seen)?;
    let old = numbers(tx, &before)?;
    let mut no = Refusals::none();
    let id_number = change.id_number.unwrap_or_else(|| old.id_number.clone());
    let phone = change.phone.unwrap_or_else(|| old.phone.clone());
    let said = take_in::identity(
        tx,
        cx,
        &mut no,
        (
            &change.name.unwrap_or_else(|| before.name.clone()),
            change.sex.unwrap_or(before.sex),
            change.birth.unwrap_or(before.birth),
        ),
        (&id_number, &phone),
    )?;
    let external = match change.external_id {
        Some(typed) => Some(typed.trim().to_owned()).filter(|e| !e.is_empty()),
        None => before.external_id.clone(),
    };
    if let Some(key) = &external {
        let taken = store::external_taken(tx, key, Some(&before.id))?;
        no.require(!taken, "external_id", "clients.external_taken");
    }
    if said.id_number != old.id_number {
        let more = take_in::number_free(tx, cx, &said.id_number, Some(&before.id))?;
        more.0.into_iter().for_each(|r| no.push(r));
    }
    let at = match &change.region {
        Some(region) => {
            let at = take_in::community(tx, cx, region)?;
            no.require(at.is_some(), "region", "clients.region_unknown");
            at
        }
        None => registry::region::find(tx, &before.region)?,
    };
    no.done()?;
    let at = at.ok_or(db::Error::Missing)?;
    let household = match &change.home {
        Some((building, door)) => {
            take_in::household(tx, cx, &at, building.trim(), door.trim(), cx.today())?
        }
        None => before.household.clone(),
    };
    let site = if at.id == before.region {
        before.site.clone()
    } else {
        registry::site::serving(tx, &at.id, cx.today())?.map(|s| s.id)
    };
    let mut after = Client {
        name: said.name,
        sex: said.sex,
        birth: said.birth,
        external_id: external,
        region: at.id,
        path: at.path,
        site,
        household,
        ..before.clone()
    };
    if said.id_number != old.id_number || said.phone != old.phone {
        take_in::seal_numbers(tx, &mut after, &said.id_number, &said.phone)?;
    }
    tx.update(&after)?;
    note(tx, cx, &after, ("client", after.id.as_str(), "amended"), Some(&before), Some(&after))?;
    Ok(after)
}

/// Ends a file: it leaves the lists of those served and keeps its history.
///
/// # Errors
/// Refusals `clients.ended_already` and at `on`; missing; stale.
pub fn end(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &ClientId,
    why: EndReason,
    on: Day,
    seen: Option<i64>,
) -> Result<Client> {
    cx.may("clients.write")?;
    let (before, _) = find_header(tx, cx, id)?;
    fresh(tx, &before.id, seen)?;
    if before.state != ClientState::Active {
        return Err(Refusal::new("clients.ended_already").into());
    }
    if on > cx.today() || on < before.since {
        return Err(Refusal::at("on", "clients.ended_day").into());
    }
    let after = Client {
        state: ClientState::Ended,
        ended_on: Some(on),
        ended_why: Some(why.as_str().to_owned()),
        ..before.clone()
    };
    tx.update(&after)?;
    note(tx, cx, &after, ("client", after.id.as_str(), "ended"), Some(&before), Some(&after))?;
    Ok(after)
}

/// Opens an ended file again.
///
/// # Errors
/// A refusal `clients.not_ended`; missing.
pub fn reopen(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId) -> Result<Client> {
    cx.may("clients.write")?;
    let (before, _) = find_header(tx, cx, id)?;
    if before.state != ClientState::Ended {
        return Err(Refusal::new("clients.not_ended").into());
    }
    let after =
        Client { state: ClientState::Active, ended_on: None, ended_why: None, ..before.clone() };
    tx.update(&after)?;
    note(tx, cx, &after, ("client", after.id.as_str(), "reopened"), Some(&before), Some(&after))?;
    Ok(after)
}
