//! Who is due, seen through the asker's lens; who was due in a month.
use access::Cx;
use access::care::Lens;
use db::{Cell, Result, Tx, Value, args};
use kernel::{ClientId, Day, PersonId, RecordId};

use crate::model::due::{Standing, Turn, VisitPlan};
use crate::model::rate::InMonth;

const STANDING: &str = "SELECT c.*, h.building AS building,
   (SELECT MAX(v.day) FROM visit v WHERE v.client = c.id AND v.outcome = 'met' AND v.withdrawn IS NULL) AS last_met,
   (SELECT v.next_on FROM visit v WHERE v.client = c.id AND v.withdrawn IS NULL ORDER BY v.day DESC, v.at DESC, v.id DESC LIMIT 1) AS next_visit,
   (SELECT p.every_days FROM visit_plan p WHERE p.client = c.id AND p.until IS NULL ORDER BY p.since DESC, p.id DESC LIMIT 1) AS own_days,
   (SELECT k.person FROM assignment k WHERE k.client = c.id AND k.kind = 'worker' AND k.since <= $2 AND (k.until IS NULL OR k.until > $2)
      ORDER BY k.since, k.id LIMIT 1) AS keeper,
   (SELECT COUNT(*) FROM assignment m WHERE m.client = c.id AND m.person = $1 AND m.kind <> 'supervisor' AND m.since <= $2
      AND (m.until IS NULL OR m.until > $2)) AS mine,
   (SELECT MIN(t.day) FROM visit_turn t WHERE t.client = c.id AND t.visit IS NULL AND t.dropped IS NULL) AS planned
   FROM client c LEFT JOIN household h ON h.id = c.household WHERE c.state = 'active' AND ";

fn person(cx: &Cx) -> String {
    cx.actor.person().map_or_else(String::new, |p| p.0.clone())
}

/// How every client in the asker's sight stands.
pub(crate) fn standings(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Standing>> {
    let (sql, more) = Lens::of(tx, cx)?.condition(3);
    let mut values: Vec<Value> = vec![person(cx).to_value(), cx.today().to_value()];
    values.extend(more);
    tx.all(&format!("{STANDING}{sql} ORDER BY c.number"), &values)
}

/// The day of the next visit of every client under a path, with the worker who answers for it; of one worker alone when one is named.
/// Restricted clients count too: a number and a worker tell nobody's name.
pub(crate) fn loads(
    tx: &mut Tx<'_>,
    path: &str,
    keeper: &str,
    day: Day,
) -> Result<Vec<(PersonId, Day)>> {
    let all: Vec<Standing> = tx.all(
        &format!(
            "{STANDING}c.path LIKE $3 || '%' AND ($1 = '' OR EXISTS (SELECT 1 FROM assignment w WHERE w.client = c.id AND w.person = $1
               AND w.kind = 'worker' AND w.since <= $2 AND (w.until IS NULL OR w.until > $2)))"
        ),
        args![keeper, day, path],
    )?;
    Ok(all
        .into_iter()
        .filter_map(|s| Some((s.keeper.clone()?, s.due())))
        .filter(|(k, _)| keeper.is_empty() || k.as_str() == keeper)
        .collect())
}

/// How one client stands. The asker was let in to the client before.
pub(crate) fn standing(tx: &mut Tx<'_>, cx: &Cx, client: &ClientId) -> Result<Option<Standing>> {
    tx.one(&format!("{STANDING}c.id = $3"), args![person(cx), cx.today(), client])
}

/// The clients of a month within the asker's scope, with what happened. Whoever keeps counts of the whole place counts restricted
/// clients too, without seeing who they are; others count those in their own sight.
pub(crate) fn in_month(tx: &mut Tx<'_>, cx: &Cx, from: Day, to: Day) -> Result<Vec<InMonth>> {
    let (sql, more) = Lens::of(tx, cx)?.condition(4);
    let whole = cx.actor.can("clients.counts") || cx.actor.role().is_none();
    let mut values: Vec<Value> =
        vec![from.to_value(), to.to_value(), cx.actor.scope().path.to_value()];
    values.extend(more);
    let seen = format!("CASE WHEN {sql} THEN 1 ELSE 0 END");
    let scope = if whole { "c.path LIKE $3 || '%' AND c.state <> 'merged'" } else { sql.as_str() };
    // Both branches bind every argument, so that each engine finds as many as it was given.
    tx.all(
        &format!(
            "SELECT c.id, c.number, c.name, c.region, c.site, c.grade, c.since, {seen} AS seen,
               (SELECT k.person FROM assignment k WHERE k.client = c.id AND k.kind = 'worker' AND k.since <= $2
                  AND (k.until IS NULL OR k.until > $2) ORDER BY k.since, k.id LIMIT 1) AS keeper,
               (SELECT p.every_days FROM visit_plan p WHERE p.client = c.id AND p.since <= $2 AND (p.until IS NULL OR p.until > $2)
                  ORDER BY p.since DESC, p.id DESC LIMIT 1) AS own_days,
               (SELECT MAX(v.day) FROM visit v WHERE v.client = c.id AND v.outcome = 'met' AND v.withdrawn IS NULL AND v.day < $1) AS met_before,
               (SELECT COUNT(*) FROM visit v WHERE v.client = c.id AND v.outcome = 'met' AND v.withdrawn IS NULL
                  AND v.day >= $1 AND v.day <= $2) AS met,
               (SELECT COUNT(*) FROM visit v WHERE v.client = c.id AND v.withdrawn IS NULL AND v.day >= $1 AND v.day <= $2) AS tried
             FROM client c WHERE c.path LIKE $3 || '%' AND c.since <= $2 AND (c.ended_on IS NULL OR c.ended_on > $1) AND {scope}
             ORDER BY c.path, c.number"
        ),
        &values,
    )
}

/// The frequency set for a client, if one is.
pub(crate) fn plan(tx: &mut Tx<'_>, client: &ClientId) -> Result<Option<VisitPlan>> {
    tx.one(
        "SELECT * FROM visit_plan WHERE client = $1 AND until IS NULL ORDER BY since DESC, id DESC",
        args![client],
    )
}

/// The open turn of a client, the earliest first.
pub(crate) fn open_turn(tx: &mut Tx<'_>, client: &ClientId) -> Result<Option<Turn>> {
    tx.one(
        "SELECT * FROM visit_turn WHERE client = $1 AND visit IS NULL AND dropped IS NULL ORDER BY day, id",
        args![client],
    )
}

/// Who is to go.
pub(crate) fn turn_workers(tx: &mut Tx<'_>, id: &RecordId) -> Result<Vec<PersonId>> {
    let rows: Vec<db::Row> =
        tx.all("SELECT person FROM visit_turn_worker WHERE turn = $1 ORDER BY id", args![id])?;
    rows.iter().map(|r| r.at(0)).collect()
}
