//! Messages to people: what happened that concerns them, with the place to go. Nothing sensitive stands in one; a client is a pseudonym.
use db::{Event, Result, Tx, record};
use kernel::{AccountId, Instant, NoticeId, PersonId};

use crate::Cx;
use crate::store::notice as store;
pub use crate::store::notice::{of_account, of_account_one as find, unread, waiting};

record! {
    /// A message to one account.
    pub struct Notice in "notice" {
        id: NoticeId,
        account: AccountId,
        /// Locale key of the sentence; its `{places}` come from `args`.
        key: String,
        /// `{"name": "…"}`
        args: serde_json::Value,
        href: String,
        /// Asks for action now: shown in red, and passed on by webhook at once.
        urgent: bool,
        at: Instant,
        read_at: Option<Instant>,
    }
}

/// What to tell.
#[derive(Clone, Debug)]
pub struct Message {
    /// Locale key.
    pub key: &'static str,
    pub args: Vec<(&'static str, String)>,
    pub href: String,
    pub urgent: bool,
}

/// Tells every live account of a person.
///
/// # Errors
/// The engine's fault.
pub fn tell(tx: &mut Tx<'_>, cx: &Cx, person: &PersonId, message: &Message) -> Result<()> {
    for account in store::accounts_of(tx, person)? {
        tell_account(tx, cx, &account, message)?;
    }
    Ok(())
}

/// Tells whoever wears a hat that has this capability over a region path: heads, officers.
///
/// # Errors
/// The engine's fault.
pub fn tell_whoever_can(
    tx: &mut Tx<'_>,
    cx: &Cx,
    capability: &str,
    path: &str,
    message: &Message,
) -> Result<usize> {
    tell_roles(tx, cx, path, message, |role| crate::matrix::allows(role, capability))
}

/// Tells whoever wears a hat of these roles over a region path; answers how many.
///
/// # Errors
/// The engine's fault.
pub fn tell_roles(
    tx: &mut Tx<'_>,
    cx: &Cx,
    path: &str,
    message: &Message,
    wanted: impl Fn(crate::Role) -> bool,
) -> Result<usize> {
    let mut told = Vec::new();
    for (account, role, scope) in store::holders_over(tx, path, cx.today())? {
        let may = crate::Role::parse(&role).is_some_and(&wanted);
        if may && path.starts_with(&scope) && !told.contains(&account) {
            tell_account(tx, cx, &account, message)?;
            told.push(account);
        }
    }
    Ok(told.len())
}

/// Tells one account.
///
/// # Errors
/// The engine's fault.
pub fn tell_account(tx: &mut Tx<'_>, cx: &Cx, account: &AccountId, m: &Message) -> Result<()> {
    let args = m.args.iter().map(|(n, v)| ((*n).to_owned(), serde_json::json!(v)));
    let id: NoticeId = cx.id();
    tx.record(
        &cx.stamp(),
        Event {
            subject: "notice",
            id: id.0.clone(),
            verb: "told",
            unit: None,
            before: None,
            // Whom it was told and the words in its places are not repeated here: webhooks hear this.
            after: Some(serde_json::json!({ "key": m.key, "href": m.href, "urgent": m.urgent })),
        },
    )?;
    tx.insert(&Notice {
        id,
        account: account.clone(),
        key: m.key.to_owned(),
        args: serde_json::Value::Object(args.collect()),
        href: m.href.clone(),
        urgent: m.urgent,
        at: cx.now,
        read_at: None,
    })
}

/// Notes that a step about a record was told; `false` when it had been. What time alone sets off asks this first, so that it is said once.
///
/// # Errors
/// The engine's fault.
pub fn first_time(tx: &mut Tx<'_>, cx: &Cx, about: &str, step: &str) -> Result<bool> {
    store::note_step(tx, about, step, cx.now)
}

/// Notes one's own messages as read: one, or all when none is named.
///
/// # Errors
/// The engine's fault.
pub fn read(tx: &mut Tx<'_>, cx: &Cx, id: Option<&NoticeId>) -> Result<()> {
    store::mark_read(tx, cx.actor.account(), id, cx.now)
}
