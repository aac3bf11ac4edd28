//! What other pages show of deliberation: a site's card, search by title or number.
use access::Cx;
use db::{Result, Tx};
use kernel::SiteId;
use web::{Card, Found};

use crate::store;

/// Issues, neighbours' activities of the year and leaders of a site.
///
/// # Errors
/// The engine's fault.
pub(crate) fn site(tx: &mut Tx<'_>, cx: &Cx, site: &SiteId) -> Result<Option<Card>> {
    if !cx.actor.can("deliberation.read") {
        return Ok(None);
    }
    let today = cx.today();
    let [open, archived, neighbours, leaders] =
        store::counts(tx, site, today.start_of_year(), today)?;
    let rows = [
        ("deliberation.card.open", open),
        ("deliberation.card.archived", archived),
        ("deliberation.card.neighbours", neighbours),
        ("deliberation.card.leaders", leaders),
    ];
    Ok(Some(Card {
        title: "deliberation.title",
        href: "/deliberations".into(),
        rows: rows.into_iter().map(|(k, n)| (k.to_owned(), n.to_string())).collect(),
    }))
}

/// Issues of the asker's scope by title or number.
///
/// # Errors
/// The engine's fault.
pub(crate) fn search(tx: &mut Tx<'_>, cx: &Cx, words: &str) -> Result<Vec<Found>> {
    let words = words.trim();
    if words.is_empty() || !cx.actor.can("deliberation.read") {
        return Ok(Vec::new());
    }
    let number = words.trim_start_matches("议题").trim().parse().unwrap_or(0);
    let found = store::search(tx, cx, words, number)?;
    Ok(found
        .into_iter()
        .map(|i| Found {
            kind: "deliberation.found",
            label: i.title,
            detail: i.number.to_string(),
            href: format!("/deliberations/{}", i.id),
            icon: "message-2",
        })
        .collect())
}
