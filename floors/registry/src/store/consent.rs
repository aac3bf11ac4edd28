//! SQL of consents. What was agreed to in a file that was merged holds for the file that lives on.
use db::{Result, Tx, args};
use kernel::{ClientId, Day};

use crate::consent::{Consent, Scope};

/// Every consent of a client, latest first.
///
/// # Errors
/// The engine's fault.
pub fn of_client(tx: &mut Tx<'_>, client: &ClientId) -> Result<Vec<Consent>> {
    tx.all(
        "SELECT * FROM consent WHERE client = $1 OR client IN (SELECT id FROM client WHERE merged_into = $1) ORDER BY since DESC, id DESC",
        args![client],
    )
}

/// The consents of a client for one purpose that carry what rests on them on a day, latest first.
///
/// # Errors
/// The engine's fault.
pub fn live(tx: &mut Tx<'_>, client: &ClientId, scope: Scope, day: Day) -> Result<Vec<Consent>> {
    let mut all = of_client(tx, client)?;
    all.retain(|c| c.scope == scope && c.holds_on(day));
    Ok(all)
}

/// Is there a consent of this client for this purpose on this day? With a partner named, a consent to share names that partner.
///
/// # Errors
/// The engine's fault.
pub fn holds(
    tx: &mut Tx<'_>,
    client: &ClientId,
    scope: Scope,
    partner: Option<&str>,
    day: Day,
) -> Result<bool> {
    Ok(live(tx, client, scope, day)?
        .iter()
        .any(|c| partner.is_none_or(|p| c.partner.as_deref() == Some(p))))
}
