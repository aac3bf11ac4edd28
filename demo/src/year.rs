//! A year of daily work at one station and its first studio, done by the people who would do it, through the acts that they use.
//!
//! Chapters are told in this order; each may lean on what earlier ones left on the [`Stage`].
mod activities;
mod casework;
mod cast;
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
use crate::places::STREETS;

/// Who acts where.
pub(crate) struct Stage {
    pub(crate) scale: Scale,
    /// What the logins of this street's people end with; nothing for the people whom the sign-in page introduces.
    pub(crate) cast: String,
    /// How many clients came before the first one here, so that numbers of people are nobody else's.
    pub(crate) before: usize,
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
        let login = format!("{login}{}", self.cast);
        let account = access::account_by_login(tx, &login)?.ok_or(db::Error::Missing)?;
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
        let login = format!("{login}{}", self.cast);
        access::account_by_login(tx, &login)?.and_then(|a| a.person).ok_or(db::Error::Missing)
    }
    /// So much here when it is `small` at the small scale and `large` over all streets at the large one.
    pub(crate) fn many(&self, small: usize, large: usize) -> usize {
        match self.scale {
            Scale::Small => small,
            Scale::Large => large.div_ceil(STREETS.len()),
        }
    }
    /// Is it the street of the people whom the sign-in page introduces?
    pub(crate) fn home(&self) -> bool {
        self.cast.is_empty()
    }
    /// A name that is to be one street's own.
    pub(crate) fn own(&self, name: &str) -> String {
        if self.home() {
            name.to_owned()
        } else {
            format!("{}{name}", self.street.name.trim_end_matches("街道"))
        }
    }
    /// So many days before today.
    pub(crate) fn ago(&self, days: i32) -> Day {
        self.system.today().plus_days(-days)
    }
}

type Chapter = fn(&mut Tx<'_>, &mut Stage) -> Result<()>;

/// In the order in which they are told.
const CHAPTERS: [Chapter; 10] = [
    clients::build,
    forms::build,
    casework::build,
    outreach::build,
    groups::build,
    activities::build,
    deliberation::build,
    referrals::build,
    schools::build,
    worklog::build,
];

/// Tells the year: of one street, or at the large scale of every street, one after the other by people of its own.
pub(crate) fn build(shell: &web::Shell, cx: &Cx, scale: Scale) -> Result<()> {
    let system = cx.clone();
    let photos = photos::Photos::draw(&shell.settings.data_dir)?;
    let drawn = photos.clone();
    let mut stage = shell.db.write(move |tx| stage(tx, system, scale, drawn, 1))?;
    if scale == Scale::Small {
        return shell
            .db
            .write(move |tx| CHAPTERS.into_iter().try_for_each(|chapter| chapter(tx, &mut stage)));
    }
    let others = (0..STREETS.len()).filter(|n| *n != 1);
    for n in std::iter::once(1).chain(others) {
        if n != 1 {
            let (system, before) = (cx.clone(), stage.before + stage.clients.len());
            let drawn = photos.clone();
            stage = shell.db.write(move |tx| {
                let mut stage = self::stage(tx, system, scale, drawn, n)?;
                stage.before = before;
                cast::build(tx, &mut stage, n)?;
                Ok(stage)
            })?;
        }
        // A commit for each chapter keeps what is not yet on disk small.
        for chapter in CHAPTERS {
            stage = shell.db.write(move |tx| chapter(tx, &mut stage).map(|()| stage))?;
        }
    }
    Ok(())
}

fn stage(
    tx: &mut Tx<'_>,
    system: Cx,
    scale: Scale,
    photos: photos::Photos,
    street: usize,
) -> Result<Stage> {
    let district = registry::region::root(tx)?.ok_or(db::Error::Missing)?;
    let streets = registry::region::children(tx, &district.id)?;
    let street = streets.get(street).ok_or(db::Error::Missing)?.clone();
    let today = system.today();
    let serving = |tx: &mut Tx<'_>, region: &kernel::RegionId| -> Result<SiteId> {
        registry::site::serving(tx, region, today)?.map(|s| s.id).ok_or(db::Error::Missing)
    };
    let station = serving(tx, &street.id)?;
    // The first community that has a studio of its own.
    let mut found = None;
    for community in registry::region::children(tx, &street.id)? {
        let studio = serving(tx, &community.id)?;
        if found.is_none() && studio != station {
            found = Some((community, studio));
        }
    }
    let (community, studio) = found.ok_or(db::Error::Missing)?;
    let (cast, before, clients) = (String::new(), 0, Vec::new());
    Ok(Stage {
        scale,
        cast,
        before,
        system,
        district,
        street,
        station,
        community,
        studio,
        clients,
        photos,
    })
}
