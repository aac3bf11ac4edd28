//! Coming onto an activity's list, giving a place back, being noted as present: by a worker, or by oneself with the code at the door.
use access::{Cx, care};
use db::{Result, Tx};
use kernel::{ActivityId, ClientId, RecordId, Refusal};

use super::activity::{count, index, to_write};
use super::event;
use crate::model::activity::{Activity, SignedBy, Signup, Standing};
use crate::store::activity as store;

/// A list grows no longer than this.
const MOST: usize = 5000;

/// Somebody for the list: a client by id, or a resident by name.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Person {
    pub client: String,
    pub name: String,
    pub phone: String,
    /// Agreed to be in pictures.
    pub photo: bool,
}

/// Puts somebody on the list; beyond the places they wait.
///
/// # Errors
/// Denied; missing; refusals at `name`, `phone`, `client`; `activities.twice`.
pub fn add(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId, who: &Person) -> Result<Signup> {
    let a = to_write(tx, cx, id)?;
    let client = if who.client.is_empty() {
        None
    } else {
        let (client, sight) = care::find(tx, cx, &ClientId::from(who.client.as_str()))?;
        Some((client.id.clone(), sight.label(&client)))
    };
    let s = put(tx, cx, &a, client, who, SignedBy::Desk)?;
    Ok(s)
}

fn put(
    tx: &mut Tx<'_>,
    cx: &Cx,
    a: &Activity,
    client: Option<(ClientId, String)>,
    who: &Person,
    way: SignedBy,
) -> Result<Signup> {
    let list = store::signups(tx, &a.id)?;
    let name =
        client.as_ref().map_or_else(|| who.name.trim().to_owned(), |(_, label)| label.clone());
    if name.is_empty() || name.chars().count() > 30 {
        return Err(Refusal::at("name", "activities.name_wrong").into());
    }
    let phone = match who.phone.trim() {
        "" => String::new(),
        typed => kernel::numbers::mobile(typed)
            .ok_or_else(|| Refusal::at("phone", "register.not_a_phone"))?,
    };
    let phone_index = if phone.is_empty() { None } else { Some(tx.blind("signup.phone", &phone)?) };
    let twice = list.iter().filter(|s| s.cancelled.is_none()).any(|s| match &client {
        Some((id, _)) => s.client.as_ref() == Some(id),
        None => s.name == name && phone_index.is_some() && s.phone_index == phone_index,
    });
    if twice {
        return Err(Refusal::at("name", "activities.twice").into());
    }
    if list.len() >= MOST {
        return Err(Refusal::new("activities.list_full").into());
    }
    let id: RecordId = cx.id();
    let owner = client.as_ref().map_or(id.as_str(), |(c, _)| c.as_str()).to_owned();
    let s = Signup {
        phone: tx.seal_some(&owner, "signup.phone", id.as_str(), &phone)?,
        phone_index,
        activity: a.id.clone(),
        client: client.map(|(id, _)| id),
        name,
        way,
        photo: who.photo,
        at: cx.now,
        cancelled: None,
        came: None,
        id,
    };
    tx.insert(&s)?;
    tx.record(&cx.stamp(), event("signup", s.id.as_str(), "added", None, Some(&logged(&s)))?)?;
    Ok(s)
}

/// Gives a place back; the first who waits moves up.
///
/// # Errors
/// Denied; missing.
pub fn cancel(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId) -> Result<Signup> {
    let (a, before) = find(tx, cx, id)?;
    if before.came.is_some() || before.cancelled.is_some() {
        return Err(Refusal::new("activities.came").into());
    }
    let after = Signup { cancelled: Some(cx.now), ..before.clone() };
    change(tx, cx, &a, "cancelled", &before, after)
}

/// Notes that somebody came, or (`false`) that it was noted by mistake.
///
/// # Errors
/// Denied; missing.
pub fn check_in(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId, came: bool) -> Result<Signup> {
    let (a, before) = find(tx, cx, id)?;
    let after = Signup { came: came.then_some(cx.now), cancelled: None, ..before.clone() };
    change(tx, cx, &a, if came { "came" } else { "did_not_come" }, &before, after)
}

fn find(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId) -> Result<(Activity, Signup)> {
    let s = store::signup(tx, id)?.ok_or(db::Error::Missing)?;
    Ok((to_write(tx, cx, &s.activity)?, s))
}

fn change(
    tx: &mut Tx<'_>,
    cx: &Cx,
    a: &Activity,
    verb: &'static str,
    before: &Signup,
    after: Signup,
) -> Result<Signup> {
    tx.update(&after)?;
    tx.record(
        &cx.stamp(),
        event("signup", after.id.as_str(), verb, Some(&logged(before)), Some(&logged(&after)))?,
    )?;
    // Who came late onto an activity that was recorded already is counted too.
    if a.held.is_some() {
        count(tx, cx, a, true)?;
    }
    Ok(after)
}

/// An entry as the log keeps it: the name of a resident who is no client is theirs alone.
fn logged(s: &Signup) -> Signup {
    Signup { name: String::new(), phone_index: None, ..s.clone() }
}

/// The activity behind the code at the door, on its day and until it is closed.
///
/// # Errors
/// Missing: for a code that was never issued, a day that is not the activity's, one that was called off or closed.
pub fn at_the_door(tx: &mut Tx<'_>, token: &str, today: kernel::Day) -> Result<Activity> {
    let a = store::by_token(tx, &index(token))?.ok_or(db::Error::Missing)?;
    let open = matches!(a.standing(), Standing::Planned | Standing::Held) && a.day == today;
    if open { Ok(a) } else { Err(db::Error::Missing) }
}

/// Somebody notes their own coming, by name and phone. Whether they were on the list is not told: the answer is the same.
///
/// # Errors
/// As [`at_the_door`]; refusals at `name` and `phone`.
pub fn arrive(tx: &mut Tx<'_>, cx: &Cx, token: &str, who: &Person) -> Result<()> {
    let a = at_the_door(tx, token, cx.today())?;
    let phone = kernel::numbers::mobile(who.phone.trim())
        .ok_or_else(|| Refusal::at("phone", "register.not_a_phone"))?;
    let at = Some(tx.blind("signup.phone", &phone)?);
    let name = who.name.trim();
    let known = store::signups(tx, &a.id)?
        .into_iter()
        .find(|s| s.cancelled.is_none() && s.phone_index == at && s.name == name);
    let before = match known {
        Some(s) if s.came.is_some() => return Ok(()),
        Some(s) => s,
        None => {
            put(tx, cx, &a, None, &Person { client: String::new(), ..who.clone() }, SignedBy::Code)?
        }
    };
    let after = Signup { came: Some(cx.now), ..before.clone() };
    change(tx, cx, &a, "came", &before, after).map(drop)
}

/// What the code at the door carries.
///
/// # Errors
/// Denied; missing.
pub fn code(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId) -> Result<(Activity, String)> {
    let a = to_write(tx, cx, id)?;
    let token = tx.open(a.id.as_str(), "activity.token", a.id.as_str(), &a.token)?;
    Ok((a, token))
}
