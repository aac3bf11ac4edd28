//! SQL of sites and posts.
use db::{Result, Row, Tx, args};
use kernel::{Day, PersonId, RegionId, SiteId};

use crate::people::Person;
use crate::site::{Post, Site};

/// A site by its id.
///
/// # Errors
/// The engine's fault.
pub fn find(tx: &mut Tx<'_>, id: &SiteId) -> Result<Option<Site>> {
    tx.one("SELECT * FROM site WHERE id = $1", args![id])
}
/// The sites open on a day under a region path, stations first, by code.
///
/// # Errors
/// The engine's fault.
pub fn under(tx: &mut Tx<'_>, path: &str, day: Day) -> Result<Vec<Site>> {
    tx.all(
        "SELECT s.* FROM site s JOIN region r ON r.id = s.region
         WHERE r.path LIKE $1 || '%' AND s.since <= $2 AND (s.until IS NULL OR s.until > $2)
         ORDER BY CASE s.kind WHEN 'station' THEN 0 WHEN 'special_station' THEN 1 ELSE 2 END, s.code",
        args![path, day],
    )
}
/// The site that serves a region on a day: its own studio or station, else the one of the nearest region above.
///
/// # Errors
/// The engine's fault.
pub fn serving(tx: &mut Tx<'_>, region: &RegionId, day: Day) -> Result<Option<Site>> {
    tx.one(
        "SELECT s.* FROM site s JOIN region r ON r.id = s.region, region here
         WHERE here.id = $1 AND here.path LIKE r.path || '%' AND s.kind <> 'special_station'
           AND s.since <= $2 AND (s.until IS NULL OR s.until > $2)
         ORDER BY LENGTH(r.path) DESC, s.code",
        args![region, day],
    )
}
/// The posts live at a site on a day with who holds them, heads first. Volunteers and interns too.
///
/// # Errors
/// The engine's fault.
pub fn staff(tx: &mut Tx<'_>, site: &SiteId, day: Day) -> Result<Vec<(Post, Person)>> {
    let posts: Vec<Post> = tx.all(
        "SELECT * FROM post WHERE site = $1 AND since <= $2 AND (until IS NULL OR until > $2)
         ORDER BY CASE role WHEN 'head' THEN 0 WHEN 'deputy' THEN 1 WHEN 'worker' THEN 2 ELSE 3 END, since, id",
        args![site, day],
    )?;
    let mut out = Vec::with_capacity(posts.len());
    for post in posts {
        if let Some(person) = crate::people::find(tx, &post.person)? {
            out.push((post, person));
        }
    }
    Ok(out)
}
/// The sites where a person holds a post on a day.
///
/// # Errors
/// The engine's fault.
pub fn of_person(tx: &mut Tx<'_>, person: &PersonId, day: Day) -> Result<Vec<Site>> {
    tx.all(
        "SELECT s.* FROM site s WHERE EXISTS (SELECT 1 FROM post p WHERE p.site = s.id AND p.person = $1
           AND p.since <= $2 AND (p.until IS NULL OR p.until > $2)) ORDER BY s.code",
        args![person, day],
    )
}
/// Everybody who holds a paid post on a day at a site under a region path, once each, by name: whom work can be given to.
///
/// # Errors
/// The engine's fault.
pub fn colleagues(tx: &mut Tx<'_>, path: &str, day: Day) -> Result<Vec<(PersonId, String)>> {
    let rows: Vec<Row> = tx.all(
        "SELECT DISTINCT h.id, h.name FROM post p JOIN person h ON h.id = p.person JOIN site s ON s.id = p.site
           JOIN region r ON r.id = s.region
         WHERE r.path LIKE $1 || '%' AND p.role NOT IN ('volunteer', 'intern') AND p.since <= $2 AND (p.until IS NULL OR p.until > $2)
         ORDER BY h.name, h.id",
        args![path, day],
    )?;
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?))).collect()
}
