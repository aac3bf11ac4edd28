//! The list of clients: one question for a page, one for the counts, both behind `access::care`.
use access::Cx;
use access::care::Lens;
use db::{FromRow, Result, Row, Tx, Value, args};
use kernel::{ClientId, Day};
use registry::client::{Client, RiskGrade};

/// What a list is narrowed by. Empty: not at all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// A word of `Category`, or `minor`, `elder`, `aged`.
    pub(crate) category: String,
    pub(crate) grade: String,
    /// A community's id.
    pub(crate) region: String,
    /// A person's id; `me` for one's own.
    pub(crate) worker: String,
    /// Nobody has visited for more than thirty days.
    pub(crate) unvisited: bool,
    /// Ended files instead of those in use.
    pub(crate) ended: bool,
    /// A consent runs out within thirty days or has run out.
    pub(crate) consents: bool,
}

/// A client as lists show them.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) client: Client,
    pub(crate) building: String,
    pub(crate) place: String,
    pub(crate) worker: String,
    pub(crate) visited: Option<Day>,
}

/// How many, by grade.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) seen: i64,
    /// Restricted clients of the actor's region that this viewer does not see. They are counted, never listed.
    pub(crate) hidden: i64,
    pub(crate) grades: Vec<(RiskGrade, i64)>,
    /// Not visited for more than thirty days, among those seen.
    pub(crate) unvisited: i64,
}

const UNVISITED: &str =
    "NOT EXISTS (SELECT 1 FROM service_client k JOIN service s ON s.id = k.service
  WHERE k.client = c.id AND s.kind = 'visit' AND s.withdrawn IS NULL AND k.day > ";

fn narrow(filter: &Filter, cx: &Cx, args: &mut Vec<Value>) -> String {
    let today = cx.today();
    let mut sql = String::new();
    let push = |args: &mut Vec<Value>, value: Value| {
        args.push(value);
        format!("${}", args.len())
    };
    sql.push_str(if filter.ended { " AND c.state = 'ended'" } else { " AND c.state = 'active'" });
    let text = |t: &str| Value::Text(t.to_owned());
    match filter.category.as_str() {
        "" => {}
        "minor" => {
            let n = push(args, text(&today.plus_years(-18).to_string()));
            sql.push_str(&format!(" AND c.birth > {n}"));
        }
        "elder" => {
            let n = push(args, text(&today.plus_years(-60).to_string()));
            sql.push_str(&format!(" AND c.birth <= {n}"));
        }
        "aged" => {
            let n = push(args, text(&today.plus_years(-80).to_string()));
            sql.push_str(&format!(" AND c.birth <= {n}"));
        }
        word => {
            let (n, day) = (push(args, text(word)), push(args, text(&today.to_string())));
            sql.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM client_category y WHERE y.client = c.id AND y.category = {n}
                   AND y.since <= {day} AND (y.until IS NULL OR y.until > {day}))"
            ));
        }
    }
    if !filter.grade.is_empty() {
        let n = push(args, text(&filter.grade));
        sql.push_str(&format!(" AND c.grade = {n}"));
    }
    if !filter.region.is_empty() {
        let n = push(args, text(&filter.region));
        sql.push_str(&format!(" AND c.region = {n}"));
    }
    if !filter.worker.is_empty() {
        let me = cx.actor.person().map_or("", |p| p.as_str());
        let who = if filter.worker == "me" { me } else { filter.worker.as_str() };
        let (n, day) = (push(args, text(who)), push(args, text(&today.to_string())));
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM assignment w WHERE w.client = c.id AND w.person = {n}
               AND w.since <= {day} AND (w.until IS NULL OR w.until > {day}))"
        ));
    }
    if filter.unvisited {
        let n = push(args, text(&today.plus_days(-30).to_string()));
        sql.push_str(&format!(" AND {UNVISITED}{n})"));
    }
    if filter.consents {
        let n = push(args, text(&today.plus_days(30).to_string()));
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM consent k WHERE k.client = c.id AND k.until <= {n} AND k.withdrawn_on IS NULL)"
        ));
    }
    sql
}

/// A page of the list, latest numbers first: those below `before`, at most `limit`.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    cx: &Cx,
    filter: &Filter,
    before: i64,
    limit: i64,
) -> Result<Vec<Line>> {
    let (seen, mut args) = Lens::of(tx, cx)?.condition(1);
    let narrowed = narrow(filter, cx, &mut args);
    args.push(Value::Text(cx.today().to_string()));
    let day = args.len();
    args.push(Value::Int(before));
    let below = args.len();
    args.push(Value::Int(limit));
    let sql = format!(
        "SELECT c.*, r.name AS place, h.building AS building,
           (SELECT MIN(p.name) FROM assignment w JOIN person p ON p.id = w.person WHERE w.client = c.id AND w.kind = 'worker'
              AND w.since <= ${day} AND (w.until IS NULL OR w.until > ${day})) AS worker,
           (SELECT MAX(k.day) FROM service_client k JOIN service s ON s.id = k.service
              WHERE k.client = c.id AND s.kind = 'visit' AND s.withdrawn IS NULL) AS visited
         FROM client c JOIN region r ON r.id = c.region LEFT JOIN household h ON h.id = c.household
         WHERE {seen}{narrowed} AND (${below} = 0 OR c.number < ${below}) ORDER BY c.number DESC LIMIT ${}",
        args.len()
    );
    let rows: Vec<Row> = tx.all(&sql, &args)?;
    rows.iter()
        .map(|r| {
            Ok(Line {
                client: Client::from_row(r)?,
                building: r.get::<Option<String>>("building")?.unwrap_or_default(),
                place: r.get("place")?,
                worker: r.get::<Option<String>>("worker")?.unwrap_or_default(),
                visited: r.get("visited")?,
            })
        })
        .collect()
}

/// How many clients in use the viewer sees, and how many restricted ones of the region are hidden from them.
pub(crate) fn counts(tx: &mut Tx<'_>, cx: &Cx) -> Result<Counts> {
    let (seen, mut args) = Lens::of(tx, cx)?.condition(1);
    let rows: Vec<Row> = tx.all(
        &format!(
            "SELECT c.grade, COUNT(*) AS n FROM client c WHERE {seen} AND c.state = 'active' GROUP BY c.grade"
        ),
        &args,
    )?;
    let mut out = Counts::default();
    for row in rows {
        let (grade, n): (RiskGrade, i64) = (row.get("grade")?, row.get("n")?);
        out.seen += n;
        out.grades.push((grade, n));
    }
    out.grades.sort();
    if cx.actor.can("clients.counts") {
        let mine = tx.count(
            &format!("SELECT COUNT(*) FROM client c WHERE {seen} AND c.state = 'active' AND c.restricted = 1"),
            &args,
        )?;
        let all = tx.count(
            "SELECT COUNT(*) FROM client WHERE state = 'active' AND restricted = 1 AND path LIKE $1 || '%'",
            args![cx.actor.scope().path],
        )?;
        out.hidden = all - mine;
    }
    args.push(Value::Text(cx.today().plus_days(-30).to_string()));
    let n = args.len();
    out.unvisited = tx.count(
        &format!(
            "SELECT COUNT(*) FROM client c WHERE {seen} AND c.state = 'active' AND {UNVISITED}${n})"
        ),
        &args,
    )?;
    Ok(out)
}

/// The categories that hold for several clients today.
pub(crate) fn categories_of(
    tx: &mut Tx<'_>,
    ids: &[ClientId],
    today: Day,
) -> Result<Vec<(ClientId, crate::model::Category)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut args = vec![Value::Text(today.to_string())];
    let marks: Vec<String> = ids
        .iter()
        .map(|id| {
            args.push(Value::Text(id.0.clone()));
            format!("${}", args.len())
        })
        .collect();
    let rows: Vec<Row> = tx.all(
        &format!(
            "SELECT client, category FROM client_category WHERE since <= $1 AND (until IS NULL OR until > $1)
             AND client IN ({}) ORDER BY since, id",
            marks.join(", ")
        ),
        &args,
    )?;
    rows.iter().map(|r| Ok((r.get("client")?, r.get("category")?))).collect()
}
