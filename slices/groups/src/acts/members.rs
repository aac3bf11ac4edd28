//! Members: they apply, are screened, sign the contract (小组契约), leave.
use access::{Cx, care};
use db::{Result, Tx};
use kernel::{ClientId, Day, GroupId, Refusal, Refusals};

use super::tell;
use crate::look;
use crate::model::{Group, Member, Openness, Phase, Screening};
use crate::store;

/// Somebody who applies: a resident on file, or a name.
#[derive(Clone, Debug, Default)]
pub struct Applicant {
    pub client: Option<ClientId>,
    /// Needed when nobody is on file.
    pub name: String,
    /// A phone or its last two digits; only these two are kept.
    pub phone: String,
}

/// Sign-in numbers have three digits, so that they are never taken for the tail of a phone.
const FIRST_NUMBER: i64 = 101;

/// The last two digits of a phone.
fn tail(phone: &str) -> Option<String> {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    digits.last_chunk::<2>().map(|two| two.iter().collect())
}

/// Takes an application.
///
/// # Errors
/// Denied; missing when the client is out of sight; `client` when they applied before; `name` when neither is given.
pub fn apply(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId, new: &Applicant) -> Result<Member> {
    let (group, look) = look::find(tx, cx, id)?;
    look.writes()?;
    let members = store::members(tx, id)?;
    let (name, phone, adult_on) = match &new.client {
        None => {
            if new.name.trim().is_empty() {
                return Err(Refusal::at("name", "groups.member_missing").into());
            }
            (new.name.trim().to_owned(), new.phone.clone(), None)
        }
        Some(client) => {
            if members.iter().any(|m| m.client.as_ref() == Some(client)) {
                return Err(Refusal::at("client", "groups.member_twice").into());
            }
            let (client, sight) = care::find(tx, cx, client)?;
            if !sight.name {
                return Err(db::Error::Missing);
            }
            let key = client.id.as_str();
            let kept = tx.open_some(key, "client.phone", key, client.phone.as_ref())?;
            let phone = if new.phone.trim().is_empty() { kept } else { new.phone.clone() };
            let adult = client.birth.map(|b| b.plus_years(18));
            (client.name.clone(), phone, adult.filter(|d| *d > cx.today()))
        }
    };
    let number = members.last().map_or(FIRST_NUMBER, |m| m.number + 1);
    let row: kernel::RecordId = cx.id();
    let owner = new.client.as_ref().map_or(id.as_str(), |c| c.as_str()).to_owned();
    let two = tail(&phone).unwrap_or_default();
    let member = Member {
        name: tx.seal(&owner, "group_member.name", row.as_str(), &name)?,
        tail: tx.seal_some(&owner, "group_member.tail", row.as_str(), &two)?,
        id: row,
        group_id: id.clone(),
        number,
        client: new.client.clone(),
        adult_on,
        applied_on: cx.today(),
        outcome: Screening::Waiting,
        why: None,
        decided_by: None,
        decided_at: None,
        enrolled_on: None,
        contract_on: None,
        left_on: None,
        left_why: None,
    };
    tx.insert(&member)?;
    tell(tx, cx, "applied", group.site.as_str(), None, &member)?;
    Ok(member)
}

fn load(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId, member: &str) -> Result<(Group, Phase, Member)> {
    let (group, look) = look::find(tx, cx, id)?;
    look.writes()?;
    let member = store::member(tx, id, member)?.ok_or(db::Error::Missing)?;
    Ok((group, look.phase, member))
}

fn keep(
    tx: &mut Tx<'_>,
    cx: &Cx,
    group: &Group,
    verb: &'static str,
    before: &Member,
    after: Member,
) -> Result<Member> {
    tx.update(&after)?;
    tell(tx, cx, verb, group.site.as_str(), Some(before), &after)?;
    Ok(after)
}

/// Accepts, declines or keeps somebody waiting. Who works with minors is checked (未成年人保护法 §62): a minor is accepted only when every worker
/// of the group has a live background check.
///
/// # Errors
/// Denied; `why` when declined without a reason; `groups.full` and `groups.begun` (a closed group that works already); `groups.unchecked`;
/// `groups.member_present` when somebody who came to sessions is to be declined.
pub fn screen(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &GroupId,
    member: &str,
    outcome: Screening,
    why: &str,
    on: Day,
) -> Result<Member> {
    let (group, phase, before) = load(tx, cx, id, member)?;
    let mut no = Refusals::none();
    let why = why.trim();
    no.require(outcome != Screening::Declined || !why.is_empty(), "why", "groups.why_missing");
    no.require(on <= cx.today(), "on", "ledger.future");
    no.done()?;
    if outcome == Screening::Accepted {
        if group.openness == Openness::Closed && phase > Phase::Forming {
            return Err(Refusal::new("groups.begun").into());
        }
        let others = store::members(tx, id)?;
        let taken = others.iter().filter(|m| m.id != before.id && m.enrolled(cx.today())).count();
        if i64::try_from(taken).unwrap_or(i64::MAX) >= group.size {
            return Err(Refusal::new("groups.full").with("n", group.size).into());
        }
        if before.adult_on.is_some_and(|d| d > on) {
            for w in store::workers(tx, id)?.iter().filter(|w| w.until.is_none()) {
                if !store::checked(tx, &w.person, cx.today())? {
                    return Err(Refusal::new("groups.unchecked").into());
                }
            }
        }
    } else if !store::attended(tx, &before.id, 1)?.is_empty() {
        return Err(Refusal::new("groups.member_present").into());
    }
    let taken = outcome == Screening::Accepted;
    let after = Member {
        outcome,
        why: tx.seal_some(before.owner(), "group_member.why", before.id.as_str(), why)?,
        decided_by: Some(cx.actor.name().to_owned()),
        decided_at: Some(cx.now),
        enrolled_on: taken.then(|| before.enrolled_on.unwrap_or(on)),
        ..before.clone()
    };
    keep(tx, cx, &group, outcome.as_str(), &before, after)
}

/// Notes that a member signed the contract.
///
/// # Errors
/// Denied; `groups.not_member`; a day ahead.
pub fn sign(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId, member: &str, on: Day) -> Result<Member> {
    let (group, _, before) = load(tx, cx, id, member)?;
    if before.enrolled_on.is_none() {
        return Err(Refusal::new("groups.not_member").into());
    }
    if on > cx.today() {
        return Err(Refusal::at("on", "ledger.future").into());
    }
    keep(tx, cx, &group, "signed", &before, Member { contract_on: Some(on), ..before.clone() })
}

/// Notes that all members have signed who had not: the contract of a group is mostly signed at one table.
///
/// # Errors
/// As [`sign`]; `groups.no_members`.
pub fn sign_all(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId, on: Day) -> Result<usize> {
    let (_, look) = look::find(tx, cx, id)?;
    look.writes()?;
    let open: Vec<Member> = store::members(tx, id)?
        .into_iter()
        .filter(|m| m.enrolled_on.is_some() && m.left_on.is_none() && m.contract_on.is_none())
        .collect();
    if open.is_empty() {
        return Err(Refusal::new("groups.no_members").into());
    }
    for m in &open {
        sign(tx, cx, id, m.id.as_str(), on)?;
    }
    Ok(open.len())
}

/// A member leaves; `on` is the first day without.
///
/// # Errors
/// Denied; `groups.not_member`; `left_on` before joining; `left_why` when no reason is given.
pub fn leave(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &GroupId,
    member: &str,
    on: Day,
    why: &str,
) -> Result<Member> {
    let (group, _, before) = load(tx, cx, id, member)?;
    let Some(since) = before.enrolled_on else {
        return Err(Refusal::new("groups.not_member").into());
    };
    let mut no = Refusals::none();
    no.require(on > since, "left_on", "register.dates_order");
    no.require(!why.trim().is_empty(), "left_why", "groups.why_missing");
    no.done()?;
    let why = tx.seal(before.owner(), "group_member.left_why", before.id.as_str(), why.trim())?;
    let after = Member { left_on: Some(on), left_why: Some(why), ..before.clone() };
    keep(tx, cx, &group, "left", &before, after)
}

#[cfg(test)]
mod tests {
    use super::tail;

    #[test]
    fn only_two_digits_of_a_phone_are_kept() {
        assert_eq!(tail("164-0000 1234").as_deref(), Some("34"));
        assert_eq!(tail("7"), None);
    }
}
