//! What this slice testifies to the policy: what plans list as services, and administrative time (4B.1-7, M31).
//!
//! A plan that lists nothing is silent: the rule asks for records until the first item is entered.
use db::event::Entry;
use db::{Record, Result, Tx};
use kernel::{Day, Instant};
use ledger::{OtherKind, OtherTime};
use policy::rows::{ReportRow, Rows, ServiceRow, Table, WorklogRow};

use crate::model::ServiceItem;
use crate::store;

/// Tables whose changes touch the facts.
pub(crate) const SUBJECTS: &[&str] = &["service_item", "other_time"];

/// Adds what is known now, or was known at an instant.
///
/// # Errors
/// The engine's fault, or an entry of the log that does not fit its record.
pub(crate) fn rows(tx: &mut Tx<'_>, known: Option<Instant>, out: &mut Rows) -> Result<()> {
    let (items, times) = match known {
        None => (store::all_items(tx)?, store::administrative(tx)?),
        Some(at) => (states(tx, at)?, states(tx, at)?),
    };
    testify(&items, &times, out);
    Ok(())
}

/// Tables of which a few sites can be told anew.
pub(crate) const TABLES: &[Table] = &[Table::Services, Table::Worklogs];

/// Whose rows an entry of the log changes: the site's. Time that is not administrative says nothing to the policy.
pub(crate) fn owners(entry: &Entry) -> Option<Vec<String>> {
    let mut out = Vec::new();
    for state in [&entry.before, &entry.after].into_iter().flatten() {
        let kind = state.get("kind").and_then(|k| k.as_str());
        if entry.subject == "other_time" && kind != Some(OtherKind::Administrative.as_str()) {
            continue;
        }
        let site = state.get("site")?.as_str()?.to_owned();
        if !out.contains(&site) {
            out.push(site);
        }
    }
    Some(out)
}

/// Adds the rows of these sites as they stand now.
///
/// # Errors
/// The engine's fault.
pub(crate) fn rows_of(tx: &mut Tx<'_>, owners: &[String], out: &mut Rows) -> Result<()> {
    for site in owners {
        let (items, times) = (store::items_of(tx, site)?, store::administrative_of(tx, site)?);
        testify(&items, &times, out);
    }
    Ok(())
}

fn states<R: Record>(tx: &mut Tx<'_>, at: Instant) -> Result<Vec<R>> {
    let mut states = db::event::states_at(tx, &[R::TABLE], at)?;
    states.sort_by(|a, b| a.id.cmp(&b.id));
    states.into_iter().map(|s| Ok(serde_json::from_value(s.after)?)).collect()
}

fn testify(items: &[ServiceItem], times: &[OtherTime], out: &mut Rows) {
    out.services.extend(items.iter().filter_map(|i| {
        Some(ServiceRow {
            id: i.id.0.clone(),
            unit: i.site.0.clone(),
            title: i.title.clone(),
            admin: i.admin,
            on: Day::of(i16::try_from(i.year).ok()?, 1, 1)?,
        })
    }));
    out.worklogs.extend(times.iter().filter(|t| t.kind == OtherKind::Administrative).map(|t| {
        WorklogRow {
            id: t.id.0.clone(),
            unit: t.site.0.clone(),
            title: t.what.clone(),
            admin: true,
            as_service: t.listed,
            minutes: t.minutes,
            on: t.day,
        }
    }));
    let mut known: Vec<&str> = items.iter().map(|i| i.site.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    for table in [Table::Services, Table::Worklogs] {
        out.reports.extend(known.iter().map(|site| ReportRow {
            table,
            unit: (*site).to_owned(),
            through: Day::MAX,
        }));
    }
}
