//! What is done with accounts: sign in and out, change passwords, wear another hat, grant and revoke, mint tokens.
//!
//! Password hashing is slow by intent, so callers hash and compare outside the transaction and hand the outcome in.
use db::{Event, Result, Stamp, Tx};
use kernel::{
    AccountId, Day, GrantId, Instant, PersonId, RecordId, Refusal, RegionId, SessionId, SiteId,
};
use serde_json::json;

use crate::account::{Account, AccountStatus, Grant, Role};
use crate::session::{AccessToken, MOST_SESSIONS, Session, token_hash, token_text};
use crate::{Actor, Cx, store};

fn event(subject: &'static str, id: &str, verb: &'static str) -> Event {
    Event { subject, id: id.to_owned(), verb, unit: None, before: None, after: None }
}

/// A login name as it is kept: trimmed, lower case.
pub fn login_key(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Is this login name closed for a while, after failed tries? Asked before the slow comparison.
///
/// # Errors
/// A refusal `access.wait` with the seconds left.
pub fn open_for_tries(tx: &mut Tx<'_>, login: &str, now: Instant) -> Result<()> {
    let (_, closed_until) = store::attempt(tx, &login_key(login))?;
    if closed_until > now {
        let seconds = (closed_until.0 - now.0 + 999) / 1000;
        return Err(Refusal::new("access.wait").with("n", seconds).into());
    }
    Ok(())
}

/// What a successful sign-in hands to the browser: shown once, kept only as hashes.
pub struct SignedIn {
    pub session: Session,
    /// The cookie's value.
    pub token: String,
    pub must_change: bool,
}

/// Signs in after the password was compared; whoever has a second factor gives its code as well. A wrong password closes the login name for 1, 3, 5, 10 seconds, and 15 minutes from the fifth on.
/// The answer is the outcome so that the failed try itself is kept.
///
/// # Errors
/// The engine's fault only; a "no" is the inner `Err`.
pub fn sign_in(
    tx: &mut Tx<'_>,
    cx: &Cx,
    login: &str,
    right: bool,
    code: &str,
    agent: &str,
) -> Result<std::result::Result<SignedIn, Refusal>> {
    let key = login_key(login);
    // Asked again here: many tries sent at once would all have found the name open before the first of them failed.
    if let Err(db::Error::Refused(no)) = open_for_tries(tx, &key, cx.now) {
        return Ok(Err(no.0.into_iter().next().unwrap_or(Refusal::new("access.wrong"))));
    }
    let account =
        store::account_by_login(tx, &key)?.filter(|a| right && a.status == AccountStatus::Active);
    let Some(account) = account else {
        failed_try(tx, cx, &key)?;
        return Ok(Err(Refusal::new("access.wrong")));
    };
    store::forget_attempt(tx, &key)?;
    let second = crate::factor::enrolled(tx, &account.id)?;
    if second {
        if code.is_empty() {
            return Ok(Err(Refusal::at("code", "access.code_needed")));
        }
        if let Err(no) = crate::factor::take(tx, cx, &account.id, &key, code, true)? {
            return Ok(Err(no));
        }
    }
    let Some(grant) = store::live_grants(tx, &account.id, cx.today())?.into_iter().next() else {
        return Ok(Err(Refusal::new("access.no_role")));
    };
    for old in store::sessions_of(tx, &account.id)?.iter().skip(MOST_SESSIONS - 1) {
        store::end_session(tx, &old.id)?;
    }
    let signed = open_session(tx, cx, &account, &grant.id, agent, cx.now)?;
    if second {
        store::step_session(tx, &signed.session.id, cx.now)?;
    }
    let stamp =
        Stamp { account: account.id.0.clone(), role: grant.role.as_str().into(), ..cx.stamp() };
    tx.record(&stamp, event("session", signed.session.id.as_str(), "signed_in"))?;
    Ok(Ok(signed))
}

/// Notes a wrong password for a login name, known or not, and closes the name for a while.
///
/// # Errors
/// The engine's fault.
pub fn failed_try(tx: &mut Tx<'_>, cx: &Cx, login: &str) -> Result<()> {
    let key = login_key(login);
    let fails = store::attempt(tx, &key)?.0 + 1;
    let pause = match fails {
        1 => 1,
        2 => 3,
        3 => 5,
        4 => 10,
        _ => 15 * 60,
    };
    store::keep_attempt(tx, &key, fails, cx.now.plus_millis(pause * 1000))?;
    tx.record(&cx.stamp(), event("attempt", &key, "refused"))
}

fn open_session(
    tx: &mut Tx<'_>,
    cx: &Cx,
    account: &Account,
    grant: &GrantId,
    agent: &str,
    opened_at: Instant,
) -> Result<SignedIn> {
    let token = token_text(cx.ids.secret());
    let session = Session {
        id: cx.id(),
        token: token_hash(&token),
        account: account.id.clone(),
        role_grant: grant.clone(),
        csrf: token_text(cx.ids.secret()),
        epoch: account.epoch,
        agent: agent.chars().take(200).collect(),
        opened_at,
        seen_at: cx.now,
        stepped_at: None,
    };
    tx.insert(&session)?;
    Ok(SignedIn { session, token, must_change: account.must_change })
}

/// Who a cookie's token stands for, if the session, the account and the hat are all live.
///
/// # Errors
/// The engine's fault.
pub fn recognise(
    tx: &mut Tx<'_>,
    token: &str,
    now: Instant,
) -> Result<Option<(Session, Actor, Account)>> {
    let Some(session) =
        store::session_by_token(tx, &token_hash(token))?.filter(|s| s.lives_at(now))
    else {
        return Ok(None);
    };
    let Some(account) = store::account(tx, &session.account)?.filter(|a| a.epoch == session.epoch)
    else {
        return Ok(None);
    };
    let Some(grant) = store::find_grant(tx, &session.role_grant)? else { return Ok(None) };
    let actor = Actor::load(tx, &account, &grant, true, now.day())?;
    Ok(actor.map(|actor| (session.clone(), actor.stepped(session.stepped_at), account)))
}

/// Who a personal access token stands for, if all behind it is live.
///
/// # Errors
/// The engine's fault.
pub fn recognise_token(tx: &mut Tx<'_>, token: &str, now: Instant) -> Result<Option<Actor>> {
    let Some(kept) = store::token_by_hash(tx, &token_hash(token))?.filter(|t| now.day() < t.until)
    else {
        return Ok(None);
    };
    let Some(account) = store::account(tx, &kept.account)?.filter(|a| a.epoch == kept.epoch) else {
        return Ok(None);
    };
    let Some(grant) = store::find_grant(tx, &kept.role_grant)? else { return Ok(None) };
    Actor::load(tx, &account, &grant, kept.writes, now.day())
}

/// Notes that a session was used; called at most once a minute per session.
///
/// # Errors
/// The engine's fault.
pub fn touch(tx: &mut Tx<'_>, session: &SessionId, now: Instant) -> Result<()> {
    store::touch_session(tx, session, now).map(|_| ())
}

/// Signs one browser out. Only one's own.
///
/// # Errors
/// [`db::Error::Missing`] when it is not the actor's.
pub fn sign_out(tx: &mut Tx<'_>, cx: &Cx, session: &SessionId) -> Result<()> {
    if !store::sessions_of(tx, cx.actor.account())?.iter().any(|s| s.id == *session) {
        return Err(db::Error::Missing);
    }
    store::end_session(tx, session)?;
    tx.record(&cx.stamp(), event("session", session.as_str(), "signed_out"))
}

/// Ends a browser's session that a fresh sign-in has taken the place of.
///
/// # Errors
/// The engine's fault.
pub fn end_replaced(tx: &mut Tx<'_>, session: &SessionId) -> Result<()> {
    store::end_session(tx, session).map(drop)
}

/// Ends every session and token of one's own account.
///
/// # Errors
/// The engine's fault.
pub fn sign_out_everywhere(tx: &mut Tx<'_>, cx: &Cx) -> Result<()> {
    let account = store::account(tx, cx.actor.account())?.ok_or(db::Error::Missing)?;
    end_all(tx, &account)?;
    tx.record(&cx.stamp(), event("account", account.id.as_str(), "signed_out_everywhere"))
}

fn end_all(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    store::end_sessions(tx, &account.id)?;
    store::end_tokens(tx, &account.id)?;
    tx.update(&Account { epoch: account.epoch + 1, ..account.clone() })?;
    Ok(())
}

/// Changes one's own password (already hashed), ends every other session, and opens a fresh one for this browser.
///
/// # Errors
/// The engine's fault.
pub fn change_password(tx: &mut Tx<'_>, cx: &Cx, hash: String, agent: &str) -> Result<SignedIn> {
    let account = store::account(tx, cx.actor.account())?.ok_or(db::Error::Missing)?;
    let changed = Account { hash, must_change: false, ..account };
    end_all(tx, &changed)?;
    tx.record(&cx.stamp(), event("account", changed.id.as_str(), "password_changed"))?;
    let fresh = store::account(tx, &changed.id)?.ok_or(db::Error::Missing)?;
    open_session(tx, cx, &fresh, cx.actor.grant(), agent, cx.now)
}

/// Puts on another of one's own hats: a fresh session with the same absolute end.
///
/// # Errors
/// [`db::Error::Missing`] when the grant is not a live one of the actor's.
pub fn wear(tx: &mut Tx<'_>, cx: &Cx, session: &Session, grant: &GrantId) -> Result<SignedIn> {
    let account = store::account(tx, cx.actor.account())?.ok_or(db::Error::Missing)?;
    if !store::live_grants(tx, &account.id, cx.today())?.iter().any(|g| g.id == *grant) {
        return Err(db::Error::Missing);
    }
    store::end_session(tx, &session.id)?;
    let signed = open_session(tx, cx, &account, grant, &session.agent, session.opened_at)?;
    tx.record(&cx.stamp(), event("session", signed.session.id.as_str(), "hat_changed"))?;
    Ok(signed)
}

/// What an administrator fills in for a new account.
pub struct NewAccount {
    pub login: String,
    pub name: String,
    pub person: Option<PersonId>,
    /// Hash of the one-time password that the administrator hands over in person.
    pub hash: String,
    pub must_change: bool,
}

/// Opens an account.
///
/// # Errors
/// Refusals at `login` and `name`.
pub fn open_account(tx: &mut Tx<'_>, cx: &Cx, new: NewAccount) -> Result<Account> {
    cx.may("accounts.manage")?;
    let login = login_key(&new.login);
    let mut no = kernel::Refusals::none();
    let shape = |c: char| c.is_alphanumeric() || "._-".contains(c);
    no.require(
        (2..=40).contains(&login.chars().count()) && login.chars().all(shape),
        "login",
        "access.login_shape",
    );
    no.require(!new.name.trim().is_empty(), "name", "access.name_missing");
    if store::account_by_login(tx, &login)?.is_some() {
        no.push(Refusal::at("login", "access.login_taken"));
    }
    no.done()?;
    let account = Account {
        id: cx.id(),
        login,
        name: new.name.trim().to_owned(),
        person: new.person,
        status: AccountStatus::Active,
        hash: new.hash,
        must_change: new.must_change,
        epoch: 1,
        at: cx.now,
    };
    tx.insert(&account)?;
    let after = Some(serde_json::to_value(account.without_hash())?);
    tx.record(&cx.stamp(), Event { after, ..event("account", account.id.as_str(), "opened") })?;
    Ok(account)
}

/// Suspends or reinstates an account; suspending ends its sessions and tokens.
///
/// # Errors
/// A refusal when it is one's own.
pub fn set_status(tx: &mut Tx<'_>, cx: &Cx, id: &AccountId, status: AccountStatus) -> Result<()> {
    cx.may("accounts.manage")?;
    if id == cx.actor.account() {
        return Err(Refusal::new("access.not_oneself").into());
    }
    let account = store::account(tx, id)?.ok_or(db::Error::Missing)?;
    end_all(tx, &Account { status, ..account.clone() })?;
    let verb = if status == AccountStatus::Active { "reinstated" } else { "suspended" };
    tx.record(&cx.stamp(), event("account", id.as_str(), verb))
}

/// Sets a one-time password (already hashed) for somebody who lost theirs; ends their sessions.
///
/// # Errors
/// [`db::Error::Missing`] for an unknown account.
pub fn reset_password(tx: &mut Tx<'_>, cx: &Cx, id: &AccountId, hash: String) -> Result<()> {
    cx.may("accounts.manage")?;
    let account = store::account(tx, id)?.ok_or(db::Error::Missing)?;
    end_all(tx, &Account { hash, must_change: true, ..account })?;
    tx.record(&cx.stamp(), event("account", id.as_str(), "password_reset"))
}

/// What is granted to whom.
pub struct NewGrant {
    pub account: AccountId,
    pub role: Role,
    pub region: RegionId,
    pub site: Option<SiteId>,
    pub since: Day,
    pub until: Option<Day>,
}

/// Grants a role. The first security administrator may be named by a system administrator; after that only security administrators grant.
///
/// # Errors
/// Refusals: denied; dates out of order; a second administrator role for one person; one's own account.
pub fn grant(tx: &mut Tx<'_>, cx: &Cx, new: NewGrant) -> Result<Grant> {
    may_grant(tx, cx)?;
    let mut no = kernel::Refusals::none();
    if new.until.is_some_and(|u| u <= new.since) {
        no.push(Refusal::at("until", "access.dates_order"));
    }
    if cx.actor.role().is_some() && new.account == *cx.actor.account() {
        no.push(Refusal::new("access.not_oneself"));
    }
    let held = store::live_grants(tx, &new.account, new.since.max(cx.today()))?;
    if new.role.administers() && held.iter().any(|g| g.role.administers() && g.role != new.role) {
        no.push(Refusal::at("role", "access.two_administrators"));
    }
    if held.iter().any(|g| g.role == new.role && g.region == new.region && g.site == new.site) {
        no.push(Refusal::at("role", "access.already_granted"));
    }
    if registry::region::find(tx, &new.region)?.is_none() {
        no.push(Refusal::at("region", "access.region_unknown"));
    }
    no.done()?;
    let NewGrant { account, role, region, site, since, until } = new;
    store::account(tx, &account)?.ok_or(db::Error::Missing)?;
    let grant = Grant { id: cx.id(), account, role, region, site, since, until };
    tx.insert(&grant)?;
    let after = Some(serde_json::to_value(&grant)?);
    tx.record(&cx.stamp(), Event { after, ..event("role_grant", grant.id.as_str(), "granted") })?;
    Ok(grant)
}

/// May the actor grant roles now?
///
/// # Errors
/// A refusal `access.denied`.
pub fn may_grant(tx: &mut Tx<'_>, cx: &Cx) -> Result<()> {
    let first = cx.actor.can("accounts.manage")
        && store::holders(tx, Role::SecurityAdmin.as_str(), cx.today())? == 0;
    if first { Ok(()) } else { cx.may("grants.manage") }
}

/// Ends a grant on a day (the first day without it); today ends it at once.
///
/// # Errors
/// A refusal when the day lies before its beginning.
pub fn revoke(tx: &mut Tx<'_>, cx: &Cx, id: &GrantId, until: Day) -> Result<()> {
    may_grant(tx, cx)?;
    let before = store::find_grant(tx, id)?.ok_or(db::Error::Missing)?;
    if until < before.since {
        return Err(Refusal::at("until", "access.dates_order").into());
    }
    let after = Grant { until: Some(until), ..before.clone() };
    tx.update(&after)?;
    let (before, after) = (Some(json!(before)), Some(json!(after)));
    tx.record(&cx.stamp(), Event { before, after, ..event("role_grant", id.as_str(), "revoked") })
}

/// Mints a personal access token for the hat worn now; answers the text to copy, which is shown once.
///
/// # Errors
/// Refusals at `name` and `until` (at most a year ahead).
pub fn mint_token(
    tx: &mut Tx<'_>,
    cx: &Cx,
    name: &str,
    writes: bool,
    until: Day,
) -> Result<(AccessToken, String)> {
    cx.may("home")?;
    let mut no = kernel::Refusals::none();
    no.require(!name.trim().is_empty(), "name", "access.name_missing");
    no.require(
        until > cx.today() && until <= cx.today().plus_years(1),
        "until",
        "access.token_year",
    );
    no.done()?;
    let account = store::account(tx, cx.actor.account())?.ok_or(db::Error::Missing)?;
    let text = format!("wushe_{}", token_text(cx.ids.secret()));
    let token = AccessToken {
        id: cx.id(),
        token: token_hash(&text),
        account: account.id,
        role_grant: cx.actor.grant().clone(),
        name: name.trim().chars().take(80).collect(),
        writes,
        epoch: account.epoch,
        opened_at: cx.now,
        until,
    };
    tx.insert(&token)?;
    tx.record(&cx.stamp(), event("access_token", token.id.as_str(), "minted"))?;
    Ok((token, text))
}

/// Ends one of one's own tokens.
///
/// # Errors
/// [`db::Error::Missing`] when it is not the actor's.
pub fn end_token(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId) -> Result<()> {
    if !store::tokens_of(tx, cx.actor.account())?.iter().any(|t| t.id == *id) {
        return Err(db::Error::Missing);
    }
    tx.delete::<AccessToken>(&db::Cell::to_value(id))?;
    tx.record(&cx.stamp(), event("access_token", id.as_str(), "ended"))
}
