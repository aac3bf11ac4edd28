//! What the global search finds here: sites by name or code, people by name, regions.
use access::Cx;
use db::{Result, Tx};
use web::Found;

use crate::store;

/// At most so many hits of each kind.
const MOST: i64 = 8;

/// Hits in the asker's scope.
///
/// # Errors
/// The engine's fault.
pub(crate) fn search(tx: &mut Tx<'_>, cx: &Cx, words: &str) -> Result<Vec<Found>> {
    let words = words.trim();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    if cx.actor.can("sites.read") {
        out.extend(store::search_sites(tx, cx, words, MOST)?.into_iter().map(|s| Found {
            kind: "sites.found.site",
            label: s.name,
            detail: s.code,
            href: format!("/sites/{}", s.id),
            icon: "building",
        }));
    }
    if cx.actor.can("people.read") {
        out.extend(store::search_people(tx, cx, words, MOST)?.into_iter().map(|p| Found {
            kind: "sites.found.person",
            label: p.name,
            detail: p.external_id.unwrap_or_default(),
            href: format!("/people/{}", p.id),
            icon: "user",
        }));
    }
    if cx.actor.can("sites.read") {
        let path = cx.actor.scope().path.clone();
        out.extend(registry::region::search(tx, words, &path, MOST)?.into_iter().map(|r| Found {
            kind: "sites.found.region",
            href: format!("/sites?q={}", web::encode(r.short_name())),
            label: r.name,
            detail: r.code,
            icon: "map-pin",
        }));
    }
    Ok(out)
}
