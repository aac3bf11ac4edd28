//! What somebody typed and has not sent: kept on the server too, so that it survives a crash, a time-out and a change of device.
//!
//! One draft per account and form, sealed for the account. It is scratch paper: no event, no history, gone after thirty days or when
//! the form was accepted. A second device that has not seen the latest version is told so and changes nothing.
use db::{Error, Result, Sealed, Tx, record};
use kernel::{AccountId, Instant, Refusal};

use crate::Cx;
use crate::store::draft as store;

record! {
    /// A draft of one account for one form.
    pub struct Draft in "draft" {
        id: String,
        account: AccountId,
        /// The form's address.
        form: String,
        /// The fields, sealed; for the account.
        body: Sealed,
        /// Counts up with every keeping.
        version: i64,
        /// Which browser kept it last: a word the browser chose.
        device: String,
        at: Instant,
        /// What its page was called, sealed as the body is.
        title: Option<Sealed>,
    }
}

/// What a browser hands over to be kept.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub text: String,
    /// What the page is called.
    pub title: String,
    /// A word by which the browser knows itself again.
    pub device: String,
    /// The version this device has last seen; `None` when it saw none.
    pub seen: Option<i64>,
}

/// A draft as it is found again: what its page was called and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub title: String,
    pub href: String,
    pub at: Instant,
}

/// The longest address, the most characters of a draft, the most drafts of one account.
const LONGEST_FORM: usize = 400;
const LONGEST_TITLE: usize = 120;
const MOST_TEXT: usize = 200_000;
const MOST_DRAFTS: i64 = 200;
const KEPT_MILLIS: i64 = 30 * 86_400_000;

fn owner(cx: &Cx) -> String {
    format!("draft:{}", cx.actor.account())
}

/// The draft of a form with its text.
///
/// # Errors
/// The engine's fault.
pub fn find(tx: &mut Tx<'_>, cx: &Cx, form: &str) -> Result<Option<(Draft, String)>> {
    let Some(draft) = store::of(tx, cx.actor.account(), form)? else { return Ok(None) };
    let text = tx.open(&owner(cx), "draft.body", &draft.id, &draft.body)?;
    Ok(Some((draft, text)))
}

/// The drafts of the account, the latest first.
///
/// # Errors
/// The engine's fault.
pub fn mine(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Left>> {
    let mut out = Vec::new();
    for d in store::all(tx, cx.actor.account())? {
        // The address of a form is its page's, and which form of the page it is.
        let href = d.form.split('#').next().unwrap_or_default().to_owned();
        let title = tx.open_some(&owner(cx), "draft.title", &d.id, d.title.as_ref())?;
        let title = if title.is_empty() { href.clone() } else { title };
        out.push(Left { title, href, at: d.at });
    }
    Ok(out)
}

/// Keeps a draft.
///
/// # Errors
/// [`Error::Stale`] when another device kept one since; a refusal `access.draft_too_long`.
pub fn keep(tx: &mut Tx<'_>, cx: &Cx, form: &str, typed: &Typed) -> Result<Draft> {
    let Typed { text, title, device, seen } = typed;
    if form.len() > LONGEST_FORM || text.len() > MOST_TEXT || device.len() > 80 {
        return Err(Refusal::new("access.draft_too_long").into());
    }
    let account = cx.actor.account().clone();
    let before = store::of(tx, &account, form)?;
    if let Some(b) = &before
        && b.device != *device
        && *seen != Some(b.version)
    {
        return Err(Error::Stale);
    }
    let id = before.as_ref().map_or_else(|| cx.id(), |b| b.id.clone());
    let title: String = title.chars().take(LONGEST_TITLE).collect();
    let draft = Draft {
        title: Some(tx.seal(&owner(cx), "draft.title", &id, &title)?),
        body: tx.seal(&owner(cx), "draft.body", &id, text)?,
        id,
        account,
        form: form.to_owned(),
        version: before.as_ref().map_or(1, |b| b.version + 1),
        device: device.clone(),
        at: cx.now,
    };
    if before.is_some() {
        tx.update(&draft)?;
    } else {
        store::forget_old(tx, cx.now.plus_millis(-KEPT_MILLIS))?;
        if store::count(tx, &draft.account)? >= MOST_DRAFTS {
            store::forget_oldest(tx, &draft.account)?;
        }
        tx.insert(&draft)?;
    }
    Ok(draft)
}

/// Forgets a draft: the form was accepted, or the person does not want it any more.
///
/// # Errors
/// The engine's fault.
pub fn forget(tx: &mut Tx<'_>, cx: &Cx, form: &str) -> Result<()> {
    store::forget(tx, cx.actor.account(), form).map(drop)
}
