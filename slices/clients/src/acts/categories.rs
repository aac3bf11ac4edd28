//! Categories (DOMAIN §8): several at a time, dated, sourced; the restricted ones hide the client from all but those assigned.
use access::Cx;
use access::care;
use db::{Result, Tx};
use kernel::{ClientId, Day, RecordId, Refusal, Refusals};
use registry::client::{AssignmentKind, Client};

use super::{fresh, note};
use crate::model::{Belonging, Category, Source};
use crate::store;

/// Adds a client to a category.
///
/// # Errors
/// Refusals at `category`, `since` and `until`; missing; stale.
#[expect(clippy::too_many_arguments, reason = "a belonging is made of exactly these")]
pub fn add(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &ClientId,
    category: Category,
    source: Source,
    detail: &str,
    since: Day,
    until: Option<Day>,
) -> Result<Belonging> {
    cx.may("clients.write")?;
    let client = care::find_to_write(tx, cx, id)?;
    let mut no = Refusals::none();
    no.require(since <= cx.today(), "since", "clients.since_ahead");
    no.require(until.is_none_or(|u| u > since), "until", "clients.dates_order");
    no.require(detail.chars().count() <= 200, "detail", "clients.text_long");
    if let (Some(most), Some(birth)) = (category.ends_at_age(), client.birth) {
        no.require(
            birth.years_until(since) < i32::from(most),
            "category",
            "clients.category_too_old",
        );
    }
    let has = store::belongings(tx, &client.id)?
        .iter()
        .any(|b| b.category == category && (b.holds_on(since) || b.since >= since));
    no.require(!has, "category", "clients.category_twice");
    no.done()?;
    if category.is_restricted() && !kept(tx, cx, &client)? {
        return Err(Refusal::at("category", "clients.restricted_worker").into());
    }
    let row_id: RecordId = cx.id();
    let row = Belonging {
        detail: tx.seal_some(
            client.id.as_str(),
            "client_category.detail",
            row_id.as_str(),
            detail.trim(),
        )?,
        id: row_id,
        client: client.id.clone(),
        category,
        source,
        verified_by: cx.actor.person().filter(|_| source == Source::Verified).cloned(),
        since,
        until,
    };
    tx.insert(&row)?;
    note(tx, cx, &client, ("client_category", row.id.as_str(), "added"), None, Some(&row))?;
    restrict(tx, cx, client)?;
    Ok(row)
}

/// Ends a belonging from a day on.
///
/// # Errors
/// A refusal at `until`; missing.
pub fn end(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &ClientId,
    id: &str,
    until: Day,
    seen: Option<i64>,
) -> Result<()> {
    cx.may("clients.write")?;
    let client = care::find_to_write(tx, cx, client)?;
    fresh(tx, &client.id, seen)?;
    let old: Belonging = tx
        .find(&db::Value::Text(id.to_owned()))?
        .filter(|b: &Belonging| b.client == client.id)
        .ok_or(db::Error::Missing)?;
    if until < old.since {
        return Err(Refusal::at("until", "clients.dates_order").into());
    }
    let ended = Belonging { until: Some(until), ..old.clone() };
    tx.update(&ended)?;
    note(tx, cx, &client, ("client_category", id, "ended"), Some(&old), Some(&ended))?;
    restrict(tx, cx, client)
}

/// Somebody other than a supervisor is assigned, so the file does not vanish for everybody.
fn kept(tx: &mut Tx<'_>, cx: &Cx, client: &Client) -> Result<bool> {
    Ok(store::live_assignments(tx, &client.id, cx.today())?
        .iter()
        .any(|a| a.kind != AssignmentKind::Supervisor))
}

/// A client is restricted as long as one of the categories that hold is.
pub(crate) fn restrict(tx: &mut Tx<'_>, cx: &Cx, before: Client) -> Result<()> {
    let today = cx.today();
    let restricted = store::belongings(tx, &before.id)?
        .iter()
        .any(|b| b.category.is_restricted() && b.until.is_none_or(|u| u > today));
    if restricted == before.restricted {
        return Ok(());
    }
    let after = Client { restricted, ..before.clone() };
    tx.update(&after)?;
    let verb = if restricted { "restricted" } else { "released" };
    note(tx, cx, &before, ("client", before.id.as_str(), verb), Some(&before), Some(&after))
}
