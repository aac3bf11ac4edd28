//! Taking visits along on a phone and bringing them back, each exactly once; nothing that was typed is dropped.
use access::notice::{self, Message};
use access::{Cx, care};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use db::{Result, Tx};
use kernel::{ClientId, RecordId, Refusal, VisitId};
use serde_json::json;

use super::plan::{Whose, standings};
use super::{event, visit};
use crate::model::offline::{
    Ack, Device, LEASE_MILLIS, MOST_CARDS, MOST_OPS, Op, OpState, Sent, is_uuid,
};
use crate::model::visit::Draft;
use crate::store::{offline as store, visit as visits};
use crate::view::{self, Names};

/// Cards reach so many days ahead.
const AHEAD: i32 = 6;
const OWNER: &str = "offline";
const PLACE: &str = "offline_device.secret";

/// What was noted last time.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct LastVisit {
    pub id: String,
    pub day: String,
    pub outcome: String,
    pub said: visit::Plain,
}

/// A client as a phone takes them along.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct CardOut {
    pub client: String,
    pub name: String,
    pub grade: String,
    /// Community and building, for the order of the way.
    pub place: String,
    /// With the door.
    pub address: String,
    pub phone: String,
    pub due: String,
    /// Days past the due day; negative before it.
    pub late: i32,
    pub planned: Option<String>,
    pub every: i64,
    pub last: Option<LastVisit>,
}

/// What a sync gives.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Pack {
    /// 32 bytes, base64: what the device derives its key from and never writes down.
    pub secret: String,
    /// Milliseconds UTC.
    pub lease_until: i64,
    pub last_seq: i64,
    pub today: String,
    pub cards: Vec<CardOut>,
    /// (id, name) of the people who may go along.
    pub colleagues: Vec<(String, String)>,
}

/// Gives a phone what it takes along: the asker's own clients who are due, with their last records. Every file taken along is noted in the
/// log in the same transaction.
///
/// # Errors
/// Refusals `offline.device_wrong`, `offline.device_taken`, `visits.nobody`.
pub fn sync(tx: &mut Tx<'_>, cx: &Cx, device: &str, agent: &str) -> Result<Pack> {
    let person = visit::me(cx)?;
    if !is_uuid(device) {
        return Err(Refusal::at("device", "offline.device_wrong").into());
    }
    let id = RecordId::from(device);
    let lease_until = cx.now.plus_millis(LEASE_MILLIS);
    let kept = match store::device(tx, &id)? {
        Some(d) if d.account != *cx.actor.account() => {
            return Err(Refusal::at("device", "offline.device_taken").into());
        }
        Some(d) => {
            let d = Device { synced_at: cx.now, lease_until, ..d };
            tx.update(&d)?;
            d
        }
        None => {
            let secret = STANDARD.encode(cx.ids.secret());
            let d = Device {
                secret: tx.seal(OWNER, PLACE, device, &secret)?,
                account: cx.actor.account().clone(),
                person,
                agent: agent.chars().take(200).collect(),
                opened_at: cx.now,
                synced_at: cx.now,
                lease_until,
                last_seq: 0,
                id,
            };
            tx.insert(&d)?;
            // The log keeps that there is a device, and nothing that opens it.
            let seen = json!({ "account": d.account, "agent": d.agent });
            tx.record(&cx.stamp(), event("offline_device", device, "opened", None, Some(&seen))?)?;
            d
        }
    };
    let mut cards = Vec::new();
    let mut colleagues = Vec::new();
    if cx.actor.can("visits.write") {
        cards = take_along(tx, cx)?;
        let mine = cx.actor.person();
        let region = cx.actor.scope().region.clone();
        for (id, name) in super::colleagues(tx, cx, &region)? {
            if Some(&id) != mine {
                colleagues.push((id.0, name));
            }
        }
    }
    Ok(Pack {
        secret: tx.open(OWNER, PLACE, device, &kept.secret)?,
        lease_until: lease_until.0,
        last_seq: kept.last_seq,
        today: cx.today().to_string(),
        cards,
        colleagues,
    })
}

fn take_along(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<CardOut>> {
    let horizon = cx.today().plus_days(AHEAD);
    let lens = care::Lens::of(tx, cx)?;
    let mut names = Names::default();
    let mut cards = Vec::new();
    for s in standings(tx, cx, &Whose::Mine)? {
        let due = s.due();
        if due > horizon && s.planned.is_none_or(|p| p > horizon) {
            continue;
        }
        let Some(sight) = lens.sight(tx, &s.client)?.filter(|s| s.file && s.writes) else {
            continue;
        };
        care::viewed(tx, cx, &s.client.id, "offline")?;
        let id = s.client.id.as_str();
        let last = match visits::of_client(tx, &s.client.id, 1)?.into_iter().next() {
            Some(v) => Some(LastVisit {
                said: visit::plain(tx, &v)?,
                day: v.day.to_string(),
                outcome: v.outcome.to_string(),
                id: v.id.0,
            }),
            None => None,
        };
        cards.push(CardOut {
            name: sight.label(&s.client),
            grade: s.client.grade.to_string(),
            place: view::place(tx, &mut names, &s.client, &s.building)?,
            address: view::address(tx, &mut names, &s.client, sight)?,
            phone: tx.open_some(id, "client.phone", id, s.client.phone.as_ref())?,
            late: cx.today().0 - due.0,
            due: due.to_string(),
            planned: s.planned.map(|d| d.to_string()),
            every: s.every(),
            last,
            client: s.client.id.0,
        });
        if cards.len() == MOST_CARDS {
            break;
        }
    }
    Ok(cards)
}

/// Takes what a phone brings back. Every operation is answered; one that came before gets the answer it got.
///
/// # Errors
/// [`db::Error::Missing`] for a device that is not the asker's; a refusal at `ops`.
pub fn submit(tx: &mut Tx<'_>, cx: &Cx, device: &str, ops: &[Sent]) -> Result<Vec<Ack>> {
    let mut device = store::device(tx, &RecordId::from(device))?
        .filter(|d| d.account == *cx.actor.account())
        .ok_or(db::Error::Missing)?;
    if ops.len() > MOST_OPS {
        return Err(Refusal::at("ops", "offline.too_many").with("n", MOST_OPS).into());
    }
    let mut acks = Vec::with_capacity(ops.len());
    for sent in ops {
        acks.push(take(tx, cx, &mut device, sent, None)?);
    }
    Ok(acks)
}

fn refused(sent: &Sent, state: &str, device: &Device) -> Ack {
    Ack {
        seq: sent.seq,
        hash: sent.hash.clone(),
        state: state.into(),
        visit: None,
        expect: Some(device.last_seq + 1),
    }
}

/// What an operation came to.
enum Came {
    Visit(VisitId),
    Rival(VisitId),
    Held(&'static str),
}

/// Takes one operation. `held`: why it may not become a visit by itself, whoever it is for.
pub(super) fn take(
    tx: &mut Tx<'_>,
    cx: &Cx,
    device: &mut Device,
    sent: &Sent,
    held: Option<&'static str>,
) -> Result<Ack> {
    if sent.hash != sent.digest() || !is_uuid(&sent.id) {
        return Ok(refused(sent, "garbled", device));
    }
    if let Some(old) = store::op_at(tx, &device.id, sent.seq)? {
        if old.hash == sent.hash {
            return Ok(serde_json::from_value(old.answer)?);
        }
        return Ok(refused(sent, "clash", device));
    }
    if sent.seq != device.last_seq + 1 {
        return Ok(refused(sent, "gap", device));
    }
    let draft: Option<Draft> = serde_json::from_str(&sent.body).ok();
    let client = draft.as_ref().map(|d| d.client.clone()).unwrap_or_default();
    let came = match (&draft, held) {
        (_, Some(why)) => Came::Held(why),
        (None, None) => Came::Held("offline.unreadable"),
        (Some(draft), None) => {
            let of = device.id.clone();
            match tx.attempt(|tx| keep(tx, cx, &of, sent, draft)) {
                Ok(came) => came,
                Err(db::Error::Refused(no)) => {
                    Came::Held(no.0.first().map_or("web.error.refused", |r| r.key))
                }
                Err(db::Error::Missing) => Came::Held("offline.out_of_sight"),
                Err(e) => return Err(e),
            }
        }
    };
    note(tx, cx, device, sent, &client, came)
}

/// The visit, unless somebody else recorded the client meanwhile.
fn keep(tx: &mut Tx<'_>, cx: &Cx, device: &RecordId, sent: &Sent, draft: &Draft) -> Result<Came> {
    cx.may("visits.write")?;
    let client = care::find_to_write(tx, cx, &ClientId::from(draft.client.as_str()))?;
    let new = draft.check(cx.now)?;
    if let Some(latest) = visits::of_client(tx, &client.id, 1)?.into_iter().next()
        && latest.id.as_str() != sent.seen
        && !store::brought(tx, device, &latest.id)?
    {
        return Ok(Came::Rival(latest.id));
    }
    let id = VisitId::from(sent.id.as_str());
    if visits::find(tx, &id)?.is_some() {
        return Err(Refusal::new("offline.id_taken").into());
    }
    let me = visit::me(cx)?;
    Ok(Came::Visit(visit::keep(tx, cx, id, &client, &new, &me)?.id))
}

/// Keeps the operation with its answer, and tells whoever must decide.
fn note(
    tx: &mut Tx<'_>,
    cx: &Cx,
    device: &mut Device,
    sent: &Sent,
    client: &str,
    came: Came,
) -> Result<Ack> {
    let known = registry::client::find_unguarded(tx, &ClientId::from(client))?;
    let path = known.as_ref().map_or_else(|| cx.actor.scope().path.clone(), |c| c.path.clone());
    let (state, reason, rival, stands) = match came {
        Came::Visit(v) => (OpState::Done, None, None, Some(v)),
        Came::Rival(v) => (OpState::Conflict, None, Some(v), None),
        Came::Held(why) => (OpState::Held, Some(why), None, None),
    };
    let ack = Ack {
        seq: sent.seq,
        hash: sent.hash.clone(),
        state: state.to_string(),
        visit: stands.map(|v| v.0),
        expect: None,
    };
    let id: RecordId = cx.id();
    let op = Op {
        body: tx.seal(owner(client, &device.id), "offline_op.body", id.as_str(), &sent.body)?,
        device: device.id.clone(),
        seq: sent.seq,
        hash: sent.hash.clone(),
        account: device.account.clone(),
        person: device.person.clone(),
        client: client.to_owned(),
        path: path.clone(),
        visit: VisitId::from(sent.id.as_str()),
        state,
        reason: reason.map(str::to_owned),
        rival,
        answer: serde_json::to_value(&ack)?,
        made_at: kernel::Instant(sent.made_at),
        at: cx.now,
        decided_by: None,
        decided_at: None,
        decision: None,
        decision_why: None,
        id,
    };
    tx.insert(&op)?;
    device.last_seq = sent.seq;
    tx.update(device)?;
    tx.record(&cx.stamp(), event("offline_op", op.id.as_str(), "brought", None, Some(&op))?)?;
    let message =
        |key| Message { key, args: Vec::new(), href: "/visits/conflicts".into(), urgent: false };
    match state {
        OpState::Conflict => notice::tell(tx, cx, &op.person, &message("offline.notice.conflict"))?,
        OpState::Held => {
            notice::tell_whoever_can(
                tx,
                cx,
                "clients.assign",
                &path,
                &message("offline.notice.held"),
            )?;
        }
        OpState::Done | OpState::Decided => {}
    }
    Ok(ack)
}

/// For whom an operation's body is sealed: the client, or the device when it names none.
pub(super) fn owner<'a>(client: &'a str, device: &'a RecordId) -> &'a str {
    if client.is_empty() { device.as_str() } else { client }
}
