//! The second factor: a code from an authenticator app (TOTP, RFC 6238: six digits, thirty seconds, SHA-1 as the apps do it), with ten
//! recovery codes on paper. It is asked again (a *step-up*) before what only a person at the keyboard may do, such as an emergency look.
//!
//! Wrong codes close the door as wrong passwords do; a code serves once. The outcome of a try is an inner `Result`, so that the failed try
//! itself is kept.
use db::{Event, Result, Sealed, Tx, record};
use kernel::{AccountId, Instant, RecordId, Refusal, SessionId};
use totp_rs::{Builder, Secret, Totp};

use crate::Cx;
use crate::acts::{failed_try, open_for_tries};
use crate::session::token_hash;
use crate::store::factor as store;

/// How long a step-up opens what asks for one.
pub const FRESH_MILLIS: i64 = 5 * 60_000;
/// Recovery codes given at enrolment.
const RECOVERY_CODES: usize = 10;
/// Sealed for the account's id, at this place, under the account's id.
const PLACE: &str = "second_factor.secret";

record! {
    /// An account's authenticator. Until confirmed by a first code it opens nothing.
    pub struct SecondFactor in "second_factor" {
        account: AccountId,
        secret: Sealed,
        since: Instant,
        confirmed: bool,
        /// The last thirty-second step a code was taken for.
        last_step: i64,
    }
}

record! {
    /// A recovery code, by hash; serves once.
    pub struct RecoveryCode in "recovery_code" {
        id: RecordId,
        account: AccountId,
        hash: String,
        used_at: Option<Instant>,
    }
}

/// What the authenticator app is shown.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The secret to type in, base32.
    pub secret: String,
    /// `otpauth://…`, for the QR code.
    pub url: String,
}

fn totp(secret: &str, login: &str, issuer: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(secret).map_err(|e| db::Error::Broken(e.to_string()))?;
    Builder::new()
        .with_secret(secret)
        .with_skew(1)
        .with_account_name(login)
        .with_issuer(Some(issuer))
        .build()
        .map_err(|e| db::Error::Broken(e.to_string()))
}

fn said(tx: &mut Tx<'_>, cx: &Cx, verb: &'static str) -> Result<()> {
    let id = cx.actor.account().0.clone();
    let event = Event { subject: "second_factor", id, verb, unit: None, before: None, after: None };
    tx.record(&cx.stamp(), event)
}

/// Does the account have a confirmed second factor?
///
/// # Errors
/// The engine's fault.
pub fn enrolled(tx: &mut Tx<'_>, account: &AccountId) -> Result<bool> {
    Ok(store::of(tx, account)?.is_some_and(|f| f.confirmed))
}

/// Begins: makes a fresh secret, shown until it is confirmed. An unconfirmed one is replaced.
///
/// # Errors
/// A refusal `access.factor_there` when one is confirmed already.
pub fn begin(tx: &mut Tx<'_>, cx: &Cx, brand: &str) -> Result<Enrolment> {
    let account = cx.actor.account().clone();
    let old = store::of(tx, &account)?;
    if old.as_ref().is_some_and(|f| f.confirmed) {
        return Err(Refusal::new("access.factor_there").into());
    }
    let bytes: Vec<u8> = cx.ids.secret().into_iter().take(20).collect();
    let secret = Secret::from(bytes.as_slice()).to_base32();
    let sealed = tx.seal(account.as_str(), PLACE, account.as_str(), &secret)?;
    let fresh =
        SecondFactor { account, secret: sealed, since: cx.now, confirmed: false, last_step: 0 };
    if old.is_some() {
        tx.update(&fresh)?;
    } else {
        tx.insert(&fresh)?;
    }
    let url = address(&secret, cx.actor.login(), brand)?;
    Ok(Enrolment { secret, url })
}

/// The secret that waits for its first code, if one does.
///
/// # Errors
/// The engine's fault.
pub fn pending(tx: &mut Tx<'_>, cx: &Cx, brand: &str) -> Result<Option<Enrolment>> {
    let account = cx.actor.account();
    let Some(factor) = store::of(tx, account)?.filter(|f| !f.confirmed) else { return Ok(None) };
    let secret = tx.open(account.as_str(), PLACE, account.as_str(), &factor.secret)?;
    let url = address(&secret, cx.actor.login(), brand)?;
    Ok(Some(Enrolment { secret, url }))
}

fn address(secret: &str, login: &str, brand: &str) -> Result<String> {
    totp(secret, login, brand)?.to_url().map_err(|e| db::Error::Broken(e.to_string()))
}

/// Confirms with a first code; answers the recovery codes, shown once.
///
/// # Errors
/// The engine's fault; a "no" is the inner `Err`, at `code`.
pub fn confirm(
    tx: &mut Tx<'_>,
    cx: &Cx,
    session: &SessionId,
    code: &str,
) -> Result<std::result::Result<Vec<String>, Refusal>> {
    if enrolled(tx, cx.actor.account())? {
        return Ok(Err(Refusal::new("access.factor_there")));
    }
    let (account, login) = (cx.actor.account(), cx.actor.login());
    if let Err(no) = take(tx, cx, account, login, code, false)? {
        return Ok(Err(no));
    }
    let account = cx.actor.account().clone();
    store::confirm(tx, &account)?;
    store::drop_recovery(tx, &account)?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let text: String = crate::session::token_text(cx.ids.secret())
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(10)
            .collect::<String>()
            .to_lowercase();
        let hash = token_hash(&text);
        tx.insert(&RecoveryCode { id: cx.id(), account: account.clone(), hash, used_at: None })?;
        codes.push(text);
    }
    crate::store::step_session(tx, session, cx.now)?;
    said(tx, cx, "enrolled")?;
    Ok(Ok(codes))
}

/// Gives the second factor again in this browser: opens for [`FRESH_MILLIS`] what asks for it. A recovery code serves, too, once.
///
/// # Errors
/// The engine's fault; a "no" is the inner `Err`, at `code`.
pub fn step_up(
    tx: &mut Tx<'_>,
    cx: &Cx,
    session: &SessionId,
    code: &str,
) -> Result<std::result::Result<(), Refusal>> {
    let (account, login) = (cx.actor.account(), cx.actor.login());
    if let Err(no) = take(tx, cx, account, login, code, true)? {
        return Ok(Err(no));
    }
    crate::store::step_session(tx, session, cx.now)?;
    said(tx, cx, "stepped_up")?;
    Ok(Ok(()))
}

/// Takes the authenticator away, after a fresh step-up.
///
/// # Errors
/// A refusal `access.step_up` without one.
pub fn remove(tx: &mut Tx<'_>, cx: &Cx) -> Result<()> {
    fresh(cx)?;
    let account = cx.actor.account().clone();
    store::drop_recovery(tx, &account)?;
    store::remove(tx, &account)?;
    said(tx, cx, "removed")
}

/// Goes on only when this browser gave the second factor within [`FRESH_MILLIS`].
///
/// # Errors
/// A refusal `access.step_up`.
pub fn fresh(cx: &Cx) -> Result<()> {
    let since = cx.actor.stepped_at().map(|at| cx.now.0 - at.0);
    if since.is_some_and(|ms| (0..FRESH_MILLIS).contains(&ms)) {
        Ok(())
    } else {
        Err(Refusal::new("access.step_up").into())
    }
}

/// The code of a secret at an instant, as an authenticator app would show it: for tests and the demonstration.
///
/// # Errors
/// A secret that is none.
pub fn code_at(secret: &str, now: Instant) -> Result<String> {
    let seconds = u64::try_from(now.0 / 1000).unwrap_or(0);
    Ok(totp(secret, "x", "x")?.generate(seconds).to_string())
}

/// Compares a code of an account and notes that it was used.
pub(crate) fn take(
    tx: &mut Tx<'_>,
    cx: &Cx,
    account: &AccountId,
    login: &str,
    code: &str,
    confirmed: bool,
) -> Result<std::result::Result<(), Refusal>> {
    // A door of its own, so that right passwords with wrong codes do not close the password's.
    let door = format!("code of {login}");
    if let Err(db::Error::Refused(no)) = open_for_tries(tx, &door, cx.now) {
        return Ok(Err(no.0.into_iter().next().unwrap_or(Refusal::new("access.wrong_code"))));
    }
    let Some(factor) = store::of(tx, account)?.filter(|f| f.confirmed == confirmed) else {
        return Ok(Err(Refusal::at("code", "access.no_factor")));
    };
    let code: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    if confirmed && store::use_recovery(tx, account, &token_hash(&code.to_lowercase()), cx.now)? {
        crate::store::forget_attempt(tx, &door)?;
        return Ok(Ok(()));
    }
    let secret = tx.open(account.as_str(), PLACE, account.as_str(), &factor.secret)?;
    let seconds = u64::try_from(cx.now.0 / 1000).unwrap_or(0);
    let step = totp(&secret, login, "x")?.check(&code, seconds);
    let step = step.and_then(|s| i64::try_from(s).ok()).filter(|s| *s > factor.last_step);
    let Some(step) = step else {
        failed_try(tx, cx, &door)?;
        return Ok(Err(Refusal::at("code", "access.wrong_code")));
    };
    tx.update(&SecondFactor { last_step: step, ..factor })?;
    crate::store::forget_attempt(tx, &door)?;
    Ok(Ok(()))
}
