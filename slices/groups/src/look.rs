//! How much of a group somebody sees.
//!
//! | ground | sees |
//! |---|---|
//! | `groups.read` and scope | the list: name, kind, phase, counts and rates |
//! | leads the group now (a live worker of it) | plan, sessions, narrative, and the names of its members as long as the group runs; writes |
//! | `groups.approve` in scope (head, deputy) | plan, sessions, narrative; writes; a member's name as far as `access::care` shows the client |
//! | `cases.supervise` in scope (supervisor) | plan, sessions, narrative, members by number; reads only |
//!
//! Being together in a group opens no file: a note about one member is read by the workers of the group and by whoever may read that
//! client's file, and the link to the client's page stands only for those whom `access::care` shows the client. 回避 wins over all of it:
//! who stands on a member's list sees a number and no note. After the group is closed, its workers see names as `access::care` says.
use access::{Cx, care};
use db::{Result, Tx};
use kernel::{GroupId, Refusal};
use registry::client::Client;

use crate::model::{Group, Member, Phase, PhaseBegun};
use crate::store;

/// What a viewer sees of one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Plan, sessions, narrative, members.
    pub content: bool,
    /// May change it.
    pub writes: bool,
    /// Leads it and it runs: members' names come with it.
    pub leads: bool,
    /// Members only by number.
    pub numbers: bool,
    pub phase: Phase,
}

impl Look {
    /// Goes on only when the content may be read.
    ///
    /// # Errors
    /// [`db::Error::Missing`]: forbidden looks like absent.
    pub fn content(self) -> Result<Self> {
        if self.content { Ok(self) } else { Err(db::Error::Missing) }
    }
    /// Goes on only when the group may be changed.
    ///
    /// # Errors
    /// As [`Look::content`]; a refusal `access.denied`; a refusal `groups.closed` after the end.
    pub fn writes(self) -> Result<Self> {
        self.content()?;
        if !self.writes {
            return Err(Refusal::new("access.denied").into());
        }
        if self.phase == Phase::Closed {
            return Err(Refusal::new("groups.closed").into());
        }
        Ok(self)
    }
}

/// The phase a group is in.
pub fn phase_of(begun: &[PhaseBegun]) -> Phase {
    begun.iter().map(|p| p.phase).max().unwrap_or(Phase::Preparing)
}

/// A group in scope, and how much of it the viewer sees.
///
/// # Errors
/// [`db::Error::Missing`] when there is none in scope.
pub fn find(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId) -> Result<(Group, Look)> {
    cx.may("groups.read")?;
    let group = store::group(tx, cx, id)?.ok_or(db::Error::Missing)?;
    let look = of(tx, cx, &group)?;
    Ok((group, look))
}

/// How much of a group in scope the viewer sees.
///
/// # Errors
/// The engine's fault.
pub fn of(tx: &mut Tx<'_>, cx: &Cx, group: &Group) -> Result<Look> {
    let phase = phase_of(&store::phases(tx, &group.id)?);
    let system = cx.actor.role().is_none();
    let mine = match cx.actor.person() {
        Some(person) => store::leads(tx, &group.id, person, cx.today())?,
        None => system,
    };
    let over = cx.actor.can("groups.approve");
    let guides = cx.actor.can("cases.supervise") && !over;
    Ok(Look {
        content: mine || over || guides,
        writes: (mine || over) && cx.actor.can("groups.write"),
        leads: system || mine && phase != Phase::Closed,
        numbers: guides && !mine,
        phase,
    })
}

/// A member as this viewer sees them.
#[derive(Clone, Debug)]
pub struct Seen {
    pub label: String,
    /// The client's page, when the viewer may see the client.
    pub href: String,
    /// What is written about this member alone may be read.
    pub notes: bool,
    /// The client, when the viewer may see them.
    pub client: Option<Client>,
}

/// How a member is called before this viewer.
///
/// # Errors
/// The engine's fault.
pub fn member(tx: &mut Tx<'_>, cx: &Cx, look: Look, m: &Member) -> Result<Seen> {
    let hidden = || Seen { label: m.pseudonym(), href: String::new(), notes: false, client: None };
    let name = |tx: &mut Tx<'_>| tx.open(m.owner(), "group_member.name", m.id.as_str(), &m.name);
    let Some(client) = &m.client else {
        let seen = !look.numbers;
        let label = if seen { name(tx)? } else { m.pseudonym() };
        return Ok(Seen { label, notes: seen, ..hidden() });
    };
    match care::find(tx, cx, client) {
        Ok((client, sight)) => Ok(Seen {
            label: if look.numbers { m.pseudonym() } else { sight.label(&client) },
            href: format!("/clients/{}", client.id),
            notes: sight.file || look.leads,
            client: Some(client),
        }),
        Err(db::Error::Missing) if look.leads => {
            let avoided = match cx.actor.person() {
                Some(person) => store::avoids(tx, client, person)?,
                None => false,
            };
            if avoided {
                Ok(hidden())
            } else {
                Ok(Seen { label: name(tx)?, notes: true, ..hidden() })
            }
        }
        Err(db::Error::Missing) => Ok(hidden()),
        Err(e) => Err(e),
    }
}
