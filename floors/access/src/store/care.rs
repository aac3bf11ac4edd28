//! SQL of need to know.
use db::{Cell, Result, Row, Tx, Value, args};
use kernel::{AccountId, ClientId, Day, Instant, PersonId};
use registry::client::AssignmentKind;

pub(crate) fn background_checked(tx: &mut Tx<'_>, person: &PersonId, today: Day) -> Result<bool> {
    let fresh = today.plus_years(-1);
    let found = tx.count(
        "SELECT COUNT(*) FROM qualification WHERE person = $1 AND kind = 'background_check' AND since <= $2 AND since > $3
           AND (until IS NULL OR until > $2)",
        args![person, today, fresh],
    )?;
    Ok(found > 0)
}

pub(crate) fn avoids(tx: &mut Tx<'_>, client: &ClientId, person: &PersonId) -> Result<bool> {
    let found = tx.count(
        "SELECT COUNT(*) FROM avoidance WHERE client = $1 AND person = $2",
        args![client, person],
    )?;
    Ok(found > 0)
}

pub(crate) fn glass_open(
    tx: &mut Tx<'_>,
    client: &ClientId,
    account: &AccountId,
    now: Instant,
) -> Result<bool> {
    let found = tx.count(
        "SELECT COUNT(*) FROM glass WHERE client = $1 AND account = $2 AND opened_at <= $3 AND until > $3",
        args![client, account, now],
    )?;
    Ok(found > 0)
}

/// The strongest live assignment: worker before co-worker before supervisor.
pub(crate) fn assigned_as(
    tx: &mut Tx<'_>,
    client: &ClientId,
    person: &PersonId,
    today: Day,
) -> Result<Option<AssignmentKind>> {
    let row: Option<Row> = tx.one(
        "SELECT kind FROM assignment WHERE client = $1 AND person = $2 AND since <= $3 AND (until IS NULL OR until > $3)
         ORDER BY CASE kind WHEN 'worker' THEN 0 WHEN 'co_worker' THEN 1 ELSE 2 END",
        args![client, person, today],
    )?;
    row.map(|r| r.at(0)).transpose()
}

#[expect(clippy::too_many_arguments, reason = "a lens is made of exactly these")]
pub(crate) fn condition(
    first: usize,
    system: bool,
    path: &str,
    person: &str,
    today: Day,
    assigned: bool,
    place: bool,
    checked: bool,
) -> (String, Vec<Value>) {
    let n = |at: usize| format!("${}", first + at);
    let (path_at, person_at, day_at, grown_at) = (n(0), n(1), n(2), n(3));
    let (system_at, assigned_at, place_at, checked_at) = (n(4), n(5), n(6), n(7));
    let sql = format!(
        "c.state <> 'merged' AND ({system_at} = 1 OR (c.path LIKE {path_at} || '%'
           AND NOT EXISTS (SELECT 1 FROM avoidance v WHERE v.client = c.id AND v.person = {person_at})
           AND (({place_at} = 1 AND c.restricted = 0)
             OR ({assigned_at} = 1 AND ({checked_at} = 1 OR c.birth IS NULL OR c.birth <= {grown_at})
               AND EXISTS (SELECT 1 FROM assignment a WHERE a.client = c.id AND a.person = {person_at}
                 AND a.since <= {day_at} AND (a.until IS NULL OR a.until > {day_at}))))))"
    );
    // Whoever was born on this day or before is eighteen today.
    let grown = today.plus_years(-18);
    let values = vec![
        path.to_value(),
        person.to_value(),
        today.to_value(),
        grown.to_value(),
        system.to_value(),
        assigned.to_value(),
        place.to_value(),
        checked.to_value(),
    ];
    (sql, values)
}

pub(crate) fn awaiting(
    first: usize,
    decides: bool,
    path: &str,
    person: &str,
    today: Day,
    checked: bool,
) -> (String, Vec<Value>) {
    let n = |at: usize| format!("${}", first + at);
    let (decides_at, path_at, person_at, checked_at, grown_at) = (n(0), n(1), n(2), n(3), n(4));
    let sql = format!(
        "({decides_at} = 1 AND c.path LIKE {path_at} || '%'
           AND NOT EXISTS (SELECT 1 FROM avoidance v WHERE v.client = c.id AND v.person = {person_at})
           AND ({checked_at} = 1 OR c.birth IS NULL OR c.birth <= {grown_at}))"
    );
    let grown = today.plus_years(-18);
    let values = vec![
        decides.to_value(),
        path.to_value(),
        person.to_value(),
        checked.to_value(),
        grown.to_value(),
    ];
    (sql, values)
}
