//! A year of daily work at one station and its first studio, done by the people who would do it, through the acts that they use.
//!
//! Chapters are told in this order; each may lean on what earlier ones left on the [`Stage`].
mod activities;
mod casework;
mod clients;
mod deliberation;
mod forms;
mod groups;
mod outreach;
mod photos;
mod referrals;
mod schools;
mod worklog;

use access::{Actor, Cx};
use db::{Result, Tx};
use kernel::{ClientId, Day, PersonId, SiteId};
use registry::region::Region;

use crate::Scale;

/// Who acts where.
pub(crate) struct Stage {
    pub(crate) scale: Scale,
    /// The program itself, now.
    pub(crate) system: Cx,
    pub(crate) district: Region,
    /// The street of the people who sign in, its station, its first community and that community's studio.
    pub(crate) street: Region,
    pub(crate) station: SiteId,
    pub(crate) community: Region,
    pub(crate) studio: SiteId,
    /// Clients of the street, in the order in which they came: filled by the first chapter.
    pub(crate) clients: Vec<ClientId>,
    /// What is put beside records.
    pub(crate) photos: photos::Photos,
}

impl Stage {
    /// Somebody who signs in, as they act on a day at an hour (0 to 23, Asia/Shanghai). Days before a grant began are refused.
    pub(crate) fn at(&self, tx: &mut Tx<'_>, login: &str, day: Day, hour: i64) -> Result<Cx> {
        let account = access::account_by_login(tx, login)?.ok_or(db::Error::Missing)?;
        let grant = access::live_grants(tx, &account.id, day)?
            .into_iter()
            .next()
            .ok_or(db::Error::Missing)?;
        let actor = Actor::load(tx, &account, &grant, true, day)?.ok_or(db::Error::Missing)?;
        let now = day.start().plus_millis(hour * 3_600_000);
        Ok(Cx { actor, now, ..self.system.clone() })
    }
    /// The person behind a login.
    pub(crate) fn person(&self, tx: &mut Tx<'_>, login: &str) -> Result<PersonId> {
        access::account_by_login(tx, login)?.and_then(|a| a.person).ok_or(db::Error::Missing)
    }
    /// So many days before today.
    pub(crate) fn ago(&self, days: i32) -> Day {
        self.system.today().plus_days(-days)
    }
}

/// Tells the year.
pub(crate) fn build(shell: &web::Shell, cx: &Cx, scale: Scale) -> Result<()> {
    let system = cx.clone();
    let photos = photos::Photos::draw(&shell.settings.data_dir)?;
    shell.db.write(move |tx| {
        let mut stage = stage(tx, system, scale, photos)?;
        clients::build(tx, &mut stage)?;
        forms::build(tx, &mut stage)?;
        casework::build(tx, &mut stage)?;
        outreach::build(tx, &mut stage)?;
        groups::build(tx, &mut stage)?;
        activities::build(tx, &mut stage)?;
        deliberation::build(tx, &mut stage)?;
        referrals::build(tx, &mut stage)?;
        schools::build(tx, &mut stage)?;
        worklog::build(tx, &mut stage)
    })
}

fn stage(tx: &mut Tx<'_>, system: Cx, scale: Scale, photos: photos::Photos) -> Result<Stage> {
    let district = registry::region::root(tx)?.ok_or(db::Error::Missing)?;
    let streets = registry::region::children(tx, &district.id)?;
    let street = streets.get(1).ok_or(db::Error::Missing)?.clone();
    let community =
        registry::region::children(tx, &street.id)?.into_iter().next().ok_or(db::Error::Missing)?;
    let today = system.today();
    let mut serving = |region| {
        registry::site::serving(tx, region, today)?.map(|s| s.id).ok_or(db::Error::Missing)
    };
    let (station, studio) = (serving(&street.id)?, serving(&community.id)?);
    let clients = Vec::new();
    Ok(Stage { scale, system, district, street, station, community, studio, clients, photos })
}
