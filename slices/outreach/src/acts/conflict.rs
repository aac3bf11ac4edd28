//! What a person decides about a record that was brought back: two records of one client side by side, or one that could not stand.
use access::{Cx, care};
use db::{Result, Tx};
use kernel::{ClientId, RecordId, Refusal, VisitId};
use registry::client::Client;

use super::offline::owner;
use super::{event, visit};
use crate::model::offline::{Decision, Op, OpState};
use crate::model::visit::{Draft, Visit};
use crate::store::{offline as store, visit as visits};

/// An operation that waits, opened for whoever decides.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub op: Op,
    /// `None` when the device named no client we know of.
    pub client: Option<(Client, care::Sight)>,
    /// What was recorded offline; `None` when it cannot be read.
    pub draft: Option<Draft>,
    /// What somebody else recorded meanwhile.
    pub rival: Option<(Visit, visit::Plain)>,
}

/// Everything that waits for the asker.
///
/// # Errors
/// Denied.
pub fn waiting(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Waiting>> {
    cx.may("visits.read")?;
    let mut out = Vec::new();
    for op in store::waiting(tx, cx)? {
        out.push(open(tx, cx, op)?);
    }
    Ok(out)
}

/// Opens an operation for the asker, who wrote it or decides about it. That it was read is noted.
fn open(tx: &mut Tx<'_>, cx: &Cx, op: Op) -> Result<Waiting> {
    let found = match care::find(tx, cx, &ClientId::from(op.client.as_str())) {
        Ok(found) => Some(found),
        Err(db::Error::Missing) => None,
        Err(e) => return Err(e),
    };
    // One's own words one may read; another's only with the client in sight, as the approver of what waits.
    let own = op.account == *cx.actor.account();
    let readable = own || found.is_some();
    let draft = if readable {
        let text =
            tx.open(owner(&op.client, &op.device), "offline_op.body", op.id.as_str(), &op.body)?;
        serde_json::from_str(&text).ok()
    } else {
        None
    };
    if let (Some((client, _)), false) = (&found, own) {
        care::viewed(tx, cx, &client.id, "offline")?;
    }
    let file = found.as_ref().is_some_and(|(_, s)| s.file);
    let rival = match op.rival.as_ref().filter(|_| file) {
        Some(id) => match visits::find(tx, id)? {
            Some(v) => {
                let said = visit::plain(tx, &v)?;
                Some((v, said))
            }
            None => None,
        },
        None => None,
    };
    Ok(Waiting { op, client: found, draft, rival })
}

/// Decides. The visit stands as done by whoever recorded it.
///
/// # Errors
/// Missing when it does not wait for the asker; refusals at the fields of the visit, at `why` for a drop, `offline.no_rival` for a
/// replacement without a standing visit.
pub fn decide(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &RecordId,
    how: Decision,
    why: &str,
) -> Result<Option<VisitId>> {
    cx.may("visits.read")?;
    let op = store::waiting(tx, cx)?.into_iter().find(|o| o.id == *id).ok_or(db::Error::Missing)?;
    let mut stands = None;
    let mut sealed = None;
    match how {
        Decision::Drop => {
            if why.trim().is_empty() {
                return Err(Refusal::at("why", "visits.why_missing").into());
            }
            let for_whom = owner(&op.client, &op.device).to_owned();
            sealed =
                Some(tx.seal(&for_whom, "offline_op.decision_why", id.as_str(), why.trim())?);
        }
        Decision::Both | Decision::Replace => {
            let w = open(tx, cx, op.clone())?;
            let (Some((client, _)), Some(draft)) = (w.client, w.draft) else {
                return Err(Refusal::new("offline.unreadable").into());
            };
            // Whoever answers for the place may let a held record stand; anything else takes the right to write the file.
            if op.state == OpState::Conflict || !cx.actor.can("clients.assign") {
                care::find_to_write(tx, cx, &client.id)?;
            }
            let new = draft.check(cx.now)?;
            let v = if how == Decision::Replace {
                let (rival, _) = w.rival.ok_or_else(|| Refusal::new("offline.no_rival"))?;
                care::find_to_write(tx, cx, &client.id)?;
                visit::rewrite(tx, cx, &rival, &client, &new)?
            } else {
                if visits::find(tx, &op.visit)?.is_some() {
                    return Err(Refusal::new("offline.id_taken").into());
                }
                visit::keep(tx, cx, op.visit.clone(), &client, &new, &op.person)?
            };
            stands = Some(v.id);
        }
    }
    let after = Op {
        state: OpState::Decided,
        decided_by: Some(cx.actor.account().clone()),
        decided_at: Some(cx.now),
        decision: Some(how),
        decision_why: sealed,
        ..op.clone()
    };
    tx.update(&after)?;
    tx.record(&cx.stamp(), event("offline_op", id.as_str(), "decided", Some(&op), Some(&after))?)?;
    Ok(stands)
}
