//! Verbs: check the right, load, decide, keep with the event.
pub mod alike;
pub mod assign;
pub mod categories;
pub mod consents;
pub mod family;
pub mod file;
pub(crate) mod import;
pub mod merge;
pub mod risk;
pub mod scales;
pub mod take_in;

use access::Cx;
use access::care::{self, Sight};
use db::{Event, Result, Tx};
use kernel::{ClientId, Refusal};
use registry::client::Client;
use serde::Serialize;

use crate::store;

/// One change as the log keeps it.
pub(crate) fn note<R: Serialize>(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &Client,
    (subject, id, verb): (&'static str, &str, &'static str),
    before: Option<&R>,
    after: Option<&R>,
) -> Result<()> {
    tx.record(
        &cx.stamp(),
        Event {
            subject,
            id: id.to_owned(),
            verb,
            unit: client.site.as_ref().map(|s| s.0.clone()),
            before: before.map(serde_json::to_value).transpose()?,
            after: after.map(serde_json::to_value).transpose()?,
        },
    )
}

/// The client, to change what a header shows: whoever sees the name may, but for those who only read (supervisor, emergency look).
pub(crate) fn find_header(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId) -> Result<(Client, Sight)> {
    let (client, sight) = care::find(tx, cx, id)?;
    if sight.file && !sight.writes {
        return Err(Refusal::new("access.denied").into());
    }
    Ok((client, sight))
}

/// Goes on only when nobody changed the file since the asker looked.
pub(crate) fn fresh(tx: &mut Tx<'_>, id: &ClientId, seen: Option<i64>) -> Result<()> {
    if seen.is_some_and(|v| v > 0) && seen != Some(store::version(tx, id)?) {
        return Err(db::Error::Stale);
    }
    Ok(())
}
