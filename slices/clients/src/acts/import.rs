//! Residents by the sheet: a row is taken in as somebody at the door is, or it is said in which cell why not.
use access::Cx;
use access::care::Lens;
use db::{Event, Result, Tx, Value};
use kernel::numbers;
use kernel::{ClientId, Refusal, Refusals, RegionId};
use registry::client::{Client, ClientState};
use registry::people::Sex;
use serde_json::json;
use web::register::acts::{Kept, Outcome};
use web::register::{Object, day, text};

use super::take_in::{self, Likeness, Probe};
use crate::model::{self, Category, NewClient, Source};
use crate::store;

/// What the entries of taken-in rows are about: the rows of an import, apart from what happens to the file later.
pub(crate) const SUBJECT: &str = "client_intake";

/// Takes a row in. Restricted categories do not come by a sheet: somebody would be hidden, or not be, by a slip of the hand.
///
/// # Errors
/// Refusals at the columns; those of [`take_in::take_in`].
pub(crate) fn take(tx: &mut Tx<'_>, cx: &Cx, row: &Object) -> Result<Kept> {
    let external = text(row, "external_id");
    if let Some(there) = there(tx, cx, external, text(row, "name"))? {
        return Ok(Kept {
            version: db::event::version(tx, SUBJECT, there.id.as_str())?,
            id: there.id.0,
            outcome: Outcome::Unchanged,
        });
    }
    let categories: Vec<Category> =
        text(row, "categories").split(',').filter_map(Category::parse).collect();
    if categories.iter().any(|c| c.is_restricted()) {
        return Err(Refusal::at("categories", "residents.restricted").into());
    }
    let owned = |name: &str| text(row, name).to_owned();
    let new = NewClient {
        sex: Sex::parse(text(row, "sex")),
        birth: day(row, "birth"),
        id_number: owned("id_number"),
        phone: owned("phone"),
        building: owned("building"),
        door: owned("door"),
        external_id: owned("external_id"),
        categories,
        categories_since: day(row, "categories_since"),
        source: Source::parse(text(row, "source")).unwrap_or(Source::Imported),
        worker: Some(owned("worker")).filter(|w| !w.is_empty()).map(Into::into),
        anyway: row.get("anyway").and_then(serde_json::Value::as_bool).unwrap_or(false),
        ..NewClient::called(
            text(row, "name"),
            RegionId::from(text(row, "region")),
            day(row, "since").unwrap_or_else(|| cx.today()),
        )
    };
    let alike = likenesses(tx, cx, &new)?;
    if !new.anyway {
        alike.done()?;
    }
    let client = take_in::take_in(tx, cx, new)?.client;
    tx.record(
        &cx.stamp(),
        Event {
            subject: SUBJECT,
            id: client.id.0.clone(),
            verb: "added",
            unit: client.site.as_ref().map(|s| s.0.clone()),
            before: None,
            after: Some(json!({ "client": client.id, "number": client.number })),
        },
    )?;
    Ok(Kept {
        version: db::event::version(tx, SUBJECT, client.id.as_str())?,
        id: client.id.0,
        outcome: Outcome::Added,
    })
}

/// The file that bears this roster key and name already, when the importer sees it.
fn there(tx: &mut Tx<'_>, cx: &Cx, external: &str, name: &str) -> Result<Option<Client>> {
    if external.is_empty() {
        return Ok(None);
    }
    let Some(found) = store::search::by_external(tx, external)? else { return Ok(None) };
    let seen = Lens::of(tx, cx)?.sight(tx, &found)?.is_some_and(|s| s.name);
    let same = model::name(name).is_ok_and(|n| n == found.name);
    Ok(Some(found).filter(|_| seen && same))
}

/// Who looks like the one of this row, each said at the cell by which they are alike.
fn likenesses(tx: &mut Tx<'_>, cx: &Cx, new: &NewClient) -> Result<Refusals> {
    let card = numbers::id_card(&new.id_number, cx.today()).ok();
    let probe = Probe {
        name: model::name(&new.name).unwrap_or_default(),
        birth: card.as_ref().map(|c| c.birth).or(new.birth),
        // An equal number is refused by the act itself, whatever the row says.
        id_number: String::new(),
        phone: model::phone(&new.phone).unwrap_or_default(),
        place: if new.door.is_empty() {
            String::new()
        } else {
            model::place_key(&new.region, &new.building, &new.door)
        },
        but: None,
    };
    let mut no = Refusals::none();
    for hint in take_in::hints(tx, cx, &probe)? {
        let Some(found) = hint.client else { continue };
        let (field, key) = match hint.why {
            Likeness::Phone => ("phone", "residents.like.phone"),
            Likeness::NameAndHome => ("door", "residents.like.home"),
            Likeness::SoundAndBirth => ("name", "residents.like.sound"),
            Likeness::NameAndBirth | Likeness::Number => ("name", "residents.like.birth"),
        };
        no.push(Refusal::at(field, key).with("number", found.number));
    }
    Ok(no)
}

/// Takes back what an import took in, as long as nobody worked with it.
///
/// # Errors
/// A refusal `residents.used`; missing.
pub(crate) fn undo(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<()> {
    cx.may("clients.write")?;
    let client = registry::client::find_unguarded(tx, &ClientId::from(id))?
        .filter(|c| c.path.starts_with(&cx.actor.scope().path))
        .ok_or(db::Error::Missing)?;
    if client.state != ClientState::Active || store::worked_with(tx, &client.id)? {
        return Err(Refusal::new("residents.used").into());
    }
    store::forget_intake(tx, &client.id)?;
    tx.delete::<Client>(&Value::Text(id.to_owned()))?;
    let unit = client.site.as_ref().map(|s| s.0.clone());
    let before = Some(serde_json::to_value(&client)?);
    for (subject, verb) in [("client", "withdrawn"), (SUBJECT, "restored")] {
        let event = Event {
            subject,
            id: id.to_owned(),
            verb,
            unit: unit.clone(),
            before: before.clone().filter(|_| subject == "client"),
            after: None,
        };
        tx.record(&cx.stamp(), event)?;
    }
    Ok(())
}

/// What an importer is told of one afterwards: the number, and the roster key it came with.
pub(crate) fn told(tx: &mut Tx<'_>, id: &str) -> Result<Option<Object>> {
    let found = registry::client::find_unguarded(tx, &ClientId::from(id))?;
    Ok(found.map(|c| {
        let mut out = Object::new();
        out.insert("id".into(), json!(c.id));
        out.insert("name".into(), json!(format!("No. {}", c.number)));
        out.insert("external_id".into(), json!(c.external_id));
        out
    }))
}
