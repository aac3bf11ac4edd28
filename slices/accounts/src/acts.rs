//! Verbs: what compares and makes passwords (slow by intent, outside any transaction), then the floor's acts.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use access::acts::{NewAccount, SignedIn};
use access::{Account, Cx, password};
use db::Result as DbResult;
use kernel::{AccountId, Refusal, Refusals};
use web::{Error, Req, Shell};

use crate::model;

/// How many may wait for a password comparison; who comes later is asked to come back.
const MOST_WAITING: usize = 64;
/// A longer text is nobody's login name.
const LONGEST_LOGIN: usize = 40;
/// A longer text is nobody's password.
const LONGEST_PASSWORD: usize = 128;

/// How many wait now.
#[derive(Default)]
struct Queue(AtomicUsize);
struct Place(Arc<Queue>);
impl Place {
    fn take(queue: Arc<Queue>) -> Result<Self, Error> {
        let place = Self(queue);
        let before = place.0.0.fetch_add(1, Ordering::SeqCst);
        if before < MOST_WAITING { Ok(place) } else { Err(Error::Busy) }
    }
}
impl Drop for Place {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Runs something slow on a thread of its own, few at a time.
async fn slow<T: Send + 'static>(
    shell: &Shell,
    f: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let _place = Place::take(shell.parts.get::<Queue>())?;
    let permit =
        shell.hashing.clone().acquire_owned().await.map_err(|e| Error::Broken(e.to_string()))?;
    let work = move || {
        let _permit = permit;
        f()
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Broken(e.to_string()))
}

/// Hashes a password.
///
/// # Errors
/// [`Error::Busy`] when too many wait.
pub async fn hashed(shell: &Shell, text: String) -> Result<String, Error> {
    let salt = shell.ids.secret();
    slow(shell, move || password::hash(&text, &salt)).await?.map_err(Error::Broken)
}

/// Signs in; a "no" is the inner `Err`. An unknown login costs the same time and gets the same answer as a wrong password.
///
/// # Errors
/// [`Error::Busy`], or the engine's fault.
pub async fn sign_in(
    req: &Req,
    login: &str,
    text: &str,
    code: &str,
) -> Result<Result<SignedIn, Refusals>, Error> {
    let shell = req.shell.clone();
    let login: String = access::acts::login_key(login).chars().take(LONGEST_LOGIN).collect();
    let (key, now) = (login.clone(), req.now);
    let found = shell.db.ask(move |tx| {
        access::acts::open_for_tries(tx, &key, now)?;
        Ok(access::account_by_login(tx, &key)?.map_or_else(String::new, |a| a.hash))
    });
    let hash = match found.await {
        Err(db::Error::Refused(no)) => return Ok(Err(no)),
        other => other?,
    };
    let short = text.chars().count() <= LONGEST_PASSWORD;
    let text = if short { text.to_owned() } else { String::new() };
    let right = slow(&shell, move || password::matches(&text, &hash)).await? && short;
    let cx = Cx { request: req.request_id.clone(), ..Cx::system(now, shell.ids.clone()) };
    let (agent, earlier) = (req.agent.clone(), req.session().cloned());
    let code = code.trim().to_owned();
    let done = shell
        .db
        .act(move |tx| {
            let signed = access::acts::sign_in(tx, &cx, &login, right, &code, &agent)?;
            // The browser's earlier session does not outlive a fresh sign-in.
            if let (Ok(_), Some(earlier)) = (&signed, earlier) {
                access::acts::end_replaced(tx, &earlier.id)?;
            }
            Ok(signed)
        })
        .await?;
    Ok(done.map_err(Refusals::from))
}

/// Changes one's own password; only from a browser, which gets a fresh session.
///
/// # Errors
/// Refusals at `current_password`, `password`, `password_again`.
pub async fn change_password(
    req: &Req,
    current: &str,
    fresh: &str,
    again: &str,
) -> Result<SignedIn, Error> {
    in_browser(req)?;
    let (login, now) = (req.cx()?.actor.login().to_owned(), req.now);
    let mut no = Refusals::none();
    if let Err(r) = password::check(fresh, &login) {
        no.push(r);
    }
    no.require(fresh == again, "password_again", "accounts.password_differs");
    no.require(fresh != current, "password", "accounts.password_same");
    no.require(
        current.chars().count() <= LONGEST_PASSWORD,
        "current_password",
        "accounts.password_wrong",
    );
    no.done()?;
    let hash = req
        .ask(move |tx, cx| {
            access::acts::open_for_tries(tx, &login, now)?;
            Ok(access::find_account(tx, cx.actor.account())?.ok_or(db::Error::Missing)?.hash)
        })
        .await?;
    let text = current.to_owned();
    if !slow(&req.shell, move || password::matches(&text, &hash)).await? {
        req.act(|tx, cx| access::acts::failed_try(tx, cx, cx.actor.login())).await?;
        return Err(Refusal::at("current_password", "accounts.password_wrong").into());
    }
    let hash = hashed(&req.shell, fresh.to_owned()).await?;
    let agent = req.agent.clone();
    req.act(move |tx, cx| access::acts::change_password(tx, cx, hash, &agent)).await
}

/// Goes on only for a browser's session: a token makes no tokens, cookies or passwords.
///
/// # Errors
/// A refusal `access.denied`.
pub fn in_browser(req: &Req) -> Result<(), Error> {
    if req.session().is_some() { Ok(()) } else { Err(Refusal::new("access.denied").into()) }
}

/// Opens an account with a one-time password, answered once.
///
/// # Errors
/// Refusals at `login` and `name`.
pub async fn open(req: &Req, login: &str, name: &str) -> Result<(Account, String), Error> {
    req.cx()?.may("accounts.manage")?;
    let one_time = model::one_time_password(req.shell.ids.secret());
    let hash = hashed(&req.shell, one_time.clone()).await?;
    let new = NewAccount {
        login: login.into(),
        name: name.into(),
        person: None,
        hash,
        must_change: true,
    };
    let account = req.act(move |tx, cx| access::acts::open_account(tx, cx, new)).await?;
    Ok((account, one_time))
}

/// Gives an account a new one-time password, answered once.
///
/// # Errors
/// [`db::Error::Missing`] for an unknown account; a refusal for one's own.
pub async fn reset(req: &Req, id: AccountId) -> Result<(Account, String), Error> {
    req.cx()?.may("accounts.manage")?;
    let one_time = model::one_time_password(req.shell.ids.secret());
    let hash = hashed(&req.shell, one_time.clone()).await?;
    let account = req
        .act(move |tx, cx| -> DbResult<Account> {
            access::acts::reset_password(tx, cx, &id, hash)?;
            access::find_account(tx, &id)?.ok_or(db::Error::Missing)
        })
        .await?;
    Ok((account, one_time))
}
