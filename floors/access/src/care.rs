//! Need to know: who sees which resident, and how much of them. Page, API, export, print, search and counts all ask here.
//!
//! A viewer is a [`Lens`], made once per act: capabilities of the hat, scope, whether the background check for work with minors is live.
//! Through it a client is absent, or seen with a [`Sight`]. Deny wins: whoever stands on a client's 回避 list sees nothing.
//!
//! | ground | sees |
//! |---|---|
//! | `clients.assigned` and a live assignment | name and file; under 18 only with a live background check (未成年人保护法 §62) |
//! | a live assignment as supervisor | the file under a pseudonym |
//! | `clients.place` (head, street) within scope | name, contact and header, never the file; nobody restricted |
//! | `clients.lead` (deputy) within scope | the file too, but of minors and restricted only when assigned |
//! | an item about the client that waits for the viewer's word (`appr`) | that item whole, read only, until it is decided; a minor's only with a live check |
//! | a live emergency look (紧急查阅) of this account at this client | name and file, read only |
use db::{Event, Result, Tx, Value, record, words};
use kernel::{AccountId, ClientId, Day, GlassId, Instant, PersonId};
use registry::client::{AssignmentKind, Client, ClientState};
use serde_json::json;

use crate::Cx;
use crate::store::care as store;

/// How much of a client somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Name, contact and address; else a pseudonym.
    pub name: bool,
    /// The narrative: case content, health, family, risk factors (class P3).
    pub file: bool,
    /// May change what is seen. An emergency look and a supervisor's look may not.
    pub writes: bool,
}

impl Sight {
    const HEADER: Self = Self { name: true, file: false, writes: false };
    const FILE: Self = Self { name: true, file: true, writes: true };
    const READ: Self = Self { name: true, file: true, writes: false };
    const PSEUDONYM: Self = Self { name: false, file: true, writes: false };

    /// How the client is called before this viewer.
    pub fn label(self, client: &Client) -> String {
        if self.name { client.name.clone() } else { client.pseudonym() }
    }
    /// Goes on only when the file may be read.
    ///
    /// # Errors
    /// [`db::Error::Missing`]: forbidden looks like absent.
    pub fn file(self) -> Result<()> {
        if self.file { Ok(()) } else { Err(db::Error::Missing) }
    }
    /// Goes on only when the file may be changed.
    ///
    /// # Errors
    /// A refusal `access.denied` when it may only be read, [`db::Error::Missing`] when it may not even be.
    pub fn writes(self) -> Result<()> {
        self.file()?;
        if self.writes { Ok(()) } else { Err(kernel::Refusal::new("access.denied").into()) }
    }
}

words! {
    /// Why a closed file was opened in an emergency.
    pub enum GlassReason {
        /// 生命安全
        Life = "life",
        /// 侵害未成年人
        HarmToMinor = "harm_to_minor",
        /// 家庭暴力
        Violence = "violence",
        /// 经办社工不在岗而事急
        WorkerAbsent = "worker_absent",
        /// 依法查询
        Law = "law",
    }
}

record! {
    /// 紧急查阅: one account looks at one client's file, read only, for an hour; reviewed within seven days.
    pub struct Glass in "glass" {
        id: GlassId,
        client: ClientId,
        account: AccountId,
        reason: GlassReason,
        words: String,
        opened_at: Instant,
        until: Instant,
        reviewed_by: Option<AccountId>,
        reviewed_at: Option<Instant>,
        /// Was it right? `None` until reviewed.
        justified: Option<bool>,
        review: Option<String>,
    }
}

/// A viewer, as far as clients are concerned.
#[derive(Clone, Debug)]
pub struct Lens {
    account: AccountId,
    person: Option<PersonId>,
    /// The program itself sees everything.
    system: bool,
    path: String,
    assigned: bool,
    place: bool,
    lead: bool,
    /// A background check not older than twelve months is on record.
    checked: bool,
    now: Instant,
    today: Day,
}

impl Lens {
    /// The viewer of this act.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn of(tx: &mut Tx<'_>, cx: &Cx) -> Result<Self> {
        let person = cx.actor.person().cloned();
        let checked = match &person {
            Some(p) => store::background_checked(tx, p, cx.today())?,
            None => false,
        };
        Ok(Self {
            account: cx.actor.account().clone(),
            system: cx.actor.role().is_none(),
            path: cx.actor.scope().path.clone(),
            assigned: cx.actor.can("clients.assigned") && person.is_some(),
            place: cx.actor.can("clients.place"),
            lead: cx.actor.can("clients.lead"),
            person,
            checked,
            now: cx.now,
            today: cx.today(),
        })
    }

    /// How much of this client is seen; `None`: as if there were none.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn sight(&self, tx: &mut Tx<'_>, client: &Client) -> Result<Option<Sight>> {
        if self.system {
            return Ok(Some(Sight::FILE));
        }
        if let Some(person) = &self.person
            && store::avoids(tx, &client.id, person)?
        {
            return Ok(None);
        }
        if store::glass_open(tx, &client.id, &self.account, self.now)? {
            return Ok(Some(Sight::READ));
        }
        if !client.path.starts_with(&self.path) {
            return Ok(None);
        }
        let minor = client.minor_on(self.today);
        if self.assigned
            && (!minor || self.checked)
            && let Some(person) = &self.person
        {
            match store::assigned_as(tx, &client.id, person, self.today)? {
                Some(AssignmentKind::Supervisor) => return Ok(Some(Sight::PSEUDONYM)),
                Some(_) => return Ok(Some(Sight::FILE)),
                None => {}
            }
        }
        Ok(match (self.place && !client.restricted, self.lead && !minor) {
            (true, true) => Some(Sight::FILE),
            (true, false) => Some(Sight::HEADER),
            (false, _) => None,
        })
    }

    /// The condition under which an item about a client `c` that waits for whoever has a capability may stand in this viewer's list of what
    /// waits, and its arguments; the first is `$first`. It agrees with [`find_awaiting`]; that somebody else asked is the caller's to say.
    pub fn awaiting(&self, first: usize, decides: bool) -> (String, Vec<Value>) {
        store::awaiting(
            first,
            decides,
            &self.path,
            self.person.as_ref().map_or("", |p| p.as_str()),
            self.today,
            self.checked,
        )
    }

    /// The condition under which a row `c` of `client` may stand in this viewer's lists, and its arguments; the first is `$first`.
    /// Merged files are left out. It agrees with [`Lens::sight`] but for emergency looks, which open one file and no list.
    pub fn condition(&self, first: usize) -> (String, Vec<Value>) {
        store::condition(
            first,
            self.system,
            &self.path,
            self.person.as_ref().map_or("", |p| p.as_str()),
            self.today,
            self.assigned,
            self.place,
            self.checked,
        )
    }
}

/// An item about a client that waits for somebody's word: a slice that keeps such items says who may give it, who asked, and that it is open.
#[derive(Clone, Copy, Debug)]
pub struct Awaiting<'a> {
    /// Who has this may decide.
    pub capability: &'static str,
    pub asked_by: &'a AccountId,
    /// Nobody decided yet.
    pub open: bool,
}

/// The client of an item that awaits the viewer's word, with the sight of that item alone: name and content, read only, until it is decided.
/// The client's own pages, lists and search stay as they are. The caller notes the look with [`viewed`] before it shows anything.
///
/// # Errors
/// [`db::Error::Missing`] when it is decided, or waits for somebody else.
pub fn find_awaiting(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &ClientId,
    item: Awaiting<'_>,
) -> Result<(Client, Sight)> {
    let client = registry::client::find_unguarded(tx, id)?.ok_or(db::Error::Missing)?;
    let lens = Lens::of(tx, cx)?;
    let avoided = match &lens.person {
        Some(person) => store::avoids(tx, id, person)?,
        None => false,
    };
    let decides = item.open
        && cx.actor.can(item.capability)
        && *item.asked_by != lens.account
        && client.path.starts_with(&lens.path)
        && (!client.minor_on(lens.today) || lens.checked)
        && !avoided;
    if decides { Ok((client, Sight::READ)) } else { Err(db::Error::Missing) }
}

/// A client and how much of them the viewer sees. Merged files lead to the one that lives on.
///
/// # Errors
/// [`db::Error::Missing`] when there is none, or none for this viewer.
pub fn find(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId) -> Result<(Client, Sight)> {
    let lens = Lens::of(tx, cx)?;
    let mut client = registry::client::find_unguarded(tx, id)?.ok_or(db::Error::Missing)?;
    if let (ClientState::Merged, Some(into)) = (client.state, client.merged_into.clone()) {
        client = registry::client::find_unguarded(tx, &into)?.ok_or(db::Error::Missing)?;
    }
    let sight = lens.sight(tx, &client)?.ok_or(db::Error::Missing)?;
    Ok((client, sight))
}

/// A client whose file the viewer may read.
///
/// # Errors
/// As [`find`]; [`db::Error::Missing`] when the file is closed to the viewer.
pub fn find_file(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId) -> Result<(Client, Sight)> {
    let (client, sight) = find(tx, cx, id)?;
    sight.file()?;
    Ok((client, sight))
}

/// A client whose file the viewer may change.
///
/// # Errors
/// As [`find`] and [`Sight::writes`].
pub fn find_to_write(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId) -> Result<Client> {
    let (client, sight) = find(tx, cx, id)?;
    sight.writes()?;
    Ok(client)
}

/// Notes in the log that sensitive content was looked at, before its bytes leave: `what` is a word such as `case` or `scale`.
/// Handlers that show class P3 do it inside `req.act`, in the same transaction as the reading.
///
/// # Errors
/// The engine's fault: then nothing is shown.
pub fn viewed(tx: &mut Tx<'_>, cx: &Cx, client: &ClientId, what: &str) -> Result<()> {
    tx.record(
        &cx.stamp(),
        Event {
            subject: "client",
            id: client.0.clone(),
            verb: "viewed",
            unit: None,
            before: None,
            after: Some(json!({ "what": what, "name": cx.actor.name() })),
        },
    )
}
