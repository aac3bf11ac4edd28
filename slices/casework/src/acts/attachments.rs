//! Files beside a case: who may add, read and remove them. What is beside a closed file is part of what was frozen and stays.
use access::Cx;
use db::{Result, Tx};
use kernel::{CaseId, RecordId, Refusal};
use web::attach::{self, Beside};

use super::{Seen, hold, look, to_write};
use crate::model::Case;

/// The word under which attachments of cases are kept.
pub const SUBJECT: &str = "case";

fn beside(case: &Case) -> Beside {
    Beside {
        subject: SUBJECT,
        id: case.id.0.clone(),
        owner: case.client.0.clone(),
        unit: Some(case.site.0.clone()),
    }
}

/// The case, for whoever may add to it. A closed file takes what comes later, as it takes addenda; its hash covers what was there before.
///
/// # Errors
/// As [`super::find`].
pub fn to_add(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId) -> Result<Beside> {
    Ok(beside(&hold(tx, cx, id)?.case))
}

/// The case, for whoever may read its attachments; the look is noted. A pseudonym does not hide what a scan shows, so only those who know the
/// client's name read them.
///
/// # Errors
/// As [`super::look`].
pub fn to_read(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId) -> Result<Beside> {
    let seen: Seen = look(tx, cx, id)?;
    if seen.sight.name { Ok(beside(&seen.case)) } else { Err(db::Error::Missing) }
}

/// Takes an attachment away from an open case.
///
/// # Errors
/// As [`super::find`]; a refusal `casework.frozen`.
pub fn remove(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId, attachment: &RecordId) -> Result<()> {
    let seen = to_write(tx, cx, id)?;
    // What lay beside the file when it was frozen is covered by the hash, even after the case was opened again.
    let frozen = crate::store::freezes_of(tx, &seen.case.id)?.into_iter().next();
    let one = attach::one(tx, &beside(&seen.case), attachment)?;
    if frozen.is_some_and(|f| one.at <= f.at) {
        return Err(Refusal::new("casework.frozen").into());
    }
    attach::remove(tx, cx, &beside(&seen.case), attachment)
}
