//! 知情同意: given for one purpose at a time, by whoever can give it, and taken back as easily as it was given (PIPL §14–§16, §29, §31).
use access::Cx;
use access::care;
use db::{Result, Tx};
use kernel::{ClientId, Day, RecordId, Refusal, Refusals};

use web::attach::Beside;

use super::note;
use crate::model::{Consent, ConsentForm, Giver, Scope};

/// The word under which the papers of a consent are kept.
pub const BESIDE: &str = "consent";

/// A consent as taken.
#[derive(Clone, Debug)]
pub struct NewConsent {
    pub scope: Scope,
    /// With whom, for [`Scope::Sharing`].
    pub partner: String,
    pub form: ConsentForm,
    pub given_by: Giver,
    pub guardian: String,
    pub since: Day,
    pub until: Option<Day>,
}

/// Notes a consent.
///
/// # Errors
/// Refusals at the fields; missing.
pub fn give(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId, new: NewConsent) -> Result<Consent> {
    cx.may("clients.write")?;
    let client = care::find_to_write(tx, cx, id)?;
    let mut no = Refusals::none();
    no.require(new.since <= cx.today(), "since", "clients.since_ahead");
    no.require(new.until.is_none_or(|u| u > new.since), "until", "clients.dates_order");
    let shares = new.scope == Scope::Sharing;
    no.require(!shares || !new.partner.trim().is_empty(), "partner", "clients.partner_missing");
    let young = client.birth.is_some_and(|b| b.years_until(new.since) < 14);
    no.require(!young || new.given_by == Giver::Guardian, "given_by", "clients.guardian_needed");
    let guardian = new.given_by == Giver::Guardian;
    no.require(
        !guardian || !new.guardian.trim().is_empty(),
        "guardian",
        "clients.guardian_missing",
    );
    // Sensitive information takes a written consent or its electronic equal, never a nod (PIPL §29).
    no.require(
        new.scope != Scope::Sensitive || new.form != ConsentForm::Oral,
        "form",
        "clients.written_needed",
    );
    no.done()?;
    let id: RecordId = cx.id();
    let guardian = if guardian { new.guardian.trim() } else { "" };
    let row = Consent {
        guardian: tx.seal_some(client.id.as_str(), "consent.guardian", id.as_str(), guardian)?,
        id,
        client: client.id.clone(),
        scope: new.scope,
        partner: Some(new.partner.trim().to_owned()).filter(|p| shares && !p.is_empty()),
        form: new.form,
        given_by: new.given_by,
        since: new.since,
        until: new.until,
        withdrawn_on: None,
        why: None,
        taken_by: cx.actor.account().clone(),
    };
    tx.insert(&row)?;
    note(tx, cx, &client, ("consent", row.id.as_str(), "given"), None, Some(&row))?;
    Ok(row)
}

/// Takes a consent back from today on: what rested on it stops; what was done before stays lawful (PIPL §15).
///
/// # Errors
/// A refusal `clients.withdrawn_already`; missing.
pub fn withdraw(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &ClientId,
    id: &str,
    why: &str,
) -> Result<Consent> {
    cx.may("clients.write")?;
    let client = care::find_to_write(tx, cx, client)?;
    let old: Consent = tx
        .find(&db::Value::Text(id.to_owned()))?
        .filter(|c: &Consent| c.client == client.id)
        .ok_or(db::Error::Missing)?;
    if old.withdrawn_on.is_some() {
        return Err(Refusal::new("clients.withdrawn_already").into());
    }
    let gone = Consent {
        withdrawn_on: Some(cx.today()),
        why: tx.seal_some(client.id.as_str(), "consent.why", id, why.trim())?,
        ..old.clone()
    };
    tx.update(&gone)?;
    note(tx, cx, &client, ("consent", id, "withdrawn"), Some(&old), Some(&gone))?;
    Ok(gone)
}

/// A consent with the files beside it, for whoever may change the client's file (`writes`) or read it. A pseudonym does not hide a signature.
///
/// # Errors
/// Missing; denied.
pub fn beside(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &ClientId,
    id: &str,
    writes: bool,
) -> Result<Beside> {
    let (client, sight) = care::find_file(tx, cx, client)?;
    if writes {
        cx.may("clients.write")?;
        sight.writes()?;
    } else if !sight.name {
        return Err(db::Error::Missing);
    }
    tx.find(&db::Value::Text(id.to_owned()))?
        .filter(|c: &Consent| c.client == client.id)
        .ok_or(db::Error::Missing)?;
    Ok(Beside {
        subject: BESIDE,
        id: id.to_owned(),
        owner: client.id.0.clone(),
        unit: client.site.as_ref().map(|s| s.0.clone()),
    })
}

/// Goes on only while a consent for this purpose holds.
///
/// # Errors
/// A refusal `clients.no_consent`.
pub fn require(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId, scope: Scope) -> Result<()> {
    if registry::consent::holds(tx, id, scope, None, cx.today())? {
        Ok(())
    } else {
        Err(Refusal::new("clients.no_consent").into())
    }
}
