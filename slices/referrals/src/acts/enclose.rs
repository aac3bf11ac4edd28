//! Attachments that go along in a packet: chosen by the sender among the client's, named with their digests in the packet when it is sent, and
//! handed over only to whoever may read the packet.
use access::Cx;
use db::{Result, Tx};
use kernel::{RecordId, ReferralId, Refusal};
use registry::attachment::{self, Attachment};
use registry::client::Client;

use super::find;
use crate::model::{Enclosed, Packet, Referral};

/// What may be chosen of a client's attachments, the latest first.
///
/// # Errors
/// The engine's fault.
pub fn offered(tx: &mut Tx<'_>, client: &Client) -> Result<Vec<(Attachment, String)>> {
    let mut out = Vec::new();
    for a in attachment::of_owner(tx, client.id.as_str())? {
        let (name, note) = web::attach::words(tx, &a)?;
        out.push((a, if note.is_empty() { name } else { format!("{note}（{name}）") }));
    }
    Ok(out)
}

/// The chosen ones as the draft keeps them.
///
/// # Errors
/// A refusal at `attachments` for one that is not this client's, or was removed.
pub(crate) fn chosen(tx: &mut Tx<'_>, client: &Client, ids: &[RecordId]) -> Result<Option<String>> {
    for id in ids {
        owned(tx, client.id.as_str(), id)?;
    }
    let ids: Vec<&str> = ids.iter().map(RecordId::as_str).collect();
    Ok(Some(ids.join(",")).filter(|t| !t.is_empty()))
}

fn owned(tx: &mut Tx<'_>, owner: &str, id: &RecordId) -> Result<Attachment> {
    attachment::find(tx, id)?
        .filter(|a| a.owner == owner && a.removed_at.is_none())
        .ok_or_else(|| Refusal::at("attachments", "referrals.attachment_gone").into())
}

/// The chosen ones as the packet names them.
pub(crate) fn pack(tx: &mut Tx<'_>, r: &Referral) -> Result<Vec<Enclosed>> {
    let mut out = Vec::new();
    for id in r.enclosed() {
        let a = owned(tx, r.client.as_str(), &id)?;
        let stored = registry::file::find(tx, &a.file)?.ok_or(db::Error::Missing)?;
        let (name, note) = web::attach::words(tx, &a)?;
        out.push(Enclosed {
            kind: a.kind.as_str().to_owned(),
            name,
            note,
            day: a.day.to_string(),
            file: a.file.0,
            mime: stored.mime,
            bytes: stored.bytes,
            digest: stored.digest,
        });
    }
    Ok(out)
}

/// The nth enclosure of a packet.
pub(crate) fn nth(packet: &Packet, n: usize) -> Result<Enclosed> {
    packet.enclosed.get(n).cloned().ok_or(db::Error::Missing)
}

/// An enclosure for somebody signed in who may read the packet; the look is noted.
///
/// # Errors
/// [`db::Error::Missing`] for everybody else, and for one that does not exist.
pub fn read(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId, n: usize) -> Result<(Referral, Enclosed)> {
    let (r, stand) = find(tx, cx, id)?;
    if !stand.reads(&r) {
        return Err(db::Error::Missing);
    }
    access::care::viewed(tx, cx, &r.client, "referral")?;
    let packet = super::packet(tx, &r)?;
    Ok((r, nth(&packet, n)?))
}
