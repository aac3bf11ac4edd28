//! The sender's verbs: write a draft, look at the packet, send it, recall it, close it.
use access::Cx;
use access::care::{self, Sight};
use access::notice::{self, Message};
use db::{Result, Tx};
use kernel::{ClientId, Day, OrgId, ReferralId, Refusal, Refusals, SiteId};
use ledger::{NewService, ServiceKind};
use registry::client::Client;
use registry::consent::{Giver, Scope};

use super::{By, find, happened, moved, note, reach};
use crate::model::{
    ANSWER_DAYS, Basis, ConsentForm, Packet, Referral, ServiceField, Share, State, Urgency,
    age_band, working_days_after,
};
use crate::store;

/// To whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    Site(SiteId),
    Org(OrgId),
}

/// On which ground the data is shared.
#[derive(Clone, Debug, Default)]
pub struct Consent {
    pub basis: Option<Basis>,
    /// Who consented, by name.
    pub by: String,
    pub on: Option<Day>,
    pub form: Option<ConsentForm>,
    /// The statutory ground, when the law says so.
    pub clause: String,
}

/// What is filled in.
#[derive(Clone, Debug)]
pub struct Draft {
    pub to: To,
    pub to_contact: String,
    pub field: ServiceField,
    pub urgency: Urgency,
    pub reason: String,
    pub summary: String,
    /// The categories in words, as far as the receiver needs them.
    pub categories: String,
    pub shares: Vec<Share>,
    pub consent: Consent,
    /// `case:ID`, `visit:ID`, `referral:ID`.
    pub origin: String,
    /// Which of the client's attachments go along.
    pub attachments: Vec<kernel::RecordId>,
}

/// The longest reason and summary, in characters: the minimum that is necessary is short.
const MOST_REASON: usize = 500;
const MOST_SUMMARY: usize = 2000;

/// Writes a draft. Nobody but the sender sees it.
///
/// # Errors
/// Denied, missing; refusals at `to`, `reason`, `summary`.
pub fn draft(tx: &mut Tx<'_>, cx: &Cx, client: &ClientId, new: &Draft) -> Result<Referral> {
    cx.may("referrals.write")?;
    let client = care::find_to_write(tx, cx, client)?;
    let worker = cx.actor.person().cloned().ok_or_else(|| Refusal::new("referrals.no_person"))?;
    let site = serving(tx, cx, &client)?;
    let id: ReferralId = cx.id();
    let r = Referral {
        number: store::next_number(tx)?,
        site,
        region: client.region.clone(),
        path: client.path.clone(),
        worker,
        state: State::Draft,
        packet: None,
        sent_at: None,
        answer_by: None,
        opened_at: None,
        answered_at: None,
        keeper: None,
        first_service: None,
        minutes: 0,
        at: cx.now,
        ..written(tx, cx, &client, id, new)?
    };
    check_to(tx, cx, &r)?;
    tx.insert(&r)?;
    note(tx, cx, &By::actor(cx), &r, "", None)?;
    happened(tx, cx, "drafted", None, &r)?;
    Ok(r)
}

/// Writes a draft again.
///
/// # Errors
/// As [`draft`]; a refusal when it was sent already.
pub fn redraft(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId, new: &Draft) -> Result<Referral> {
    let (before, client) = mine(tx, cx, id)?;
    if before.state != State::Draft {
        return Err(Refusal::new("referrals.sent_already").into());
    }
    let w = written(tx, cx, &client, before.id.clone(), new)?;
    let after = Referral {
        number: before.number,
        site: before.site.clone(),
        worker: before.worker.clone(),
        origin: before.origin.clone(),
        at: before.at,
        ..w
    };
    check_to(tx, cx, &after)?;
    tx.update(&after)?;
    happened(tx, cx, "amended", Some(&before), &after)?;
    Ok(after)
}

/// What would be shared, before it is.
///
/// # Errors
/// Denied, missing.
pub fn preview(tx: &mut Tx<'_>, cx: &Cx, r: &Referral, client: &Client) -> Result<Packet> {
    let day = cx.today();
    pack(tx, r, client, day, working_days_after(day, ANSWER_DAYS))
}

/// Sends a draft: seals the packet, starts the clock, writes the service, tells the receiver.
///
/// # Errors
/// Denied, missing; a refusal at `basis`, `consent_by`, `consent_on`, `consent_form` or `clause` when no ground for sharing stands on it
/// (个人信息保护法 §23, §29, §31), at `minutes`, or because it was sent already.
pub fn send(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId, minutes: i64) -> Result<Referral> {
    let (before, client) = mine(tx, cx, id)?;
    let day = cx.today();
    let mut after = moved(&before, State::Sent)?;
    on_file(tx, &mut after, &client, day)?;
    grounded(tx, &after, &client, day)?;
    check_to(tx, cx, &before)?;
    let by = working_days_after(day, ANSWER_DAYS);
    let packet = serde_json::to_string(&pack(tx, &after, &client, day, by)?)?;
    after.packet = Some(tx.seal(client.id.as_str(), "referral.packet", id.as_str(), &packet)?);
    after.sent_at = Some(cx.now);
    after.answer_by = Some(by);
    after.minutes = minutes;
    reach(tx, cx, &By::actor(cx), &before, &after, "", None)?;
    ledger::record(
        tx,
        cx,
        NewService {
            kind: ServiceKind::Referral,
            source: "referral",
            source_id: id.0.clone(),
            site: after.site.clone(),
            region: after.region.clone(),
            path: after.path.clone(),
            day,
            minutes,
            workers: vec![(after.worker.clone(), minutes)],
            clients: vec![client.id],
            unnamed: 0,
            project: None,
            need: None,
            field: Some(after.field.as_str().to_owned()),
        },
    )?;
    if let Some(path) = &after.to_path {
        let message = Message {
            key: "referrals.notice.received",
            args: vec![("number", after.number.to_string())],
            href: format!("/referrals/{id}"),
            urgent: after.urgency == Urgency::Urgent,
        };
        notice::tell_whoever_can(tx, cx, "referrals.answer", path, &message)?;
    }
    Ok(after)
}

/// Recalls a referral: from now on the receiver sees that it was withdrawn, and nothing else.
///
/// # Errors
/// Denied, missing; a refusal once the receiver has fed back.
pub fn withdraw(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId, why: &str) -> Result<Referral> {
    let (before, _) = mine(tx, cx, id)?;
    let after = moved(&before, State::Withdrawn)?;
    if before.sent_at.is_some() && why.trim().is_empty() {
        return Err(Refusal::at("why", "referrals.reason_missing").into());
    }
    reach(tx, cx, &By::actor(cx), &before, &after, why.trim(), None)?;
    super::link::revoke_all(tx, cx, &after)?;
    if let (Some(path), Some(_)) = (&after.to_path, after.sent_at) {
        let message = Message {
            key: "referrals.notice.withdrawn",
            args: vec![("number", after.number.to_string())],
            href: format!("/referrals/{id}"),
            urgent: false,
        };
        notice::tell_whoever_can(tx, cx, "referrals.answer", path, &message)?;
    }
    Ok(after)
}

/// Closes a referral that was declined, returned, named another place for, or fed back.
///
/// # Errors
/// Denied, missing; a refusal before that.
pub fn close(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId, said: &str) -> Result<Referral> {
    let (before, _) = mine(tx, cx, id)?;
    let after = moved(&before, State::Closed)?;
    reach(tx, cx, &By::actor(cx), &before, &after, said.trim(), None)?;
    super::link::revoke_all(tx, cx, &after)?;
    Ok(after)
}

/// A referral whose client's file the asker may change.
pub(crate) fn mine(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId) -> Result<(Referral, Client)> {
    cx.may("referrals.write")?;
    let (r, stand) = find(tx, cx, id)?;
    let (client, sight): (Client, Sight) = stand.sender.ok_or(db::Error::Missing)?;
    sight.writes()?;
    Ok((r, client))
}

fn serving(tx: &mut Tx<'_>, cx: &Cx, client: &Client) -> Result<SiteId> {
    if let Some(site) = &client.site {
        return Ok(site.clone());
    }
    let site = registry::site::serving(tx, &client.region, cx.today())?;
    Ok(site.ok_or_else(|| Refusal::new("referrals.no_site"))?.id)
}

/// The row as written; what the caller does not overwrite is as in a draft.
fn written(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &Client,
    id: ReferralId,
    new: &Draft,
) -> Result<Referral> {
    let mut no = Refusals::none();
    let short = |text: &str, most| text.chars().count() <= most;
    no.require(!new.reason.trim().is_empty(), "reason", "register.missing");
    for (field, text, most) in [
        ("reason", &new.reason, MOST_REASON),
        ("summary", &new.summary, MOST_SUMMARY),
        ("categories", &new.categories, MOST_REASON),
    ] {
        if !short(text, most) {
            no.push(Refusal::at(field, "register.too_long").with("n", most));
        }
    }
    for (share, field, text) in [
        (Share::Summary, "summary", &new.summary),
        (Share::Categories, "categories", &new.categories),
    ] {
        let ticked = new.shares.contains(&share);
        no.require(!ticked || !text.trim().is_empty(), field, "referrals.ticked_empty");
    }
    if let Some(on) = new.consent.on {
        no.require(on <= cx.today(), "consent_on", "ledger.future");
    }
    no.done()?;
    let owner = client.id.as_str();
    let mut seal = |column: &str, text: &str| {
        tx.seal_some(owner, &format!("referral.{column}"), id.as_str(), text.trim())
    };
    let reason =
        seal("reason", &new.reason)?.ok_or_else(|| Refusal::at("reason", "register.missing"))?;
    let (summary, categories) =
        (seal("summary", &new.summary)?, seal("categories", &new.categories)?);
    let consent_by = seal("consent_by", &new.consent.by)?;
    let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    let (to_site, to_org) = match &new.to {
        To::Site(id) => (Some(id.clone()), None),
        To::Org(id) => (None, Some(id.clone())),
    };
    let (to_name, to_path) = receiver(tx, cx, &new.to)?;
    let attachments = super::enclose::chosen(tx, client, &new.attachments)?;
    let shares: Vec<&str> =
        Share::ALL.iter().filter(|s| new.shares.contains(s)).map(|s| s.as_str()).collect();
    Ok(Referral {
        id,
        number: 0,
        client: client.id.clone(),
        site: SiteId::from(""),
        region: client.region.clone(),
        path: client.path.clone(),
        worker: kernel::PersonId::from(""),
        origin: some(&new.origin),
        to_site,
        to_org,
        to_path,
        to_name,
        to_contact: some(&new.to_contact),
        field: new.field,
        urgency: new.urgency,
        reason,
        summary,
        categories,
        shares: shares.join(","),
        basis: new.consent.basis,
        consent_by,
        consent_on: new.consent.on,
        consent_form: new.consent.form,
        clause: some(&new.consent.clause),
        packet: None,
        state: State::Draft,
        sent_at: None,
        answer_by: None,
        opened_at: None,
        answered_at: None,
        keeper: None,
        first_service: None,
        minutes: 0,
        at: cx.now,
        attachments,
    })
}

/// The receiver's name, and a site's region path.
fn receiver(tx: &mut Tx<'_>, cx: &Cx, to: &To) -> Result<(String, Option<String>)> {
    let unknown = || Refusal::at("to", "referrals.to_unknown");
    match to {
        To::Site(id) => {
            let site = registry::site::find(tx, id)?.ok_or_else(unknown)?;
            if !site.period().holds_on(cx.today()) {
                return Err(unknown().into());
            }
            let region = registry::region::find(tx, &site.region)?.ok_or_else(unknown)?;
            Ok((site.name, Some(region.path)))
        }
        To::Org(id) => {
            let org = registry::org::find(tx, id)?.ok_or_else(unknown)?;
            let live = kernel::Period { from: org.since, to: org.until }.holds_on(cx.today());
            if live { Ok((org.name, None)) } else { Err(unknown().into()) }
        }
    }
}

fn check_to(tx: &mut Tx<'_>, cx: &Cx, r: &Referral) -> Result<()> {
    if r.to_site.as_ref() == Some(&r.site) {
        return Err(Refusal::at("to", "referrals.to_self").into());
    }
    let to = match (&r.to_site, &r.to_org) {
        (Some(id), _) => To::Site(id.clone()),
        (None, Some(id)) => To::Org(id.clone()),
        (None, None) => return Err(Refusal::at("to", "referrals.to_unknown").into()),
    };
    receiver(tx, cx, &to).map(drop)
}

/// A consent to share with this receiver that is on file is the ground of a referral that names none itself (record once; 个人信息保护法 §23).
fn on_file(tx: &mut Tx<'_>, r: &mut Referral, client: &Client, today: Day) -> Result<()> {
    if r.basis == Some(Basis::Statute) || r.consent_on.is_some() || r.consent_by.is_some() {
        return Ok(());
    }
    let live = registry::consent::live(tx, &client.id, Scope::Sharing, today)?;
    let Some(kept) = live.into_iter().find(|c| c.partner.as_deref() == Some(r.to_name.as_str()))
    else {
        return Ok(());
    };
    let guardian = kept.given_by == Giver::Guardian;
    let owner = kept.client.as_str();
    let by = if guardian {
        tx.open_some(owner, "consent.guardian", kept.id.as_str(), kept.guardian.as_ref())?
    } else {
        client.name.clone()
    };
    r.basis = Some(if guardian { Basis::Guardian } else { Basis::Own });
    r.consent_by = tx.seal_some(client.id.as_str(), "referral.consent_by", r.id.as_str(), &by)?;
    r.consent_on = Some(kept.since);
    r.consent_form = Some(match kept.form {
        registry::consent::ConsentForm::Written => ConsentForm::Written,
        registry::consent::ConsentForm::Oral => ConsentForm::Oral,
        registry::consent::ConsentForm::Electronic => ConsentForm::Online,
    });
    Ok(())
}

/// Is there a ground for sharing on it?
fn grounded(tx: &mut Tx<'_>, r: &Referral, client: &Client, today: Day) -> Result<()> {
    let mut no = Refusals::none();
    match r.basis {
        None => no.push(Refusal::at("basis", "referrals.consent_missing")),
        Some(Basis::Statute) => {
            no.require(r.clause.is_some(), "clause", "referrals.clause_missing");
        }
        Some(basis) => {
            let by = tx.open_some(
                client.id.as_str(),
                "referral.consent_by",
                r.id.as_str(),
                r.consent_by.as_ref(),
            )?;
            no.require(!by.is_empty(), "consent_by", "register.missing");
            no.require(r.consent_on.is_some(), "consent_on", "register.missing");
            no.require(r.consent_form.is_some(), "consent_form", "register.missing");
            let child = client.birth.is_some_and(|b| b.years_until(today) < 14);
            no.require(basis == Basis::Guardian || !child, "basis", "referrals.guardian_needed");
        }
    }
    no.done()?;
    Ok(())
}

/// Gathers what is ticked, and nothing else.
fn pack(
    tx: &mut Tx<'_>,
    r: &Referral,
    client: &Client,
    day: Day,
    answer_by: Day,
) -> Result<Packet> {
    let owner = client.id.as_str();
    let shares = r.shares();
    let on = |share| shares.contains(&share);
    let site = registry::site::find(tx, &r.site)?;
    let worker = registry::people::find(tx, &r.worker)?;
    let reason = tx.open(owner, "referral.reason", r.id.as_str(), &r.reason)?;
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    let phone = match on(Share::Phone) {
        true => some(tx.open_some(owner, "client.phone", owner, client.phone.as_ref())?),
        false => None,
    };
    let address = if on(Share::Address) { some(address(tx, client)?) } else { None };
    let summary = match on(Share::Summary) {
        true => some(tx.open_some(owner, "referral.summary", r.id.as_str(), r.summary.as_ref())?),
        false => None,
    };
    let categories = match on(Share::Categories) {
        true => some(tx.open_some(
            owner,
            "referral.categories",
            r.id.as_str(),
            r.categories.as_ref(),
        )?),
        false => None,
    };
    Ok(Packet {
        number: r.number,
        field: r.field.as_str().to_owned(),
        urgency: r.urgency.as_str().to_owned(),
        reason,
        from: site.as_ref().map_or_else(String::new, |s| s.name.clone()),
        from_phone: site.and_then(|s| s.phone),
        worker: worker.map_or_else(String::new, |p| p.name),
        sent: day.to_string(),
        answer_by: answer_by.to_string(),
        name: on(Share::Name).then(|| client.name.clone()),
        sex: client.sex.filter(|_| on(Share::SexAge)).map(|s| s.as_str().to_owned()),
        age: client
            .birth
            .filter(|_| on(Share::SexAge))
            .map(|b| age_band(b.years_until(day)).to_owned()),
        phone,
        address,
        categories,
        summary,
        basis: r.basis.map_or_else(String::new, |b| b.as_str().to_owned()),
        clause: r.clause.clone(),
        consent_on: r.consent_on.map(|d| d.to_string()),
        enclosed: super::enclose::pack(tx, r)?,
    })
}

/// Where the client lives, as one walks there.
fn address(tx: &mut Tx<'_>, client: &Client) -> Result<String> {
    let mut out = registry::region::name_of(tx, &client.region)?;
    let Some(id) = &client.household else { return Ok(out) };
    if let Some(home) = registry::client::household(tx, id)? {
        out.push_str(home.building.as_deref().unwrap_or_default());
        out.push_str(&tx.open_some(
            id.as_str(),
            "household.door",
            id.as_str(),
            home.door.as_ref(),
        )?);
    }
    Ok(out)
}
