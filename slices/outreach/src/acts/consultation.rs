//! Recording a consultation and following it up.
use access::{Cx, care};
use db::{Result, Tx};
use kernel::{ClientId, ConsultationId, Refusal};
use ledger::{NewService, ServiceKind};

use super::{event, site_of, visit};
use crate::model::consultation::{Asked, Consultation};
use crate::store::consultation as store;

/// A consultation in plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Said {
    pub question: String,
    pub answer: String,
    pub follow_up: String,
}

/// Opens the sealed parts. The asker was let in before.
///
/// # Errors
/// The vault's fault.
pub fn said(tx: &mut Tx<'_>, n: &Consultation) -> Result<Said> {
    let (owner, id) = (n.owner().to_owned(), n.id.as_str());
    Ok(Said {
        question: tx.open(&owner, "consultation.question", id, &n.question)?,
        answer: tx.open_some(&owner, "consultation.answer", id, n.answer.as_ref())?,
        follow_up: tx.open_some(&owner, "consultation.follow_up", id, n.follow_up.as_ref())?,
    })
}

/// Records a consultation; it is a service at once.
///
/// # Errors
/// Denied; missing for a client out of sight; refusals at the fields.
pub fn record(tx: &mut Tx<'_>, cx: &Cx, asked: &Asked) -> Result<Consultation> {
    cx.may("visits.write")?;
    let new = asked.check(cx.today())?;
    let person = visit::me(cx)?;
    let client = if asked.client.is_empty() {
        None
    } else {
        Some(care::find_to_write(tx, cx, &ClientId::from(asked.client.as_str()))?)
    };
    let (region, path) = match &client {
        Some(c) => (c.region.clone(), c.path.clone()),
        None => (cx.actor.scope().region.clone(), cx.actor.scope().path.clone()),
    };
    let id: ConsultationId = cx.id();
    let owner = client.as_ref().map_or(id.as_str(), |c| c.id.as_str()).to_owned();
    let guide = Some(asked.guide.trim().to_owned()).filter(|g| !g.is_empty());
    let n = Consultation {
        question: tx.seal(&owner, "consultation.question", id.as_str(), asked.question.trim())?,
        answer: tx.seal_some(&owner, "consultation.answer", id.as_str(), asked.answer.trim())?,
        client: client.as_ref().map(|c| c.id.clone()),
        site: site_of(tx, &region, new.day)?,
        region,
        path,
        person: person.clone(),
        channel: new.channel,
        field: new.field,
        day: new.day,
        minutes: new.minutes,
        guide,
        resolved: asked.resolved,
        follow_on: new.follow_on,
        followed_on: None,
        follow_up: None,
        by_account: cx.actor.account().0.clone(),
        at: cx.now,
        id,
    };
    tx.insert(&n)?;
    let service = NewService {
        kind: ServiceKind::Consultation,
        source: "consultation",
        source_id: n.id.0.clone(),
        site: n.site.clone(),
        region: n.region.clone(),
        path: n.path.clone(),
        day: n.day,
        minutes: n.minutes,
        workers: vec![(person, n.minutes)],
        unnamed: i64::from(n.client.is_none()),
        clients: n.client.iter().cloned().collect(),
        project: None,
        need: None,
        field: Some(n.field.to_string()),
    };
    ledger::record(tx, cx, service)?;
    tx.record(&cx.stamp(), event("consultation", n.id.as_str(), "recorded", None, Some(&n))?)?;
    Ok(n)
}

/// A consultation that the asker may read: nameless within scope, or of a client whose file is open. Looks into a file are noted.
///
/// # Errors
/// Denied; missing.
pub fn find(tx: &mut Tx<'_>, cx: &Cx, id: &ConsultationId) -> Result<(Consultation, String)> {
    cx.may("visits.read")?;
    let n = store::find(tx, id)?.ok_or(db::Error::Missing)?;
    let label = match &n.client {
        Some(client) => {
            let (client, sight) = care::find_file(tx, cx, client)?;
            care::viewed(tx, cx, &client.id, "consultation")?;
            sight.label(&client)
        }
        None if n.path.starts_with(&cx.actor.scope().path) => String::new(),
        None => return Err(db::Error::Missing),
    };
    Ok((n, label))
}

/// Notes how a consultation was followed up; that settles it.
///
/// # Errors
/// Denied; missing; refusals `consultations.followed` and at `words`.
pub fn follow(tx: &mut Tx<'_>, cx: &Cx, id: &ConsultationId, words: &str) -> Result<Consultation> {
    cx.may("visits.write")?;
    let (before, _) = find(tx, cx, id)?;
    if before.follow_on.is_none() || before.followed_on.is_some() {
        return Err(Refusal::new("consultations.followed").into());
    }
    if words.trim().is_empty() {
        return Err(Refusal::at("words", "register.missing").into());
    }
    let owner = before.owner().to_owned();
    let after = Consultation {
        follow_up: Some(tx.seal(&owner, "consultation.follow_up", id.as_str(), words.trim())?),
        followed_on: Some(cx.today()),
        resolved: true,
        ..before.clone()
    };
    tx.update(&after)?;
    tx.record(
        &cx.stamp(),
        event("consultation", id.as_str(), "followed", Some(&before), Some(&after))?,
    )?;
    Ok(after)
}
