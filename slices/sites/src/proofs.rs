//! What a site can show an inspection: the files beside its records, as whoever asks may see them.
use access::Cx;
use db::{Result, Tx};
use kernel::Day;
use web::judged::Proof;

use crate::model::EvidenceState;
use crate::store;

/// The evidence under a region path in the asker's scope, taken by a day, oldest first. What was returned proves nothing.
///
/// # Errors
/// The engine's fault.
pub(crate) fn proofs(tx: &mut Tx<'_>, cx: &Cx, path: &str, by: Day) -> Result<Vec<Proof>> {
    if !cx.actor.can("sites.read") {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for (e, file) in store::evidence_under(tx, cx, path, by)? {
        let state = match e.state(by) {
            EvidenceState::Returned => continue,
            EvidenceState::Waiting => "evidence.state.waiting",
            EvidenceState::Accepted => "evidence.state.accepted",
            EvidenceState::Stale => "evidence.state.stale",
        };
        out.push(Proof {
            site: e.site,
            subject: e.subject,
            record: e.record,
            file: file.id,
            name: file.name,
            mime: file.mime,
            digest: file.digest,
            path: file.path,
            taken: e.taken,
            state,
            note: e.note.unwrap_or_default(),
        });
    }
    Ok(out)
}
