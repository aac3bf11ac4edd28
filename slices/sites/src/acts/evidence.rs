//! Evidence: a photo or document beside the record it proves, looked at by somebody else.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, FileId, Refusal, SiteId};
use registry::file::{StoredFile, place};
pub use registry::file::{keep, path};
use web::register::Parent;
use web::register::acts::parent_of;

use crate::model::{Evidence, Outcome};
use crate::{registers, store};

use super::event;

/// What is filled in beside a file.
#[derive(Clone, Debug)]
pub struct NewEvidence {
    /// The table of the record it proves: `room`, `facility`, `rule_doc`, `post`, `site` …
    pub subject: String,
    pub record: String,
    pub note: Option<String>,
    pub taken: Option<Day>,
}

/// A file's bytes, made harmless, before they are kept.
pub struct Clean {
    pub name: String,
    pub mime: &'static str,
    pub bytes: Vec<u8>,
    /// The day the camera says.
    pub taken: Option<Day>,
}

/// Makes an upload harmless: photos are drawn anew without place and device; of documents only PDF and Office files are taken.
///
/// # Errors
/// A refusal at `file`.
pub fn clean(name: &str, bytes: &[u8]) -> std::result::Result<Clean, Refusal> {
    let name: String = name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(80)
        .collect();
    if let Ok(photo) = papers::photo::clean(bytes) {
        return Ok(Clean { name, mime: photo.mime, bytes: photo.bytes, taken: photo.taken });
    }
    let mime = match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        _ => return Err(Refusal::at("file", "evidence.not_readable")),
    };
    Ok(Clean { name, mime, bytes: bytes.to_vec(), taken: None })
}

/// Adds evidence to a record of a site. The bytes are kept already, under `file`.
///
/// # Errors
/// Denied; missing when the record is out of sight.
pub fn add(
    tx: &mut Tx<'_>,
    cx: &Cx,
    new: NewEvidence,
    file: FileId,
    kept: &Clean,
) -> Result<Evidence> {
    cx.may("evidence.add")?;
    let site = site_of(tx, cx, &new.subject, &new.record)?;
    let row = StoredFile {
        id: file.clone(),
        name: kept.name.clone(),
        mime: kept.mime.into(),
        bytes: i64::try_from(kept.bytes.len()).unwrap_or(i64::MAX),
        digest: digest(&kept.bytes),
        path: place(&file),
        by_account: cx.actor.account().0.clone(),
        at: cx.now,
    };
    registry::file::insert(tx, &row)?;
    let evidence = Evidence {
        id: cx.id(),
        site,
        subject: new.subject,
        record: new.record,
        file,
        taken: kept.taken.or(new.taken).unwrap_or_else(|| cx.today()),
        note: new.note,
        by_account: cx.actor.account().0.clone(),
        at: cx.now,
        outcome: None,
        reason: None,
        reviewer: None,
        reviewed_at: None,
    };
    tx.insert(&evidence)?;
    let unit = evidence.site.as_str();
    tx.record(
        &cx.stamp(),
        event("evidence", evidence.id.as_str(), "added", unit, None, Some(&evidence))?,
    )?;
    Ok(evidence)
}

/// The site whose record this is, if the asker may see it.
fn site_of(tx: &mut Tx<'_>, cx: &Cx, subject: &str, record: &str) -> Result<SiteId> {
    let register = registers::of_subject(subject)
        .filter(|r| r.parent == Parent::Site || r.subject == "site")
        .ok_or(db::Error::Missing)?;
    let o = register.find(tx, record)?.ok_or(db::Error::Missing)?;
    let site = parent_of(register, &o);
    (register.admit)(tx, cx, site)?;
    Ok(site.into())
}

/// Passes or returns a piece of evidence. Whoever uploaded it does not judge it.
///
/// # Errors
/// Denied; missing; refusals `evidence.own`, `evidence.judged`, and at `reason` when it is returned without one.
pub fn review(tx: &mut Tx<'_>, cx: &Cx, id: &str, accept: bool, reason: &str) -> Result<Evidence> {
    cx.may("evidence.review")?;
    let before = store::evidence(tx, cx, id)?.ok_or(db::Error::Missing)?;
    if before.by_account == cx.actor.account().0 {
        return Err(Refusal::new("evidence.own").into());
    }
    if before.outcome.is_some() {
        return Err(Refusal::new("evidence.judged").into());
    }
    let reason = reason.trim();
    if !accept && reason.is_empty() {
        return Err(Refusal::at("reason", "evidence.reason_missing").into());
    }
    let outcome = if accept { Outcome::Accepted } else { Outcome::Returned };
    let after = Evidence {
        outcome: Some(outcome),
        reason: Some(reason.to_owned()).filter(|r| !r.is_empty()),
        reviewer: Some(cx.actor.account().0.clone()),
        reviewed_at: Some(cx.now),
        ..before.clone()
    };
    tx.update(&after)?;
    let verb = if accept { "accepted" } else { "returned" };
    let unit = after.site.as_str();
    tx.record(&cx.stamp(), event("evidence", id, verb, unit, Some(&before), Some(&after))?)?;
    Ok(after)
}

fn digest(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}
