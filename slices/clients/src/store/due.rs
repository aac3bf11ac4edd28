//! SQL of what runs out: consents and categories of those somebody answers for.
use access::Cx;
use access::care::Lens;
use db::{Cell, FromRow, Result, Row, Tx, Value};
use kernel::{Day, PersonId};
use registry::client::Client;
use registry::consent::Scope;

use crate::model::Category;

/// A client in sight whom a person answers for, as a condition over `c`, with its arguments: `$1` the person, `$2` today,
/// `$3` the day up to which is asked.
fn answered_for(
    tx: &mut Tx<'_>,
    cx: &Cx,
    person: &PersonId,
    by: Day,
) -> Result<(String, Vec<Value>)> {
    let (seen, more) = Lens::of(tx, cx)?.condition(4);
    let mut values = vec![person.to_value(), cx.today().to_value(), by.to_value()];
    values.extend(more);
    let sql = format!(
        "c.state = 'active' AND EXISTS (SELECT 1 FROM assignment a WHERE a.client = c.id AND a.person = $1 AND a.kind = 'worker'
           AND a.since <= $2 AND (a.until IS NULL OR a.until > $2)) AND {seen}"
    );
    Ok((sql, values))
}

/// Consents that run out by a day, of those a person answers for: with no later one for the same purpose.
pub(crate) fn consents_ending(
    tx: &mut Tx<'_>,
    cx: &Cx,
    person: &PersonId,
    by: Day,
) -> Result<Vec<(Client, Scope, Day)>> {
    let (mine, values) = answered_for(tx, cx, person, by)?;
    let rows: Vec<Row> = tx.all(
        &format!(
            "SELECT c.*, k.scope AS scope, k.until AS ends FROM consent k JOIN client c ON c.id = k.client
             WHERE k.until IS NOT NULL AND k.until <= $3 AND k.withdrawn_on IS NULL AND {mine}
               AND NOT EXISTS (SELECT 1 FROM consent l WHERE l.client = k.client AND l.scope = k.scope AND l.id <> k.id
                 AND (l.until IS NULL OR l.until > k.until OR (l.until = k.until AND l.id > k.id))
                 AND COALESCE(l.partner, '') = COALESCE(k.partner, ''))
             ORDER BY k.until, c.number, k.scope"
        ),
        &values,
    )?;
    rows.iter().map(|r| Ok((Client::from_row(r)?, r.get("scope")?, r.get("ends")?))).collect()
}

/// Categories that end from today to a day, of those a person answers for.
pub(crate) fn categories_ending(
    tx: &mut Tx<'_>,
    cx: &Cx,
    person: &PersonId,
    by: Day,
) -> Result<Vec<(Client, Category, Day)>> {
    let (mine, values) = answered_for(tx, cx, person, by)?;
    let rows: Vec<Row> = tx.all(
        &format!(
            "SELECT c.*, y.category AS category, y.until AS ends FROM client_category y JOIN client c ON c.id = y.client
             WHERE y.until IS NOT NULL AND y.until >= $2 AND y.until <= $3 AND {mine} ORDER BY y.until, c.number"
        ),
        &values,
    )?;
    rows.iter().map(|r| Ok((Client::from_row(r)?, r.get("category")?, r.get("ends")?))).collect()
}
