//! Somebody whose right to act is live at this moment, and what an act gets of the outside world.
use std::sync::Arc;

use db::{Result, Stamp, Tx};
use kernel::{AccountId, Day, GrantId, Ids, Instant, PersonId, Refusal, RegionId, SiteId};

use crate::account::{Account, AccountStatus, Grant, Role};
use crate::matrix;

/// Which rows an actor may touch: everything under a region, or one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    pub region: RegionId,
    /// The region's path: rows carry their region's path, and `path LIKE scope || '%'` goes into every question.
    pub path: String,
    pub site: Option<SiteId>,
}

impl Scope {
    /// Does it cover a row at this region path and site?
    pub fn covers(&self, path: &str, site: Option<&SiteId>) -> bool {
        path.starts_with(&self.path) && self.site.as_ref().is_none_or(|mine| Some(mine) == site)
    }
    /// The site as SQL wants it: the empty text for "any".
    pub fn site_or_any(&self) -> &str {
        self.site.as_ref().map_or("", |s| s.as_str())
    }
}

/// Somebody who may act now. There is no way to make one but from a live account and a live grant, or as the program itself.
#[derive(Clone, Debug)]
pub struct Actor {
    account: AccountId,
    login: String,
    name: String,
    person: Option<PersonId>,
    role: Option<Role>,
    grant: GrantId,
    scope: Scope,
    writes: bool,
    stepped_at: Option<Instant>,
    /// The log does not name the actor.
    shielded: bool,
}

impl Actor {
    /// The actor of an account under one of its grants, if both are live on `today`.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn load(
        tx: &mut Tx<'_>,
        account: &Account,
        grant: &Grant,
        writes: bool,
        today: Day,
    ) -> Result<Option<Self>> {
        if account.status != AccountStatus::Active
            || grant.account != account.id
            || !grant.holds_on(today)
        {
            return Ok(None);
        }
        let Some(region) = registry::region::find(tx, &grant.region)? else { return Ok(None) };
        Ok(Some(Self {
            account: account.id.clone(),
            login: account.login.clone(),
            name: account.name.clone(),
            person: account.person.clone(),
            role: Some(grant.role),
            grant: grant.id.clone(),
            scope: Scope { region: region.id, path: region.path, site: grant.site.clone() },
            writes,
            stepped_at: None,
            shielded: false,
        }))
    }

    /// The program itself (set-up, the demo's builder, scheduled work): every capability, everywhere.
    pub fn system() -> Self {
        Self {
            account: AccountId::from("system"),
            login: "system".into(),
            name: "system".into(),
            person: None,
            role: None,
            grant: GrantId::from("system"),
            scope: Scope { region: RegionId::from(""), path: String::new(), site: None },
            writes: true,
            stepped_at: None,
            shielded: false,
        }
    }

    /// The same, knowing when the browser last gave the second factor.
    #[must_use]
    pub fn stepped(self, at: Option<Instant>) -> Self {
        Self { stepped_at: at, ..self }
    }
    /// When the browser last gave the second factor.
    pub const fn stepped_at(&self) -> Option<Instant> {
        self.stepped_at
    }
    /// The account.
    pub const fn account(&self) -> &AccountId {
        &self.account
    }
    /// The login name.
    pub fn login(&self) -> &str {
        &self.login
    }
    /// The person's name as shown.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The person behind the account, if they are in the registry.
    pub const fn person(&self) -> Option<&PersonId> {
        self.person.as_ref()
    }
    /// The hat worn; `None` for the program itself.
    pub const fn role(&self) -> Option<Role> {
        self.role
    }
    /// The grant behind the hat.
    pub const fn grant(&self) -> &GrantId {
        &self.grant
    }
    /// Which rows.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }
    /// May it change anything at all? A read-only token may not.
    pub const fn writes(&self) -> bool {
        self.writes
    }
    /// Does the hat bring this capability?
    pub fn can(&self, capability: &str) -> bool {
        self.role.is_none_or(|role| matrix::allows(role, capability))
    }
}

/// What an act gets of the outside world: who asks, when, and where new ids come from.
#[derive(Clone)]
pub struct Cx {
    pub actor: Actor,
    pub now: Instant,
    pub ids: Arc<Ids>,
    /// The request's id, which joins the event log with the server's own.
    pub request: String,
}

impl Cx {
    /// The program itself, at this instant.
    pub fn system(now: Instant, ids: Arc<Ids>) -> Self {
        Self { actor: Actor::system(), now, ids, request: "system".into() }
    }
    /// The business day in Asia/Shanghai.
    pub fn today(&self) -> Day {
        self.now.day()
    }
    /// A fresh id.
    pub fn id<T: From<String>>(&self) -> T {
        T::from(self.ids.next(self.now))
    }
    /// The same for an act whose author the law shields (who reports harm to a minor): nothing it writes into the log, notices and
    /// consequences included, names the account, the role or the request.
    #[must_use]
    pub fn shielded(&self) -> Self {
        Self { actor: Actor { shielded: true, ..self.actor.clone() }, ..self.clone() }
    }
    /// Who and when, for the event log.
    pub fn stamp(&self) -> Stamp {
        if self.actor.shielded {
            let (account, role) = ("shielded".to_owned(), "reporter".to_owned());
            return Stamp { at: self.now, account, role, request: "shielded".to_owned() };
        }
        Stamp {
            at: self.now,
            account: self.actor.account.0.clone(),
            role: self.actor.role.map_or("system", Role::as_str).to_owned(),
            request: self.request.clone(),
        }
    }
    /// Goes on only with this capability.
    ///
    /// # Errors
    /// A refusal `access.denied`.
    pub fn may(&self, capability: &str) -> Result<()> {
        if self.actor.can(capability) { Ok(()) } else { Err(Refusal::new("access.denied").into()) }
    }
}
