//! SQL of the first screen: who looks after whom, and when they were last visited.
use access::{Cx, care};
use db::{Cell, FromRow, Result, Row, Tx, args};
use kernel::{Day, PersonId};
use registry::client::{Client, RiskGrade};

/// A live assignment that makes somebody answer for a client: `$1` the day.
const LIVE: &str = "a.kind <> 'supervisor' AND a.since <= $1 AND (a.until IS NULL OR a.until > $1)";

/// How many clients somebody looks after.
pub(crate) fn assigned(tx: &mut Tx<'_>, cx: &Cx, person: &PersonId) -> Result<i64> {
    let sql = format!(
        "SELECT COUNT(DISTINCT a.client) FROM assignment a JOIN client c ON c.id = a.client
         WHERE {LIVE} AND a.person = $2 AND c.state = 'active' AND c.path LIKE $3 || '%'"
    );
    tx.count(&sql, args![cx.today(), person, cx.actor.scope().path])
}
/// The clients somebody looks after and may see, each with the day of the last visit.
pub(crate) fn assigned_with_visit(
    tx: &mut Tx<'_>,
    cx: &Cx,
    person: &PersonId,
) -> Result<Vec<(Client, Option<Day>)>> {
    let (sight, values) = care::Lens::of(tx, cx)?.condition(3);
    let mut all = vec![cx.today().to_value(), person.to_value()];
    all.extend(values);
    let sql = format!(
        "SELECT c.*, (SELECT MAX(k.day) FROM service_client k JOIN service s ON s.id = k.service
           WHERE k.client = c.id AND s.kind = 'visit' AND s.withdrawn IS NULL) AS last_visit
         FROM client c WHERE c.state = 'active'
           AND EXISTS (SELECT 1 FROM assignment a WHERE a.client = c.id AND a.person = $2 AND {LIVE}) AND {sight}"
    );
    let rows: Vec<Row> = tx.all(&sql, &all)?;
    rows.iter().map(|r| Ok((Client::from_row(r)?, r.get("last_visit")?))).collect()
}
/// How many clients each person answers for.
pub(crate) fn assigned_counts(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<(PersonId, i64)>> {
    let sql = format!(
        "SELECT a.person, COUNT(DISTINCT a.client) FROM assignment a JOIN client c ON c.id = a.client
         WHERE {LIVE} AND c.state = 'active' AND c.path LIKE $2 || '%' GROUP BY a.person ORDER BY a.person"
    );
    let rows: Vec<Row> = tx.all(&sql, args![cx.today(), cx.actor.scope().path])?;
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?))).collect()
}
/// Clients in scope by risk grade, the gravest first. Counts tell nobody's name.
pub(crate) fn grades(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<(RiskGrade, i64)>> {
    let rows: Vec<Row> = tx.all(
        "SELECT grade, COUNT(*) FROM client WHERE state = 'active' AND path LIKE $1 || '%' GROUP BY grade",
        args![cx.actor.scope().path],
    )?;
    let mut out = Vec::new();
    for grade in RiskGrade::ALL {
        for r in &rows {
            if r.at::<RiskGrade>(0)? == *grade {
                out.push((*grade, r.at(1)?));
            }
        }
    }
    Ok(out)
}
