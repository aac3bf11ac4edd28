//! Relatives and supports: kept once for both when the relative is a client too.
use access::Cx;
use access::care::{self, Lens, Sight};
use db::{Result, Tx, Value};
use kernel::{ClientId, RecordId, Refusal, Refusals};
use registry::client::Client;
use registry::people::Sex;

use super::note;
use crate::model::{Bond, Flow, Kin, Relation, Support, SupportKind, Tie};
use crate::store;

/// A relative as told.
#[derive(Clone, Debug)]
pub struct NewRelation {
    pub kin: Kin,
    /// Another client, by id.
    pub other: Option<ClientId>,
    pub name: String,
    pub sex: Option<Sex>,
    pub birth_year: Option<i64>,
    pub dead: bool,
    pub together: bool,
    pub bond: Bond,
    pub note: String,
}

/// Notes a relative.
///
/// # Errors
/// Refusals at the fields; missing.
pub fn relate(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId, new: NewRelation) -> Result<Relation> {
    cx.may("clients.write")?;
    let client = care::find_to_write(tx, cx, id)?;
    let mut no = Refusals::none();
    let other = match &new.other {
        Some(other) => {
            let (other, sight) = care::find(tx, cx, other)?;
            no.require(sight.name && other.id != client.id, "other", "clients.other_unknown");
            Some(other)
        }
        None => None,
    };
    no.require(other.is_some() || !new.name.trim().is_empty(), "name", "clients.name_missing");
    no.require(new.name.chars().count() <= 50, "name", "clients.name_long");
    no.require(new.note.chars().count() <= 300, "note", "clients.text_long");
    let this_year = i64::from(cx.today().year());
    no.require(
        new.birth_year.is_none_or(|y| (1850..=this_year).contains(&y)),
        "birth_year",
        "clients.birth_ahead",
    );
    no.done()?;
    let id: RecordId = cx.id();
    let owner = client.id.as_str();
    let name = if other.is_some() { "" } else { new.name.trim() };
    let row = Relation {
        name: tx.seal_some(owner, "relation.name", id.as_str(), name)?,
        note: tx.seal_some(owner, "relation.note", id.as_str(), new.note.trim())?,
        id,
        client: client.id.clone(),
        sex: new.kin.sex().or(new.sex).or(other.as_ref().and_then(|o| o.sex)),
        birth_year: new
            .birth_year
            .or(other.as_ref().and_then(|o| o.birth).map(|b| i64::from(b.year()))),
        other: other.map(|o| o.id),
        kin: new.kin,
        dead: new.dead,
        together: new.together,
        bond: new.bond,
    };
    tx.insert(&row)?;
    note(tx, cx, &client, ("relation", row.id.as_str(), "added"), None, Some(&row))?;
    Ok(row)
}

/// Takes a relative off the file.
///
/// # Errors
/// Missing.
pub fn unrelate(tx: &mut Tx<'_>, cx: &Cx, client: &ClientId, id: &str) -> Result<()> {
    cx.may("clients.write")?;
    let client = care::find_to_write(tx, cx, client)?;
    let key = Value::Text(id.to_owned());
    let row: Relation =
        tx.find(&key)?.filter(|r: &Relation| r.client == client.id).ok_or(db::Error::Missing)?;
    tx.delete::<Relation>(&key)?;
    note(tx, cx, &client, ("relation", id, "removed"), Some(&row), None)
}

/// A relative as the viewer may see one.
#[derive(Clone, Debug)]
pub struct Relative {
    /// Empty for one that the client's page does not keep: the other's page does, or the household says it.
    pub id: String,
    pub label: String,
    /// Their page, when they are a client in sight.
    pub client: Option<ClientId>,
    pub kin: Kin,
    pub sex: Option<Sex>,
    pub birth_year: Option<i64>,
    pub dead: bool,
    pub together: bool,
    pub bond: Bond,
    pub note: String,
}

/// The relatives of a client, those whom others' files name included. A client out of the viewer's sight is somebody of a kin only.
///
/// # Errors
/// The engine's fault.
pub fn relatives(
    tx: &mut Tx<'_>,
    cx: &Cx,
    (client, sight): (&Client, Sight),
) -> Result<Vec<Relative>> {
    let lens = Lens::of(tx, cx)?;
    let mut out = Vec::new();
    for r in store::relations(tx, &client.id)? {
        let own = |tx: &mut Tx<'_>, place: &str, sealed: Option<&db::Sealed>| {
            tx.open_some(r.client.as_str(), place, r.id.as_str(), sealed)
        };
        let note = own(tx, "relation.note", r.note.as_ref())?;
        let mut label =
            if sight.name { own(tx, "relation.name", r.name.as_ref())? } else { String::new() };
        let mut page = None;
        if let Some(other) = &r.other {
            (label, page) = named(tx, &lens, other)?;
        }
        out.push(Relative {
            id: r.id.0,
            label,
            client: page,
            kin: r.kin,
            sex: r.sex,
            birth_year: r.birth_year,
            dead: r.dead,
            together: r.together,
            bond: r.bond,
            note,
        });
    }
    for r in store::pointing(tx, &client.id)? {
        let (label, page) = named(tx, &lens, &r.client)?;
        if page.is_none() || out.iter().any(|o| o.client == page) {
            continue;
        }
        let them = registry::client::find_unguarded(tx, &r.client)?.ok_or(db::Error::Missing)?;
        out.push(Relative {
            id: String::new(),
            label,
            client: page,
            kin: r.kin.reverse(them.sex),
            sex: them.sex,
            birth_year: them.birth.map(|b| i64::from(b.year())),
            dead: false,
            together: r.together,
            bond: r.bond,
            note: String::new(),
        });
    }
    Ok(out)
}

fn named(tx: &mut Tx<'_>, lens: &Lens, id: &ClientId) -> Result<(String, Option<ClientId>)> {
    let Some(other) = registry::client::find_unguarded(tx, id)? else {
        return Ok((String::new(), None));
    };
    Ok(match lens.sight(tx, &other)? {
        Some(s) if s.name => (other.name.clone(), Some(other.id)),
        _ => (String::new(), None),
    })
}

/// Those who live in the client's household and are in sight, as label and page.
///
/// # Errors
/// The engine's fault.
pub fn housemates(tx: &mut Tx<'_>, cx: &Cx, client: &Client) -> Result<Vec<Client>> {
    let lens = Lens::of(tx, cx)?;
    let mut out = Vec::new();
    let Some(home) = &client.household else { return Ok(out) };
    for other in store::housemates(tx, home, &client.id)? {
        if lens.sight(tx, &other)?.is_some_and(|s| s.name) {
            out.push(other);
        }
    }
    Ok(out)
}

/// Notes a support.
///
/// # Errors
/// Refusals at the fields; missing.
#[expect(clippy::too_many_arguments, reason = "a support is made of exactly these")]
pub fn support(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &ClientId,
    kind: SupportKind,
    name: &str,
    bond: Tie,
    flow: Flow,
    words: &str,
) -> Result<Support> {
    cx.may("clients.write")?;
    let client = care::find_to_write(tx, cx, id)?;
    if name.chars().count() > 50 {
        return Err(Refusal::at("name", "clients.name_long").into());
    }
    let id: RecordId = cx.id();
    let owner = client.id.as_str();
    let row = Support {
        name: tx.seal_some(owner, "support.name", id.as_str(), name.trim())?,
        note: tx.seal_some(owner, "support.note", id.as_str(), words.trim())?,
        id,
        client: client.id.clone(),
        kind,
        bond,
        flow,
    };
    tx.insert(&row)?;
    note(tx, cx, &client, ("support", row.id.as_str(), "added"), None, Some(&row))?;
    Ok(row)
}

/// Takes a support off the file.
///
/// # Errors
/// Missing.
pub fn unsupport(tx: &mut Tx<'_>, cx: &Cx, client: &ClientId, id: &str) -> Result<()> {
    cx.may("clients.write")?;
    let client = care::find_to_write(tx, cx, client)?;
    let key = Value::Text(id.to_owned());
    let row: Support =
        tx.find(&key)?.filter(|r: &Support| r.client == client.id).ok_or(db::Error::Missing)?;
    tx.delete::<Support>(&key)?;
    note(tx, cx, &client, ("support", id, "removed"), Some(&row), None)
}
