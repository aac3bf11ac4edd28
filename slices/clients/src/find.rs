//! Finding clients by what people type: name, pinyin, number, tail or whole of ID number and phone, building, external number.
//!
//! Names are looked for in memory; `access::care` decides of each hit. Whoever is known to the viewer by a pseudonym does not come up by name.
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use access::Cx;
use access::care::Lens;
use db::{Result, Tx};
use registry::client::{Client, ClientState};
use web::{Found, Shell};

use crate::index::{Builder, Index, Named, Reach};
use crate::model;
use crate::store::search as store;

/// The index, as the log stood when it was last looked at.
#[derive(Default)]
pub(crate) struct Live(Mutex<Option<Kept>>);

struct Kept {
    index: Index,
    /// The last event taken into account.
    seen: i64,
}

/// At most so many hits.
const MOST: usize = 20;
/// The overlay is folded in when it holds so many changes.
const FOLD: usize = 20_000;
/// Rows read at a time while the index is built.
const BATCH: i64 = 20_000;

/// Clients that fit the words and that the viewer may see by name, best first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn find(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, words: &str) -> Result<Vec<Client>> {
    let words = words.trim();
    if words.is_empty() || !cx.actor.can("clients.read") {
        return Ok(Vec::new());
    }
    let lens = Lens::of(tx, cx)?;
    let mut found: Vec<Client> = Vec::new();
    let digits = words.chars().all(|c| c.is_ascii_digit() || c == 'X' || c == 'x');
    if digits {
        found.extend(by_numbers(tx, cx, words)?);
    } else {
        let reach = reach(tx, cx)?;
        let (numbers, buildings) = named(tx, shell, words, &reach)?;
        for number in numbers {
            found.extend(store::by_number(tx, number)?);
        }
        for building in buildings {
            let (seen, args) = lens.condition(1);
            found.extend(store::by_building(tx, &seen, args, &building, 20)?);
        }
    }
    found.extend(store::by_external(tx, words)?);
    let mut known = HashSet::new();
    let mut out = Vec::new();
    for client in found {
        if client.state == ClientState::Merged || !known.insert(client.number) {
            continue;
        }
        if lens.sight(tx, &client)?.is_some_and(|s| s.name) {
            out.push(client);
        }
        if out.len() >= MOST {
            break;
        }
    }
    Ok(out)
}

/// Number of the file, whole ID number or phone, or the last four signs of either.
fn by_numbers(tx: &mut Tx<'_>, cx: &Cx, words: &str) -> Result<Vec<Client>> {
    let mut out = Vec::new();
    if let Ok(number) = words.parse::<i64>() {
        out.extend(store::by_number(tx, number)?);
    }
    let upper = words.to_uppercase();
    match upper.chars().count() {
        4 => {
            let (id, phone) =
                (tx.blind("client.id_tail", &upper)?, tx.blind("client.phone_tail", &upper)?);
            out.extend(store::by_tails(tx, &cx.actor.scope().path, &id, &phone, 200)?);
        }
        18 => {
            let index = tx.blind("client.id_number", &upper)?;
            out.extend(crate::store::by_id_index(tx, &index)?);
        }
        7..=12 => {
            if let Some(phone) = model::phone(words) {
                let index = tx.blind("client.phone", &phone)?;
                out.extend(crate::store::by_phone_index(tx, &index)?);
            }
        }
        _ => {}
    }
    Ok(out)
}

/// Who may come up for this viewer at all.
fn reach(tx: &mut Tx<'_>, cx: &Cx) -> Result<Reach> {
    let own = match cx.actor.person() {
        Some(person) if cx.actor.can("clients.assigned") => {
            store::assigned_numbers(tx, person, cx.today())?
        }
        _ => HashSet::new(),
    };
    Ok(Reach {
        path: cx.actor.scope().path.clone(),
        place: cx.actor.can("clients.place"),
        own,
        all: cx.actor.role().is_none(),
    })
}

fn named(
    tx: &mut Tx<'_>,
    shell: &Shell,
    words: &str,
    reach: &Reach,
) -> Result<(Vec<i64>, Vec<String>)> {
    let live = shell.parts.get::<Live>();
    let mut kept = live.0.lock().unwrap_or_else(PoisonError::into_inner);
    let now = store::last_event(tx)?;
    let fold = kept.as_ref().is_none_or(|k| k.index.changes() > FOLD || k.seen > now);
    if fold {
        let mut index = build(tx)?;
        index.set_buildings(store::buildings(tx)?);
        *kept = Some(Kept { index, seen: now });
    }
    let Some(kept) = kept.as_mut() else { return Ok((Vec::new(), Vec::new())) };
    if kept.seen != now {
        for client in store::changed_since(tx, kept.seen)? {
            let Ok(number) = u32::try_from(client.number) else { continue };
            let named = (client.state != ClientState::Merged).then_some(Named {
                number,
                name: client.name,
                path: client.path,
                restricted: client.restricted,
            });
            kept.index.change(number, named);
        }
        if store::homes_changed(tx, kept.seen)? {
            kept.index.set_buildings(store::buildings(tx)?);
        }
        kept.seen = now;
    }
    let buildings =
        if words.chars().count() >= 2 { kept.index.buildings(words, 6) } else { Vec::new() };
    // More than are shown: some of them the viewer may not see after all.
    let numbers = kept.index.find(words, reach, MOST * 3).into_iter().map(i64::from).collect();
    Ok((numbers, buildings))
}

fn build(tx: &mut Tx<'_>) -> Result<Index> {
    let mut builder = Builder::default();
    let mut after = 0;
    loop {
        let batch = store::names_after(tx, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = last.number;
        for row in &batch {
            if let Ok(number) = u32::try_from(row.number) {
                builder.add(number, &row.name, &row.path, row.restricted);
            }
        }
    }
    Ok(builder.done())
}

/// Hits for the search over the whole house.
pub(crate) fn search(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, words: &str) -> Result<Vec<Found>> {
    let mut out = Vec::new();
    for c in find(tx, cx, shell, words)? {
        let place = registry::region::name_of(tx, &c.region)?;
        let years = c.birth.map(|b| b.years_until(cx.today()).to_string());
        let detail: Vec<String> =
            [Some(format!("No. {}", c.number)), years, Some(place)].into_iter().flatten().collect();
        out.push(Found {
            kind: "clients.title",
            label: c.name,
            detail: detail.join(" · "),
            href: format!("/clients/{}", c.id),
            icon: "users-group",
        });
    }
    Ok(out)
}
