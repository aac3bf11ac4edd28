//! What is due at sites: certificates that lapse, posts that nobody fills, evidence to review or to renew.
use access::Cx;
use db::{Result, Tx};
use kernel::Day;
use web::{Due, Shell};

use crate::model::{EvidenceState, PostRole, Site, SiteKind};
use crate::store;

/// How far ahead a certificate's lapse is told, in days.
pub(crate) const AHEAD: i32 = 60;

/// Dues in the asker's scope up to a day.
///
/// # Errors
/// The engine's fault.
pub(crate) fn dues(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, until: Day) -> Result<Vec<Due>> {
    let today = cx.today();
    let mut out = Vec::new();
    let sites: Vec<Site> =
        store::sites(tx, cx)?.into_iter().filter(|s| s.period().holds_on(today)).collect();
    let live: Vec<_> = store::posts(tx, cx)?
        .into_iter()
        .filter(|p| kernel::Period { from: p.since, to: p.until }.holds_on(today))
        .collect();
    for site in sites.iter().filter(|s| s.kind == SiteKind::Station) {
        for (role, key, clause) in [
            (PostRole::Head, "sites.due.no_head", "4A.3-6"),
            (PostRole::Deputy, "sites.due.no_deputy", "4A.3-9"),
        ] {
            if !live.iter().any(|p| p.site == site.id && p.role == role) {
                let href = format!("/sites/{}/people", site.id);
                out.push(due(
                    key,
                    vec![("site", site.name.clone())],
                    site,
                    None,
                    href,
                    "users",
                    clause,
                ));
            }
        }
    }
    if cx.actor.can("people.read") {
        for lapse in store::lapsing(tx, cx, until)? {
            let Some(by) = lapse.until else { continue };
            let Some(site) = live
                .iter()
                .find(|p| p.person == lapse.person)
                .and_then(|p| sites.iter().find(|s| s.id == p.site))
            else {
                continue;
            };
            let person =
                registry::people::find(tx, &lapse.person)?.map_or_else(String::new, |p| p.name);
            let kind = format!("qualifications.kind.{}", lapse.kind);
            let word = |lang| shell.catalogue.text(lang, &kind).to_owned();
            let key = if by <= today { "sites.due.lapsed" } else { "sites.due.lapsing" };
            let (zh, en) = (word(locale::Lang::Zh), word(locale::Lang::En));
            let args = vec![("person", person), ("kind", zh), ("kind_en", en)];
            out.push(due(
                key,
                args,
                site,
                Some(by),
                format!("/people/{}", lapse.person),
                "certificate",
                "4A.3-5",
            ));
        }
    }
    for e in store::all_evidence(tx, cx)? {
        let Some(site) = sites.iter().find(|s| s.id == e.site) else { continue };
        let what = || vec![("what", site.name.clone())];
        match e.state(today) {
            EvidenceState::Waiting
                if cx.actor.can("evidence.review") && e.by_account != cx.actor.account().0 =>
            {
                out.push(due(
                    "sites.due.review",
                    what(),
                    site,
                    None,
                    "/evidence".into(),
                    "eye",
                    "",
                ));
            }
            EvidenceState::Stale
                if cx.actor.can("evidence.add") && !store::renewed(tx, &e, today)? =>
            {
                let href = format!("/sites/{}/signs", site.id);
                let by = e.taken.plus_months(crate::model::EVIDENCE_MONTHS);
                out.push(due("sites.due.stale", what(), site, Some(by), href, "camera", ""));
            }
            _ => {}
        }
    }
    Ok(out)
}

fn due(
    key: &'static str,
    args: Vec<(&'static str, String)>,
    site: &Site,
    by: Option<Day>,
    href: String,
    icon: &'static str,
    clause: &str,
) -> Due {
    Due {
        key,
        args,
        site: Some(site.id.clone()),
        site_name: site.short(),
        by,
        href,
        icon,
        clause: clause.to_owned(),
        ..Due::default()
    }
}
